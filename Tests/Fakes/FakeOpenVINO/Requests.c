// Requests: their tensors, executions, and times.
#include <stdlib.h>
#include <string.h>

#include "Objects.h"
#include "include/FakeOpenVINO.h"

static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static int32_t held;

void fake_hold(int32_t value) {
  pthread_mutex_lock(&lock);
  held = value;
  pthread_cond_broadcast(&released);
  pthread_mutex_unlock(&lock);
}

enum { F32_BITS = 32 };

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
