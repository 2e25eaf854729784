; Where all numbers are constants the answer is known when the loop is compiled,
; as long as the accesses stay inside of their objects.
; RUN: %shape

@a = internal global [100 x i32] zeroinitializer
@b = internal global [100 x i32] zeroinitializer
@elsewhere = external global [100 x i32]

; Two objects.
; CHECK-LABEL: shapes of 'apart':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, independent, reductions 0, private 0
; CHECK-NEXT:    trip 100
; CHECK-NEXT:    read @a + 4 * i0 : 4 bytes
; CHECK-NEXT:    write @b + 4 * i0 : 4 bytes
define void @apart() {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr @a, i64 %i
  %x = load i32, ptr %p
  %q0 = getelementptr i32, ptr @b, i64 %i
  %q = getelementptr i8, ptr %q0, i64 0
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 100
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Two halves of one.
; CHECK-LABEL: shapes of 'halves':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, independent, reductions 0, private 0
; CHECK-NEXT:    trip 50
; CHECK-NEXT:    read @a + 4 * i0 : 4 bytes
; CHECK-NEXT:    write (200 + @a)<nuw> + 4 * i0 : 4 bytes
define void @halves() {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr @a, i64 %i
  %x = load i32, ptr %p
  %q0 = getelementptr i32, ptr @a, i64 %i
  %q = getelementptr i8, ptr %q0, i64 200
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 50
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: the last iterations write what the first ones read.
; CHECK-LABEL: shapes of 'behind':
; CHECK-NEXT:   loop %loop: refused [dependent] 'a'
define void @behind() {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr @a, i64 %i
  %x = load i32, ptr %p
  %q0 = getelementptr i32, ptr @a, i64 %i
  %q = getelementptr i8, ptr %q0, i64 160
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 60
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: four bytes behind the object may lie anywhere.
; CHECK-LABEL: shapes of 'outside':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip 100
; CHECK-NEXT:    read @a + 4 * i0 : 4 bytes
; CHECK-NEXT:    write (4 + @b)<nuw><nsw> + 4 * i0 : 4 bytes
define void @outside() {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr @a, i64 %i
  %x = load i32, ptr %p
  %q0 = getelementptr i32, ptr @b, i64 %i
  %q = getelementptr i8, ptr %q0, i64 4
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 100
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}

; Twin: what another file defines may be shorter, or the same as @a.
; CHECK-LABEL: shapes of 'unknown_size':
; CHECK-NEXT:   loop %loop: parallel 1 of 1 dims, reductions 0, private 0
; CHECK-NEXT:    trip 100
; CHECK-NEXT:    read @a + 4 * i0 : 4 bytes
; CHECK-NEXT:    write @elsewhere + 4 * i0 : 4 bytes
define void @unknown_size() {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr @a, i64 %i
  %x = load i32, ptr %p
  %q0 = getelementptr i32, ptr @elsewhere, i64 %i
  %q = getelementptr i8, ptr %q0, i64 0
  store i32 %x, ptr %q
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 100
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
