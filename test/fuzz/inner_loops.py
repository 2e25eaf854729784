"""Inner loops whose bounds are more than a parameter: heads, tails and ranges."""
from arrays import CALLS


class InnerLoops:
    """What generate.py's Kernel can put inside another loop."""

    def sentinel(self, trips):
        """Two ends, one of which may lie before the start or far away."""
        start = self.values(0, 9)
        far = [self.r.choice([s - 1 if s else 1000, 2 ** 64 - 1]) for s in start]
        ends = [s + t for s, t in zip(start, trips)]
        a, b, c = (self.param(v, ["size_t"]).text for v in (start, far, ends))
        ranges = [(s, max(s, e - 1)) for s, e in zip(start, ends)]
        return f"for (size_t V = {a}; V != {b} && V < {c}; ++V) {{", "}", "size_t", ranges

    def lower(self, trips):
        outer = self.r.choice(self.counters)
        last = [b + self.r.randint(0, 6) for _, b in outer.ranges]
        ranges = [(a, max(a, e - 1)) for (a, _), e in zip(outer.ranges, last)]
        return f"for (int V = (int){outer.text}; V < {self.param(last).text}; ++V) {{", "}", "int", ranges

    def upper(self, trips):
        outer = self.r.choice(self.counters)
        low = [b - self.r.randint(0, min(b - a, 30)) for a, b in outer.ranges]
        ranges = [(a, max(a, b)) for a, (_, b) in zip(low, outer.ranges)]
        return f"for (int V = {self.param(low).text}; V <= (int){outer.text}; ++V) {{", "}", "int", ranges

    def data(self, trips):
        return f"for (unsigned V = 0; V < ({self.integer(1)} & 7u); ++V) {{", "}", "unsigned", [(0, 6)] * CALLS

    def countless(self, trips):
        """A loop whose count only running it tells."""
        w = self.name_new("w")
        kind, more, step = self.r.choice([("unsigned", "", " >>= 1"), ("float", " > 0.5f", " *= 0.5f")])
        first, each = f"{kind} {w} = ({kind})({self.integer(1)} & 63u); unsigned V = 0;", f"++V, {w}{step}"
        ranges = [(0, 6)] * CALLS
        if self.chance(0.5):
            return f"{first} do {{", f"  {each}; }} while ({w}{more});", "unsigned", ranges
        return f"{first} for (; {w}{more}; {each}) {{", "}", "unsigned", ranges
