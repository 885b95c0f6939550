// Jumps between stacks are what this file is about; the checked longjmp forbids them.
#undef _FORTIFY_SOURCE
#include "include/KernelEmulator.h"

#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "CUDA.h"

__thread uint3 threadIdx, blockIdx;
__thread dim3 blockDim, gridDim;

namespace {

struct Known {
  emulator::Invocation run;
  const size_t *sizes;
  int count;
};

std::map<std::string, Known> &kernels() {
  static auto *instance = new std::map<std::string, Known>;  // never destroyed: it is used while the process ends
  return *instance;
}

constexpr size_t stackSize = 64 << 10, largestBlock = 1024, largestShared = 228 << 10, warpSize = 32;
constexpr int splitPlace = INT_MAX;

/// One thread of a block.
struct Fiber {
  // Where it goes on. Contexts start fibers; jumps switch them, for a context costs a system call each time.
  jmp_buf resume;
  uint3 index;
  // The line of the barrier it waits at, negative for one of its warp; 0 where it has ended.
  int place;
  bool isStarted;
};

/// A block in execution. One for each thread that emulates, kept for its stacks.
struct Block {
  std::unique_ptr<Fiber[]> fibers{new Fiber[largestBlock]};
  std::unique_ptr<char[]> stacks;
  size_t stackCount = 0;
  std::vector<std::max_align_t> shared;
  // One fiber starts at a time.
  ucontext_t starting, starter;
  jmp_buf scheduler;
  Fiber *running = nullptr;
  emulator::Invocation run = nullptr;
  void **arguments = nullptr;
  // What barriers that count have added up: the phase under way, and the one before.
  int sum = 0, lastSum = 0;

  bool reserve(size_t count) {
    if (count <= stackCount) return true;
    // The old stacks go first; no fiber is on them between blocks.
    stacks.reset();
    stackCount = 0;
    stacks.reset(new (std::nothrow) char[count * stackSize]);
    if (!stacks) return false;
    stackCount = count;
    return true;
  }
};

thread_local Block block;
// The block that the running fiber belongs to; a plain pointer, so that fibers read it without a call.
__thread Block *current;

void enterFiber() {
  Block *own = current;
  own->run(own->arguments);
  own->running->place = 0;
  _longjmp(own->scheduler, 1);
}

/// Runs a fiber up to its next barrier or its end.
__attribute__((noinline)) void resume(Block &own, Fiber &fiber, char *stack) {
  own.running = &fiber;
  threadIdx = fiber.index;
  if (_setjmp(own.scheduler) != 0) return;
  if (fiber.isStarted) _longjmp(fiber.resume, 1);
  fiber.isStarted = true;
  getcontext(&own.starting);
  own.starting.uc_stack.ss_sp = stack;
  own.starting.uc_stack.ss_size = stackSize;
  own.starting.uc_link = nullptr;
  makecontext(&own.starting, enterFiber, 0);
  swapcontext(&own.starter, &own.starting);
}

/// Runs a warp's fibers up to their next barrier of the block: its line, 0 where all have ended, or `splitPlace` where they
/// wait at several.
int runWarp(Block &own, size_t begin, size_t end, bool backwards) {
  for (;;) {
    int place = 0;
    bool isFirst = true, isSplit = false;
    for (size_t n = begin; n < end; n++) {
      size_t i = backwards ? begin + end - 1 - n : n;
      auto &fiber = own.fibers[i];
      if (fiber.place == 0) continue;
      resume(own, fiber, own.stacks.get() + i * stackSize);
      // Threads that have ended are no part of a barrier.
      if (fiber.place == 0) continue;
      if (!isFirst && fiber.place != place) isSplit = true;
      place = fiber.place;
      isFirst = false;
    }
    if (isSplit) return splitPlace;
    if (place >= 0) return place;
  }
}

int runBlock(Block &own, size_t count, bool backwards) {
  for (size_t i = 0; i < count; i++) {
    auto &fiber = own.fibers[i];
    fiber.index = {unsigned(i % blockDim.x), unsigned(i / blockDim.x % blockDim.y),
                   unsigned(i / blockDim.x / blockDim.y)};
    fiber.place = 1;
    fiber.isStarted = false;
  }
  for (;;) {
    int place = 0;
    bool isFirst = true, isSplit = false;
    own.sum = 0;
    const size_t warps = (count + warpSize - 1) / warpSize;
    for (size_t n = 0; n < warps; n++) {
      const size_t warp = backwards ? warps - 1 - n : n;
      int warpPlace = runWarp(own, warp * warpSize, std::min(count, (warp + 1) * warpSize), backwards);
      if (warpPlace == 0) continue;
      if (warpPlace == splitPlace || (!isFirst && warpPlace != place)) isSplit = true;
      place = warpPlace;
      isFirst = false;
    }
    if (isFirst) return 0;
    if (isSplit) return -2;
    own.lastSum = own.sum;
    // Threads that run in another order in each phase find barriers that are missing.
    backwards = !backwards;
  }
}

}  // namespace

namespace emulator {

Registration::Registration(const char *name, Invocation run, const size_t *sizes, int count) {
  kernels()[name] = {run, sizes, count};
}

void barrier(int place) { barrierSum(place, 0); }

int barrierSum(int place, int value) {
  Block *own = current;
  own->sum += value;
  own->running->place = place;
  if (_setjmp(own->running->resume) == 0) _longjmp(own->scheduler, 1);
  return own->lastSum;
}

void warpBarrier(int place) {
  Block *own = current;
  own->running->place = -place;
  if (_setjmp(own->running->resume) == 0) _longjmp(own->scheduler, 1);
}

static size_t indexOfRunning() { return size_t(current->running - current->fibers.get()); }
unsigned warp() { return unsigned(indexOfRunning() / warpSize); }
unsigned lane() { return unsigned(indexOfRunning() % warpSize); }

void *dynamicShared() { return current->shared.data(); }

}  // namespace emulator

extern "C" {

int emulated_kernel_arguments(const char *name, size_t *sizes, int capacity) {
  auto found = kernels().find(name);
  if (found == kernels().end()) return -1;
  for (int i = 0; i < found->second.count && i < capacity; i++) sizes[i] = found->second.sizes[i];
  return found->second.count;
}

int emulated_kernel_launch(const char *name, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                           unsigned bz, size_t shared, void **arguments) {
  auto found = kernels().find(name);
  if (found == kernels().end()) return -1;
  size_t count = size_t(bx) * by * bz;
  if (bx > largestBlock || by > largestBlock || bz > largestBlock || count == 0 || count > largestBlock ||
      shared > largestShared) {
    return -3;
  }
  Block &own = block;
  if (!own.reserve(count)) return -4;
  own.run = found->second.run;
  own.arguments = arguments;
  current = &own;
  gridDim = {gx, gy, gz};
  blockDim = {bx, by, bz};
  bool backwards = false;
  for (unsigned z = 0; z < gz; z++) {
    for (unsigned y = 0; y < gy; y++) {
      for (unsigned x = 0; x < gx; x++) {
        blockIdx = {x, y, z};
        // Nothing that a block before left may be of use.
        own.shared.resize((shared + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
        memset(own.shared.data(), 0xA5, own.shared.size() * sizeof(std::max_align_t));
        int result = runBlock(own, count, backwards);
        if (result != 0) return result;
        backwards = !backwards;
      }
    }
  }
  return 0;
}

}  // extern "C"
