; Code for a device, for 32 bits or for another system is left alone.
; RUN: %lower %s | %filecheck --check-prefix=HOST %s
; RUN: sed 's/x86_64-unknown-linux-gnu/nvptx64-nvidia-cuda/' %s > %t.ll
; RUN: %lower %t.ll | %filecheck --implicit-check-not=__ferry %s
; RUN: sed 's/x86_64-unknown-linux-gnu/i686-unknown-linux-gnu/' %s > %t.ll
; RUN: %lower %t.ll | %filecheck --implicit-check-not=__ferry %s
; RUN: sed 's/x86_64-unknown-linux-gnu/x86_64-apple-darwin/' %s > %t.ll
; RUN: %lower %t.ll | %filecheck --implicit-check-not=__ferry %s
; RUN: sed 's/x86_64-unknown-linux-gnu/aarch64-unknown-linux-gnu/' %s > %t.ll
; RUN: %lower %t.ll | %filecheck --check-prefix=HOST %s
target triple = "x86_64-unknown-linux-gnu"

; HOST: call i32 @__ferry_launch_v1(
; CHECK: target triple =
; CHECK: define void @clear(
define void @clear(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
