// Reading an ONNX model, which is in the format of Protocol Buffers.
#include <cstring>

#include "Operators.h"

namespace {

struct Reader {
  const uint8_t *at, *end;
  int number = 0, kind = 0;
  uint64_t value = 0;
  Reader sub() const { return {bytes, bytes + value}; }
  std::string text() const { return {reinterpret_cast<const char *>(bytes), static_cast<size_t>(value)}; }
  const uint8_t *bytes = nullptr;

  Reader(const void *start, const void *end) : at(static_cast<const uint8_t *>(start)), end(static_cast<const uint8_t *>(end)) {}

  uint64_t varint() {
    uint64_t result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) throw std::runtime_error("Failed to parse the ONNX model.");
      uint8_t byte = *at++;
      result |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    throw std::runtime_error("Failed to parse the ONNX model.");
  }

  bool next() {
    if (at == end) return false;
    uint64_t key = varint();
    number = static_cast<int>(key >> 3);
    kind = static_cast<int>(key & 7);
    if (kind == 0) {
      value = varint();
    } else if (kind == 2) {
      value = varint();
      if (value > static_cast<uint64_t>(end - at)) throw std::runtime_error("Failed to parse the ONNX model.");
      bytes = at;
      at += value;
    } else if (kind == 5 || kind == 1) {
      int size = kind == 5 ? 4 : 8;
      if (end - at < size) throw std::runtime_error("Failed to parse the ONNX model.");
      bytes = at;
      value = size;
      at += size;
    } else {
      throw std::runtime_error("Failed to parse the ONNX model.");
    }
    return true;
  }
};

std::vector<int64_t> packed(Reader &reader, std::vector<int64_t> so_far) {
  if (reader.kind == 0) {
    so_far.push_back(static_cast<int64_t>(reader.value));
  } else {
    Reader list = reader.sub();
    while (list.at != list.end) so_far.push_back(static_cast<int64_t>(list.varint()));
  }
  return so_far;
}

std::pair<std::string, Tensor> tensor(Reader reader) {
  std::string name, raw;
  int type = FLOAT;
  std::vector<int64_t> shape, integers;
  std::vector<float> floats;
  while (reader.next()) {
    switch (reader.number) {
      case 1: shape = packed(reader, std::move(shape)); break;
      case 2: type = static_cast<int>(reader.value); break;
      case 4:
        for (size_t i = 0; i + 4 <= reader.value; i += 4) {
          float value;
          memcpy(&value, reader.bytes + i, 4);
          floats.push_back(value);
        }
        break;
      case 5: case 7: integers = packed(reader, std::move(integers)); break;
      case 8: name = reader.text(); break;
      case 9: raw = reader.text(); break;
    }
  }
  Tensor result = Tensor::of(type, shape);
  if (raw.size() >= result.values.size() * elementSize(type)) {
    result = Tensor::read(type, shape, raw.data());
  } else if (floats.size() == result.values.size()) {
    result.values.assign(floats.begin(), floats.end());
  } else if (integers.size() == result.values.size()) {
    result.values.assign(integers.begin(), integers.end());
  } else {
    throw std::runtime_error("The initializer " + name + " has the wrong size.");
  }
  return {name, result};
}

Node node(Reader reader) {
  Node result;
  while (reader.next()) {
    switch (reader.number) {
      case 1: result.inputs.push_back(reader.text()); break;
      case 2: result.outputs.push_back(reader.text()); break;
      case 3: result.name = reader.text(); break;
      case 4: result.operation = reader.text(); break;
      case 7: result.domain = reader.text(); break;
      case 5: {
        Reader field = reader.sub();
        std::string name;
        Attribute attribute;
        while (field.next()) {
          if (field.number == 1) name = field.text();
          if (field.number == 3) attribute.i = static_cast<int64_t>(field.value);
          if (field.number == 4) attribute.s = field.text();
          if (field.number == 5) attribute.tensor = tensor(field.sub()).second;
          if (field.number == 8) attribute.ints = packed(field, std::move(attribute.ints));
        }
        result.attributes[name] = attribute;
      }
    }
  }
  return result;
}

Value valueInfo(Reader reader) {
  Value result;
  while (reader.next()) {
    if (reader.number == 1) result.name = reader.text();
    if (reader.number != 2) continue;
    Reader type = reader.sub();
    while (type.next()) {
      if (type.number != 1) continue;
      Reader tensorType = type.sub();
      while (tensorType.next()) {
        if (tensorType.number == 1) result.type = static_cast<int>(tensorType.value);
        if (tensorType.number != 2) continue;
        Reader shape = tensorType.sub();
        while (shape.next()) {
          int64_t length = -1;
          std::string name;
          Reader axis = shape.sub();
          while (axis.next()) {
            if (axis.number == 1) length = static_cast<int64_t>(axis.value);
            if (axis.number == 2) name = axis.text();
          }
          result.shape.push_back(length);
          result.axisNames.push_back(name);
        }
      }
    }
  }
  return result;
}

}  // namespace

Graph Graph::parse(const void *bytes, size_t size) {
  Reader reader(bytes, static_cast<const uint8_t *>(bytes) + size);
  Graph graph;
  while (reader.next()) {
    if (reader.number != 7 || reader.kind != 2) continue;
    Reader field = reader.sub();
    while (field.next()) {
      if (field.kind != 2) continue;
      if (field.number == 1) graph.nodes.push_back(node(field.sub()));
      if (field.number == 5) graph.initializers.insert(tensor(field.sub()));
      if (field.number == 11) graph.inputs.push_back(valueInfo(field.sub()));
      if (field.number == 12) graph.outputs.push_back(valueInfo(field.sub()));
    }
  }
  for (size_t i = 0; i < graph.nodes.size(); i++) {
    auto &node = graph.nodes[i];
    if (fake::operators().count(node.operation) == 0 || !node.domain.empty()) {
      throw NodeError(
          "No importer registered for op: " + node.operation, static_cast<int>(i), node.name, node.operation, true);
    }
  }
  return graph;
}
