// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void fill(char *a, int width, const int *length, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{an inner loop touches an unknown amount of memory}}
    for (int j = 0; j < length[i] && a[i * width + j]; j++) // expected-remark {{[early-exit]}}
      a[i * width + j] = 1;
}
