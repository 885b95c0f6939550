// Pictures of any sizes into the rows of an input tensor, one launch for a batch: orientation, resizing, padding,
// normalisation, layout. Every byte before normalisation equals the CPU's (Imaging's Resampler), in both ways to resize.
//
// A block makes one tile of one picture's canvas in two steps: the tile's bytes are put together in shared memory, in
// the order of the tensor's channels and layout; then all threads turn them into elements and store 16 bytes at a time.
// So only the first step knows how pictures are resized, and only the second knows element types.

namespace preprocess {

constexpr int threadCount = 256;

/// How a picture gets its size; products are for preprocess_products.cu, the last for preprocess_enlarged.cu. The numbers
/// are DevicePreprocessor's too.
enum Method { copies = 0, isLinear = 1, acrossFirst = 2, downFirst = 3, byProducts = 4, copiesByProducts = 5, isEnlarged = 6 };

/// The taps of one output along one axis of Pillow's bicubic: `count` inputs from `first` on.
struct __align__(8) Taps {
  int first, count;
};

/// One picture, 128 bytes. DevicePreprocessor writes the same layout.
struct __align__(16) Picture {
  /// The stored pixels: the first byte and how many there are up to the last pixel.
  const unsigned char *begin;
  long long byteCount;
  /// Pixel (x, y) of the upright picture is at begin + first + x * stepX + y * stepY: orientation is no more than that.
  long long first, stepX, stepY;
  /// Linear: inputs per output, as OpenCV computes it.
  double scaleX, scaleY;
  /// Bicubic: the Taps of each output. Behind them, from a multiple of 16 bytes on, are the coefficients: 16 bytes for
  /// each group of four taps, and as many groups for each output; before each output's, and behind the last's, two groups of
  /// zeros.
  const Taps *across, *down;
  /// The upright picture's size.
  int width, height;
  /// The rectangle of the canvas that it becomes.
  int left, top, targetWidth, targetHeight;
  int method;
  /// Bicubic: groups of four taps that each output has along the axes.
  int acrossGroups, downGroups;
  /// Bicubic: the outputs that a block makes at once, along the axis that is convolved first and along the other, and how
  /// many times 32 inputs eight of them need. 0 where not even a few have room for their inputs. By products: `outerOutputs`
  /// is the bytes from one line to the next in shared memory (`Stage::pitch`), `innerSteps` how many times 32 bytes a window
  /// has, `outerSteps` how many times 32 lines eight rows need; `innerOutputs` is 0.
  int innerOutputs, outerOutputs, innerSteps, outerSteps;
  /// Bicubic: the source's lines that a block has room for at once, a multiple of 32.
  int stageLines;
};

/// What a launch's pictures have in common. DevicePreprocessor writes the same layout.
struct Launch {
  unsigned char *tensor;
  /// Bytes of one picture's row of the tensor.
  long long rowByteCount;
  /// The canvas in pixels, and how many tiles it is wide.
  int width, height, tilesAcross;
  /// A byte x becomes fma(x, high, x * low).
  float high, low;
  /// The byte around the picture.
  int fill;
  /// 0 float32, 1 float16, 2 uint8, 3 float16 by the arithmetic of float16: `high` and `low` are two of them each.
  int element;
  /// Whether channels go as B, G, R.
  int isReversed;
  /// Whether every row of the tensor starts at a multiple of 16 bytes.
  int isAligned;
  /// Bicubic of usual pictures: how high tiles are, a multiple of 8; how many rows a block makes; and the bytes of shared
  /// memory for the lines of the source, a multiple of 16.
  int tileHeight, partHeight, stageByteCount;
};

static_assert(sizeof(Picture) == 128 && sizeof(Launch) == 64, "the host writes these");

// MARK: The tile's bytes

/// A tile of the canvas in shared memory: planes of rows of pixels, or rows of pixels of three channels.
///
/// Rows are `gap` bytes longer than their pixels: 16 for vector reads, or 4 so that a column's words are in different banks.
template <bool isInterleaved, int W, int H, int gap = 16>
struct Tile {
  static constexpr int channels = isInterleaved ? 3 : 1, planes = isInterleaved ? 1 : 3;
  static constexpr int pitch = W * channels + gap;
  static constexpr int byteCount = planes * H * pitch;
  static constexpr int width = W, height = H;

  unsigned char *bytes;
  // Where the first and the third channel of the picture go.
  int red, blue;

  __device__ Tile(unsigned char *bytes, bool isReversed) : bytes(bytes) {
    const int last = isInterleaved ? 2 : 2 * H * pitch;
    red = isReversed ? last : 0;
    blue = isReversed ? 0 : last;
  }

  __device__ __forceinline__ void put(int x, int y, unsigned r, unsigned g, unsigned b) const {
    unsigned char *p = bytes + y * pitch + x * channels;
    p[red] = (unsigned char)r;
    p[isInterleaved ? 1 : H * pitch] = (unsigned char)g;
    p[blue] = (unsigned char)b;
  }

  /// Four pixels from a multiple of 4 on, given as 12 interleaved bytes.
  __device__ __forceinline__ void putFour(int x, int y, unsigned w0, unsigned w1, unsigned w2) const {
    if (isInterleaved && red == 0) {
      unsigned *p = reinterpret_cast<unsigned *>(bytes + y * pitch + x * channels);
      p[0] = w0;
      p[1] = w1;
      p[2] = w2;
      return;
    }
    putFourPlanes(x, y, __byte_perm(__byte_perm(w0, w1, 0x0630), w2, 0x5210),
                  __byte_perm(__byte_perm(w0, w1, 0x0741), w2, 0x6210),
                  __byte_perm(__byte_perm(w0, w1, 0x0052), w2, 0x7410));
  }

  /// Four pixels from a multiple of 4 on, given as four bytes of each channel.
  __device__ __forceinline__ void putFourPlanes(int x, int y, unsigned r, unsigned g, unsigned b) const {
    unsigned *p = reinterpret_cast<unsigned *>(bytes + y * pitch + x * channels);
    if (isInterleaved) {
      const unsigned first = red == 0 ? r : b, last = red == 0 ? b : r;
      p[0] = __byte_perm(__byte_perm(first, g, 0x0040), __byte_perm(last, first, 0x0050), 0x5410);
      p[1] = __byte_perm(__byte_perm(g, last, 0x0051), __byte_perm(first, g, 0x0062), 0x5410);
      p[2] = __byte_perm(__byte_perm(last, first, 0x0072), __byte_perm(g, last, 0x0073), 0x5410);
    } else {
      p[red / 4] = r;
      p[H * pitch / 4] = g;
      p[blue / 4] = b;
    }
  }

  __device__ void fill(unsigned char byte) const {
    unsigned word = byte * 0x01010101u;
    for (int i = threadIdx.x; i < byteCount / 4; i += threadCount) reinterpret_cast<unsigned *>(bytes)[i] = word;
  }
};

/// The tile's place: its first pixel on the canvas, and the part of it that the picture covers, in the tile's pixels.
struct Place {
  int x, y, left, top, right, bottom;

  __device__ Place(const Picture &picture, int x, int y, int width, int height) : x(x), y(y) {
    left = min(max(picture.left - x, 0), width);
    top = min(max(picture.top - y, 0), height);
    right = min(max(picture.left + picture.targetWidth - x, 0), width);
    bottom = min(max(picture.top + picture.targetHeight - y, 0), height);
  }

  __device__ bool isEmpty() const { return left >= right || top >= bottom; }
  __device__ bool isWhole(int width, int height) const {
    return left == 0 && top == 0 && right == width && bottom == height;
  }
};

__device__ __forceinline__ const unsigned *wordOf(const unsigned char *p) {
  return reinterpret_cast<const unsigned *>(reinterpret_cast<size_t>(p) & ~size_t(3));
}

__device__ __forceinline__ unsigned shiftOf(const unsigned char *p) {
  return unsigned(reinterpret_cast<size_t>(p) & 3) * 8;
}

/// Whether the aligned words that `count` bytes from `p` on touch lie within the picture.
__device__ __forceinline__ bool areWordsInside(const Picture &picture, const unsigned char *p, int count) {
  const unsigned char *first = reinterpret_cast<const unsigned char *>(wordOf(p));
  return first >= picture.begin && first + ((shiftOf(p) / 8 + count + 3) & ~3) <= picture.begin + picture.byteCount;
}

/// Twelve bytes from anywhere, by aligned words.
__device__ __forceinline__ void loadTwelve(const unsigned char *p, unsigned &w0, unsigned &w1, unsigned &w2) {
  const unsigned *words = wordOf(p);
  const unsigned shift = shiftOf(p);
  w0 = __ldg(words);
  w1 = __ldg(words + 1);
  w2 = __ldg(words + 2);
  if (shift != 0) {
    unsigned w3 = __ldg(words + 3);
    w0 = __funnelshift_r(w0, w1, shift);
    w1 = __funnelshift_r(w1, w2, shift);
    w2 = __funnelshift_r(w2, w3, shift);
  }
}

// MARK: The tensor's elements

/// Byte `index` of a word as a number: as the low bits of 2^23, which are then taken off.
__device__ __forceinline__ float numberOf(unsigned word, int index) {
  return __fsub_rn(__uint_as_float(__byte_perm(word, 0x4B000000, 0x7540 + index)), 8388608.0f);
}

__device__ __forceinline__ float valueOf(unsigned word, int index, const Launch &launch) {
  const float x = numberOf(word, index);
  return fmaf(x, launch.high, __fmul_rn(x, launch.low));
}

/// The elements of one type: how 16 bytes of them come from as many bytes, how one does, and how four do.
struct Float32 {
  static constexpr int size = 4;
  __device__ static __forceinline__ uint4 vector(const unsigned (&w)[1], const Launch &launch) {
    return make_uint4(__float_as_uint(valueOf(w[0], 0, launch)), __float_as_uint(valueOf(w[0], 1, launch)),
                      __float_as_uint(valueOf(w[0], 2, launch)), __float_as_uint(valueOf(w[0], 3, launch)));
  }
  __device__ static __forceinline__ void store(unsigned char *out, unsigned byte, const Launch &launch) {
    *reinterpret_cast<float *>(out) = valueOf(byte, 0, launch);
  }
  __device__ static __forceinline__ void storeFour(unsigned char *out, unsigned word, const Launch &launch) {
    const unsigned words[1] = {word};
    *reinterpret_cast<uint4 *>(out) = vector(words, launch);
  }
};

struct Float16 {
  static constexpr int size = 2;
  __device__ static __forceinline__ unsigned pair(unsigned word, int index, const Launch &launch) {
    return swoop_half_bits(valueOf(word, index, launch), valueOf(word, index + 1, launch));
  }
  __device__ static __forceinline__ uint4 vector(const unsigned (&w)[2], const Launch &launch) {
    return make_uint4(pair(w[0], 0, launch), pair(w[0], 2, launch), pair(w[1], 0, launch), pair(w[1], 2, launch));
  }
  __device__ static __forceinline__ void store(unsigned char *out, unsigned byte, const Launch &launch) {
    *reinterpret_cast<unsigned short *>(out) = (unsigned short)pair(byte, 0, launch);
  }
  __device__ static __forceinline__ void storeFour(unsigned char *out, unsigned word, const Launch &launch) {
    *reinterpret_cast<uint2 *>(out) = make_uint2(pair(word, 0, launch), pair(word, 2, launch));
  }
};

/// Where the host has found that arithmetic of float16 gives all 256 values.
struct Float16Pairs {
  static constexpr int size = 2;
  /// Bytes `index` and the next: first as the low bits of 1024.
  __device__ static __forceinline__ unsigned pair(unsigned word, int index, const Launch &launch) {
    return swoop_half_values(__byte_perm(word, 0x64646464, 0x4140 + 0x0101 * index), __float_as_uint(launch.high),
                             __float_as_uint(launch.low));
  }
  __device__ static __forceinline__ uint4 vector(const unsigned (&w)[2], const Launch &launch) {
    return make_uint4(pair(w[0], 0, launch), pair(w[0], 2, launch), pair(w[1], 0, launch), pair(w[1], 2, launch));
  }
  __device__ static __forceinline__ void store(unsigned char *out, unsigned byte, const Launch &launch) {
    *reinterpret_cast<unsigned short *>(out) = (unsigned short)pair(byte, 0, launch);
  }
  __device__ static __forceinline__ void storeFour(unsigned char *out, unsigned word, const Launch &launch) {
    *reinterpret_cast<uint2 *>(out) = make_uint2(pair(word, 0, launch), pair(word, 2, launch));
  }
};

struct UInt8 {
  static constexpr int size = 1;
  __device__ static __forceinline__ uint4 vector(const unsigned (&w)[4], const Launch &) {
    return make_uint4(w[0], w[1], w[2], w[3]);
  }
  __device__ static __forceinline__ void store(unsigned char *out, unsigned byte, const Launch &) {
    *out = (unsigned char)byte;
  }
  __device__ static __forceinline__ void storeFour(unsigned char *out, unsigned word, const Launch &) {
    *reinterpret_cast<unsigned *>(out) = word;
  }
};

/// Words of shared memory, at once where they are aligned to all of them.
template <bool isAligned, int count>
__device__ __forceinline__ void readWords(const unsigned char *bytes, unsigned (&words)[count]) {
  if (isAligned && count == 4) {
    const uint4 v = *reinterpret_cast<const uint4 *>(bytes);
    words[0] = v.x;
    words[1] = v.y;
    words[count - 2] = v.z;
    words[count - 1] = v.w;
  } else if (isAligned && count == 2) {
    const uint2 v = *reinterpret_cast<const uint2 *>(bytes);
    words[0] = v.x;
    words[count - 1] = v.y;
  } else {
#pragma unroll
    for (int i = 0; i < count; i++) words[i] = reinterpret_cast<const unsigned *>(bytes)[i];
  }
}

template <class Element, class Tile>
__device__ __forceinline__ uint4 elementsAt(const unsigned char *bytes, const Launch &launch) {
  unsigned words[4 / Element::size];
  readWords<Tile::pitch % 16 == 0>(bytes, words);
  return Element::vector(words, launch);
}

/// Stores the tile's part of the tensor. Neighbouring threads store neighbouring elements.
template <class Element, class Tile>
__device__ void emit(const Launch &launch, unsigned char *tensor, const Place &place, const Tile &tile) {
  constexpr int rowLength = Tile::width * Tile::channels, rows = Tile::planes * Tile::height;
  const long long tensorRow = (long long)launch.width * Tile::channels * Element::size;
  const int first = place.x * Tile::channels;
  // What is left of the canvas's rows from the tile's first element on.
  const int left = (launch.width - place.x) * Tile::channels;
  const int bottom = launch.height - place.y;
  unsigned char *corner = tensor + place.y * tensorRow + (long long)first * Element::size;
  const long long plane = launch.height * tensorRow;
  constexpr int length = 16 / Element::size, groups = rowLength / length;
  if (launch.isAligned && Tile::height * groups % threadCount == 0 && threadCount % groups == 0) {
    // A thread keeps its place in the rows, so that it finds the next one by adding.
    constexpr int step = threadCount / groups;
    const int x = threadIdx.x % groups * length, top = threadIdx.x / groups;
    if (x >= left) return;
    const unsigned char *bytes = tile.bytes + top * Tile::pitch + x;
    unsigned char *out = corner + top * tensorRow + x * Element::size;
#pragma unroll
    for (int y = 0; y < Tile::height; y += step, out += step * tensorRow) {
      if (y + top >= bottom) return;
      unsigned char *to = out;
#pragma unroll
      for (int c = 0; c < Tile::planes; c++, to += plane) {
        *reinterpret_cast<uint4 *>(to) = elementsAt<Element, Tile>(bytes + (c * Tile::height + y) * Tile::pitch, launch);
      }
    }
  } else if (launch.isAligned) {
#pragma unroll
    for (int i = threadIdx.x; i < rows * groups; i += threadCount) {
      const int x = i % groups * length, row = i / groups, y = row % Tile::height;
      if (y >= bottom || x >= left) continue;
      const uint4 elements = elementsAt<Element, Tile>(tile.bytes + row * Tile::pitch + x, launch);
      *reinterpret_cast<uint4 *>(corner + row / Tile::height * plane + y * tensorRow + x * Element::size) = elements;
    }
  } else {
    for (int i = threadIdx.x; i < rows * rowLength; i += threadCount) {
      const int x = i % rowLength, row = i / rowLength, y = row % Tile::height;
      if (y >= bottom || x >= left) continue;
      Element::store(corner + row / Tile::height * plane + y * tensorRow + x * Element::size,
                     tile.bytes[row * Tile::pitch + x], launch);
    }
  }
}

template <class Tile>
__device__ void emitAny(const Launch &launch, const Place &place, const Tile &tile) {
  unsigned char *tensor = launch.tensor + blockIdx.y * launch.rowByteCount;
  switch (launch.element) {
    case 0: emit<Float32>(launch, tensor, place, tile); break;
    case 1: emit<Float16>(launch, tensor, place, tile); break;
    case 3: emit<Float16Pairs>(launch, tensor, place, tile); break;
    default: emit<UInt8>(launch, tensor, place, tile); break;
  }
}

}  // namespace preprocess
