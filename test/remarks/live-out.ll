; RUN: %ferry_opt -passes=ferry -pass-remarks=ferry -pass-remarks-missed=ferry -disable-output %s 2>&1 | %filecheck %s
;
; The last iteration's value is handed on, but for a type that C has no values of.

target triple = "x86_64-unknown-linux-gnu"

; CHECK: loop not offloaded: a value of the last iteration is used after the loop [live-out]
define i1 @pair(ptr %a, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %at
  %pair = call { i32, i1 } @llvm.sadd.with.overflow.i32(i32 %x, i32 1)
  store i32 7, ptr %at
  %next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  %last = phi { i32, i1 } [ %pair, %loop ]
  %overflow = extractvalue { i32, i1 } %last, 1
  ret i1 %overflow
}

; CHECK: loop offloaded
define i32 @number(ptr %a, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %at
  store i32 7, ptr %at
  %next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  %last = phi i32 [ %x, %loop ]
  ret i32 %last
}

declare { i32, i1 } @llvm.sadd.with.overflow.i32(i32, i32)
