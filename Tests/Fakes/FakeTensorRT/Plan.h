#pragma once
// Plans of the fake: what a build gives and a runtime loads.
#include "Objects.h"

namespace fake __attribute__((visibility("hidden"))) {

/// The first bytes of a plan.
extern const char magic[9];

std::string writePlan(const Recipe &recipe);

/// Makes an engine of a plan of this version; reports what is wrong with it and returns null.
Engine *readPlan(Runtime *runtime, const void *bytes, uint64_t size);

/// Versions without int64 give such inputs and outputs as int32.
void narrow64(Graph &graph);

}  // namespace fake
