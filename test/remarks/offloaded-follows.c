// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
// A row needs the one before it, but not all of it.
void sweep(double *a, int n) {
  for (int i = 1; i < n; i++) // expected-remark {{loop offloaded, if its iterations can follow each other}}
    for (int j = 1; j < 1000; j++)
      a[i * 1000 + j] += a[(i - 1) * 1000 + j] * a[i * 1000 + j - 1];
}

// Row j is read while row i is worked on: perhaps it is no row of i's.
void solve(double *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded, if its iterations prove independent at run time, or can follow each other}}
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++)
        a[i * 1000 + j] -= a[i * 1000 + k] * a[j * 1000 + k];
    }
}
