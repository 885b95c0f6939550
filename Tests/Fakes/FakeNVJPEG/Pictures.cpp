// Headers, read here; pixels, by libjpeg-turbo; and writing them in the order of a stream.
#include "Pictures.h"

#include <dlfcn.h>

#include <vector>

namespace fake __attribute__((visibility("hidden"))) {

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

namespace {

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

}  // namespace

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

namespace {

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

}  // namespace

int32_t queue(Bytes data, size_t length, const Header &header, const Image &image, void *stream,
              std::shared_ptr<bool> *done) {
  std::vector<unsigned char> trial(static_cast<size_t>(header.width) * header.height * 3);
  Image target = {{trial.data(), nullptr, nullptr, nullptr}, {static_cast<size_t>(header.width) * 3, 0, 0, 0}};
  if (int32_t result = pixels(data, length, header, target)) return result;
  auto work = new Work{{data, data + length}, header, image, std::make_shared<bool>(false)};
  if (done != nullptr) *done = work->done;
  return state().driver.launch(stream, run, work) == 0 ? success : executionFailed;
}

}  // namespace fake
