// An array that all iterations share is no obstacle where each of them fills it
// before it reads it.
// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
void filled(int *a, int n, int m) {
  int row[64];
  for (int i = 0; i < n; i++) { // expected-remark {{loop offloaded, if its iterations prove independent at run time}}
    for (int k = 0; k < 64; k++)
      row[k] = a[i * m + k] * 3;
    for (int k = 0; k < 64; k++)
      a[i * m + k] = row[63 - k];
  }
}
void kept(int *a, int n, int m) {
  int row[64] = {0};
  for (int i = 0; i < n; i++) { // expected-remark {{every iteration writes the same memory [same-location]}}
    for (int k = 0; k < 64; k++) // expected-remark {{[too-small]}}
      a[i * m + k] += row[63 - k];
    for (int k = 0; k < 64; k++) // expected-remark {{[too-small]}}
      row[k] = a[i * m + k] * 3;
  }
}
void own(int *a, int n, int m) {
  for (int i = 0; i < n; i++) { // expected-remark {{loop offloaded, if its iterations prove independent at run time}}
    int row[64];
    for (int k = 0; k < 64; k++)
      row[k] = a[i * m + k] * 3;
    for (int k = 0; k < 64; k++)
      a[i * m + k] = row[63 - k];
  }
}
