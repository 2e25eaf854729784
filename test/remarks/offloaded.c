// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
void saxpy(float *y, const float *x, float a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded, if its iterations prove independent at run time}}
    y[i] += a * x[i];
}
void scale(double *a, int n, int m) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded with 1 inner loop}}
    for (int j = 0; j < m; j++)
      a[i * m + j] *= 2.0;
}
int total(const int *a, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded}}
    sum += a[i];
  return sum;
}
