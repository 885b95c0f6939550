// Modules and kernels. A module keeps its image and has every kernel that is asked for; what a kernel does is the
// business of another library, which runs it on the processor.
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "State.h"
#include "include/FakeCUDA.h"

using namespace fake;

namespace {

using Launch = int (*)(const char *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, size_t, void **);

/// The library of kernels that was named last, or null.
Launch kernels() {
  std::string path = state().kernels;
  if (path.empty()) {
    if (auto named = getenv("SWOOP_FAKE_KERNELS")) path = named;
  }
  if (path.empty()) return nullptr;
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    violation(std::string("the library of kernels cannot be opened: ") + dlerror());
    return nullptr;
  }
  return reinterpret_cast<Launch>(dlsym(library, "emulated_kernel_launch"));
}

/// The arguments of a launch, copied as the driver copies them when the launch is made.
struct Arguments {
  std::vector<std::max_align_t> values;
  std::vector<void *> pointers;

  /// The caller's list ends with null and the address of the values' end; see CUDALaunchArguments.
  explicit Arguments(void **list) {
    size_t count = 0;
    while (list[count] != nullptr) count++;
    if (count == 0) return;
    auto start = static_cast<char *>(list[0]), end = static_cast<char *>(list[count + 1]);
    values.resize((end - start + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
    memcpy(values.data(), start, end - start);
    for (size_t i = 0; i < count; i++) {
      pointers.push_back(reinterpret_cast<char *>(values.data()) + (static_cast<char *>(list[i]) - start));
    }
  }
};

void runKernel(const std::string &name, const uint32_t *size, uint32_t shared, Arguments &arguments, Launch launch) {
  int result = launch(name.c_str(), size[0], size[1], size[2], size[3], size[4], size[5], shared,
                      arguments.pointers.data());
  if (result == 0) return;
  violation(result == -1 ? "a kernel was launched that is not known: " + name
                         : "a kernel failed with " + std::to_string(result) + ": " + name);
  // As a fault on the device: whoever asks next is told.
  stick(launchFailed);
}

int32_t load(void **handle, const void *image) {
  if (!needsContext("cuModuleLoadData")) return invalidContext;
  if (forbidden("cuModuleLoadData")) return captureUnsupported;
  auto module = new Module{current.back()->device, static_cast<const char *>(image), {}};
  state().modules.insert(module);
  *handle = module;
  return success;
}

bool isOf(const Work &work, const Module *module) {
  return std::any_of(module->functions.begin(), module->functions.end(),
                     [&](const auto &function) { return function.get() == work.function; });
}

bool isQueued(const Module *module) {
  for (auto stream : state().streams) {
    for (auto &work : stream->work) {
      if (isOf(work, module)) return true;
    }
  }
  for (auto graphs : {&state().graphs, &state().executables}) {
    for (auto graph : *graphs) {
      for (auto &work : graph->nodes) {
        if (isOf(work, module)) return true;
      }
    }
  }
  return false;
}

}  // namespace

extern "C" {

void fake_cuda_set_kernels(const char *path) {
  LOCK;
  state().kernels = path == nullptr ? "" : path;
}

void fake_cuda_set_parameters(const char *kernel, const size_t *sizes, size_t count) {
  LOCK;
  if (sizes == nullptr) state().parameters.erase(kernel);
  else state().parameters[kernel] = std::vector<size_t>(sizes, sizes + count);
}

int32_t fake_cuda_shared_limit(const char *kernel) {
  LOCK;
  auto found = state().sharedLimits.find(kernel);
  return found == state().sharedLimits.end() ? -1 : found->second;
}

int32_t cuModuleLoadData(void **handle, const void *image) {
  ENTER("cuModuleLoadData");
  return load(handle, image);
}

int32_t cuModuleLoadDataEx(void **handle, const void *image, uint32_t count, int32_t *options, void **values) {
  LOCK;
  if (int32_t result = enter("cuModuleLoadDataEx")) {
    // 5 and 6 are the buffer for the compiler's words and its size.
    if (result == 218 && count == 2 && options[0] == 5 && options[1] == 6) {
      strncpy(static_cast<char *>(values[0]), "a log that a test asked for", reinterpret_cast<uintptr_t>(values[1]));
    }
    return result;
  }
  return load(handle, image);
}

int32_t cuModuleUnload(void *handle) {
  ENTER("cuModuleUnload");
  auto module = static_cast<Module *>(handle);
  if (state().modules.erase(module) == 0) {
    violation("a module was unloaded that is not loaded");
    return invalidHandle;
  }
  if (isQueued(module)) violation("a module was unloaded while a kernel of it is queued or in a graph");
  for (auto &function : module->functions) state().functions.erase(function.get());
  delete module;
  return success;
}

int32_t cuModuleGetFunction(void **function, void *handle, const char *name) {
  ENTER("cuModuleGetFunction");
  auto module = static_cast<Module *>(handle);
  if (state().modules.count(module) == 0) return invalidHandle;
  module->functions.push_back(std::unique_ptr<Function>(new Function{name, module}));
  state().functions.insert(module->functions.back().get());
  *function = module->functions.back().get();
  return success;
}

int32_t cuFuncGetAttribute(int32_t *value, int32_t attribute, void *handle) {
  ENTER("cuFuncGetAttribute");
  auto function = static_cast<Function *>(handle);
  if (state().functions.count(function) == 0) return invalidHandle;
  // Threads of a block, and registers; nothing is declared as shared or local.
  *value = attribute == 0 ? 1024 : attribute == 4 ? 32 : 0;
  return success;
}

int32_t cuFuncSetAttribute(void *handle, int32_t attribute, int32_t value) {
  ENTER("cuFuncSetAttribute");
  auto function = static_cast<Function *>(handle);
  if (state().functions.count(function) == 0) return invalidHandle;
  if (attribute != 8 || value < 0 || value > fake::attribute(97)) return invalidValue;
  state().sharedLimits[function->name] = value;
  return success;
}

int32_t cuFuncGetParamInfo(void *handle, size_t index, size_t *offset, size_t *size) {
  ENTER("cuFuncGetParamInfo");
  auto function = static_cast<Function *>(handle);
  if (state().functions.count(function) == 0) return invalidHandle;
  auto found = state().parameters.find(function->name);
  if (found == state().parameters.end()) return notSupported;
  auto &sizes = found->second;
  if (index >= sizes.size()) return invalidValue;
  *offset = 0;
  for (size_t i = 0; i < index; i++) *offset += sizes[i];
  *size = sizes[index];
  return success;
}

int32_t cuLaunchKernel(void *handle, uint32_t gx, uint32_t gy, uint32_t gz, uint32_t bx, uint32_t by, uint32_t bz,
                       uint32_t shared, void *streamHandle, void **list, void **extra) {
  ENTER("cuLaunchKernel");
  if (!needsContext("cuLaunchKernel")) return invalidContext;
  auto function = static_cast<Function *>(handle);
  auto stream = static_cast<Stream *>(streamHandle);
  if (state().functions.count(function) == 0) {
    violation("a kernel of a module that is not loaded was launched");
    return invalidHandle;
  }
  if (!known(stream)) {
    violation("a kernel was launched on a stream that is gone");
    return invalidHandle;
  }
  if (extra != nullptr || list == nullptr || gx == 0 || gy == 0 || gz == 0 || bx == 0 || by == 0 || bz == 0 ||
      uint64_t(bx) * by * bz > 1024) {
    violation("a launch that the driver refuses: " + function->name);
    return invalidValue;
  }
  auto raised = state().sharedLimits.find(function->name);
  int32_t limit = raised == state().sharedLimits.end() ? fake::attribute(8) : std::max(raised->second, fake::attribute(8));
  if (shared > uint32_t(limit)) {
    violation("a launch asks for more shared memory than its kernel may have: " + function->name);
    return invalidValue;
  }
  Launch launch = kernels();
  if (launch == nullptr) {
    violation("a kernel was launched and no library of kernels is named: " + function->name);
    return notFound;
  }
  auto arguments = std::make_shared<Arguments>(list);
  std::vector<uint32_t> size = {gx, gy, gz, bx, by, bz};
  // By name: the module may be gone by then, which is a violation and not to be a crash.
  auto name = function->name;
  queue(stream, {[=] { runKernel(name, size.data(), shared, *arguments, launch); }, nullptr, "kernel", function, name});
  return success;
}

}  // extern "C"
