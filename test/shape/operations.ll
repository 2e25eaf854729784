; Operations that stay in place, each beside its harmless twin.
; RUN: %shape

@mine = thread_local global i32 0
@ours = global i32 0
declare ptr @llvm.threadlocal.address.p0(ptr)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

; Simple loads and stores.
; CHECK-LABEL: shapes of 'plain':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @plain(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %p
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: volatile.
; CHECK-LABEL: shapes of 'volatile_load':
; CHECK-NEXT:   loop %loop: refused [volatile]
define void @volatile_load(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load volatile i32, ptr %p
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: atomic, if only relaxed.
; CHECK-LABEL: shapes of 'atomic_store':
; CHECK-NEXT:   loop %loop: refused [volatile]
define void @atomic_store(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store atomic i32 1, ptr %p monotonic, align 4
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a read-modify-write.
; CHECK-LABEL: shapes of 'exchange':
; CHECK-NEXT:   loop %loop: refused [volatile]
define void @exchange(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = atomicrmw add ptr %p, i32 1 seq_cst
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: a fence.
; CHECK-LABEL: shapes of 'fence':
; CHECK-NEXT:   loop %loop: refused [volatile]
define void @fence(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 1, ptr %p
  fence seq_cst
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; The address of a global is the same in every thread.
; CHECK-LABEL: shapes of 'global':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read @ours : 4 bytes
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @global(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr @ours
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: that of a thread-local variable is not.
; CHECK-LABEL: shapes of 'thread_local':
; CHECK-NEXT:   loop %loop: refused [thread-local]
define void @thread_local(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %t = call ptr @llvm.threadlocal.address.p0(ptr @mine)
  %x = load i32, ptr %t
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Computed before the loop, it is the caller's.
; CHECK-LABEL: shapes of 'thread_local_before':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    read %t : 4 bytes
; CHECK-NEXT:    write %a + 4 * i0 : 4 bytes
define void @thread_local_before(ptr %a, i64 %n) {
entry:
  %t = call ptr @llvm.threadlocal.address.p0(ptr @mine)
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = load i32, ptr %t
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: inline assembly, even without effects.
; CHECK-LABEL: shapes of 'assembly':
; CHECK-NEXT:   loop %loop: refused [unsupported] inline assembly
define void @assembly(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %x = call i32 asm "", "=r"()
  store i32 %x, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: memory on the stack of whoever runs the loop.
; CHECK-LABEL: shapes of 'allocation':
; CHECK-NEXT:   loop %loop: refused [unsupported]
define void @allocation(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %t = alloca i32
  store i32 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: another address space.
; CHECK-LABEL: shapes of 'other_space':
; CHECK-NEXT:   loop %loop: refused [unsupported] address space
define void @other_space(ptr %a, ptr addrspace(3) %b, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  %q = getelementptr i32, ptr addrspace(3) %b, i64 %i
  store i32 1, ptr addrspace(3) %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; memset of an invariant length is an access.
; CHECK-LABEL: shapes of 'fill':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip %n
; CHECK-NEXT:    write %a + 4 * i0 : %m bytes
define void @fill(ptr %a, i64 %n, i64 %m) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %m, i1 false)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: of a length that grows.
; CHECK-LABEL: shapes of 'fill_more':
; CHECK-NEXT:   loop %loop: refused [unknown-address] 'a'
define void @fill_more(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %i, i1 false)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: volatile.
; CHECK-LABEL: shapes of 'fill_volatile':
; CHECK-NEXT:   loop %loop: refused [volatile]
define void @fill_volatile(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 4, i1 true)
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
