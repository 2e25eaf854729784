; A small nest with a site inside runs as a copy without sites: no guard in each
; iteration, and nothing there that could write. What it is compared with is the
; threshold of the program, which no site raises.
; RUN: %ferry_opt -passes='ferry<threshold=0>,verify,function(dce)' -S %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define i64 @rows(
; CHECK:      [[LIMIT:%[0-9]+]] = load atomic i64, ptr @__ferry_limit monotonic
; CHECK-NEXT: [[SMALL:%[0-9]+]] = icmp sle i64 [[UNITS:%[0-9]+]], [[LIMIT]]
; CHECK-NEXT: br i1 [[SMALL]], label %copy, label %[[ORIGINAL:[a-z0-9.]+]]
; CHECK:      copy:
; CHECK-NOT:  @ferry.site
; CHECK:      store i32
; CHECK-NOT:  @ferry.site
; CHECK:      [[ORIGINAL]]:
; CHECK:      icmp sgt i64 [[UNITS]],
; CHECK:      call preserve_mostcc { i32 } @rows.ferry.ask(
; CHECK:      call preserve_mostcc { i32 } @rows.ferry.ask.
; What the loop leaves behind comes from either.
; CHECK:      exit:
; CHECK-NEXT: %left = phi i64 [ %i.next, %rows.end ], [ %i.next.copy, %rows.end.copy ], [
define i64 @rows(ptr %a, ptr %b, i64 %n, i64 %m) {
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
  %left = phi i64 [ %i.next, %rows.end ]
  ret i64 %left
}

; Not where rows may be longer than what is guessed before each is seen.
; CHECK-LABEL: define void @unknown(
; CHECK-NOT:  @__ferry_limit
; CHECK:      call preserve_mostcc { i32 } @unknown.ferry.ask
; CHECK-NOT:  @__ferry_limit
; CHECK:      ret void
define void @unknown(ptr %a, ptr %length, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = getelementptr [64 x i32], ptr %a, i64 %i
  %where = getelementptr i32, ptr %length, i64 %i
  %short = load i32, ptr %where
  %m = and i32 %short, 63
  br label %columns
columns:
  %j = phi i32 [ 0, %rows ], [ %j.next, %columns ]
  %wide = zext i32 %j to i64
  %q = getelementptr i32, ptr %row, i64 %wide
  store i32 7, ptr %q
  %j.next = add nuw nsw i32 %j, 1
  %more = icmp ult i32 %j, %m
  br i1 %more, label %columns, label %rows.end
rows.end:
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}
