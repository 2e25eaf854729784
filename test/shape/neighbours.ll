; Accesses side by side that move together are one wide access.
; RUN: %shape
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: shapes of 'stencil':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read (-4 + %a) + 4 * i0 : 12 bytes
; CHECK-NEXT:    read (400 + %a) + 4 * i0 : 4 bytes
; CHECK-NEXT:    write %b + 4 * i0 : 4 bytes
define void @stencil(ptr %a, ptr %b, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %left = add i64 %i, -1
  %right = add i64 %i, 1
  %far = add i64 %i, 100
  %p = getelementptr i32, ptr %a, i64 %right
  %q = getelementptr i32, ptr %a, i64 %left
  %m = getelementptr i32, ptr %a, i64 %i
  %f = getelementptr i32, ptr %a, i64 %far
  %x = load i32, ptr %p
  %y = load i32, ptr %q
  %z = load i32, ptr %m
  %w = load i32, ptr %f
  %s = add i32 %x, %y
  %t = add i32 %s, %z
  %u = add i32 %t, %w
  %to = getelementptr i32, ptr %b, i64 %i
  store i32 %u, ptr %to
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: not across what is written, nor what moves differently.
; CHECK-LABEL: shapes of 'fields':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 8 * i0 : 4 bytes
; CHECK-NEXT:    write (4 + %a) + 8 * i0 : 4 bytes
; CHECK-NEXT:    read (8 + %a) + 16 * i0 : 4 bytes
define void @fields(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr { i32, i32 }, ptr %a, i64 %i
  %q = getelementptr { i32, i32 }, ptr %a, i64 %i, i32 1
  %x = load i32, ptr %p
  store i32 %x, ptr %q
  %twice = shl i64 %i, 1
  %r = getelementptr { i32, i32 }, ptr %a, i64 %twice
  %s = getelementptr i8, ptr %r, i64 8
  %y = load i32, ptr %s
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
