// States, and whole pictures in one call: one, or a batch.
#include "Objects.h"

using namespace fake;

namespace {

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

}  // namespace

extern "C" {

// Nothing in the library refers to these by name, sanitizers included: copies of this library may lack some.
#pragma GCC visibility push(protected)

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

#pragma GCC visibility pop

}  // extern "C"
