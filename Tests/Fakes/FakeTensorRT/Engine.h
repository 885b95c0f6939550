#pragma once
// What execution contexts ask of their engine.
#include "Objects.h"

namespace fake __attribute__((visibility("hidden"))) {

int32_t ioCount(void *self);
int32_t profileCount(void *self);
Dims64 profileShape64(void *self, const char *name, int32_t profile, int32_t selector);
/// Whether each context needs a profile of its own.
bool mustChoose(const Engine *engine);
/// The index of a binding of profile 0, in the order of TensorRT 8 and 9.
int32_t bindingIndex(void *self, const char *name);

}  // namespace fake
