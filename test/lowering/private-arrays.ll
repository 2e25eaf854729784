; A private array becomes the worker's own, with addresses into it that were
; computed before the loop. What a worker does there is no promise of the group.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"
declare void @llvm.lifetime.start.p0(ptr)
declare void @llvm.lifetime.end.p0(ptr)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

; The context holds %a, %n and %k, but no address of the host's array.
; CHECK: @ferry.site = internal global {{.*}} i32 1, i32 1, i32 2, i32 24, ptr @ferry.kinds
; CHECK-LABEL: define internal void @private.ferry(
; CHECK:       %t = alloca [40 x i32]
; CHECK:       [[K:%[a-z0-9]+]] = load i64, ptr
; CHECK:       %inside = getelementptr i32, ptr %t, i64 [[K]]
; CHECK:      loop:
; CHECK:       call void @llvm.lifetime.start.p0(ptr {{.*}}%t)
; CHECK:       call void @llvm.memcpy.p0.p0.i64(ptr {{.*}}%t, ptr {{.*}}%p, i64 160, i1 false){{$}}
; CHECK-NEXT:  %x = load i32, ptr %inside, align 4{{$}}
; CHECK-NEXT:  store i32 %x, ptr %p, align 4, !llvm.access.group
; CHECK-NEXT:  call void @llvm.lifetime.end.p0(ptr {{.*}}%t)
define void @private(ptr %a, i64 %n, i64 %k) {
entry:
  %t = alloca [40 x i32]
  %inside = getelementptr i32, ptr %t, i64 %k
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  call void @llvm.lifetime.start.p0(ptr %t)
  %p = getelementptr [40 x i32], ptr %a, i64 %i
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr %p, i64 160, i1 false)
  %x = load i32, ptr %inside
  store i32 %x, ptr %p
  call void @llvm.lifetime.end.p0(ptr %t)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
