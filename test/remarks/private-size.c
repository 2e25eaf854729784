// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void sort_rows(int *a, int n, int m) {
  for (int i = 0; i < n; i++) { // expected-remark {{the local arrays of an iteration are too large for a worker [private-size]}}
    int row[100000];
    for (int j = 0; j < m; j++)
      row[j] = a[i * m + j];
    for (int j = 0; j < m; j++)
      a[i * m + j] = row[m - 1 - j];
  }
}
