; Partial results start at the identity of their operation and are put together
; by a function of their own; the result replaces the loop's.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK: @ferry.identity = private constant { i64, i16, double } { i64 0, i16 -32768, double -0.000000e+00 }
; record of 24 bytes; flag 8: double needs the order of dim 0
; CHECK: @ferry.site = internal global {{.*}} { i32 8, i32 8, {{.*}} ptr @three.ferry, ptr null, ptr null, i32 0, ptr null, ptr null, ptr null, i32 0, i32 0, ptr @ferry.identity, ptr @three.ferry.combine, i64 24, i64 {{[0-9]+}}, i64 -1, ptr null, ptr null, i32 0, i32 0, ptr null }

; CHECK-LABEL: define double @three(
; CHECK:      ferry.launch:
; CHECK-NEXT:  [[ANSWER:%[0-9]+]] = call preserve_mostcc { i32, i64, i16, double } @three.ferry.ask(
; CHECK:      ferry.done:
; CHECK-NEXT:  [[SUM:%[0-9]+]] = extractvalue { i32, i64, i16, double } [[ANSWER]], 1
; CHECK-NEXT:  [[MAX:%[0-9]+]] = extractvalue { i32, i64, i16, double } [[ANSWER]], 2
; CHECK-NEXT:  [[PRODUCT:%[0-9]+]] = extractvalue { i32, i64, i16, double } [[ANSWER]], 3
; CHECK:      exit:
; CHECK-DAG:   phi i64 [ %s.next, %loop ], [ [[SUM]], %ferry.done ]
; CHECK-DAG:   phi i16 [ %m.next, %loop ], [ [[MAX]], %ferry.done ]
; CHECK-DAG:   phi double [ %d.next, %loop ], [ [[PRODUCT]], %ferry.done ]

; The worker goes on from the record, and the sum may wrap otherwise than the
; program's.
; CHECK-LABEL: define internal void @three.ferry({{.*}}, ptr noalias %partial)
; CHECK:       [[S0:%[0-9]+]] = load i64, ptr %partial
; CHECK:      loop:
; CHECK:       %s = phi i64 [ [[S0]], %entry ], [ %s.next, %loop ]
; CHECK:       %s.next = add i64 %s, %
; CHECK:      exit:
; CHECK:       store i64 %s.next, ptr %partial

; CHECK-LABEL: define internal void @three.ferry.combine(ptr %0, ptr %1)
; CHECK:       add i64
; CHECK:       call i16 @llvm.smax.i16(
; CHECK:       fadd reassoc nsz double
declare i16 @llvm.smax.i16(i16, i16)
define double @three(ptr %a, i64 %n, i64 %start) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i64 [ %start, %entry ], [ %s.next, %loop ]
  %m = phi i16 [ -5, %entry ], [ %m.next, %loop ]
  %d = phi double [ 1.0, %entry ], [ %d.next, %loop ]
  %p = getelementptr i16, ptr %a, i64 %i
  %x = load i16, ptr %p
  %wide = zext i16 %x to i64
  %float = uitofp i16 %x to double
  %s.next = add nuw nsw i64 %s, %wide
  %m.next = call i16 @llvm.smax.i16(i16 %m, i16 %x)
  %d.next = fadd reassoc nsz double %d, %float
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  %s.out = phi i64 [ %s.next, %loop ]
  %m.out = phi i16 [ %m.next, %loop ]
  %d.out = phi double [ %d.next, %loop ]
  %f = sitofp i64 %s.out to double
  %g = sitofp i16 %m.out to double
  %h = fadd double %f, %g
  %r = fadd double %h, %d.out
  ret double %r
}

; The record holds the start values before the launch and the results after it.
; CHECK-LABEL: define internal preserve_mostcc { i32, i64, i16, double } @three.ferry.ask(ptr %0, i64 %1, i64 %2, i64 %3)
; CHECK:       %partial = alloca { i64, i16, double }
; CHECK:       store i64 %2, ptr
; CHECK:       store i16 -5, ptr
; CHECK:       store double 1.000000e+00, ptr
; CHECK:       call i32 @__ferry_launch_v1(ptr @ferry.site, ptr %context, ptr %numbers, ptr %partial,
; CHECK:       [[SUM:%[0-9]+]] = load i64, ptr
; CHECK-NEXT:  insertvalue { i32, i64, i16, double } %{{[0-9]+}}, i64 [[SUM]], 1
; CHECK:       [[MAX:%[0-9]+]] = load i16, ptr
; CHECK-NEXT:  insertvalue { i32, i64, i16, double } %{{[0-9]+}}, i16 [[MAX]], 2
; CHECK:       [[PRODUCT:%[0-9]+]] = load double, ptr
; CHECK-NEXT:  insertvalue { i32, i64, i16, double } %{{[0-9]+}}, double [[PRODUCT]], 3
