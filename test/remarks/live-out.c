// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
int last(int *a, int n) {
  int x = 0;
  for (int i = 0; i < n; i++) { // expected-remark {{a value of the last iteration is used after the loop [live-out]}}
    x = a[i] * 3;
    a[i] = x;
  }
  return x;
}
