#!/usr/bin/env python3
"""Prints a random C program whose loops go through memory, for tools/fuzz -g.

usage: indirect.py SEED

Index arrays, tables of pointers, bounds and pointers that are loaded again.
All integers in memory lie in a range of 64 values, those that the loops store,
too; so whatever a loop makes an index of stays in bounds, even where it has
overwritten it. 64 elements in a row are often all different.
"""
import pathlib
import random
import sys

sys.dont_write_bytecode = True
POOL = 4096
PRELUDE = (pathlib.Path(__file__).parent / "prelude.h").read_text()
SIGNED = ["signed char", "short", "int", "int", "int", "long", "long"]
UNSIGNED = ["unsigned char", "unsigned short", "unsigned", "size_t"]
FLOATS = ["double", "double", "float"]
FILLS = ["(k * 7 + 5) % 64", "k % 64", "63 - k % 64", "(k * 37) % 64", "scramble(k) % 64", "(k / 2) % 64",
         "(k % 97 == 9 ? 3 : k * 5 % 64)", "k * 3 % 64", "(k / 8) % 8", "scramble(k) % 8"]


class Kernel:
    def __init__(self, rng, name):
        self.r, self.name = rng, name
        self.data = rng.choice(SIGNED + UNSIGNED + FLOATS * 3)
        self.integral = self.data not in FLOATS
        self.index = self.data if self.integral and rng.random() < 0.5 else rng.choice(SIGNED * 2 + UNSIGNED)
        self.counter = rng.choice(["int", "int", "long", "long", "unsigned", "size_t"])
        self.plain = self.index in UNSIGNED or self.data in UNSIGNED or self.counter in ("unsigned", "size_t")
        self.low = 0 if self.plain or self.chance(0.6) else -32
        self.inner = False
        self.fresh = 0

    def chance(self, p):
        return self.r.random() < p

    def shift(self):
        c = self.r.choice([0, 0, 0, 1, 2, 8] + [-1, -3] * (not self.plain))
        return f" + {c}" if c else ""

    def at(self, write=False):
        """An index between -300 and 900."""
        r = self.r
        v = "j" if self.inner and self.chance(0.6) else "i"
        a = r.choice(["p", "q"])
        forms = [f"{a}[{v}]"] * 5 + [f"{a}[i]{self.shift()}", f"{a}[{v}{' + 1' if self.chance(0.5) else ''}]", f"p[q[{v}]]",
                                    f"{a}[i] * 4 + {v} % 4", "e[i].from", f"e[i].to{self.shift()}", f"({a}[{v}] + i)",
                                    f"(unsigned char)({a}[{v}] * 5)", f"p[i * 2 + ({v} & 1)]", f"({v} == 0 ? {v} : {v} - 1)",
                                    f"({a}[{v}] & 31)", f"({a}[i] > 9 ? q[i] : {v})", f"e[{a}[{v}] & 63].from"]
        if self.inner:
            forms += ["p[i] * 8 + j % 8", "q[i] + j", "p[i * 4 + (j & 3)]"]
        forms += [v, v, f"{v}{self.shift()}" if v == "i" else v] * (3 if write else 1)
        if write and self.inner:
            forms += ["i * 8 + j % 8"] * 3
        return r.choice(forms)

    def read(self):
        r = self.r
        v = "j" if self.inner and self.chance(0.6) else "i"
        return r.choice([f"x[{self.at()}]"] * 6 + [f"y[{self.at()}]", f"t[i][{v}]", f"u[i][{self.at()}]", f"t[p[i] & 63][{v}]",
                        f"w[i & 15][{v} & 7][i]", f"w[i & 15][i & 3][{self.at()}]", f"s[i]->x", "s[i]->next->x", f"(*g)[{v}]", f"cur[{self.at()}]"])

    def value(self):
        text = f"{self.read()}"
        if self.integral:
            text = f"((unsigned){text} + {self.r.choice(['3u', 'i', '(unsigned)' + self.read()])}) % 64"
            return f"({self.data})({'(int)' if self.low else ''}({text}){' - 32' if self.low else ''})"
        return f"{text} * 0.5 + {self.r.choice(['1', 'i', self.read()])}"

    def target(self):
        v = "j" if self.inner and self.chance(0.6) else "i"
        return self.r.choice([f"y[{self.at(True)}]"] * 8 + [f"z[{self.at(True)}]"] * 2 + [
            f"t[i][{v}]", f"t[i][{v}]", f"u[i][{v}]", f"t[p[i] & 63][{v}]", f"s[i]->x", f"(*g)[{v}]", f"w[i & 15][{v} & 7][i]", "s[q[i] & 63]->x",
            f"t[i][{self.at()}]", f"cur[{v}]"])

    def statement(self):
        r = self.r
        kind = r.random()
        if kind < 0.12:
            return f"if ({self.condition()}) {self.assign()} else {self.assign()}"
        if kind < 0.2:
            return f"if ({self.condition()}) {self.assign()}"
        if kind < 0.26:
            return r.choice(["u[i] = t[i];", "t[i] = t[i + 1];", "s[i] = s[i]->next;", "s[i]->next = s[i + 1];", "u[p[i] & 63] = t[i];", "*g = t[i];"])
        if kind < 0.32 and self.integral:
            return f"{r.choice(['d->rows', 'd->columns'])} = {self.value()};"
        if kind < 0.38:
            return f"e[i].{r.choice(['to', 'from'])} = p[i];"
        return self.assign()

    def condition(self):
        return self.r.choice(["p[i] > 20", "i & 1", "x[i] > 7", "q[i] != 3", "*n > 5", "e[i].w > 3"])

    def assign(self):
        return f"{self.target()} = {self.value()};"

    def body(self):
        r, T = self.r, self.counter
        head = r.choice([f"for ({T} i = 0; i < m; ++i) {{"] * 6 + [f"for ({T} i = 0; i < *n; ++i) {{", f"for ({T} i = 0; i < count; ++i) {{", f"for ({T} i = m; i-- > 0;) {{",
                        f"{T} i = 0; while (i < *n) {{"] + [f"for ({T} i = 0; i < d->rows; ++i) {{"] * self.integral)
        tail = "++i; }" if "while" in head else "}"
        lines = [head]
        before = []
        if self.chance(0.5):
            self.inner = True
            self.loops(lines, before)
        else:
            lines += [self.statement() for _ in range(r.choice([1, 1, 1, 2]))]
        if self.inner and self.chance(0.2):
            self.inner = False
            lines.append(self.statement())
        return "\n  ".join(before + lines + [tail])

    def loops(self, lines, before):
        r = self.r
        J = r.choice(["int", "long"]) if not self.plain else r.choice([self.counter, "long"])
        head = r.choice([f"for ({J} j = p[i]; j < ({J})p[i + 1]; ++j) {{"] * 4 + [f"for ({J} j = p[i]; j < ({J})q[i]; ++j) {{"] * 2 + [
            f"for ({J} j = 0; j < ({J})p[i]; ++j) {{"] * 2 + [f"for ({J} j = 0; j < m / 4; ++j) {{"] * 3 + [f"for ({J} j = 0; j < ({J})*n; ++j) {{", f"for ({J} j = q[i]; j < ({J})q[i] + 5; ++j) {{",
            "CARRY"] + [f"for ({J} j = 0; j < ({J})d->columns; ++j) {{"] * self.integral)
        end = "}"
        if head == "CARRY":
            before.append(f"{J} b = p[0];")
            lines.append(f"{J} end = p[i + 1];")
            head, end = f"for ({J} j = b; j < end; ++j) {{", "} b = end;"
        if self.chance(0.4):
            kind = "unsigned" if self.integral else "double"
            lines += [f"{kind} sum = 0;", head, f"sum += {self.read()};", end]
            text = f"({self.data})((int)(sum % 64) + {self.low})" if self.integral else "sum"
            self.inner = False
            lines.append(f"y[{self.r.choice(['i', 'i', 'i', 'p[i]', 'q[i]'])}] = {text};")
            self.inner = True
            return
        lines += [head] + [self.statement() for _ in range(r.choice([1, 1, 2]))] + [end]

    def text(self):
        d, x, k = self.data, self.index, self.name
        body = self.body()
        return f"""\
static {d} D{k}[2][{POOL}];
{f'#define I{k} D{k}' if d == x else f'static {x} I{k}[2][{POOL}];'}
struct edge{k} {{ {x} from; float w; {x} to; }};
struct node{k} {{ {d} x; struct node{k} *next; }};
struct dims{k} {{ {d if self.integral else x} rows, columns; }};
static struct edge{k} E{k}[256];
static struct node{k} N{k}[256], *S{k}[256];
static {d} *T{k}[256], **W{k}[64];
static {d} *cur{k}; static {x} count{k};
#define cur cur{k}
#define count count{k}
static __attribute__((noinline)) void {k}(long m, {x} *n, {d} *y, {d} *z, {d} *x, {x} *p, {x} *q, struct edge{k} *e, {d} **t, {d} **u, {d} ***w, struct node{k} **s, {d} **g, struct dims{k} *d) {{
  {body}
}}
#undef cur
#undef count
static void check_{k}(void) {{
  for (int a = 0; a < 2; ++a)
    for (int k = 0; k < {POOL}; ++k) {'mix' if self.integral else 'mix_float'}(D{k}[a][k]), mix((unsigned long)I{k}[a][k]);
  for (int k = 0; k < 256; ++k)
    mix((unsigned long)E{k}[k].from), mix((unsigned long)E{k}[k].to), {'mix' if self.integral else 'mix_float'}(N{k}[k].x),
    mix((unsigned long)(N{k}[k].next - N{k})), mix((unsigned long)(S{k}[k] - N{k})), mix((unsigned long)(T{k}[k] - D{k}[0]));
  printf("{k} %016lx\\n", checksum);
}}"""

    def places(self):
        """Of y, z, x, p, q, n in pools: array and element."""
        r = self.r
        apart = [(0, 300), (0, 1500), (1, 300), (1, 1500), (1, 2700), (0, 2700)]
        if self.data != self.index:
            apart[3:] = [(0, 300), (0, 600), (1, 300)]
        near = [-64, -8, -1, 0, 0, 1, 8, 63, 64]
        for k in range(1, 6):
            if self.chance(0.15):
                a, at = apart[r.choice([0, 0, r.randrange(k)])]
                apart[k] = (a, max(300, min(2700, at + r.choice(near))))
        return apart

    def call(self):
        r, k = self.r, self.name
        out = []
        fill = r.choice(FILLS)
        pick = r.choice(FILLS)
        low = f" + {self.low}" if self.low else ""
        out.append(f"for (unsigned k = 0; k < {POOL}; ++k) {{")
        if self.data != self.index:
            out.append(f"  D{k}[0][k] = ({self.data})((int)(k % 64){low if self.integral else ''}); D{k}[1][k] = ({self.data})((int)(k * 3 % 64){low if self.integral else ''});")
        out.append(f"  I{k}[0][k] = ({self.index})((int)({fill}){low}); I{k}[1][k] = ({self.index})((int)({pick}){low}); }}")
        row = r.choice(["300 + k % 128 * 16", "300 + (k ^ 1) % 128 * 16", "300 + k % 128 * 70 % 2048", "300 + k % 128 * 64 % 2300", "300 + k * 7", "300 + k / 2 * 64 % 2100", "300 + (127 - k % 128) * 18"])
        out.append(f"for (unsigned k = 0; k < 256; ++k) {{ E{k}[k].from = ({self.index})((int)({fill}){low}); E{k}[k].to = ({self.index})((int)({pick}){low}); E{k}[k].w = k % 9;")
        out.append(f"  N{k}[k].x = ({self.data})(k % 32); N{k}[k].next = N{k} + {r.choice(['(k + 1) % 256', 'k', 'k * 7 % 256', '(k + 128) % 256'])}; S{k}[k] = N{k} + {r.choice(['k', 'k', '255 - k', 'k * 5 % 256', 'k / 2'])};")
        out.append(f"  T{k}[k] = D{k}[{r.choice([0, 0, 1])}] + ({row}); W{k}[k % 64] = T{k} + {r.choice(['k % 64 * 3', 'k % 64', 'k % 16 * 8', '(k % 2 * 8)'])}; }}")
        if self.chance(0.3):
            out.append(f"T{k}[{r.randrange(60)}] = T{k}[{r.randrange(60)}]{r.choice(['', ' + 1', ' + 7'])};")
        places = self.places()
        m = r.choice([1, 2, 5, 20, 40, 60, 63])
        out.append(f"cur{k} = D{k}[{r.randrange(2)}] + {r.choice([300, 310, 1500, 2700])}; count{k} = {r.choice([0, 7, 40, 63])};")
        if self.chance(0.7):
            a, at = places[5]
            out.append(f"I{k}[{a}][{at}] = {r.choice([0, 3, 20, 31])};")
        D = [f"D{k}[{a}] + {b}" for a, b in places[:3]]
        I = [f"I{k}[{a}] + {b}" for a, b in places[3:]]
        table = r.choice([0, 0, 1, 64, 128, 128])
        a, at = places[r.choice([0, 2, 5, 5])] if self.integral else places[5]
        dims = f"(void *)({'D' if self.integral else 'I'}{k}[{a}] + {at + r.choice([0, 0, 5, 400])})"
        g = r.choice([f"T{k} + {r.choice([0, 7, 100, 200, 200])}", f"&cur{k}", f"&cur{k}"])
        out.append(f"{k}({m} + (long)hide(0), {I[2]}, {', '.join(D)}, {I[0]}, {I[1]}, E{k}, T{k}, T{k} + {table}, W{k}, S{k}, {g}, {dims});")
        out.append(f"check_{k}();")
        return "\n  ".join(out)


def program(seed):
    rng = random.Random(seed)
    kernels = [Kernel(rng, f"loop{n}") for n in range(12)]
    functions = [k.text() for k in kernels]
    calls = [f"  {k.call()}" for k in kernels for _ in range(4)]
    return "\n".join([f"// indirect.py {seed}", PRELUDE, "static volatile long zero;",
                      "static unsigned long hide(unsigned long x) { return x + zero; }"] +
                     functions + ["int main(void) {"] + calls + ["  return 0;", "}"])


if __name__ == "__main__":
    print(program(int(sys.argv[1])) if len(sys.argv) == 2 else __doc__)
