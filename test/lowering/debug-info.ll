; A worker is an artificial function into which the loop is inlined, so that
; lines and variables keep their places (atoms included, or no breakpoint hits).
; RUN: %lower %s | %filecheck %s
target triple = "x86_64-unknown-linux-gnu"

; The site says line 2, column 3.
; CHECK: @ferry.site = internal global {{.*}} { i32 8, i32 32, i32 2, i32 3,
; CHECK: define void @scale({{.*}} !dbg [[HOST:![0-9]+]]
; CHECK: call preserve_mostcc { i32 } @scale.ferry.ask({{.*}}, !dbg !{{[0-9]+}}

; CHECK: define internal void @scale.ferry({{.*}} !dbg [[WORKER:![0-9]+]]
; CHECK: #dbg_value(i64 %i, [[I:![0-9]+]], !DIExpression(), [[AT_I:![0-9]+]])
; CHECK: %x = load {{.*}} !dbg [[AT:![0-9]+]]
; CHECK: #dbg_value(i32 %x, [[X:![0-9]+]], !DIExpression(), [[AT_I]])
; A variable whose value the loop does not need has no value here.
; CHECK: #dbg_value(ptr poison, [[A:![0-9]+]], !DIExpression(), [[AT_I]])

; CHECK: [[HOST]] = distinct !DISubprogram(name: "scale",
; CHECK: [[WORKER]] = distinct !DISubprogram(name: "scale.ferry", linkageName: "scale.ferry", {{.*}} line: 2, {{.*}} flags: DIFlagArtificial, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition | DISPFlagOptimized, {{.*}} keyInstructions: true)
; CHECK: [[AT_I]] = !DILocation(line: 0, scope: [[HOST]], inlinedAt: [[ROOT:![0-9]+]])
; CHECK: [[ROOT]] = distinct !DILocation(line: 2, scope: [[WORKER]])
; CHECK: [[AT]] = !DILocation(line: 3, column: 12, scope: [[HOST]], inlinedAt: [[ROOT]], atomGroup: {{[1-9][0-9]*}}, atomRank: 1)
define void @scale(ptr %a, ptr %b, i64 %n) !dbg !5 {
entry:
  br label %loop, !dbg !10
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
    #dbg_value(i64 %i, !8, !DIExpression(), !11)
  %p = getelementptr i32, ptr %a, i64 %i, !dbg !12
  %x = load i32, ptr %p, !dbg !12
    #dbg_value(i32 %x, !9, !DIExpression(), !11)
    #dbg_value(ptr %b, !7, !DIExpression(), !11)
  %y = mul i32 %x, 2, !dbg !12
  store i32 %y, ptr %p, !dbg !12
  %next = add i64 %i, 1, !dbg !10
  %stop = icmp eq i64 %next, %n, !dbg !10
  br i1 %stop, label %exit, label %loop, !dbg !10, !llvm.loop !13
exit:
  ret void, !dbg !10
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !1, isOptimized: true, emissionKind: FullDebug)
!1 = !DIFile(filename: "scale.c", directory: "/src")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !4)
!4 = !{null}
!5 = distinct !DISubprogram(name: "scale", file: !1, line: 1, type: !3, spFlags: DISPFlagDefinition | DISPFlagOptimized, unit: !0, keyInstructions: true)
!6 = !DIBasicType(name: "long", size: 64, encoding: DW_ATE_signed)
!7 = !DILocalVariable(name: "b", scope: !5, file: !1, line: 1, type: !6)
!8 = !DILocalVariable(name: "i", scope: !5, file: !1, line: 2, type: !6)
!9 = !DILocalVariable(name: "x", scope: !5, file: !1, line: 3, type: !6)
!10 = !DILocation(line: 2, column: 3, scope: !5)
!11 = !DILocation(line: 0, scope: !5)
!12 = !DILocation(line: 3, column: 12, scope: !5, atomGroup: 4, atomRank: 1)
!13 = distinct !{!13, !10, !10}
