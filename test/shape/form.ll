; How a loop may end, and what it may carry along.
; RUN: %shape

; To a bound known before.
; CHECK-LABEL: shapes of 'counted':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @counted(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: or until it finds something.
; CHECK-LABEL: shapes of 'search':
; CHECK-NEXT:   loop %loop: refused [early-exit]
define void @search(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %again ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %found = icmp eq i32 %x, 0
  br i1 %found, label %exit, label %again
again:
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a bound that is loaded again.
; CHECK-LABEL: shapes of 'reloaded':
; CHECK-NEXT:   loop %loop: refused [trip-count]
define void @reloaded(ptr %a, ptr %bound) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %n = load i64, ptr %bound
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a list.
; CHECK-LABEL: shapes of 'list':
; CHECK-NEXT:   loop %loop: refused [trip-count]
define void @list(ptr %a) {
entry:
  br label %loop
loop:
  %p = phi ptr [ %a, %entry ], [ %next, %loop ]
  %q = getelementptr i8, ptr %p, i64 8
  store i32 1, ptr %q
  %next = load ptr, ptr %p
  %stop = icmp eq ptr %next, null
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: what the previous iteration loaded, of what each iteration overwrites.
; CHECK-LABEL: shapes of 'carried':
; CHECK-NEXT:   loop %loop: refused [dependent] 'a'
define void @carried(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %before = phi i32 [ 0, %entry ], [ %x, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  store i32 %before, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a counter that doubles.
; CHECK-LABEL: shapes of 'doubling':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define void @doubling(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %d = phi i64 [ 1, %entry ], [ %d.next, %loop ]
  %p = getelementptr i64, ptr %a, i64 %i
  store i64 %d, ptr %p
  %d.next = shl i64 %d, 1
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
