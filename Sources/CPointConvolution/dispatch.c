#include "include/CPointConvolution.h"

extern const swoop_point_functions swoop_point_plain;
#if defined(__x86_64__)
extern const swoop_point_functions swoop_point_avx2;
extern const swoop_point_functions swoop_point_avx512;
#endif

const swoop_point_functions *swoop_point_functions_of_level(int level) {
  switch (level) {
  case 0:
    return &swoop_point_plain;
#if defined(__x86_64__)
  case 1:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &swoop_point_avx2 : 0;
  case 2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                   swoop_point_functions_of_level(1)
               ? &swoop_point_avx512
               : 0;
#endif
  default:
    return 0;
  }
}
