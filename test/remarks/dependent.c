// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void smooth(double *a, int n) {
  for (int i = 2; i < n; i++) // expected-remark {{an iteration uses what another one writes}}
    a[i] = 0.5 * (a[i] + a[i - 2]);
}
