#pragma once
// A TensorRT for machines without a GPU: the objects and virtual tables of any known version, computing real results for
// small models on the CPU. It goes through a CUDA driver (a real one or the fake one) for every byte of device memory,
// so that forgotten copies and missing waits show. Objects that are used after they are gone, freed in a wrong order or
// never, and calls out of order are counted. The functions below are for tests; the library is opened and used through
// TensorRT's own entry points.
#include <stdbool.h>
#include <stdint.h>

//
// In the environment: FAKE_TENSORRT_VERSION and FAKE_TENSORRT_CUDA stand in for the first and third of them, and
// FAKE_TENSORRT_HOLD=FILE lets a build make FILE.started and wait until FILE is there.
#pragma clang assume_nonnull begin
#ifdef __cplusplus
extern "C" {
#endif

/// The number that getInferLibVersion reports, which also decides the layout. Before anything else is called. Without
/// it, the environment variable FAKE_TENSORRT_VERSION decides, or 10.16.
void fake_trt_set_version(int32_t reported);
/// Gives the objects the layout of another version than the one that is reported.
void fake_trt_set_layout(int32_t reported);
/// The CUDA driver to use; without it, FAKE_TENSORRT_CUDA or libcuda.so.1.
void fake_trt_set_cuda(const char *path);
/// Behaves as without a GPU: factories return pointers that are no objects, as the lean runtime does.
void fake_trt_set_blind(bool blind);
/// Lets every plan need a plugin, which initLibNvInferPlugins and libraries that are loaded register.
void fake_trt_set_needs_plugins(bool needed);
/// Lets batch rows bleed into one another, as a wrongly exported model does: row i also sees row 0.
void fake_trt_set_bleeding(bool bleeding);

/// Makes the n-th call (from 1) of a method from now on fail: `ICudaEngine.createExecutionContext`.
void fake_trt_fail(const char *method, int32_t nth);
/// How often a method was called since the last reset.
int32_t fake_trt_calls(const char *method);
/// The methods that can be made to fail, separated by spaces.
const char *fake_trt_fallible(void);
/// The number of objects alive.
int32_t fake_trt_live(void);
/// What was done wrong so far, a line each; valid until the next call.
const char *fake_trt_violations(void);
/// Forgets counts, orders and violations; objects stay.
void fake_trt_reset(void);

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
