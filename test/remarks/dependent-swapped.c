// Rows need the rows above them, columns need nothing of each other.
// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
void rows_first(double *a, int n, int m) {
  for (int i = 1; i < n; i++) // expected-remark {{an iteration uses what another one writes [dependent]}}
    for (int j = 0; j < m; j++) // expected-remark {{loop offloaded}}
      a[i * m + j] += a[(i - 1) * m + j];
}
void columns_first(double *a, int n, int m) {
  for (int j = 0; j < m; j++) // expected-remark {{loop offloaded, if its iterations prove independent at run time}}
    for (int i = 1; i < n; i++)
      a[i * m + j] += a[(i - 1) * m + j];
}
