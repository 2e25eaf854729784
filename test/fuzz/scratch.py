#!/usr/bin/env python3
"""Prints a random C program whose loops fill arrays again and again, for tools/fuzz -g.

usage: scratch.py SEED

The arrays are declared outside of the loop: arguments, globals, parts of structs,
heap, local arrays of fixed and variable length. Half of the loops fill them before
they read them; the others nearly do: they read first, fill not all of it or not
always, read more than is filled, or their output lies there, too. What the arrays
hold after the loop is printed with everything else. Indices lie between 0 and 1100.
"""
import pathlib
import random
import sys

sys.dont_write_bytecode = True
from filling import MOST, ROW, Filling, Scratch  # noqa: E402

POOL = 4096  # elements
PRELUDE = (pathlib.Path(__file__).parent / "prelude.h").read_text()
INTEGERS = ["signed char", "unsigned char", "short", "unsigned short", "int", "int", "int", "unsigned", "long", "unsigned long"]
FLOATS = ["double", "double", "float", "long double"]


class Kernel(Filling):
    def __init__(self, rng, name):
        r = self.r = rng
        self.name = name
        self.family = FLOATS if self.chance(0.35) else INTEGERS
        self.floats = self.family is FLOATS
        self.element = r.choice(self.family)
        self.mix = "mix_float" if self.floats else "mix"
        self.miss = self.chance(0.45)  # shall something be wrong?
        self.tight = self.chance(0.6)  # does nothing touch more than m elements?
        self.m = "m" if self.chance(0.65) else str(r.choice([1, 2, 4, 8, 16, MOST]))
        self.kind = r.choice(["int", "int", "long", "long", "unsigned", "size_t", "short"])  # of m and k
        self.counters = ["int", "long"] if self.kind in ("int", "long", "short") else [self.kind, "size_t"]
        self.counters += ["unsigned char", "signed char"] * (self.kind == "int" and self.chance(0.1))
        self.restrict = "restrict " if self.chance(0.25) else ""
        self.two = self.chance(0.2)  # nested parallel loops
        self.carry = r.choice(["", "", "", "sum", "most", "last", "before"])
        self.scratches = [Scratch(self, n) for n in range(r.choice([1, 1, 1, 2]))]
        self.positive = self.m != "m" or self.kind in ("unsigned", "size_t") or any(x.place != "argument" for x in self.scratches)

    def chance(self, p):
        return self.r.random() < p

    def value(self, v, *more):
        """A number, from the input and more; v: a counter inside the iteration."""
        r, i = self.r, "row" if self.two else "i"
        a = r.choice([f"a[{i} + {v}]", f"a[{i} * {ROW} + {v}]", f"a[{v}]", f"a[{i}]", f"a[{i} + 2 * {v}]"])
        if self.floats:
            library = "sqrt({})" if self.chance(0.05) else "{}"
            return library.format(" + ".join([f"{a} * 0.5", f"(double)({v})", *[f"{x} * 0.25" for x in more]]))
        return f"({' + '.join([f'(unsigned){a} * {r.randrange(1, 9)}u', f'(unsigned)({v} ^ {i})', *[f'(unsigned){x}' for x in more]])}) % 64"

    def each(self, body, first="0", end=None, step="1"):
        """A loop over j, in one of the ways that C has."""
        r, J, end = self.r, self.r.choice(self.counters), end or self.m
        if self.chance(0.15) and step == "1":
            return f"for ({J} j = {end}; j > {first};) {{ --j; {body('j')} }}"
        if self.chance(0.1):
            return f"{{ {J} j = {first}; while (j < {end}) {{ {body('j')} j += {step}; }} }}"
        if self.chance(0.1) and step == "1" and first == "0":
            return f"for ({J} z = 0; z < {end}; ++z) {{ {body(f'({end} - 1 - z)')} }}"
        return f"for ({J} j = {first}; j < {end}; {'++j' if step == '1' else f'j += {step}'}) {{ {body('j')} }}"

    def put(self, x, at, v, *more, op="="):
        value = self.value(v, *more)
        fields = x.fields if len(x.fields) == 1 or not self.careless else x.fields[:1]
        return " ".join(f"{x.name}[{at}]{f} {op} {value};" for f in fields)

    def got(self, x, at):
        return f"{x.name}[{at}]{self.r.choice(x.fields)}"

    # What uses it in between, and afterwards.
    def change(self, x):
        r, i = self.r, "row" if self.two else "i"
        at = self.any_index(x)
        forms = [self.put(x, at, "0", self.got(x, at)), f"if (a[{i}] > 20) {{ {self.put(x, at, '1')} }}",
                 self.each(lambda v: f"if (a[{v}] > 9) {{ {self.put(x, v, v, self.got(x, v))} }}"),
                 f"{self.each(lambda v: self.put(x, v, v), end=f'{self.m} / 2')}"]
        text = r.choice(forms)
        return text if self.positive else f"if ({self.m} > 0) {{ {text} }}"

    def any_index(self, x):
        i = "row" if self.two else "i"
        forms = ["0", f"{self.m} - 1", f"{self.m} / 2"]
        if not self.floats:
            forms += [f"(unsigned)a[{i}] % (unsigned){self.m}"] * 2
        return self.r.choice(forms + [] if self.tight else forms + [f"{self.m}", "3", "k", f"{i} & 15"])

    def use(self, x):
        r, i = self.r, "row" if self.two else "i"
        out = lambda v: f"b[{i} * {r.choice([ROW, ROW, 'm']) if self.positive and not self.m.isdigit() else ROW} + {v}]"
        far = r.choice([self.m] * 5 + ([] if self.tight else ["k", "k", f"{self.m} + 1"]))
        single = f"if ({self.m} > 0) {{ b[{i} * {ROW}] = {self.value('0', self.got(x, self.any_index(x)))}; }}"
        back = f"{self.m} - 1 - j"
        J = r.choice(self.counters[:2])
        forms = [self.each(lambda v: f"{out(v)} = {self.value(v, self.got(x, v))};", end=far)] * 4
        forms += [f"for ({J} j = 0; j < {self.m}; ++j) {{ {out('j')} = {self.value('j', self.got(x, 'j'), self.got(x, back), self.got(x, '0'))}; }}",
                  f"for ({J} j = 0; j + 2 < {self.m}; ++j) {{ {out('j')} = {self.value('j', self.got(x, 'j'), self.got(x, 'j + 1'), self.got(x, 'j + 2'))}; }}",
                  f"{{ {'double' if self.floats else 'unsigned'} sum = 0; {self.each(lambda v: f'sum += {self.got(x, v)};', end=far)} b[{i} * {ROW}] = {'sum' if self.floats else 'sum % 64'}; }}",
                  f"for ({J} j = 0; j < {self.m}; ++j) {{ if ({self.got(x, 'j')} > 40) break; {out('j')} = {self.value('j', self.got(x, 'j'))}; }}", single, single]
        if x.type == self.element:
            forms.append(f"if ({self.m} > 0) memmove(b + {i} * {ROW}, {x.name}, {self.m} * sizeof *b);")
        if not self.floats and not x.fields[0]:
            forms.append(f"for ({J} j = 0; j < {self.m}; ++j) {{ b[{i} * {ROW}] = (b[{i} * {ROW}] + ((unsigned char *){x.name})[j]) % 64; }}")
        return r.choice(forms)

    def hand_on(self, x):
        at = self.any_index(x)
        return {"": "", "sum": f"r += (unsigned){self.got(x, at)};", "most": f"if ({self.got(x, at)} > best) best = {self.got(x, at)};",
                "last": f"best = {self.got(x, at)};", "before": f"b[{'row' if self.two else 'i'} * {ROW}] = old; old = {'a[i]' if not self.two else 'a[row]'};"}[self.carry]

    def body(self):
        steps = []
        for x in self.scratches:
            wrong = self.miss and self.chance(0.6)
            mine = [self.misfill(x) if wrong else self.fill(x)]
            mine += [self.change(x) for _ in range(self.r.choice([0, 0, 1, 1, 2]))]
            mine += [self.use(x) for _ in range(self.r.choice([0, 1, 1, 2]))]
            if self.miss and not wrong and self.chance(0.6):
                mine.insert(0, self.r.choice([self.use, self.change])(x))
            if self.guard and self.chance(0.5):
                mine[1:] = [f"if ({self.guard}) {{ {s} }}" if self.chance(0.8) else s for s in mine[1:]]
            self.guard = None
            steps.append(mine)
        lines = steps[0] if len(steps) == 1 else steps[0] + steps[1] if self.chance(0.5) else [s for p in zip(*steps) for s in p] + steps[0][len(steps[1]):] + steps[1][len(steps[0]):]
        hand = self.hand_on(self.scratches[0])
        lines.append(hand if self.positive or not hand else f"if ({self.m} > 0) {{ {hand} }}")
        I = self.r.choice(["int", "long"])
        heads = [f"for ({I} i = 0; i < n; ++i) {{"] * 5 + [f"for ({I} i = n; i-- > 0;) {{", f"for ({I} i = 0; i < n; i += 2) {{"]
        head, tail = self.r.choice(heads), "}"
        if self.two:
            head, tail = f"for ({I} i = 0; i < n; ++i) for ({I} x = 0; x < {self.r.choice([1, 3, 4])}; ++x) {{ {I} row = i * 4 + x;", "}"
        return "\n    ".join([head] + lines) + "\n  " + tail

    def text(self):
        k, e = self.name, self.element
        parameters = ["int n", f"{self.kind} m", f"{self.kind} k", "int c", f"const {e} *{self.restrict}a", f"{e} *{self.restrict}b"]
        parameters += [x.parameter for x in self.scratches if x.parameter]
        local = [x.check for x in self.scratches if x.local]
        start = [x.start for x in self.scratches if x.start]
        result = "double" if self.floats else "unsigned long"
        body = self.body()
        parts = [f"struct pair{k} {{ {e} x; {self.r.choice(self.family)} y; }};", f"static {e} D{k}[2][{POOL}];"]
        parts += [f"static {x.type} P{x.name}{k}[{POOL}];" for x in self.scratches if x.parameter and x.type != e]
        parts += [x.top for x in self.scratches if x.top]
        function = "\n  ".join([f"static __attribute__((noinline)) {result} {k}({', '.join(parameters)}) {{", *start,
                                f"unsigned r = 3; {e} best = 1, old = 2;", body, *local, "return r + best + old;"])
        checks = [f"for (int a = 0; a < 2; ++a) for (int z = 0; z < {POOL}; ++z) {self.mix}(D{k}[a][z]);"]
        for x in self.scratches:
            if x.parameter and x.type != e:
                checks.append(f"for (int z = 0; z < {POOL}; ++z) {{ {' '.join(f'{self.mix}(P{x.name}{k}[z]{f});' for f in x.fields)} }}")
            elif x.top:
                checks.append(x.check)
        before, after = "".join(x.before for x in self.scratches), "".join(x.after for x in self.scratches)
        check = "\n  ".join([f"static void check_{k}(void) {{", *checks, f'printf("{k} %016lx %d\\n", checksum, errno);'])
        return "\n".join(parts) + f"\n{before}{function}\n}}\n{check}\n}}\n{after}"

    def call(self):
        r, k = self.r, self.name
        m = r.choice([1, 2, 3, 8, 16, 23, MOST] if self.positive else [-3, 0, 1, 2, 8, 16, MOST])
        few = max(m, 1)
        n = r.choice([2, 3, 9] if self.two else [1, 2, 3, 5, 17, 40])
        extra = r.choice([0, 1, few // 2, few, few]) if self.tight else r.choice([0, 1, few // 2, few, few, MOST, 30])
        arguments, ends = [f"D{k}[0] + 300", f"D{k}[1] + 300"], [300, 300]
        for x in self.scratches:
            if not x.parameter:
                continue
            at = 1500 + 1200 * len(ends[2:])
            place = 1
            if not self.restrict and self.chance(0.2):
                place, at = r.choice([(1, 300), (0, 300), (1, 1500)])
                at += r.choice([0, 0, 1, 8, few, -few, 100, 1000])
            ends.append(at)
            arguments.append(f"D{k}[{place}] + {at}" if x.type == self.element else f"P{x.name}{k} + {at}")
        fill = r.choice(["z * 7 % 64", "scramble(z) % 64", "z % 61", "z / 3 % 64"])
        lines = [f"for (unsigned z = 0; z < {POOL}; ++z) D{k}[0][z] = {fill}, D{k}[1][z] = z * 3 % 64;",
                 f"errno = {r.choice([0, 0, 5])};",
                 f"{self.mix}({k}({n} + hide(0), {m} + hide(0), {extra} + hide(0), {r.randrange(8)} + hide(0), {', '.join(arguments)}));", f"check_{k}();"]
        return "\n  ".join(lines)


def program(seed):
    rng = random.Random(seed)
    kernels = [Kernel(rng, f"loop{n}") for n in range(12)]
    functions = [k.text() for k in kernels]
    calls = [f"  {k.call()}" for k in kernels for _ in range(4)]
    return "\n".join([f"// scratch.py {seed}", PRELUDE, "static volatile int zero;", "static int hide(int x) { return x + zero; }"] +
                     functions + ["int main(void) {"] + calls + ["  return 0;", "}"])


if __name__ == "__main__":
    print(program(int(sys.argv[1])) if len(sys.argv) == 2 else __doc__)
