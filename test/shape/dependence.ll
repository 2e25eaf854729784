; A certain dependence is refused when the loop is compiled: the distance is a
; whole number of steps, or every iteration writes one place. What two pointers
; are is a question for the run.
; RUN: %shape

; An element of its own.
; CHECK-LABEL: shapes of 'same_element':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @same_element(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %y = add i32 %x, 1
  store i32 %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: all change one.
; CHECK-LABEL: shapes of 'one_place':
; CHECK-NEXT:   loop %loop: refused [same-location] 'a'
define void @one_place(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %t = trunc i64 %i to i32
  %old = load i32, ptr %a
  %new = xor i32 %old, %t
  store i32 %new, ptr %a
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: the next one.
; CHECK-LABEL: shapes of 'next_element':
; CHECK-NEXT:   loop %loop: refused [dependent] 'a'
define void @next_element(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr %p, i64 1
  %x = load i32, ptr %p
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: the one before the one before.
; CHECK-LABEL: shapes of 'before_that':
; CHECK-NEXT:   loop %loop: refused [dependent] 'a'
define void @before_that(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr %p, i64 -2
  %x = load i32, ptr %q
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Two pointers.
; CHECK-LABEL: shapes of 'two_pointers':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %b + 4 * i0 : 4 bytes
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @two_pointers(ptr %a, ptr %b, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr %b, i64 %i
  %x = load i32, ptr %q
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; A distance that may be more than the loop is long.
; CHECK-LABEL: shapes of 'far_element':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read (400 + %a) + 4 * i0 : 4 bytes
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @far_element(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr %p, i64 100
  %x = load i32, ptr %q
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Reads meet as they like.
; CHECK-LABEL: shapes of 'only_reads':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a : 4 bytes
; CHECK-NEXT:    write %b + 4 * i0 : 4 bytes
define void @only_reads(ptr %a, ptr %b, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr %b, i64 %i
  %x = load i32, ptr %a
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
