#include "abi.h"
__attribute__((visibility("hidden"))) extern const char __ferry_runtime_path[];
__attribute__((weak)) extern int ferry_launch_v1(struct ferry_site*, const void*, const int64_t*, void*, int64_t);
__attribute__((weak,visibility("hidden"),noinline)) int __ferry_launch_v1(struct ferry_site*s, const void*c, const int64_t*n, void*r, int64_t w){ if(!ferry_launch_v1||!__ferry_runtime_path[0]) return 1; return ferry_launch_v1(s,c,n,r,w);}
