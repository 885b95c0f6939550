#pragma once
// A small ONNX interpreter: what the fake TensorRT computes with. Slow and plain; it knows the operators of the fixtures.
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// ONNX's numbers of element types.
enum ElementType { FLOAT = 1, UINT8 = 2, INT8 = 3, INT32 = 6, INT64 = 7, BOOL = 9, HALF = 10 };

size_t elementSize(int type);
int64_t product(const std::vector<int64_t> &shape);

/// Values are doubles whatever the type, rounded to it after each operation: exact for all the types above but large int64.
struct Tensor {
  int type = FLOAT;
  std::vector<int64_t> shape;
  std::vector<double> values;

  static Tensor of(int type, std::vector<int64_t> shape);
  static Tensor read(int type, std::vector<int64_t> shape, const void *bytes);
  void write(void *bytes) const;
  void round();
};

/// What the parser tells of a node it does not take.
struct NodeError : std::runtime_error {
  int node;
  std::string name, operation;
  bool unsupported;
  NodeError(const std::string &what, int node, std::string name, std::string operation, bool unsupported)
      : std::runtime_error(what), node(node), name(std::move(name)), operation(std::move(operation)), unsupported(unsupported) {}
};

struct Attribute {
  int64_t i = 0;
  std::string s;
  std::vector<int64_t> ints;
  Tensor tensor;
};

struct Node {
  std::string name, operation, domain;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, Attribute> attributes;

  int64_t integer(const char *key, int64_t otherwise) const;
  std::vector<int64_t> integers(const char *key) const;
};

struct Value {
  std::string name;
  int type = FLOAT;
  /// -1 where the length is dynamic.
  std::vector<int64_t> shape;
  std::vector<std::string> axisNames;
};

struct Graph {
  std::vector<Node> nodes;
  std::map<std::string, Tensor> initializers;
  std::vector<Value> inputs, outputs;

  /// Reads an ONNX model. Throws std::runtime_error for bytes that are none, NodeError for an unknown operator.
  static Graph parse(const void *bytes, size_t size);

  std::map<std::string, Tensor> run(std::map<std::string, Tensor> values) const;
  /// Whether an operator's output size depends on values, not only on shapes.
  bool isDataDependent() const;
};
