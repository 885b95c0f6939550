// Element types and tensors.
#include <stdlib.h>
#include <string.h>

#include "Objects.h"
#include "include/FakeOpenVINO.h"

// ---- element types

static int32_t numbering;

void fake_numbering(int32_t kind) { numbering = kind; }

static const int bits_new[] = {-1, 8, 16, 16, 32, 64, 4, 8, 16, 32, 64, 1, 2, 3, 4, 6, 8, 16, 32, 64, 4, 8, 8};
static const int bits_odd[] = {-1, 64, 32, 16, 16, 8, 4, 8, 16, 32, 64, 1, 2, 3, 4, 6, 8, 16, 32, 64, 4, 8, 8};
static const int bits_oldest[] = {-1, -1, 8, 16, 16, 32, 64, 4, 8, 16, 32, 64, 1, 4, 8, 16, 32, 64, 4};
int bits(int32_t code) {
  if (numbering == 1) code--;
  const int *table = numbering == 2 ? bits_oldest : numbering == 3 ? bits_odd : bits_new;
  int count = numbering == 2 ? sizeof bits_oldest / sizeof(int) : sizeof bits_new / sizeof(int);
  return code < 0 || code >= count ? -1 : table[code];
}
int32_t f32(void) { return numbering == 0 ? 4 : 5; }

// ---- tensors

typedef struct {
  int64_t rank, *dims;
} Shape;

static size_t elements(const Object *tensor) {
  size_t count = 1;
  for (int64_t i = 0; i < tensor->rank; i++) count *= tensor->dims[i];
  return count;
}
size_t byte_count(const Object *tensor) { return (elements(tensor) * bits(tensor->code) + 7) / 8; }
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
