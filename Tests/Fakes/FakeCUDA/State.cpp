#include "State.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace fake {

State &state() {
  static auto *instance = new State;  // never destroyed: it is used while the process ends
  return *instance;
}

thread_local std::vector<Context *> current;
thread_local std::vector<std::shared_ptr<Capture>> captures;

void violation(const std::string &text) { state().violations += text + "\n"; }

int32_t enter(const char *function) {
  auto &s = state();
  ++s.calls[function];
  static const bool ordered = [] {
    // In the environment: function:call:code, or function:call:code:times for several calls one after another.
    const char *text = getenv("FAKE_CUDA_FAIL");
    char name[64];
    int nth = 0, code = 0, times = 1;
    if (text != nullptr && sscanf(text, "%63[^:]:%d:%d:%d", name, &nth, &code, &times) >= 3) {
      state().orders[name] = {nth, code};
      state().repeats[name] = times - 1;
    }
    return true;
  }();
  (void)ordered;
  auto order = s.orders.find(function);
  if (order != s.orders.end() && order->second.first > 0 && --order->second.first == 0) {
    int32_t result = order->second.second;
    if (auto &left = s.repeats[function]; left > 0) {
      left--;
      order->second.first = 1;
    }
    // Faults on the device break the context for good.
    if (result >= 700 && result < 720) stick(result);
    return result;
  }
  // Contexts come and go whatever state they are in.
  if (strncmp(function, "cuCtxP", 6) == 0) return success;
  return stuck();
}

void stick(int32_t code) { state().sticky[current.empty() ? 0 : current.back()->device] = code; }

int32_t stuck() { return current.empty() ? success : state().sticky[current.back()->device]; }

bool needsContext(const char *function) {
  if (!current.empty()) return true;
  violation(std::string(function) + " without a current context");
  return false;
}

bool forbidden(const char *function) {
  if (captures.empty()) return false;
  violation(std::string(function) + " while this thread captures a stream");
  for (auto &capture : captures) capture->invalid = true;
  return true;
}

const Block *find(const std::map<uintptr_t, Block> &blocks, uintptr_t address, size_t size) {
  auto next = blocks.upper_bound(address);
  if (next == blocks.begin()) return nullptr;
  auto &block = *std::prev(next);
  if (block.second.leaving) return nullptr;
  return address + size <= block.first + block.second.size ? &block.second : nullptr;
}

uint64_t used(int device) {
  uint64_t sum = 0;
  for (auto &block : state().device) {
    if (block.second.device == device) sum += block.second.size;
  }
  return sum;
}

int32_t allocate(uint64_t *address, size_t size) {
  if (size == 0) return invalidValue;
  int device = current.back()->device;
  if (size > state().memory || used(device) + size > state().memory) return outOfMemory;
  size_t rounded = (size + 255) / 256 * 256;
  void *pointer = aligned_alloc(256, rounded);
  if (pointer == nullptr) return outOfMemory;
  // Whoever reads what was never written is to see it.
  memset(pointer, 0xCD, rounded);
  state().device[reinterpret_cast<uintptr_t>(pointer)] = {size, device};
  *address = reinterpret_cast<uintptr_t>(pointer);
  return success;
}

bool known(Stream *stream) { return stream == nullptr || state().streams.count(stream) > 0; }

void run(Stream *stream, uint64_t position) {
  if (state().sticky[stream->device] != success) {
    // Nothing runs on a broken device any more, and what is queued there has lost what it works on.
    stream->work.clear();
    stream->done = stream->queued;
    return;
  }
  while (stream->done < position && !stream->work.empty()) {
    auto next = std::move(stream->work.front());
    stream->work.pop_front();
    next.run();
    stream->done++;
  }
}

void queue(Stream *stream, Work work) {
  if (stream == nullptr) {
    work.run();
    return;
  }
  if (auto &capture = stream->capture) {
    capture->joined[stream].first++;
    capture->graph->nodes.push_back(std::move(work));
    return;
  }
  stream->work.push_back(std::move(work));
  stream->queued++;
}

int32_t attribute(int32_t number) {
  auto found = state().attributes.find(number);
  if (found != state().attributes.end()) return found->second;
  switch (number) {
    case 1: case 2: case 3: return 1024;
    case 4: return 64;
    case 5: return INT32_MAX;
    case 6: case 7: return 65535;
    case 8: return 49152;
    case 10: return 32;
    case 16: return 4;
    case 75: return 8;
    case 76: return 6;
    case 81: return 102400;
    case 97: return 101376;
    case 115: return 1;
    default: return 0;
  }
}

}  // namespace fake
