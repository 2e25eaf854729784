; How many of the nested loops can run in any order.
; RUN: %shape

; Each row is summed up in order: one.
; CHECK-LABEL: shapes of 'running':
; CHECK-NEXT:   loop %rows: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip %m, stage
; CHECK-NEXT:    read %a + (4 * %m) * i0 + 4 * i1 : 4 bytes
; CHECK-NEXT:    write (4 + %a) + (4 * %m) * i0 + 4 * i1 : 4 bytes
; CHECK-NEXT:   loop %columns: refused [dependent] 'a'
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

; A store beside the inner loop: repeating it for parts of that loop would be
; wrong. One as well.
; CHECK-LABEL: shapes of 'imperfect':
; CHECK-NEXT:   loop %rows: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip %m
; CHECK-NEXT:    write %b + 4 * i0 : 4 bytes
; CHECK-NEXT:    write %a + (4 * %m) * i0 + 4 * i1 : 4 bytes
; CHECK-NEXT:   loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %m
; CHECK-NEXT:    write {%a,+,(4 * %m)}<%rows> + 4 * i0 : 4 bytes
define void @imperfect(ptr %a, ptr %b, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m
  %sum = getelementptr i32, ptr %b, i64 %i
  store i32 0, ptr %sum
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

; Twin: every outer iteration changes the same row, the inner ones do not.
; CHECK-LABEL: shapes of 'repeated':
; CHECK-NEXT:   loop %rows: refused [same-location] 'a'
; CHECK-NEXT:   loop %columns: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %m
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
define void @repeated(ptr %a, i64 %n, i64 %m) {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %p = getelementptr i64, ptr %a, i64 %j
  %old = load i64, ptr %p
  %new = xor i64 %old, %i
  store i64 %new, ptr %p
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
