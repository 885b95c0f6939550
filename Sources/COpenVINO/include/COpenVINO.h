#pragma once
// The part of OpenVINO's C interface that this package calls, described so that nothing of OpenVINO is needed to
// build it: structures that are passed by value, and the types of the functions. The functions themselves are looked
// up in libopenvino_c.so at run time. The two shims at the end exist because Swift cannot call variadic functions
// through pointers.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef int32_t ov_status;
typedef int32_t ov_element_code;

typedef struct {
  int64_t rank;
  int64_t *_Nullable dims;
} ov_shape;

/// A dynamic dimension has min < max, or max = -1 for "no limit".
typedef struct {
  int64_t min;
  int64_t max;
} ov_dimension;

typedef struct {
  ov_dimension rank;
  ov_dimension *_Nullable dims;
} ov_partial_shape;

typedef struct {
  const char *_Nullable build_number;
  const char *_Nullable description;
} ov_version;

typedef struct {
  char *_Nullable *_Nullable devices;
  size_t size;
} ov_available_devices;

typedef struct {
  void (*function)(void *_Nullable argument);
  void *_Nullable argument;
} ov_callback;

typedef struct {
  int32_t status;
  int64_t real_time;
  int64_t cpu_time;
  const char *_Nullable node_name;
  const char *_Nullable exec_type;
  const char *_Nullable node_type;
} ov_profiling_info;

typedef struct {
  ov_profiling_info *_Nullable infos;
  size_t size;
} ov_profiling_info_list;

typedef struct ov_core ov_core;
typedef struct ov_model ov_model;
typedef struct ov_port ov_port;
typedef struct ov_compiled_model ov_compiled_model;
typedef struct ov_infer_request ov_infer_request;
typedef struct ov_tensor ov_tensor;

typedef ov_core *_Nullable *_Nonnull ov_core_out;
typedef ov_model *_Nullable *_Nonnull ov_model_out;
typedef ov_port *_Nullable *_Nonnull ov_port_out;
typedef ov_compiled_model *_Nullable *_Nonnull ov_compiled_model_out;
typedef ov_infer_request *_Nullable *_Nonnull ov_infer_request_out;
typedef ov_tensor *_Nullable *_Nonnull ov_tensor_out;
typedef char *_Nullable *_Nonnull ov_string_out;

// Shapes of functions, named by what they take; several functions share one.
typedef const char *_Nullable (*ov_message_function)(void);
typedef const char *_Nullable (*ov_status_text_function)(ov_status);
typedef void (*ov_free_string_function)(const char *_Nullable);
typedef ov_status (*ov_version_function)(ov_version *);
typedef void (*ov_version_free_function)(ov_version *);

typedef ov_status (*ov_core_create_function)(ov_core_out);
typedef void (*ov_core_free_function)(ov_core *);
typedef ov_status (*ov_core_devices_function)(const ov_core *, ov_available_devices *);
typedef void (*ov_devices_free_function)(ov_available_devices *);
typedef ov_status (*ov_core_get_property_function)(const ov_core *, const char *device, const char *key, ov_string_out);
typedef ov_status (*ov_core_read_function)(const ov_core *, const char *path, const char *_Nullable weights, ov_model_out);
typedef ov_status (*ov_core_read_memory_function)(const ov_core *, const char *bytes, size_t count,
                                                  const ov_tensor *_Nullable weights, ov_model_out);
typedef ov_status (*ov_core_import_function)(const ov_core *, const char *bytes, size_t count, const char *device,
                                             ov_compiled_model_out);

typedef void (*ov_model_free_function)(ov_model *);
typedef ov_status (*ov_model_count_function)(const ov_model *, size_t *);
typedef ov_status (*ov_model_port_function)(const ov_model *, size_t index, ov_port_out);
typedef ov_status (*ov_model_name_function)(const ov_model *, ov_string_out);
typedef ov_status (*ov_model_reshape_function)(const ov_model *, const size_t *ports, const ov_partial_shape *shapes,
                                               size_t count);

typedef void (*ov_port_free_function)(ov_port *);
typedef ov_status (*ov_port_name_function)(const ov_port *, ov_string_out);
typedef ov_status (*ov_port_shape_function)(const ov_port *, ov_partial_shape *);
typedef ov_status (*ov_port_element_function)(const ov_port *, ov_element_code *);
typedef ov_status (*ov_partial_shape_create_function)(int64_t rank, const ov_dimension *, ov_partial_shape *);
typedef void (*ov_partial_shape_free_function)(ov_partial_shape *);

typedef void (*ov_compiled_model_free_function)(ov_compiled_model *);
typedef ov_status (*ov_compiled_model_count_function)(const ov_compiled_model *, size_t *);
typedef ov_status (*ov_compiled_model_port_function)(const ov_compiled_model *, size_t index, ov_port_out);
typedef ov_status (*ov_compiled_model_get_property_function)(const ov_compiled_model *, const char *key, ov_string_out);
typedef ov_status (*ov_compiled_model_export_function)(const ov_compiled_model *, const char *path);
typedef ov_status (*ov_compiled_model_request_function)(const ov_compiled_model *, ov_infer_request_out);

typedef void (*ov_request_free_function)(ov_infer_request *);
typedef ov_status (*ov_request_function)(ov_infer_request *);
typedef ov_status (*ov_request_set_tensor_function)(ov_infer_request *, size_t index, const ov_tensor *);
typedef ov_status (*ov_request_get_tensor_function)(const ov_infer_request *, size_t index, ov_tensor_out);
typedef ov_status (*ov_request_callback_function)(ov_infer_request *, const ov_callback *);
typedef ov_status (*ov_request_profiling_function)(const ov_infer_request *, ov_profiling_info_list *);
typedef void (*ov_profiling_free_function)(ov_profiling_info_list *);

typedef ov_status (*ov_tensor_create_function)(ov_element_code, ov_shape, ov_tensor_out);
typedef ov_status (*ov_tensor_wrap_function)(ov_element_code, ov_shape, void *bytes, ov_tensor_out);
typedef ov_status (*ov_tensor_set_shape_function)(ov_tensor *, ov_shape);
typedef ov_status (*ov_tensor_shape_function)(const ov_tensor *, ov_shape *);
typedef ov_status (*ov_tensor_element_function)(const ov_tensor *, ov_element_code *);
typedef ov_status (*ov_tensor_size_function)(const ov_tensor *, size_t *);
typedef ov_status (*ov_tensor_data_function)(const ov_tensor *, void *_Nullable *_Nonnull);
typedef void (*ov_tensor_free_function)(ov_tensor *);
typedef void (*ov_shape_free_function)(ov_shape *);

// Variadic: pairs of key and value follow. Looked up as data pointers, called through the shims.
enum { swoop_ov_most_properties = 16 };

/// ov_core_compile_model with `count` pairs of `keys` and `values`, at most `swoop_ov_most_properties`.
ov_status swoop_ov_compile_model(void *function, const ov_core *core, const ov_model *model, const char *device,
                                 const char *const _Nonnull *_Nullable keys,
                                 const char *const _Nonnull *_Nullable values, size_t count,
                                 ov_compiled_model_out compiled);

/// ov_core_set_property with one pair. A null device means every device.
ov_status swoop_ov_set_property(void *function, const ov_core *core, const char *_Nullable device, const char *key,
                                const char *value);

#pragma clang assume_nonnull end
