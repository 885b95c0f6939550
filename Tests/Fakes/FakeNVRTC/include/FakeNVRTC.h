#pragma once
// A run-time compiler for machines without NVIDIA's: the source itself is the compiled image. The functions below are for
// tests; the library's own are declared nowhere.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin
#ifdef __cplusplus
extern "C" {
#endif

/// What version it says that it is; 13.0 as at first. SWOOP_FAKE_NVRTC_VERSION (`12.4`) sets it for a whole process.
void fake_nvrtc_set_version(int32_t major, int32_t minor);
/// The architectures that it compiles for, as 90 for 9.0; as at first those of version 13.0.
void fake_nvrtc_set_architectures(const int32_t *architectures, int32_t count);
/// Makes every compilation fail with a log; null lets them succeed again.
void fake_nvrtc_set_log(const char *_Nullable log);
/// Makes the n-th call (from 1) of a function from now on return a result code; 0 takes the order away.
void fake_nvrtc_fail(const char *function, int32_t nth, int32_t result);
/// How often a function was called.
int32_t fake_nvrtc_calls(const char *function);
/// The options of the last compilation, a line each; valid until the next call.
const char *fake_nvrtc_options(void);
/// How many programs are alive.
int32_t fake_nvrtc_live(void);
/// The ranges that were opened so far, a line each, and a line `end` for each that was closed: the library has NVTX's
/// functions too. Valid until the next call.
const char *fake_nvtx_ranges(void);

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
