#include <string>

#include "Invoke.h"
#include "Tables.h"
#include "include/CTensorRT.h"

static_assert(SWOOP_TRT_ROWS <= sizeof(swoop_trt_layout::slots) / sizeof(int16_t));
static_assert(SWOOP_TRT_ENUMERATORS <= sizeof(swoop_trt_layout::values) / sizeof(int32_t));

bool swoop_trt_layout_fill(
    swoop_trt_layout *layout, swoop_trt_family family, int32_t major, int32_t minor, int32_t patch) {
  layout->family = family;
  layout->major = major;
  layout->minor = minor;
  layout->patch = patch;
  for (auto &slot : layout->slots) slot = -1;
  for (auto &value : layout->values) value = INT32_MIN;
  int64_t version = int64_t(major) * 10000 + int64_t(minor) * 100 + (patch < 100 ? patch : 99);
  bool any = false;
  for (size_t i = 0; i < slotEntryCount; i++) {
    const TableEntry &entry = slotEntries[i];
    if (entry.family == family && entry.first <= version && version <= entry.last) {
      layout->slots[entry.row] = static_cast<int16_t>(entry.value);
      any = true;
    }
  }
  for (size_t i = 0; i < enumeratorEntryCount; i++) {
    const TableEntry &entry = enumeratorEntries[i];
    if (entry.family == family && entry.first <= version && version <= entry.last) {
      layout->values[entry.row] = entry.value;
    }
  }
  return any;
}

int32_t swoop_trt_slot(const swoop_trt_layout *layout, int32_t row) {
  return row >= 0 && row < SWOOP_TRT_ROWS ? layout->slots[row] : -1;
}

bool swoop_trt_has(const swoop_trt_layout *layout, swoop_trt_method method) {
  // The forms of a method follow one another in the file.
  for (int32_t row = method; row < SWOOP_TRT_ROWS && rowNames[row].scope == std::string(rowNames[method].scope) &&
                             rowNames[row].name == std::string(rowNames[method].name);
       row++) {
    if (layout->slots[row] >= 0) return true;
  }
  return false;
}

int32_t swoop_trt_value(const swoop_trt_layout *layout, swoop_trt_enumerator enumerator) {
  return layout->values[enumerator];
}

static const RowName &method(int32_t row) { return rowNames[row >= 0 && row < SWOOP_TRT_ROWS ? row : 0]; }
static const RowName &enumerator(int32_t row) {
  return enumeratorNames[row >= 0 && row < SWOOP_TRT_ENUMERATORS ? row : 0];
}

const char *swoop_trt_method_scope(int32_t row) { return method(row).scope; }
const char *swoop_trt_method_name(int32_t row) { return method(row).name; }
const char *swoop_trt_method_availability(swoop_trt_method row) { return method(row).availability; }
const char *swoop_trt_enumerator_scope(int32_t row) { return enumerator(row).scope; }
const char *swoop_trt_enumerator_name(int32_t row) { return enumerator(row).name; }
const char *swoop_trt_enumerator_availability(swoop_trt_enumerator row) { return enumerator(row).availability; }

bool swoop_trt_is_object(const void *pointer) { return reinterpret_cast<uintptr_t>(pointer) >= 0x10000; }

bool swoop_trt_is_library_object(const void *pointer) {
  return swoop_trt_is_object(pointer) && swoop_trt_is_object(static_cast<void *const *>(pointer)[1]);
}

static thread_local std::string exceptionText;
static thread_local bool exceptionPending = false;

void noteException(const char *what) {
  exceptionText = what;
  exceptionPending = true;
}

const char *swoop_trt_take_exception(void) {
  if (!exceptionPending) return nullptr;
  exceptionPending = false;
  return exceptionText.c_str();
}
