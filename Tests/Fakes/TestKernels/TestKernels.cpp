#include "include/TestKernels.h"

#include <algorithm>
#include <cstring>

template <class T>
static T value(void *argument) {
  T result;
  memcpy(&result, argument, sizeof result);
  return result;
}

extern "C" int emulated_kernel_launch(const char *name, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                                      unsigned bz, size_t shared, void **arguments) {
  if (strcmp(name, "add") == 0) {
    auto values = value<int *>(arguments[0]);
    int count = value<int>(arguments[1]), amount = value<int>(arguments[2]);
    for (unsigned i = 0; i < gx * bx; i++) {
      if (i < unsigned(count)) values[i] += amount;
    }
    return 0;
  }
  if (strcmp(name, "scale") == 0) {
    auto values = value<double *>(arguments[0]);
    bool isHalf = value<unsigned char>(arguments[1]) != 0;
    auto count = value<long long>(arguments[2]);
    auto factor = value<float>(arguments[3]);
    for (long long i = 0; i < count; i++) values[i] *= isHalf ? factor / 2 : factor;
    return 0;
  }
  if (strcmp(name, "report") == 0) {
    unsigned sizes[] = {gx, gy, gz, bx, by, bz, unsigned(shared)};
    memcpy(value<void *>(arguments[0]), sizes, sizeof sizes);
    return 0;
  }
  if (strcmp(name, "turn") == 0) {
    auto values = value<int *>(arguments[0]);
    std::reverse(values, values + value<int>(arguments[1]));
    return 0;
  }
  if (strcmp(name, "nothing") == 0) return 0;
  if (strcmp(name, "fail") == 0 || strcmp(name, "fault") == 0) return 7;
  return -1;
}
