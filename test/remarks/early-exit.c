// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
int find(const int *a, int n, int x) {
  for (int i = 0; i < n; i++) // expected-remark {{the loop can be left early [early-exit]}}
    if (a[i] == x)
      return i;
  return -1;
}
