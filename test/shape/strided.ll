; base + sum of stride * i, with strides that the function computes.
; RUN: %shape

; Two parallel dims, one array by rows and one by columns.
; CHECK-LABEL: shapes of 'transpose':
; CHECK-NEXT:   loop %rows: parallel 2 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip %m
; CHECK-NEXT:    read %b + 4 * i0 + (4 * %n) * i1 : 4 bytes
; CHECK-NEXT:    write %a + (4 * %m) * i0 + 4 * i1 : 4 bytes
; CHECK-NEXT:   loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %m
; CHECK-NEXT:    read {%b,+,4}<%rows> + (4 * %n) * i0 : 4 bytes
; CHECK-NEXT:    write {%a,+,(4 * %m)}<%rows> + 4 * i0 : 4 bytes
define void @transpose(ptr %a, ptr %b, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %column = mul i64 %j, %n
  %from.index = add i64 %column, %i
  %from = getelementptr i32, ptr %b, i64 %from.index
  %x = load i32, ptr %from
  %to.index = add i64 %row, %j
  %to = getelementptr i32, ptr %a, i64 %to.index
  store i32 %x, ptr %to
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

; A pointer that walks down: a negative stride.
; CHECK-LABEL: shapes of 'down':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write (-8 + %end) + -8 * i0 : 2 bytes
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

; The product of two counters grows by more each time (Quadratic.h).
; CHECK-LABEL: shapes of 'product':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    apart %a : ((2 * (((-2 + %n) * (-1 + %n)) /u 2))<nuw> + %n) bytes
; CHECK-NEXT:    unsigned %n in 23 bits
; CHECK-NEXT:    unsigned 0 in 62 bits
; CHECK-NEXT:    unsigned 1 in 32 bits
; CHECK-NEXT:    unsigned 2 in 16 bits
; CHECK-NEXT:    unsigned (-1 + (2 * (((-2 + %n) * (-1 + %n)) /u 2))<nuw> + %n) in 46 bits
; CHECK-NEXT:    unsigned 0 in 63 bits
; CHECK-NEXT:    unsigned (-1 + (2 * (((-2 + %n) * (-1 + %n)) /u 2))<nuw> + %n) in 64 bits
define void @product(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %square = mul i64 %i, %i
  %p = getelementptr i8, ptr %a, i64 %square
  store i8 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a third power is nothing that is known.
; CHECK-LABEL: shapes of 'cube':
; CHECK-NEXT:   loop %loop: refused [unknown-address] 'a'
define void @cube(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %square = mul i64 %i, %i
  %cube = mul i64 %square, %i
  %p = getelementptr i8, ptr %a, i64 %cube
  store i8 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
