// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
// A total in memory is one like in a variable.
void accumulate(int *total, const char *flags, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded, if}}
    if (flags[i])
      *total += i;
}
void largest(float *most, const float *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded, if}}
    if (a[i] > *most)
      *most = a[i];
}
// Not so where the iterations use what it is on the way,
void limit(int *level, int *to, const int *a, int n) {
  for (int i = 0; i < n; i++) { // expected-remark {{every iteration writes the same memory [same-location]}}
    if (a[i] > 3 * *level)
      *level += a[i] & 7;
    to[i] = *level;
  }
}
// nor where another variable keeps them in order.
static long sum, hash;
void both(const long *a, int n) {
  for (int i = 0; i < n; i++) { // expected-remark {{recurrence}}
    sum += a[i];
    hash = hash * 31 + a[i];
  }
}
