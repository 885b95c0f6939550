#pragma once
// What the fake driver's files share: its state, streams and their work.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fake {

constexpr int32_t success = 0, invalidValue = 1, outOfMemory = 2, invalidDevice = 101, invalidImage = 200,
                  invalidContext = 201, invalidHandle = 400, illegalState = 401, notFound = 500, notReady = 600,
                  launchFailed = 719, notSupported = 801, captureUnsupported = 900, captureInvalidated = 901,
                  captureUnmatched = 903, captureUnjoined = 904, captureWrongThread = 908, updateFailure = 910;
constexpr int deviceCount = 2;

struct Module;

struct Function {
  std::string name;
  Module *module;
};

struct Module {
  int device;
  // What was loaded, up to the first null byte.
  std::string image;
  std::vector<std::unique_ptr<Function>> functions;
};

struct Context {
  int device;
  int retained = 0;
};

struct Work {
  std::function<void()> run;
  // The host memory it reads or writes when it runs; null where it is none.
  const void *host = nullptr;
  // What it is: `copy`, `fill`, `kernel`, `host`, `free`, `wait`.
  const char *kind = "copy";
  // The kernel, where it is one; not to be followed, since its module may be gone.
  Function *function = nullptr;
  std::string name = {};
};

struct Graph {
  std::vector<Work> nodes;
};

struct Stream;

/// A capture under way: the streams in it all add to one graph, in the order of the calls.
struct Capture {
  Stream *origin;
  std::unique_ptr<Graph> graph = std::make_unique<Graph>();
  bool invalid = false;
  // Of streams that joined: what they put in, and how much of it the origin has waited for.
  std::map<Stream *, std::pair<uint64_t, uint64_t>> joined;
};

struct Stream {
  int device;
  std::deque<Work> work;
  uint64_t queued = 0, done = 0;
  std::shared_ptr<Capture> capture;
};

struct Event {
  bool timing;
  // The position in a stream that it marks; null where it was never recorded.
  Stream *stream = nullptr;
  uint64_t position = 0;
  // Where it was recorded in a capture, `position` counts in that.
  std::weak_ptr<Capture> capture;
};

struct Block {
  size_t size;
  int device;
  // Given back in the order of a stream, which has not come to it yet.
  bool leaving = false;
};

struct State {
  // Recursive: what a stream runs may call the driver again.
  std::recursive_mutex mutex;
  Context contexts[deviceCount] = {{0}, {1}};
  std::map<uintptr_t, Block> device, pinned;
  std::set<Stream *> streams;
  std::set<Event *> events;
  std::set<Module *> modules;
  std::set<Function *> functions;
  std::set<Graph *> graphs, executables;
  std::map<std::string, int> calls;
  std::map<std::string, std::pair<int, int32_t>> orders;
  // How many calls more than one an order is for.
  std::map<std::string, int> repeats;
  std::string violations;
  uint64_t memory = uint64_t(4) << 30;
  uint64_t releaseThreshold[deviceCount] = {};
  // What broke a device's context for good.
  int32_t sticky[deviceCount] = {};
  int32_t version = 13000;
  std::map<int32_t, int32_t> attributes;
  std::map<std::string, std::vector<size_t>> parameters;
  std::map<std::string, int32_t> sharedLimits;
  std::string kernels;
};

State &state();

/// The contexts that are current on this thread, the last on top.
extern thread_local std::vector<Context *> current;
/// The captures that this thread began.
extern thread_local std::vector<std::shared_ptr<Capture>> captures;

void violation(const std::string &text);

/// Counts a call and says how it is to end: an order, a broken context, or well.
int32_t enter(const char *function);
/// Breaks the current context.
void stick(int32_t code);
/// What the current context was broken by.
int32_t stuck();
bool needsContext(const char *function);

/// Says that a call must not be made while this thread captures, spoils the captures and returns true where it does.
bool forbidden(const char *function);

/// The block that holds a range, or null.
const Block *find(const std::map<uintptr_t, Block> &blocks, uintptr_t address, size_t size);
uint64_t used(int device);

/// Takes device memory; an error code otherwise.
int32_t allocate(uint64_t *address, size_t size);

bool known(Stream *stream);

/// Runs a stream's work up to a position.
void run(Stream *stream, uint64_t position);

/// Queues work on a stream, or runs it at once on the default stream, or adds it to the stream's capture.
void queue(Stream *stream, Work work);

int32_t attribute(int32_t number);

}  // namespace fake

#define LOCK std::lock_guard lock(fake::state().mutex)
#define ENTER(name)                                    \
  LOCK;                                                \
  if (int32_t result = fake::enter(name)) return result
