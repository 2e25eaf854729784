// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void poll(volatile int *port, int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{the loop contains a volatile or atomic access [volatile]}}
    a[i] = *port;
}
void count(int *a, int *counter, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{[volatile]}}
    a[i] = __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}
