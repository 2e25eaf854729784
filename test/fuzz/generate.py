#!/usr/bin/env python3
"""Prints a random C program full of loop nests, for tools/fuzz.

usage: generate.py SEED

Each function has one loop nest over pointers and integers whose values are
chosen here, so that the extent of every access is known: `main` passes
pointers into arrays that hold it, apart or overlapping. Statements and inner
loops of some are functions of their own, which they call. The program has no
undefined behaviour, and prints checksums and errno after every call; they do
not depend on the number of threads.
"""
import pathlib
import random
import re
import sys

sys.dont_write_bytecode = True
import carried  # noqa: E402
import inner_loops  # noqa: E402
from arrays import CALLS, ELEMENTS, FLOATS, SIZE, array, check, fill  # noqa: E402

# Induction variables: type, least and greatest value, how often.
COUNTERS = [
    ("int", -2000, 2000, 6), ("long", -2000, 2000, 3), ("unsigned", 0, 2000, 3),
    ("size_t", 0, 2000, 3), ("short", -2000, 2000, 1), ("signed char", -100, 100, 1),
    ("unsigned char", 0, 240, 1), ("unsigned short", 0, 2000, 1)]
# Loops over type T from A to B (excluded) in steps of S: head and end.
LOOPS = {
    "up": ("for (T V = A; V < B; V += S) {", "}"),
    "ne": ("for (T V = A; V != B; V += S) {", "}"),
    "down": ("for (T V = B - S; V >= A; V -= S) {", "}"),
    "countdown": ("for (T V = B; V-- > A;) {", "}"),
    "while": ("T V = A; while (V < B) {", "  V += S; }"),
    "do": ("T V = A; do {", "  V += S; } while (V < B);")}
NOINLINE = "__attribute__((noinline)) "
UNSIGNED = ("unsigned", "size_t")  # those that do not promote to int

PRELUDE = (pathlib.Path(__file__).parent / "prelude.h").read_text()


class Number:
    """An integer of the program: its text, and its range in each call."""

    def __init__(self, text, ranges, unsigned=False):
        self.text, self.ranges, self.unsigned = text, ranges, unsigned

    def span(self):
        return max(hi - lo for lo, hi in self.ranges)


class Pointer:
    def __init__(self, name, element):
        self.name, self.element = name, element
        self.strides = {}  # of each counter: a parameter
        self.touched = [(0, 0)] * CALLS

    def touch(self, ranges, more=0):
        self.touched = [(min(lo, a), max(hi, b + more)) for (lo, hi), (a, b) in zip(self.touched, ranges)]


class Kernel(carried.Carried, inner_loops.InnerLoops):
    """One function with one nest, and the calls of it."""

    def __init__(self, rng, name):
        self.r, self.name = rng, name
        self.constant = rng.random() < 0.2  # all numbers are literals
        self.params, self.lines, self.counters = [], [], []
        elements = rng.choice("uu uu dd ff ii bb hh ll ub di fd us ss uuu ddd ud lu".split())
        self.pointers = [Pointer(f"p{k}", e) for k, e in enumerate(elements)]
        self.depth = rng.choice([1, 1, 2, 2, 2, 3])
        self.reduction = (rng.choice(["unsigned", "unsigned long", "int", "unsigned char"]),
                          rng.choice("+ - * ^ & | min max if".split())) if rng.random() < 0.25 else None
        self.before, self.extra = [], []  # declarations; arguments of the result
        self.carrying = rng.random() < 0.35
        self.outlines = rng.random() < 0.35 and not self.carrying  # parts are functions of their own
        self.pivots = {} if rng.random() < 0.3 else None  # a value of each counter that reads name
        self.parts = []
        self.fresh = 0

    def chance(self, p):
        return self.r.random() < p

    def param(self, values, kinds=("int", "long")):
        """A parameter, or a literal where the function's numbers are fixed."""
        if (self.constant or self.chance(0.15)) and len(set(values)) == 1:
            return Number(f"({values[0]})" if values[0] < 0 else str(values[0]), [(v, v) for v in values])
        kind = self.r.choice(kinds)
        if kind in ("unsigned", "size_t") and min(values) < 0:
            kind = "long"
        name = f"n{len(self.params)}"
        self.params.append((kind, name, values))
        return Number(name, [(v, v) for v in values], kind in UNSIGNED)

    def values(self, lo, hi):
        first = self.r.randint(lo, hi)
        if self.constant or self.chance(0.3):
            return [first] * CALLS
        return [first] + [self.r.randint(lo, hi) for _ in range(CALLS - 1)]

    def stride_of(self, pointer, counter):
        """Mostly as arrays are laid out: larger than what lies inside."""
        if counter.text in pointer.strides:
            return pointer.strides[counter.text]
        order, extent = self.counters if not self.chance(0.2) else self.counters[::-1], 1
        for inner in order[order.index(counter) + 1:]:
            extent = min(extent * (inner.span() + 1), 600)
        values = [extent * self.r.choice([1, 1, 1, 2, -1]) + self.r.choice([0, 0, 0, 1, 3])] * CALLS
        if self.chance(0.1):
            values = self.values(-3, 3)
        pointer.strides[counter.text] = number = self.param(values, ("int", "long", "unsigned", "size_t"))
        return number

    def pivot(self, counter):
        """One value of the counter: what it names meets a few iterations only."""
        if counter.text not in self.pivots:
            values = [self.r.choice([lo, hi, self.r.randint(lo, hi)]) for lo, hi in counter.ranges]
            self.pivots[counter.text] = self.param(values)
        return self.pivots[counter.text]

    def index(self, pointer, write):
        """A subscript of the pointer, and its range."""
        odd = self.chance(0.04 if write else 0.15)
        used = [c for c in self.counters if write and self.chance(0.97) or self.chance(0.85)]
        offset = self.r.choice([0, 0, 0, 0, 0, 1, 2] if write else [0, 0, 0, 1, -1, 2, 7])
        terms, ranges = [], [(offset, offset)] * CALLS
        plain = offset >= 0
        for c in used:
            s = self.stride_of(pointer, c)
            if self.pivots is not None and self.chance(0.03 if write else 0.4):
                c = self.pivot(c)
            plain &= all(lo >= 0 for lo, _ in c.ranges + s.ranges)
            terms.append((c, s))
            corners = [[x * y for x in a for y in b] for a, b in zip(c.ranges, s.ranges)]
            ranges = [(lo + min(k), hi + max(k)) for (lo, hi), k in zip(ranges, corners)]
        cast = (lambda n: n.text) if plain else (lambda n: f"(long){n.text}")
        text = " + ".join([f"{cast(c)} * {cast(s)}" for c, s in terms] + [str(offset)] * bool(offset or not terms))
        if not odd:
            return text, ranges
        form, top = self.r.choice([("(unsigned char)({})", 255), ("(unsigned)({}) & 511", 511),
                                   ("(unsigned)({}) % 1009u", 1008), ("((size_t)({}) >> 1) & 1023", 1023)])
        return form.format(text), [(0, top)] * CALLS  # wraps around, as unsigned numbers may

    def load(self, pointer):
        text, ranges = self.index(pointer, False)
        pointer.touch(ranges)
        return f"{pointer.name}[{text}]" + self.field(pointer)

    def field(self, pointer):
        return self.r.choice([".x", ".y", ".z[2]"]) if pointer.element == "s" else ""

    def integer(self, depth=2):
        """An expression of type unsigned."""
        r = self.r
        if depth == 0 or self.chance(0.2):
            loads = [p for p in self.pointers if p.element not in FLOATS]
            return r.choice([f"{r.randrange(1, 1000)}u"] + [f"(unsigned){c.text}" for c in self.counters] +
                            [f"(unsigned){self.load(r.choice(loads))}" for _ in range(3) if loads])
        a, b = self.integer(depth - 1), self.integer(depth - 1)
        return r.choice([f"({a} {r.choice('+-*^&|')} {b})"] * 5 + [
            f"({a} >> {r.randrange(1, 9)})", f"pick({a}, {b})", f"scramble({a})", f"steps({a})",
            f"({a} < {b} ? {a} : {b})", f"({a} % ({b} | 1u))"])

    def floating(self, depth=2):
        r = self.r
        if depth == 0 or self.chance(0.2):
            loads = [p for p in self.pointers if p.element in FLOATS]
            return r.choice([f"{r.randrange(1, 64)}.25"] + [f"(double)(int){c.text} * 0.5" for c in self.counters] +
                            [self.load(r.choice(loads)) for _ in range(4) if loads])
        a, b = self.floating(depth - 1), self.floating(depth - 1)
        library = [f"sqrt({a})", f"log({a})", f"exp({a})", f"acos({a})", f"pow({a}, 0.5)", f"fmod({a}, {b})"]
        return r.choice([f"({a} + {b})", f"({a} - {b})", f"({a} * 0.5 + {b})", f"({a} * {b})", f"fabs({a})",
                         f"({a} < {b} ? {a} : {b})", f"bend({a}, {b})", f"fmax({a}, {b})", f"floor({a})",
                         f"{a} / 3", f"middle((double[2]){{{a}, {b}}}, 3)", r.choice(library)])

    def value(self, element, text=None):
        if element in FLOATS:
            return f"(double){text} * 0.5" if text else self.floating()
        text = text or self.integer()
        return f"(int)({text} & 0xfffff)" if element == "i" else text

    def name_new(self, prefix):
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def assign(self, value=None):
        p = self.pointers[0] if self.chance(0.8) else self.r.choice(self.pointers)
        value, (text, ranges) = self.value(p.element, value), self.index(p, True)
        p.touch(ranges)
        target = f"{p.name}[{text}]"
        if p.element == "s" and self.chance(0.3):
            return f"{target} = turn({target}, {value});"
        if p.element == "s" and self.chance(0.3):
            return f"replace(&{target}, turn({target}, {value}));"
        if p.element == "u" and self.chance(0.1):
            return f"add_to(&{target}, {value});"
        if p.element in FLOATS or p.element == "i" or self.chance(0.6):
            return f"{target}{self.field(p)} = {value};"
        return f"{target}{self.field(p)} {self.r.choice(['+=', '-=', '^=', '|='])} {value};"

    def block(self):
        """memset and memmove."""
        p = self.r.choice(self.pointers)
        width = self.values(0, 6)
        n = self.param(width, ("int", "size_t"))
        to, at = self.index(p, True)
        p.touch(at, max(width))
        size = f"{n.text} * sizeof *{p.name}"
        if self.chance(0.4) and p.element not in FLOATS + "s":
            return f"memset({p.name} + ({to}), {self.r.randrange(256)}, {size});"
        source = self.r.choice([q for q in self.pointers if q.element == p.element])
        text, at = self.index(source, False)
        source.touch(at, max(width))
        return f"memmove({p.name} + ({to}), {source.name} + ({text}), {size});"

    def private(self):
        t, k, size = self.name_new("t"), self.name_new("k"), self.r.choice([4, 8, 16])
        start = self.r.choice([f"for (int {k} = 0; {k} < {size}; ++{k}) {t}[{k}] = {self.integer(1)} * {k};",
                               f"memset({t}, {self.r.randrange(3)}, sizeof {t});"])
        use = f"{t}[{self.integer(1)} % {size}u] += {self.integer(1)};"
        return f"{{ unsigned {t}[{size}]; {start} {use} {self.assign(f'({t}[1] + {t}[{size - 1}])')} }}"

    def walk(self):
        """A pointer that moves along, in a loop without a counter."""
        p, count, q = self.pointers[0], self.values(0, 20), self.name_new("q")
        text, ranges = self.index(p, True)
        p.touch(ranges, max(count))
        return (f"for ({ELEMENTS[p.element]} *{q} = {p.name} + ({text}), *end = {q} + {self.param(count).text}; "
                f"{q} != end; ++{q}) *{q} = *{q} * 3u + 1u;")

    def reduce(self):
        kind, op = self.reduction
        value = f"({kind})({self.integer()}{' & 0x7fff' if kind == 'int' else ''})"
        if op in ("min", "max"):
            less, v = "<" if op == "min" else ">", self.name_new("v")
            return f"{{ {kind} {v} = {value}; r = {v} {less} r ? {v} : r; }}"
        if kind == "int":  # no sum may overflow
            return f"r ^= {value};"
        if op == "if":
            return f"if ({self.condition()}) r += {value}; else r -= 3;"
        return f"r {op}= {value};"

    def condition(self):
        return self.r.choice([f"{self.integer(1)} {self.r.choice('&>')} {self.integer(1)}", f"{self.counters[-1].text} != 5"])

    def statement(self):
        if self.reduction and self.chance(0.6):
            return self.reduce()
        if self.carrying and self.chance(0.4):
            return self.carry()
        kinds = [self.assign] * 14 + [self.choice] * 4 + [self.private] * 2 + [self.block]
        return self.r.choice(kinds + [self.walk] * (self.pointers[0].element in "bhul"))()

    def choice(self):
        other = f" else {self.assign()}" if self.chance(0.3) else ""
        return f"if ({self.condition()}) {self.assign()}{other}"

    def emit(self, text):
        self.lines.append("  " * (len(self.counters) + 1) + text)

    def loop(self, level):
        kind, least, most, _ = self.r.choices(COUNTERS, [c[3] for c in COUNTERS])[0]
        trips = self.values(*((1, 60) if level == 0 else (0, 12)))
        if level and self.chance(0.25):
            form = self.r.choice(["sentinel", "lower", "upper", "data", "countless"])
            head, tail, kind, ranges = getattr(self, form)(trips)
        else:
            form = self.r.choice(["up", "up", "up", "ne", "down", "countdown", "while", "do"])
            if form == "down" and least == 0:
                form = "countdown"
            step = 1 if form == "countdown" else self.r.choice([1, 1, 1, 1, 2, 3])
            start = self.values(*self.r.choice([(0, 0), (0, 5), (max(least, -9), 9)]))
            stop = [min(s + t * step, most // step * step + s % step) for s, t in zip(start, trips)]
            ranges = [(s, max(s, e - step)) for s, e in zip(start, stop)]
            bound = ("int", "long") if kind in ("int", "long") else (kind,)
            head, tail = LOOPS[form]
            if form in ("while", "do") and level == 0 and self.chance(0.5):
                self.extra.append(f"(unsigned long){'ijk'[level]}")
            texts = {"A": self.param(start, bound).text, "B": self.param(stop, bound).text, "T": kind, "S": str(step)}
            head, tail = (re.sub(r"\b[ABTS]\b", lambda m: texts[m[0]], x) for x in (head, tail))
        self.emit(re.sub(r"\bV\b", "ijk"[level], head))
        self.counters.append(Number("ijk"[level], ranges, kind in UNSIGNED))
        return re.sub(r"\bV\b", "ijk"[level], tail)

    def statements(self, count):
        for _ in range(count):
            start = len(self.lines)
            self.emit(self.statement())
            if self.outlines and self.chance(0.5):
                self.outline(start)

    def outline(self, start):
        """Makes the lines from there on a function that the loop calls."""
        text = "\n".join(self.lines[start:])
        del self.lines[start:]
        used = set(re.findall(r"\w+", text))
        names = [(f"{ELEMENTS[p.element]} *", p.name) for p in self.pointers]
        names += [(f"{k} ", n) for k, n, _ in self.params] + [("long ", c.text) for c in self.counters]
        names = [(t, n) for t, n in names if n in used]
        arguments = [n for _, n in names]
        if "r" in used:
            text = re.sub(r"\br\b", "(*r)", text)
            names.append((f"{(self.reduction or ['unsigned'])[0]} *", "r"))
            arguments.append("&r")
        name = f"{self.name}_{len(self.parts)}"
        header = f"static {self.r.choice(['', NOINLINE, NOINLINE])}void {name}({', '.join(t + n for t, n in names) or 'void'})"
        self.parts.append(f"{header} {{\n{text}\n}}")
        self.emit(f"{name}({', '.join(arguments)});")

    def nest(self, level):
        opened = len(self.counters)
        tail = self.loop(level)
        if level < self.depth - 1:
            self.statements(self.r.choice([0, 0, 0, 0, 1]))
            start = len(self.lines)
            self.nest(level + 1)
            if self.outlines and self.chance(0.4):
                self.outline(start)
            self.statements(self.r.choice([0, 0, 0, 0, 1]))
        else:
            self.statements(self.r.choice([1, 1, 1, 2, 3]))
        del self.counters[opened:]
        self.emit(tail)

    def build(self):
        self.nest(0)
        kind, op = self.reduction or ("unsigned", "")
        first = {"&": "(unsigned char)~0u", "min": "120", "*": "3"}.get(op, "7")
        params = [f"{ELEMENTS[p.element]} *{p.name}" for p in self.pointers]
        params += [f"{k} {n}" for k, n, _ in self.params]
        result = " + 31 * ".join(["(unsigned long)r"] + self.extra)
        inline = self.r.choice([NOINLINE] * 3 + [""])
        return "\n".join(self.parts + [f"static {inline}unsigned long {self.name}({', '.join(params)}) {{",
                          f"  {kind} r = {first};"] + [f"  {text}" for text in self.before] + self.lines + [f"  return {result};", "}"])

    def calls(self):
        for k in range(CALLS):
            used, arguments = {}, []
            for p in self.pointers:
                lo, hi = p.touched[k]
                if hi - lo >= SIZE // 4:
                    return
                arguments.append(f"{p.element}{self.place(used, p, lo, hi)}")
            literals = [f"{v}" + ("UL" if v >= 2 ** 63 else "") if self.constant else
                        f"hide({v}UL)" for v in (values[k] for _, _, values in self.params)]
            yield f"{self.name}({', '.join(arguments + literals)})"

    def place(self, used, pointer, lo, hi):
        """Overlaps what came before, or lies behind it."""
        end = used.get(pointer.element, 0)
        at = end - lo
        if end and self.chance(0.2):
            at = max(-lo, end - lo + self.r.choice([-400, -40, -7, -2, -1]))
        used[pointer.element] = max(end, at + hi + 1)
        return f" + {at}"


def program(seed):
    rng = random.Random(seed)
    functions, body, elements = [], [], set()
    while len(functions) < 12:
        kernel = Kernel(rng, f"loop{len(functions)}")
        text, calls = kernel.build(), list(kernel.calls())
        if len(calls) < CALLS:
            continue
        functions.append(text)
        elements |= {p.element for p in kernel.pointers}
        for call in calls:
            body += [f"  errno = {rng.choice([0, 0, 3])};", f"  mix({call});"]
            body += [check(e) for e in sorted({p.element for p in kernel.pointers})]
            body.append(f'  printf("{kernel.name} %016lx %d\\n", checksum, errno);')
    arrays = [array(rng, e) for e in sorted(elements)]
    return "\n".join(
        [f"// generate.py {seed}", PRELUDE + carried.FUNCTIONS, "static volatile long zero;",
         "static unsigned long hide(unsigned long x) { return x + zero; }"] +
        [a for a, _ in arrays] + functions + ["int main(void) {"] + [b for _, b in arrays] +
        [fill(e) for e in sorted(elements)] + body + ["  return 0;", "}"])


if __name__ == "__main__":
    print(program(int(sys.argv[1])) if len(sys.argv) == 2 else __doc__)
