// An index that the iteration before hands on: the first is loaded, the others
// are computed.
// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void chain(int n, const int *p, const double *x, double *y) {
  int at = p[0];
  for (int i = 0; i < n; ++i) { // expected-remark {{touches [unknown-address]}}
    y[i] = x[at];
    at = p[i + 1] + 3;
  }
}
