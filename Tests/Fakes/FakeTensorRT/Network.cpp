// Networks and their tensors.
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

int32_t inputCount(void *self) { return static_cast<int32_t>(static_cast<Network *>(self)->inputs.size()); }
int32_t outputCount(void *self) { return static_cast<int32_t>(static_cast<Network *>(self)->outputs.size()); }
void *input(void *self, int32_t index) { return hand(static_cast<Network *>(self)->inputs.at(index)); }
void *output(void *self, int32_t index) { return hand(static_cast<Network *>(self)->outputs.at(index)); }
int32_t networkLayers(void *self) { return static_cast<int32_t>(static_cast<Network *>(self)->graph.nodes.size()); }
void setNetworkName(void *self, const char *name) { static_cast<Network *>(self)->name = name; }
const char *networkName(void *self) { return static_cast<Network *>(self)->name.c_str(); }
void destroyNetwork(void *self) {
  auto network = static_cast<Network *>(static_cast<Object *>(self)->inner);
  for (auto list : {&network->inputs, &network->outputs}) {
    for (auto tensor : *list) bury(tensor);
    list->clear();
  }
  bury(network);
}

const char *tensorName(void *self) { return static_cast<Tensor_ *>(self)->value->name.c_str(); }
Dims64 tensorShape64(void *self) { return wide(static_cast<Tensor_ *>(self)->value->shape); }
Dims32 tensorShape32(void *self) { return narrow(tensorShape64(self)); }
int32_t tensorType(void *self) { return nativeType(static_cast<Tensor_ *>(self)->value->type); }
const char *axisName(void *self, int32_t axis) {
  auto value = static_cast<Tensor_ *>(self)->value;
  return axis >= 0 && static_cast<size_t>(axis) < value->axisNames.size() && !value->axisNames[axis].empty()
             ? value->axisNames[axis].c_str() : nullptr;
}

}  // namespace

std::vector<Entry> networkEntries() {
  return {
    {"INetworkDefinition", "getNbInputs", 0, F(inputCount)}, {"INetworkDefinition", "getInput", 0, F(input)},
    {"INetworkDefinition", "getNbOutputs", 0, F(outputCount)}, {"INetworkDefinition", "getOutput", 0, F(output)},
    {"INetworkDefinition", "getNbLayers", 0, F(networkLayers)}, {"INetworkDefinition", "setName", 0, F(setNetworkName)},
    {"INetworkDefinition", "getName", 0, F(networkName)},
    {"INetworkDefinition", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"INetworkDefinition", "destroy", 0, F(destroyNetwork)}, {"ITensor", "getName", 0, F(tensorName)},
    {"ITensor", "getDimensions", 0, F(tensorShape32)}, {"ITensor", "getDimensions", 1, F(tensorShape64)},
    {"ITensor", "getType", 0, F(tensorType)}, {"ITensor", "getDimensionName", 0, F(axisName)},
  };
}

}  // namespace fake
