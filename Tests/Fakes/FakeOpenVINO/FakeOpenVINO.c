#define _GNU_SOURCE
#include "include/FakeOpenVINO.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- what the tests steer and see

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static int64_t calls, fail_at, live;
static int32_t fail_status, numbering, held;
static const char *failed_call;
static char misuse[256], message[256], precision[32], wanted_precision[32] = "f32";

void fake_fail(int64_t n, int32_t status) {
  calls = 0, fail_at = n, fail_status = status, failed_call = NULL;
}
int64_t fake_calls(void) { return calls; }
const char *fake_failed_call(void) { return failed_call; }
int64_t fake_live(void) { return __atomic_load_n(&live, __ATOMIC_SEQ_CST); }
const char *fake_misuse(void) { return misuse[0] ? misuse : NULL; }
void fake_numbering(int32_t kind) { numbering = kind; }
void fake_precision(const char *value) { snprintf(precision, sizeof precision, "%s", value ? value : ""); }
void fake_hold(int32_t value) {
  pthread_mutex_lock(&lock);
  held = value;
  pthread_cond_broadcast(&released);
  pthread_mutex_unlock(&lock);
}

static void blame(const char *call, const char *what) {
  if (!misuse[0]) snprintf(misuse, sizeof misuse, "%s: %s", call, what);
}

static int32_t enter(const char *call) {
  pthread_mutex_lock(&lock);
  calls++;
  int32_t status = 0;
  if (fail_at && calls == fail_at) {
    status = fail_status;
    failed_call = call;
    snprintf(message, sizeof message, "Exception from fake.c:1:\n%s was told to fail\n\n", call);
  }
  pthread_mutex_unlock(&lock);
  return status;
}
#define ENTER(call)                                                                                                    \
  do {                                                                                                                 \
    int32_t failure = enter(call);                                                                                     \
    if (failure) return failure;                                                                                       \
  } while (0)

static int32_t refuse(const char *why) {
  snprintf(message, sizeof message, "%s", why);
  return -1;
}

static void *take(size_t size) {
  __atomic_add_fetch(&live, 1, __ATOMIC_SEQ_CST);
  return calloc(1, size ? size : 1);
}
static void give(void *memory) {
  if (!memory) return;
  __atomic_sub_fetch(&live, 1, __ATOMIC_SEQ_CST);
  free(memory);
}
static char *text(const char *string) {
  char *copy = take(strlen(string) + 1);
  return strcpy(copy, string);
}

// ---- objects: the memory of freed ones is kept, so that late use is seen and not suffered; but under the address
// sanitizer, which finds late use by itself and would call what is kept a leak, it is freed

typedef enum { CORE = 0xC0DE01, MODEL, PORT, COMPILED, REQUEST, TENSOR } Kind;
typedef struct Object {
  Kind kind;
  bool is_alive;
  struct Object *owner;
  // A port
  bool is_input;
  int64_t batch;
  // A tensor
  int32_t code;
  int64_t rank, dims[8];
  void *bytes;
  bool owns_bytes;
  // A request
  struct Object *input, *output;
  pthread_t thread;
  bool is_running;
  const struct {
    void (*function)(void *);
    void *argument;
  } *callback;
  // A compiled model made by import reads this while it lives, as the real one does.
  const char *imported;
  size_t imported_size;
} Object;

static Object *make(Kind kind, Object *owner) {
  Object *object = take(sizeof *object);
  object->kind = kind, object->is_alive = true, object->owner = owner;
  return object;
}
static bool good(const Object *object, Kind kind, const char *call) {
  if (!object || object->kind != kind) {
    blame(call, "given something else");
    return false;
  }
  if (!object->is_alive) blame(call, "used after it was freed");
  for (Object *owner = object->owner; owner; owner = owner->owner)
    if (!owner->is_alive) blame(call, "used after its owner was freed");
  return object->is_alive;
}
static void drop(Object *object, Kind kind, const char *call) {
  if (!good(object, kind, call)) return;
  object->is_alive = false;
  __atomic_sub_fetch(&live, 1, __ATOMIC_SEQ_CST);
#if __has_feature(address_sanitizer)
  free(object);
#endif
}

// ---- element types

enum { F32_BITS = 32 };
static const int bits_new[] = {-1, 8, 16, 16, 32, 64, 4, 8, 16, 32, 64, 1, 2, 3, 4, 6, 8, 16, 32, 64, 4, 8, 8};
static const int bits_odd[] = {-1, 64, 32, 16, 16, 8, 4, 8, 16, 32, 64, 1, 2, 3, 4, 6, 8, 16, 32, 64, 4, 8, 8};
static const int bits_oldest[] = {-1, -1, 8, 16, 16, 32, 64, 4, 8, 16, 32, 64, 1, 4, 8, 16, 32, 64, 4};
static int bits(int32_t code) {
  if (numbering == 1) code--;
  const int *table = numbering == 2 ? bits_oldest : numbering == 3 ? bits_odd : bits_new;
  int count = numbering == 2 ? sizeof bits_oldest / sizeof(int) : sizeof bits_new / sizeof(int);
  return code < 0 || code >= count ? -1 : table[code];
}
static int32_t f32(void) { return numbering == 0 ? 4 : 5; }

// ---- messages, version

const char *ov_get_last_err_msg(void) { return message[0] ? text(message) : NULL; }
const char *ov_get_error_info(int32_t status) { return status ? "fake error" : "success"; }
void ov_free(const char *string) { give((void *)string); }

typedef struct {
  const char *build, *description;
} Version;
int32_t ov_get_openvino_version(Version *version) {
  ENTER("ov_get_openvino_version");
  version->build = text("2099.1.0-fake"), version->description = text("a fake");
  return 0;
}
void ov_version_free(Version *version) {
  give((void *)version->build), give((void *)version->description);
  memset(version, 0, sizeof *version);
}

// ---- core

int32_t ov_core_create(Object **core) {
  ENTER("ov_core_create");
  *core = make(CORE, NULL);
  return 0;
}
void ov_core_free(Object *core) { drop(core, CORE, "ov_core_free"); }

typedef struct {
  char **devices;
  size_t size;
} Devices;
int32_t ov_core_get_available_devices(const Object *core, Devices *devices) {
  ENTER("ov_core_get_available_devices");
  good(core, CORE, "ov_core_get_available_devices");
  devices->devices = take(2 * sizeof(char *));
  devices->devices[0] = text("CPU"), devices->devices[1] = text("FAKE.1");
  devices->size = 2;
  return 0;
}
void ov_available_devices_free(Devices *devices) {
  for (size_t i = 0; i < devices->size; i++) give(devices->devices[i]);
  give(devices->devices);
  memset(devices, 0, sizeof *devices);
}

static const char *property(const char *key) {
  if (!strcmp(key, "FULL_DEVICE_NAME")) return "Fake processor";
  if (!strcmp(key, "OPTIMIZATION_CAPABILITIES")) return "FP32";
  if (!strcmp(key, "INFERENCE_PRECISION_HINT")) return precision[0] ? precision : wanted_precision;
  if (!strcmp(key, "OPTIMAL_NUMBER_OF_INFER_REQUESTS")) return "2";
  if (!strcmp(key, "INFERENCE_NUM_THREADS")) return "1";
  return NULL;
}
static int32_t give_property(const char *key, char **value) {
  const char *found = property(key);
  if (!found) return refuse("there is no such property");
  *value = text(found);
  return 0;
}
static int32_t set(const char *key, const char *value) {
  if (!key || !value) {
    blame("properties", "a key or value is missing");
    return -14;
  }
  if (!strcmp(key, "INFERENCE_PRECISION_HINT")) snprintf(wanted_precision, sizeof wanted_precision, "%s", value);
  return 0;
}
int32_t ov_core_get_property(const Object *core, const char *device, const char *key, char **value) {
  ENTER("ov_core_get_property");
  good(core, CORE, "ov_core_get_property");
  return strcmp(device, "CPU") ? refuse("there is no such device") : give_property(key, value);
}
int32_t ov_core_set_property(const Object *core, const char *device, ...) {
  ENTER("ov_core_set_property");
  good(core, CORE, "ov_core_set_property");
  va_list list;
  va_start(list, device);
  const char *key = va_arg(list, const char *);
  int32_t status = set(key, va_arg(list, const char *));
  va_end(list);
  return status;
}

static int32_t read_model(const Object *core, Object **model, const char *call) {
  good(core, CORE, call);
  *model = make(MODEL, (Object *)core);
  (*model)->batch = -1;
  return 0;
}
int32_t ov_core_read_model(const Object *core, const char *path, const char *weights, Object **model) {
  ENTER("ov_core_read_model");
  (void)weights;
  return path[0] ? read_model(core, model, "ov_core_read_model") : refuse("no path");
}
int32_t ov_core_read_model_from_memory_buffer(const Object *core, const char *bytes, size_t count, const Object *weights,
                                              Object **model) {
  ENTER("ov_core_read_model_from_memory_buffer");
  (void)bytes, (void)weights;
  return count ? read_model(core, model, "ov_core_read_model_from_memory_buffer") : refuse("no bytes");
}
int32_t ov_core_compile_model(const Object *core, const Object *model, const char *device, size_t count,
                              Object **compiled, ...) {
  ENTER("ov_core_compile_model");
  good(core, CORE, "ov_core_compile_model"), good(model, MODEL, "ov_core_compile_model");
  if (strcmp(device, "CPU")) return refuse("there is no such device");
  va_list list;
  va_start(list, compiled);
  for (size_t i = 0; i < count / 2; i++) {
    const char *key = va_arg(list, const char *);
    set(key, va_arg(list, const char *));
  }
  va_end(list);
  *compiled = make(COMPILED, (Object *)core);
  (*compiled)->batch = model->batch;
  return 0;
}
static const char exported[] = "a compiled fake model";
int32_t ov_core_import_model(const Object *core, const char *bytes, size_t count, const char *device, Object **compiled) {
  ENTER("ov_core_import_model");
  good(core, CORE, "ov_core_import_model");
  if (strcmp(device, "CPU") || count != sizeof exported || memcmp(bytes, exported, count)) return refuse("not exported here");
  *compiled = make(COMPILED, (Object *)core);
  (*compiled)->batch = -1, (*compiled)->imported = bytes, (*compiled)->imported_size = count;
  return 0;
}

// ---- models and ports

typedef struct {
  int64_t min, max;
} Dimension;
typedef struct {
  Dimension rank;
  Dimension *dims;
} PartialShape;

void ov_model_free(Object *model) { drop(model, MODEL, "ov_model_free"); }
int32_t ov_model_get_friendly_name(const Object *model, char **name) {
  ENTER("ov_model_get_friendly_name");
  good(model, MODEL, "ov_model_get_friendly_name");
  *name = text("fake model");
  return 0;
}
static int32_t one(const Object *object, Kind kind, size_t *count, const char *call) {
  ENTER(call);
  good(object, kind, call);
  *count = 1;
  return 0;
}
static int32_t port(const Object *object, Kind kind, size_t index, bool is_input, Object **result, const char *call) {
  ENTER(call);
  good(object, kind, call);
  if (index) return refuse("there is no such port");
  *result = make(PORT, (Object *)object);
  (*result)->is_input = is_input, (*result)->batch = object->batch;
  return 0;
}
int32_t ov_model_inputs_size(const Object *m, size_t *n) { return one(m, MODEL, n, "ov_model_inputs_size"); }
int32_t ov_model_outputs_size(const Object *m, size_t *n) { return one(m, MODEL, n, "ov_model_outputs_size"); }
int32_t ov_model_const_input_by_index(const Object *m, size_t i, Object **p) {
  return port(m, MODEL, i, true, p, "ov_model_const_input_by_index");
}
int32_t ov_model_const_output_by_index(const Object *m, size_t i, Object **p) {
  return port(m, MODEL, i, false, p, "ov_model_const_output_by_index");
}
int32_t ov_model_reshape_by_port_indexes(Object *model, const size_t *ports, const PartialShape *shapes, size_t count) {
  ENTER("ov_model_reshape_by_port_indexes");
  good(model, MODEL, "ov_model_reshape_by_port_indexes");
  if (count != 1 || ports[0] || shapes[0].rank.min != 3 || shapes[0].dims[1].min != 2 || shapes[0].dims[2].min != 4)
    return refuse("the model does not admit the shape");
  model->batch = shapes[0].dims[0].min == shapes[0].dims[0].max ? shapes[0].dims[0].min : -1;
  return 0;
}
void ov_output_const_port_free(Object *object) { drop(object, PORT, "ov_output_const_port_free"); }
int32_t ov_port_get_any_name(const Object *object, char **name) {
  ENTER("ov_port_get_any_name");
  good(object, PORT, "ov_port_get_any_name");
  *name = text(object->is_input ? "images" : "sums");
  return 0;
}
int32_t ov_port_get_element_type(const Object *object, int32_t *code) {
  ENTER("ov_port_get_element_type");
  good(object, PORT, "ov_port_get_element_type");
  *code = f32();
  return 0;
}
int32_t ov_partial_shape_create(int64_t rank, const Dimension *dims, PartialShape *shape) {
  ENTER("ov_partial_shape_create");
  shape->rank = (Dimension){rank, rank};
  shape->dims = take(rank * sizeof(Dimension));
  memcpy(shape->dims, dims, rank * sizeof(Dimension));
  return 0;
}
void ov_partial_shape_free(PartialShape *shape) {
  give(shape->dims);
  memset(shape, 0, sizeof *shape);
}
int32_t ov_port_get_partial_shape(const Object *object, PartialShape *shape) {
  ENTER("ov_port_get_partial_shape");
  good(object, PORT, "ov_port_get_partial_shape");
  int64_t batch = object->batch, rank = object->is_input ? 3 : 1;
  *shape = (PartialShape){{rank, rank}, take(3 * sizeof(Dimension))};
  shape->dims[0] = batch < 0 ? (Dimension){0, -1} : (Dimension){batch, batch};
  shape->dims[1] = (Dimension){2, 2}, shape->dims[2] = (Dimension){4, 4};
  return 0;
}

// ---- compiled models

void ov_compiled_model_free(Object *object) { drop(object, COMPILED, "ov_compiled_model_free"); }
int32_t ov_compiled_model_inputs_size(const Object *m, size_t *n) {
  return one(m, COMPILED, n, "ov_compiled_model_inputs_size");
}
int32_t ov_compiled_model_outputs_size(const Object *m, size_t *n) {
  return one(m, COMPILED, n, "ov_compiled_model_outputs_size");
}
int32_t ov_compiled_model_input_by_index(const Object *m, size_t i, Object **p) {
  return port(m, COMPILED, i, true, p, "ov_compiled_model_input_by_index");
}
int32_t ov_compiled_model_output_by_index(const Object *m, size_t i, Object **p) {
  return port(m, COMPILED, i, false, p, "ov_compiled_model_output_by_index");
}
int32_t ov_compiled_model_get_property(const Object *object, const char *key, char **value) {
  ENTER("ov_compiled_model_get_property");
  good(object, COMPILED, "ov_compiled_model_get_property");
  return give_property(key, value);
}
int32_t ov_compiled_model_export_model(const Object *object, const char *path) {
  ENTER("ov_compiled_model_export_model");
  good(object, COMPILED, "ov_compiled_model_export_model");
  FILE *file = fopen(path, "w");
  if (!file) return refuse("the file cannot be written");
  fwrite(exported, 1, sizeof exported, file);
  fclose(file);
  return 0;
}
int32_t ov_compiled_model_create_infer_request(const Object *object, Object **request) {
  ENTER("ov_compiled_model_create_infer_request");
  good(object, COMPILED, "ov_compiled_model_create_infer_request");
  *request = make(REQUEST, (Object *)object);
  return 0;
}

// ---- tensors

typedef struct {
  int64_t rank, *dims;
} Shape;

static size_t elements(const Object *tensor) {
  size_t count = 1;
  for (int64_t i = 0; i < tensor->rank; i++) count *= tensor->dims[i];
  return count;
}
static size_t byte_count(const Object *tensor) { return (elements(tensor) * bits(tensor->code) + 7) / 8; }
static int32_t new_tensor(int32_t code, Shape shape, void *bytes, Object **tensor, const char *call) {
  ENTER(call);
  if (bits(code) < 0 || shape.rank > 8) return -14;
  *tensor = make(TENSOR, NULL);
  (*tensor)->code = code, (*tensor)->rank = shape.rank;
  if (shape.rank) memcpy((*tensor)->dims, shape.dims, shape.rank * sizeof(int64_t));
  (*tensor)->bytes = bytes ? bytes : calloc(1, byte_count(*tensor) + 1);
  (*tensor)->owns_bytes = !bytes;
  return 0;
}
int32_t ov_tensor_create(int32_t code, Shape shape, Object **tensor) {
  return new_tensor(code, shape, NULL, tensor, "ov_tensor_create");
}
int32_t ov_tensor_create_from_host_ptr(int32_t code, Shape shape, void *bytes, Object **tensor) {
  return new_tensor(code, shape, bytes, tensor, "ov_tensor_create_from_host_ptr");
}
int32_t ov_tensor_set_shape(Object *tensor, Shape shape) {
  ENTER("ov_tensor_set_shape");
  good(tensor, TENSOR, "ov_tensor_set_shape");
  size_t before = byte_count(tensor);
  Object changed = *tensor;
  changed.rank = shape.rank;
  memcpy(changed.dims, shape.dims, shape.rank * sizeof(int64_t));
  if (byte_count(&changed) > before) {
    if (!tensor->owns_bytes) return refuse("the lent memory is too small");
    changed.bytes = realloc(tensor->bytes, byte_count(&changed));
  }
  *tensor = changed;
  return 0;
}
int32_t ov_tensor_get_shape(const Object *tensor, Shape *shape) {
  ENTER("ov_tensor_get_shape");
  good(tensor, TENSOR, "ov_tensor_get_shape");
  shape->rank = tensor->rank;
  shape->dims = take(8 * sizeof(int64_t));
  memcpy(shape->dims, tensor->dims, sizeof tensor->dims);
  return 0;
}
void ov_shape_free(Shape *shape) {
  give(shape->dims);
  memset(shape, 0, sizeof *shape);
}
int32_t ov_tensor_get_element_type(const Object *tensor, int32_t *code) {
  ENTER("ov_tensor_get_element_type");
  good(tensor, TENSOR, "ov_tensor_get_element_type");
  *code = tensor->code;
  return 0;
}
int32_t ov_tensor_get_byte_size(const Object *tensor, size_t *count) {
  ENTER("ov_tensor_get_byte_size");
  good(tensor, TENSOR, "ov_tensor_get_byte_size");
  *count = byte_count(tensor);
  return 0;
}
int32_t ov_tensor_data(const Object *tensor, void **bytes) {
  ENTER("ov_tensor_data");
  good(tensor, TENSOR, "ov_tensor_data");
  *bytes = tensor->bytes;
  return 0;
}
void ov_tensor_free(Object *tensor) {
  if (!good(tensor, TENSOR, "ov_tensor_free")) return;
  if (tensor->owns_bytes) free(tensor->bytes);
  drop(tensor, TENSOR, "ov_tensor_free");
}

// ---- requests

// The real library keeps what it needs of a tensor; so does this one, but the lent bytes stay the caller's.
static void keep(Object **place, const Object *tensor) {
  Object *copy = calloc(1, sizeof *copy);
  *copy = *tensor;
  if (copy->owns_bytes) {
    copy->bytes = calloc(1, byte_count(tensor) + 1);
    memcpy(copy->bytes, tensor->bytes, byte_count(tensor));
  }
  if (*place && (*place)->owns_bytes) free((*place)->bytes);
  free(*place);
  *place = copy;
}
int32_t ov_infer_request_set_input_tensor_by_index(Object *request, size_t index, const Object *tensor) {
  ENTER("ov_infer_request_set_input_tensor_by_index");
  good(request, REQUEST, "ov_infer_request_set_input_tensor_by_index");
  good(tensor, TENSOR, "ov_infer_request_set_input_tensor_by_index");
  if (request->is_running) blame("ov_infer_request_set_input_tensor_by_index", "called while running");
  if (index || tensor->rank != 3 || bits(tensor->code) != F32_BITS) return refuse("the input does not fit");
  keep(&request->input, tensor);
  return 0;
}
int32_t ov_infer_request_set_output_tensor_by_index(Object *request, size_t index, const Object *tensor) {
  ENTER("ov_infer_request_set_output_tensor_by_index");
  good(request, REQUEST, "ov_infer_request_set_output_tensor_by_index");
  good(tensor, TENSOR, "ov_infer_request_set_output_tensor_by_index");
  if (index) return refuse("there is no such output");
  keep(&request->output, tensor);
  return 0;
}
static int32_t get_tensor(const Object *request, size_t index, Object *kept, Object **tensor, const char *call) {
  ENTER(call);
  good(request, REQUEST, call);
  if (index || !kept) return refuse("there is no such tensor yet");
  *tensor = make(TENSOR, (Object *)request);
  (*tensor)->code = kept->code, (*tensor)->rank = kept->rank, (*tensor)->bytes = kept->bytes;
  memcpy((*tensor)->dims, kept->dims, sizeof kept->dims);
  return 0;
}
int32_t ov_infer_request_get_input_tensor_by_index(const Object *request, size_t index, Object **tensor) {
  return get_tensor(request, index, request->input, tensor, "ov_infer_request_get_input_tensor_by_index");
}
int32_t ov_infer_request_get_output_tensor_by_index(const Object *request, size_t index, Object **tensor) {
  return get_tensor(request, index, request->output, tensor, "ov_infer_request_get_output_tensor_by_index");
}
static int32_t run(Object *request) {
  if (!request->input) return refuse("there is no input");
  const Object *model = request->owner;
  if (model->imported && memcmp(model->imported, exported, model->imported_size))
    blame("infer", "the bytes of an imported model changed while it lives");
  int64_t batch = request->input->dims[0], row = request->input->dims[1] * request->input->dims[2];
  if (!request->output || !request->output->owns_bytes) {
    if (!request->output) {
      Object empty = {.kind = TENSOR, .code = f32(), .rank = 1, .owns_bytes = true};
      keep(&request->output, &empty);
    }
  }
  if (request->output->owns_bytes) request->output->bytes = realloc(request->output->bytes, batch * sizeof(float) + 1);
  request->output->dims[0] = batch;
  for (int64_t b = 0; b < batch; b++) {
    float sum = 0;
    for (int64_t i = 0; i < row; i++) sum += ((const float *)request->input->bytes)[b * row + i];
    ((float *)request->output->bytes)[b] = sum;
  }
  return 0;
}
int32_t ov_infer_request_infer(Object *request) {
  ENTER("ov_infer_request_infer");
  good(request, REQUEST, "ov_infer_request_infer");
  if (request->is_running) return -8;
  return run(request);
}
static void *run_later(void *argument) {
  Object *request = argument;
  pthread_mutex_lock(&lock);
  while (held) pthread_cond_wait(&released, &lock);
  pthread_mutex_unlock(&lock);
  run(request);
  if (request->callback) request->callback->function(request->callback->argument);
  return NULL;
}
static void join(Object *request) {
  if (!request->is_running) return;
  pthread_join(request->thread, NULL);
  request->is_running = false;
}
int32_t ov_infer_request_start_async(Object *request) {
  ENTER("ov_infer_request_start_async");
  good(request, REQUEST, "ov_infer_request_start_async");
  if (request->is_running) return -8;
  request->is_running = pthread_create(&request->thread, NULL, run_later, request) == 0;
  return request->is_running ? 0 : refuse("there are no more threads");
}
int32_t ov_infer_request_wait(Object *request) {
  good(request, REQUEST, "ov_infer_request_wait");
  // A failing execution has ended too.
  join(request);
  ENTER("ov_infer_request_wait");
  return 0;
}
int32_t ov_infer_request_cancel(Object *request) {
  ENTER("ov_infer_request_cancel");
  good(request, REQUEST, "ov_infer_request_cancel");
  return 0;
}
int32_t ov_infer_request_set_callback(Object *request, const void *callback) {
  ENTER("ov_infer_request_set_callback");
  good(request, REQUEST, "ov_infer_request_set_callback");
  request->callback = callback;
  return 0;
}
void ov_infer_request_free(Object *request) {
  if (!good(request, REQUEST, "ov_infer_request_free")) return;
  if (request->is_running) blame("ov_infer_request_free", "freed while running");
  join(request);
  if (request->input && request->input->owns_bytes) free(request->input->bytes);
  if (request->output && request->output->owns_bytes) free(request->output->bytes);
  free(request->input), free(request->output);
  drop(request, REQUEST, "ov_infer_request_free");
}

typedef struct {
  int32_t status;
  int64_t real_time, cpu_time;
  const char *node_name, *exec_type, *node_type;
} Profile;
typedef struct {
  Profile *infos;
  size_t size;
} Profiles;
int32_t ov_infer_request_get_profiling_info(const Object *request, Profiles *profiles) {
  ENTER("ov_infer_request_get_profiling_info");
  good(request, REQUEST, "ov_infer_request_get_profiling_info");
  profiles->infos = take(2 * sizeof(Profile));
  profiles->infos[0] = (Profile){2, 1500, 1400, text("sum"), text("plain_f32"), text("ReduceSum")};
  profiles->infos[1] = (Profile){1, 0, 0, text("shape"), text("undef"), text("Shape")};
  profiles->size = 2;
  return 0;
}
void ov_profiling_info_list_free(Profiles *profiles) {
  for (size_t i = 0; i < profiles->size; i++) {
    give((void *)profiles->infos[i].node_name);
    give((void *)profiles->infos[i].exec_type);
    give((void *)profiles->infos[i].node_type);
  }
  give(profiles->infos);
  memset(profiles, 0, sizeof *profiles);
}
