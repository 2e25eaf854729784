; Loops with the same body share a worker, though each asks about its own memory.
; Those differ that promise other things, compute with other flags or other constants.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK: @ferry.site = internal global {{.*}} ptr @one.ferry,
; CHECK: @ferry.site.{{[0-9]+}} = internal global {{.*}} ptr @one.ferry,
; CHECK: @ferry.site.{{[0-9]+}} = internal global {{.*}} ptr @[[FLAG:flag.ferry]],
; CHECK: @ferry.site.{{[0-9]+}} = internal global {{.*}} ptr @[[TYPE:type.ferry]],
; CHECK: @ferry.site.{{[0-9]+}} = internal global {{.*}} ptr @[[CONSTANT:constant.ferry]],
; CHECK: define internal void @one.ferry(
; CHECK-NOT: define internal void @two.ferry(
; CHECK: define internal void @[[FLAG]](
; CHECK: define internal void @[[TYPE]](
; CHECK: define internal void @[[CONSTANT]](
define void @one(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr float, ptr %a, i64 %i
  %x = load float, ptr %p, !tbaa !0
  %y = fmul float %x, 2.0
  store float %y, ptr %p, !tbaa !0
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
define void @two(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr float, ptr %a, i64 %i
  %x = load float, ptr %p, !tbaa !0
  %y = fmul float %x, 2.0
  store float %y, ptr %p, !tbaa !0
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
define void @flag(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr float, ptr %a, i64 %i
  %x = load float, ptr %p, !tbaa !0
  %y = fmul ninf float %x, 2.0
  store float %y, ptr %p, !tbaa !0
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
define void @type(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr float, ptr %a, i64 %i
  %x = load float, ptr %p, !tbaa !3
  %y = fmul float %x, 2.0
  store float %y, ptr %p, !tbaa !0
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
define void @constant(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr float, ptr %a, i64 %i
  %x = load float, ptr %p, !tbaa !0
  %y = fmul float %x, 3.0
  store float %y, ptr %p, !tbaa !0
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
!0 = !{!1, !1, i64 0}
!1 = !{!"float", !2, i64 0}
!2 = !{!"root"}
!3 = !{!4, !4, i64 0}
!4 = !{!"other", !2, i64 0}
