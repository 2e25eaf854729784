; An index computed in a narrow type is affine as long as it does not wrap;
; the rows below the accesses say so.
; RUN: %shape

; CHECK-LABEL: shapes of 'unsigned':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write ((4 * (zext i32 %from to i64))<nuw><nsw> + %a) + 4 * i0 : 4 bytes
; CHECK-NEXT:    unsigned (zext i32 %from to i64) + 1 * i0 in 32 bits
define void @unsigned(ptr %a, i32 %from, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %narrow = trunc i64 %i to i32
  %sum = add i32 %from, %narrow
  %index = zext i32 %sum to i64
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; CHECK-LABEL: shapes of 'signed':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write ((4 * (sext i16 %from to i64))<nsw> + %a) + 8 * i0 : 4 bytes
; CHECK-NEXT:    signed (sext i16 %from to i64) + 2 * i0 in 16 bits
define void @signed(ptr %a, i16 %from, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %narrow = trunc i64 %i to i16
  %twice = shl i16 %narrow, 1
  %sum = add i16 %from, %twice
  %index = sext i16 %sum to i64
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Where the program promises that it does not wrap, there is nothing to check.
; CHECK-LABEL: shapes of 'promised':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip (1 + (zext i32 (-1 + %n) to i64))<nuw><nsw>
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @promised(ptr %a, i32 %from, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %index = zext i32 %i to i64
  %p = getelementptr i32, ptr %a, i64 %index
  store i32 0, ptr %p
  %next = add nuw nsw i32 %i, 1
  %stop = icmp eq i32 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a shift to the right keeps no multiple of the counter.
; CHECK-LABEL: shapes of 'shifted':
; CHECK-NEXT:   loop %loop: refused [unknown-address] 'a'
define void @shifted(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %half = lshr i64 %i, 1
  %p = getelementptr i32, ptr %a, i64 %half
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
