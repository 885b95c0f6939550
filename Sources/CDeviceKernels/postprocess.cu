// From a network's outputs to detections in source pixels, for a whole batch, with the results of the code in
// Sources/Detection bit for bit: the same operations in float32, in the same order, none of them contracted.
//
// Four steps, each a launch for all images (blockIdx.y, or blockIdx.x in the last):
//
// 1. decode: candidates above their thresholds go to a list of their image, in whatever order atomics give. A candidate
//    is a 64-bit key (score, highest first; then anchor), and a box and a class in the place of its anchor. Keys are
//    unique, since an anchor gives one candidate at most, so sorting them forgets the order of the list.
// 2. sort: pieces of `chunk` keys, each in shared memory. One piece is the rule, and then it is finished.
// 3. merge: only for images of several pieces. A key's place is the number of smaller keys in each piece.
// 4. suppress: one block an image. Tiles of 64 candidates are compared with the boxes kept so far and with one another
//    by all threads; what stays of a tile is then read off bit masks. Two barriers a tile.
//
// Plain CUDA C++ without headers; also compiles as C++17 for the emulator of the tests.

namespace swoop_postprocess {

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

/// What DevicePostprocessor passes to every kernel; PostprocessParameters in Swift has the same fields in the same order.
struct Parameters {
  /// The tensors of the head in its order; each starts with the row of image 0.
  u64 tensors[4];
  /// Tables of float thresholds by class.
  u64 confidences, overlaps;
  /// For each image an ImageState.
  u64 images;
  /// For each image `anchors` elements: u64 in order of arrival; Box and int by anchor; Box and Scored in order.
  u64 keys, boxes, classes, sortedBoxes, sortedScores;
  /// For each image `resultStride` bytes: ResultHead, then Found.
  u64 results;
  int tensorTypes[4];
  int confidenceCount, overlapCount;
  float confidenceBeyond, confidenceMinimum, overlapBeyond;
  int anchors, channels, firstClass;
  /// Elements from one row's box (score, class) to the next row's, and from the start of a row to its score and class.
  int boxStride, scoreStride, scoreOffset, classOffset;
  int isCorners, hasCount;
  /// 0: none; 1: class by class; 2: classes kept apart by an offset; 3: over all classes.
  int suppression;
  int maximumCandidates, maximumDetections, resultStride;
  /// How many keys are sorted at once, a power of two up to `chunkCapacity`; how many kept boxes stay in shared memory.
  int chunk, keptInShared;
};

constexpr int chunkCapacity = 4096;
constexpr int keptCapacity = 1024;
constexpr int tileLength = 64;
constexpr int highestClass = 65535;

/// Geometry (canvas pixels to source pixels) and counters of an image; the counters come zeroed from the host.
struct ImageState {
  float left, top, scaleX, scaleY, width, height;
  int candidates, invalid;
};

struct alignas(16) Box {
  float x1, y1, x2, y2;
};

struct alignas(8) Scored {
  float score;
  int classIndex;
};

struct alignas(8) ResultHead {
  int candidates, invalid, kept, count;
};

struct alignas(8) Found {
  float x1, y1, x2, y2, score;
  int classIndex;
};

// MARK: Bits

#ifdef SWOOP_EMULATOR
inline u32 bitsOf(float value) {
  u32 bits;
  __builtin_memcpy(&bits, &value, 4);
  return bits;
}
inline float floatOf(u32 bits) {
  float value;
  __builtin_memcpy(&value, &bits, 4);
  return value;
}
inline int lowestBit(u64 bits) { return __builtin_ctzll(bits); }
inline int bitCount(u64 bits) { return __builtin_popcountll(bits); }
inline float lesser(float a, float b) { return a < b ? a : b; }
inline float greater(float a, float b) { return a > b ? a : b; }
#else
__device__ inline u32 bitsOf(float value) { return __float_as_uint(value); }
__device__ inline float floatOf(u32 bits) { return __uint_as_float(bits); }
__device__ inline int lowestBit(u64 bits) { return __ffsll(static_cast<long long>(bits)) - 1; }
__device__ inline int bitCount(u64 bits) { return __popcll(bits); }
// Candidates' corners are finite, so these are the host's comparisons but for the sign of zero, which their
// difference loses.
__device__ inline float lesser(float a, float b) { return fminf(a, b); }
__device__ inline float greater(float a, float b) { return fmaxf(a, b); }
#endif

__device__ inline bool isFinite(float value) { return (bitsOf(value) & 0x7F800000u) != 0x7F800000u; }

template <typename T>
__device__ inline T *at(u64 address) {
  return reinterpret_cast<T *>(address);
}

// MARK: Elements

/// How an element is stored, and a form of it that orders the numbers above zero (which alone can pass a threshold).
struct Float32 {
  typedef float Stored;
  typedef float Rank;
  static __device__ inline Rank rank(Stored value) { return value; }
  static __device__ inline bool isNaN(Stored value) { return value != value; }
  static __device__ inline float number(Stored value) { return value; }
  static __device__ inline float ranked(Rank rank) { return rank; }
};

struct Float16 {
  typedef u16 Stored;
  typedef int Rank;
  static __device__ inline Rank rank(Stored value) { return static_cast<short>(value); }
  static __device__ inline bool isNaN(Stored value) { return (value & 0x7FFF) > 0x7C00; }
  static __device__ inline float number(Stored value) {
    u32 magnitude = static_cast<u32>(value & 0x7FFF) << 13;
    u32 sign = static_cast<u32>(value & 0x8000) << 16;
    if ((value & 0x7C00) == 0x7C00) return floatOf(magnitude | 0x7F800000u | sign);
    // The exponents differ by 112; the product also makes subnormals right.
    return floatOf(bitsOf(floatOf(magnitude) * floatOf((127 + 112) << 23)) | sign);
  }
  static __device__ inline float ranked(Rank rank) { return number(static_cast<u16>(rank)); }
};

struct BFloat16 {
  typedef u16 Stored;
  typedef int Rank;
  static __device__ inline Rank rank(Stored value) { return static_cast<short>(value); }
  static __device__ inline bool isNaN(Stored value) { return (value & 0x7FFF) > 0x7F80; }
  static __device__ inline float number(Stored value) { return floatOf(static_cast<u32>(value) << 16); }
  static __device__ inline float ranked(Rank rank) { return number(static_cast<u16>(rank)); }
};

/// Neighbours that are loaded at once.
template <typename T, int count>
struct alignas(sizeof(T) * count) Pack {
  T values[count];
};

enum ElementType {
  float32 = 0,
  float16 = 1,
  bfloat16 = 2,
  int8 = 3,
  int16 = 4,
  int32 = 5,
  int64 = 6,
  uint8 = 7,
  uint16 = 8,
  uint32 = 9,
  uint64 = 10
};

__device__ inline float readFloat(u64 address, int type, long long index) {
  switch (type) {
    case float16: return Float16::number(at<const u16>(address)[index]);
    case bfloat16: return BFloat16::number(at<const u16>(address)[index]);
    default: return at<const float>(address)[index];
  }
}

/// An integer element; what is beyond `long long` (only uint64 has such) comes out as the greatest.
__device__ inline long long readInteger(u64 address, int type, long long index) {
  switch (type) {
    case int8: return at<const signed char>(address)[index];
    case int16: return at<const short>(address)[index];
    case int32: return at<const int>(address)[index];
    case int64: return at<const long long>(address)[index];
    case uint8: return at<const u8>(address)[index];
    case uint16: return at<const u16>(address)[index];
    case uint32: return at<const u32>(address)[index];
    default: {
      u64 value = at<const u64>(address)[index];
      return value > 0x7FFFFFFFFFFFFFFFull ? 0x7FFFFFFFFFFFFFFFll : static_cast<long long>(value);
    }
  }
}

/// The nearest whole number, halves away from zero, of a value within -0.5 (exclusive) and 2^22.
__device__ inline int nearest(float value) {
  int whole = static_cast<int>(value);
  return value - static_cast<float>(whole) >= 0.5f ? whole + 1 : whole;
}

/// A class index; -1 where it is none.
__device__ inline int readClass(u64 address, int type, long long index) {
  if (type <= bfloat16) {
    float value = readFloat(address, type, index);
    return value > -0.5f && value < 65535.5f ? nearest(value) : -1;
  }
  long long value = readInteger(address, type, index);
  return value >= 0 && value <= highestClass ? static_cast<int>(value) : -1;
}

/// How many rows an image says it has; beyond `rows`, or below 0, where that is not possible.
__device__ inline long long readCount(u64 address, int type, int image, int rows) {
  const long long beyond = static_cast<long long>(rows) + 1;
  if (type > bfloat16) return readInteger(address, type, image);
  float value = readFloat(address, type, image);
  // What no 64-bit integer holds, NaN included, counts as too many, also below zero.
  if (!(value >= -9223372036854775808.0f && value < 9223372036854775808.0f)) return beyond;
  if (value <= -0.5f) return -1;
  // Floats from 2^23 on are whole, and rows are fewer than 2^31.
  if (value >= 8388608.0f) return value >= 2147483648.0f ? beyond : static_cast<long long>(value);
  int whole = static_cast<int>(value);
  return value - static_cast<float>(whole) >= 0.5f ? whole + 1 : whole;
}

// MARK: Candidates

__device__ inline float confidence(const Parameters &p, int classIndex) {
  return classIndex < p.confidenceCount ? at<const float>(p.confidences)[classIndex] : p.confidenceBeyond;
}

__device__ inline float overlapLimit(const Parameters &p, int classIndex) {
  return classIndex < p.overlapCount ? at<const float>(p.overlaps)[classIndex] : p.overlapBeyond;
}

__device__ inline ImageState &imageState(const Parameters &p, int image) { return at<ImageState>(p.images)[image]; }

__device__ inline void countInvalid(const Parameters &p, int image) { atomicAdd(&imageState(p, image).invalid, 1); }

/// Bits whose unsigned order is the descending order of the numbers. -0 counts as 0.
__device__ inline u32 descending(float score) {
  u32 bits = bitsOf(score + 0.0f);
  return (bits & 0x80000000u) == 0 ? ~(bits | 0x80000000u) : bits;
}

__device__ inline float scoreOf(u64 key) {
  u32 bits = static_cast<u32>(key >> 32);
  return floatOf((bits & 0x80000000u) == 0 ? ~bits & 0x7FFFFFFFu : bits);
}

__device__ inline Box centred(float x, float y, float width, float height) {
  float halfWidth = width * 0.5f;
  float halfHeight = height * 0.5f;
  Box box = {x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight};
  return box;
}

/// Takes a candidate if its box and score are finite and its corners in order; counts it as invalid if not.
__device__ inline void append(const Parameters &p, int image, int anchor, float score, int classIndex, Box box) {
  float width = box.x2 - box.x1;
  float height = box.y2 - box.y1;
  float sum = box.x1 + box.y1 + width + height + score;
  if (!(width >= 0.0f) || !(height >= 0.0f) || !isFinite(sum)) {
    countInvalid(p, image);
    return;
  }
  const u64 first = static_cast<u64>(image) * static_cast<u64>(p.anchors);
  int place = atomicAdd(&imageState(p, image).candidates, 1);
  at<u64>(p.keys)[first + place] = static_cast<u64>(descending(score)) << 32 | static_cast<u32>(anchor);
  at<Box>(p.boxes)[first + anchor] = box;
  at<int>(p.classes)[first + anchor] = classIndex;
}

// MARK: Decoding

/// Channels first: a thread has `count` neighbouring anchors, and a warp's loads are one stretch of memory.
template <typename Element, int count>
__device__ inline void decodeColumns(const Parameters &p) {
  typedef typename Element::Stored Stored;
  typedef Pack<Stored, count> Scores;
  const int image = blockIdx.y;
  const int anchor = (blockIdx.x * blockDim.x + threadIdx.x) * count;
  if (anchor >= p.anchors) return;
  const long long stride = p.anchors;
  const Stored *first = at<const Stored>(p.tensors[0]) + (static_cast<long long>(image) * p.channels * stride + anchor);
  const Stored *scores = first + 4 * stride;
  const int classCount = p.channels - 4;
  typename Element::Rank best[count];
  int classes[count];
  bool hasNaN[count];
#pragma unroll
  for (int k = 0; k < count; ++k) {
    best[k] = 0;
    classes[k] = 0;
    hasNaN[k] = false;
  }
#pragma unroll 8
  for (int place = 0; place < classCount; ++place) {
    const Scores pack = *reinterpret_cast<const Scores *>(scores + place * stride);
#pragma unroll
    for (int k = 0; k < count; ++k) {
      const typename Element::Rank rank = Element::rank(pack.values[k]);
      // Of equal scores the first stays.
      const bool isBetter = rank > best[k];
      best[k] = isBetter ? rank : best[k];
      classes[k] = isBetter ? place : classes[k];
      hasNaN[k] = hasNaN[k] || Element::isNaN(pack.values[k]);
    }
  }
#pragma unroll
  for (int k = 0; k < count; ++k) {
    if (hasNaN[k]) {
      countInvalid(p, image);
      continue;
    }
    const float score = Element::ranked(best[k]);
    if (!(score > p.confidenceMinimum) || !(score > confidence(p, classes[k]))) continue;
    const Box box = centred(
        Element::number(first[k]), Element::number(first[stride + k]), Element::number(first[2 * stride + k]),
        Element::number(first[3 * stride + k]));
    append(p, image, anchor + k, score, classes[k], box);
  }
}

constexpr int interleavedThreads = 256;
constexpr int lanes = 8;

/// Channels last: eight threads share an anchor, so that what a warp loads are whole sectors.
template <typename Element>
__device__ inline void decodeInterleaved(const Parameters &p) {
  typedef typename Element::Stored Stored;
  __shared__ float bestScores[interleavedThreads];
  // -1: the thread saw a NaN.
  __shared__ int bestClasses[interleavedThreads];
  const int image = blockIdx.y;
  const int lane = threadIdx.x % lanes;
  const int anchor = blockIdx.x * (blockDim.x / lanes) + threadIdx.x / lanes;
  const int classCount = p.channels - p.firstClass;
  bool isAlive = anchor < p.anchors;
  const Stored *row = at<const Stored>(p.tensors[0])
      + (static_cast<long long>(image) * p.anchors + (isAlive ? anchor : 0)) * p.channels;
  float factor = 1.0f;
  if (isAlive && p.firstClass == 5) {
    factor = Element::number(row[4]);
    if (!isFinite(factor)) {
      if (lane == 0 && !(factor < 0.0f)) countInvalid(p, image);
      isAlive = false;
    } else if (!(factor > p.confidenceMinimum)) {
      isAlive = false;
    }
  }
  float best = 0.0f;
  int bestClass = highestClass + 1;
  bool hasNaN = false;
  if (isAlive) {
    const Stored *scores = row + p.firstClass;
#pragma unroll 4
    for (int place = lane; place < classCount; place += lanes) {
      const float score = Element::number(scores[place]) * factor;
      const bool isBetter = score > best;
      best = isBetter ? score : best;
      bestClass = isBetter ? place : bestClass;
      hasNaN = hasNaN || score != score;
    }
  }
  bestScores[threadIdx.x] = best;
  bestClasses[threadIdx.x] = hasNaN ? -1 : bestClass;
  __syncthreads();
  if (!isAlive || lane != 0) return;
  for (int other = 0; other < lanes; ++other) {
    const float score = bestScores[threadIdx.x + other];
    const int place = bestClasses[threadIdx.x + other];
    if (place < 0) hasNaN = true;
    if (score > best || (score == best && place < bestClass)) {
      best = score;
      bestClass = place;
    }
  }
  if (hasNaN) {
    countInvalid(p, image);
    return;
  }
  if (!(best > p.confidenceMinimum) || !(best > confidence(p, bestClass))) return;
  const Box box = centred(
      Element::number(row[0]), Element::number(row[1]), Element::number(row[2]), Element::number(row[3]));
  append(p, image, anchor, best, bestClass, box);
}

/// Rows that carry their own class, in one tensor or in several; a thread has a row.
__device__ inline void decodeRows(const Parameters &p) {
  const int image = blockIdx.y;
  const int index = blockIdx.x * blockDim.x + threadIdx.x;
  int rows = p.anchors;
  if (p.hasCount) {
    // A count beyond the rows there are, or below zero, is a damaged output.
    const long long stated = readCount(p.tensors[3], p.tensorTypes[3], image, rows);
    if (index == 0 && (stated < 0 || stated > rows)) countInvalid(p, image);
    rows = stated < 0 ? 0 : stated < rows ? static_cast<int>(stated) : rows;
  }
  if (index >= rows) return;
  const long long row = static_cast<long long>(image) * p.anchors + index;
  const float score = readFloat(p.tensors[1], p.tensorTypes[1], row * p.scoreStride + p.scoreOffset);
  // NaN goes on, to be counted.
  if (score <= p.confidenceMinimum) return;
  const int classIndex = readClass(p.tensors[2], p.tensorTypes[2], row * p.scoreStride + p.classOffset);
  if (classIndex < 0 || score != score) {
    countInvalid(p, image);
    return;
  }
  if (!(score > confidence(p, classIndex))) return;
  float numbers[4];
#pragma unroll
  for (int k = 0; k < 4; ++k) numbers[k] = readFloat(p.tensors[0], p.tensorTypes[0], row * p.boxStride + k);
  Box box = {numbers[0], numbers[1], numbers[2], numbers[3]};
  if (!p.isCorners) box = centred(numbers[0], numbers[1], numbers[2], numbers[3]);
  append(p, image, index, score, classIndex, box);
}

// MARK: Order

/// Puts the candidate of a key into its place in the order.
__device__ inline void putInOrder(const Parameters &p, u64 first, int place, u64 key) {
  const u32 anchor = static_cast<u32>(key);
  at<Box>(p.sortedBoxes)[first + place] = at<const Box>(p.boxes)[first + anchor];
  const Scored scored = {scoreOf(key), at<const int>(p.classes)[first + anchor]};
  at<Scored>(p.sortedScores)[first + place] = scored;
}

__device__ inline void sortChunk(const Parameters &p) {
  __shared__ u64 keys[chunkCapacity];
  const int image = blockIdx.y;
  const int total = imageState(p, image).candidates;
  const int start = blockIdx.x * p.chunk;
  if (start >= total) return;
  const u64 first = static_cast<u64>(image) * static_cast<u64>(p.anchors);
  u64 *list = at<u64>(p.keys) + first + start;
  const int count = total - start < p.chunk ? total - start : p.chunk;
  int padded = 1;
  while (padded < count) padded *= 2;
  // Behind every key of a candidate: no score has these bits.
  for (int index = threadIdx.x; index < padded; index += blockDim.x) keys[index] = index < count ? list[index] : ~0ull;
  for (int size = 2; size <= padded; size *= 2) {
    for (int stride = size / 2; stride > 0; stride /= 2) {
      __syncthreads();
      for (int pair = threadIdx.x; pair < padded / 2; pair += blockDim.x) {
        const int low = 2 * pair - (pair & (stride - 1));
        const int high = low + stride;
        const u64 a = keys[low];
        const u64 b = keys[high];
        if ((a > b) == ((low & size) == 0)) {
          keys[low] = b;
          keys[high] = a;
        }
      }
    }
  }
  __syncthreads();
  if (total <= p.chunk) {
    for (int index = threadIdx.x; index < count; index += blockDim.x) putInOrder(p, first, index, keys[index]);
  } else {
    for (int index = threadIdx.x; index < count; index += blockDim.x) list[index] = keys[index];
  }
}

__device__ inline void mergeChunks(const Parameters &p) {
  const int image = blockIdx.y;
  const int total = imageState(p, image).candidates;
  if (total <= p.chunk) return;
  const int index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= total) return;
  const u64 first = static_cast<u64>(image) * static_cast<u64>(p.anchors);
  const u64 *keys = at<const u64>(p.keys) + first;
  const u64 key = keys[index];
  const int own = index / p.chunk * p.chunk;
  int rank = index - own;
  for (int start = 0; start < total; start += p.chunk) {
    if (start == own) continue;
    int low = start;
    int high = total - start < p.chunk ? total : start + p.chunk;
    while (low < high) {
      const int middle = low + (high - low) / 2;
      if (keys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    rank += low - start;
  }
  putInOrder(p, first, rank, key);
}

// MARK: Suppression

/// A box as suppression compares it.
struct Compared {
  Box box;
  float area;
  /// The class where boxes of different classes are not compared, else 0.
  int group;
};

__device__ inline Compared compared(const Parameters &p, Box box, int classIndex) {
  const float offset = p.suppression == 2 ? static_cast<float>(classIndex) * 7680.0f : 0.0f;
  Compared result;
  result.box.x1 = box.x1 + offset;
  result.box.y1 = box.y1 + offset;
  result.box.x2 = box.x2 + offset;
  result.box.y2 = box.y2 + offset;
  result.area = (result.box.x2 - result.box.x1) * (result.box.y2 - result.box.y1);
  result.group = p.suppression == 1 ? classIndex : 0;
  return result;
}

/// Whether the IoU is above the limit; false where it is NaN, as for two empty boxes.
__device__ inline bool overlaps(const Compared &a, const Compared &b, float limit) {
  if (a.group != b.group) return false;
  const float width = lesser(a.box.x2, b.box.x2) - greater(a.box.x1, b.box.x1);
  const float height = lesser(a.box.y2, b.box.y2) - greater(a.box.y1, b.box.y1);
  if (!(width > 0.0f) || !(height > 0.0f)) return false;
  const float intersection = width * height;
  return intersection / (a.area + b.area - intersection) > limit;
}

__device__ inline float clip(float value, float limit) {
  return value > 0.0f ? (value < limit ? value : limit) : 0.0f;
}

__device__ inline void write(
    const Parameters &p, const ImageState &image, Found *found, int place, Box box, Scored scored) {
  Found result;
  result.x1 = clip((box.x1 - image.left) / image.scaleX, image.width);
  result.y1 = clip((box.y1 - image.top) / image.scaleY, image.height);
  result.x2 = clip((box.x2 - image.left) / image.scaleX, image.width);
  result.y2 = clip((box.y2 - image.top) / image.scaleY, image.height);
  result.score = scored.score;
  result.classIndex = scored.classIndex;
  found[place] = result;
}

/// The next candidates: what is compared, and the limit of IoU for each.
struct Tile {
  Compared boxes[tileLength];
  float limits[tileLength];
  /// A bit for each that a kept box suppresses.
  u32 hits[2];
};

__device__ inline void suppressImage(const Parameters &p) {
  __shared__ Tile tiles[2];
  // Bit j of element i: i would suppress j. Written as bytes.
  __shared__ u64 masks[tileLength];
  __shared__ Box keptBoxes[keptCapacity];
  __shared__ float keptAreas[keptCapacity];
  __shared__ int keptGroups[keptCapacity];
  __shared__ int keptCount;
  const int thread = threadIdx.x;
  const int image = blockIdx.x;
  const ImageState state = imageState(p, image);
  u8 *result = at<u8>(p.results) + static_cast<u64>(image) * static_cast<u64>(p.resultStride);
  ResultHead *head = reinterpret_cast<ResultHead *>(result);
  Found *found = reinterpret_cast<Found *>(result + sizeof(ResultHead));
  const u64 first = static_cast<u64>(image) * static_cast<u64>(p.anchors);
  Box *boxes = at<Box>(p.sortedBoxes) + first;
  Scored *scores = at<Scored>(p.sortedScores) + first;

  if (p.suppression == 0) {
    const int count = state.candidates < p.maximumDetections ? state.candidates : p.maximumDetections;
    for (int index = thread; index < count; index += blockDim.x)
      write(p, state, found, index, boxes[index], scores[index]);
    if (thread == 0) {
      const ResultHead summary = {state.candidates, state.invalid, state.candidates, count};
      *head = summary;
    }
    return;
  }

  const int count = state.candidates < p.maximumCandidates ? state.candidates : p.maximumCandidates;
  const int keptInShared = p.keptInShared < keptCapacity ? p.keptInShared : keptCapacity;
  // The first threads keep one candidate of the tile each, as it was decoded.
  Box box = {0.0f, 0.0f, 0.0f, 0.0f};
  Scored scored = {0.0f, 0};
  if (thread < tileLength) {
    if (thread < count) {
      box = boxes[thread];
      scored = scores[thread];
    }
    tiles[0].boxes[thread] = compared(p, box, scored.classIndex);
    tiles[0].limits[thread] = overlapLimit(p, scored.classIndex);
    if (thread < 2) tiles[0].hits[thread] = 0;
  }
  __syncthreads();
  int kept = 0;
  for (int start = 0; start < count; start += tileLength) {
    Tile &tile = tiles[start / tileLength % 2];
    Tile &nextTile = tiles[1 - start / tileLength % 2];
    Box nextBox = {0.0f, 0.0f, 0.0f, 0.0f};
    Scored nextScored = {0.0f, 0};
    // Asked for now, so that it is here when the comparisons are done.
    if (thread < tileLength && start + tileLength + thread < count) {
      nextBox = boxes[start + tileLength + thread];
      nextScored = scores[start + tileLength + thread];
    }

    // Against the kept boxes: 32 threads take four candidates through the list.
    for (int group = thread / 32; group < tileLength / 4; group += blockDim.x / 32) {
      Compared mine[4];
      float limits[4];
#pragma unroll
      for (int k = 0; k < 4; ++k) {
        mine[k] = tile.boxes[group * 4 + k];
        limits[k] = tile.limits[group * 4 + k];
      }
      const int shift = group * 4 % 32;
      u32 *hits = &tile.hits[group * 4 / 32];
      for (int index = thread % 32; index < kept; index += 32) {
        // Another thread's find ends the search early; missing it costs time alone.
        if ((*static_cast<volatile u32 *>(hits) >> shift & 15u) == 15u) break;
        Compared other;
        if (index < keptInShared) {
          other.box = keptBoxes[index];
          other.area = keptAreas[index];
          other.group = keptGroups[index];
        } else {
          other.box = boxes[index];
          other.area = scores[index].score;
          other.group = scores[index].classIndex;
        }
        u32 bits = 0;
#pragma unroll
        for (int k = 0; k < 4; ++k) bits |= overlaps(mine[k], other, limits[k]) ? 1u << k : 0u;
        if (bits != 0) atomicOr(hits, bits << shift);
      }
    }

    // Against one another: a thread has one candidate and eight later ones.
    for (int piece = thread; piece < tileLength * 8; piece += blockDim.x) {
      const int one = piece % tileLength;
      const int eight = piece / tileLength * 8;
      u32 bits = 0;
      if (eight + 7 > one) {
        const Compared mine = tile.boxes[one];
#pragma unroll
        for (int k = 0; k < 8; ++k) {
          if (eight + k > one && overlaps(tile.boxes[eight + k], mine, tile.limits[eight + k])) bits |= 1u << k;
        }
      }
      reinterpret_cast<u8 *>(masks)[one * 8 + eight / 8] = static_cast<u8>(bits);
    }

    if (thread < tileLength) {
      nextTile.boxes[thread] = compared(p, nextBox, nextScored.classIndex);
      nextTile.limits[thread] = overlapLimit(p, nextScored.classIndex);
      if (thread < 2) nextTile.hits[thread] = 0;
    }
    __syncthreads();

    if (thread < tileLength) {
      const int length = count - start < tileLength ? count - start : tileLength;
      u64 alive = length == tileLength ? ~0ull : (1ull << length) - 1;
      alive &= ~(static_cast<u64>(tile.hits[1]) << 32 | tile.hits[0]);
      u64 staying = 0;
      while (alive != 0) {
        const int best = lowestBit(alive);
        staying |= 1ull << best;
        alive &= ~(masks[best] | 1ull << best);
      }
      if ((staying >> thread & 1) != 0) {
        const int index = kept + bitCount(staying & ((1ull << thread) - 1));
        const Compared mine = tile.boxes[thread];
        if (index < keptInShared) {
          keptBoxes[index] = mine.box;
          keptAreas[index] = mine.area;
          keptGroups[index] = mine.group;
        } else {
          // Into the place of a candidate that is done with: at most this one's own.
          boxes[index] = mine.box;
          const Scored overlay = {mine.area, mine.group};
          scores[index] = overlay;
        }
        if (index < p.maximumDetections) write(p, state, found, index, box, scored);
      }
      if (thread == 0) keptCount = kept + bitCount(staying);
      box = nextBox;
      scored = nextScored;
    }
    __syncthreads();
    kept = keptCount;
  }
  if (thread == 0) {
    const ResultHead summary = {
        state.candidates, state.invalid, kept, kept < p.maximumDetections ? kept : p.maximumDetections};
    *head = summary;
  }
}

}  // namespace swoop_postprocess

// MARK: Kernels

extern "C" {

__global__ void swoop_postprocess_columns_float32(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeColumns<swoop_postprocess::Float32, 1>(p);
}
__global__ void swoop_postprocess_columns_float16(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeColumns<swoop_postprocess::Float16, 1>(p);
}
__global__ void swoop_postprocess_columns_bfloat16(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeColumns<swoop_postprocess::BFloat16, 1>(p);
}
__global__ void swoop_postprocess_columns4_float32(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeColumns<swoop_postprocess::Float32, 4>(p);
}
__global__ void swoop_postprocess_columns4_float16(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeColumns<swoop_postprocess::Float16, 4>(p);
}
__global__ void swoop_postprocess_columns4_bfloat16(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeColumns<swoop_postprocess::BFloat16, 4>(p);
}
__global__ void swoop_postprocess_interleaved_float32(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeInterleaved<swoop_postprocess::Float32>(p);
}
__global__ void swoop_postprocess_interleaved_float16(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeInterleaved<swoop_postprocess::Float16>(p);
}
__global__ void swoop_postprocess_interleaved_bfloat16(const swoop_postprocess::Parameters p) {
  swoop_postprocess::decodeInterleaved<swoop_postprocess::BFloat16>(p);
}
__global__ void swoop_postprocess_rows(const swoop_postprocess::Parameters p) { swoop_postprocess::decodeRows(p); }
__global__ void swoop_postprocess_sort(const swoop_postprocess::Parameters p) { swoop_postprocess::sortChunk(p); }
__global__ void swoop_postprocess_merge(const swoop_postprocess::Parameters p) { swoop_postprocess::mergeChunks(p); }
__global__ void swoop_postprocess_suppress(const swoop_postprocess::Parameters p) {
  swoop_postprocess::suppressImage(p);
}

}  // extern "C"

#ifdef SWOOP_EMULATOR
SWOOP_EMULATED_KERNEL(swoop_postprocess_columns_float32)
SWOOP_EMULATED_KERNEL(swoop_postprocess_columns_float16)
SWOOP_EMULATED_KERNEL(swoop_postprocess_columns_bfloat16)
SWOOP_EMULATED_KERNEL(swoop_postprocess_columns4_float32)
SWOOP_EMULATED_KERNEL(swoop_postprocess_columns4_float16)
SWOOP_EMULATED_KERNEL(swoop_postprocess_columns4_bfloat16)
SWOOP_EMULATED_KERNEL(swoop_postprocess_interleaved_float32)
SWOOP_EMULATED_KERNEL(swoop_postprocess_interleaved_float16)
SWOOP_EMULATED_KERNEL(swoop_postprocess_interleaved_bfloat16)
SWOOP_EMULATED_KERNEL(swoop_postprocess_rows)
SWOOP_EMULATED_KERNEL(swoop_postprocess_sort)
SWOOP_EMULATED_KERNEL(swoop_postprocess_merge)
SWOOP_EMULATED_KERNEL(swoop_postprocess_suppress)
#endif
