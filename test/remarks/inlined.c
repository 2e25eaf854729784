// A loop that was inlined somewhere says where.
// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
static void add(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded in 'user', if}} expected-remark {{loop offloaded in 'other', if}}
    a[i] += i;
}
static void running(int *a, int n) {
  for (int i = 2; i < n; i++) // expected-remark {{loop not offloaded in 'user': an iteration uses what another one writes [dependent]}}
    a[i] += a[i - 2];
}
void user(int *a, int n) {
  add(a, n);
  running(a, n);
}
void other(int *a) { add(a, 100000); }
void own(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded, if}}
    a[i] ^= 1;
}
