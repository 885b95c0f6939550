#include "include/COpenVINO.h"

typedef ov_status (*compile_function)(const ov_core *, const ov_model *, const char *, size_t, ov_compiled_model **, ...);
typedef ov_status (*set_property_function)(const ov_core *, const char *, ...);

ov_status swoop_ov_compile_model(void *function, const ov_core *core, const ov_model *model, const char *device,
                                 const char *const *keys, const char *const *values, size_t count,
                                 ov_compiled_model_out compiled) {
  // The callee reads as many as it is told; passing more than that is allowed, so one call serves every count.
  const char *a[2 * swoop_ov_most_properties] = {0};
  if (count > swoop_ov_most_properties) return -14; // the library's own code for an invalid parameter
  for (size_t i = 0; i < count; i++) {
    a[2 * i] = keys[i];
    a[2 * i + 1] = values[i];
  }
  return ((compile_function)function)(core, model, device, 2 * count, compiled, a[0], a[1], a[2], a[3], a[4], a[5], a[6],
                                      a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16], a[17], a[18],
                                      a[19], a[20], a[21], a[22], a[23], a[24], a[25], a[26], a[27], a[28], a[29], a[30],
                                      a[31]);
}

ov_status swoop_ov_set_property(void *function, const ov_core *core, const char *device, const char *key,
                                const char *value) {
  return ((set_property_function)function)(core, device, key, value);
}
