// Step 1 of postprocess.cu: elements of any type, and from the heads' tensors to candidates.

namespace swoop_postprocess {

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

__device__ inline void countInvalid(const Parameters &p, int image) { atomicAdd(&imageState(p, image).invalid, 1); }

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
#endif
