// Each loop is compiled in two files: alike, better in one, and not at all.
static inline void scale(float *a, int n, float by) {
  for (int i = 0; i < n; i++)
    a[i] *= by;
}

static inline void apply(float *a, int n, float (*f)(float)) {
  for (int i = 0; i < n; i++)
    a[i] = f(a[i]);
}

static inline float sum(const float *a, int n) {
  float all = 0;
  for (int i = 0; i < n; i++)
    all += a[i];
  return all;
}
