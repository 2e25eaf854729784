; A header phi that holds a value of the iteration before. What a worker reads
; again is described as read by every iteration, up to the last but one.
; RUN: %shape

; CHECK-LABEL: shapes of 'neighbours':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0, previous 1
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip (-1 + %n)
; CHECK-NEXT:    read (8 + %b) + 8 * i0 : 8 bytes
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
; CHECK-NEXT:    read (8 + %b) + 8 * i1 : 8 bytes
define void @neighbours(ptr %a, ptr %b, i64 %n) {
entry:
  %first = load double, ptr %b
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %before = phi double [ %first, %entry ], [ %x, %loop ]
  %next = add i64 %i, 1
  %q = getelementptr double, ptr %b, i64 %next
  %x = load double, ptr %q
  %sum = fadd double %before, %x
  %p = getelementptr double, ptr %a, i64 %i
  store double %sum, ptr %p
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; An index of the iteration before, and one of the iteration before that.
; CHECK-LABEL: shapes of 'indices':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0, previous 2
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip (-1 + %n)
; CHECK-NEXT:    read ((8 * %last2) + %b) : 8 bytes
; CHECK-NEXT:    read ((8 * %last) + %b) : 8 bytes
; CHECK-NEXT:    read %b + 8 * i1 : 8 bytes
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
define void @indices(ptr %a, ptr %b, i64 %n, i64 %last, i64 %last2) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %one = phi i64 [ %last, %entry ], [ %i, %loop ]
  %two = phi i64 [ %last2, %entry ], [ %one, %loop ]
  %q = getelementptr double, ptr %b, i64 %two
  %x = load double, ptr %q
  %p = getelementptr double, ptr %a, i64 %i
  store double %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: it writes there.
; CHECK-LABEL: shapes of 'writes':
; CHECK-NEXT:   loop %loop: refused [unknown-address] 'a'
define void @writes(ptr %a, i64 %n, i64 %last) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %one = phi i64 [ %last, %entry ], [ %i, %loop ]
  %p = getelementptr double, ptr %a, i64 %one
  store double 1.0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: two that need each other.
; CHECK-LABEL: shapes of 'in_turn':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define void @in_turn(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %x = phi i32 [ 1, %entry ], [ %y, %loop ]
  %y = phi i32 [ 2, %entry ], [ %x, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: read only under a condition, where it may not be read.
; CHECK-LABEL: shapes of 'sometimes':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define void @sometimes(ptr %a, ptr %b, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %x = phi i32 [ 1, %entry ], [ %z, %latch ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 %x, ptr %p
  %odd = trunc i64 %i to i1
  br i1 %odd, label %then, label %latch
then:
  %q = getelementptr i32, ptr %b, i64 %i
  %y = load i32, ptr %q
  br label %latch
latch:
  %z = phi i32 [ %y, %then ], [ 5, %loop ]
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
