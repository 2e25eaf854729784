; A value used after the loop is known before it, as what a counter is at the end,
; or is kept for the last iteration to deliver.
; RUN: %shape

; CHECK-LABEL: shapes of 'counter':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define i64 @counter(ptr %a, i64 %n, i64 %step) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %k = phi i64 [ 5, %entry ], [ %k.next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 0, ptr %p
  %k.next = add i64 %k, %step
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  %out = phi i64 [ %k.next, %loop ]
  ret i64 %out
}

; CHECK-LABEL: shapes of 'last':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0, kept 1
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 4 * i0 : 4 bytes
; CHECK-NEXT:    write %b + 4 * i0 : 4 bytes
define i32 @last(ptr %a, ptr %b, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr %b, i64 %i
  %x = load i32, ptr %p
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  %out = phi i32 [ %x, %loop ]
  ret i32 %out
}

; The value of a sum before the last iteration.
; CHECK-LABEL: shapes of 'before_last':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define i32 @before_last(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ 0, %entry ], [ %t, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %t = add i32 %s, %x
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  %out = phi i32 [ %s, %loop ]
  ret i32 %out
}
