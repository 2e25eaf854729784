// A second condition bounds what the inner loop may touch.
// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass=ferry -Rpass-missed=ferry -Xclang -verify
void unbounded(char *a, int width, const int *length, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{an inner loop touches an unknown amount of memory [inner-bound]}}
    for (int j = 0; j < length[i]; j++) // expected-remark {{loop offloaded, if its iterations prove independent at run time}}
      a[i * width + j] = 1;
}
void bounded(char *a, int width, const int *length, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{loop offloaded, if its iterations prove independent at run time}}
    for (int j = 0; j < length[i] && j < width; j++)
      a[i * width + j] = 1;
}
