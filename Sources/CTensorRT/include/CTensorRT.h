#pragma once
// TensorRT without its headers: virtual methods are called by slot, and the interfaces that TensorRT calls back are
// offered as tables. Only what Swift cannot say is here; which calls are made, and when, is Swift's business.
#include "Calls.h"
#include "Types.h"

#pragma clang assume_nonnull begin
#ifdef __cplusplus
extern "C" {
#endif

/// Fills in the layout for a family and version. False where the family has no layout for that version.
bool swoop_trt_layout_fill(swoop_trt_layout *layout, swoop_trt_family family, int32_t major, int32_t minor, int32_t patch);

/// The slot of a row of methods.tsv in a layout, or -1.
int32_t swoop_trt_slot(const swoop_trt_layout *layout, int32_t row);
/// Whether this version has the method, in any of its forms.
bool swoop_trt_has(const swoop_trt_layout *layout, swoop_trt_method method);
/// The value of an enumerator; INT32_MIN where this version lacks it.
int32_t swoop_trt_value(const swoop_trt_layout *layout, swoop_trt_enumerator enumerator);

/// `IBuilderConfig`, `setProgressMonitor`, `TensorRT 9, TensorRT 10, …`: the names of a row of methods.tsv and the first
/// version of each family that has it.
const char *swoop_trt_method_scope(int32_t row);
const char *swoop_trt_method_name(int32_t row);
const char *swoop_trt_method_availability(swoop_trt_method method);
const char *swoop_trt_enumerator_scope(int32_t row);
const char *swoop_trt_enumerator_name(int32_t row);
const char *swoop_trt_enumerator_availability(swoop_trt_enumerator enumerator);

/// Whether a pointer that TensorRT returned can be an object. A factory that fails need not return null: the lean runtime
/// without a GPU returns the offset of a member in a null object. Nothing lies below 64 KiB on Linux.
bool swoop_trt_is_object(const void *_Nullable pointer);
/// The same for objects that have an inner object, which must not be null either.
bool swoop_trt_is_library_object(const void *_Nullable pointer);

/// What the last exception said that a call on this thread ended in, once; null where there was none.
const char *_Nullable swoop_trt_take_exception(void);

/// Runs `work` so that a crash in it (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT on this thread) ends it instead of the
/// process. Returns 0, or the signal's number; then the library must not be used again. For the check of an unfamiliar
/// library before its first real use, not for everyday calls.
int32_t swoop_trt_guarded(void (*work)(void *_Nullable context), void *_Nullable context);

// Interfaces that TensorRT calls. Each object lives until swoop_trt_implementation_free; TensorRT must be done with it by
// then. The functions may be called from any thread and must not unwind.

void *swoop_trt_logger_new(
    const swoop_trt_layout *layout, void *_Nullable context,
    void (*log)(void *_Nullable context, int32_t severity, const char *_Nullable message));

/// Keeps up to 64 errors, each also handed to `report` as it comes.
void *swoop_trt_recorder_new(
    const swoop_trt_layout *layout, void *_Nullable context,
    void (*report)(void *_Nullable context, int32_t code, const char *_Nullable description));

/// Null where the version has no progress monitor.
void *_Nullable swoop_trt_monitor_new(
    const swoop_trt_layout *layout, void *_Nullable context,
    void (*start)(void *_Nullable context, const char *_Nullable phase, const char *_Nullable parent, int32_t steps),
    bool (*step)(void *_Nullable context, const char *_Nullable phase, int32_t step),
    void (*finish)(void *_Nullable context, const char *_Nullable phase));

void *swoop_trt_profiler_new(
    const swoop_trt_layout *layout, void *_Nullable context,
    void (*report)(void *_Nullable context, const char *_Nullable layer, float milliseconds));

void *swoop_trt_output_allocator_new(
    const swoop_trt_layout *layout, void *_Nullable context,
    void *_Nullable (*_Nonnull reallocate)(
        void *_Nullable context, const char *_Nullable tensor, void *_Nullable current, uint64_t size, uint64_t alignment,
        void *_Nullable stream),
    void (*notify)(void *_Nullable context, const char *_Nullable tensor, const swoop_trt_dims *shape));

/// Forgets the errors a recorder keeps.
void swoop_trt_recorder_clear(void *recorder);

void swoop_trt_implementation_free(void *implementation);

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
