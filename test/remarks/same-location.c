// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void accumulate(int *total, const char *flags, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{every iteration writes the same memory}}
    if (flags[i])
      *total += i;
}
