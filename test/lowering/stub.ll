; The loader stub is linked once, however many sites there are and however often
; the pass runs, and only where there is a site. Programs may carry a copy in
; each object: the linker keeps one, and nobody outside sees it.
; RUN: %lower %s | %filecheck %s
; RUN: %ferry_opt -passes='ferry<threshold=0>,ferry<threshold=0>,verify' -S %s -o %t.twice
; RUN: %filecheck %s < %t.twice
; RUN: grep -c 'call i32 @__ferry_launch_v1' %t.twice | %filecheck --check-prefix=SITES %s
; RUN: %ferry_opt -passes='ferry<threshold=1000000000>,verify' -S %s | \
; RUN:   %filecheck --check-prefix=NONE --implicit-check-not=__ferry %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-DAG: $__ferry_launch_v1 = comdat any
; CHECK-DAG: @__ferry_found = linkonce_odr hidden global ptr null, comdat
; CHECK-DAG: @ferry.site = internal global
; CHECK-DAG: @ferry.site.{{[0-9]+}} = internal global
; CHECK:     define void @first(
; CHECK:     define void @second(
; CHECK:     define linkonce_odr hidden i32 @__ferry_launch_v1({{.*}} comdat
; CHECK-NOT: @__ferry_launch_v1.
; CHECK:     !llvm.module.flags = !{![[FLAG:[0-9]+]]}
; CHECK:     ![[FLAG]] = !{i32 7, !"ferry.done", i32 1}

; SITES: {{^}}2{{$}}

; NONE: define void @first(
; NONE: define void @second(
define void @first(ptr %a) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 5000
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
define void @second(ptr %a) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i16, ptr %a, i64 %i
  store i16 1, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, 5000
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
