// Pillow's bicubic for pictures that are not turned and not reduced enormously: the same records and elements as in
// preprocess.cu and the same tables as in preprocess_bicubic.cu, without tensor cores.
//
// A coefficient is three bytes, so the products of four bytes of the picture with theirs are three dot products of four:
//
// 1. A thread keeps a column of the canvas and its coefficients. It loads the words of a line that has the column's taps,
//    sorts their bytes by channel and convolves them. Four lines' bytes of one channel are a word of shared memory.
// 2. Such words are what the second convolution multiplies. A thread makes four columns of a row and stores their elements.
//
// There is one barrier between, and blocks are small, so that some load while others calculate.

namespace preprocess {

struct Dots {
  /// A tile's width. How high tiles are, a multiple of 8, is the launch's choice.
  static constexpr int width = 128;
  /// Words of shared memory that four lines take.
  static constexpr int lineWords = 3 * width;

  /// Bytes times coefficients by bytes (`Weights`), rounded.
  template <int groups>
  __device__ static __forceinline__ int convolve(const unsigned (&bytes)[groups],
                                                 const unsigned (&weights)[3][groups]) {
    // 2^5 * 2^16 is a half of the result's unit.
    int sum = 1 << 5;
#pragma unroll
    for (int i = 0; i < groups; i++) sum = swoop_dot_signed(bytes[i], weights[2][i], sum);
    sum = int(unsigned(sum) << 8);
#pragma unroll
    for (int i = 0; i < groups; i++) sum = swoop_dot(bytes[i], weights[1][i], sum);
    sum = int(unsigned(sum) << 8);
#pragma unroll
    for (int i = 0; i < groups; i++) sum = swoop_dot(bytes[i], weights[0][i], sum);
    return sum >> 22;
  }

  /// One group's part of such a sum, which begins with a half of the unit of 2^22.
  __device__ static __forceinline__ void add(int &sum, unsigned bytes, unsigned low, unsigned middle, unsigned high) {
    const int upper = swoop_dot(bytes, middle, int(unsigned(swoop_dot_signed(bytes, high, 0)) << 8));
    sum = swoop_dot(bytes, low, int(unsigned(sum) + (unsigned(upper) << 8)));
  }

  /// Four pixels' bytes of each channel from 12 interleaved bytes.
  __device__ static __forceinline__ void split(unsigned w0, unsigned w1, unsigned w2, unsigned (&planes)[3]) {
    planes[0] = __byte_perm(__byte_perm(w0, w1, 0x0630), w2, 0x5210);
    planes[1] = __byte_perm(__byte_perm(w0, w1, 0x0741), w2, 0x6210);
    planes[2] = __byte_perm(__byte_perm(w0, w1, 0x0052), w2, 0x7410);
  }

  __device__ static __forceinline__ unsigned pack(const int (&v)[4]) {
    return swoop_pack_bytes(v[0], v[1], v[2], v[3]);
  }

  // MARK: Across

  /// The lines of the source that a tile needs, and where their bytes go.
  struct Lines {
    const Picture &picture;
    const Axis &across;
    int first, count;
    unsigned *middle;

    /// Words of four lines from one within these on do not reach over the picture's memory.
    __device__ __forceinline__ int2 inside() const {
      if (picture.width < 4 * across.groups) return make_int2(0, 0);
      const bool isWhole = ((reinterpret_cast<size_t>(picture.begin) | size_t(picture.byteCount)) & 3) == 0;
      return isWhole ? make_int2(0, picture.height) : make_int2(1, picture.height - 4);
    }
  };

  /// A column's window: 4 * `groups` pixels of a line within the picture, in the order of memory, and their coefficients.
  struct Window {
    const unsigned char *begin;
    const Weights *weights;
    int groups, late;
    bool isMirrored;

    __device__ __forceinline__ Window(const Lines &lines, int x, int groups) : groups(groups) {
      const Taps taps = lines.across.tapsOf(x);
      const int first = min(taps.first, lines.picture.width - 4 * groups), step = lines.across.step;
      late = taps.first - first;
      isMirrored = step < 0;
      weights = lines.across.weightsOf(x);
      begin = lines.picture.begin + lines.picture.first + (long long)(first + (isMirrored ? 4 * groups - 1 : 0)) * step;
    }

    __device__ __forceinline__ void load(int group, unsigned (&planes)[3]) const {
      weightsFrom(weights, groups, 4 * (isMirrored ? groups - 1 - group : group) - late, planes);
      if (isMirrored) {
#pragma unroll
        for (int plane = 0; plane < 3; plane++) planes[plane] = __byte_perm(planes[plane], 0, 0x0123);
      }
    }
  };

  /// Convolves the lines for one column, whose coefficients stay in registers. `isAligned` says that lines are a multiple of
  /// words apart, so that the window begins at the same byte of its first word in all of them.
  template <int groups, bool isAligned>
  __device__ static __forceinline__ void acrossKept(const Lines &lines, int x) {
    const Window window(lines, x, groups);
    unsigned weights[3][groups];
#pragma unroll
    for (int i = 0; i < groups; i++) {
      unsigned planes[3];
      window.load(i, planes);
#pragma unroll
      for (int plane = 0; plane < 3; plane++) weights[plane][i] = planes[plane];
    }
    const unsigned windowShift = shiftOf(window.begin);
    const unsigned char *const begin =
      isAligned ? reinterpret_cast<const unsigned char *>(wordOf(window.begin)) : window.begin;
    const int last = lines.picture.height - 1, stepY = int(lines.picture.stepY), end = lines.first + lines.count;
    const int2 inside = lines.inside();
    unsigned *out = lines.middle + threadIdx.x / width * lineWords + x;
#pragma unroll 1
    for (int line = lines.first + threadIdx.x / width * 4; line < end; line += threadCount / width * 4) {
      if (line >= inside.x && line < inside.y) {
        unsigned words[4][3 * groups + 1], shifts[4];
#pragma unroll
        for (int k = 0; k < 4; k++) {
          const unsigned char *const from = swoop_offset(begin, min(line + k, last), stepY);

          const unsigned *const p = isAligned ? reinterpret_cast<const unsigned *>(from) : wordOf(from);
          shifts[k] = isAligned ? windowShift : shiftOf(from);
#pragma unroll
          for (int j = 0; j < 3 * groups; j++) words[k][j] = __ldg(p + j);
          words[k][3 * groups] = shifts[k] != 0 ? __ldg(p + 3 * groups) : 0;
        }
        int sums[3][4];
#pragma unroll
        for (int k = 0; k < 4; k++) {
          unsigned bytes[3][groups];
#pragma unroll
          for (int j = 0; j < groups; j++) {
            const unsigned *const w = words[k] + 3 * j;
            unsigned planes[3];
            split(__funnelshift_r(w[0], w[1], shifts[k]), __funnelshift_r(w[1], w[2], shifts[k]),
                  __funnelshift_r(w[2], w[3], shifts[k]), planes);
#pragma unroll
            for (int c = 0; c < 3; c++) bytes[c][j] = planes[c];
          }
#pragma unroll
          for (int c = 0; c < 3; c++) sums[c][k] = convolve<groups>(bytes[c], weights);
        }
#pragma unroll
        for (int c = 0; c < 3; c++) out[c * width] = pack(sums[c]);
      }
      out += threadCount / width * lineWords;
    }
  }

  /// The same with any number of groups, whose coefficients are loaded again and again.
  __device__ static __forceinline__ void acrossAny(const Lines &lines, int x) {
    const int groups = lines.across.groups;
    const Window window(lines, x, groups);
    const int last = lines.picture.height - 1, stepY = int(lines.picture.stepY), end = lines.first + lines.count;
    const int2 inside = lines.inside();
    unsigned *out = lines.middle + threadIdx.x / width * lineWords + x;
    constexpr int step = threadCount / width;
#pragma unroll 1
    for (int line = lines.first + threadIdx.x / width * 4; line < end; line += step * 4, out += step * lineWords) {
      if (line < inside.x || line >= inside.y) continue;
      int sums[3][4];
#pragma unroll
      for (int c = 0; c < 3; c++) sums[c][0] = sums[c][1] = sums[c][2] = sums[c][3] = 1 << 21;
#pragma unroll 1
      for (int j = 0; j < groups; j++) {
        unsigned weights[3];
        window.load(j, weights);
#pragma unroll
        for (int k = 0; k < 4; k++) {
          unsigned w[3], bytes[3];
          loadTwelve(swoop_offset(window.begin, min(line + k, last), stepY) + 12 * j, w[0], w[1], w[2]);
          split(w[0], w[1], w[2], bytes);
#pragma unroll
          for (int c = 0; c < 3; c++) add(sums[c][k], bytes[c], weights[0], weights[1], weights[2]);
        }
      }
#pragma unroll
      for (int c = 0; c < 3; c++) {
#pragma unroll
        for (int k = 0; k < 4; k++) sums[c][k] >>= 22;
        out[c * width] = pack(sums[c]);
      }
    }
  }

  /// The lines whose words would reach over the picture's memory, by bytes.
  __device__ static __forceinline__ void acrossBytes(const Lines &lines, int x) {
    const Picture &picture = lines.picture;
    const int2 inside = lines.inside();
    const Taps taps = lines.across.tapsOf(x);
    const Weights *const weights = lines.across.weightsOf(x);
    const int step = lines.across.step;
    unsigned *out = lines.middle + threadIdx.x / width * lineWords + x;
#pragma unroll 1
    for (int i = threadIdx.x / width * 4; i < lines.count; i += threadCount / width * 4) {
      const int line = lines.first + i;
      unsigned *const own = out;
      out += threadCount / width * lineWords;
      if (line >= inside.x && line < inside.y) continue;
      unsigned words[3] = {0, 0, 0};
#pragma unroll 1
      for (int k = 0; k < 4; k++) {
        const unsigned char *p = picture.begin + picture.first + (long long)taps.first * step
          + min(line + k, picture.height - 1) * picture.stepY;
        int sums[3] = {1 << 21, 1 << 21, 1 << 21};
#pragma unroll 1
        for (int t = 0; t < taps.count; t++, p += step) {
          const int weight = weightOf(weights, t);
#pragma unroll
          for (int c = 0; c < 3; c++) sums[c] += __ldg(p + c) * weight;
        }
#pragma unroll
        for (int c = 0; c < 3; c++) words[c] |= unsigned(byteOf(sums[c])) << 8 * k;
      }
#pragma unroll
      for (int c = 0; c < 3; c++) own[c * width] = words[c];
    }
  }

  __device__ static __forceinline__ void across(const Lines &lines, int x) {
    const bool isAligned = lines.picture.stepY % 4 == 0;
    if (lines.picture.width >= 4 * lines.across.groups) {
      switch (lines.across.groups) {
        case 1: isAligned ? acrossKept<1, true>(lines, x) : acrossKept<1, false>(lines, x); break;
        case 2: isAligned ? acrossKept<2, true>(lines, x) : acrossKept<2, false>(lines, x); break;
        case 3: isAligned ? acrossKept<3, true>(lines, x) : acrossKept<3, false>(lines, x); break;
        default: acrossAny(lines, x); break;
      }
    }
    const int2 inside = lines.inside();
    if (inside.x != 0 || inside.y != lines.picture.height) acrossBytes(lines, x);
  }

  // MARK: Down

  /// What is multiplied for a row: four columns' words from the first tap's on, and its coefficients.
  struct Row {
    const unsigned *columns;
    unsigned shift;
    const Weights *weights;
  };

  __device__ static __forceinline__ void readFour(const unsigned *p, unsigned (&words)[4]) {
    const uint4 v = *reinterpret_cast<const uint4 *>(p);
    words[0] = v.x;
    words[1] = v.y;
    words[2] = v.z;
    words[3] = v.w;
  }

  template <int groups>
  __device__ static __forceinline__ void downKept(const Row &row, unsigned (&words)[3]) {
    unsigned weights[3][groups];
#pragma unroll
    for (int i = 0; i < groups; i++) {
      const Weights w = row.weights[i];
      weights[0][i] = w.x;
      weights[1][i] = w.y;
      weights[2][i] = w.z;
    }
#pragma unroll
    for (int c = 0; c < 3; c++) {
      unsigned columns[groups + 1][4];
#pragma unroll
      for (int i = 0; i <= groups; i++) readFour(row.columns + c * width + i * lineWords, columns[i]);
      int sums[4];
#pragma unroll
      for (int j = 0; j < 4; j++) {
        unsigned bytes[groups];
#pragma unroll
        for (int i = 0; i < groups; i++) bytes[i] = __funnelshift_r(columns[i][j], columns[i + 1][j], row.shift);
        sums[j] = convolve<groups>(bytes, weights);
      }
      words[c] = pack(sums);
    }
  }

  __device__ static __forceinline__ void downAny(const Row &row, int groups, unsigned (&words)[3]) {
#pragma unroll 1
    for (int c = 0; c < 3; c++) {
      int sums[4] = {1 << 21, 1 << 21, 1 << 21, 1 << 21};
      unsigned last[4];
      readFour(row.columns + c * width, last);
#pragma unroll 1
      for (int i = 0; i < groups; i++) {
        const Weights w = row.weights[i];
        unsigned next[4];
        readFour(row.columns + c * width + (i + 1) * lineWords, next);
#pragma unroll
        for (int j = 0; j < 4; j++) {
          add(sums[j], __funnelshift_r(last[j], next[j], row.shift), w.x, w.y, w.z);
          last[j] = next[j];
        }
      }
#pragma unroll
      for (int j = 0; j < 4; j++) sums[j] >>= 22;
      const unsigned word = pack(sums);
      // Not an index that the compiler does not know.
      if (c == 0) words[0] = word;
      else if (c == 1) words[1] = word;
      else words[2] = word;
    }
  }

  __device__ static __forceinline__ void down(const Row &row, int groups, unsigned (&words)[3]) {
    switch (groups) {
      case 1: downKept<1>(row, words); break;
      case 2: downKept<2>(row, words); break;
      case 3: downKept<3>(row, words); break;
      default: downAny(row, groups, words); break;
    }
  }

  // MARK: Equal sizes

  /// Four pixels from `x` on of a row, of which the picture covers some.
  __device__ static __forceinline__ void copy(const Picture &picture, const Place &place, int x, int y,
                                              unsigned (&words)[3]) {
    const unsigned char *const origin = picture.begin + picture.first + (place.x + x - picture.left) * picture.stepX
      + (place.y + y - picture.top) * picture.stepY;
    const bool isMirrored = picture.stepX < 0;
    const unsigned char *const p = origin - (isMirrored ? 9 : 0);
    if (x >= place.left && x + 4 <= place.right && areWordsInside(picture, p, 12)) {
      unsigned w[3];
      loadTwelve(p, w[0], w[1], w[2]);
      split(w[0], w[1], w[2], words);
#pragma unroll
      for (int c = 0; c < 3; c++) words[c] = __byte_perm(words[c], 0, isMirrored ? 0x0123 : 0x3210);
      return;
    }
    words[0] = words[1] = words[2] = 0;
#pragma unroll 1
    for (int k = max(place.left - x, 0); k < min(place.right - x, 4); k++) {
#pragma unroll
      for (int c = 0; c < 3; c++) words[c] |= unsigned(__ldg(origin + k * picture.stepX + c)) << 8 * k;
    }
  }

  // MARK: Elements

  /// Where a thread's elements go: those of one row, and what is from channel to channel and to its next row.
  struct Target {
    unsigned char *first;
    long long channelStep, rowStep;
    /// Elements of a row from the first on that the canvas has.
    int count;

    __device__ __forceinline__ Target(const Launch &launch, bool isInterleaved, int x, int y) {
      const int size = launch.element == 0 ? 4 : launch.element == 2 ? 1 : 2, pixelSize = isInterleaved ? 3 * size : size;
      const long long tensorRow = (long long)launch.width * pixelSize;
      first = launch.tensor + blockIdx.y * launch.rowByteCount + y * tensorRow + (long long)x * pixelSize;
      channelStep = isInterleaved ? 4 * size : launch.height * tensorRow;
      rowStep = threadCount / 32 * tensorRow;
      count = (isInterleaved ? 3 : 1) * min(launch.width - x, 4);
    }
  };

  /// Four pixels of the canvas, given as four bytes of each channel.
  template <class Element, bool isInterleaved>
  __device__ static __forceinline__ void emit(const Launch &launch, const Target &target, const unsigned (&words)[3]) {
    unsigned char *out = target.first;
    // Rows that are multiples of 16 bytes are multiples of four pixels.
    if (launch.isAligned) {
#pragma unroll
      for (int c = 0; c < 3; c++, out += target.channelStep) Element::storeFour(out, words[c], launch);
      return;
    }
#pragma unroll
    for (int c = 0; c < 3; c++, out += target.channelStep) {
#pragma unroll
      for (int k = 0; k < 4; k++) {
        if ((isInterleaved ? 4 * c : 0) + k < target.count) {
          Element::store(out + k * Element::size, words[c] >> 8 * k & 255, launch);
        }
      }
    }
  }

  template <bool isInterleaved>
  __device__ static __forceinline__ void emitAny(const Launch &launch, const Target &target,
                                                 const unsigned (&words)[3]) {
    const unsigned first = launch.isReversed ? words[2] : words[0], last = launch.isReversed ? words[0] : words[2];
    unsigned own[3] = {first, words[1], last};
    if (isInterleaved) {
      own[0] = __byte_perm(__byte_perm(first, words[1], 0x0040), __byte_perm(last, first, 0x0050), 0x5410);
      own[1] = __byte_perm(__byte_perm(words[1], last, 0x0051), __byte_perm(first, words[1], 0x0062), 0x5410);
      own[2] = __byte_perm(__byte_perm(last, first, 0x0072), __byte_perm(words[1], last, 0x0073), 0x5410);
    }
    switch (launch.element) {
      case 0: emit<Float32, isInterleaved>(launch, target, own); break;
      case 1: emit<Float16, isInterleaved>(launch, target, own); break;
      case 3: emit<Float16Pairs, isInterleaved>(launch, target, own); break;
      default: emit<UInt8, isInterleaved>(launch, target, own); break;
    }
  }

  // MARK: A tile

  template <bool isInterleaved>
  __device__ static __forceinline__ void run(const Picture &picture, const Launch &launch) {
    // The rows' coefficients and their first taps, then the lines.
    SWOOP_DYNAMIC_SHARED(unsigned, memory);
    const int height = launch.tileHeight, groups = picture.downGroups;
    Weights *const rowWeights = reinterpret_cast<Weights *>(memory);
    int *const rowTaps = reinterpret_cast<int *>(memory + height * groups * 4);
    unsigned *const middle = memory + height * (groups * 4 + 1);
    const Place place(picture, int(blockIdx.x % launch.tilesAcross) * width,
                      int(blockIdx.x / launch.tilesAcross) * height, width, height);
    const bool isCopied = picture.method == copiesByDots;
    if (!isCopied && !place.isEmpty()) {
      const Axis across(picture, place, true), down(picture, place, false);
      const Taps first = down.tapsOf(place.top), last = down.tapsOf(place.bottom - 1);
      const int rows = place.bottom - place.top;
#pragma unroll 1
      for (int i = threadIdx.x; i < rows * groups; i += threadCount) rowWeights[i] = __ldg(down.weightsOf(place.top) + i);
#pragma unroll 1
      for (int i = threadIdx.x; i < rows; i += threadCount) rowTaps[i] = down.tapsOf(place.top + i).first - first.first;
      const int x = threadIdx.x % width;
      if (x >= place.left && x < place.right) {
        Dots::across(Lines{picture, across, first.first, last.first + last.count - first.first, middle}, x);
      }
      __syncthreads();
    }
    const int x = threadIdx.x % 32 * 4;
    if (place.x + x >= launch.width) return;
    const int begin = max(place.left - x, 0), end = min(place.right - x, 4);
    // The bytes that are the picture's.
    const unsigned mask = begin < end ? ~0u << 8 * begin & ~0u >> 8 * (4 - end) : 0;
    const unsigned fill = launch.fill * 0x01010101u;
    const int bottom = min(height, launch.height - place.y);
    Target target(launch, isInterleaved, place.x + x, place.y + int(threadIdx.x / 32));
#pragma unroll 1
    for (int y = threadIdx.x / 32; y < bottom; y += threadCount / 32, target.first += target.rowStep) {
      unsigned words[3] = {fill, fill, fill};
      if (y >= place.top && y < place.bottom && mask != 0) {
        if (isCopied) {
          copy(picture, place, x, y, words);
        } else {
          const int tap = rowTaps[y - place.top];
          const Row row = {middle + (tap >> 2) * lineWords + x, unsigned(tap & 3) * 8,
                           rowWeights + (y - place.top) * groups};
          Dots::down(row, groups, words);
        }
#pragma unroll
        for (int c = 0; c < 3; c++) words[c] = (words[c] & mask) | (fill & ~mask);
      }
      emitAny<isInterleaved>(launch, target, words);
    }
  }
};

/// Blocks of a multiprocessor at once. With six there are 40 registers for a thread and some of what they should hold is in
/// memory; on an H200 five were a tenth to a fifth faster, and as fast as four.
constexpr int dotsBlocks = linearBlocks < 5 ? linearBlocks : 5;

}  // namespace preprocess

// A grid of (tiles of the canvas, pictures). Tiles are 128 pixels wide.

#ifndef SWOOP_NO_DOTS_KERNELS
extern "C" __global__ void __launch_bounds__(preprocess::threadCount, preprocess::dotsBlocks)
preprocess_dots_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  if (pictures[blockIdx.y].method >= preprocess::byDots) preprocess::Dots::run<false>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, preprocess::dotsBlocks)
preprocess_dots_nhwc(const preprocess::Picture *pictures, preprocess::Launch launch) {
  if (pictures[blockIdx.y].method >= preprocess::byDots) preprocess::Dots::run<true>(pictures[blockIdx.y], launch);
}
#endif

SWOOP_EMULATED_KERNEL(preprocess_dots_nchw)
SWOOP_EMULATED_KERNEL(preprocess_dots_nhwc)
