// Refits, by name and from a model.
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

int32_t weightNames(Refitter *refitter, int32_t capacity, const char **names, bool missing) {
  int32_t count = 0;
  for (auto &item : refitter->engine->graph.initializers) {
    if (missing && (refitter->given.empty() || refitter->given.count(item.first))) continue;
    if (missing) continue;  // weights of this fake do not depend on one another
    if (count < capacity) names[count] = item.first.c_str();
    count++;
  }
  return count;
}
int32_t allWeights(void *self, int32_t capacity, const char **names) {
  return weightNames(static_cast<Refitter *>(self), capacity, names, false);
}
int32_t missingWeights(void *self, int32_t capacity, const char **names) {
  return weightNames(static_cast<Refitter *>(self), capacity, names, true);
}
bool setWeights(void *self, const char *name, swoop_trt_weights weights) {
  auto refitter = static_cast<Refitter *>(self);
  if (fails("IRefitter.setNamedWeights", refitter)) return false;
  auto found = refitter->engine->graph.initializers.find(name);
  if (found == refitter->engine->graph.initializers.end() || nativeType(found->second.type) != weights.type ||
      static_cast<size_t>(weights.count) != found->second.values.size()) {
    report(refitter, 3, std::string("the weights ") + name + " do not fit");
    return false;
  }
  refitter->given[name] = Tensor::read(found->second.type, found->second.shape, weights.values);
  return true;
}
bool refit(void *self) {
  auto refitter = static_cast<Refitter *>(self);
  if (fails("IRefitter.refitCudaEngine", refitter)) return false;
  for (auto &item : refitter->given) refitter->engine->graph.initializers[item.first] = item.second;
  refitter->given.clear();
  return true;
}

bool refitFromBytes(void *self, const void *bytes, uint64_t size, const char *) {
  auto parser = static_cast<ParserRefitter *>(self);
  try {
    auto graph = Graph::parse(bytes, size);
    for (auto &item : graph.initializers) parser->refitter->given[item.first] = item.second;
    return true;
  } catch (const std::exception &error) {
    ParserFailure failure;
    failure.table = state().tables["IParserError own"].data();
    failure.code = 14;
    failure.text = error.what();
    parser->failures = {failure};
    return false;
  }
}
int32_t refitFailureCount(void *self) { return static_cast<int32_t>(static_cast<ParserRefitter *>(self)->failures.size()); }
const void *refitFailure(void *self, int32_t index) { return &static_cast<ParserRefitter *>(self)->failures.at(index); }

}  // namespace

std::vector<Entry> refitEntries() {
  return {
    {"IRefitter", "setNamedWeights", 0, F(setWeights)}, {"IRefitter", "getMissingWeights", 0, F(missingWeights)},
    {"IRefitter", "getAllWeights", 0, F(allWeights)}, {"IRefitter", "refitCudaEngine", 0, F(refit)},
    {"IRefitter", "setErrorRecorder", 0, F(setErrorRecorder)}, {"IRefitter", "getLogger", 0, F(getLogger)},
    {"IRefitter", "destroy", 0, F(destroyObject)}, {"IParserRefitter", "refitFromBytes", 0, F(refitFromBytes)},
    {"IParserRefitter", "getNbErrors", 0, F(refitFailureCount)}, {"IParserRefitter", "getError", 0, F(refitFailure)},
    {"IParserRefitter", "destroy", 0, F(destroyDirect)},
  };
}

}  // namespace fake
