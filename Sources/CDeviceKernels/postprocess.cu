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
// Step 1 is in postprocess_candidates.cu, steps 2 and 3 are in postprocess_sort.cu, step 4 is in postprocess_suppress.cu;
// here is what they share.
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

// MARK: Images, thresholds and keys

__device__ inline ImageState &imageState(const Parameters &p, int image) { return at<ImageState>(p.images)[image]; }

__device__ inline float confidence(const Parameters &p, int classIndex) {
  return classIndex < p.confidenceCount ? at<const float>(p.confidences)[classIndex] : p.confidenceBeyond;
}

__device__ inline float overlapLimit(const Parameters &p, int classIndex) {
  return classIndex < p.overlapCount ? at<const float>(p.overlaps)[classIndex] : p.overlapBeyond;
}

/// Bits whose unsigned order is the descending order of the numbers. -0 counts as 0.
__device__ inline u32 descending(float score) {
  u32 bits = bitsOf(score + 0.0f);
  return (bits & 0x80000000u) == 0 ? ~(bits | 0x80000000u) : bits;
}

__device__ inline float scoreOf(u64 key) {
  u32 bits = static_cast<u32>(key >> 32);
  return floatOf((bits & 0x80000000u) == 0 ? ~bits & 0x7FFFFFFFu : bits);
}

}  // namespace swoop_postprocess
