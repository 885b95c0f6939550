#pragma once
// The objects that the fake hands out: what every kind of them has, and how they come and go.
#include <memory>

#include "Graph.h"
#include "Shapes.h"
#include "State.h"

namespace fake __attribute__((visibility("hidden"))) {

/// What the library hands out: its own table, and the inner object behind it.
struct Object {
  void **own;
  Inner *inner;
};

struct Inner {
  void **table;  // must be first
  Object outer;
  std::string type;
  Inner *parent = nullptr;
  int children = 0;
  bool alive = true;
  void *recorder = nullptr;
  void (*end)(Inner *) = nullptr;
};

/// Objects that are called directly, without an inner one.
struct Direct {
  void **table;  // must be first
  std::string type;
  Inner *parent = nullptr;
  bool alive = true;
  void (*end)(Direct *) = nullptr;
};

template <class T>
T *make(const char *type, Inner *parent) {
  std::lock_guard lock(state().mutex);
  auto object = new T;
  object->type = type;
  object->table = state().tables[std::string(type) + " inner"].data();
  object->outer = {state().tables[std::string(type) + " own"].data(), object};
  object->end = [](Inner *ended) { delete static_cast<T *>(ended); };
  object->parent = parent;
  if (parent != nullptr) parent->children++;
  state().live++;
  return object;
}

template <class T>
T *makeDirect(const char *type, Inner *parent) {
  std::lock_guard lock(state().mutex);
  auto object = new T;
  object->type = type;
  object->table = state().tables[std::string(type) + " own"].data();
  object->end = [](Direct *ended) { delete static_cast<T *>(ended); };
  object->parent = parent;
  if (parent != nullptr) parent->children++;
  state().live++;
  return object;
}

/// Ends an object: a later use of it, a second end, and an end before its children's are noted.
///
/// Under the address sanitizer the object is really freed: then it finds later uses, also of what the object handed out.
void bury(Inner *object);
void buryDirect(Direct *object);

void setRecorder(Inner *object, void *recorder);

struct Memory : Inner {
  std::string bytes;
};

struct Bounds {
  std::vector<int64_t> shape[3];
};
using Profile = std::map<std::string, Bounds>;

struct OptimizationProfile : Inner {
  Profile bounds;
};

struct Builder : Inner {
  int32_t threads = 1;
  std::vector<OptimizationProfile *> profiles;
};

struct Tensor_ : Inner {
  const Value *value = nullptr;
};

struct Network : Inner {
  Graph graph;
  std::string source, name = "Unnamed Network 0";
  std::vector<Tensor_ *> inputs, outputs;
};

struct Config : Inner {
  uint32_t flags = 0, previews = 0;
  std::map<int32_t, uint64_t> pools;
  std::vector<Profile> profiles;
  int32_t level = 3, hardware = 0, verbosity = 0, auxiliary = 0;
  void *monitor = nullptr;
  Inner *cache = nullptr;
  std::vector<int32_t> capabilities;
};

struct Registry : Direct {
  std::vector<std::string> loaded;
};

struct Runtime : Inner {
  int32_t threads = 1;
  std::string temporary = "/tmp";
  bool hostCode = false;
  Registry *registry = nullptr;
};

/// What a plan says.
struct Recipe {
  /// The ONNX model.
  std::string source;
  std::string name;
  std::vector<Profile> profiles;
  uint32_t flags = 0;
  int32_t verbosity = 0, hardware = 0;
  bool sharesProfiles = true;
};

struct Engine : Inner, Recipe {
  Graph graph;
  std::vector<Value> tensors;
  size_t inputCount = 0;
  bool fixed = true;
  /// The profiles that contexts have chosen, where they are not shared.
  std::map<int32_t, Inner *> chosen;

  const Value *find(const char *name_) const {
    for (auto &tensor : tensors) if (name_ && tensor.name == name_) return &tensor;
    return nullptr;
  }
  bool isInput(const char *name_) const {
    for (size_t i = 0; i < inputCount; i++) if (name_ && tensors[i].name == name_) return true;
    return false;
  }
};

struct Context;

/// One execution: what was copied in, and room for what is copied out.
struct Job {
  Context *context;
  const Graph *graph;
  std::map<std::string, std::vector<int64_t>> shapes;
  std::map<std::string, void *> in, out;
  std::map<std::string, Tensor> results;
  bool started = false, done = false, bleeding = false, failed = false;
};

struct Context : Inner {
  Engine *engine = nullptr;
  std::map<std::string, std::vector<int64_t>> shapes;
  std::map<std::string, void *> addresses, allocators;
  int32_t profile = 0;
  bool userManaged = false, emitsProfile = true;
  void *deviceMemory = nullptr, *profiler = nullptr, *consumed = nullptr;
  std::unique_ptr<Job> job;
  std::string name;
};

struct Inspector : Inner {
  Engine *engine = nullptr;
  std::string text;
};

struct RuntimeConfiguration : Inner {
  int32_t strategy = 0, graphs = 0, kernels = 0;
};

struct Cache : Inner {
  std::string bytes;
};

struct Refitter : Inner {
  Engine *engine = nullptr;
  std::map<std::string, Tensor> given;
};

struct ParserFailure {
  void **table;  // must be first
  int32_t code = 0, node = -1;
  std::string text, name, operation;
};

struct Parser : Direct {
  Network *network = nullptr;
  std::vector<ParserFailure> failures;
};

struct ParserRefitter : Direct {
  Refitter *refitter = nullptr;
  std::vector<ParserFailure> failures;
};

inline Object *hand(Inner *object) { return object ? &object->outer : nullptr; }
template <class T>
T *behind(void *object) {
  return object ? static_cast<T *>(static_cast<Object *>(object)->inner) : nullptr;
}

Memory *memory(std::string bytes, Inner *parent);

}  // namespace fake
