// Statements between the loops of a nest, several nests in one function, and
// nests under conditions.
// RUN: %runcheck %s launched=before_and_after:48 launched=several:24 \
// RUN:   launched=several:16 launched=several:384 launched=under_if:24 \
// RUN:   launched=otherwise:72 launched=chosen_inside launched=switched \
// RUN:   launched=sums:24 launched=upper:24 launched=two_inside:24
#include "Inputs/show.h"

#define NOINLINE __attribute__((noinline))
#define N 24
#define M 16

double m[N][M], v[N], w[M];

NOINLINE void before_and_after(int n, int k, double m[n][k], double *v) {
  for (int i = 0; i < n; i++) {
    v[i] = i * 0.5;
    for (int j = 0; j < k; j++)
      m[i][j] += v[i] * j;
    v[i] = m[i][k - 1] + 1;
  }
}

NOINLINE void several(int n, int k, double m[n][k], double *v, double *w) {
  for (int i = 0; i < n; i++)
    v[i] *= 1.5;
  for (int j = 0; j < k; j++)
    w[j] = v[j] - j;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < k; j++)
      m[i][j] -= v[i] * w[j];
}

NOINLINE void under_if(int n, int k, double m[n][k], int which) {
  if (which == 3) {
    for (int i = 0; i < n; i++)
      for (int j = 1; j < k; j++)
        m[i][j] += m[i][j - 1];
  }
}

NOINLINE void otherwise(int n, int k, double m[n][k], double *v, int which) {
  if (which > 5)
    for (int i = 1; i < n; i++)
      v[i] += v[i - 1];
  else if (which > 2)
    for (int i = 0; i < n; i++)
      v[i] = m[i][0] + which;
  else
    v[0] = 9;
}

// Conditions that do not change are taken out of the loop by the optimiser.
NOINLINE void chosen_inside(int n, double *v, const double *w, int negate, int k) {
  for (int i = 0; i < n; i++) {
    if (negate)
      v[i] = -v[i];
    else
      v[i] += w[i];
    if (k > 3)
      v[i] *= 2;
  }
}

NOINLINE void switched(int n, int k, double m[n][k], int how) {
  for (int i = 0; i < n; i++)
    for (int j = 1; j < k; j++)
      switch (how) {
      case 0: m[i][j] = 0; break;
      case 1: m[i][j] += m[i][j - 1]; break;
      case 2: m[i][j] *= 0.25; break;
      default: m[i][j] = j;
      }
}

NOINLINE void sums(int n, int k, double m[n][k], double *v) {
  for (int i = 0; i < n; i++) {
    double s = v[i], low = m[i][0];
    for (int j = 0; j < k; j++) {
      s += m[i][j];
      if (m[i][j] < low)
        low = m[i][j];
    }
    for (int j = 0; j < k; j++)
      m[i][j] -= low;
    v[i] = s;
  }
}

NOINLINE void upper(int n, double m[n][n]) {
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++)
      m[i][j] += i - j;
}

// Two loops side by side, and a loop inside one of them.
NOINLINE void two_inside(int n, int k, double m[n][k]) {
  for (int i = 0; i < n; i++) {
    for (int j = k - 1; j > 0; j--)
      m[i][j] = m[i][j - 1] * 0.5;
    m[i][0] = i;
    for (int r = 0; r < 3; r++)
      for (int j = 1; j < k; j++)
        m[i][j] += m[i][j - 1] * r;
  }
}

int main(void) {
  static double square[N][N];
  for (int i = 0; i < N * M; i++)
    (&m[0][0])[i] = draw(1000);
  before_and_after(N, M, m, v);
  SHOW(m);
  several(N, M, m, v, w);
  SHOW(m);
  for (int which = 2; which < 8; which += 1) {
    under_if(N, M, m, which);
    otherwise(N, M, m, v, which);
  }
  SHOW(m);
  SHOW(v);
  chosen_inside(N, v, m[1], 1, 2);
  chosen_inside(N, v, m[2], 0, 5);
  SHOW(v);
  for (int how = 1; how < 4; how++) {
    switched(N, M, m, how);
    SHOW(m);
  }
  before_and_after(N, M, m, v);
  sums(N, M, m, v);
  SHOW(m);
  SHOW(v);
  upper(N, square);
  SHOW(square);
  two_inside(N, M, m);
  SHOW(m);
}
