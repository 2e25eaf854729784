; A worker is compiled as its function is, but makes none of its promises: it
; returns, writes through its context, and is called by others.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK: define internal void @clear.ferry({{.*}}) #[[WORKER:[0-9]+]] {
; CHECK: attributes #[[WORKER]] = { nounwind sanitize_address sspstrong uwtable "frame-pointer"="all" "no-trapping-math"="true" "target-cpu"="x86-64-v3" "target-features"="+avx2,+fma" }
define void @clear(ptr writeonly captures(none) %a, i64 %n) #0 {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr i32, ptr %a, i64 %i
  store i32 0, ptr %p
  %next = add i64 %i, 1
  %stop = icmp eq i64 %next, %n
  br i1 %stop, label %exit, label %loop
exit:
  ret void
}
attributes #0 = {
  noinline cold nofree norecurse nosync willreturn mustprogress nounwind
  memory(argmem: write) sspstrong uwtable sanitize_address "target-cpu"="x86-64-v3"
  "target-features"="+avx2,+fma" "frame-pointer"="all" "no-trapping-math"="true"
}
