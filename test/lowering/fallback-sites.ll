; The outer loop may prove dependent at run time: then it runs where it was, and
; the loop inside of it has a site of its own there. Workers have none.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define void @rows(
; CHECK:       call preserve_mostcc { i32 } @rows.ferry.ask(
; CHECK:      rows:
; CHECK:       br i1 %{{.*}}, label %[[LAUNCH:ferry.launch[0-9]*]], label %[[SERIAL:ferry.serial[0-9]*]]
; CHECK:      [[SERIAL]]:
; CHECK-NEXT:  br label %columns
; CHECK:      [[LAUNCH]]:
; CHECK-NEXT:  call preserve_mostcc { i32 } @[[ASK:rows.ferry.ask.[0-9]+]](
; CHECK:      columns:
; CHECK:       store i32 %x, ptr %q

; CHECK:      define internal void @rows.ferry(
; CHECK-NOT:   ask
; CHECK:       store i32 %x, ptr %q{{.*}} !llvm.access.group
; CHECK-NOT:   ask
; The inner site gives row i of the outer box to the same worker.
; CHECK:      define internal void @rows.ferry.inner(
; CHECK:       getelementptr i64, ptr %lo, i64 0
; CHECK-NEXT:  load i64
; CHECK:       getelementptr i64, ptr %hi, i64 0
; CHECK-NEXT:  load i64
; CHECK:       call void @rows.ferry(ptr %context,
; CHECK-NEXT:  ret void

; CHECK:      define internal preserve_mostcc { i32 } @rows.ferry.ask(
; CHECK:       call i32 @__ferry_launch_v1(ptr @ferry.site,
; CHECK:      define internal preserve_mostcc { i32 } @[[ASK]](
; CHECK:       call i32 @__ferry_launch_v1(ptr @ferry.site.{{[0-9]+}},
define void @rows(ptr %a, ptr %b, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %p = getelementptr i32, ptr %b, i64 %index
  %x = load i32, ptr %p
  %q = getelementptr i32, ptr %a, i64 %index
  store i32 %x, ptr %q
  %j.next = add i64 %j, 1
  %j.end = icmp eq i64 %j.next, %m
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}
