#pragma once
// An nvJPEG for machines without a GPU, as far as this package calls one. It really decodes, through libjpeg-turbo with
// the settings of the CPU path, into the fake CUDA driver's device memory. As on real GPUs, batched calls of the hardware
// backend write at once, and everything else in stream order; the hardware takes baseline pictures only. The functions
// below are for tests; nvJPEG's own are declared nowhere.
#include <stdint.h>

#pragma clang assume_nonnull begin
#ifdef __cplusplus
extern "C" {
#endif

/// The fake CUDA driver whose streams and contexts are used; without one nothing can be created.
void fake_nvjpeg_set_cuda(const char *path);
/// What `nvjpegGetProperty` reports.
void fake_nvjpeg_set_version(int32_t major, int32_t minor, int32_t patch);
/// Whether the device has JPEG engines; it has.
void fake_nvjpeg_set_hardware(bool exists);
/// The largest side that the engines take.
void fake_nvjpeg_set_largest_side(int32_t side);
/// Makes the n-th call (from 1) of a function from now on return a status; 0 takes the order away.
void fake_nvjpeg_fail(const char *function, int32_t nth, int32_t status);
/// The next batched hardware call reports success, but leaves out one picture; -1 takes the order away.
void fake_nvjpeg_skip(int32_t picture);
/// How often a function was called since the last reset.
int32_t fake_nvjpeg_calls(const char *function);
/// How many objects of a kind are alive: `handle`, `state`, `bitstream`, `decoder`, `parameters`, `pinned`, `device`.
int32_t fake_nvjpeg_live(const char *kind);
/// The flags of the last handle made for a backend; -1 where there was none.
int32_t fake_nvjpeg_flags(int32_t backend);
/// What was done wrong so far, a line each; valid until the next call.
const char *fake_nvjpeg_violations(void);
/// Forgets counts, orders and violations; objects stay.
void fake_nvjpeg_reset(void);

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
