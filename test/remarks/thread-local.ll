; RUN: %ferry_opt -passes=ferry -pass-remarks-missed=ferry -disable-output %s 2>&1 | %filecheck %s
;
; clang computes the address of a thread-local variable before the loop, and
; that address may go to a worker. Here it is computed inside.

target triple = "x86_64-unknown-linux-gnu"

@offset = thread_local global i32 0

; CHECK: loop not offloaded: the loop uses a thread-local variable [thread-local]
define void @shift(ptr %a, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %offset = call ptr @llvm.threadlocal.address.p0(ptr @offset)
  %x = load i32, ptr %offset
  %at = getelementptr i32, ptr %a, i64 %i
  store i32 %x, ptr %at
  %next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare ptr @llvm.threadlocal.address.p0(ptr)
