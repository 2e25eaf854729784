; What may be called: functions that only compute, and those of libm, whose
; errno is remembered.
; RUN: %shape

declare double @sqrt(double)
declare double @lgamma(double)
declare double @llvm.sqrt.f64(double)
declare double @floor(double)
declare i64 @pthread_self() memory(none)

; CHECK-LABEL: shapes of 'helper':
define internal double @helper(double %x) nounwind {
  %y = call double @sqrt(double %x)
  %z = fadd double %y, 1.0
  ret double %z
}
@counter = global i32 0
; CHECK-LABEL: shapes of 'counting':
define internal double @counting(double %x) nounwind {
  %c = load i32, ptr @counter
  %d = add i32 %c, 1
  store i32 %d, ptr @counter
  ret double %x
}
; CHECK-LABEL: shapes of 'replaceable':
define weak double @replaceable(double %x) nounwind {
  ret double %x
}

; sqrt sets errno for negative numbers.
; CHECK-LABEL: shapes of 'may_fail':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, errno, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
define void @may_fail(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @sqrt(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Not where the call says that it touches nothing.
; CHECK-LABEL: shapes of 'marked':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
define void @marked(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @sqrt(double %x) memory(none)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; The instruction does not.
; CHECK-LABEL: shapes of 'intrinsic':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
define void @intrinsic(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @llvm.sqrt.f64(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Nor does floor.
; CHECK-LABEL: shapes of 'never_fails':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
define void @never_fails(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @floor(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; What a function of this file calls counts.
; CHECK-LABEL: shapes of 'through_helper':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, errno, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 8 * i0 : 8 bytes
define void @through_helper(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @helper(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: lgamma writes a global.
; CHECK-LABEL: shapes of 'signgam':
; CHECK-NEXT:   loop %loop: refused [call] 'lgamma'
define void @signgam(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @lgamma(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: so does this one.
; CHECK-LABEL: shapes of 'effect':
; CHECK-NEXT:   loop %loop: refused [call] 'counting'
define void @effect(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @counting(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: another file may bring another body.
; CHECK-LABEL: shapes of 'other_body':
; CHECK-NEXT:   loop %loop: refused [call] 'replaceable', which other files may replace
define void @other_body(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double @replaceable(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: anything may be called.
; CHECK-LABEL: shapes of 'indirect':
; CHECK-NEXT:   loop %loop: refused [call] through a pointer
define void @indirect(ptr %a, i64 %n, ptr %f) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = call double %f(double %x)
  store double %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: marked to touch nothing, but it depends on the thread.
; CHECK-LABEL: shapes of 'thread':
; CHECK-NEXT:   loop %loop: refused [call] 'pthread_self'
define void @thread(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i64, ptr %a, i64 %i
  %me = call i64 @pthread_self()
  store i64 %me, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
