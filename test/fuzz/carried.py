"""Values that iterations hand on: to the next one, or out of the loop."""

import math

from arrays import ELEMENTS

FUNCTIONS = """\
static unsigned long bits(double x) { unsigned long b = 1; if (x == x) memcpy(&b, &x, sizeof b); return b; }
"""


class Carried:
    """What generate.py's Kernel can do with variables declared before its nest."""

    def carry(self):
        return self.r.choice([self.running, self.running, self.growing, self.previous, self.previous, self.previous_index, self.last,
                              self.chosen, self.chosen, self.cell, self.cell, self.extreme, self.extreme, self.extreme])()

    def declare(self, kind, start, is_result):
        name = self.name_new("c")
        self.before.append(f"{kind} {name} = {start};")
        if is_result:
            self.extra.append(f"bits({name})" if kind in ("double", "float") else f"(unsigned long){name}")
        return name

    def previous(self):
        name = self.declare("unsigned", self.r.randrange(99), self.chance(0.3))
        use = self.assign(f"({name} {self.r.choice('+-^')} {self.integer(1)})")
        if self.chance(0.3):
            older = self.declare("unsigned", self.r.randrange(99), False)
            return f"{use} {self.assign(f'({older} * 3u + {name})')} {older} = {name}; {name} = {self.integer()};"
        return f"{use} {name} = {self.integer()};"

    def previous_index(self):
        loads = [p for p in self.pointers if p.element not in "fds"]
        if not loads:
            return self.previous()
        p, name = self.r.choice(loads), self.declare("long", 0, False)
        text, ranges = self.index(p, False)
        p.touch(ranges)
        p.touch([(0, 0)] * len(ranges))
        return f"{self.assign(f'((unsigned){p.name}[{name}] ^ {self.integer(1)})')} {name} = {text};"

    def last(self):
        if self.chance(0.3):
            name = self.declare("double", 1, True)
            return f"{name} = {self.floating()};"
        name = self.declare("unsigned", 1, True)
        return f"{name} = {self.integer()}; {self.assign(f'({name} + 5u)')}"

    def running(self):
        """A counter or pointer that runs on through the whole nest."""
        runs = [math.prod(c.ranges[k][1] - c.ranges[k][0] + 1 for c in self.counters) for k in range(len(self.pointers[0].touched))]
        writable = [p for p in self.pointers if p.element not in "fds"]
        if max(runs) > 1500 or not writable:
            return self.chosen()
        p, step = self.r.choice(writable), self.r.choice([1, 1, 1, 2, 3])
        kind = self.r.choice(["int", "int", "long", "unsigned", "unsigned char", "*", "*"])
        p.touch([(0, 255 if kind == "unsigned char" else n * step) for n in runs])
        if kind == "*":
            name = self.declare(f"{ELEMENTS[p.element]} *", p.name, False)
            at, move = f"*{name}", f"{name} += {step};"
        else:
            name = self.declare(kind, 0, self.chance(0.3))
            at, move = f"{p.name}[{name}]", f"{name} += {step};"
        use = f"{at} = {at} * 5u + {self.integer(1)};" if self.chance(0.7) else self.assign(f"((unsigned){at} ^ 9u)")
        return f"{use} {move}" if self.chance(0.6) else f"{move} {use}"

    def growing(self):
        """A counter whose step changes by the same amount each time."""
        runs = [math.prod(c.ranges[k][1] - c.ranges[k][0] + 1 for c in self.counters) for k in range(len(self.pointers[0].touched))]
        writable = [p for p in self.pointers if p.element not in "fds"]
        start, step, change = self.r.choice([0, 0, 7]), self.r.choice([0, 1, 1, 2, 5, 40]), self.r.choice([1, 1, 1, 2, 3, -1])
        places = [[start + step * i + change * i * (i - 1) // 2 for i in range(n)] for n in runs if n <= 60]
        if len(places) < len(runs) or not writable or min(map(min, places)) < 0:
            return self.running()
        p, kind = self.r.choice(writable), self.r.choice(["int", "int", "long", "unsigned", "size_t"])
        name, grows = self.declare(kind, start, self.chance(0.3)), self.declare(kind, step, False)
        p.touch([(min(k), max(k)) for k in places])
        at = f"{p.name}[{name}]"
        use = f"{at} = {at} * 5u + {self.integer(1)};" if self.chance(0.7) else self.assign(f"((unsigned){at} ^ 9u)")
        return f"{use} {name} += {grows}; {grows} += {change};"

    def chosen(self):
        name = self.declare("unsigned", self.r.randrange(99), True)
        other = f" else if ({self.condition()}) {name} = {self.integer(1)};" if self.chance(0.3) else ""
        return f"if ({self.condition()}) {name} = {self.integer()};{other}"

    def cell(self):
        cells = [p for p in self.pointers if p.element not in "fds"]
        if not cells:
            return self.chosen()
        p, at = self.r.choice(cells), self.r.choice([0, 0, 3, 40, 700])
        p.touch([(at, at)] * len(p.touched))
        cell = f"{p.name}[{at}]"
        step = f"{cell} {self.r.choice(['+=', '+=', '-=', '^=', '|=', '='])} {self.integer(1)};"
        if self.chance(0.2):
            step = f"{cell}++;"
        if self.chance(0.2):
            step += f" {self.assign(f'((unsigned){cell} + 3u)')}"
        return f"if ({self.condition()}) {{ {step} }}" if self.chance(0.4) else step

    def extreme(self):
        kind = self.r.choice(["double", "double", "float", "unsigned", "int", "unsigned char"])
        value = self.floating() if kind in ("double", "float") else f"{self.integer()} {self.r.choice(['& 63', '>> 3'])}"
        best = self.declare(kind, self.r.choice([0, 1, 3, 50]), self.chance(0.8))
        v, op = self.name_new("v"), self.r.choice(["<", "<=", ">", ">="])
        test = self.r.choice([f"{v} {op} {best}", f"{v} {op} {best}", f"{best} {op} {v}", f"!({v} {op} {best})"])
        head = f"{{ {kind} {v} = ({kind})({value});"
        if self.chance(0.25):
            return f"{head} {best} = {test} ? {v} : {best}; }}"
        places = "".join(f" {self.declare('unsigned', 0, True)} = (unsigned){c.text};"
                         for c in self.counters if self.chance(0.6))
        if self.chance(0.2):
            places += f" {self.declare('unsigned', 0, True)} = {self.integer(1)};"
        guard = f"{self.condition()} && " if self.chance(0.2) else ""
        guard = f"({guard[:-4]}) && " if guard else ""
        return f"{head} if ({guard}{test}) {{ {best} = {v};{places} }} }}"
