#include "include/CImaging.h"

extern const swoop_kernels swoop_plain_kernels;
#if defined(__x86_64__)
extern const swoop_kernels swoop_avx2_kernels;
extern const swoop_kernels swoop_avx512_kernels;
#endif

const swoop_kernels *swoop_kernels_of_level(int level) {
  switch (level) {
  case SWOOP_KERNELS_PLAIN:
    return &swoop_plain_kernels;
#if defined(__x86_64__)
  case SWOOP_KERNELS_AVX2:
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c"))
      return &swoop_avx2_kernels;
    return NULL;
  case SWOOP_KERNELS_AVX512:
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
        swoop_kernels_of_level(SWOOP_KERNELS_AVX2))
      return &swoop_avx512_kernels;
    return NULL;
#endif
  default:
    return NULL;
  }
}
