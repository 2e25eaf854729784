; The worker has the code of the function that the loop calls; the loop itself
; goes on calling it, and nothing is left of the copy that was described.
; RUN: %ferry_opt -passes='ferry<threshold=0>,verify' -S %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define void @each(
; CHECK-NOT: choice
; CHECK: ferry.serial:
; CHECK-NEXT: br label %[[ORIGINAL:.*]]
; CHECK: call {{.*}} @each.ferry.ask(
; CHECK-NOT: store
; CHECK: loop:
; CHECK-SAME: preds = %[[ORIGINAL]], %loop
; CHECK-NOT: store
; CHECK: call void @put(ptr %p, i32 7)
; CHECK-NOT: store
; CHECK: ret void
define void @each(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  call void @put(ptr %p, i32 7)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

define internal void @put(ptr %to, i32 %x) noinline nounwind {
  store i32 %x, ptr %to
  ret void
}

; Its loop is worth nothing, so this stays as it was, with the branch that the
; optimiser would remove.
; CHECK-LABEL: define void @stays(
; CHECK-NEXT: entry:
; CHECK-NEXT:   br label %odd
; CHECK: odd:
; CHECK: call void @keep(ptr @g, i32 7)
define void @stays(ptr %a, i64 %n) {
entry:
  br label %odd
odd:
  br label %loop
loop:
  %i = phi i64 [ 0, %odd ], [ %next, %loop ]
  call void @keep(ptr @g, i32 7)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
@g = global i32 0
define internal void @keep(ptr %to, i32 %x) noinline nounwind {
  %old = load volatile i32, ptr %to
  store i32 %x, ptr %to
  ret void
}

; CHECK-LABEL: define internal void @each.ferry(
; CHECK-NOT: call {{.*}}@put
; CHECK: store i32 7
; CHECK-NOT: call {{.*}}@put
; CHECK: ret void
; CHECK-NOT: ferry.choice
