// The core, properties, and how models are read, compiled and imported.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "Objects.h"
#include "include/FakeOpenVINO.h"

static char precision[32], wanted_precision[32] = "f32";

void fake_precision(const char *value) { snprintf(precision, sizeof precision, "%s", value ? value : ""); }

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
int32_t give_property(const char *key, char **value) {
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
const char exported[] = "a compiled fake model";
int32_t ov_core_import_model(const Object *core, const char *bytes, size_t count, const char *device, Object **compiled) {
  ENTER("ov_core_import_model");
  good(core, CORE, "ov_core_import_model");
  if (strcmp(device, "CPU") || count != sizeof exported || memcmp(bytes, exported, count)) return refuse("not exported here");
  *compiled = make(COMPILED, (Object *)core);
  (*compiled)->batch = -1, (*compiled)->imported = bytes, (*compiled)->imported_size = count;
  return 0;
}
