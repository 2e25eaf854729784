// The stage of a factorisation that solves the rest of a row goes in strips between two
// questions, several columns at a time, with one load of what they share. The stage
// before it, whose columns need each other, does not.
// RUN: %ferrycc -O2 -S -emit-llvm -o - %s | %filecheck %s

// Dims: rows, columns before the diagonal, sum, columns from there on, sum.
// CHECK: @ferry.site = {{.*}}, ptr @ferry.stages, ptr @ferry.kinds{{[.0-9]*}}, i32 3, i32 16,

// CHECK-LABEL: define internal void @lu.ferry.doacross(
// CHECK: call i64 %{{[0-9]+}}(ptr {{[^,]*}}, i32 1, i64
// CHECK-NOT: !noalias
// CHECK: fdiv double
// CHECK: call i64 %{{[0-9]+}}(ptr {{[^,]*}}, i32 3, i64
// CHECK: load double, {{.*}} !alias.scope
// CHECK: load <2 x double>, {{.*}} !alias.scope
// CHECK-NOT: load double
// CHECK-COUNT-8: store <2 x double>
// CHECK: ret void
void lu(int n, double (*a)[2000]) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++)
        a[i][j] -= a[i][k] * a[k][j];
      a[i][j] /= a[j][j];
    }
    for (int j = i; j < n; j++)
      for (int k = 0; k < i; k++)
        a[i][j] -= a[i][k] * a[k][j];
  }
}
