#include "include/FakeNVJPEG.h"

#include <dlfcn.h>

#include <cstddef>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace {

constexpr int32_t success = 0, notInitialized = 1, invalidParameter = 2, badJPEG = 3, notSupported = 4,
                  allocatorFailure = 5, executionFailed = 6, archMismatch = 7, implementationNotSupported = 9, incomplete = 10;
constexpr int32_t hybrid = 1, hardware = 3, interleavedRGB = 5;

using Bytes = const unsigned char *;

struct Image {
  unsigned char *channel[4];
  size_t pitch[4];
};

/// `nvjpegDevAllocatorV2_t` and `nvjpegPinnedAllocatorV2_t`.
struct Allocator {
  int32_t (*take)(void *, void **, size_t, void *);
  int32_t (*give)(void *, void *, size_t, void *);
  void *context;
};

struct Handle {
  int32_t backend;
  // Device and pinned; without functions where the fake has memory of its own.
  Allocator allocators[2] = {};
};

struct Buffer {
  bool pinned;
};

struct Decoder {
  Handle *handle;
};

struct Parameters {
  int32_t format = 0;
};

/// What a header says, as far as the fake cares.
struct Header {
  int32_t process = 0, precision = 0, components = 0, width = 0, height = 0;
  int32_t factors[4] = {0, 0, 0, 0};
  int32_t scanComponents = 0;

  int32_t subsampling() const {
    if (components == 1) return 6;
    if (components != 3 || factors[1] != 0x11 || factors[2] != 0x11) return -1;
    switch (factors[0]) {
      case 0x11: return 0;
      case 0x21: return 1;
      case 0x22: return 2;
      case 0x12: return 3;
      case 0x41: return 4;
      case 0x42: return 5;
      default: return -1;
    }
  }
};

struct Bitstream {
  Handle *handle;
  Bytes data = nullptr;
  size_t length = 0;
  Header header;
  bool isWhole = false;
};

struct JPEGState {
  Handle *handle;
  // For batches: the size it was prepared for, 0 where it must be prepared.
  int32_t count = 0;
  // For phases.
  Decoder *decoder = nullptr;
  Buffer *pinned = nullptr, *device = nullptr;
  std::vector<unsigned char> coefficients;
  Header header;
  bool isTransferred = false;
  // What batches have taken from the handle's allocators, and how much of it.
  void *memory[2] = {nullptr, nullptr};
  size_t memorySize = 0;
  // The last work of the phases that was queued, and whether it has run.
  std::shared_ptr<bool> done;
};

struct Driver {
  int32_t (*current)(void **);
  int32_t (*launch)(void *, void (*)(void *), void *);
};

struct State {
  std::mutex mutex;
  std::map<std::string, int> calls;
  std::map<std::string, std::pair<int, int32_t>> orders;
  std::map<std::string, std::set<void *>> live;
  std::map<int32_t, int32_t> flags;
  std::string violations;
  int32_t version[3] = {13, 0, 1};
  bool hasHardware = true;
  int32_t largestSide = 16384;
  int32_t skipped = -1;
  Driver driver = {};
};

State &state() {
  static auto *instance = new State;  // never destroyed: it is used while the process ends
  return *instance;
}

void violation(const std::string &text) {
  std::lock_guard lock(state().mutex);
  state().violations += text + "\n";
}

/// Counts a call and says how it is to end.
int32_t enter(const char *function, bool needsContext = true) {
  auto &s = state();
  int32_t result = success;
  Driver driver;
  {
    std::lock_guard lock(s.mutex);
    ++s.calls[function];
    auto order = s.orders.find(function);
    if (order != s.orders.end() && order->second.first > 0 && --order->second.first == 0) result = order->second.second;
    driver = s.driver;
  }
  if (needsContext) {
    void *context = nullptr;
    if (driver.current == nullptr || driver.current(&context) != 0 || context == nullptr) {
      violation(std::string(function) + " without a current context");
      return executionFailed;
    }
  }
  return result;
}

template <class T>
T *made(const char *kind, T *object) {
  std::lock_guard lock(state().mutex);
  state().live[kind].insert(object);
  return object;
}

bool isAlive(const char *kind, void *object) {
  std::lock_guard lock(state().mutex);
  return state().live[kind].count(object) > 0;
}

template <class T>
int32_t destroyed(const char *kind, void *object) {
  {
    std::lock_guard lock(state().mutex);
    if (state().live[kind].erase(object) == 0) {
      state().violations += std::string("a ") + kind + " was destroyed that is none\n";
      return invalidParameter;
    }
  }
  delete static_cast<T *>(object);
  return success;
}

// MARK: JPEG

int32_t read(Bytes data, size_t length, Header &header) {
  if (data == nullptr || length < 4 || data[0] != 0xFF || data[1] != 0xD8) return badJPEG;
  size_t at = 2;
  while (at + 4 <= length) {
    if (data[at] != 0xFF) return badJPEG;
    unsigned char marker = data[at + 1];
    size_t size = static_cast<size_t>(data[at + 2]) << 8 | data[at + 3];
    if (size < 2 || at + 2 + size > length) return incomplete;
    Bytes body = data + at + 4;
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
      if (size < 8) return badJPEG;
      header.process = marker;
      header.precision = body[0];
      header.height = body[1] << 8 | body[2];
      header.width = body[3] << 8 | body[4];
      header.components = body[5];
      for (int32_t i = 0; i < header.components && i < 4 && static_cast<size_t>(8 + 3 * i + 3) <= size; ++i) {
        header.factors[i] = body[6 + 3 * i + 1];
      }
    }
    if (marker == 0xDA) {
      header.scanComponents = body[0];
      if (header.width == 0 || header.height == 0) return badJPEG;
      return header.process <= 0xC2 && header.precision == 8 && header.components <= 4 ? success : notSupported;
    }
    at += 2 + size;
  }
  return incomplete;
}

struct Turbo {
  void *(*create)();
  int32_t (*destroy)(void *);
  int32_t (*decompress)(void *, Bytes, unsigned long, unsigned char *, int32_t, int32_t, int32_t, int32_t, int32_t);

  static const Turbo *shared() {
    static Turbo turbo;
    static bool found = [] {
      void *library = dlopen("libturbojpeg.so.0", RTLD_NOW | RTLD_LOCAL);
      if (library == nullptr) return false;
      turbo.create = reinterpret_cast<decltype(turbo.create)>(dlsym(library, "tjInitDecompress"));
      turbo.destroy = reinterpret_cast<decltype(turbo.destroy)>(dlsym(library, "tjDestroy"));
      turbo.decompress = reinterpret_cast<decltype(turbo.decompress)>(dlsym(library, "tjDecompress2"));
      return turbo.create && turbo.destroy && turbo.decompress;
    }();
    return found ? &turbo : nullptr;
  }
};

/// Decodes into memory. What libjpeg only warns of is a failure.
int32_t pixels(Bytes data, size_t length, const Header &header, const Image &image) {
  auto turbo = Turbo::shared();
  if (turbo == nullptr) return executionFailed;
  void *handle = turbo->create();
  // RGB; accurate transform, stop on warnings.
  int32_t result = turbo->decompress(handle, data, length, image.channel[0], header.width, static_cast<int32_t>(image.pitch[0]),
                                     header.height, 0, 4096 | 8192);
  turbo->destroy(handle);
  return result == 0 ? success : badJPEG;
}

bool suits(const Header &header, const Image &image) {
  return image.channel[0] != nullptr && image.pitch[0] >= static_cast<size_t>(header.width) * 3;
}

bool hardwareTakes(const Header &header) {
  int32_t subsampling = header.subsampling();
  int32_t side = header.width > header.height ? header.width : header.height;
  return header.process == 0xC0 && header.scanComponents == header.components && subsampling != -1 && subsampling != 4 &&
         subsampling != 5 && side <= state().largestSide;
}

struct Work {
  std::vector<unsigned char> data;
  Header header;
  Image image;
  std::shared_ptr<bool> done;
};

void run(void *pointer) {
  auto work = static_cast<Work *>(pointer);
  pixels(work->data.data(), work->data.size(), work->header, work->image);
  *work->done = true;
  delete work;
}

/// Makes a state's memory as large as `size`, as nvJPEG does: what is too small goes back, and more is taken.
int32_t resize(JPEGState *jpeg, size_t size, void *stream) {
  if (jpeg->handle->allocators[0].take == nullptr || size == jpeg->memorySize) return success;
  for (int i = 0; i < 2; ++i) {
    const Allocator &allocator = jpeg->handle->allocators[i];
    if (jpeg->memory[i] != nullptr && allocator.give(allocator.context, jpeg->memory[i], jpeg->memorySize, stream) != 0) {
      violation("memory could not be given back");
    }
    jpeg->memory[i] = nullptr;
    if (size > 0 && allocator.take(allocator.context, &jpeg->memory[i], size, stream) != 0) {
      jpeg->memorySize = 0;
      return allocatorFailure;
    }
  }
  jpeg->memorySize = size;
  return success;
}

/// Puts the writing of a picture into a stream. It is decoded once before, to know whether it will do.
int32_t queue(Bytes data, size_t length, const Header &header, const Image &image, void *stream,
              std::shared_ptr<bool> *done = nullptr) {
  std::vector<unsigned char> trial(static_cast<size_t>(header.width) * header.height * 3);
  Image target = {{trial.data(), nullptr, nullptr, nullptr}, {static_cast<size_t>(header.width) * 3, 0, 0, 0}};
  if (int32_t result = pixels(data, length, header, target)) return result;
  auto work = new Work{{data, data + length}, header, image, std::make_shared<bool>(false)};
  if (done != nullptr) *done = work->done;
  return state().driver.launch(stream, run, work) == 0 ? success : executionFailed;
}

}  // namespace

#define ENTER(...) \
  if (int32_t result = enter(__func__, ##__VA_ARGS__)) return result
#define ALIVE(kind, object)                                            \
  if (!isAlive(kind, object)) {                                        \
    violation(std::string(__func__) + " with a " kind " that is none"); \
    return invalidParameter;                                           \
  }

extern "C" {

// MARK: Controls

void fake_nvjpeg_set_cuda(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return;
  std::lock_guard lock(state().mutex);
  auto &driver = state().driver;
  driver.current = reinterpret_cast<decltype(driver.current)>(dlsym(library, "cuCtxGetCurrent"));
  driver.launch = reinterpret_cast<decltype(driver.launch)>(dlsym(library, "cuLaunchHostFunc"));
}

// For processes that nobody calls the controls of.
__attribute__((constructor)) static void readEnvironment(void) {
  if (const char *cuda = getenv("FAKE_NVJPEG_CUDA")) fake_nvjpeg_set_cuda(cuda);
}

void fake_nvjpeg_set_version(int32_t major, int32_t minor, int32_t patch) {
  state().version[0] = major;
  state().version[1] = minor;
  state().version[2] = patch;
}

void fake_nvjpeg_set_hardware(bool exists) { state().hasHardware = exists; }

void fake_nvjpeg_set_largest_side(int32_t side) { state().largestSide = side; }

void fake_nvjpeg_fail(const char *function, int32_t nth, int32_t status) {
  std::lock_guard lock(state().mutex);
  if (nth <= 0 || status == 0) state().orders.erase(function);
  else state().orders[function] = {nth, status};
}

void fake_nvjpeg_skip(int32_t picture) { state().skipped = picture; }

int32_t fake_nvjpeg_calls(const char *function) {
  std::lock_guard lock(state().mutex);
  auto found = state().calls.find(function);
  return found == state().calls.end() ? 0 : found->second;
}

int32_t fake_nvjpeg_live(const char *kind) {
  std::lock_guard lock(state().mutex);
  return static_cast<int32_t>(state().live[kind].size());
}

int32_t fake_nvjpeg_flags(int32_t backend) {
  std::lock_guard lock(state().mutex);
  auto found = state().flags.find(backend);
  return found == state().flags.end() ? -1 : found->second;
}

const char *fake_nvjpeg_violations(void) {
  std::lock_guard lock(state().mutex);
  static std::string text;
  text = state().violations;
  return text.c_str();
}

void fake_nvjpeg_reset(void) {
  std::lock_guard lock(state().mutex);
  state().calls.clear();
  state().orders.clear();
  state().violations.clear();
  state().skipped = -1;
}

// MARK: The library

// Nothing in here refers to these by name, sanitizers included: copies of this library may lack some.
#pragma GCC visibility push(protected)

int32_t nvjpegGetProperty(int32_t property, int32_t *value) {
  ENTER(false);
  if (property < 0 || property > 2) return invalidParameter;
  *value = state().version[property];
  return success;
}

int32_t nvjpegGetCudartProperty(int32_t property, int32_t *value) {
  ENTER(false);
  if (property < 0 || property > 2) return invalidParameter;
  *value = property == 0 ? state().version[0] : 0;
  return success;
}

int32_t nvjpegCreateEx(int32_t backend, void *, void *, uint32_t flags, void **handle) {
  ENTER();
  if (backend < 0 || backend > hardware) return invalidParameter;
  if (backend == hardware && !state().hasHardware) return archMismatch;
  *handle = made("handle", new Handle{backend});
  std::lock_guard lock(state().mutex);
  state().flags[backend] = static_cast<int32_t>(flags);
  return success;
}

int32_t nvjpegCreateExV2(int32_t backend, Allocator *device, Allocator *pinned, uint32_t flags, void **handle) {
  ENTER();
  if (backend < 0 || backend > hardware || device == nullptr || pinned == nullptr) return invalidParameter;
  if (backend == hardware && !state().hasHardware) return archMismatch;
  *handle = made("handle", new Handle{backend, {*device, *pinned}});
  std::lock_guard lock(state().mutex);
  state().flags[backend] = static_cast<int32_t>(flags);
  return success;
}

int32_t nvjpegDestroy(void *handle) {
  ENTER();
  for (auto kind : {"state", "bitstream", "decoder", "parameters", "pinned", "device"}) {
    std::lock_guard lock(state().mutex);
    if (!state().live[kind].empty() && state().live["handle"].size() == 1) {
      state().violations += std::string("a ") + kind + " outlives the last handle\n";
    }
  }
  return destroyed<Handle>("handle", handle);
}

int32_t nvjpegGetHardwareDecoderInfo(void *handle, uint32_t *engines, uint32_t *cores) {
  ENTER();
  ALIVE("handle", handle);
  if (static_cast<Handle *>(handle)->backend != hardware) return implementationNotSupported;
  *engines = 7;
  *cores = 1;
  return success;
}

int32_t nvjpegGetImageInfo(void *handle, Bytes data, size_t length, int32_t *components, int32_t *subsampling,
                           int32_t *widths, int32_t *heights) {
  ENTER();
  ALIVE("handle", handle);
  Header header;
  if (int32_t result = read(data, length, header)) return result;
  *components = header.components;
  *subsampling = header.subsampling();
  for (int32_t i = 0; i < header.components && i < 4; ++i) {
    int32_t across = header.factors[0] >> 4, down = header.factors[0] & 15;
    widths[i] = (header.width * (header.factors[i] >> 4) + across - 1) / across;
    heights[i] = (header.height * (header.factors[i] & 15) + down - 1) / down;
  }
  return success;
}

int32_t nvjpegJpegStateCreate(void *handle, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("state", new JPEGState{static_cast<Handle *>(handle)});
  return success;
}

int32_t nvjpegJpegStateDestroy(void *object) {
  ENTER();
  ALIVE("state", object);
  auto jpeg = static_cast<JPEGState *>(object);
  if (jpeg->done && !*jpeg->done) violation("a state was destroyed while its work is queued");
  if (jpeg->handle != nullptr) resize(jpeg, 0, nullptr);
  return destroyed<JPEGState>("state", object);
}

int32_t nvjpegDecode(void *handle, void *object, Bytes data, size_t length, int32_t format, Image *image, void *stream) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("state", object);
  Header header;
  if (int32_t result = read(data, length, header)) return result;
  if (format != interleavedRGB || !suits(header, *image)) return invalidParameter;
  return queue(data, length, header, *image, stream);
}

int32_t nvjpegDecodeBatchedInitialize(void *handle, void *object, int32_t count, int32_t threads, int32_t format) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("state", object);
  if (count < 1 || threads < 1 || format != interleavedRGB) return invalidParameter;
  static_cast<JPEGState *>(object)->count = count;
  return success;
}

int32_t nvjpegDecodeBatched(void *handle, void *object, Bytes const *data, size_t const *lengths, Image *images,
                            void *stream) {
  auto jpeg = static_cast<JPEGState *>(object);
  ALIVE("handle", handle);
  ALIVE("state", object);
  int32_t count = jpeg->count;
  // Whatever fails, it has to be prepared again.
  jpeg->count = 0;
  ENTER();
  if (count == 0) {
    violation("a batch was decoded without being prepared, or after a failure");
    return notInitialized;
  }
  bool isHardware = jpeg->handle->backend == hardware;
  int32_t skipped = isHardware ? state().skipped : -1;
  if (isHardware) state().skipped = -1;
  std::vector<Header> headers(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; ++i) {
    if (int32_t result = read(data[i], lengths[i], headers[i])) return result;
    if (!suits(headers[i], images[i])) return invalidParameter;
    if (isHardware && !hardwareTakes(headers[i])) return notSupported;
  }
  // nvJPEG's memory grows with the files.
  size_t longest = jpeg->memorySize;
  for (int32_t i = 0; i < count; ++i) longest = lengths[i] > longest ? lengths[i] : longest;
  if (int32_t result = resize(jpeg, longest, stream)) return result;
  for (int32_t i = 0; i < count; ++i) {
    if (i == skipped) continue;
    int32_t result = isHardware ? pixels(data[i], lengths[i], headers[i], images[i])
                                : queue(data[i], lengths[i], headers[i], images[i], stream);
    if (result != success) return result;
  }
  jpeg->count = count;
  return success;
}

int32_t nvjpegDecodeBatchedPreAllocate(void *handle, void *object, int32_t count, int32_t width, int32_t height,
                                       int32_t subsampling, int32_t format) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("state", object);
  return count < 1 || width < 1 || height < 1 || subsampling != 0 || format != interleavedRGB ? invalidParameter : success;
}

int32_t nvjpegJpegStreamCreate(void *handle, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("bitstream", new Bitstream{static_cast<Handle *>(handle)});
  return success;
}

int32_t nvjpegJpegStreamDestroy(void *object) {
  ENTER();
  return destroyed<Bitstream>("bitstream", object);
}

static int32_t parse(void *object, Bytes data, size_t length, bool isWhole) {
  auto bitstream = static_cast<Bitstream *>(object);
  bitstream->header = Header();
  bitstream->data = nullptr;
  if (int32_t result = read(data, length, bitstream->header)) return result;
  bitstream->data = data;
  bitstream->length = length;
  bitstream->isWhole = isWhole;
  return success;
}

int32_t nvjpegJpegStreamParse(void *handle, Bytes data, size_t length, int32_t, int32_t, void *object) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("bitstream", object);
  return parse(object, data, length, true);
}

int32_t nvjpegJpegStreamParseHeader(void *handle, Bytes data, size_t length, void *object) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("bitstream", object);
  return parse(object, data, length, false);
}

static int32_t supported(void *handle, void *object, int32_t *answer) {
  ALIVE("handle", handle);
  ALIVE("bitstream", object);
  auto bitstream = static_cast<Bitstream *>(object);
  if (bitstream->data == nullptr) return invalidParameter;
  bool takes = static_cast<Handle *>(handle)->backend != hardware || hardwareTakes(bitstream->header);
  *answer = takes ? 0 : 1;
  return success;
}

int32_t nvjpegDecodeBatchedSupported(void *handle, void *object, int32_t *answer) {
  ENTER();
  return supported(handle, object, answer);
}

int32_t nvjpegDecodeBatchedSupportedEx(void *handle, void *object, void *parameters, int32_t *answer) {
  ENTER();
  ALIVE("parameters", parameters);
  if (static_cast<Parameters *>(parameters)->format != interleavedRGB) return invalidParameter;
  return supported(handle, object, answer);
}

// MARK: Phases

int32_t nvjpegDecoderCreate(void *handle, int32_t implementation, void **object) {
  ENTER();
  ALIVE("handle", handle);
  if (implementation != hybrid && implementation != 2) return implementationNotSupported;
  *object = made("decoder", new Decoder{static_cast<Handle *>(handle)});
  return success;
}

int32_t nvjpegDecoderDestroy(void *object) {
  ENTER();
  return destroyed<Decoder>("decoder", object);
}

int32_t nvjpegDecoderJpegSupported(void *decoder, void *object, void *parameters, int32_t *answer) {
  ENTER();
  ALIVE("decoder", decoder);
  ALIVE("bitstream", object);
  ALIVE("parameters", parameters);
  auto bitstream = static_cast<Bitstream *>(object);
  if (bitstream->data == nullptr) return invalidParameter;
  *answer = bitstream->header.subsampling() == -1 ? 1 : 0;
  return success;
}

int32_t nvjpegDecoderStateCreate(void *handle, void *decoder, void **object) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  auto jpeg = made("state", new JPEGState{static_cast<Handle *>(handle)});
  jpeg->decoder = static_cast<Decoder *>(decoder);
  *object = jpeg;
  return success;
}

int32_t nvjpegDecodeParamsCreate(void *handle, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("parameters", new Parameters);
  return success;
}

int32_t nvjpegDecodeParamsDestroy(void *object) {
  ENTER();
  return destroyed<Parameters>("parameters", object);
}

int32_t nvjpegDecodeParamsSetOutputFormat(void *object, int32_t format) {
  ENTER();
  ALIVE("parameters", object);
  static_cast<Parameters *>(object)->format = format;
  return success;
}

int32_t nvjpegBufferPinnedCreate(void *handle, void *, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("pinned", new Buffer{true});
  return success;
}

int32_t nvjpegBufferPinnedDestroy(void *object) {
  ENTER();
  return destroyed<Buffer>("pinned", object);
}

int32_t nvjpegBufferDeviceCreate(void *handle, void *, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("device", new Buffer{false});
  return success;
}

int32_t nvjpegBufferDeviceDestroy(void *object) {
  ENTER();
  return destroyed<Buffer>("device", object);
}

int32_t nvjpegStateAttachPinnedBuffer(void *object, void *buffer) {
  ENTER();
  ALIVE("state", object);
  ALIVE("pinned", buffer);
  static_cast<JPEGState *>(object)->pinned = static_cast<Buffer *>(buffer);
  return success;
}

int32_t nvjpegStateAttachDeviceBuffer(void *object, void *buffer) {
  ENTER();
  ALIVE("state", object);
  ALIVE("device", buffer);
  static_cast<JPEGState *>(object)->device = static_cast<Buffer *>(buffer);
  return success;
}

int32_t nvjpegDecodeJpegHost(void *handle, void *decoder, void *object, void *parameters, void *stream) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  ALIVE("state", object);
  ALIVE("parameters", parameters);
  ALIVE("bitstream", stream);
  auto jpeg = static_cast<JPEGState *>(object);
  auto bitstream = static_cast<Bitstream *>(stream);
  if (jpeg->done && !*jpeg->done) violation("buffers were used again while their work is queued");
  if (jpeg->pinned == nullptr || jpeg->device == nullptr || !bitstream->isWhole || bitstream->data == nullptr ||
      static_cast<Parameters *>(parameters)->format != interleavedRGB) {
    return invalidParameter;
  }
  jpeg->coefficients.assign(bitstream->data, bitstream->data + bitstream->length);
  jpeg->header = bitstream->header;
  jpeg->isTransferred = false;
  return success;
}

int32_t nvjpegDecodeJpegTransferToDevice(void *handle, void *decoder, void *object, void *stream, void *) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  ALIVE("state", object);
  ALIVE("bitstream", stream);
  static_cast<JPEGState *>(object)->isTransferred = true;
  return success;
}

int32_t nvjpegDecodeJpegDevice(void *handle, void *decoder, void *object, Image *image, void *stream) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  ALIVE("state", object);
  auto jpeg = static_cast<JPEGState *>(object);
  if (!jpeg->isTransferred || !suits(jpeg->header, *image)) return invalidParameter;
  return queue(jpeg->coefficients.data(), jpeg->coefficients.size(), jpeg->header, *image, stream, &jpeg->done);
}

#pragma GCC visibility pop

}  // extern "C"
