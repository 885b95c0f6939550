#pragma once
// A CUDA driver for machines without a GPU, as far as this package calls one. Device memory is host memory at the same
// address; streams run nothing until somebody waits for them, so that work which is not waited for is never seen to be
// done. Every misuse is counted. The functions below are for tests; the driver's own are declared nowhere.
#include <stdint.h>

#pragma clang assume_nonnull begin
#ifdef __cplusplus
extern "C" {
#endif

/// Makes the n-th call (from 1) of a driver function from now on return a result code; 0 takes the order away.
void fake_cuda_fail(const char *function, int32_t nth, int32_t result);
/// How often a driver function was called since the last reset.
int32_t fake_cuda_calls(const char *function);
/// Limits the device memory of each device, in bytes.
void fake_cuda_set_memory(uint64_t byteCount);
/// The compute capability of the devices, as 86 for 8.6, which it is without this; a reset does not change it.
void fake_cuda_set_capability(int32_t capability);
/// How many objects of a kind are alive: `device`, `pinned`, `stream`, `event`, `context`.
int32_t fake_cuda_live(const char *kind);
/// What was done wrong so far, a line each; valid until the next call.
const char *fake_cuda_violations(void);
/// Forgets counts, orders and violations; objects stay.
void fake_cuda_reset(void);

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
