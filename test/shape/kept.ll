; Values that are kept or replaced, and never computed with.
; RUN: %shape

; The last element under a condition, through a phi.
; CHECK-LABEL: shapes of 'chosen':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0, kept 1
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 4 * i0 : 4 bytes
define i32 @chosen(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %s = phi i32 [ 0, %entry ], [ %t, %latch ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %odd = trunc i64 %i to i1
  br i1 %odd, label %then, label %latch
then:
  %y = add i32 %x, 7
  br label %latch
latch:
  %t = phi i32 [ %y, %then ], [ %s, %loop ]
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret i32 %t
}

; The largest element and its index.
; CHECK-LABEL: shapes of 'largest':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0, kept 2
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 8 * i0 : 8 bytes
define double @largest(ptr %a, i64 %n, ptr %at) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %k = phi i64 [ 0, %entry ], [ %k.next, %loop ]
  %m = phi double [ 0.0, %entry ], [ %m.next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %more = fcmp ogt double %x, %m
  %m.next = select i1 %more, double %x, double %m
  %k.next = select i1 %more, i64 %i, i64 %k
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  store i64 %k.next, ptr %at
  ret double %m.next
}

; Twin: the comparison decides about something else, too.
; CHECK-LABEL: shapes of 'counted':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define double @counted(ptr %a, i64 %n, ptr %at) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %k = phi i64 [ 0, %entry ], [ %k.next, %loop ]
  %m = phi double [ 0.0, %entry ], [ %m.next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %more = fcmp ogt double %x, %m
  %m.next = select i1 %more, double %x, double %m
  %one = zext i1 %more to i64
  %k.next = add i64 %k, %one
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  store i64 %k.next, ptr %at
  ret double %m.next
}

; Twin: it takes another number than the one it compares.
; CHECK-LABEL: shapes of 'other':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define double @other(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %m = phi double [ 0.0, %entry ], [ %m.next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %y = fneg double %x
  %more = fcmp ogt double %x, %m
  %m.next = select i1 %more, double %y, double %m
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret double %m.next
}

; Twin: the index follows the comparison in some iterations only.
; CHECK-LABEL: shapes of 'sometimes':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define double @sometimes(ptr %a, i64 %n, ptr %at) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %k = phi i64 [ 0, %entry ], [ %k.next, %loop ]
  %m = phi double [ 0.0, %entry ], [ %m.next, %loop ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %more = fcmp ogt double %x, %m
  %m.next = select i1 %more, double %x, double %m
  %odd = trunc i64 %i to i1
  %both = and i1 %odd, %more
  %k.next = select i1 %both, i64 %i, i64 %k
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  store i64 %k.next, ptr %at
  ret double %m.next
}

; Twin: what happens with a new maximum may not happen without one.
; CHECK-LABEL: shapes of 'loads':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define double @loads(ptr %a, ptr %b, i64 %n, ptr %at) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %y = phi double [ 0.0, %entry ], [ %y.next, %latch ]
  %m = phi double [ 0.0, %entry ], [ %m.next, %latch ]
  %p = getelementptr double, ptr %a, i64 %i
  %x = load double, ptr %p
  %more = fcmp ogt double %x, %m
  br i1 %more, label %then, label %latch
then:
  %q = getelementptr double, ptr %b, i64 %i
  %z = load double, ptr %q
  br label %latch
latch:
  %m.next = phi double [ %x, %then ], [ %m, %loop ]
  %y.next = phi double [ %z, %then ], [ %y, %loop ]
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  store double %y.next, ptr %at
  ret double %m.next
}

; Neither equal nor unequal orders numbers.
; CHECK-LABEL: shapes of 'different':
; CHECK-NEXT:   loop %loop: refused [recurrence]
define i32 @different(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %m = phi i32 [ 0, %entry ], [ %m.next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %more = icmp ne i32 %x, %m
  %m.next = select i1 %more, i32 %x, i32 %m
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret i32 %m.next
}
