; The sums of a triangle: the loop inside of the parallel one is interleaved, if the
; runtime finds that it may be. What lies outside of it does not count (7, FERRY_LOW).
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK: @ferry.site = {{.*}} i32 3, i32 1, i32 4, {{.*}} ptr @triangle.ferry, ptr @triangle.ferry.jammed, ptr @[[KINDS:ferry.kinds[.0-9]*]], i32 1, ptr null,
; CHECK: @[[KINDS]] = private constant [4 x i8] c"\07\00\00\01"

; CHECK-LABEL: define internal void @triangle.ferry(
; CHECK-COUNT-1: fadd double
; CHECK-NOT:   fadd double
; CHECK:       ret void

; CHECK-LABEL: define internal void @triangle.ferry.jammed(
; CHECK-COUNT-8: phi double
; CHECK-COUNT-8: fadd double
; CHECK-COUNT-8: store double
; CHECK-NOT:   ferry.inner
define void @triangle(ptr %c, ptr %d, ptr %a, ptr %b, i64 %n, i64 %m) {
entry:
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %i.next, %latch ]
  %len = add nuw nsw i64 %i, 1
  %first = mul nsw i64 %i, %n
  %pd = getelementptr inbounds double, ptr %d, i64 %i
  store double 0.0, ptr %pd
  br label %column
column:
  %j = phi i64 [ 0, %row ], [ %j.next, %after ]
  %row.j = mul nsw i64 %j, %m
  br label %sum
sum:
  %k = phi i64 [ 0, %column ], [ %k.next, %sum ]
  %s = phi double [ 0.0, %column ], [ %s.next, %sum ]
  %ab = add nsw i64 %row.j, %k
  %pa = getelementptr inbounds double, ptr %a, i64 %ab
  %va = load double, ptr %pa
  %pb = getelementptr inbounds double, ptr %b, i64 %k
  %vb = load double, ptr %pb
  %v = fmul double %va, %vb
  %s.next = fadd double %s, %v
  %k.next = add nuw nsw i64 %k, 1
  %k.more = icmp slt i64 %k.next, %m
  br i1 %k.more, label %sum, label %after
after:
  %cc = add nsw i64 %first, %j
  %pc = getelementptr inbounds double, ptr %c, i64 %cc
  store double %s.next, ptr %pc
  %j.next = add nuw nsw i64 %j, 1
  %j.more = icmp ult i64 %j.next, %len
  br i1 %j.more, label %column, label %latch
latch:
  %i.next = add nuw nsw i64 %i, 1
  %i.more = icmp slt i64 %i.next, %n
  br i1 %i.more, label %row, label %exit
exit:
  ret void
}
