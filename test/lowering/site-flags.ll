; What the runtime is told about a site.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"
declare double @sqrt(double)
@a = internal global [1000 x i32] zeroinitializer

; 1: independent, known when compiled
; CHECK: @ferry.site = internal global {{.*}} { i32 8, i32 1, {{.*}} ptr @independent.ferry,
define void @independent() {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr @a, i64 %i
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 1000
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; 2: may set errno
; CHECK: @ferry.site.{{[0-9]+}} = internal global {{.*}} { i32 8, i32 2, {{.*}} ptr @roots.ferry,
define void @roots(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @sqrt(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; 4 + 32: later iterations have more to do, and pieces may run one after the other;
; two dims, one of them parallel
; CHECK: @ferry.site.{{[0-9]+}} = internal global {{.*}} { i32 8, i32 36, {{.*}} i32 2, i32 1, i32 1, i32 {{[0-9]+}}, ptr @{{.*}}, ptr null, ptr @triangle.ferry,
define void @triangle(ptr %a, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %i.next = add nuw nsw i64 %i, 1
  %row = mul i64 %i, %n
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %j.next = add nuw nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %i.next
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; kinds: a read, a write, and an unsigned sum that must not wrap
; CHECK: @ferry.kinds.{{[0-9]+}} = private constant [3 x i8] c"\00\01\03"
; CHECK: @ferry.site.{{[0-9]+}} = internal global {{.*}} { i32 8, i32 32, {{.*}} i32 1, i32 1, i32 3, i32 {{[0-9]+}}, ptr @{{.*}}, ptr null, ptr @window.ferry,
define void @window(ptr %a, ptr %b, i32 %from, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %narrow = trunc i64 %i to i32
  %sum = add i32 %from, %narrow
  %index = zext i32 %sum to i64
  %p = getelementptr i32, ptr %a, i64 %index
  %x = load i32, ptr %p
  %q = getelementptr i32, ptr %b, i64 %i
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
