// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void accumulate(int *total, const char *flags, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{every iteration writes the same memory}}
    if (flags[i])
      *total += i;
}
// The optimiser keeps the value in a register as well.
void every_time(long *total, const long *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{every iteration writes the same memory [same-location]}}
    *total += a[i];
}
void largest(float *most, const float *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{[same-location]}}
    if (a[i] > *most)
      *most = a[i];
}
// A local variable would not help here.
void hash(unsigned *h, const unsigned char *s, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{[recurrence]}}
    *h = *h * 31 + s[i];
}
