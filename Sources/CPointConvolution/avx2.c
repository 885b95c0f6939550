#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#pragma clang fp contract(fast)
#define LANES 8
#define POINTS 6
#define COLUMNS 2
#define NAME "avx2"
#define FUNCTIONS swoop_point_avx2
#include "kernel.h"
#pragma clang attribute pop
#endif
