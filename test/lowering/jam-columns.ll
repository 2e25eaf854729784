; Sums over columns, which lie side by side, are to become vectors.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define internal void @columns.ferry.jammed(
; CHECK-COUNT-16: phi double
; CHECK-COUNT-16: fadd double
; CHECK-NOT: arithmetic.fence
define void @columns(ptr %y, ptr %a, ptr %x, i64 %n, i64 %m) {
entry:
  br label %row
row:
  %i = phi i64 [ 0, %entry ], [ %i.next, %latch ]
  br label %column
column:
  %j = phi i64 [ 0, %row ], [ %j.next, %column ]
  %s = phi double [ 0.0, %row ], [ %s.next, %column ]
  %below = mul nsw i64 %j, %n
  %at = add nsw i64 %below, %i
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
