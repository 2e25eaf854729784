; A loop that goes down columns: neighbouring ones run together, and the vectoriser is
; told that they do not meet.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define internal void @scale.ferry.jammed(
; CHECK: load double, {{.*}} !alias.scope [[S0:![0-9]+]]{{.*}}!noalias [[N0:![0-9]+]]
; CHECK: store double {{.*}} !alias.scope [[S0]]{{.*}}!noalias [[N0]]
; CHECK-COUNT-7: store double {{.*}} !noalias
; CHECK: store double {{.*}}, ptr %{{[^,]*}}, align 8{{(, !llvm.access.group ![0-9]+)?$}}
; CHECK: ret void
; Eight scopes, and each iteration is apart from the seven others.
; CHECK: [[S0]] = !{[[SCOPE:![0-9]+]]}
; CHECK: [[N0]] = !{!{{[0-9]+}}, !{{[0-9]+}}, !{{[0-9]+}}, !{{[0-9]+}}, !{{[0-9]+}}, !{{[0-9]+}}, !{{[0-9]+}}}
define void @scale(ptr %a, ptr %c, i64 %n, i64 %m) {
entry:
  br label %column
column:
  %j = phi i64 [ 0, %entry ], [ %j.next, %latch ]
  br label %down
down:
  %i = phi i64 [ 0, %column ], [ %i.next, %down ]
  %row = mul nsw i64 %i, %n
  %at = add nsw i64 %row, %j
  %pa = getelementptr inbounds double, ptr %a, i64 %at
  %va = load double, ptr %pa
  %pc = getelementptr inbounds double, ptr %c, i64 %i
  %vc = load double, ptr %pc
  %v = fmul double %va, %vc
  store double %v, ptr %pa
  %i.next = add nuw nsw i64 %i, 1
  %i.more = icmp slt i64 %i.next, %m
  br i1 %i.more, label %down, label %latch
latch:
  %j.next = add nuw nsw i64 %j, 1
  %j.more = icmp slt i64 %j.next, %n
  br i1 %j.more, label %column, label %exit
exit:
  ret void
}
