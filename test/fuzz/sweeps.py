#!/usr/bin/env python3
"""Prints a random C program of sweeps over one array in place, for tools/fuzz.

usage: sweeps.py SEED

Each function has a loop over rows, with one or two loops over columns in it, and
perhaps a loop in these: what an iteration reads, others have written or will write.
Bounds are triangular or not, directions differ, rows of some calls overlap. Every
element that is named is in the array, and the program prints a checksum after each call.
"""
import random
import sys

MARGIN = 2  # elements before and after what loops count
TYPES = ["double", "double", "float", "unsigned", "unsigned", "int", "short", "unsigned char", "long"]
PRELUDE = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define NOINLINE __attribute__((noinline))
static void check(const void *p, size_t size) {
  const unsigned char *b = p;
  unsigned long h = 1469598103934665603ul;
  for (size_t i = 0; i < size; ++i)
    h = (h ^ b[i]) * 1099511628211ul;
  printf("%016lx\\n", h);
}
"""


class Kernel:
    """A function with one sweep, and the calls of it."""

    def __init__(self, rng, number):
        self.r, self.name, self.type = rng, f"f{number}", rng.choice(TYPES)
        self.floats = self.type in ("double", "float")
        self.rows = rng.random() < 0.2  # T **a
        self.square = rng.random() < 0.2 or self.rows  # T (*a)[N], known when it is compiled
        self.size = rng.randint(5, 34)

    def chance(self, probability):
        return self.r.random() < probability

    def element(self, row, column):
        return f"a[{row}][{column}]" if self.square else f"a[({row}) * p + {column}]"

    def near(self, index, most=2):
        return self.r.choice([f"{index}", f"{index}", f"{index} - 1", f"{index} + 1", f"{index} - {most}", f"{index} + {most}"])

    def reference(self, loops):
        """Of an element that an iteration of these loops reads."""
        i, j, k = loops[0], loops[1] if len(loops) > 1 else None, loops[2] if len(loops) > 2 else None
        forms = [(self.near(i), self.near(j or str(self.r.randint(2, 5))))] * 4
        forms += [(i, self.near(j or i)), (f"{i} - 1", j or "2"), (self.near(i), str(self.r.randint(0, 4)))]
        forms += [(self.near(j), i), (j, j), (self.near(j), "2")] if j and self.chance(0.4) else []
        forms += [(i, k), (k, j), (j, k), (k, j), (f"{k} + 1", j), (self.near(i), k)] * 2 if k else []
        return self.element(*self.r.choice(forms))

    def value(self, loops):
        refs = [self.reference(loops) for _ in range(self.r.choice([1, 2, 2, 3, 4]))]
        if self.floats:
            total = " + ".join(f"{self.r.choice(['0.25', '0.5', '-0.125', '0.1'])} * {x}" for x in refs)
            return f"({total}) / (2 + c)" if self.chance(0.3) else f"({total})"
        return "(" + self.r.choice([" + ", " ^ ", " - "]).join(f"(unsigned long){x} * {self.r.randint(1, 9)}ul" for x in refs) + ")"

    def put(self, loops, row, column):
        at = self.element(row, column)
        if self.chance(0.2):
            return f"if ({self.reference(loops)} > {self.r.choice(['0', '3', 'c'])}) {{ {at} = {self.value(loops)}; }}"
        return f"{at} {self.r.choice(['=', '=', '+=', '-='])} {self.value(loops)};"

    def loop(self, counter, lo, hi, body):
        T = self.r.choice(["int", "long", "long"])
        if self.chance(0.2):
            return f"for ({T} {counter} = ({hi}) - 1; {counter} >= {lo}; --{counter}) {{ {body} }}"
        return f"for ({T} {counter} = {lo}; {counter} < {hi}; ++{counter}) {{ {body} }}"

    def columns(self, lo, hi):
        """A loop over columns of row i."""
        at = self.r.choice([("i", "j")] * 9 + [("i", "j + 1"), ("i", "j - 1"), ("i - 1", "j")])
        inner, before, after = "", "", ""
        if self.chance(0.4):
            end = self.r.choice(["j", "j", "i", "n", "j + 1"])
            if self.chance(0.6):
                inner = self.loop("k", self.r.choice(["2", "2", "i"]), end, self.put("ijk", *at))
            else:
                before = f"{self.type} s = {self.element(*at)};"
                inner = self.loop("k", "2", end, f"s {self.r.choice(['+=', '-='])} {self.value('ijk')};")
                after = f"{self.element(*at)} = s;"
        more = self.put("ij", *at) if not inner or self.chance(0.5) else ""
        return self.loop("j", lo, hi, " ".join([before, inner, after, more]))

    def solved(self, lo, hi):
        """As in a factorisation: the rest of a row, from what was found of it before."""
        left = self.element("i", "k") if self.chance(0.8) else self.reference("ijk")
        right = self.element("k", "j") if self.chance(0.7) else self.reference("ijk")
        end = self.r.choice(["i", "i", "i", "i", "i - 1", "i + 1", "j", "n"])
        step = f"{self.element('i', 'j')} {self.r.choice(['-=', '+='])} {left} * {right};"
        return self.loop("j", lo, hi, self.loop("k", "2", end, step))

    def body(self):
        spans = self.r.choice([[("2", "n")]] * 4 + [[("2", "i")], [("i", "n")], [("i + 1", "n")], *[[("2", "i"), ("i", "n")]] * 5,
                              [("2", "i + 1")], [("2", "n - i + 2")], [("2", "n"), ("2", "n")]])
        parts = [self.columns(*span) for span in spans]
        if spans[-1][0] == "i" and self.chance(0.8):
            parts[-1] = self.solved(*spans[-1])
        for _ in range(self.r.choice([0, 0, 0, 0, 1, 2])):
            outside = self.put("i", "i", self.r.choice(["i", "2", "n", "1"]))
            parts.insert(self.r.randint(0, len(parts)), outside)
        return self.loop("i", "2", "n", " ".join(parts))

    def text(self):
        parameter = f"{self.type} (*a)[{self.size + 2 * MARGIN + 1}]" if self.square else f"{self.type} *a, long p"
        parameter = f"{self.type} **a" if self.rows else parameter
        return f"NOINLINE static void {self.name}({parameter}, long n, {'double' if self.floats else 'int'} c) {{\n  {self.body()}\n}}\n"

    def call(self):
        n, row = self.size + 2, self.size + 2 * MARGIN + 1
        pitch = row if self.square else self.r.choice([row] * 4 + [row + 1, row + 13, 2 * row, row - 3, row // 2, 3, 1])
        if not self.square:
            n = self.r.choice([n, n, n - 1, self.r.randint(2, n)])
        size = (row + 2) * pitch + 2 * row
        if self.rows:  # in some order, and now and then two are one
            twin = self.r.choice(["", "", f" rows[{self.r.randint(2, n - 1)}] = rows[{self.r.randint(2, n - 1)}];"])
            return (f"  {{ {self.type} *rows[{row + 2}], *a = malloc({size} * sizeof *a); for (long z = 0; z < {size}; ++z) a[z] = z * 7 % 11 + (z % 5 == 0);"
                    f" for (long z = 0; z < {row + 2}; ++z) rows[z * 101 % {row + 2}] = a + z * {row};{twin}"
                    f" {self.name}(rows, {n}, {self.r.randint(0, 5)});"
                    f" for (long z = 0; z < {size}; ++z) if (a[z] != a[z]) a[z] = 0; check(a, {size} * sizeof *a); free(a); }}\n")
        return (f"  {{ {self.type} *a = malloc({size} * sizeof *a); for (long z = 0; z < {size}; ++z) a[z] = z * 7 % 11 + (z % 5 == 0);"
                f" {self.name}({'(void *)a' if self.square else f'a, {pitch}'}, {n}, {self.r.randint(0, 5)});"
                f" for (long z = 0; z < {size}; ++z) if (a[z] != a[z]) a[z] = 0; check(a, {size} * sizeof *a); free(a); }}\n")


def main():
    rng = random.Random(int(sys.argv[1]))
    kernels = [Kernel(rng, k) for k in range(rng.randint(3, 7))]
    print(PRELUDE)
    for k in kernels:
        print(k.text())
    print("int main(void) {\n" + "".join(k.call() for k in kernels for _ in range(rng.randint(1, 3))) + "  return 0;\n}")


if __name__ == "__main__":
    main()
