#include "Graph.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <set>

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

// MARK: Protocol buffers

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

// MARK: Operators

using Tensors = std::vector<Tensor>;
using Operator = std::function<Tensors(const Node &, const std::vector<const Tensor *> &)>;

[[noreturn]] void bad(const std::string &what) { throw std::runtime_error(what); }

/// Calls `body` with each index of a shape and its place.
void each(const std::vector<int64_t> &shape, const std::function<void(const std::vector<int64_t> &, size_t)> &body) {
  std::vector<int64_t> index(shape.size(), 0);
  size_t count = static_cast<size_t>(product(shape));
  for (size_t place = 0; place < count; place++) {
    body(index, place);
    for (int axis = static_cast<int>(shape.size()) - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

size_t place(const std::vector<int64_t> &index, const std::vector<int64_t> &shape) {
  size_t result = 0;
  for (size_t i = 0; i < shape.size(); i++) result = result * shape[i] + index[i];
  return result;
}

int64_t axisOf(int64_t axis, size_t rank) {
  if (axis < 0) axis += static_cast<int64_t>(rank);
  if (axis < 0 || axis >= static_cast<int64_t>(std::max<size_t>(rank, 1))) bad("an axis that does not exist");
  return axis;
}

std::vector<int64_t> broadcast(const std::vector<int64_t> &a, const std::vector<int64_t> &b) {
  size_t rank = std::max(a.size(), b.size());
  std::vector<int64_t> result(rank);
  for (size_t i = 0; i < rank; i++) {
    int64_t x = i + a.size() < rank ? 1 : a[i + a.size() - rank];
    int64_t y = i + b.size() < rank ? 1 : b[i + b.size() - rank];
    if (x != y && x != 1 && y != 1) bad("shapes that do not go together");
    result[i] = x == 1 ? y : x;
  }
  return result;
}

double at(const Tensor &tensor, const std::vector<int64_t> &index) {
  size_t offset = index.size() - tensor.shape.size(), result = 0;
  for (size_t i = 0; i < tensor.shape.size(); i++) {
    result = result * tensor.shape[i] + (tensor.shape[i] == 1 ? 0 : index[offset + i]);
  }
  return tensor.values[result];
}

Operator elementwise(std::function<double(double, double)> f, int type = 0) {
  return [=](const Node &, const std::vector<const Tensor *> &in) -> Tensors {
    Tensor out = Tensor::of(type ? type : in[0]->type, broadcast(in[0]->shape, in[1]->shape));
    each(out.shape, [&](auto &index, size_t i) { out.values[i] = f(at(*in[0], index), at(*in[1], index)); });
    return {out};
  };
}

Operator unary(std::function<double(double)> f) {
  return [=](const Node &, const std::vector<const Tensor *> &in) -> Tensors {
    Tensor out = *in[0];
    for (auto &value : out.values) value = f(value);
    return {out};
  };
}

std::vector<int64_t> integers(const Tensor &tensor) { return {tensor.values.begin(), tensor.values.end()}; }

Tensors reduce(const Node &node, const std::vector<const Tensor *> &in, double start, std::function<double(double, double)> f) {
  std::vector<int64_t> axes = in.size() > 1 && in[1] ? integers(*in[1]) : node.integers("axes");
  std::set<int64_t> reduced;
  for (auto axis : axes) reduced.insert(axisOf(axis, in[0]->shape.size()));
  bool all = reduced.empty(), keep = node.integer("keepdims", 1) != 0;
  std::vector<int64_t> kept;
  for (size_t i = 0; i < in[0]->shape.size(); i++) kept.push_back(all || reduced.count(i) ? 1 : in[0]->shape[i]);
  Tensor out = Tensor::of(in[0]->type, kept);
  std::fill(out.values.begin(), out.values.end(), start);
  each(in[0]->shape, [&](auto &index, size_t i) {
    auto target = index;
    for (size_t axis = 0; axis < target.size(); axis++) if (kept[axis] == 1) target[axis] = 0;
    auto &value = out.values[place(target, kept)];
    value = f(value, in[0]->values[i]);
  });
  if (!keep) {
    std::vector<int64_t> shape;
    for (size_t i = 0; i < kept.size(); i++) if (!(all || reduced.count(i))) shape.push_back(kept[i]);
    out.shape = shape;
  }
  return {out};
}

const std::map<std::string, Operator> &operators() {
  static const std::map<std::string, Operator> table = {
    {"Add", elementwise([](double a, double b) { return a + b; })},
    {"Sub", elementwise([](double a, double b) { return a - b; })},
    {"Mul", elementwise([](double a, double b) { return a * b; })},
    {"Div", elementwise([](double a, double b) { return a / b; })},
    {"Greater", elementwise([](double a, double b) { return a > b; }, BOOL)},
    {"GreaterOrEqual", elementwise([](double a, double b) { return a >= b; }, BOOL)},
    {"Relu", unary([](double a) { return a > 0 ? a : 0; })},
    {"Sigmoid", unary([](double a) { return 1 / (1 + std::exp(-a)); })},
    {"Identity", unary([](double a) { return a; })},
    {"Cast", [](auto &node, auto &in) -> Tensors {
      Tensor out = *in[0];
      out.type = static_cast<int>(node.integer("to", FLOAT));
      return {out};
    }},
    {"Shape", [](auto &, auto &in) -> Tensors {
      Tensor out = Tensor::of(INT64, {static_cast<int64_t>(in[0]->shape.size())});
      out.values.assign(in[0]->shape.begin(), in[0]->shape.end());
      return {out};
    }},
    {"Reshape", [](auto &, auto &in) -> Tensors {
      Tensor out = *in[0];
      auto shape = integers(*in[1]);
      int64_t known = 1;
      for (size_t i = 0; i < shape.size(); i++) {
        if (shape[i] == 0) shape[i] = in[0]->shape[i];
        if (shape[i] > 0) known *= shape[i];
      }
      for (auto &length : shape) if (length == -1) length = known ? static_cast<int64_t>(out.values.size()) / known : 0;
      if (product(shape) != static_cast<int64_t>(out.values.size())) bad("a reshape that does not fit");
      out.shape = shape;
      return {out};
    }},
    {"Unsqueeze", [](auto &node, auto &in) -> Tensors {
      Tensor out = *in[0];
      auto axes = in.size() > 1 ? integers(*in[1]) : node.integers("axes");
      size_t rank = out.shape.size() + axes.size();
      std::set<int64_t> ones;
      for (auto axis : axes) ones.insert(axisOf(axis, rank));
      std::vector<int64_t> shape;
      auto next = in[0]->shape.begin();
      for (size_t i = 0; i < rank; i++) shape.push_back(ones.count(i) ? 1 : *next++);
      out.shape = shape;
      return {out};
    }},
    {"Expand", [](auto &, auto &in) -> Tensors {
      Tensor out = Tensor::of(in[0]->type, broadcast(in[0]->shape, integers(*in[1])));
      each(out.shape, [&](auto &index, size_t i) { out.values[i] = at(*in[0], index); });
      return {out};
    }},
    {"Concat", [](auto &node, auto &in) -> Tensors {
      size_t axis = axisOf(node.integer("axis", 0), in[0]->shape.size());
      auto shape = in[0]->shape;
      shape[axis] = 0;
      for (auto part : in) shape[axis] += part->shape[axis];
      Tensor out = Tensor::of(in[0]->type, shape);
      int64_t start = 0;
      for (auto part : in) {
        each(part->shape, [&](auto &index, size_t i) {
          auto target = index;
          target[axis] += start;
          out.values[place(target, shape)] = part->values[i];
        });
        start += part->shape[axis];
      }
      return {out};
    }},
    {"Split", [](auto &node, auto &in) -> Tensors {
      size_t axis = axisOf(node.integer("axis", 0), in[0]->shape.size());
      std::vector<int64_t> sizes = in.size() > 1 && in[1] ? integers(*in[1]) : std::vector<int64_t>(
        node.outputs.size(), in[0]->shape[axis] / static_cast<int64_t>(node.outputs.size()));
      Tensors out;
      int64_t start = 0;
      for (auto size : sizes) {
        auto shape = in[0]->shape;
        shape[axis] = size;
        Tensor part = Tensor::of(in[0]->type, shape);
        each(shape, [&](auto &index, size_t i) {
          auto source = index;
          source[axis] += start;
          part.values[i] = in[0]->values[place(source, in[0]->shape)];
        });
        out.push_back(part);
        start += size;
      }
      return out;
    }},
    {"Slice", [](auto &, auto &in) -> Tensors {
      auto starts = integers(*in[1]), ends = integers(*in[2]);
      auto axes = in.size() > 3 && in[3] ? integers(*in[3]) : std::vector<int64_t>();
      auto steps = in.size() > 4 && in[4] ? integers(*in[4]) : std::vector<int64_t>(starts.size(), 1);
      auto shape = in[0]->shape;
      std::vector<int64_t> first(shape.size(), 0), step(shape.size(), 1);
      for (size_t i = 0; i < starts.size(); i++) {
        size_t axis = axes.empty() ? i : axisOf(axes[i], shape.size());
        int64_t length = in[0]->shape[axis];
        int64_t low = std::clamp<int64_t>(starts[i] < 0 ? starts[i] + length : starts[i], 0, length);
        int64_t high = std::clamp<int64_t>(ends[i] < 0 ? ends[i] + length : ends[i], 0, length);
        if (steps[i] < 1) bad("a slice that goes backwards");
        first[axis] = low;
        step[axis] = steps[i];
        shape[axis] = std::max<int64_t>(0, (high - low + steps[i] - 1) / steps[i]);
      }
      Tensor out = Tensor::of(in[0]->type, shape);
      each(shape, [&](auto &index, size_t i) {
        auto source = index;
        for (size_t axis = 0; axis < source.size(); axis++) source[axis] = first[axis] + source[axis] * step[axis];
        out.values[i] = in[0]->values[place(source, in[0]->shape)];
      });
      return {out};
    }},
    {"Transpose", [](auto &node, auto &in) -> Tensors {
      auto order = node.integers("perm");
      std::vector<int64_t> shape;
      for (auto axis : order) shape.push_back(in[0]->shape[axis]);
      Tensor out = Tensor::of(in[0]->type, shape);
      each(shape, [&](auto &index, size_t i) {
        std::vector<int64_t> source(order.size());
        for (size_t axis = 0; axis < order.size(); axis++) source[order[axis]] = index[axis];
        out.values[i] = in[0]->values[place(source, in[0]->shape)];
      });
      return {out};
    }},
    {"Gather", [](auto &node, auto &in) -> Tensors {
      size_t axis = axisOf(node.integer("axis", 0), in[0]->shape.size());
      std::vector<int64_t> shape(in[0]->shape.begin(), in[0]->shape.begin() + axis);
      shape.insert(shape.end(), in[1]->shape.begin(), in[1]->shape.end());
      shape.insert(shape.end(), in[0]->shape.begin() + axis + 1, in[0]->shape.end());
      Tensor out = Tensor::of(in[0]->type, shape);
      size_t width = in[1]->shape.size();
      each(shape, [&](auto &index, size_t i) {
        std::vector<int64_t> inner(index.begin() + axis, index.begin() + axis + width);
        int64_t chosen = static_cast<int64_t>(in[1]->values[place(inner, in[1]->shape)]);
        if (chosen < 0) chosen += in[0]->shape[axis];
        std::vector<int64_t> source(index.begin(), index.begin() + axis);
        source.push_back(chosen);
        source.insert(source.end(), index.begin() + axis + width, index.end());
        out.values[i] = in[0]->values[place(source, in[0]->shape)];
      });
      return {out};
    }},
    {"GatherND", [](auto &node, auto &in) -> Tensors {
      size_t batch = static_cast<size_t>(node.integer("batch_dims", 0));
      auto &data = *in[0];
      auto &indices = *in[1];
      size_t width = static_cast<size_t>(indices.shape.back());
      std::vector<int64_t> outer(indices.shape.begin(), indices.shape.end() - 1), shape = outer;
      shape.insert(shape.end(), data.shape.begin() + batch + width, data.shape.end());
      Tensor out = Tensor::of(data.type, shape);
      each(shape, [&](auto &index, size_t i) {
        std::vector<int64_t> source(index.begin(), index.begin() + batch);
        std::vector<int64_t> row(index.begin(), index.begin() + outer.size());
        row.push_back(0);
        for (size_t k = 0; k < width; k++) {
          row.back() = k;
          source.push_back(static_cast<int64_t>(indices.values[place(row, indices.shape)]));
        }
        source.insert(source.end(), index.begin() + outer.size(), index.end());
        out.values[i] = data.values[place(source, data.shape)];
      });
      return {out};
    }},
    {"AveragePool", [](auto &node, auto &in) -> Tensors {
      auto kernel = node.integers("kernel_shape"), stride = node.integers("strides");
      auto &shape = in[0]->shape;
      int64_t rows = (shape[2] - kernel[0]) / stride[0] + 1, columns = (shape[3] - kernel[1]) / stride[1] + 1;
      Tensor out = Tensor::of(in[0]->type, {shape[0], shape[1], rows, columns});
      each(out.shape, [&](auto &index, size_t i) {
        // In float32, one after the other, as runtimes for processors add: a sum of doubles would differ in the last digits.
        float sum = 0;
        for (int64_t y = 0; y < kernel[0]; y++) {
          for (int64_t x = 0; x < kernel[1]; x++) {
            sum += static_cast<float>(
                in[0]->values[place({index[0], index[1], index[2] * stride[0] + y, index[3] * stride[1] + x}, shape)]);
          }
        }
        out.values[i] = sum / static_cast<float>(kernel[0] * kernel[1]);
      });
      return {out};
    }},
    {"ReduceMax", [](auto &node, auto &in) { return reduce(node, in, -INFINITY, [](double a, double b) { return std::max(a, b); }); }},
    {"ReduceSum", [](auto &node, auto &in) { return reduce(node, in, 0, [](double a, double b) { return a + b; }); }},
    {"ArgMax", [](auto &node, auto &in) -> Tensors {
      size_t axis = axisOf(node.integer("axis", 0), in[0]->shape.size());
      auto shape = in[0]->shape;
      shape[axis] = 1;
      Tensor out = Tensor::of(INT64, shape);
      std::vector<double> best(out.values.size(), -INFINITY);
      each(in[0]->shape, [&](auto &index, size_t i) {
        auto target = index;
        target[axis] = 0;
        size_t spot = place(target, shape);
        if (in[0]->values[i] > best[spot]) {
          best[spot] = in[0]->values[i];
          out.values[spot] = static_cast<double>(index[axis]);
        }
      });
      if (node.integer("keepdims", 1) == 0) out.shape.erase(out.shape.begin() + axis);
      return {out};
    }},
    {"TopK", [](auto &node, auto &in) -> Tensors {
      size_t axis = axisOf(node.integer("axis", -1), in[0]->shape.size());
      int64_t count = static_cast<int64_t>(in[1]->values[0]);
      auto shape = in[0]->shape;
      int64_t length = shape[axis];
      shape[axis] = count;
      Tensor values = Tensor::of(in[0]->type, shape), indices = Tensor::of(INT64, shape);
      auto outer = shape;
      outer[axis] = 1;
      each(outer, [&](auto &index, size_t) {
        std::vector<int64_t> order(length);
        std::iota(order.begin(), order.end(), 0);
        auto value = [&](int64_t k) {
          auto source = index;
          source[axis] = k;
          return in[0]->values[place(source, in[0]->shape)];
        };
        std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return value(a) > value(b); });
        for (int64_t k = 0; k < count; k++) {
          auto target = index;
          target[axis] = k;
          values.values[place(target, shape)] = value(order[k]);
          indices.values[place(target, shape)] = static_cast<double>(order[k]);
        }
      });
      return {values, indices};
    }},
    {"CumSum", [](auto &, auto &in) -> Tensors {
      size_t axis = axisOf(static_cast<int64_t>(in[1]->values[0]), in[0]->shape.size());
      Tensor out = *in[0];
      each(out.shape, [&](auto &index, size_t i) {
        if (index[axis] == 0) return;
        auto before = index;
        before[axis]--;
        out.values[i] += out.values[place(before, out.shape)];
      });
      return {out};
    }},
    {"NonZero", [](auto &, auto &in) -> Tensors {
      std::vector<std::vector<int64_t>> found;
      each(in[0]->shape, [&](auto &index, size_t i) { if (in[0]->values[i] != 0) found.push_back(index); });
      int64_t rank = static_cast<int64_t>(in[0]->shape.size()), count = static_cast<int64_t>(found.size());
      Tensor out = Tensor::of(INT64, {rank, count});
      for (int64_t i = 0; i < count; i++) {
        for (int64_t axis = 0; axis < rank; axis++) out.values[axis * count + i] = static_cast<double>(found[i][axis]);
      }
      return {out};
    }},
  };
  return table;
}

}  // namespace

int64_t Node::integer(const char *key, int64_t otherwise) const {
  auto found = attributes.find(key);
  return found == attributes.end() ? otherwise : found->second.i;
}

std::vector<int64_t> Node::integers(const char *key) const {
  auto found = attributes.find(key);
  return found == attributes.end() ? std::vector<int64_t>() : found->second.ints;
}

// MARK: Graphs

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
    if (operators().count(node.operation) == 0 || !node.domain.empty()) {
      throw NodeError(
          "No importer registered for op: " + node.operation, static_cast<int>(i), node.name, node.operation, true);
    }
  }
  return graph;
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
      if (found == values.end() && !name.empty()) bad("the value " + name + " is missing");
      in.push_back(name.empty() ? nullptr : &found->second);
    }
    auto out = operators().at(node.operation)(node, in);
    for (size_t i = 0; i < node.outputs.size() && i < out.size(); i++) {
      out[i].round();
      values[node.outputs[i]] = std::move(out[i]);
    }
  }
  std::map<std::string, Tensor> results;
  for (auto &output : outputs) results[output.name] = values.at(output.name);
  return results;
}
