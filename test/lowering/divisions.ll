; The guard of a loop with a step that is no constant does not divide: it compares what
; the trips cannot exceed. The rest is for f.ferry.ask, which asks again.
; RUN: %ferry_opt -passes='ferry<threshold=0>,verify,function(dce)' -S %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define void @spread(
; CHECK-NOT: {{[us]}}div
; CHECK: [[LEAST:%[0-9]+]] = load atomic i64, {{.*}} @ferry.site,
; CHECK: icmp sgt i64 %{{[0-9]+}}, [[LEAST]]
; CHECK-NOT: {{[us]}}div
; CHECK-LABEL: define internal preserve_mostcc { i32 } @spread.ferry.ask(
; CHECK: alloca
; CHECK: [[TRIPS:%[0-9]+]] = freeze i64
; CHECK: [[UNITS:%[0-9]+]] = call i64 @llvm.umin.i64(i64 [[TRIPS]],
; CHECK: [[MIN:%[0-9]+]] = load atomic i64, {{.*}} @ferry.site,
; CHECK: [[MORE:%[0-9]+]] = icmp sgt i64 [[UNITS]], [[MIN]]
; CHECK: br i1 [[MORE]], label %go, label %stay
; CHECK: go:
; CHECK: call i32 @__ferry_launch_v1(
; CHECK: stay:
; CHECK-NEXT: ret { i32 } { i32 1 }
define void @spread(ptr %a, i64 %n, i64 %step) {
entry:
  %ok = icmp sgt i64 %step, 0
  %some = icmp sgt i64 %n, 0
  %both = and i1 %ok, %some
  br i1 %both, label %loop, label %exit
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr inbounds double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = fmul double %x, 2.0
  store double %y, ptr %p
  %next = add nuw nsw i64 %i, %step
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}
