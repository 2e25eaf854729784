"""The arrays of the programs that generate.py prints."""
SIZE = 20000  # elements of an array
CALLS = 2  # of each function, with numbers of their own
ELEMENTS = {  # short name: C type
    "b": "unsigned char", "h": "unsigned short", "u": "unsigned", "i": "int",
    "l": "unsigned long", "f": "float", "d": "double", "s": "struct record"}
FLOATS = "fd"


def array(rng, element):
    """On one of the three places: what stands before main, and in it."""
    kind, name = ELEMENTS[element], element
    return rng.choice([(f"static {kind} {name}[{SIZE}];", ""), ("", f"  {kind} {name}[{SIZE}];"),
                       ("", f"  {kind} *{name} = calloc({SIZE}, sizeof *{name});")])


def fill(element):
    if element == "s":
        return (f"  memset(s, 0, {SIZE} * sizeof *s);\n  for (unsigned z = 0; z < {SIZE}; ++z) "
                "s[z].x = scramble(z), s[z].y = (unsigned short)z, s[z].z[2] = (unsigned char)z, s[z].w = z * 0.5;")
    value = {"f": "(float)(z % 97) * 0.5f - 7", "d": "(z % 89) * 0.75 - 9",
             "i": "(int)(scramble(z) & 0xffff)"}.get(element, f"({ELEMENTS[element]})scramble(z)")
    return f"  for (unsigned z = 0; z < {SIZE}; ++z) {element}[z] = {value};"


def check(element):
    each = {"s": "mix(s[z].x), mix(s[z].y), mix(s[z].z[2]), mix_float(s[z].w)"}
    how = "mix_float" if element in FLOATS else "mix"
    return f"  for (int z = 0; z < {SIZE}; ++z) {each.get(element, f'{how}((1 ? {element}[z] : 0))')};"
