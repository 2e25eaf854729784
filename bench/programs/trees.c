// Builds and frees binary trees: allocations and pointers, no arrays.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

typedef struct Tree {
  struct Tree *left, *right;
} Tree;

static Tree *grow(int depth) {
  Tree *t = malloc(sizeof *t);
  *t = (Tree){depth ? grow(depth - 1) : NULL, depth ? grow(depth - 1) : NULL};
  return t;
}

static int cut(Tree *t) {
  const int nodes = 1 + (t->left ? cut(t->left) + cut(t->right) : 0);
  free(t);
  return nodes;
}

int main(int argc, char **argv) {
  const int times = size(argc, argv, 600, 1600), depth = 12;
  long nodes = 0;
  for (int t = 0; t < times; t++) {
    Tree *many[4];
    for (int k = 0; k < 4; k++)
      many[k] = grow(depth - k);
    for (int k = 0; k < 4; k++)
      nodes += cut(many[k]);
  }
  report(nodes, &nodes, sizeof nodes);
}
