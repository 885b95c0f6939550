#pragma once
// Files and what the fake makes of them: their headers, and their pixels in the memory of the fake device.
#include <memory>

#include "State.h"

namespace fake __attribute__((visibility("hidden"))) {

using Bytes = const unsigned char *;

struct Image {
  unsigned char *channel[4];
  size_t pitch[4];
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

/// Reads a header; one of nvJPEG's codes.
int32_t read(Bytes data, size_t length, Header &header);

/// Decodes into memory. What libjpeg only warns of is a failure.
int32_t pixels(Bytes data, size_t length, const Header &header, const Image &image);

/// Whether a picture has room in an image.
bool suits(const Header &header, const Image &image);

/// Whether the JPEG engines take a file.
bool hardwareTakes(const Header &header);

/// Puts the writing of a picture into a stream. It is decoded once before, to know whether it will do.
int32_t queue(Bytes data, size_t length, const Header &header, const Image &image, void *stream,
              std::shared_ptr<bool> *done = nullptr);

}  // namespace fake
