// An array that each iteration zeroes: at -O3 its address is in #dbg_assign.
enum { N = 40 };

void fold(int n, int m, double (*a)[N], double *out) {
  for (int i = 0; i < n; i++) {
    double sums[8] = {0};
    for (int j = 0; j < m; j++)
      sums[j & 7] += a[i][j];
    for (int j = 0; j < m; j++)
      a[i][j] = sums[j & 7] * 2;
    out[i] = sums[3];
  }
}
