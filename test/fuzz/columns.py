#!/usr/bin/env python3
"""Prints a random C program of loops over columns, for tools/fuzz.

usage: columns.py SEED

Each function has a parallel loop over columns, with two or three loops over rows in it,
one after the other, and what an iteration hands from one of them to the next: sums,
elements, addresses, indices. Each is called some times, so that all of its workers run.
"""
import random
import sys

sys.dont_write_bytecode = True
from sweeps import PRELUDE  # noqa: E402

class Kernel:
    def __init__(self, rng, number):
        self.r, self.name = rng, f"f{number}"
        self.type = rng.choice(["double", "double", "float", "unsigned", "int", "long", "short"])
        self.floats = self.type in ("double", "float")
        self.across = rng.random() < 0.75  # column j of a, else row j
        self.scalars = {}  # name: type
        self.rows = rng.choice(["n", "n", "n", "40", "n - 1", "k"])

    def chance(self, probability):
        return self.r.random() < probability

    def element(self, i, array="a"):
        return f"{array}[({i}) * m + j]" if self.across else f"{array}[j * n + {i}]"

    def operand(self, i=None):
        forms = ["b[j]", "(x + 1)", "b[j]"] + [name for name, t in self.scalars.items() if t != "pointer"] * 2
        forms += [f"{name}[0]" for name, t in self.scalars.items() if t == "pointer"]
        forms += [self.element(i)] * 4 + [f"d[{i}]"] * 2 if i else [self.element(self.r.choice(["0", "1"]))]
        return self.r.choice(forms)

    def value(self, i=None):
        if self.floats:
            return f"{self.operand(i)} {self.r.choice('+-*')} {self.r.choice(['0.5', '0.25', self.operand(i)])}"
        return f"(unsigned){self.operand(i)} {self.r.choice('+-*^')} (unsigned){self.r.choice(['3', '7', self.operand(i)])}"

    def declare(self):
        name = f"s{len(self.scalars)}"
        kind = self.r.choice(["value"] * 5 + ["index", "pointer"])
        text = {"value": f"{self.type} {name} = {self.value()};", "index": f"long {name} = j * 3 + 1;",
                "pointer": f"{self.type} *{name} = &{self.element('1')};"}[kind]
        self.scalars[name] = kind
        return text

    def loop(self):
        sums = [name for name, t in self.scalars.items() if t == "value"]
        body = []
        for _ in range(self.r.choice([1, 1, 2])):
            if sums and self.chance(0.6):
                name = self.r.choice(sums)
                change = f"{name} {self.r.choice(['+=', '-='])} {self.value('i')};"
                body.append(f"if ({self.element('i')} > 2) {change}" if self.chance(0.2) else change)
            else:
                body.append(f"{self.element('i')} = {self.value('i')};")
        return f"for (int i = {self.r.choice(['0', '0', '1'])}; i < {self.rows if self.chance(0.8) else 'n'}; ++i) {{ {' '.join(body)} }}"

    def text(self):
        lines = [self.declare() for _ in range(self.r.choice([0, 1, 1, 2]))]
        for _ in range(self.r.choice([2, 2, 2, 3])):
            lines.append(self.loop())
            if self.chance(0.5):
                lines.append(self.declare() if self.chance(0.5) and len(self.scalars) < 5 else f"b[j] = {self.value()};")
        head = self.r.choice(["for (int j = 0; j < m; ++j)", "for (long j = 0; j < m; ++j)", "for (long j = m - 1; j >= 0; --j)", "for (int j = 1; j < m; j += 2)"])
        T = self.type
        body = "\n    ".join(lines)
        return f"NOINLINE static void {self.name}({T} *a, {T} *b, const {T} *d, long n, long m, long k, int x) {{\n  {head} {{\n    {body}\n  }}\n}}\n"

    def call(self):
        n = self.r.choice([40, 40, 41, 50]) if self.rows in ("40", "k") else self.r.choice([2, 3, 40, 41])
        m, T = self.r.choice([1, 2, 15, 16, 17, 33, 50]), self.type
        k = self.r.choice([0, 1, n])
        wipe = "for (long z = 0; z < n * m; ++z) if (a[z] != a[z]) a[z] = 0; for (long z = 0; z < m; ++z) if (b[z] != b[z]) b[z] = 0; " if self.floats else ""
        return (f"  {{ long n = {n}, m = {m}; {T} *a = calloc(n * m + 4, sizeof *a), *b = calloc(m, sizeof *b), *d = calloc(n, sizeof *d);"
                f" for (long z = 0; z < n * m; ++z) a[z] = z * 7 % 11; for (long z = 0; z < n; ++z) d[z] = z % 5; for (long z = 0; z < m; ++z) b[z] = z % 3;"
                f" for (int t = 0; t < 6; ++t) {{ {self.name}(a, b, d, n, m, {k}, t); {wipe}check(a, n * m * sizeof *a); check(b, m * sizeof *b); }} free(a); free(b); free(d); }}\n")


def main():
    rng = random.Random(int(sys.argv[1]))
    kernels = [Kernel(rng, k) for k in range(rng.randint(3, 6))]
    print(PRELUDE)
    for k in kernels:
        print(k.text())
    print("int main(void) {\n" + "".join(k.call() for k in kernels for _ in range(2)) + "  return 0;\n}")


main()
