// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
// RUN: %ferrycc -O2 -ffast-math -DFAST -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify=fast
double sum(const double *a, int n) {
  double s = 0;
  for (int i = 0; i < n; i++) // expected-remark {{a floating-point result is accumulated in order [fp-order]}} fast-remark {{loop offloaded}}
    s += a[i];
  return s;
}
void through_memory(double *total, const double *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{[fp-order]}} fast-remark {{loop offloaded, if}}
    *total += a[i];
}
