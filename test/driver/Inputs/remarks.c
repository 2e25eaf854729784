// Loops that the optimiser copies, moves or changes before Ferry sees them.
extern void report(int);

static void shift(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] += 3;
}

void inlined_twice(int *a, int *b, int n) {
  shift(a, n);
  shift(b, n);
}

void unswitched(int *a, int n, int negate) {
  for (int i = 0; i < n; i++)
    if (negate)
      a[i] = -a[i];
    else
      a[i] = a[i] * 3;
}

void peeled(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = i == 0 ? 7 : a[i] / 3;
}

void nest(float *c, const float *a, const float *b, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) { // inside
      float sum = 0;
      for (int k = 0; k < n; k++) // inside
        sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

void guarded(int *a, int rows, int columns, int skip) {
  for (int i = 0; i < rows; i++) {
    if (!skip)
      for (int j = 0; j < columns; j++) // inside
        a[i * columns + j]++;
  }
}

void refused(int *a, int n) {
  for (int i = 0; i < n; i++)
    report(a[i]);
}

void refused_nest(int *a, int n) {
  for (int i = 0; i < n; i++) {
    report(i);
    for (int j = 0; j < n; j++)
      a[j] += i;
  }
}

int searched(const int *a, int n) {
  for (int i = 0; i < n; i++)
    if (a[i] < 0)
      return i;
  return -1;
}

struct list {
  struct list *next;
  long value;
};

long chased(const struct list *l) {
  long sum = 0;
  while (l) {
    sum += l->value;
    l = l->next;
  }
  return sum;
}

void tail(int *a, int n) {
  do
    a[n] = n;
  while (n-- > 1); // inside
}
