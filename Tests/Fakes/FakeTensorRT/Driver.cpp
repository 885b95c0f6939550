#include "Driver.h"

#include <dlfcn.h>

#include <cstdlib>

template <class F>
static bool find(void *library, const char *name, F &function) {
  function = reinterpret_cast<F>(dlsym(library, name));
  return function != nullptr;
}

const Driver *Driver::shared(const std::string &path) {
  static Driver driver;
  static std::string opened;
  if (!opened.empty() && opened == path) return &driver;
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  Driver found;
  bool complete = find(library, "cuCtxGetCurrent", found.current) && find(library, "cuMemHostAlloc", found.allocateHost) &&
                  find(library, "cuMemFreeHost", found.freeHost) && find(library, "cuMemcpyDtoHAsync_v2", found.toHost) &&
                  find(library, "cuMemcpyHtoDAsync_v2", found.toDevice) && find(library, "cuLaunchHostFunc", found.launch) &&
                  find(library, "cuStreamSynchronize", found.synchronize) && find(library, "cuEventRecord", found.record);
  if (!complete) return nullptr;
  driver = found;
  opened = path;
  return &driver;
}
