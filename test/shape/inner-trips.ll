; The trip count of an inner loop may depend on the outer counter; where it is
; not known at all, no access may move with that loop.
; RUN: %shape

; CHECK-LABEL: shapes of 'triangle':
; CHECK-NEXT:   loop %rows: parallel 1 of 2 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1 + 1 * i0
; CHECK-NEXT:    write %a + (4 * %n) * i0 + 4 * i1 : 4 bytes
; CHECK-NEXT:   loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip {1,+,1}<nuw><nsw><%rows>
; CHECK-NEXT:    write {%a,+,(4 * %n)}<%rows> + 4 * i0 : 4 bytes
define void @triangle(ptr %a, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %i.next = add nuw nsw i64 %i, 1
  %row = mul i64 %i, %n
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %j.next = add nuw nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %i.next
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; A search of unknown length in values only.
; CHECK-LABEL: shapes of 'unbounded':
; CHECK-NEXT:   loop %rows: parallel 1 of 1 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
; CHECK-NEXT:   loop %search: refused [trip-count]
define void @unbounded(ptr %a, i64 %n) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  br label %search
search:
  %x = phi i64 [ %i, %rows ], [ %y, %search ]
  %y = lshr i64 %x, 1
  %odd = xor i64 %y, 12345
  %found = icmp ult i64 %odd, 1000
  br i1 %found, label %rows.end, label %search
rows.end:
  %p = getelementptr i64, ptr %a, i64 %i
  store i64 %y, ptr %p
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Twin: the same bound, loaded in each iteration, and an access that moves: the
; largest of them is found when the loop starts.
; CHECK-LABEL: shapes of 'ragged':
; CHECK-NEXT:   loop %rows: parallel 1 of 3 dims, uneven, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 1, from 0
; CHECK-NEXT:    trip 0 + 1 * i1
; CHECK-NEXT:    index %length + 8 * i0 : 8 bytes, certain
; CHECK-NEXT:    write %a + (4 * %m) * i0 + 4 * i2 : 4 bytes
; CHECK-NEXT:   loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %l
; CHECK-NEXT:    write {%a,+,(4 * %m)}<%rows> + 4 * i0 : 4 bytes
define void @ragged(ptr %a, ptr %length, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i64, ptr %length, i64 %i
  %l = load i64, ptr %at
  %row = mul i64 %i, %m
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %j.next = add nuw nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %l
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; Twin: not the number that was loaded, but its square.
; CHECK-LABEL: shapes of 'squares':
; CHECK-NEXT:   loop %rows: refused [inner-bound] 'a'
; CHECK-NEXT:   loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip (%x * %x)
; CHECK-NEXT:    write {%a,+,(4 * %m)}<%rows> + 4 * i0 : 4 bytes
define void @squares(ptr %a, ptr %length, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %at = getelementptr i64, ptr %length, i64 %i
  %x = load i64, ptr %at
  %l = mul i64 %x, %x
  %row = mul i64 %i, %m
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %j.next = add nuw nsw i64 %j, 1
  %j.end = icmp eq i64 %j.next, %l
  br i1 %j.end, label %rows.end, label %columns
rows.end:
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; A count is known where the loop is entered; elsewhere it would be large here: a third
; of what lies between %hi and %lo, and their difference in 32 bits. So no iterations
; there; the condition is known before the nest.
; CHECK-LABEL: shapes of 'by-three':
; CHECK-NEXT:  loop %rows: parallel 2 of 2 dims, reductions 0, private 0
; CHECK-NEXT:   trip %n
; CHECK-NEXT:   trip ((zext i1 %entered to i64) * (1 + ((-1 + (sext i32 %end to i64) + (-1 * (sext i32 %first to i64))<nsw>) /u 3))<nuw><nsw>)
; CHECK-NEXT:   write ((4 * (sext i32 %first to i64))<nsw> + %a) + (4 * %width) * i0 + 12 * i1 : 4 bytes
; CHECK-NEXT:  loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:   trip (1 + ((-1 + (sext i32 %end to i64) + (-1 * (sext i32 %first to i64))<nsw>) /u 3))<nuw><nsw>
; CHECK-NEXT:   write {((4 * (sext i32 %first to i64))<nsw> + %a),+,(4 * %width)}<%rows> + 12 * i0 : 4 bytes
define void @by-three(ptr %a, i64 %n, i32 %first, i32 %end, i64 %width) {
entry:
  %lo = sext i32 %first to i64
  %hi = sext i32 %end to i64
  %entered = icmp slt i64 %lo, %hi
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul nsw i64 %i, %width
  br i1 %entered, label %columns.begin, label %rows.end
columns.begin:
  br label %columns
columns:
  %k = phi i64 [ %lo, %columns.begin ], [ %k.next, %columns ]
  %index = add nsw i64 %row, %k
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %k.next = add nsw i64 %k, 3
  %k.more = icmp slt i64 %k.next, %hi
  br i1 %k.more, label %columns, label %columns.end
columns.end:
  br label %rows.end
rows.end:
  %i.next = add nuw nsw i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}

; CHECK-LABEL: shapes of 'narrow':
; CHECK-NEXT:  loop %rows: parallel 2 of 2 dims, reductions 0, private 0
; CHECK-NEXT:   trip %n
; CHECK-NEXT:   trip ((zext i1 (true + %empty) to i64) * (1 + (zext i32 (-1 + (-1 * %lo) + %hi) to i64))<nuw><nsw>)
; CHECK-NEXT:   write ((4 * (zext i32 %lo to i64))<nuw><nsw> + %a) + (4 * %width) * i0 + 4 * i1 : 4 bytes
; CHECK-NEXT:  loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:   trip (1 + (zext i32 (-1 + (-1 * %lo) + %hi) to i64))<nuw><nsw>
; CHECK-NEXT:   write {((4 * (zext i32 %lo to i64))<nuw><nsw> + %a),+,(4 * %width)}<%rows> + 4 * i0 : 4 bytes
define void @narrow(ptr %a, i64 %n, i32 %lo, i32 %hi, i64 %width) {
entry:
  %empty = icmp uge i32 %lo, %hi
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul nsw i64 %i, %width
  br i1 %empty, label %rows.end, label %columns.begin
columns.begin:
  br label %columns
columns:
  %k = phi i32 [ %lo, %columns.begin ], [ %k.next, %columns ]
  %wide = zext i32 %k to i64
  %index = add nsw i64 %row, %wide
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %k.next = add nuw i32 %k, 1
  %k.more = icmp ult i32 %k.next, %hi
  br i1 %k.more, label %columns, label %columns.end
columns.end:
  br label %rows.end
rows.end:
  %i.next = add nuw nsw i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %rows
exit:
  ret void
}
