; A read at an unknown offset within known bounds is described as a whole range,
; as one more dim; a write is not.
; RUN: %shape

; CHECK-LABEL: shapes of 'table':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip 256
; CHECK-NEXT:    read %in + 1 * i0 : 1 bytes
; CHECK-NEXT:    read %table + 2 * i1 : 2 bytes
; CHECK-NEXT:    write %out + 2 * i0 : 2 bytes
define void @table(ptr %out, ptr %in, ptr %table, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i8, ptr %in, i64 %i
  %x = load i8, ptr %p
  %index = zext i8 %x to i64
  %q = getelementptr i16, ptr %table, i64 %index
  %y = load i16, ptr %q
  %r = getelementptr i16, ptr %out, i64 %i
  store i16 %y, ptr %r
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

declare i64 @llvm.smax.i64(i64, i64)
declare i64 @llvm.smin.i64(i64, i64)
; CHECK-LABEL: shapes of 'clamped':
; CHECK-NEXT:   loop %loop: parallel 1 of 2 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    trip (1 + (-1 * (0 smin %last)) + %last)
; CHECK-NEXT:    read %in + 8 * i0 : 8 bytes
; CHECK-NEXT:    read ((2 * (0 smin %last)) + %table) + 2 * i1 : 2 bytes
; CHECK-NEXT:    write %out + 2 * i0 : 2 bytes
; CHECK-NEXT:    unsigned ((-1 * (0 smin %last)) + %last) in 62 bits
define void @clamped(ptr %out, ptr %in, ptr %table, i64 %n, i64 %last) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i64, ptr %in, i64 %i
  %x = load i64, ptr %p
  %low = call i64 @llvm.smax.i64(i64 %x, i64 0)
  %index = call i64 @llvm.smin.i64(i64 %low, i64 %last)
  %q = getelementptr i16, ptr %table, i64 %index
  %y = load i16, ptr %q
  %r = getelementptr i16, ptr %out, i64 %i
  store i16 %y, ptr %r
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: no lower bound.
; CHECK-LABEL: shapes of 'half_clamped':
; CHECK-NEXT:   loop %loop: refused [unknown-address] 'table'
define void @half_clamped(ptr %out, ptr %in, ptr %table, i64 %n, i64 %last) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i64, ptr %in, i64 %i
  %x = load i64, ptr %p
  %index = call i64 @llvm.smin.i64(i64 %x, i64 %last)
  %q = getelementptr i16, ptr %table, i64 %index
  %y = load i16, ptr %q
  %r = getelementptr i16, ptr %out, i64 %i
  store i16 %y, ptr %r
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a write.
; CHECK-LABEL: shapes of 'histogram':
; CHECK-NEXT:   loop %loop: refused [unknown-address] 'count'
define void @histogram(ptr %count, ptr %in, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i8, ptr %in, i64 %i
  %x = load i8, ptr %p
  %index = zext i8 %x to i64
  %q = getelementptr i16, ptr %count, i64 %index
  store i16 1, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
