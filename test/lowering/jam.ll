; Sums whose order counts: a second worker runs eight rows together, each in its own
; order. A sum that may be reassociated needs none. Where the target may fuse products
; with sums, iterations that share a product would not be what each is alone.
; Rows lie apart: the vectoriser must not gather from them.
; RUN: %lower %s | %filecheck %s
; RUN: %lower %s | %filecheck --check-prefix=APART %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK: @ferry.site = {{.*}} ptr @rows.ferry, ptr @rows.ferry.jammed, ptr null,
; CHECK: @ferry.site{{.*}} ptr @fast.ferry, ptr null, ptr null,
; CHECK: @ferry.site{{.*}} ptr @fused.ferry, ptr null, ptr null,

; APART-LABEL:   define internal void @rows.ferry.jammed(
; APART-COUNT-8: call double @llvm.arithmetic.fence.f64(
; APART-NOT:     call double @llvm.arithmetic.fence.f64(

; The plain worker has nothing of it.
; CHECK-LABEL: define internal void @rows.ferry(
; CHECK-COUNT-1: fadd double
; CHECK-NOT:   fadd double

; CHECK-LABEL: define internal void @rows.ferry.jammed(
; CHECK-COUNT-8: phi double
; CHECK-COUNT-8: fadd double
; CHECK-COUNT-8: store double
; What is left over:
; CHECK:       phi double
; CHECK:       fadd double
; CHECK-NOT:   fadd double
; CHECK-NOT:   ferry.parallel
define void @rows(ptr %y, ptr %a, ptr %x, i64 %n, i64 %m) {
entry:
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %i.next, %latch ]
  %first = mul nsw i64 %i, %m
  br label %column
column:
  %j = phi i64 [ 0, %row ], [ %j.next, %column ]
  %s = phi double [ 0.0, %row ], [ %s.next, %column ]
  %at = add nsw i64 %first, %j
  %pa = getelementptr inbounds double, ptr %a, i64 %at
  %va = load double, ptr %pa
  %px = getelementptr inbounds double, ptr %x, i64 %j
  %vx = load double, ptr %px
  %v = fmul double %va, %vx
  %s.next = fadd double %s, %v
  %j.next = add nuw nsw i64 %j, 1
  %j.more = icmp slt i64 %j.next, %m
  br i1 %j.more, label %column, label %latch
latch:
  %py = getelementptr inbounds double, ptr %y, i64 %i
  store double %s.next, ptr %py
  %i.next = add nuw nsw i64 %i, 1
  %i.more = icmp slt i64 %i.next, %n
  br i1 %i.more, label %row, label %exit
exit:
  ret void
}

define void @fast(ptr %y, ptr %a, ptr %x, i64 %n, i64 %m) {
entry:
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %i.next, %latch ]
  %first = mul nsw i64 %i, %m
  br label %column
column:
  %j = phi i64 [ 0, %row ], [ %j.next, %column ]
  %s = phi double [ 0.0, %row ], [ %s.next, %column ]
  %at = add nsw i64 %first, %j
  %pa = getelementptr inbounds double, ptr %a, i64 %at
  %va = load double, ptr %pa
  %px = getelementptr inbounds double, ptr %x, i64 %j
  %vx = load double, ptr %px
  %v = fmul double %va, %vx
  %s.next = fadd reassoc double %s, %v
  %j.next = add nuw nsw i64 %j, 1
  %j.more = icmp slt i64 %j.next, %m
  br i1 %j.more, label %column, label %latch
latch:
  %py = getelementptr inbounds double, ptr %y, i64 %i
  store double %s.next, ptr %py
  %i.next = add nuw nsw i64 %i, 1
  %i.more = icmp slt i64 %i.next, %n
  br i1 %i.more, label %row, label %exit
exit:
  ret void
}

define void @fused(ptr %y, ptr %a, ptr %x, i64 %n, i64 %m) {
entry:
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %i.next, %latch ]
  %first = mul nsw i64 %i, %m
  br label %column
column:
  %j = phi i64 [ 0, %row ], [ %j.next, %column ]
  %s = phi double [ 0.0, %row ], [ %s.next, %column ]
  %at = add nsw i64 %first, %j
  %pa = getelementptr inbounds double, ptr %a, i64 %at
  %va = load double, ptr %pa
  %px = getelementptr inbounds double, ptr %x, i64 %j
  %vx = load double, ptr %px
  %v = fmul contract double %va, %vx
  %s.next = fadd contract double %s, %v
  %j.next = add nuw nsw i64 %j, 1
  %j.more = icmp slt i64 %j.next, %m
  br i1 %j.more, label %column, label %latch
latch:
  %py = getelementptr inbounds double, ptr %y, i64 %i
  store double %s.next, ptr %py
  %i.next = add nuw nsw i64 %i, 1
  %i.more = icmp slt i64 %i.next, %n
  br i1 %i.more, label %row, label %exit
exit:
  ret void
}
