; Values accumulated by an operation that may be done in any order.
; RUN: %shape

; CHECK-LABEL: shapes of 'conditional_sum':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 1, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 4 * i0 : 4 bytes
define i32 @conditional_sum(ptr %a, i64 %n, i32 %start) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ %start, %entry ], [ %t, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %sum = sub i32 %s, %x
  %positive = icmp sgt i32 %x, 0
  %t = select i1 %positive, i32 %sum, i32 %s
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret i32 %t
}

declare i16 @llvm.umax.i16(i16, i16)
; CHECK-LABEL: shapes of 'maximum_and_bits':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 2, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 2 * i0 : 2 bytes
define i16 @maximum_and_bits(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %m = phi i16 [ 0, %entry ], [ %m.next, %loop ]
  %b = phi i16 [ -1, %entry ], [ %b.next, %loop ]
  %p = getelementptr i16, ptr %a, i64 %i
  %x = load i16, ptr %p
  %m.next = call i16 @llvm.umax.i16(i16 %m, i16 %x)
  %b.next = and i16 %x, %b
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  %both = xor i16 %m.next, %b.next
  ret i16 %both
}

; CHECK-LABEL: shapes of 'reassociated':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 1, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 8 * i0 : 8 bytes
define double @reassociated(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi double [ 0.0, %entry ], [ %t, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %t = fadd reassoc double %s, %x
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret double %t
}

; Twin: the same addition, in order.
; CHECK-LABEL: shapes of 'ordered':
; CHECK-NEXT:   loop %loop: refused [fp-order]
define double @ordered(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi double [ 0.0, %entry ], [ %t, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %t = fadd double %s, %x
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret double %t
}

; Twin: the sum so far is stored.
; CHECK-LABEL: shapes of 'prefix':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define i32 @prefix(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ 0, %entry ], [ %t, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %t = add i32 %s, %x
  store i32 %t, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret i32 %t
}

; Twin: two operations take turns.
; CHECK-LABEL: shapes of 'horner':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define i32 @horner(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ 0, %entry ], [ %t, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %u = mul i32 %s, 31
  %t = add i32 %u, %x
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret i32 %t
}

; Twin: x - s is not s - x.
; CHECK-LABEL: shapes of 'alternating':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define i32 @alternating(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ 0, %entry ], [ %t, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %t = sub i32 %x, %s
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret i32 %t
}

; Twin: the sum decides about itself.
; CHECK-LABEL: shapes of 'saturating':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define i32 @saturating(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ 0, %entry ], [ %t, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %sum = add i32 %s, %x
  %small = icmp slt i32 %s, 1000
  %t = select i1 %small, i32 %sum, i32 %s
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret i32 %t
}
