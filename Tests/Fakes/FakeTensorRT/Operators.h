#pragma once
// The operators of the interpreter, by name.
#include <functional>

#include "Graph.h"

namespace fake __attribute__((visibility("hidden"))) {

using Tensors = std::vector<Tensor>;
using Operator = std::function<Tensors(const Node &, const std::vector<const Tensor *> &)>;

/// Ends a run that cannot go on.
[[noreturn]] void bad(const std::string &what);

const std::map<std::string, Operator> &operators();

}  // namespace fake
