// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
unsigned hash(const unsigned char *s, int n) {
  unsigned h = 2166136261u;
  for (int i = 0; i < n; i++) // expected-remark {{a value is carried from one iteration to the next [recurrence]}}
    h = (h ^ s[i]) * 16777619u;
  return h;
}
// Twins: the value of the iteration before can be computed again, or not.
void smooth(double *restrict a, const double *b, int n) {
  double x = 0;
  for (int i = 0; i < n; i++) { // expected-remark {{loop offloaded}}
    a[i] = b[i] - x;
    x = b[i];
  }
}
void filter(double *restrict a, const double *b, int n) {
  double x = 0;
  for (int i = 0; i < n; i++) { // expected-remark {{[recurrence]}}
    a[i] = b[i] - x;
    x = a[i];
  }
}
// Twins: where the largest is, and how often there was a larger one.
int place(const double *a, int n) {
  double m = a[0];
  int at = 0;
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded}}
    if (a[i] > m) {
      m = a[i];
      at = i;
    }
  return at;
}
int count(const double *a, int n) {
  double m = a[0];
  int count = 0;
  for (int i = 0; i < n; i++) // expected-remark {{[recurrence]}}
    if (a[i] > m) {
      m = a[i];
      count++;
    }
  return count;
}
