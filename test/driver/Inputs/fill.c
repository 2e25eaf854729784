// The smallest loop with a site.
void fill(int *a, int x, int n) {
  for (int i = 0; i < n; i++)
    a[i] = x;
}
