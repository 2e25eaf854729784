; A loop of constant work is left alone where that is no more than the
; threshold: four instructions, 5000 times.
; RUN: %ferry_opt -passes='ferry<threshold=19999>,verify' -S %s | \
; RUN:   %filecheck --check-prefix=SITE %s
; RUN: %ferry_opt -passes='ferry<threshold=20000>,verify' -S %s | \
; RUN:   %filecheck --check-prefix=NONE --implicit-check-not=__ferry %s
; RUN: env FERRY_THRESHOLD=19999 %ferry_opt -passes='ferry,verify' -S %s | \
; RUN:   %filecheck --check-prefix=SITE %s
; RUN: %ferry_opt -passes='ferry,verify' -S %s | %filecheck --check-prefix=NONE %s
target triple = "x86_64-unknown-linux-gnu"

; SITE: call i32 @__ferry_launch_v1(
; NONE-LABEL: define void @clear(ptr %a)
; NONE-NEXT:  entry:
; NONE-NEXT:    br label %loop
define void @clear(ptr %a) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 5000
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
