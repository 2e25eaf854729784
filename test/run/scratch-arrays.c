// Arrays declared outside of the loop that each iteration fills before it reads them.
// Afterwards they hold what the last iteration left there.
// RUN: %runcheck %s launched=argument launched=both launched=heap launched=twodim \
// RUN:   launched=histogram launched=complexes launched=backwards launched=copied \
// RUN:   launched=pieces launched=prefixes launched=never_first launched=written_only \
// RUN:   launched=guarded launched=walking launched=part launched=shorter \
// RUN:   launched=beside launched=maximum \
// RUN:   declined=longer:wrap declined=meets:dependent declined=large:wrap \
// RUN:   refused=read_first:same-location refused=some:same-location \
// RUN:   refused=gaps:same-location declined=triangle:unknown-overlap \
// RUN:   declined=kept:dependent
#include "Inputs/show.h"
#include <stdlib.h>
#include <string.h>

#define N 64
int in[N * N], out[N * N], tmp[N * N];
double x[N * N], y[N * N], z[N * N];

// Nothing is known of what the pointers lead to, or of whether m > 0.
__attribute__((noinline)) void argument(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i * m + j] * 3;
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[m - 1 - j] + 1;
  }
}

// In PolyBench's doitgen two loops are parallel.
__attribute__((noinline)) void both(int n, int m, int k, double a[n][m][k], double c[k][k],
                                    double *sum) {
  for (int r = 0; r < n; r++)
    for (int q = 0; q < m; q++) {
      for (int p = 0; p < k; p++) {
        sum[p] = 0;
        for (int s = 0; s < k; s++)
          sum[p] += a[r][q][s] * c[s][p];
      }
      for (int p = 0; p < k; p++)
        a[r][q][p] = sum[p];
    }
}

__attribute__((noinline)) int heap(int n, int m, const int *a, int *b) {
  int *t = malloc(m * sizeof *t);
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i * m + j] ^ i;
    for (int j = 1; j < m - 1; j++)
      b[i * m + j] = t[j - 1] + t[j] + t[j + 1];
  }
  int last = 0;
  for (int j = 0; j < m; j++)
    last = last * 5 + t[j];
  free(t);
  return last;
}

double square[8][8];
__attribute__((noinline)) void twodim(int n, const double *a, double *b) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < 8; j++)
      for (int k = 0; k < 8; k++)
        square[j][k] = a[i + j] * a[i + k];
    for (int j = 0; j < 8; j++)
      for (int k = 0; k < 8; k++)
        square[j][k] += square[k][j];
    double s = 0;
    for (int j = 0; j < 8; j++)
      s += square[j][(i + j) % 8];
    b[i] = s;
  }
}

int bins[256];
__attribute__((noinline)) void histogram(int n, int m, const unsigned char *a, int *b) {
  for (int i = 0; i < n; i++) {
    memset(bins, 0, sizeof bins);
    for (int j = 0; j < m; j++)
      bins[a[i * m + j]]++;
    int most = 0;
    for (int j = 0; j < 256; j++)
      most = bins[j] > bins[most] ? j : most;
    b[i] = most;
  }
}

struct complex { double re, im; } points[N];
__attribute__((noinline)) void complexes(int n, int m, const double *a, double *b) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++) {
      points[j].im = a[i + j];
      points[j].re = -a[i + 2 * j];
    }
    for (int j = 0; j < m; j++)
      b[i * m + j] = points[j].re * 2 + points[m - 1 - j].im;
  }
}

__attribute__((noinline)) void backwards(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = m - 1; j >= 0; j--)
      t[j] = a[i + j];
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j] * j;
  }
}

__attribute__((noinline)) void copied(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    memcpy(t, a + i * m, m * sizeof *t);
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j] + t[0];
  }
}

// Filled piece by piece.
int four[4];
__attribute__((noinline)) void pieces(int n, const int *a, int *b) {
  for (int i = 0; i < n; i++) {
    four[2] = a[i];
    four[0] = a[i + 1];
    four[1] = i;
    four[3] = a[i] * i;
    b[i] = four[a[i] & 3] + four[i & 3];
  }
}

// What an iteration of an inner loop reads, the one before has written.
__attribute__((noinline)) void sums(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    t[0] = i;
    for (int j = 0; j < m; j++)
      t[j + 1] = t[j] + a[i + j];
    b[i] = t[m];
  }
}

__attribute__((noinline)) void prefixes(int n, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    t[0] = i;
    for (int j = 0; j < N - 1; j++)
      t[j + 1] = t[j] + a[i + j];
    b[i] = t[N - 1] + t[i];
  }
}

// The first element is read, and nobody writes it (TSVC s256).
float first[N], grid[N][N], other[N][N];
__attribute__((noinline)) void never_first(void) {
  for (int i = 0; i < N; i++)
    for (int j = 1; j < N; j++) {
      first[j] = 1.0f - first[j - 1];
      grid[j][i] = first[j] + other[j][i] * 2;
    }
}

__attribute__((noinline)) void written_only(int n, int m, const int *a, int *b, int *last) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) {
      b[i * m + j] = a[i * m + j] + 1;
      last[j] = a[i * m + j];
    }
}

// Perhaps no iteration fills it.
__attribute__((noinline)) void guarded(int n, int m, int c, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    if (c > 3) {
      for (int j = 0; j < m; j++)
        t[j] = a[i + j];
      for (int j = 0; j < m; j++)
        b[i * m + j] = t[j] + c;
    }
    b[i * m] += i;
  }
}

__attribute__((noinline)) void walking(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    int *p = t;
    for (int j = 0; j < m; j++)
      *p++ = a[i + j];
    for (p = t; p < t + m; p++)
      *b++ = *p;
  }
}

// Only a part of what is filled is read, and the rest of the array is not filled.
__attribute__((noinline)) void part(int n, int m, const int *a, int *b) {
  for (int i = 0; i < n; i++) {
    for (int j = 8; j < 40; j++)
      tmp[j] = a[i + j];
    for (int j = 10; j < 30; j++)
      b[i * m + j] = tmp[j] + tmp[39] + tmp[j + 40];
  }
}

// Whether all that is read was filled is known when it runs.
__attribute__((noinline)) void shorter(int n, int m, int k, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i + j];
    for (int j = 0; j < k; j++)
      b[i * N + j] = t[j];
  }
}

__attribute__((noinline)) void longer(int n, int m, int k, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i + j];
    for (int j = 0; j < k; j++)
      b[i * N + j] = t[j];
  }
}

// Two arrays in one block of memory.
__attribute__((noinline)) void beside(int n, int m, const int *a, int *b, int *work) {
  int *s = work, *t = work + m;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++) {
      s[j] = a[i + j];
      t[j] = a[i + 3 * j];
    }
    for (int j = 0; j < m; j++)
      b[i * m + j] = s[j] - t[m - 1 - j];
  }
}

// Together with a reduction.
__attribute__((noinline)) int maximum(int n, int m, const int *a, int *t) {
  int most = -1, sum = 0;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i * m + j];
    int s = 0;
    for (int j = 0; j < m; j++)
      s += t[j] * t[m - 1 - j];
    most = s > most ? s : most;
    sum += s;
  }
  return most * 31 + sum;
}

// The output lies in the array.
__attribute__((noinline)) void meets(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i + j];
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j] + 1;
  }
}

// More than a thread's stack is asked to take.
__attribute__((noinline)) void large(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[j] + i;
    b[i] = t[m - 1 - i];
  }
}

__attribute__((noinline)) void read_first(int n, int m, const int *a, int *b, int *restrict t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j];
    for (int j = 0; j < m; j++)
      t[j] = a[i + j];
  }
}

// Not all of it in each iteration.
__attribute__((noinline)) void some(int n, int m, const int *restrict a, int *restrict b,
                                    int *restrict t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      if (a[i + j] & 1)
        t[j] = a[i + j];
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j];
  }
}

__attribute__((noinline)) void gaps(int n, int m, const int *restrict a, int *restrict b,
                                    int *restrict t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j += 2)
      t[j] = a[i + j];
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j];
  }
}

// What one iteration leaves at the end, another does not overwrite.
__attribute__((noinline)) void triangle(int n, const int *restrict a, int *restrict b,
                                        int *restrict t) {
  for (int i = 0; i < n; i++) {
    for (int j = i; j < n; j++)
      t[n - j - 1] = a[i + j];
    for (int j = i; j < n; j++)
      b[i * n + j] = t[n - j - 1];
  }
}

// An iteration reads what the one before has left.
__attribute__((noinline)) void kept(int n, int m, const int *restrict a, int *restrict b,
                                    int *restrict t) {
  for (int i = 0; i < n; i++) {
    int before = t[m - 1];
    for (int j = 0; j < m; j++)
      t[j] = a[i + j];
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j] + before;
  }
}

static void fill(void) {
  for (int i = 0; i < N * N; i++) {
    in[i] = i * 7919 % 1013;
    out[i] = tmp[i] = -i;
    x[i] = i % 17 - 3;
    y[i] = i % 29 * 0.5;
    z[i] = 0;
  }
}
static void showAll(void) {
  SHOW(out);
  SHOW(tmp);
  SHOW(z);
  fill();
}

int main(void) {
  fill();
  for (int m = -1; m <= N; m += m < 2 ? 1 : 31) {
    argument(N, m, in, out, tmp);
    showAll();
  }
  argument(1, N, in, out, tmp);
  showAll();
  both(8, 8, N, (void *)x, (void *)y, z);
  SHOW(x);
  showAll();
  out[0] = heap(N, N, in, out);
  showAll();
  twodim(N, x, z);
  SHOW(square);
  showAll();
  histogram(N, N, (unsigned char *)in, out);
  SHOW(bins);
  showAll();
  complexes(N, N, x, z);
  SHOW(points);
  showAll();
  backwards(N, N, in, out, tmp + 5);
  showAll();
  copied(N, N, in, out, tmp + 3);
  showAll();
  pieces(N * N - 1, in, out);
  SHOW(four);
  showAll();
  sums(N, N, in, out, tmp + 1);
  showAll();
  sums(N, 0, in, out, tmp + 1);
  prefixes(N, in, out, tmp + 3);
  showAll();
  first[0] = 0.25f;
  never_first();
  SHOW(first);
  SHOW(grid);
  written_only(N, N, in, out, tmp);
  showAll();
  for (int c = 3; c < 5; c++) {
    guarded(N, N, c, in, out, tmp);
    guarded(N, 0, c, in, out, tmp);
    showAll();
  }
  walking(N, N, in, out, tmp);
  showAll();
  part(N, N, in, out);
  showAll();
  shorter(N, N, N / 2, in, out, tmp);
  showAll();
  longer(N, N / 2, N, in, out, tmp);
  longer(N, 0, 1, in, out, tmp);
  showAll();
  beside(N, N, in, out, tmp);
  showAll();
  out[0] = maximum(N, N, in, tmp);
  showAll();
  meets(N / 2, N, in, out, out + N);
  showAll();
  large(3, 50000, calloc(50000, 4), out, calloc(50000, 4));
  showAll();
  read_first(N, N, in, out, tmp);
  some(N, N, in, out, tmp);
  showAll();
  gaps(N, N, in, out, tmp);
  showAll();
  triangle(N, in, out, tmp);
  showAll();
  kept(N, N, in, out, tmp);
  showAll();
  return 0;
}
