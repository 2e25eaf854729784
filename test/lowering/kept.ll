; The largest element and its index: workers begin with the value before the loop,
; and a later box replaces both where its element would have.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; The last field says that a box has run.
; CHECK: @ferry.identity = private constant { double, i64, i8 } zeroinitializer
; flag 8: in order
; CHECK: @ferry.site = internal global {{.*}} { i32 8, i32 8, {{.*}} i64 24, i64 {{[0-9]+}}, i64 -1, ptr null, ptr null, i32 0, i32 0, ptr null }

; CHECK-LABEL: define internal void @largest.ferry({{.*}}, ptr noalias %partial)
; CHECK:       [[BEGUN:%[0-9]+]] = load i8, ptr
; CHECK:       [[FRESH:%.+]] = icmp eq i8 [[BEGUN]], 0
; CHECK:       [[START:%[0-9]+]] = select i1 [[FRESH]], double %start, double
; CHECK:       %m = phi double [ [[START]], %entry ], [ %m.next, %loop ]
; CHECK:       exit:
; CHECK:       store double %m.next, ptr %partial
; CHECK:       store i64 %k.next, ptr
; CHECK:       store i8 1, ptr

; CHECK-LABEL: define internal void @largest.ferry.combine(ptr %0, ptr %1)
; CHECK:       [[MORE:%[0-9]+]] = fcmp ogt double [[FROM:%[0-9]+]], [[INTO:%[0-9]+]]
; CHECK:       [[TAKES:%[0-9]+]] = and i1 {{.*}}, [[MORE]]
; CHECK-NEXT:  select i1 [[TAKES]], double [[FROM]], double [[INTO]]
define double @largest(ptr %a, i64 %n, double %start, ptr %at) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %k = phi i64 [ 0, %entry ], [ %k.next, %loop ]
  %m = phi double [ %start, %entry ], [ %m.next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %more = fcmp ogt double %x, %m
  %m.next = select i1 %more, double %x, double %m
  %k.next = select i1 %more, i64 %i, i64 %k
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  %k.out = phi i64 [ %k.next, %loop ]
  %m.out = phi double [ %m.next, %loop ]
  store i64 %k.out, ptr %at
  ret double %m.out
}

; CHECK-LABEL: define internal preserve_mostcc { i32, double, i64 } @largest.ferry.ask(
; CHECK:       store double %0, ptr
; CHECK:       store i64 0, ptr
; CHECK:       store i8 1, ptr
; CHECK:       call i32 @__ferry_launch_v1(
