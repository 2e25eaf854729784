// Loops of all the common forms; main.c runs each and prints a checksum.
struct body {
  float x, y, z, mass;
};

struct table {
  float *x, *y;
  int n;
};

void saxpy(float *y, const float *x, float a, int n);
void stencil(double *next, const double *now, int rows, int columns);
void gemm(float *c, const float *a, const float *b, int n);
void gravity(float *out, const struct body *bodies, int n);
void columns(const struct table *t, float dt);
void downwards(float *a, int n);
void walk(short *to, const short *from, unsigned n);
void every_third(int *a, unsigned n);
void median(float *out, const float *in, int n);
long int_sum(const int *a, long n);
int int_max(const int *a, long n);
void triangle(double *out, const double *in, int n);
void rows_copied(int (*to)[32], int (*from)[32], int n);
void logarithms(double *y, const double *x, int n);
void mandelbrot(unsigned char *out, int width, int height, int most);
void in_place(double *a, int n);
void clip(int *a, int limit, int n);
