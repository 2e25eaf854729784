; A variable in memory that each iteration changes is a register in the worker, and
; a row of its own kind. What is not certain to be stored must not be.
; RUN: %lower %s > %t.ll
; RUN: %filecheck %s < %t.ll
; RUN: %filecheck %s --check-prefix=RARE < %t.ll
target triple = "x86_64-unknown-linux-gnu"

; The cell, and what is read: FERRY_CELL, FERRY_READ.
; CHECK: @ferry.kinds = private constant [2 x i8] c"\08\00"

; CHECK-LABEL: define void @total(
; CHECK:       %cell.start = load i32, ptr %sum
; CHECK:       [[LAST:%.+]] = extractvalue {{.*}}, 1
; CHECK:       copy.exit:
; CHECK-NEXT:  store i32 [[LAST]], ptr %sum
define void @total(ptr %sum, ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %old = load i32, ptr %sum
  %x = load i32, ptr %p
  %new = add i32 %old, %x
  store i32 %new, ptr %sum
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Nothing may be loaded before the loop: the pointer may be null.
; RARE-LABEL: define void @rare(
; RARE-NOT:   load i32, ptr %sum
; RARE:       [[ADDED:%.+]] = extractvalue {{.*}}, 1
; RARE:       [[STORED:%.+]] = extractvalue {{.*}}, 2
; RARE:       copy.exit:
; RARE-NEXT:  [[AT:%.+]] = select i1 [[STORED]], ptr %sum, ptr %unused
; RARE-NEXT:  [[OLD:%.+]] = load i32, ptr [[AT]]
; RARE-NEXT:  [[NEW:%.+]] = add i32 [[OLD]], [[ADDED]]
; RARE-NEXT:  store i32 [[NEW]], ptr [[AT]]
define void @rare(ptr %sum, ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %big = icmp sgt i32 %x, 7
  br i1 %big, label %then, label %latch
then:
  %old = load i32, ptr %sum
  %new = add i32 %old, %x
  store i32 %new, ptr %sum
  br label %latch
latch:
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
