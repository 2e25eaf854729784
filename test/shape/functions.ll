; Functions whose loops are left alone; the same loop each time.
; RUN: %shape

; An ordinary function.
; CHECK-LABEL: shapes of 'ordinary':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @ordinary(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: optimisation is off.
; CHECK-LABEL: shapes of 'unoptimised':
; CHECK-NEXT:   loop %loop: refused [function] optimisation is off
define void @unoptimised(ptr %a, i64 %n) noinline optnone {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: -Oz.
; CHECK-LABEL: shapes of 'small':
; CHECK-NEXT:   loop %loop: refused [function] compiled for size
define void @small(ptr %a, i64 %n) minsize optsize {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: the floating-point environment is watched.
; CHECK-LABEL: shapes of 'strict':
; CHECK-NEXT:   loop %loop: refused [function] strict floating point
define void @strict(ptr %a, i64 %n) strictfp {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: every access is watched.
; CHECK-LABEL: shapes of 'thread_sanitizer':
; CHECK-NEXT:   loop %loop: refused [function] thread sanitizer
define void @thread_sanitizer(ptr %a, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: every access is shadowed.
; CHECK-LABEL: shapes of 'memory_sanitizer':
; CHECK-NEXT:   loop %loop: refused [function] memory sanitizer
define void @memory_sanitizer(ptr %a, i64 %n) sanitize_memory {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: its stack may be too small for the runtime.
; CHECK-LABEL: shapes of 'split_stack':
; CHECK-NEXT:   loop %loop: refused [function] split stack
define void @split_stack(ptr %a, i64 %n) "split-stack" {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a coroutine.
; CHECK-LABEL: shapes of 'coroutine':
; CHECK-NEXT:   loop %loop: refused [function] coroutine
define void @coroutine(ptr %a, i64 %n) presplitcoroutine {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; -Os is not -Oz.
; CHECK-LABEL: shapes of 'small_but_fast':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @small_but_fast(ptr %a, i64 %n) optsize {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

declare i32 @setjmp(ptr) returns_twice

; Twin: longjmp may come back into the middle.
; CHECK-LABEL: shapes of 'jumps':
; CHECK-NEXT:   loop %loop: refused [function] calls setjmp
define void @jumps(ptr %a, ptr %b, i64 %n) {
entry:
  %r = call i32 @setjmp(ptr %b) returns_twice
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
