// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void record(int);
void each(const int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{the loop calls a function that may have effects: 'record' [call]}}
    record(a[i]);
}
// Marked const, but what it computes may depend on the thread.
int mine(int) __attribute__((const));
void map(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'mine' [call]}}
    a[i] = mine(a[i]);
}
void indirect(int *a, int n, int (*f)(int)) {
  for (int i = 0; i < n; i++) // expected-remark {{through a pointer [call]}}
    a[i] = f(a[i]);
}
