#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#pragma clang fp contract(fast)
#define LANES 16
#define POINTS 6
#define COLUMNS 4
#define NAME "avx512"
#define FUNCTIONS swoop_point_avx512
#include "kernel.h"
#pragma clang attribute pop
#endif
