// Loops in templates, over containers, in closures and around try blocks.
#include <cstdio>
#include <stdexcept>
#include <vector>

template <typename T> void scale(std::vector<T> &v, T by) {
  for (size_t i = 0; i < v.size(); i++)
    v[i] *= by;
}

template <typename F> void each(int n, F f) {
  for (int i = 0; i < n; i++)
    f(i);
}

static double checked(const std::vector<double> &v, size_t i) {
  if (i >= v.size())
    throw std::out_of_range("beyond the end");
  return v[i];
}

struct Grid {
  std::vector<float> cells;
  int width;
  float &at(int i, int j) { return cells[i * width + j]; }
};

int main() {
  std::vector<double> d(3000);
  std::vector<int> n(3000);
  for (size_t i = 0; i < d.size(); i++) {
    d[i] = i * 0.5;
    n[i] = int(i) % 17;
  }
  scale(d, 1.25);
  scale(n, 3);

  double *data = d.data();
  each(3000, [=](int i) { data[i] += n[i]; });

  Grid g{std::vector<float>(50 * 60), 60};
  for (int i = 0; i < 50; i++)
    for (int j = 0; j < 60; j++)
      g.at(i, j) = i * 2 - j;

  int failures = 0;
  for (int i = 2990; i < 3010; i++)
    try {
      d[0] += checked(d, i);
    } catch (const std::out_of_range &) {
      failures++;
    }

  long sum = 0;
  for (int x : n)
    sum += x;
  float cells = 0;
  for (float x : g.cells)
    cells += x;
  std::printf("%g %g %ld %g %d\n", d[0], d[2999], sum, cells, failures);
}
