#pragma once
// A CUDA driver for machines without a GPU, as far as this package calls one. Device memory is host memory at the same
// address; streams run nothing until somebody waits for them, so that work which is not waited for is never seen to be
// done. Every misuse is counted. The functions below are for tests; the driver's own are declared nowhere.
#include <stddef.h>
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
/// Names the library that runs kernels; null takes it away, and leaves what SWOOP_FAKE_KERNELS names. It has
///     int emulated_kernel_launch(const char *name, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
///                                unsigned bz, size_t shared, void **arguments);
/// which returns 0 for success and -1 for a kernel that it does not know.
void fake_cuda_set_kernels(const char *_Nullable path);
/// The sizes of a kernel's parameters in bytes, for those who ask; unknown until told.
void fake_cuda_set_parameters(const char *kernel, const size_t *_Nullable sizes, size_t count);
/// What the driver says that it supports: 13000 is CUDA 13.0, as at first.
void fake_cuda_set_version(int32_t version);
/// What a device attribute is; see CUdevice_attribute.
void fake_cuda_set_attribute(int32_t attribute, int32_t value);
/// The largest amount of shared memory that a kernel's launches were raised to, or -1 where none was.
int32_t fake_cuda_shared_limit(const char *kernel);
/// How many objects of a kind are alive: `device`, `pinned`, `stream`, `event`, `context`, `module`, `graph`, `executable`.
int32_t fake_cuda_live(const char *kind);
/// What was done wrong so far, a line each; valid until the next call.
const char *fake_cuda_violations(void);
/// Forgets counts, orders, violations and everything that was set; objects stay.
void fake_cuda_reset(void);

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
