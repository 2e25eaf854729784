// Large arrays that an offloaded loop uses begin with a cache line; small ones, and
// those of other files or with a place of their own, stay as they are.
// RUN: %ferrycc -O2 -S -emit-llvm -o - %s | %filecheck %s
static float large[4096], small[16];
extern float elsewhere[4096];
__attribute__((section("kept"))) float placed[4096] = {1};
float weak[4096] __attribute__((weak));
// CHECK-DAG: @large = internal {{.*}} align 64
// CHECK-DAG: @small = internal {{.*}} align 16
// CHECK-DAG: @elsewhere = external {{.*}} align 16
// CHECK-DAG: @placed = {{.*}} section "kept", align 16
// CHECK-DAG: @weak = weak {{.*}} align 16

// CHECK: call {{.*}} @__ferry_launch_v1(
void scale(int n) {
  for (int i = 0; i < n; i++)
    large[i] = small[i & 15] * elsewhere[i] + placed[i] * weak[i] + i;
}

void set(int i) { small[i & 15] = i; }
float get(int i) { return large[i]; }
