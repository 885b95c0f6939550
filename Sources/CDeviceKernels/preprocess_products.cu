// Pillow's bicubic for pictures that are not turned and not reduced enormously: the same records and elements as in
// preprocess.cu and the same tables as in preprocess_bicubic.cu.
//
// Both convolutions are products of matrices as there, but what is multiplied is never moved to where it is wanted:
//
// 1. Across, a warp makes 16 bytes of a line's interleaved bytes for 32 lines at a time. The coefficients are spread as the
//    channels lie in memory, with zeros between, so that the loaded words are operands as they are. Four lines' bytes of one
//    channel are a word of shared memory.
// 2. Down, such words are operands again. A warp makes eight rows of 32 columns; a thread has four columns of two rows and
//    stores their elements.
//
// There is one barrier between, and blocks are small, so that some load while others calculate.

namespace preprocess {

struct Products {
  /// A tile's width. How high tiles are is the launch's choice.
  static constexpr int width = 128;
  /// Words of shared memory from one channel of four lines to the next, and that four lines take: multiples of 4, such that
  /// what a warp stores or loads at once is in different banks.
  static constexpr int channelWords = width + 4, lineWords = 3 * channelWords + 12;
  static constexpr int warpCount = threadCount / 32;

  /// One group's part of a sum of bytes times coefficients by bytes (`Weights`).
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

  /// Sums of 16 x 8 bytes in three parts, by the coefficients' bytes.
  struct Sums {
    int low[4], middle[4], high[4];

    /// With a half of the result's unit of 2^22, so that it is rounded.
    __device__ __forceinline__ Sums()
        : low{1 << 21, 1 << 21, 1 << 21, 1 << 21}, middle{0, 0, 0, 0}, high{0, 0, 0, 0} {}

    __device__ __forceinline__ void add(const unsigned (&bytes)[4], const unsigned (&planes)[3][2]) {
      swoop_multiply<true>(high, bytes, planes[2]);
      swoop_multiply<false>(middle, bytes, planes[1]);
      swoop_multiply<false>(low, bytes, planes[0]);
    }

    __device__ __forceinline__ int operator[](int i) const {
      return int((unsigned(high[i]) * 256 + unsigned(middle[i])) * 256 + unsigned(low[i])) >> 22;
    }
  };

  // MARK: Across

  /// The lines of the source that a tile needs, and where their bytes go.
  struct Lines {
    const Picture &picture;
    const Axis &across;
    int first, count;
    unsigned *middle;

    /// Lines from one within these on, four at a time, whose words do not reach over the picture's memory; words are aligned
    /// to `alignment` bytes.
    __device__ __forceinline__ int2 inside(int alignment) const {
      const size_t ends = reinterpret_cast<size_t>(picture.begin) | size_t(picture.byteCount);
      return (ends & size_t(alignment - 1)) == 0 ? make_int2(0, picture.height) : make_int2(1, picture.height - 4);
    }
  };

  /// 16 neighbouring bytes of the canvas's interleaved lines: the window of a line in which all their taps are, and a lane's
  /// part of the coefficients.
  ///
  /// A lane has eight bytes of each 32 of the window, and the coefficients for one output of each eight.
  template <int steps, int alignment>
  struct Window {
    /// Where the window of the picture's first line begins.
    const unsigned char *begin;
    unsigned planes[2][steps][3][2];

    __device__ __forceinline__ Window(const Lines &lines, int output, int left, int right) {
      const Picture &picture = lines.picture;
      const Axis &across = lines.across;
      const bool isMirrored = across.step < 0;
      const unsigned char *const origin = picture.begin + picture.first;
      const int lowest = isMirrored ? right : left;
      const Taps taps = across.tapsOf(lowest);
      const unsigned char *const from = origin + (isMirrored ? taps.first + taps.count - 1 : taps.first) * across.step;
      const unsigned char *const end = origin + (isMirrored ? 3 : 3 * picture.width);
      constexpr size_t mask = ~size_t(alignment - 1);
      // A window that would reach over the line's end ends there.
      const size_t last = ((reinterpret_cast<size_t>(end) + alignment - 1) & mask) - 32 * steps;
      begin = reinterpret_cast<const unsigned char *>(min(reinterpret_cast<size_t>(from) & mask, last));
      const int lane = threadIdx.x % 32;
#pragma unroll
      for (int half = 0; half < 2; half++) {
        const int own = output + 8 * half + lane / 4, x = own / 3, channel = own - 3 * x;
        const bool isCovered = x >= left && x <= right;
        const int covered = isCovered ? x : left;
        const Weights *const weights = across.weightsOf(covered);
        const int groups = isCovered ? across.groups : 0;
        // Where in the window the output's first tap in memory is: the last where the picture is mirrored.
        const int first = across.tapsOf(covered).first + (isMirrored ? 4 * groups - 1 : 0);
        const int place = int(origin - begin) + first * across.step + channel;
#pragma unroll
        for (int step = 0; step < steps; step++) spread(weights, groups, 32 * step + lane % 4 * 8 - place, isMirrored, step, half);
      }
    }

    /// The coefficients of eight bytes: taps are three bytes apart. `offset` is the first byte's from the first tap's.
    __device__ __forceinline__ void spread(const Weights *weights, int groups, int offset, bool isMirrored, int step,
                                           int half) {
      // The first tap at or behind the first byte; offset is above -3 * 64 wherever there may be one.
      const int tap = int(unsigned(offset + 3 * 1024 + 2) / 3) - 1024, at = 3 * tap - offset;
      const unsigned low = at == 0 ? 0x1440 : at == 1 ? 0x4404 : 0x4044;
      const unsigned high = at == 0 ? 0x4244 : at == 1 ? 0x2441 : 0x4414;
      unsigned taps[3];
      weightsFrom(weights, groups, isMirrored ? 4 * groups - 4 - tap : tap, taps);
#pragma unroll
      for (int plane = 0; plane < 3; plane++) {
        if (isMirrored) taps[plane] = __byte_perm(taps[plane], 0, 0x0123);
        planes[half][step][plane][0] = __byte_perm(taps[plane], 0, low);
        planes[half][step][plane][1] = __byte_perm(taps[plane], 0, high);
      }
    }
  };

  /// Eight bytes from `p` on, of which the address is a multiple of `alignment`.
  template <int alignment>
  __device__ static __forceinline__ uint2 loadEight(const unsigned char *p) {
    if (alignment == 8) return __ldg(reinterpret_cast<const uint2 *>(p));
    const unsigned *const words = alignment == 4 ? reinterpret_cast<const unsigned *>(p) : wordOf(p);
    const unsigned first = __ldg(words), second = __ldg(words + 1);
    if (alignment == 4) return make_uint2(first, second);
    const unsigned shift = shiftOf(p), third = shift != 0 ? __ldg(words + 2) : 0;
    return make_uint2(__funnelshift_r(first, second, shift), __funnelshift_r(second, third, shift));
  }

  /// Convolves the lines by windows of 32 * `steps` bytes, in words aligned to `alignment` bytes: 8, 4 or 1.
  template <int steps, int alignment>
  __device__ static __forceinline__ void acrossWindows(const Lines &lines, const Place &place) {
    const int lane = threadIdx.x % 32, stepY = int(lines.picture.stepY);
    const int2 inside = lines.inside(alignment == 8 ? 8 : 4);
    const int lowest = inside.x, highest = min(inside.y + 3, lines.picture.height) - 1;
    if (lowest > highest) return;
#pragma unroll 1
    for (int output = threadIdx.x / 32 * 16; output < 3 * width; output += 16 * warpCount) {
      const int left = max(output / 3, place.left), right = min((output + 15) / 3, place.right - 1);
      if (left > right) continue;
      const Window<steps, alignment> window(lines, output, left, right);
      const unsigned char *const begin = window.begin + lane % 4 * 8;
      // Where two outputs of each eight go.
      unsigned *out[2][2];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        const int own = output + 8 * (i / 2) + lane % 4 * 2 + i % 2;
        out[i / 2][i % 2] = lines.middle + lane / 4 * lineWords + own % 3 * channelWords + own / 3;
      }
      int at = 0;
#pragma unroll 1
      for (int line = lines.first + lane / 4 * 4, end = lines.first + lines.count; line - lane / 4 * 4 < end;
           line += 32, at += 8 * lineWords) {
        uint2 words[4][steps];
#pragma unroll
        for (int k = 0; k < 4; k++) {
          const unsigned char *const p = swoop_offset(begin, max(min(line + k, highest), lowest), stepY);
#pragma unroll
          for (int step = 0; step < steps; step++) words[k][step] = loadEight<alignment>(p + 32 * step);
        }
        const bool isMine = line < end && line >= inside.x && line < inside.y;
#pragma unroll
        for (int half = 0; half < 2; half++) {
          int bytes[2][4];
#pragma unroll
          for (int pair = 0; pair < 2; pair++) {
            Sums sums;
#pragma unroll
            for (int step = 0; step < steps; step++) {
              const uint2 one = words[2 * pair][step], other = words[2 * pair + 1][step];
              const unsigned operand[4] = {one.x, other.x, one.y, other.y};
              sums.add(operand, window.planes[half][step]);
            }
#pragma unroll
            for (int i = 0; i < 4; i++) bytes[i % 2][2 * pair + i / 2] = sums[i];
          }
          if (!isMine) continue;
#pragma unroll
          for (int i = 0; i < 2; i++) out[half][i][at] = pack(bytes[i]);
        }
      }
    }
  }

  /// A column's window: 4 * `groups` pixels of a line within the picture, in the order of memory, and their coefficients.
  struct ColumnWindow {
    const unsigned char *begin;
    const Weights *weights;
    int groups, late;
    bool isMirrored;

    __device__ __forceinline__ ColumnWindow(const Lines &lines, int x, int groups) : groups(groups) {
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

  /// Any number of taps, a thread a column, by dot products.
  __device__ static __forceinline__ void acrossColumns(const Lines &lines, int x) {
    const int groups = lines.across.groups;
    const ColumnWindow window(lines, x, groups);
    const int last = lines.picture.height - 1, stepY = int(lines.picture.stepY), end = lines.first + lines.count;
    const int2 inside = lines.inside(4);
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
        out[c * channelWords] = pack(sums[c]);
      }
    }
  }

  /// The lines that are not `inside`, by bytes.
  __device__ static __forceinline__ void acrossBytes(const Lines &lines, const int2 inside, int x) {
    const Picture &picture = lines.picture;
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
      for (int c = 0; c < 3; c++) own[c * channelWords] = words[c];
    }
  }

  template <int steps>
  __device__ static __forceinline__ void acrossAligned(const Lines &lines, const Place &place) {
    switch (lines.picture.innerOutputs) {
      case 8: acrossWindows<steps, 8>(lines, place); break;
      case 4: acrossWindows<steps, 4>(lines, place); break;
      default: acrossWindows<steps, 1>(lines, place); break;
    }
  }

  /// The host says how many steps windows have and how their words are aligned.
  __device__ static __forceinline__ void across(const Lines &lines, const Place &place) {
    const int steps = lines.picture.innerSteps, x = threadIdx.x % width;
    const bool isMine = x >= place.left && x < place.right;
    switch (steps) {
      case 1: acrossAligned<1>(lines, place); break;
      case 2: acrossAligned<2>(lines, place); break;
      case 3: acrossAligned<3>(lines, place); break;
      default:
        if (isMine && lines.picture.width >= 4 * lines.across.groups) acrossColumns(lines, x);
        break;
    }
    int2 inside = lines.inside(steps > 0 && lines.picture.innerOutputs == 8 ? 8 : 4);
    if (steps == 0 && lines.picture.width < 4 * lines.across.groups) inside = make_int2(0, 0);
    if (isMine && (inside.x != 0 || inside.y != lines.picture.height)) acrossBytes(lines, inside, x);
  }

  // MARK: Down

  __device__ static __forceinline__ void readFour(const unsigned *p, unsigned (&words)[4]) {
    const uint4 v = *reinterpret_cast<const uint4 *>(p);
    words[0] = v.x;
    words[1] = v.y;
    words[2] = v.z;
    words[3] = v.w;
  }

  /// Eight rows of the tile: their lines, and a lane's part of the coefficients, 32 lines a step. Most need one or two, which
  /// stay in registers.
  struct Strip {
    static constexpr int kept = 2;
    unsigned planes[kept][3][2];
    int steps;
    /// The first of the words of four lines, and the last that there is.
    int word, last;

    __device__ __forceinline__ Strip(const Axis &down, int row, const Lines &lines, int steps) : steps(steps) {
      word = (down.tapsOf(max(row, down.begin)).first - lines.first) / 4;
      last = (lines.count + 3) / 4 - 1;
      const BandPart part(down, row, lines.first + 4 * word);
      part.load(0, planes[0]);
      if (steps > 1) part.load(1, planes[1]);
    }

    /// Of one channel, the words of columns 4 * (lane / 4) to 4 * (lane / 4) + 3 from `x` on, of rows 2 * (lane % 4) and the
    /// next.
    template <int most>
    __device__ __forceinline__ void convolve(const unsigned *columns, const Axis &down, int row, int firstLine,
                                             unsigned (&upper), unsigned (&lower)) const {
      const int lane = threadIdx.x % 32;
      const unsigned *const p = columns + lane / 4 * 4;
      Sums sums[2];
      const auto add = [&](int step, const unsigned(&planes)[3][2]) {
        unsigned first[4], second[4];
        const int at = word + lane % 4 + 8 * step;
        readFour(p + min(at, last) * lineWords, first);
        readFour(p + min(at + 4, last) * lineWords, second);
#pragma unroll
        for (int pair = 0; pair < 2; pair++) {
          const unsigned operand[4] = {first[2 * pair], first[2 * pair + 1], second[2 * pair], second[2 * pair + 1]};
          sums[pair].add(operand, planes);
        }
      };
      add(0, planes[0]);
      if (most > 1 && steps > 1) add(1, planes[1]);
      if (most > kept) {
        const BandPart part(down, row, firstLine + 4 * word);
#pragma unroll 1
        for (int step = kept; step < steps; step++) {
          unsigned more[3][2];
          part.load(step, more);
          add(step, more);
        }
      }
      const int up[4] = {sums[0][0], sums[0][2], sums[1][0], sums[1][2]};
      const int low[4] = {sums[0][1], sums[0][3], sums[1][1], sums[1][3]};
      upper = pack(up);
      lower = pack(low);
    }
  };

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

  /// Where a thread's elements go: those of one row, and what is from channel to channel and to the next row.
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
      rowStep = tensorRow;
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

  /// The bytes of a word of four columns from `x` on that are the picture's.
  __device__ static __forceinline__ unsigned maskOf(const Place &place, int x) {
    const int begin = max(place.left - x, 0), end = min(place.right - x, 4);
    return begin < end ? ~0u << 8 * begin & ~0u >> 8 * (4 - end) : 0;
  }

  template <bool isInterleaved>
  __device__ static __forceinline__ void runCopy(const Picture &picture, const Launch &launch, const Place &place) {
    const int x = threadIdx.x % 32 * 4;
    if (place.x + x >= launch.width) return;
    const unsigned mask = maskOf(place, x), fill = launch.fill * 0x01010101u;
    const int bottom = min(launch.tileHeight, launch.height - place.y);
    Target target(launch, isInterleaved, place.x + x, place.y + int(threadIdx.x / 32));
#pragma unroll 1
    for (int y = threadIdx.x / 32; y < bottom; y += warpCount, target.first += warpCount * target.rowStep) {
      unsigned words[3] = {fill, fill, fill};
      if (y >= place.top && y < place.bottom && mask != 0) copy(picture, place, x, y, words);
#pragma unroll
      for (int c = 0; c < 3; c++) words[c] = (words[c] & mask) | (fill & ~mask);
      emitAny<isInterleaved>(launch, target, words);
    }
  }

  template <bool isInterleaved, int most>
  __device__ static __forceinline__ void runDown(const Picture &picture, const Launch &launch, const Place &place,
                                                 const Axis &down, const Lines &lines) {
    const unsigned fill = launch.fill * 0x01010101u;
    const int lane = threadIdx.x % 32, bottom = min(launch.tileHeight, launch.height - place.y);
    // Eights of rows by 32 columns; neighbouring ones of a warp have the same rows.
    constexpr int blocks = width / 32;
    const int units = (bottom + 7) / 8 * blocks, share = (units + warpCount - 1) / warpCount;
    const int begin = int(threadIdx.x / 32) * share, end = min(begin + share, units);
#pragma unroll 1
    for (int unit = begin; unit < end;) {
      const int row = unit / blocks * 8, y = row + lane % 4 * 2;
      const int stop = min((unit / blocks + 1) * blocks, end);
      const bool isCovered = row < place.bottom && row + 8 > place.top && !place.isEmpty();
      const Strip strip(down, isCovered ? row : place.top, lines, picture.outerSteps);
#pragma unroll 1
      for (; unit < stop; unit++) {
        const int left = unit % blocks * 32, x = left + lane / 4 * 4;
        unsigned words[2][3] = {{fill, fill, fill}, {fill, fill, fill}};
        if (isCovered && left < place.right && left + 32 > place.left) {
#pragma unroll
          for (int c = 0; c < 3; c++) {
            strip.convolve<most>(lines.middle + c * channelWords + left, down, row, lines.first, words[0][c], words[1][c]);
          }
        }
        if (place.x + x >= launch.width) continue;
        const unsigned mask = maskOf(place, x);
        Target target(launch, isInterleaved, place.x + x, place.y + y);
#pragma unroll
        for (int i = 0; i < 2; i++, target.first += target.rowStep) {
          if (y + i >= bottom) break;
          const unsigned own = y + i >= place.top && y + i < place.bottom ? mask : 0;
#pragma unroll
          for (int c = 0; c < 3; c++) words[i][c] = (words[i][c] & own) | (fill & ~own);
          emitAny<isInterleaved>(launch, target, words[i]);
        }
      }
    }
  }

  template <bool isInterleaved>
  __device__ static __forceinline__ void run(const Picture &picture, const Launch &launch) {
    SWOOP_DYNAMIC_SHARED(unsigned, middle);
    const int height = launch.tileHeight;
    const Place place(picture, int(blockIdx.x % launch.tilesAcross) * width,
                      int(blockIdx.x / launch.tilesAcross) * height, width, height);
    if (picture.method == copiesByProducts || place.isEmpty()) {
      runCopy<isInterleaved>(picture, launch, place);
      return;
    }
    const Axis across(picture, place, true), down(picture, place, false);
    const Taps first = down.tapsOf(place.top), last = down.tapsOf(place.bottom - 1);
    const Lines lines{picture, across, first.first, last.first + last.count - first.first, middle};
    Products::across(lines, place);
    __syncthreads();
    switch (picture.outerSteps) {
      case 1: runDown<isInterleaved, 1>(picture, launch, place, down, lines); break;
      case 2: runDown<isInterleaved, 2>(picture, launch, place, down, lines); break;
      default: runDown<isInterleaved, 3>(picture, launch, place, down, lines); break;
    }
  }
};

/// Blocks of a multiprocessor at once.
#ifndef SWOOP_PRODUCT_BLOCKS
#define SWOOP_PRODUCT_BLOCKS 4
#endif
constexpr int productBlocks = linearBlocks < SWOOP_PRODUCT_BLOCKS ? linearBlocks : SWOOP_PRODUCT_BLOCKS;

}  // namespace preprocess

// A grid of (tiles of the canvas, pictures). Tiles are 128 pixels wide.

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, preprocess::productBlocks)
preprocess_products_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  if (pictures[blockIdx.y].method >= preprocess::byProducts) preprocess::Products::run<false>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, preprocess::productBlocks)
preprocess_products_nhwc(const preprocess::Picture *pictures, preprocess::Launch launch) {
  if (pictures[blockIdx.y].method >= preprocess::byProducts) preprocess::Products::run<true>(pictures[blockIdx.y], launch);
}

SWOOP_EMULATED_KERNEL(preprocess_products_nchw)
SWOOP_EMULATED_KERNEL(preprocess_products_nhwc)
