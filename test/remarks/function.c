// RUN: %ferrycc -O2 -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify
// RUN: %ferrycc -O2 -fsanitize=thread -c %s -o /dev/null -Rpass-missed=ferry -Xclang -verify=tsan
#include <setjmp.h>
jmp_buf env;
void f(int *a, int n) {
  if (setjmp(env))
    return;
  for (int i = 0; i < n; i++) // expected-remark {{the function is compiled in a way that forbids it: calls setjmp [function]}} tsan-remark {{thread sanitizer}}
    a[i]++;
}
