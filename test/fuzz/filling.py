"""Arrays that are filled again and again, and what fills them: for scratch.py."""
ROW, MOST = 24, 24  # elements of a row of input and output; of an array that is filled
PLACES = ["argument"] * 6 + ["global", "global", "member", "heap", "local", "variable", "part"]


class Scratch:
    """An array that is filled, and how the program names and declares it."""

    def __init__(self, kernel, number):
        r, k, e = kernel.r, kernel.name, kernel.element
        self.name, self.place = "ts"[number], r.choice(PLACES)
        self.fields = r.choice([[".x", ".y"], [".y", ".x"]]) if r.random() < 0.15 else [""]
        self.type = f"struct pair{k}" if self.fields[0] else e if r.random() < 0.7 else r.choice(kernel.family)
        self.exact = r.random() < 0.5 and kernel.tight  # no element more than are filled
        size = kernel.m if self.exact and not (self.place in ("global", "member", "local") and kernel.m == "m") else "64"
        self.parameter, self.top, self.start, self.before, self.after = "", "", "", "", ""
        n, T = self.name, self.type
        if self.place in ("argument", "part"):
            self.parameter = f"{T} *{kernel.restrict}{n}" if self.place == "argument" else f"{T} *work{n}"
            self.start = f"{T} *{n} = work{n} + {r.choice(['m', '3', '8', 'k'])};" if self.place == "part" else ""
        elif self.place in ("global", "member"):
            self.top = f"static {T} {n}{k}[{size}];" if self.place == "global" else f"static struct {{ char head; {T} x[{size}], tail; }} g{n}{k};"
            self.before, self.after = f"#define {n} {f'{n}{k}' if self.place == 'global' else f'g{n}{k}.x'}\n", f"#undef {n}\n"
        else:
            self.start = {"heap": f"{T} *{n} = malloc(({size}) * sizeof *{n});", "local": f"{T} {n}[{size}];",
                          "variable": f"{T} {n}[{size}];"}[self.place]
        self.local = self.place in ("heap", "local", "variable")
        if self.local:
            self.start += f" for (long z = 0; z < {size}; ++z) {{ {' '.join(f'{n}[z]{f} = z % 7;' for f in self.fields)} }}"
        if not self.parameter:
            self.check = f"for (long z = 0; z < {size}; ++z) {{ {' '.join(f'{kernel.mix}({n}[z]{f});' for f in self.fields)} }}"
        else:
            self.check = ""
        if self.place == "heap":
            self.check += f" free({n});"


class Filling:
    """What scratch.py's Kernel can fill an array with, or nearly."""

    careless = False  # leave out a field of a struct

    # What fills an array.
    def fill(self, x):
        kinds = [self.plain] * 5 + [self.halves, self.walk, self.again, self.block, self.carried, self.guarded, self.rows, self.pairs]
        kinds += [self.pieces] * 2 if self.m.isdigit() and int(self.m) <= 8 else []
        return self.r.choice(kinds)(x)

    def plain(self, x):
        return self.each(lambda v: self.put(x, v, v))

    def halves(self, x):
        parts = [self.each(lambda v: self.put(x, v, v), "0", f"{self.m} / 2"), self.each(lambda v: self.put(x, v, v), f"{self.m} / 2")]
        self.r.shuffle(parts)
        return " ".join(parts)

    def walk(self, x):
        writes = " ".join(f"(*p){f} = {self.value('0', f'(p - {x.name})') if not self.floats else self.value('0')};" for f in x.fields)
        return f"for ({x.type} *p = {x.name}, *e = p + {self.m}; p < e; ++p) {{ {writes} }}"

    def again(self, x):
        return f"{self.plain(x)} {self.each(lambda v: self.put(x, v, v, self.got(x, v)), end=self.r.choice([self.m, f'{self.m} / 2']))}"

    def block(self, x):
        size = f"{self.m} * sizeof *{x.name}"
        if x.type == self.element and self.chance(0.5):
            return f"if ({self.m} > 0) memmove({x.name}, a + {'row' if self.two else 'i'}, {size});"
        if self.chance(0.3):
            half = f"{self.m} / 2 * sizeof *{x.name}"
            return f"{self.plain(x)} if ({self.m} > 0) memmove({x.name} + {self.m} / 2, {x.name}, {half});"
        return f"if ({self.m} > 0) memset({x.name}, 0, {size}); {self.each(lambda v: self.put(x, v, v)) if self.chance(0.3) else ''}"

    def carried(self, x):
        first = "" if self.miss and self.chance(0.4) else self.put(x, "0", "0") if self.positive else f"if ({self.m} > 0) {{ {self.put(x, '0', '0')} }}"
        J = self.r.choice(self.counters[:2])
        if self.chance(0.5):
            return f"{first} for ({J} j = 1; j < {self.m}; ++j) {{ {self.put(x, 'j', 'j', self.got(x, 'j - 1'))} }}"
        return f"{first} for ({J} j = 0; j + 1 < {self.m}; ++j) {{ {self.put(x, 'j + 1', 'j', self.got(x, 'j'))} }}"

    def guarded(self, x):
        self.guard = self.r.choice(["c > 3", "c & 1", "k > 2"])
        return f"if ({self.guard}) {{ {self.plain(x)} }}"

    guard = None  # the condition under which it is filled

    def rows(self, x):
        w = self.r.choice(["2", "4", "k"])
        if not (self.m.isdigit() and w != "k" and int(self.m) % int(w) == 0) and (self.tight or not self.positive):
            return self.plain(x)
        R, C = (str(int(self.m) // int(w)), w) if self.m.isdigit() and w != "k" else self.r.choice([("2", "m / 2"), ("m / 4 + 1", "4"), ("m / 8 + 1", "m / 2")])
        J, Q = self.r.choice(self.counters[:2]), self.r.choice(self.counters[:2])
        swap = self.chance(0.3)
        heads = [f"for ({J} j = 0; j < {R}; ++j)", f"for ({Q} q = 0; q < {C}; ++q)"]
        return f"{' '.join(heads[::-1] if swap else heads)} {{ {self.put(x, f'j * ({C}) + q', '(j + q)')} }}"

    def pairs(self, x):
        if not (self.m.isdigit() and int(self.m) % 2 == 0):
            return self.plain(x)
        first, second = self.put(x, "j", "j"), self.put(x, "j + 1", "j")
        return f"for ({self.r.choice(self.counters[:2])} j = 0; j < {self.m}; j += 2) {{ {first} {second} }}"

    def pieces(self, x):
        ats = list(range(int(self.m)))
        self.r.shuffle(ats)
        return " ".join(self.put(x, str(at), str(at)) for at in ats)

    # What only seems to fill it.
    def partly(self, x):
        r, i = self.r, "row" if self.two else "i"
        test = r.choice([f"a[{i} + j] > 9", f"j != {i} % {MOST}", "(j & 3) != 1", f"a[{i}] > 9", f"{i} % 2 == 0", f"j <= {i}", "a[j] > 30"])
        J = r.choice(self.counters[:2])
        put = self.put(x, "j", "j")
        ends = [f"{self.m} - 1", f"({i} < {self.m} ? {i} : {self.m})", "k", "(a[0] > 9 && k < 3 ? 1 : k)"] if not self.tight else [f"({i} < {self.m} ? ({J}){i} : ({J}){self.m})"]
        forms = [f"for ({J} j = 0; j < {self.m}; ++j) if ({test}) {{ {put} }}"] * 3
        forms += [f"for ({J} j = 0; j < {self.m}; j += 2) {{ {put} }}", f"for ({J} j = 1; j < {self.m}; ++j) {{ {put} }}",
                  f"for ({J} j = 0; j < {self.m}; ++j) {{ if (a[j] > 60) break; {put} }}",
                  f"if (a[{i}] > 20) {{ {self.plain(x)} }}", f"if (c > 3 && a[{i}] > 20) {{ {self.plain(x)} }}",
                  f"{{ int ok = 0; switch ((int)a[{i}] & 3) {{ case 0: b[{i} * {ROW}] = 3; ok = 1; break; case 1: b[{i} * {ROW}] = a[0]; ok = 1; }} {self.each(lambda v: f'b[{i} * {ROW} + {v}] = {v};')} if (ok) {{ {self.plain(x)} }} }}"]
        forms += [f"for ({J} j = 0; j < ({J}){e}; ++j) {{ {put} }}" for e in ends] if self.positive else []
        return r.choice(forms)

    def misfill(self, x):
        self.careless = len(x.fields) > 1
        out = self.fill(x) if self.careless else self.partly(x)
        self.careless = False
        return out
