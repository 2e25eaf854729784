// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void scatter(int *a, const int *index, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{it is not known which memory an iteration touches [unknown-address]}}
    a[index[i] * index[i]] = i;
}
