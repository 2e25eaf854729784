# What both suites, test/ and examples/, have in common. docs/testing.md lists
# the substitutions and features.
import os
import shutil
import subprocess

import lit.formats

root, build, llvm = config.ferry_root, config.ferry_build, config.llvm_tools

config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".ll", ".test"]
config.excludes = ["Inputs", "reversed.c", "kernels.c"]
config.test_source_root = os.path.join(root, config.name)
config.test_exec_root = os.path.join(build, config.name)

# A test sees only the variables that it sets itself.
for name in [n for n in config.environment if n.startswith(("FERRY", "OMP_", "KMP_"))]:
    del config.environment[name]
config.environment["OMP_NUM_THREADS"] = "2"
config.environment["PATH"] = llvm + os.pathsep + os.environ["PATH"]

config.substitutions += [
    ("%ferrycc", f"{llvm}/clang --config={build}/lib/ferry.cfg"),
    ("%ferryxx", f"{llvm}/clang++ --config={build}/lib/ferry.cfg"),
    ("%ferry_opt", f"{llvm}/opt -load-pass-plugin={build}/lib/ferry.so"),
    ("%ferry_so", f"{build}/lib/ferry.so"),
    ("%ferry_tool", f"{build}/bin/ferry"),
    ("%libferry", f"{build}/lib/libferry.so"),
    ("%examplecheck", f"{root}/test/examplecheck {build}"),
    ("%runcheck", f"{root}/test/runcheck {build}"),
    ("%filecheck", f"{llvm}/FileCheck"),
    ("%cc", f"{llvm}/clang"),
    ("%cxx", f"{llvm}/clang++"),
    ("%build", build),
    ("%root", root),
]

ptxas = shutil.which("ptxas", path=os.environ["PATH"] + ":/usr/local/cuda/bin")
if ptxas:
    config.available_features.add("ptxas")
config.substitutions.insert(0, ("%ptxascheck", f"{root}/test/ptxascheck {build} {ptxas}"))

if lit_config.params.get("quick", "0") == "0":
    config.available_features.add("slow")
else:
    config.environment["RUNCHECK_LEVELS"] = "-O2"
for tool in ["valgrind", "gdb"]:
    if shutil.which(tool):
        config.available_features.add(tool)
if os.path.exists(f"{llvm}/ld.lld"):
    config.available_features.add("lld")
doctor = subprocess.run([f"{build}/bin/ferry", "doctor"], capture_output=True, text=True)
if "ok      mirror" in doctor.stdout:
    config.available_features.add("mirror")
if lit_config.params.get("vm", "0") == "1":
    config.available_features.add("vm")
if len(os.sched_getaffinity(0)) > 1:
    config.available_features.add("smp")
