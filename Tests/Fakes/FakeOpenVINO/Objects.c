// The memory that is handed out, and objects, which notice how they are used.
#include "Objects.h"

#include <stdlib.h>
#include <string.h>

#include "include/FakeOpenVINO.h"

// ---- memory

static int64_t live;

int64_t fake_live(void) { return __atomic_load_n(&live, __ATOMIC_SEQ_CST); }

void *take(size_t size) {
  __atomic_add_fetch(&live, 1, __ATOMIC_SEQ_CST);
  return calloc(1, size ? size : 1);
}
void give(void *memory) {
  if (!memory) return;
  __atomic_sub_fetch(&live, 1, __ATOMIC_SEQ_CST);
  free(memory);
}
char *text(const char *string) {
  char *copy = take(strlen(string) + 1);
  return strcpy(copy, string);
}

// ---- objects: the memory of freed ones is kept, so that late use is seen and not suffered; but under the address
// sanitizer, which finds late use by itself and would call what is kept a leak, it is freed

Object *make(Kind kind, Object *owner) {
  Object *object = take(sizeof *object);
  object->kind = kind, object->is_alive = true, object->owner = owner;
  return object;
}
bool good(const Object *object, Kind kind, const char *call) {
  if (!object || object->kind != kind) {
    blame(call, "given something else");
    return false;
  }
  if (!object->is_alive) blame(call, "used after it was freed");
  for (Object *owner = object->owner; owner; owner = owner->owner)
    if (!owner->is_alive) blame(call, "used after its owner was freed");
  return object->is_alive;
}
void drop(Object *object, Kind kind, const char *call) {
  if (!good(object, kind, call)) return;
  object->is_alive = false;
  __atomic_sub_fetch(&live, 1, __ATOMIC_SEQ_CST);
#if __has_feature(address_sanitizer)
  free(object);
#endif
}
