; What runs once in a launch or less is not worth optimising: the call of the
; runtime, the worker of an inner loop, the loader stub. Functions that are
; compiled for size may have sites, too. What is cold stays away from what is hot.
; Workers are optimised.
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK: define internal void @rows.ferry({{.*}} #[[WORKER:[0-9]+]] {
; CHECK: define internal void @rows.ferry.inner({{.*}} #[[INNER:[0-9]+]] {
; CHECK: define internal {{.*}} @rows.ferry.ask({{.*}} #[[ASK:[0-9]+]] !section_prefix ![[COLD:[0-9]+]] {
; CHECK: define {{.*}} @__ferry_launch_v1({{.*}} #[[STUB:[0-9]+]] comdat
; CHECK: attributes #[[WORKER]] = { nounwind optsize }
; CHECK: attributes #[[INNER]] = { noinline nounwind optnone }
; CHECK: attributes #[[ASK]] = { cold noinline nounwind optnone }
; CHECK: attributes #[[STUB]] = { {{.*}}optnone
; CHECK: ![[COLD]] = !{!"section_prefix", !"unlikely"}
define void @rows(ptr %a, i64 %n, i64 %m) optsize {
entry:
  br label %rows
rows:
  %i = phi i64 [ 0, %entry ], [ %i.next, %rows.end ]
  %row = mul i64 %i, %m
  br label %columns
columns:
  %j = phi i64 [ 0, %rows ], [ %j.next, %columns ]
  %index = add i64 %row, %j
  %q = getelementptr i32, ptr %a, i64 %index
  store i32 1, ptr %q
  %j.next = add i64 %j, 1
  %j.stop = icmp eq i64 %j.next, %m
  br i1 %j.stop, label %rows.end, label %columns
rows.end:
  %i.next = add i64 %i, 1
  %i.stop = icmp eq i64 %i.next, %n
  br i1 %i.stop, label %exit, label %rows
exit:
  ret void
}
