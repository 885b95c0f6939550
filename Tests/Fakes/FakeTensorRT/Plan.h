#pragma once
// Plans of the fake: what a build gives and a runtime loads.
#include "Objects.h"

namespace fake __attribute__((visibility("hidden"))) {

/// The first bytes of a plan.
extern const char magic[9];

std::string writePlan(
    const std::string &source, const std::string &name, const std::vector<Profile> &profiles, uint32_t flags, int32_t verbosity,
    int32_t hardware);

/// Makes an engine of a plan of this version; reports what is wrong with it and returns null.
Engine *readPlan(Runtime *runtime, const void *bytes, uint64_t size);

/// Versions without int64 give such inputs and outputs as int32.
void narrow64(Graph &graph);

}  // namespace fake
