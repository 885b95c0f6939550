// Tensors, and running a graph.
#include "Graph.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>

#include "Operators.h"

// MARK: Tensors

size_t elementSize(int type) {
  switch (type) {
    case FLOAT: case INT32: return 4;
    case INT64: return 8;
    case HALF: return 2;
    default: return 1;
  }
}

int64_t product(const std::vector<int64_t> &shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<int64_t>());
}

Tensor Tensor::of(int type, std::vector<int64_t> shape) {
  Tensor tensor;
  tensor.type = type;
  tensor.values.assign(static_cast<size_t>(std::max<int64_t>(0, product(shape))), 0);
  tensor.shape = std::move(shape);
  return tensor;
}

template <class T>
static void load(std::vector<double> &values, const void *bytes) {
  for (size_t i = 0; i < values.size(); i++) {
    T value;
    memcpy(&value, static_cast<const char *>(bytes) + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
}

template <class T>
static void store(const std::vector<double> &values, void *bytes) {
  for (size_t i = 0; i < values.size(); i++) {
    T value = static_cast<T>(values[i]);
    memcpy(static_cast<char *>(bytes) + i * sizeof(T), &value, sizeof(T));
  }
}

Tensor Tensor::read(int type, std::vector<int64_t> shape, const void *bytes) {
  Tensor tensor = of(type, std::move(shape));
  switch (type) {
    case FLOAT: load<float>(tensor.values, bytes); break;
    case HALF: load<_Float16>(tensor.values, bytes); break;
    case INT32: load<int32_t>(tensor.values, bytes); break;
    case INT64: load<int64_t>(tensor.values, bytes); break;
    case INT8: load<int8_t>(tensor.values, bytes); break;
    default: load<uint8_t>(tensor.values, bytes); break;
  }
  return tensor;
}

void Tensor::write(void *bytes) const {
  switch (type) {
    case FLOAT: store<float>(values, bytes); break;
    case HALF: store<_Float16>(values, bytes); break;
    case INT32: store<int32_t>(values, bytes); break;
    case INT64: store<int64_t>(values, bytes); break;
    case INT8: store<int8_t>(values, bytes); break;
    default: store<uint8_t>(values, bytes); break;
  }
}

void Tensor::round() {
  for (auto &value : values) {
    if (type == FLOAT) value = static_cast<float>(value);
    else if (type == HALF) value = static_cast<double>(static_cast<_Float16>(static_cast<float>(value)));
    else if (type == BOOL) value = value != 0;
    else value = std::trunc(value);
  }
}

// MARK: Graphs

int64_t Node::integer(const char *key, int64_t otherwise) const {
  auto found = attributes.find(key);
  return found == attributes.end() ? otherwise : found->second.i;
}

std::vector<int64_t> Node::integers(const char *key) const {
  auto found = attributes.find(key);
  return found == attributes.end() ? std::vector<int64_t>() : found->second.ints;
}

bool Graph::isDataDependent() const {
  return std::any_of(nodes.begin(), nodes.end(), [](auto &node) { return node.operation == "NonZero"; });
}

std::map<std::string, Tensor> Graph::run(std::map<std::string, Tensor> values) const {
  for (auto &item : initializers) values.insert(item);
  for (auto &node : nodes) {
    std::vector<const Tensor *> in;
    for (auto &name : node.inputs) {
      auto found = values.find(name);
      if (found == values.end() && !name.empty()) fake::bad("the value " + name + " is missing");
      in.push_back(name.empty() ? nullptr : &found->second);
    }
    auto out = fake::operators().at(node.operation)(node, in);
    for (size_t i = 0; i < node.outputs.size() && i < out.size(); i++) {
      out[i].round();
      values[node.outputs[i]] = std::move(out[i]);
    }
  }
  std::map<std::string, Tensor> results;
  for (auto &output : outputs) results[output.name] = values.at(output.name);
  return results;
}
