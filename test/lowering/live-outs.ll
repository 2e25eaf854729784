; Values used after the loop come from it or, after a launch, from what the
; counters are known to be then.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define i64 @counter(
; CHECK:       [[STEPS:%[0-9]+]] = mul i64 %step, %n
; CHECK-NEXT:  [[END:%[0-9]+]] = add i64 [[STEPS]], 5
; CHECK:      ferry.done:
; CHECK-NEXT:  br label %exit
; CHECK:      exit:
; CHECK-NEXT:  %out = phi i64 [ %k.next, %loop ], [ [[END]], %ferry.done ]
; CHECK-NEXT:  %same = phi i64 [ %n, %loop ], [ %n, %ferry.done ]
define i64 @counter(ptr %a, i64 %n, i64 %step) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %k = phi i64 [ 5, %entry ], [ %k.next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 0, ptr %p
  %k.next = add i64 %k, %step
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  %out = phi i64 [ %k.next, %loop ]
  %same = phi i64 [ %n, %loop ]
  %r = add i64 %out, %same
  ret i64 %r
}
