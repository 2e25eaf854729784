// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
unsigned hash(const unsigned char *s, int n) {
  unsigned h = 2166136261u;
  for (int i = 0; i < n; i++) // expected-remark {{a value is carried from one iteration to the next [recurrence]}}
    h = (h ^ s[i]) * 16777619u;
  return h;
}
