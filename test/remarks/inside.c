// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-analysis=ferry -Xclang -verify
void scale(double *a, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) // expected-remark {{runs inside the iterations of the offloaded loop around it (line 3)}}
      a[i * m + j] *= 2.0;
}
