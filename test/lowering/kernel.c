// Device code: the worker of a loop, called by many threads.
// RUN: env FERRY_IMAGES=ptx FERRY_THRESHOLD=0 %ferrycc -O2 -c %s -o %t.o
// RUN: %ferry_tool images %t.o -o %t.images | %filecheck %s --check-prefix=LIST
// RUN: %filecheck %s < %t.images/kernel.c.tmp.o.1.ptx
// RUN: env FERRY_IMAGES=ptx FERRY_THRESHOLD=0 %ferrycc -O2 -mfma -c %s -o %t.o
// RUN: %ferry_tool images %t.o -o %t.images
// RUN: %filecheck %s --check-prefix=FMA < %t.images/kernel.c.tmp.o.1.ptx
#include <math.h>

// LIST: image 1: ptx, {{[0-9]+}} bytes, 8 kernels
// LIST-NEXT: saxpy_0
// LIST-NEXT: columns_1
// LIST-NEXT: columns_2
// LIST-NEXT: weigh_3
// LIST-NEXT: slice_4
// LIST-NEXT: roots_5
// LIST-NEXT: sum_6
// LIST-NEXT: convert_7
// CHECK: .version 6.3
// CHECK-NEXT: .target sm_75
// Small constants go along.
// CHECK: .global .align 16 .b8 [[WEIGHTS:[a-z0-9_$]+]][32] = {3, 0, 0, 0, 1, 0, 0, 0, 4,
// CHECK-NOT: {{\.ftz|\.approx}}

// From first + id on, in steps of the grid. Each address of the program is moved by
// delta, at 48 in the block; the context begins at 80. Products are rounded
// before they are added, as on the host, unless that has one instruction for both.
// Is the sum a NaN? Then it is seen to which one.
// CHECK-LABEL: .visible .entry saxpy_0(
// CHECK-NEXT: .param .align 16 .b8 saxpy_0_param_0[112]
// CHECK: %ctaid.x
// CHECK-DAG: ld.param.b64 {{%rd[0-9]+}}, [{{.*}}+48];
// CHECK-DAG: ld.param.b64 {{.*}}+80];
// CHECK: ld.global.b64
// CHECK: ld.global.b64
// CHECK: mul.rn.f64
// CHECK-NEXT: add.rn.f64 [[SUM:%rd[0-9]+]]
// CHECK-NEXT: setp.num.f64 [[P:%p[0-9]+]], [[SUM]], [[SUM]];
// CHECK-NEXT: @[[P]] bra
// CHECK: st.global.b64
// CHECK: -2251799813685248
// FMA-LABEL: .visible .entry saxpy_0(
// FMA-NOT: mul.rn.f64
// FMA: fma.rn.f64
void saxpy(double *a, const double *b, double c, long n) {
  for (long i = 0; i < n; i++)
    a[i] += c * b[i];
}

// x runs over the dim whose neighbours are neighbours in memory: the outer one here.
// CHECK-LABEL: .visible .entry columns_1(
// CHECK: ld.param.b64 [[FIRST:%rd[0-9]+]], [{{.*}}+8];
// CHECK: mov.u32 [[THREAD:%r[0-9]+]], %tid.y;
// CHECK: mad.lo.s32 [[Y:%r[0-9]+]], {{.*}}, [[THREAD]];
// CHECK-NEXT: cvt.u64.u32 [[ID:%rd[0-9]+]], [[Y]];
// CHECK-NEXT: add.s64 {{%rd[0-9]+}}, [[FIRST]], [[ID]];
int grid[300][500];
void columns(int rows, int by) {
  for (int j = 0; j < 500; j++)
    for (int i = 0; i < rows; i++)
      grid[i][j] *= by;
}

// Variables are reached through addresses in the block, behind the context.
// CHECK-LABEL: .visible .entry weigh_3(
// CHECK: [[WEIGHTS]]
static const int weights[8] = {3, 1, 4, 1, 5, 9, 2, 6};
int scale;
void weigh(int *restrict a, const unsigned char *restrict b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = weights[b[i] & 7] * scale;
}

// CHECK-LABEL: .visible .entry slice_4(
// CHECK: div.rn.f32
// CHECK: cvt.rmi.f32.f32
void slice(float *restrict a, const float *restrict b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = floorf(b[i] / 3);
}

// Where a root has none, the error goes where 64 in the block leads.
// CHECK-LABEL: .visible .entry roots_5(
// CHECK-DAG: ld.param.b64 [[ERROR:%rd[0-9]+]], [{{.*}}+64];
// CHECK-DAG: sqrt.rn.f64
// CHECK-DAG: setp.{{.*}}.f64
// CHECK: st.global.b32 {{.*}}, 33;
void roots(double *restrict a, const double *restrict b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = sqrt(b[i]);
}

// One sum for each thread, at 56 in the block; another kernel adds them up.
// CHECK-LABEL: .visible .entry sum_6(
// CHECK: ld.param.b64 {{%rd[0-9]+}}, [{{.*}}+56];
// CHECK: st.global.b32
// CHECK-LABEL: .visible .entry sum_6_combine(
// CHECK-NEXT: .param .align 16 .b8 sum_6_combine_param_0[24]
int sum(const int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}

// What does not fit becomes the least integer.
// CHECK-LABEL: .visible .entry convert_7(
// CHECK-DAG: cvt.rzi.s32.f64
// CHECK-DAG: setp.gt.f64 {{.*}}, 0dC1E0000000200000
// CHECK-DAG: setp.lt.f64 {{.*}}, 0d41E0000000000000
// CHECK: selp.b32 {{.*}}, -2147483648
void convert(int *restrict a, const double *restrict b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = b[i];
}
