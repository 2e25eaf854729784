// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
void clear(int *a) {
  for (int i = 0; i < 200; i++) // expected-remark {{the loop does too little work [too-small]}}
    a[i] += 3;
}
