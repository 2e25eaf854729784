; Before the loop: has it enough iterations to be worth a question? That is put by a function of its
; own, which builds the context and the matrix of numbers; the original loop runs
; if the answer is no.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; file and function, one dim, one parallel, one access of kind 1 (write), a
; context of three values, no reduction, six instructions in each iteration, nothing
; known of its guard
; CHECK: @[[KINDS:ferry.kinds]] = private constant [1 x i8] c"\01"
; CHECK: @[[SITE:ferry.site]] = internal global { {{.*}} } { i32 8, i32 32, i32 0, i32 0, ptr @{{.*}}, ptr @{{.*}}, i32 1, i32 1, i32 1, i32 24, ptr @[[KINDS]], ptr null, ptr @scale.ferry, ptr null, ptr null, i32 0, ptr null, ptr null, ptr null, i32 0, i32 0, ptr null, ptr null, i64 0, i64 6, i64 -1, ptr null, ptr null, i32 0, i32 0, ptr null }

; CHECK-LABEL: define void @scale(ptr %a, i64 %n, i32 %by)
; CHECK:       [[TRIPS:%[0-9]+]] = freeze i64 %n
; CHECK-NEXT:  [[LEAST:%[0-9]+]] = load atomic i64, ptr getelementptr {{.*}} @[[SITE]], i32 0, i32 25) monotonic
; CHECK-NEXT:  [[MORE:%[0-9]+]] = icmp sgt i64 [[TRIPS]], [[LEAST]]
; CHECK-NEXT:  br i1 [[MORE]], label %ferry.launch, label %ferry.serial, !prof
; CHECK:      ferry.serial: ; preds = %entry, %ferry.launch
; CHECK-NEXT:  br label %loop
; CHECK:      ferry.launch:
; CHECK-NEXT:  [[ANSWER:%[0-9]+]] = call preserve_mostcc { i32 } @scale.ferry.ask(ptr %a, i32 %by, i64 %n, i64 [[TRIPS]])
; CHECK-NEXT:  [[LEFT:%[0-9]+]] = extractvalue { i32 } [[ANSWER]], 0
; CHECK-NEXT:  [[DONE:%[0-9]+]] = icmp eq i32 [[LEFT]], 0
; CHECK-NEXT:  br i1 [[DONE]], label %ferry.done, label %ferry.serial
; CHECK:      ferry.done:
; CHECK-NEXT:  br label %exit
; the loop as it was
; CHECK:      loop:
; CHECK-NEXT:  %i = phi i64 [ 0, %ferry.serial ], [ %next, %loop ]
; CHECK:       store i32 %y, ptr %p
; CHECK-NEXT:  %next = add i64 %i, 1
; CHECK-NEXT:  %stop = icmp eq i64 %next, %n
; CHECK-NEXT:  br i1 %stop, label %exit, label %loop
define void @scale(ptr %a, i64 %n, i32 %by) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  %y = mul i32 %x, %by
  store i32 %y, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; A function without a loop that can be offloaded stays as it is.
; CHECK-LABEL: define void @refused(
; CHECK-NEXT:  entry:
; CHECK-NEXT:    br label %loop
define void @refused(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  store volatile i32 0, ptr %a
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; The question has a frame of its own, and what it needs is computed there.
; CHECK-LABEL: define internal preserve_mostcc { i32 } @scale.ferry.ask(ptr %0, i32 %1, i64 %2, i64 %3)
; CHECK:       %context = alloca { ptr, i32, i64 }
; CHECK-NEXT:  %numbers = alloca i64, i64 6
; CHECK:       store ptr %0, ptr
; CHECK:       store i32 %1, ptr
; the row of the dim: trip, 0, stride; that of the access: base, width, stride
; CHECK:       [[AT:%[0-9]+]] = getelementptr i64, ptr %numbers, i64 0
; CHECK-NEXT:  store i64 %2, ptr [[AT]]
; CHECK:       store i64 0, ptr
; CHECK:       store i64 0, ptr
; CHECK:       [[A:%[0-9]+]] = ptrtoint ptr %0 to i64
; CHECK-NEXT:  [[AT:%[0-9]+]] = getelementptr i64, ptr %numbers, i64 3
; CHECK-NEXT:  store i64 [[A]], ptr [[AT]]
; CHECK:       store i64 4, ptr
; CHECK:       store i64 4, ptr
; CHECK-NEXT:  [[TRIPS:%[0-9]+]] = call i64 @llvm.umin.i64(i64 %3, i64 2147483648)
; CHECK-NEXT:  [[WORK:%[0-9]+]] = mul i64 [[TRIPS]], 6
; CHECK-NEXT:  [[LEFT:%[0-9]+]] = call i32 @__ferry_launch_v1(ptr @[[SITE]], ptr %context, ptr %numbers, ptr null, i64 [[WORK]])
; CHECK-NEXT:  [[ANSWER:%[0-9]+]] = insertvalue { i32 } poison, i32 [[LEFT]], 0
; CHECK-NEXT:  ret { i32 } [[ANSWER]]
