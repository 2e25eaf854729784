; Index arrays of which the loop reads every element, whatever happens: the runtime
; may read those as the loop would (see FERRY_CERTAIN in runtime/abi.h).
; RUN: %shape
target triple = "x86_64-unknown-linux-gnu"

; In each iteration.
; CHECK-LABEL: shapes of 'always':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    read %x + 8 * i1 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
define void @always(ptr %x, ptr %y, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i64, ptr %x, i64 %k
  %v = load i64, ptr %p
  %q = getelementptr i64, ptr %y, i64 %i
  store i64 %v, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: under a condition.
; CHECK-LABEL: shapes of 'sometimes':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes
; CHECK-NEXT:    read %x + 8 * i1 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
define void @sometimes(ptr %x, ptr %y, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %next.one ]
  %odd = trunc i64 %i to i1
  br i1 %odd, label %then, label %next.one
then:
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i64, ptr %x, i64 %k
  %v = load i64, ptr %p
  %q = getelementptr i64, ptr %y, i64 %i
  store i64 %v, ptr %q
  br label %next.one
next.one:
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: of two reads at one place, one is certain.
; CHECK-LABEL: shapes of 'once_more':
; CHECK-NEXT:   loop %loop: parallel 1 of 3 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    read %x + 8 * i1 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:    read %x + 8 * i2 : 8 bytes
define void @once_more(ptr %x, ptr %y, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %next.one ]
  %odd = trunc i64 %i to i1
  br i1 %odd, label %then, label %next.one
then:
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i64, ptr %x, i64 %k
  %v = load i64, ptr %p
  %q = getelementptr i64, ptr %y, i64 %i
  store i64 %v, ptr %q
  br label %next.one
next.one:
  %at.2 = getelementptr i64, ptr %index, i64 %i
  %k.2 = load i64, ptr %at.2
  %p.2 = getelementptr i64, ptr %x, i64 %k.2
  %v.2 = load i64, ptr %p.2
  %q.2 = getelementptr i64, ptr %y, i64 %i
  store i64 %v.2, ptr %q.2
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: what is read at that place in any case is read at another one half of the
; time.
; CHECK-LABEL: shapes of 'choice':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes
; CHECK-NEXT:    read (-8 + %index) + 8 * i0 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:    read %x + 8 * i1 : 8 bytes
define void @choice(ptr %x, ptr %y, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %next.one ]
  %odd = trunc i64 %i to i1
  %before = add i64 %i, -1
  %either = select i1 %odd, i64 %i, i64 %before
  %at.2 = getelementptr i64, ptr %index, i64 %either
  %k.2 = load i64, ptr %at.2
  %q.2 = getelementptr i64, ptr %y, i64 %i
  store i64 %k.2, ptr %q.2
  br i1 %odd, label %then, label %next.one
then:
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i64, ptr %x, i64 %k
  %v = load i64, ptr %p
  %q = getelementptr i64, ptr %y, i64 %i
  store i64 %v, ptr %q
  br label %next.one
next.one:
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twins: a function that comes back, and one that may not.
; CHECK-LABEL: shapes of 'returns':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    read %x + 8 * i1 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
declare double @cos(double) memory(none) willreturn nounwind
define void @returns(ptr %x, ptr %y, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %c = call double @cos(double 1.0)
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i64, ptr %x, i64 %k
  %v = load i64, ptr %p
  %q = getelementptr i64, ptr %y, i64 %i
  store i64 %v, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; CHECK-LABEL: shapes of 'hangs':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + 8 * i0 : 8 bytes
; CHECK-NEXT:    read %x + 8 * i1 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
declare double @sin(double) memory(none) nounwind
define void @hangs(ptr %x, ptr %y, ptr %index, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %c = call double @sin(double 1.0)
  %at = getelementptr i64, ptr %index, i64 %i
  %k = load i64, ptr %at
  %p = getelementptr i64, ptr %x, i64 %k
  %v = load i64, ptr %p
  %q = getelementptr i64, ptr %y, i64 %i
  store i64 %v, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Rows that may be empty: what asks is what counts.
; CHECK-LABEL: shapes of 'sparse':
; CHECK-NEXT:   loop %rows: parallel 1 of 6 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip 1, from 1
; CHECK-NEXT:    trip 0 + 1 * i1 + -1 * i2
; CHECK-NEXT:    trip 0 + 1 * i1 + -1 * i2, from 2
; CHECK-NEXT:    trip 1, from 3
; CHECK-NEXT:    index (4 + %start) + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    index %start + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    low 0 + 1 * i2 : 0 bytes
; CHECK-NEXT:    index %column + 4 * i4 : 4 bytes, certain
; CHECK-NEXT:    read %x + 8 * i5 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %entries: refused [unsupported] irregular control flow
define void @sparse(ptr %start, ptr %column, ptr %x, ptr %y, ptr %other, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i32, ptr %start, i64 %i
  %first = load i32, ptr %at
  %behind = getelementptr i32, ptr %at, i64 1
  %end = load i32, ptr %behind
  %some = icmp slt i32 %first, %end
  br i1 %some, label %before, label %rows.end
before:
  %first.wide = sext i32 %first to i64
  %end.wide = sext i32 %end to i64
  br label %entries
entries:
  %j = phi i64 [ %first.wide, %before ], [ %j.next, %entries ]
  %sum = phi double [ 0.0, %before ], [ %sum.next, %entries ]
  %c = getelementptr i32, ptr %column, i64 %j
  %k = load i32, ptr %c
  %k.wide = sext i32 %k to i64
  %p = getelementptr double, ptr %x, i64 %k.wide
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %j.next = add nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %end.wide
  br i1 %j.end, label %rows.end, label %entries
rows.end:
  %result = phi double [ 0.0, %rows ], [ %sum.next, %entries ]
  %q = getelementptr double, ptr %y, i64 %i
  store double %result, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Twin: they are left out for another reason.
; CHECK-LABEL: shapes of 'left_out':
; CHECK-NEXT:   loop %rows: parallel 1 of 6 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip 1, from 1
; CHECK-NEXT:    trip 0 + 1 * i1 + -1 * i2
; CHECK-NEXT:    trip 0 + 1 * i1 + -1 * i2, from 2
; CHECK-NEXT:    trip 1, from 3
; CHECK-NEXT:    index (4 + %start) + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    index %start + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    low 0 + 1 * i2 : 0 bytes
; CHECK-NEXT:    index %column + 4 * i4 : 4 bytes
; CHECK-NEXT:    read %x + 8 * i5 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %entries: refused [unsupported] irregular control flow
define void @left_out(ptr %start, ptr %column, ptr %x, ptr %y, ptr %other, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i32, ptr %start, i64 %i
  %first = load i32, ptr %at
  %behind = getelementptr i32, ptr %at, i64 1
  %end = load i32, ptr %behind
  %some = icmp slt i32 %first, 7
  br i1 %some, label %before, label %rows.end
before:
  %first.wide = sext i32 %first to i64
  %end.wide = sext i32 %end to i64
  br label %entries
entries:
  %j = phi i64 [ %first.wide, %before ], [ %j.next, %entries ]
  %sum = phi double [ 0.0, %before ], [ %sum.next, %entries ]
  %c = getelementptr i32, ptr %column, i64 %j
  %k = load i32, ptr %c
  %k.wide = sext i32 %k to i64
  %p = getelementptr double, ptr %x, i64 %k.wide
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %j.next = add nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %end.wide
  br i1 %j.end, label %rows.end, label %entries
rows.end:
  %result = phi double [ 0.0, %rows ], [ %sum.next, %entries ]
  %q = getelementptr double, ptr %y, i64 %i
  store double %result, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Twin: as unsigned numbers, which they are not.
; CHECK-LABEL: shapes of 'signs':
; CHECK-NEXT:   loop %rows: parallel 1 of 6 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip 1, from 1
; CHECK-NEXT:    trip 0 + 1 * i1 + -1 * i2
; CHECK-NEXT:    trip 0 + 1 * i1 + -1 * i2, from 2
; CHECK-NEXT:    trip 1, from 3
; CHECK-NEXT:    index (4 + %start) + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    index %start + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    low 0 + 1 * i2 : 0 bytes
; CHECK-NEXT:    index %column + 4 * i4 : 4 bytes
; CHECK-NEXT:    read %x + 8 * i5 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %entries: refused [unsupported] irregular control flow
define void @signs(ptr %start, ptr %column, ptr %x, ptr %y, ptr %other, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i32, ptr %start, i64 %i
  %first = load i32, ptr %at
  %behind = getelementptr i32, ptr %at, i64 1
  %end = load i32, ptr %behind
  %some = icmp ult i32 %first, %end
  br i1 %some, label %before, label %rows.end
before:
  %first.wide = sext i32 %first to i64
  %end.wide = sext i32 %end to i64
  br label %entries
entries:
  %j = phi i64 [ %first.wide, %before ], [ %j.next, %entries ]
  %sum = phi double [ 0.0, %before ], [ %sum.next, %entries ]
  %c = getelementptr i32, ptr %column, i64 %j
  %k = load i32, ptr %c
  %k.wide = sext i32 %k to i64
  %p = getelementptr double, ptr %x, i64 %k.wide
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %j.next = add nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %end.wide
  br i1 %j.end, label %rows.end, label %entries
rows.end:
  %result = phi double [ 0.0, %rows ], [ %sum.next, %entries ]
  %q = getelementptr double, ptr %y, i64 %i
  store double %result, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Twin: a row may be left early.
; CHECK-LABEL: shapes of 'early':
; CHECK-NEXT:   loop %rows: parallel 1 of 5 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip 1, from 1
; CHECK-NEXT:    trip 0 + 1 * i1 + -1 * i2
; CHECK-NEXT:    trip 1, from 2
; CHECK-NEXT:    index (4 + %start) + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    index %start + 4 * i0 : 4 bytes, certain
; CHECK-NEXT:    index %column + 4 * i2 + 4 * i3 : 4 bytes
; CHECK-NEXT:    read %x + 8 * i4 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:    unsigned -1 + 1 * i1 + -1 * i2 in 62 bits
; CHECK-NEXT:   loop %entries: refused [unsupported] irregular control flow
define void @early(ptr %start, ptr %column, ptr %x, ptr %y, ptr %other, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i32, ptr %start, i64 %i
  %first = load i32, ptr %at
  %behind = getelementptr i32, ptr %at, i64 1
  %end = load i32, ptr %behind
  %some = icmp slt i32 %first, %end
  br i1 %some, label %before, label %rows.end
before:
  %first.wide = sext i32 %first to i64
  %end.wide = sext i32 %end to i64
  br label %entries
entries:
  %j = phi i64 [ %first.wide, %before ], [ %j.next, %go.on ]
  %sum = phi double [ 0.0, %before ], [ %sum.next, %go.on ]
  %c = getelementptr i32, ptr %column, i64 %j
  %k = load i32, ptr %c
  %k.wide = sext i32 %k to i64
  %p = getelementptr double, ptr %x, i64 %k.wide
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %enough = fcmp ogt double %sum.next, 1.0
  br i1 %enough, label %rows.end, label %go.on
go.on:
  %j.next = add nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %end.wide
  br i1 %j.end, label %rows.end, label %entries
rows.end:
  %result = phi double [ 0.0, %rows ], [ %sum.next, %go.on ], [ %sum.next, %entries ]
  %q = getelementptr double, ptr %y, i64 %i
  store double %result, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Rows of m, none if m is not positive.
; CHECK-LABEL: shapes of 'table':
; CHECK-NEXT:   loop %rows: parallel 1 of 3 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip (zext i32 %m to i64)
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + (8 * (zext i32 %m to i64))<nuw><nsw> * i0 + 8 * i1 : 8 bytes, certain
; CHECK-NEXT:    read %x + 8 * i2 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %columns: refused [unsupported] irregular control flow
define void @table(ptr %index, ptr %x, ptr %y, i64 %n, i32 %m, i32 %other) {
entry:
  %m.wide = zext i32 %m to i64
  %some = icmp sgt i32 %m, 0
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m.wide
  br i1 %some, label %before, label %rows.end
before:
  br label %columns
columns:
  %j = phi i64 [ 0, %before ], [ %j.next, %columns ]
  %sum = phi double [ 0.0, %before ], [ %sum.next, %columns ]
  %place = add i64 %row, %j
  %c = getelementptr i64, ptr %index, i64 %place
  %k = load i64, ptr %c
  %p = getelementptr double, ptr %x, i64 %k
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %j.next = add nuw nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %m.wide
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %result = phi double [ 0.0, %rows ], [ %sum.next, %columns ]
  %q = getelementptr double, ptr %y, i64 %i
  store double %result, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Twin: none if another number is not.
; CHECK-LABEL: shapes of 'other':
; CHECK-NEXT:   loop %rows: parallel 1 of 3 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip (zext i32 %m to i64)
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + (8 * (zext i32 %m to i64))<nuw><nsw> * i0 + 8 * i1 : 8 bytes
; CHECK-NEXT:    read %x + 8 * i2 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %columns: refused [unsupported] irregular control flow
define void @other(ptr %index, ptr %x, ptr %y, i64 %n, i32 %m, i32 %other) {
entry:
  %m.wide = zext i32 %m to i64
  %some = icmp sgt i32 %other, 0
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m.wide
  br i1 %some, label %before, label %rows.end
before:
  br label %columns
columns:
  %j = phi i64 [ 0, %before ], [ %j.next, %columns ]
  %sum = phi double [ 0.0, %before ], [ %sum.next, %columns ]
  %place = add i64 %row, %j
  %c = getelementptr i64, ptr %index, i64 %place
  %k = load i64, ptr %c
  %p = getelementptr double, ptr %x, i64 %k
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %j.next = add nuw nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %m.wide
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %result = phi double [ 0.0, %rows ], [ %sum.next, %columns ]
  %q = getelementptr double, ptr %y, i64 %i
  store double %result, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Twin: nothing tells the runtime that the inner loop may have no iterations.
; CHECK-LABEL: shapes of 'outer_only':
; CHECK-NEXT:   loop %rows: parallel 1 of 3 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip (zext i32 %m to i64)
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    index %index + (8 + (8 * (zext i32 %m to i64))<nuw><nsw>)<nuw><nsw> * i0 : 8 bytes
; CHECK-NEXT:    read %x + 8 * i2 : 8 bytes
; CHECK-NEXT:    write %y + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %columns: refused [unsupported] irregular control flow
define void @outer_only(ptr %index, ptr %x, ptr %y, i64 %n, i32 %m, i32 %other) {
entry:
  %m.wide = zext i32 %m to i64
  %some = icmp sgt i32 %m, 0
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m.wide
  br i1 %some, label %before, label %rows.end
before:
  br label %columns
columns:
  %j = phi i64 [ 0, %before ], [ %j.next, %columns ]
  %sum = phi double [ 0.0, %before ], [ %sum.next, %columns ]
  %place = add i64 %row, %i
  %c = getelementptr i64, ptr %index, i64 %place
  %k = load i64, ptr %c
  %p = getelementptr double, ptr %x, i64 %k
  %v = load double, ptr %p
  %sum.next = fsub double %v, %sum
  %j.next = add nuw nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %m.wide
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %result = phi double [ 0.0, %rows ], [ %sum.next, %columns ]
  %q = getelementptr double, ptr %y, i64 %i
  store double %result, ptr %q
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}
