// A name with characters that JSON escapes, and bytes that are none.
int a[5000];
#line 7 "quo\"ted\\\\<&>\377\303\244\t.c"
__attribute__((noinline)) static void fill(int *p, int n) {
  for (int i = 0; i < n; i++)
    p[i] = i;
}
int main(int c, char **v) {
  (void)v;
  fill(a, c + 4000);
  return a[9] != 9;
}
