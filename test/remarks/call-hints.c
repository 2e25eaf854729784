// What is in the way, and what can be done about it.
// RUN: %ferrycc -O2 -w -c %s -o /dev/null -Rpass-missed=ferry -Rpass-analysis=ferry -Xclang -verify
int printf(const char *, ...);
int rand(void);
void *malloc(unsigned long);
unsigned long strlen(const char *);
int elsewhere(int);

void print(const int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'printf' [call]}} expected-remark {{write them after the loop [call]}}
    printf("%d\n", a[i]);
}
void draw(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'rand' [call]}} expected-remark {{one sequence, in order; draw them into an array first}}
    a[i] = rand();
}
void allocate(int **a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'malloc' [call]}} expected-remark {{allocate before the loop}}
    a[i] = malloc(8);
}
void lengths(unsigned long *a, char **s, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'strlen' [call]}} expected-remark {{write the loop that it stands for}}
    a[i] = strlen(s[i]);
}
void outside(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'elsewhere' [call]}} expected-remark {{not in this file; define it here}}
    a[i] = elsewhere(i);
}
void pointer(int *a, int n, int (*f)(int)) {
  for (int i = 0; i < n; i++) // expected-remark {{through a pointer [call]}} expected-remark {{shows only when the program runs}}
    a[i] = f(i);
}

// The way to what is in the way.
__attribute__((noinline)) static void say(int x) { printf("%d\n", x); }
__attribute__((noinline)) static int report(int x) { return say(x + 1), x; }
void far(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'report', which calls 'say', which calls 'printf' [call]}} expected-remark {{write them after the loop}}
    a[i] = report(i);
}
__attribute__((noinline)) static int ackermann(int m, int n, int *count) {
  ++*count;
  return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1, count) : ackermann(m - 1, ackermann(m, n - 1, count), count);
}
void recursive(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'ackermann', which calls itself [call]}} expected-remark {{cannot be looked into}}
    a[i] = ackermann(i & 1, i & 3, a + i);
}
__attribute__((weak)) void replaceable(int *a) { *a = 1; }
void weak(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'replaceable', which other files may replace [call]}} expected-remark {{make it static}}
    replaceable(a + i);
}
__attribute__((noinline, target("avx2"))) static void other_target(int *a) { *a = 1; }
void different(int *a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'other_target', which is compiled differently [call]}} expected-remark {{the same attributes}}
    other_target(a + i);
}

__attribute__((noinline)) static void where(void **to) { *to = __builtin_return_address(0); }
void returns(void **a, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{'where', which cannot be looked into [call]}} expected-remark {{write what it does}}
    where(a + i);
}

// What is looked into and refused for another reason has that one.
__attribute__((noinline)) static void from_left(int *at) { at[0] += at[-1]; }
void neighbour(int *a, int n) {
  for (int i = 1; i < n; i++) // expected-remark {{[dependent]}} expected-remark {{[dependent]}}
    from_left(a + i);
}
