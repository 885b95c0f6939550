// Models and their ports, before and after compiling.
#include <stdio.h>
#include <string.h>

#include "Objects.h"

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
