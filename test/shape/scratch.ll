; An array that lies outside of the loop is the worker's own where each iteration
; fills it, without gaps, before it reads it. For the overlap test it is a cell.
; RUN: %shape

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

; CHECK-LABEL: shapes of 'filled':
; CHECK-NEXT:  loop %loop: parallel 1 of 3 dims, reductions 0, private 0
; CHECK-NEXT:   trip %n
; CHECK-NEXT:   trip %m
; CHECK-NEXT:   trip %m
; CHECK-NEXT:   write %a + 4 * i0 : 4 bytes
; CHECK-NEXT:   cell %t : (4 * %m) bytes
; CHECK-NEXT:   scratch ptr %t from 0, (4 * %m) bytes, 2 uses
; CHECK-NEXT:   unsigned (-1 + (4 * %m)) in 16 bits
; CHECK-NEXT:   unsigned %m in 24 bits
; CHECK-NEXT:  loop %fill: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:   trip %m
; CHECK-NEXT:   write %t + 4 * i0 : 4 bytes
; CHECK-NEXT:  loop %read: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:   trip %m
; CHECK-NEXT:   read %t + 4 * i0 : 4 bytes
; CHECK-NEXT:   cell {%a,+,4}<%loop> : 4 bytes
; CHECK-NEXT:   scratch ptr %a from {0,+,4}<%loop>, 4 bytes, 1 uses
define void @filled(ptr %a, ptr %t, i64 %n, i64 %m) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %after ]
  br label %fill
fill:
  %j = phi i64 [ 0, %loop ], [ %j.next, %fill ]
  %p = getelementptr i32, ptr %t, i64 %j
  %v = trunc i64 %i to i32
  store i32 %v, ptr %p
  %j.next = add i64 %j, 1
  %j.end = icmp eq i64 %j.next, %m
  br i1 %j.end, label %between, label %fill
between:
  br label %read
read:
  %k = phi i64 [ 0, %between ], [ %k.next, %read ]
  %q = getelementptr i32, ptr %t, i64 %k
  %w = load i32, ptr %q
  %to = getelementptr i32, ptr %a, i64 %i
  store i32 %w, ptr %to
  %k.next = add i64 %k, 1
  %k.end = icmp eq i64 %k.next, %m
  br i1 %k.end, label %after, label %read
after:
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %loop
exit:
  ret void
}

; Twin: every other element.
; CHECK-LABEL: shapes of 'gaps':
; CHECK-NEXT:  loop %loop: refused [same-location] 't'
; CHECK-NEXT:  loop %fill: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:   trip %m
; CHECK-NEXT:   write %t + 8 * i0 : 4 bytes
define void @gaps(ptr %a, ptr %t, i64 %n, i64 %m) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %after ]
  br label %fill
fill:
  %j = phi i64 [ 0, %loop ], [ %j.next, %fill ]
  %p = getelementptr i64, ptr %t, i64 %j
  %v = trunc i64 %i to i32
  store i32 %v, ptr %p
  %j.next = add i64 %j, 1
  %j.end = icmp eq i64 %j.next, %m
  br i1 %j.end, label %between, label %fill
between:
  %w = load i32, ptr %t
  %to = getelementptr i32, ptr %a, i64 %i
  store i32 %w, ptr %to
  br label %after
after:
  %i.next = add i64 %i, 1
  %i.end = icmp eq i64 %i.next, %n
  br i1 %i.end, label %exit, label %loop
exit:
  ret void
}

; A read at an index that nobody knows, of an object that is filled as a whole.
@bins = internal global [16 x i32] zeroinitializer
; CHECK-LABEL: shapes of 'whole':
; CHECK-NEXT:  loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:   trip %n
; CHECK-NEXT:   read %a + 8 * i0 : 8 bytes
; CHECK-NEXT:   write %a + 8 * i0 : 4 bytes
; CHECK-NEXT:   cell @bins : 64 bytes
; CHECK-NEXT:   scratch @bins = internal global [16 x i32] zeroinitializer from 0, 64 bytes, 2 uses
define void @whole(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  call void @llvm.memset.p0.i64(ptr @bins, i8 1, i64 64, i1 false)
  %p = getelementptr i64, ptr %a, i64 %i
  %index = load i64, ptr %p
  %q = getelementptr i32, ptr @bins, i64 %index
  %v = load i32, ptr %q
  store i32 %v, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: all but the last element are filled.
; CHECK-LABEL: shapes of 'not_whole':
; CHECK-NEXT:  loop %loop: refused [dependent] 'bins'
define void @not_whole(ptr %a, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  call void @llvm.memset.p0.i64(ptr @bins, i8 1, i64 60, i1 false)
  %p = getelementptr i64, ptr %a, i64 %i
  %index = load i64, ptr %p
  %q = getelementptr i32, ptr @bins, i64 %index
  %v = load i32, ptr %q
  store i32 %v, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: in another address space.
; CHECK-LABEL: shapes of 'elsewhere':
; CHECK-NEXT:  loop %loop: refused [unsupported] address space
define void @elsewhere(ptr %a, ptr addrspace(1) %t, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  store i64 %i, ptr addrspace(1) %t
  %v = load i64, ptr addrspace(1) %t
  %p = getelementptr i64, ptr %a, i64 %i
  store i64 %v, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
