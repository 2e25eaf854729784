; A worker runs the iterations lo <= i < hi of a box: the counters start at lo,
; whatever start and step the program gave them. Where neighbouring iterations
; touch neighbouring elements it promises that they do not meet; elsewhere, as
; in the first function, the promise would only lead to gathers and scatters.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define internal void @down.ferry(ptr noalias readonly %context, ptr noalias readonly %lo, ptr noalias readonly %hi, ptr %partial)
; CHECK-DAG:   %end = load ptr, ptr %context
; CHECK-DAG:   [[LO:%lo[0-9]*]] = load i64, ptr %lo
; CHECK-DAG:   [[HI:%hi[0-9]*]] = load i64, ptr %hi
; CHECK:       [[BYTES:%[0-9]+]] = mul i64 [[LO]], -8
; CHECK-NEXT:  [[START:%[0-9]+]] = getelementptr i8, ptr %end, i64 [[BYTES]]
; CHECK:      loop:
; CHECK-NEXT:  %ferry.i = phi i64 [ [[LO]], %entry ], [ %ferry.next, %loop ]
; CHECK:       %p = phi ptr [ [[START]], %entry ], [ %q, %loop ]
; CHECK:       store i16 7, ptr %q, align 2
; CHECK:       %ferry.next = add nuw nsw i64 %ferry.i, 1
; CHECK-NEXT:  [[MORE:%[0-9]+]] = icmp slt i64 %ferry.next, [[HI]]
; CHECK-NEXT:  br i1 [[MORE]], label %loop, label %exit{{$}}
; CHECK:      exit:
; CHECK-NEXT:  ret void
define void @down(ptr %end, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = phi ptr [ %end, %entry ], [ %q, %loop ]
  %q = getelementptr i8, ptr %p, i64 -8
  store i16 7, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Two dims: both have bounds and both are parallel; the inner counter starts
; at its lo again in each row.
; CHECK-LABEL: define internal void @fill.ferry(
; CHECK-DAG:   [[LO0:%lo[0-9]*]] = load i64, ptr %lo,
; CHECK-DAG:   [[HI0:%hi[0-9]*]] = load i64, ptr %hi,
; CHECK-DAG:   [[AT:%[0-9]+]] = getelementptr i8, ptr %lo, i64 8
; CHECK-DAG:   [[LO1:%lo[0-9]*]] = load i64, ptr [[AT]],
; CHECK-DAG:   [[TO:%[0-9]+]] = getelementptr i8, ptr %hi, i64 8
; CHECK-DAG:   [[HI1:%hi[0-9]*]] = load i64, ptr [[TO]],
; CHECK:      rows:
; CHECK:       phi i64 [ [[LO0]], %entry ]
; CHECK:      columns:
; CHECK:       phi i64 [ [[LO1]], %rows ]
; CHECK:       store i32 1, {{.*}}, !llvm.access.group [[GROUP:![0-9]+]]
; CHECK:       icmp slt i64 %{{.*}}, [[HI1]]
; CHECK-NEXT:  br {{.*}} label %columns, {{.*}} !llvm.loop [[INNER:![0-9]+]]
; CHECK:       icmp slt i64 %{{.*}}, [[HI0]]
; CHECK-NEXT:  br {{.*}} label %rows, label %exit{{$}}
define void @fill(ptr %a, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 1, ptr %p
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

; Twin: an inner loop that runs in order promises nothing.
; CHECK-LABEL: define internal void @running.ferry(
; CHECK:      columns:
; CHECK:       br i1 {{.*}}, label %rows.end, label %columns{{$}}
; CHECK:       br {{.*}} label %rows, label %exit{{$}}
define void @running(ptr %a, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %p = getelementptr i32, ptr %a, i64 %index
  %x = load i32, ptr %p
  %q = getelementptr i32, ptr %p, i64 1
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

; CHECK-DAG: [[GROUP]] = distinct !{}
; CHECK-DAG: [[INNER]] = distinct !{[[INNER]], [[PROMISE:![0-9]+]]}
; CHECK-DAG: [[PROMISE]] = !{!"llvm.loop.parallel_accesses", [[GROUP]]}
