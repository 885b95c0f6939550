#pragma once
// The part of ONNX Runtime's C interface that this package calls, described so that nothing of ONNX Runtime is needed
// to build it. A library hands out its functions as one table, OrtApi, whose order is the binary interface: entries are
// only ever appended. Stated here are the places of the entries used, and the types of the functions.
// `scripts/check-onnxruntime-table` compares both with a copy of the real header.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The lowest version of the table that has every entry below: that of ONNX Runtime 1.16.
enum { ort_api_version = 16 };

typedef struct ort_status ort_status;
typedef struct ort_env ort_env;
typedef struct ort_session ort_session;
typedef struct ort_session_options ort_session_options;
typedef struct ort_run_options ort_run_options;
typedef struct ort_memory_info ort_memory_info;
typedef struct ort_value ort_value;
typedef struct ort_io_binding ort_io_binding;
typedef struct ort_type_info ort_type_info;
typedef struct ort_tensor_info ort_tensor_info;
typedef struct ort_model_metadata ort_model_metadata;
typedef struct ort_allocator ort_allocator;
typedef struct ort_cuda_options ort_cuda_options;
typedef struct ort_tensorrt_options ort_tensorrt_options;

typedef int32_t ort_error_code;
typedef int32_t ort_element_code;
typedef int32_t ort_severity;

/// Null is success; anything else is owned by the caller.
typedef ort_status *_Nullable ort_result;
typedef const char *_Nullable const *_Nullable ort_strings;

/// What the one exported function, OrtGetApiBase, returns.
typedef struct {
  const void *_Nullable (*_Nonnull get_api)(uint32_t version);
  const char *_Nullable (*_Nonnull get_version_string)(void);
} ort_api_base;

typedef const ort_api_base *_Nullable (*OrtGetApiBase_function)(void);

typedef void (*ort_log_function)(void *_Nullable parameter, ort_severity severity, const char *_Nullable category,
                                 const char *_Nullable log_id, const char *_Nullable location,
                                 const char *_Nullable message);

// One line an entry: its place in the table, its name, what it returns, what it takes.
#define ORT_ENTRIES(ENTRY)                                                                                             \
  ENTRY(1, GetErrorCode, ort_error_code, (const ort_status *))                                                         \
  ENTRY(2, GetErrorMessage, const char *_Nullable, (const ort_status *))                                               \
  ENTRY(4, CreateEnvWithCustomLogger, ort_result,                                                                      \
        (ort_log_function, void *_Nullable parameter, ort_severity, const char *log_id, ort_env *_Nullable *_Nonnull)) \
  ENTRY(7, CreateSession, ort_result,                                                                                  \
        (const ort_env *, const char *path, const ort_session_options *, ort_session *_Nullable *_Nonnull))            \
  ENTRY(8, CreateSessionFromArray, ort_result,                                                                         \
        (const ort_env *, const void *_Nullable model, size_t byte_count, const ort_session_options *,                 \
         ort_session *_Nullable *_Nonnull))                                                                            \
  ENTRY(9, Run, ort_result,                                                                                            \
        (ort_session *, const ort_run_options *_Nullable, ort_strings input_names,                                     \
         const ort_value *_Nullable const *_Nullable inputs, size_t input_count, ort_strings output_names,             \
         size_t output_count, ort_value *_Nullable *_Nullable outputs))                                                \
  ENTRY(10, CreateSessionOptions, ort_result, (ort_session_options *_Nullable *_Nonnull))                              \
  ENTRY(13, SetSessionExecutionMode, ort_result, (ort_session_options *, int32_t mode))                                \
  ENTRY(17, DisableMemPattern, ort_result, (ort_session_options *))                                                    \
  ENTRY(19, DisableCpuMemArena, ort_result, (ort_session_options *))                                                   \
  ENTRY(22, SetSessionLogSeverityLevel, ort_result, (ort_session_options *, ort_severity))                             \
  ENTRY(23, SetSessionGraphOptimizationLevel, ort_result, (ort_session_options *, int32_t level))                      \
  ENTRY(24, SetIntraOpNumThreads, ort_result, (ort_session_options *, int32_t count))                                  \
  ENTRY(25, SetInterOpNumThreads, ort_result, (ort_session_options *, int32_t count))                                  \
  ENTRY(30, SessionGetInputCount, ort_result, (const ort_session *, size_t *))                                         \
  ENTRY(31, SessionGetOutputCount, ort_result, (const ort_session *, size_t *))                                        \
  ENTRY(33, SessionGetInputTypeInfo, ort_result,                                                                       \
        (const ort_session *, size_t index, ort_type_info *_Nullable *_Nonnull))                                       \
  ENTRY(34, SessionGetOutputTypeInfo, ort_result,                                                                      \
        (const ort_session *, size_t index, ort_type_info *_Nullable *_Nonnull))                                       \
  ENTRY(36, SessionGetInputName, ort_result,                                                                           \
        (const ort_session *, size_t index, ort_allocator *, char *_Nullable *_Nonnull))                               \
  ENTRY(37, SessionGetOutputName, ort_result,                                                                          \
        (const ort_session *, size_t index, ort_allocator *, char *_Nullable *_Nonnull))                               \
  ENTRY(39, CreateRunOptions, ort_result, (ort_run_options *_Nullable *_Nonnull))                                      \
  ENTRY(42, RunOptionsSetRunTag, ort_result, (ort_run_options *, const char *))                                        \
  ENTRY(46, RunOptionsSetTerminate, ort_result, (ort_run_options *))                                                   \
  ENTRY(47, RunOptionsUnsetTerminate, ort_result, (ort_run_options *))                                                 \
  ENTRY(48, CreateTensorAsOrtValue, ort_result,                                                                        \
        (ort_allocator *, const int64_t *_Nullable shape, size_t rank, ort_element_code,                               \
         ort_value *_Nullable *_Nonnull))                                                                              \
  ENTRY(49, CreateTensorWithDataAsOrtValue, ort_result,                                                                \
        (const ort_memory_info *, void *_Nullable data, size_t byte_count, const int64_t *_Nullable shape,             \
         size_t rank, ort_element_code, ort_value *_Nullable *_Nonnull))                                               \
  ENTRY(50, IsTensor, ort_result, (const ort_value *, int32_t *))                                                      \
  ENTRY(51, GetTensorMutableData, ort_result, (ort_value *, void *_Nullable *_Nonnull))                                \
  ENTRY(55, CastTypeInfoToTensorInfo, ort_result, (const ort_type_info *, const ort_tensor_info *_Nullable *_Nonnull)) \
  ENTRY(56, GetOnnxTypeFromTypeInfo, ort_result, (const ort_type_info *, int32_t *))                                   \
  ENTRY(60, GetTensorElementType, ort_result, (const ort_tensor_info *, ort_element_code *))                           \
  ENTRY(61, GetDimensionsCount, ort_result, (const ort_tensor_info *, size_t *))                                       \
  ENTRY(62, GetDimensions, ort_result, (const ort_tensor_info *, int64_t *_Nullable, size_t count))                    \
  ENTRY(63, GetSymbolicDimensions, ort_result,                                                                         \
        (const ort_tensor_info *, const char *_Nullable *_Nullable, size_t count))                                     \
  ENTRY(65, GetTensorTypeAndShape, ort_result, (const ort_value *, ort_tensor_info *_Nullable *_Nonnull))              \
  ENTRY(68, CreateMemoryInfo, ort_result,                                                                              \
        (const char *name, int32_t allocator, int32_t device, int32_t kind, ort_memory_info *_Nullable *_Nonnull))     \
  ENTRY(71, MemoryInfoGetName, ort_result, (const ort_memory_info *, const char *_Nullable *_Nonnull))                 \
  ENTRY(72, MemoryInfoGetId, ort_result, (const ort_memory_info *, int32_t *))                                         \
  ENTRY(76, AllocatorFree, ort_result, (ort_allocator *, void *_Nullable))                                             \
  ENTRY(78, GetAllocatorWithDefaultOptions, ort_result, (ort_allocator *_Nullable *_Nonnull))                          \
  ENTRY(92, ReleaseEnv, void, (ort_env *_Nullable))                                                                    \
  ENTRY(93, ReleaseStatus, void, (ort_status *_Nullable))                                                              \
  ENTRY(94, ReleaseMemoryInfo, void, (ort_memory_info *_Nullable))                                                     \
  ENTRY(95, ReleaseSession, void, (ort_session *_Nullable))                                                            \
  ENTRY(96, ReleaseValue, void, (ort_value *_Nullable))                                                                \
  ENTRY(97, ReleaseRunOptions, void, (ort_run_options *_Nullable))                                                     \
  ENTRY(98, ReleaseTypeInfo, void, (ort_type_info *_Nullable))                                                         \
  ENTRY(99, ReleaseTensorTypeAndShapeInfo, void, (ort_tensor_info *_Nullable))                                         \
  ENTRY(100, ReleaseSessionOptions, void, (ort_session_options *_Nullable))                                            \
  ENTRY(111, SessionGetModelMetadata, ort_result, (const ort_session *, ort_model_metadata *_Nullable *_Nonnull))      \
  ENTRY(112, ModelMetadataGetProducerName, ort_result,                                                                 \
        (const ort_model_metadata *, ort_allocator *, char *_Nullable *_Nonnull))                                      \
  ENTRY(113, ModelMetadataGetGraphName, ort_result,                                                                    \
        (const ort_model_metadata *, ort_allocator *, char *_Nullable *_Nonnull))                                      \
  ENTRY(115, ModelMetadataGetDescription, ort_result,                                                                  \
        (const ort_model_metadata *, ort_allocator *, char *_Nullable *_Nonnull))                                      \
  ENTRY(116, ModelMetadataLookupCustomMetadataMap, ort_result,                                                         \
        (const ort_model_metadata *, ort_allocator *, const char *key, char *_Nullable *_Nonnull))                     \
  ENTRY(118, ReleaseModelMetadata, void, (ort_model_metadata *_Nullable))                                              \
  ENTRY(123, ModelMetadataGetCustomMetadataMapKeys, ort_result,                                                        \
        (const ort_model_metadata *, ort_allocator *, char *_Nullable *_Nullable *_Nonnull keys, int64_t *count))      \
  ENTRY(124, AddFreeDimensionOverrideByName, ort_result, (ort_session_options *, const char *name, int64_t length))    \
  ENTRY(125, GetAvailableProviders, ort_result, (char *_Nullable *_Nullable *_Nonnull, int32_t *count))                \
  ENTRY(126, ReleaseAvailableProviders, ort_result, (char *_Nullable *_Nullable, int32_t count))                       \
  ENTRY(130, AddSessionConfigEntry, ort_result, (ort_session_options *, const char *key, const char *value))           \
  ENTRY(133, RunWithBinding, ort_result,                                                                               \
        (ort_session *, const ort_run_options *_Nullable, const ort_io_binding *))                                     \
  ENTRY(134, CreateIoBinding, ort_result, (ort_session *, ort_io_binding *_Nullable *_Nonnull))                        \
  ENTRY(135, ReleaseIoBinding, void, (ort_io_binding *_Nullable))                                                      \
  ENTRY(136, BindInput, ort_result, (ort_io_binding *, const char *name, const ort_value *))                           \
  ENTRY(137, BindOutput, ort_result, (ort_io_binding *, const char *name, const ort_value *))                          \
  ENTRY(138, BindOutputToDevice, ort_result, (ort_io_binding *, const char *name, const ort_memory_info *))            \
  ENTRY(139, GetBoundOutputNames, ort_result,                                                                          \
        (const ort_io_binding *, ort_allocator *, char *_Nullable *_Nonnull, size_t *_Nullable *_Nonnull lengths,      \
         size_t *count))                                                                                               \
  ENTRY(140, GetBoundOutputValues, ort_result,                                                                         \
        (const ort_io_binding *, ort_allocator *, ort_value *_Nullable *_Nullable *_Nonnull, size_t *count))           \
  ENTRY(141, ClearBoundInputs, void, (ort_io_binding *))                                                               \
  ENTRY(142, ClearBoundOutputs, void, (ort_io_binding *))                                                              \
  ENTRY(165, AddRunConfigEntry, ort_result, (ort_run_options *, const char *key, const char *value))                   \
  ENTRY(170, SessionOptionsAppendExecutionProvider_TensorRT_V2, ort_result,                                            \
        (ort_session_options *, const ort_tensorrt_options *))                                                         \
  ENTRY(171, CreateTensorRTProviderOptions, ort_result, (ort_tensorrt_options *_Nullable *_Nonnull))                   \
  ENTRY(172, UpdateTensorRTProviderOptions, ort_result,                                                                \
        (ort_tensorrt_options *, ort_strings keys, ort_strings values, size_t count))                                  \
  ENTRY(174, ReleaseTensorRTProviderOptions, void, (ort_tensorrt_options *_Nullable))                                  \
  ENTRY(194, GetTensorMemoryInfo, ort_result, (const ort_value *, const ort_memory_info *_Nullable *_Nonnull))         \
  ENTRY(202, SynchronizeBoundInputs, ort_result, (ort_io_binding *))                                                   \
  ENTRY(203, SynchronizeBoundOutputs, ort_result, (ort_io_binding *))                                                  \
  ENTRY(204, SessionOptionsAppendExecutionProvider_CUDA_V2, ort_result,                                                \
        (ort_session_options *, const ort_cuda_options *))                                                             \
  ENTRY(205, CreateCUDAProviderOptions, ort_result, (ort_cuda_options *_Nullable *_Nonnull))                           \
  ENTRY(206, UpdateCUDAProviderOptions, ort_result,                                                                    \
        (ort_cuda_options *, ort_strings keys, ort_strings values, size_t count))                                      \
  ENTRY(208, ReleaseCUDAProviderOptions, void, (ort_cuda_options *_Nullable))                                          \
  ENTRY(225, MemoryInfoGetDeviceType, void, (const ort_memory_info *, int32_t *))                                      \
  ENTRY(254, GetBuildInfoString, const char *_Nullable, (void))                                                        \
  ENTRY(261, UpdateTensorRTProviderOptionsWithValue, ort_result,                                                       \
        (ort_tensorrt_options *, const char *key, void *_Nullable value))                                              \
  ENTRY(263, UpdateCUDAProviderOptionsWithValue, ort_result,                                                           \
        (ort_cuda_options *, const char *key, void *_Nullable value))

// For each entry an `ort_NAME_function` type and an `ort_NAME_from` that takes it out of the table.
#define ORT_DECLARE(place, name, returns, takes)                                                                       \
  typedef returns(*ort_##name##_function) takes;                                                                       \
  static inline ort_##name##_function ort_##name##_from(const void *table) {                                           \
    return ((const ort_##name##_function *)table)[place];                                                              \
  }
ORT_ENTRIES(ORT_DECLARE)
#undef ORT_DECLARE

#pragma clang assume_nonnull end
