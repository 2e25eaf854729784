// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void spin(int *a, int n) {
  for (int i = 0; i < n; i++) { // expected-remark {{the loop contains an operation that cannot be moved: inline assembly [unsupported]}}
    int x = i;
    __asm__("" : "+r"(x));
    a[i] = x;
  }
}
