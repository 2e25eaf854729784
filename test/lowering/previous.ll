; A worker that begins after iteration 0 loads what the iteration before loaded,
; another one takes the start value, which happens to come first in the context.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define internal void @neighbours.ferry(
; CHECK:       [[LO:%lo[0-9]*]] = load i64, ptr %lo
; CHECK:       [[LATER:%[0-9]+]] = icmp sgt i64 [[LO]], 0
; CHECK:       [[AT:%.+]] = getelementptr double, ptr %b, i64 [[LO]]
; CHECK:       [[FROM:%.+]] = select i1 [[LATER]], ptr [[AT]], ptr %context
; CHECK-NEXT:  %before.start = load double, ptr [[FROM]]
; CHECK:       loop:
; CHECK:       %before = phi double [ %before.start, %entry ], [ %x, %loop ]
define void @neighbours(ptr %a, ptr %b, i64 %n) {
entry:
  %first = load double, ptr %b
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %before = phi double [ %first, %entry ], [ %x, %loop ]
  %next = add i64 %i, 1
  %q = getelementptr double, ptr %b, i64 %next
  %x = load double, ptr %q
  %sum = fadd double %before, %x
  %p = getelementptr double, ptr %a, i64 %i
  store double %sum, ptr %p
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
