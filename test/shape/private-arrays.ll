; An alloca is private where each iteration begins its life anew and its
; address goes nowhere.
; RUN: %shape

declare void @llvm.lifetime.start.p0(ptr)
declare void @llvm.lifetime.end.p0(ptr)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

; CHECK-LABEL: shapes of 'private':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 1
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %a + 16 * i0 : 16 bytes
; CHECK-NEXT:    write %a + 16 * i0 : 4 bytes
define void @private(ptr %a, i64 %n) {
entry:
  %t = alloca [4 x i32]
  %third = getelementptr i8, ptr %t, i64 8
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  call void @llvm.lifetime.start.p0(ptr %t)
  %p = getelementptr [4 x i32], ptr %a, i64 %i
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr %p, i64 16, i1 false)
  %x = load i32, ptr %third
  store i32 %x, ptr %p
  call void @llvm.lifetime.end.p0(ptr %t)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: alive all the time.
; CHECK-LABEL: shapes of 'lasting':
; CHECK-NEXT:   loop %loop: refused [same-location] 't'
define void @lasting(ptr %a, i64 %n) {
entry:
  %t = alloca [4 x i32]
  %third = getelementptr i8, ptr %t, i64 8
  call void @llvm.lifetime.start.p0(ptr %t)
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr [4 x i32], ptr %a, i64 %i
  %x = load i32, ptr %third
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr %p, i64 16, i1 false)
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: its address is stored.
; CHECK-LABEL: shapes of 'escaping':
; CHECK-NEXT:   loop %loop: refused [same-location] 't'
define void @escaping(ptr %a, i64 %n) {
entry:
  %t = alloca [4 x i32]
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  call void @llvm.lifetime.start.p0(ptr %t)
  %p = getelementptr [4 x i32], ptr %a, i64 %i
  store ptr %t, ptr %p
  store i32 1, ptr %t
  call void @llvm.lifetime.end.p0(ptr %t)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: more than a worker's stack should hold.
; CHECK-LABEL: shapes of 'large':
; CHECK-NEXT:   loop %loop: refused [private-size]
define void @large(ptr %a, i64 %n) {
entry:
  %t = alloca [17000 x i32]
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  call void @llvm.lifetime.start.p0(ptr %t)
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr %t, i64 %i
  store i32 1, ptr %q
  %x = load i32, ptr %t
  store i32 %x, ptr %p
  call void @llvm.lifetime.end.p0(ptr %t)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: nothing says that its life begins anew, and it is read first.
; CHECK-LABEL: shapes of 'unmarked':
; CHECK-NEXT:   loop %loop: refused [same-location] 't'
define void @unmarked(ptr %a, i64 %n) {
entry:
  %t = alloca [4 x i32]
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr [4 x i32], ptr %a, i64 %i
  %x = load i32, ptr %t
  store i32 %x, ptr %p
  store i32 7, ptr %t
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: its life begins in some iterations only.
; CHECK-LABEL: shapes of 'sometimes':
; CHECK-NEXT:   loop %loop: refused [same-location] 't'
define void @sometimes(ptr %a, i64 %n) {
entry:
  %t = alloca [4 x i32]
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %again ]
  %p = getelementptr [4 x i32], ptr %a, i64 %i
  %odd = trunc i64 %i to i1
  br i1 %odd, label %start, label %again
start:
  call void @llvm.lifetime.start.p0(ptr %t)
  store i32 7, ptr %t
  br label %again
again:
  %x = load i32, ptr %t
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
