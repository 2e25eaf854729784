; What is asked is mostly known when the program is compiled: that is copied from a
; table. What only the question needs is computed there, not in the program.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; one dim (trip, 0, stride) and three accesses (base, width, stride)
; CHECK: @[[TABLE:ferry.numbers]] = private unnamed_addr constant [12 x i64] [i64 0, i64 0, i64 0, i64 0, i64 4, i64 4, i64 0, i64 4, i64 4, i64 0, i64 4, i64 4]

; CHECK-LABEL: define void @add(
; CHECK:       call preserve_mostcc { i32 } @add.ferry.ask(i64 %m, ptr %a, ptr %b, ptr %c, i64 %n, i64 %{{[0-9]+}})
define void @add(ptr %a, ptr %b, ptr %c, i64 %n, i64 %m) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %k = add i64 %i, %m
  %p = getelementptr i32, ptr %a, i64 %k
  %q = getelementptr i32, ptr %b, i64 %i
  %r = getelementptr i32, ptr %c, i64 %i
  %x = load i32, ptr %q
  %y = load i32, ptr %r
  %z = add i32 %x, %y
  store i32 %z, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; CHECK-LABEL: define internal preserve_mostcc { i32 } @add.ferry.ask(i64 %0, ptr %1, ptr %2, ptr %3, i64 %4, i64 %5)
; CHECK:       call void @llvm.memcpy.inline.p0.p0.i64(ptr align 16 %numbers, ptr align 16 @[[TABLE]], i64 96, i1 false)
; CHECK-NEXT:  getelementptr i64, ptr %numbers, i64 0
; CHECK-NEXT:  store i64 %4, ptr
; CHECK-NOT:   store i64 {{[0-9]}}
; CHECK:       shl i64 %0, 2
; CHECK:       getelementptr i64, ptr %numbers, i64 9
; CHECK-NEXT:  store
; CHECK-NOT:   store
; CHECK:       ret
