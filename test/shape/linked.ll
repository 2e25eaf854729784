; Rows that are linked to accesses: what only memory knows (see runtime/abi.h).
; RUN: %shape
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: shapes of 'scatter':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    write %a + 1 * i1 : 1 bytes
define void @scatter(ptr %a, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %index, i64 %i
  %offset = load i64, ptr %at
  %p = getelementptr i8, ptr %a, i64 %offset
  store i8 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a product of two values is no index.
; CHECK-LABEL: shapes of 'product':
; CHECK-NEXT:   loop %loop: refused [unknown-address] 'a'
define void @product(ptr %a, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %index, i64 %i
  %offset = load i64, ptr %at
  %square = mul i64 %offset, %offset
  %p = getelementptr i8, ptr %a, i64 %square
  store i8 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Between two loaded bounds: j counts from the smallest start to the largest end.
; CHECK-LABEL: shapes of 'sparse':
; CHECK-NEXT:   loop %rows: parallel 1 of 6 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip 1, from 1
; CHECK-NEXT:    trip 0 + -1 * i1 + 1 * i2
; CHECK-NEXT:    trip 0 + -1 * i1 + 1 * i2, from 2
; CHECK-NEXT:    trip 1, from 3
; CHECK-NEXT:    index %start + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    index (8 + %start) + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    low 0 + 1 * i1 : 0 bytes
; CHECK-NEXT:    index %column + 4 * i4 : 4 bytes, certain
; CHECK-NEXT:    read %x + 8 * i5 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %entries: refused [recurrence]
define void @sparse(ptr %start, ptr %column, ptr %x, ptr %y, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i64, ptr %start, i64 %i
  %first = load i64, ptr %at
  %behind = getelementptr i64, ptr %at, i64 1
  %end = load i64, ptr %behind
  br label %entries
entries:
  %j = phi i64 [ %first, %rows ], [ %j.next, %entries ]
  %sum = phi double [ 0.0, %rows ], [ %sum.next, %entries ]
  %c = getelementptr i32, ptr %column, i64 %j
  %k = load i32, ptr %c
  %k.wide = sext i32 %k to i64
  %p = getelementptr double, ptr %x, i64 %k.wide
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %j.next = add nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %end
  br i1 %j.end, label %rows.end, label %entries
rows.end:
  %q = getelementptr double, ptr %y, i64 %i
  store double %sum.next, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; CHECK-LABEL: shapes of 'planes':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    pointer %a + 8 * i0 : 8 bytes
; CHECK-NEXT:    pointer 16 : 8 bytes, at pointer 0
; CHECK-NEXT:    write (8 * %k) : 4 bytes, at pointer 1
define void @planes(ptr %a, i64 %n, i64 %k) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr ptr, ptr %a, i64 %i
  %plane = load ptr, ptr %at
  %in = getelementptr i8, ptr %plane, i64 16
  %row = load ptr, ptr %in
  %p = getelementptr i64, ptr %row, i64 %k
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; A read anywhere in an object of known size is one of the whole object.
@table = global [100 x i32] zeroinitializer
; CHECK-LABEL: shapes of 'lookup':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %x + 8 * i0 : 8 bytes
; CHECK-NEXT:    read @table : 400 bytes
; CHECK-NEXT:    write %y + 4 * i0 : 4 bytes
define void @lookup(ptr %x, ptr %y, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %x, i64 %i
  %v = load i64, ptr %at
  %hash = mul i64 %v, %v
  %p = getelementptr i32, ptr @table, i64 %hash
  %e = load i32, ptr %p
  %q = getelementptr i32, ptr %y, i64 %i
  store i32 %e, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Either of two addresses, as the optimiser leaves it of an if and its else.
; CHECK-LABEL: shapes of 'either':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %x + 4 * i0 : 4 bytes
; CHECK-NEXT:    write %y + 4 * i0 : 4 bytes
define void @either(ptr %x, ptr %y, i64 %n, i64 %m) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %x, i64 %i
  %q = getelementptr i32, ptr %y, i64 %i
  %c = icmp slt i64 %i, %m
  %to = select i1 %c, ptr %p, ptr %q
  store i32 1, ptr %to
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; What nothing in the loop writes, as restrict says, may be read anywhere.
; CHECK-LABEL: shapes of 'apart':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %index + 8 * i0 : 8 bytes
; CHECK-NEXT:    write %y + 4 * i0 : 4 bytes
define void @apart(ptr noalias %x, ptr %index, ptr %y, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i32, ptr %x, i64 %k
  %v = load i32, ptr %p
  %q = getelementptr i32, ptr %y, i64 %i
  store i32 %v, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: it is written.
; CHECK-LABEL: shapes of 'together':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    read %x + 4 * i1 : 4 bytes
; CHECK-NEXT:    write %x + 4 * i0 : 4 bytes
define void @together(ptr noalias %x, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i32, ptr %x, i64 %k
  %v = load i32, ptr %p
  %q = getelementptr i32, ptr %x, i64 %i
  store i32 %v, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; The range of a short is known when compiled, too. A dim that counts from -32768
; on is another one than the dim that counts the values in memory.
; CHECK-LABEL: shapes of 'short_bounds':
; CHECK-NEXT:   loop %rows: parallel 1 of 4 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip %end + -1 * i1
; CHECK-NEXT:    trip 65536
; CHECK-NEXT:    index %start + 2 * i0 : 2 bytes, certain
; CHECK-NEXT:    read (-262144 + %x) + 8 * i2 + 8 * i3 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %entries: refused [recurrence]
define void @short_bounds(ptr %start, ptr %x, ptr %y, i64 %n, i64 %end) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i16, ptr %start, i64 %i
  %s = load i16, ptr %at
  %first = sext i16 %s to i64
  %length = sub i64 %end, %first
  br label %entries
entries:
  %k = phi i64 [ 0, %rows ], [ %k.next, %entries ]
  %sum = phi double [ 0.0, %rows ], [ %sum.next, %entries ]
  %j = add i64 %k, %first
  %p = getelementptr double, ptr %x, i64 %j
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %k.next = add nuw nsw i64 %k, 1
  %k.end = icmp eq i64 %k.next, %length
  br i1 %k.end, label %rows.end, label %entries
rows.end:
  %q = getelementptr double, ptr %y, i64 %i
  store double %sum.next, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}
