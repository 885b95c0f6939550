// What each operator computes.
#include "Operators.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace fake __attribute__((visibility("hidden"))) {

[[noreturn]] void bad(const std::string &what) { throw std::runtime_error(what); }

namespace {

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

}  // namespace

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

}  // namespace fake
