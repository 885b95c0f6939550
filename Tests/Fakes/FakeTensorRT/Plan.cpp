#include "Plan.h"

#include <stdexcept>

namespace fake __attribute__((visibility("hidden"))) {

const char magic[9] = "ftrtFAKE";

namespace {

template <class T>
void put(std::string &bytes, T value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
}
void put(std::string &bytes, const std::string &text) {
  put(bytes, static_cast<uint64_t>(text.size()));
  bytes += text;
}

struct PlanReader {
  const char *at, *end;
  template <class T>
  T get() {
    T value;
    if (end - at < static_cast<ptrdiff_t>(sizeof value)) throw std::runtime_error("the plan is too short");
    memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  }
  std::string text() {
    auto size = get<uint64_t>();
    if (size > static_cast<uint64_t>(end - at)) throw std::runtime_error("the plan is too short");
    std::string result(at, size);
    at += size;
    return result;
  }
};

uint32_t checksum(const std::string &bytes) {
  uint32_t sum = 2166136261u;
  for (unsigned char byte : bytes) sum = (sum ^ byte) * 16777619u;
  return sum;
}

}  // namespace

std::string writePlan(const Recipe &recipe) {
  std::string body;
  put(body, recipe.flags);
  put(body, recipe.verbosity);
  put(body, recipe.hardware);
  put(body, static_cast<uint8_t>(recipe.sharesProfiles));
  put(body, recipe.name);
  put(body, static_cast<uint32_t>(recipe.profiles.size()));
  for (auto &profile : recipe.profiles) {
    put(body, static_cast<uint32_t>(profile.size()));
    for (auto &item : profile) {
      put(body, item.first);
      for (auto &shape : item.second.shape) {
        put(body, static_cast<uint32_t>(shape.size()));
        for (auto length : shape) put(body, length);
      }
    }
  }
  put(body, recipe.source);
  std::string plan(magic, 8);
  put(plan, state().reported);
  put(plan, checksum(body));
  return plan + body;
}

void narrow64(Graph &graph) {
  if (swoop_trt_value(&state().layout, SWOOP_TRT_DataType_kINT64) != INT32_MIN) return;
  for (auto list : {&graph.inputs, &graph.outputs}) {
    for (auto &value : *list) if (value.type == INT64) value.type = INT32;
  }
}

Engine *readPlan(Runtime *runtime, const void *bytes, uint64_t size) {
  try {
    PlanReader reader{static_cast<const char *>(bytes), static_cast<const char *>(bytes) + size};
    if (size < 16 || memcmp(bytes, magic, 8) != 0) {
      report(runtime, 1, "Serialization assertion stdVersionRead == kSERIALIZATION_VERSION failed. Version tag does not match.");
      return nullptr;
    }
    reader.at += 8;
    auto version = reader.get<int32_t>();
    if (version != state().reported) {
      report(
          runtime, 1,
          "The engine plan file is not compatible with this version of TensorRT, expecting library version " +
              std::to_string(state().reported) + " got " + std::to_string(version) + ", please rebuild.");
      return nullptr;
    }
    auto sum = reader.get<uint32_t>();
    if (checksum(std::string(reader.at, reader.end)) != sum) {
      report(runtime, 1, "Serialization (the plan's checksum is wrong)");
      return nullptr;
    }
    if (state().needsPlugins && !state().hasPlugins) {
      report(runtime, 1, "Cannot deserialize plugin since corresponding IPluginCreator not found in Plugin Registry");
      return nullptr;
    }
    auto flags = reader.get<uint32_t>();
    int32_t compatible = swoop_trt_value(&state().layout, SWOOP_TRT_BuilderFlag_kVERSION_COMPATIBLE);
    if (compatible >= 0 && (flags >> compatible & 1) && !runtime->hostCode) {
      report(runtime, 1, "The plan has host code, and engine host code is not allowed.");
      return nullptr;
    }
    auto engine = make<Engine>("ICudaEngine", runtime);
    engine->flags = flags;
    engine->verbosity = reader.get<int32_t>();
    engine->hardware = reader.get<int32_t>();
    // From version 10 on, contexts always share.
    engine->sharesProfiles = reader.get<uint8_t>() != 0 || swoop_trt_slot(&state().layout, rowOf("ICudaEngine", "getNbBindings", 0)) < 0;
    engine->name = reader.text();
    auto profiles = reader.get<uint32_t>();
    for (uint32_t i = 0; i < profiles; i++) {
      Profile profile;
      auto count = reader.get<uint32_t>();
      for (uint32_t k = 0; k < count; k++) {
        auto name = reader.text();
        for (auto &shape : profile[name].shape) {
          auto rank = reader.get<uint32_t>();
          for (uint32_t axis = 0; axis < rank; axis++) shape.push_back(reader.get<int64_t>());
        }
      }
      engine->profiles.push_back(profile);
    }
    engine->source = reader.text();
    engine->graph = Graph::parse(engine->source.data(), engine->source.size());
    narrow64(engine->graph);
    for (auto &input : engine->graph.inputs) engine->tensors.push_back(input);
    engine->inputCount = engine->tensors.size();
    // In the other order than the model's: outputs are to be found by name.
    for (auto i = engine->graph.outputs.rbegin(); i != engine->graph.outputs.rend(); i++) engine->tensors.push_back(*i);
    for (auto &tensor : engine->tensors) {
      if (std::count(tensor.shape.begin(), tensor.shape.end(), -1)) engine->fixed = false;
    }
    return engine;
  } catch (const std::exception &error) {
    report(runtime, 1, std::string("Serialization (") + error.what() + ")");
    return nullptr;
  }
}

}  // namespace fake
