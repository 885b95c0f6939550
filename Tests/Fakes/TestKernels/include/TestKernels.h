#pragma once
// A few kernels for the tests of launches, run on the processor by the fake CUDA driver.
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Runs a kernel by name. Those known:
/// - `add(int *values, int count, int amount)`, one thread a value;
/// - `scale(double *values, unsigned char isHalf, long long count, float factor)`;
/// - `report(unsigned *words)` writes the six sizes of the launch and the shared bytes;
/// - `turn(int *values, int count)` turns their order round;
/// - `nothing()`;
/// - `fail()` and `fault()` end with code 7.
int emulated_kernel_launch(const char *name, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                           unsigned bz, size_t shared, void **arguments);

#ifdef __cplusplus
}
#endif
