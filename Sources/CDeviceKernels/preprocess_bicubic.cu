// Pillow's bicubic: the same tiles, elements and records as in preprocess.cu, and another way to make a tile's bytes.
//
// Both convolutions are one: lines of bytes times a band matrix of coefficients, by the tensor cores' products of 8-bit
// numbers with 32-bit sums, which are exact. A coefficient of 22 bits and a sign is three such numbers, so there are three
// products, added up with shifts. No byte is ever taken out of its word:
//
// 1. The source's lines are put into shared memory upright and in planes, some at a time (the stage).
// 2. A warp convolves 32 lines for 8 outputs. Of each output, a thread has the bytes of four lines that follow each other,
//    a word across the lines; these are the lines of the other convolution (the middle).
// 3. A warp convolves 32 of those for 8 outputs; the words are along the first lines again, and go to the tile.
//
// Where a picture is resized down first, its columns are the lines.

namespace preprocess {

// MARK: Band matrices

/// The coefficients of four taps, by bytes: 2^16 * z + 2^8 * y + x, of which only z has a sign.
using Weights = uint4;

/// Groups of four coefficients that are zero, before those of each output and behind the last.
constexpr int zeroGroups = 2;

/// The bytes of an output's coefficients from tap `tap` on, which may be before the first or behind the last. With fewer than
/// 0 groups there are only zeros.
__device__ __forceinline__ void weightsFrom(const Weights *weights, int groups, int tap, unsigned (&planes)[3]) {
  const Weights *const p = swoop_offset(weights, min(max(tap >> 2, -zeroGroups), groups), int(sizeof(Weights)));
  const unsigned shift = (tap & 3) * 8;
  const Weights low = __ldg(p), high = __ldg(p + 1);
  planes[0] = __funnelshift_r(low.x, high.x, shift);
  planes[1] = __funnelshift_r(low.y, high.y, shift);
  planes[2] = __funnelshift_r(low.z, high.z, shift);
}

/// The coefficient of one tap of an output.
__device__ __forceinline__ int weightOf(const Weights *weights, int tap) {
  const Weights four = __ldg(weights + tap / 4);
  const int shift = tap % 4 * 8;
  return int(four.z << (24 - shift)) >> 24 << 16 | int((four.y >> shift & 255) << 8) | int(four.x >> shift & 255);
}

__device__ __forceinline__ unsigned char byteOf(int sum) { return (unsigned char)min(max(sum >> 22, 0), 255); }

// MARK: Axes

/// One axis of a picture: the table of its outputs, from the tile's first on, and the steps in memory.
struct Axis {
  const Taps *taps;
  const Weights *weights;
  int groups;
  /// Bytes from one input to the next, some millions at most.
  int step;
  /// The tile's outputs that the picture covers.
  int begin, end;

  __device__ Axis(const Picture &picture, const Place &place, bool isAcross) {
    const Taps *table = isAcross ? picture.across : picture.down;
    const int outputs = isAcross ? picture.targetWidth : picture.targetHeight;
    const int first = isAcross ? place.x - picture.left : place.y - picture.top;
    groups = isAcross ? picture.acrossGroups : picture.downGroups;
    taps = table + first;
    // Behind an even number of Taps.
    weights = reinterpret_cast<const Weights *>(table + (outputs + 1) / 2 * 2)
      + (long long)first * (groups + zeroGroups) + zeroGroups;
    step = int(isAcross ? picture.stepX : picture.stepY);
    begin = isAcross ? place.left : place.top;
    end = isAcross ? place.right : place.bottom;
  }

  /// Loads by value: the tables are written by nobody meanwhile.
  __device__ __forceinline__ Taps tapsOf(int output) const {
    const int2 v = __ldg(reinterpret_cast<const int2 *>(swoop_offset(taps, output, int(sizeof(Taps)))));
    return {v.x, v.y};
  }
  __device__ __forceinline__ const Weights *weightsOf(int output) const {
    return swoop_offset(weights, output, int(sizeof(Weights)) * (groups + zeroGroups));
  }
};

/// A thread's part of the matrix of coefficients of eight outputs of an axis.
struct BandPart {
  const Weights *weights;
  int groups;
  /// The tap of the matrix's first row.
  int tap;

  /// - Parameters:
  ///   - output: the first of the eight. At least one is covered by the picture.
  ///   - firstInput: the matrix's first row's.
  __device__ __forceinline__ BandPart(const Axis &axis, int output, int firstInput) {
    const int lane = threadIdx.x % 32, mine = output + lane / 4;
    // An output that the picture does not cover has no taps.
    const bool isCovered = mine >= axis.begin && mine < axis.end;
    const int own = isCovered ? mine : max(output, axis.begin);
    groups = isCovered ? axis.groups : -zeroGroups;
    weights = axis.weightsOf(own);
    tap = firstInput - axis.tapsOf(own).first;
  }

  /// The rows of 32 inputs: of each byte of the coefficients two words. A lane has four inputs and, 16 on, four more.
  __device__ __forceinline__ void load(int step, unsigned (&planes)[3][2]) const {
    load(tap + 32 * step + threadIdx.x % 4 * 4, 16, planes);
  }

  /// The same where a lane has eight inputs.
  __device__ __forceinline__ void loadEights(int step, unsigned (&planes)[3][2]) const {
    load(tap + 32 * step + threadIdx.x % 4 * 8, 4, planes);
  }

  __device__ __forceinline__ void load(int first, int between, unsigned (&planes)[3][2]) const {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      unsigned bytes[3];
      weightsFrom(weights, groups, first + half * between, bytes);
#pragma unroll
      for (int plane = 0; plane < 3; plane++) planes[plane][half] = bytes[plane];
    }
  }
};

/// Eight outputs along an axis: where their inputs are in the lines, and their matrix of coefficients, 32 inputs a step.
/// Most need one or two, which stay in registers.
struct Band {
  static constexpr int kept = 2;
  unsigned matrix[kept][3][2];
  int steps;
  // The first word of a line.
  int word;

  /// - Parameters:
  ///   - output: the first of the eight. At least one is covered by the picture.
  ///   - first: the input that lines begin with.
  __device__ __forceinline__ Band(const Axis &axis, int output, int first, int steps) : steps(steps) {
    word = (axis.tapsOf(max(output, axis.begin)).first - first) / 4;
    const BandPart part(axis, output, first + 4 * word);
    part.load(0, matrix[0]);
    if (steps > 1) part.load(1, matrix[1]);
  }

  /// 32 lines from `lines` on: the words of lines 4 * (lane / 4) to 4 * (lane / 4) + 3 of outputs 2 * (lane % 4) and
  /// 2 * (lane % 4) + 1. All lanes of a warp come here together. `isLong` says that there are more steps than are kept; it
  /// takes what the band was made of.
  template <bool isLong>
  __device__ __forceinline__ void convolve(const unsigned *lines, int pitch, unsigned (&words)[2], const Axis &axis,
                                           int output, int first) const {
    const int lane = threadIdx.x % 32;
    const unsigned *p = lines + lane / 4 * 4 * pitch + word + lane % 4;
    int sums[4][2];
#pragma unroll
    for (int pair = 0; pair < 2; pair++, p += 2 * pitch) {
      // A half of the result's unit of 2^22, so that it is rounded.
      int low[4] = {1 << 21, 1 << 21, 1 << 21, 1 << 21}, middle[4] = {0, 0, 0, 0}, high[4] = {0, 0, 0, 0};
      const auto add = [&](int step, const unsigned(&planes)[3][2]) {
        const unsigned *q = p + 8 * step;
        const unsigned bytes[4] = {q[0], q[pitch], q[4], q[pitch + 4]};
        swoop_multiply<false, true>(high, bytes, planes[2]);
        swoop_multiply<false, false>(middle, bytes, planes[1]);
        swoop_multiply<false, false>(low, bytes, planes[0]);
      };
      add(0, matrix[0]);
      if (steps > 1) add(1, matrix[1]);
      if (isLong) {
        const BandPart part(axis, output, first + 4 * word);
#pragma unroll 1
        for (int step = kept; step < steps; step++) {
          unsigned planes[3][2];
          part.load(step, planes);
          add(step, planes);
        }
      }
#pragma unroll
      for (int i = 0; i < 4; i++) sums[2 * pair + i / 2][i % 2] = (high[i] * 256 + middle[i]) * 256 + low[i];
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
      words[i] = swoop_pack_bytes(sums[0][i] >> 22, sums[1][i] >> 22, sums[2][i] >> 22, sums[3][i] >> 22);
    }
  }
};

// MARK: A tile by words

/// `inner` is the axis that is convolved first, `outer` the other. The host sees to it (BicubicPlan) that `innerOutputs`
/// by `outerOutputs` outputs have room for their inputs in the memory here.
///
/// `isAny` says whether pictures may be resized down first, or be reduced so much that eight outputs need more inputs than a
/// Band keeps.
template <class Tile, bool isAny>
struct Bicubic {
  /// Words of shared memory: the middle, the stage, and what is read behind them and multiplied by 0.
  static constexpr int middleWords = 5568, stageWords = 5120, slackWords = 256;
  static constexpr int wordCount = middleWords + stageWords + slackWords;

  const Picture &picture;
  const Axis inner, outer;
  const bool isDownFirst;

  __device__ Bicubic(const Picture &picture, const Place &place)
      : picture(picture),
        inner(picture, place, !isAny || picture.method == acrossFirst),
        outer(picture, place, isAny && picture.method == downFirst),
        isDownFirst(isAny && picture.method == downFirst) {}

  /// The stage: three planes of lines, an odd number of words apart, so that threads read from different banks.
  struct Stage {
    unsigned *words;
    int pitch, lines;
    /// The picture's place that comes first.
    int innerFirst, outerFirst;
  };

  /// Selects the bytes of four pixels' channels from 12 interleaved bytes, in the order of memory or the other way.
  struct Planes {
    unsigned red, green, blue;

    __device__ __forceinline__ explicit Planes(bool isMirrored)
        : red(isMirrored ? 0x0125 : 0x5210), green(isMirrored ? 0x0126 : 0x6210), blue(isMirrored ? 0x0147 : 0x7410) {}

    template <bool isAligned>
    __device__ __forceinline__ void split(const unsigned (&w)[4], unsigned shift, unsigned (&planes)[3]) const {
      const unsigned w0 = isAligned ? w[0] : __funnelshift_r(w[0], w[1], shift);
      const unsigned w1 = isAligned ? w[1] : __funnelshift_r(w[1], w[2], shift);
      const unsigned w2 = isAligned ? w[2] : __funnelshift_r(w[2], w[3], shift);
      planes[0] = __byte_perm(__byte_perm(w0, w1, 0x0630), w2, red);
      planes[1] = __byte_perm(__byte_perm(w0, w1, 0x0741), w2, green);
      planes[2] = __byte_perm(__byte_perm(w0, w1, 0x0052), w2, blue);
    }
  };

  /// How threads share rows of `groups` groups of four pixels: each keeps its place along memory.
  struct Share {
    int x, y, width, height;

    __device__ __forceinline__ Share(int groups, int neighbours) {
      const unsigned thread = threadIdx.x / neighbours, threads = threadCount / neighbours;
      width = min(groups, int(threads));
      // Quotients of numbers up to 256.
      const unsigned inverse = 65535u / unsigned(width) + 1;
      height = int(threads * inverse >> 16);
      y = int(thread * inverse >> 16);
      x = int(thread) - y * width;
    }
  };

  /// Where in memory lines of the source are: from `origin` on, pixels along memory `step` bytes apart, and `otherStep` the
  /// other way.
  struct Source {
    const unsigned char *origin;
    int step, otherStep;
    bool isInside, isAligned;

    /// - Parameters: along, other: the pixels both ways. `isInside` says whether the words of all groups of four, and
    ///   `isAligned` that each begins with one.
    __device__ __forceinline__ Source(const Picture &picture, const unsigned char *origin, int step, int otherStep,
                                      int along, int other)
        : origin(origin), step(step), otherStep(otherStep) {
      const long long alongEnd = ((along - 1) & ~3) * step, otherEnd = (long long)(other - 1) * otherStep;
      const unsigned char *const start = first();
      isInside = areWordsInside(picture, start + min(alongEnd, 0ll) + min(otherEnd, 0ll), 12)
        && areWordsInside(picture, start + max(alongEnd, 0ll) + max(otherEnd, 0ll), 12);
      isAligned = ((unsigned)reinterpret_cast<size_t>(start) | unsigned(otherStep)) % 4 == 0;
    }

    /// The lowest byte of the first group.
    __device__ __forceinline__ const unsigned char *first() const { return origin - (step < 0 ? 9 : 0); }
  };

  /// Where the stage's first pixel is.
  __device__ __forceinline__ const unsigned char *originOf(int innerFirst, int outerFirst) const {
    return picture.begin + picture.first + (long long)innerFirst * inner.step + (long long)outerFirst * outer.step;
  }

  /// Fills the stage by bytes.
  template <bool isTurned>
  __device__ __forceinline__ static void fillBytes(const Stage &stage, const Source &source, const unsigned char *origin,
                                                   int along, int other) {
    unsigned char *const bytes = reinterpret_cast<unsigned char *>(stage.words);
    const int pitch = stage.pitch * 4, plane = stage.lines * pitch;
#pragma unroll 1
    for (int i = threadIdx.x; i < along * other; i += threadCount) {
      const int y = i / along, x = i - y * along;
      const unsigned char *p = origin + x * source.step + (long long)y * source.otherStep;
      unsigned char *out = bytes + (isTurned ? x * pitch + y : y * pitch + x);
#pragma unroll
      for (int c = 0; c < 3; c++) out[c * plane] = __ldg(p + c);
    }
  }

  /// Fills the stage's bytes of a thread's place in rows in memory, of which there are `other`.
  template <bool isTurned, bool isAligned>
  __device__ __forceinline__ static void fillGroups(const Stage &stage, const Planes &order, const unsigned char *p,
                                                    unsigned char *out, int row, int rowStep, int other, int otherStep) {
    const int outStep = isTurned ? rowStep : 4 * rowStep * stage.pitch;
    const long long step = (long long)rowStep * otherStep;
    for (; row + 3 * rowStep < other; row += 4 * rowStep) fillRows<4, isTurned, isAligned>(stage, order, p, out, step, outStep);
    if (row + rowStep < other) {
      fillRows<2, isTurned, isAligned>(stage, order, p, out, step, outStep);
      row += 2 * rowStep;
    }
    if (row < other) fillRows<1, isTurned, isAligned>(stage, order, p, out, step, outStep);
  }

  /// `together` groups, which are loaded before any is stored.
  template <int together, bool isTurned, bool isAligned>
  __device__ __forceinline__ static void fillRows(const Stage &stage, const Planes &order, const unsigned char *&p,
                                                  unsigned char *&out, long long step, int outStep) {
    unsigned words[together][4], shifts[together];
#pragma unroll
    for (int k = 0; k < together; k++) load<isAligned>(p, step, words[k], shifts[k]);
#pragma unroll
    for (int k = 0; k < together; k++) {
      store<isTurned, isAligned>(order, words[k], shifts[k], out, stage.pitch, stage.lines * stage.pitch * 4);
      out += outStep;
    }
  }

  /// Fills the stage with `lines` lines of `count` pixels that are columns in memory. Four neighbouring threads take the
  /// bytes of one word of the stage, and eight such fours store into as many banks.
  __device__ __forceinline__ void fillTurned(const Stage &stage, int count, int lines) const {
    const Source source(picture, originOf(stage.innerFirst, stage.outerFirst), outer.step, inner.step, lines, count);
    if (!source.isInside) {
      fillBytes<true>(stage, source, source.origin, lines, count);
      return;
    }
    const int groups = (lines + 3) / 4;
    const Share share(groups, 4);
    if (share.y >= share.height) return;
    const Planes order(source.step < 0);
    const int row = share.y * 4 + threadIdx.x % 4;
    for (int x = share.x; x < groups; x += share.width) {
      fillGroups<true, false>(stage, order, source.first() + 4 * x * source.step + (long long)row * source.otherStep,
                              reinterpret_cast<unsigned char *>(stage.words) + 16 * x * stage.pitch + row, row,
                              share.height * 4, count, source.otherStep);
    }
  }

  /// The words of 12 bytes from `p` on, which moves on.
  template <bool isAligned>
  __device__ static __forceinline__ void load(const unsigned char *&p, long long add, unsigned (&words)[4],
                                              unsigned &shift) {
    const unsigned *from = wordOf(p);
    shift = isAligned ? 0 : shiftOf(p);
    words[0] = __ldg(from);
    words[1] = __ldg(from + 1);
    words[2] = __ldg(from + 2);
    // Without a branch, which would wait for what was loaded: at a word's start the last word is loaded twice.
    if (!isAligned) words[3] = __ldg(from + (shift != 0 ? 3 : 2));
    p += add;
  }

  template <bool isTurned, bool isAligned>
  __device__ static __forceinline__ void store(const Planes &order, const unsigned (&words)[4], unsigned shift,
                                               unsigned char *out, int pitch, int plane) {
    unsigned planes[3];
    order.template split<isAligned>(words, shift, planes);
#pragma unroll
    for (int c = 0; c < 3; c++) {
      // The stage has room for whole groups.
      if (isTurned) {
#pragma unroll
        for (int i = 0; i < 4; i++) out[c * plane + 4 * i * pitch] = (unsigned char)(planes[c] >> 8 * i);
      } else {
        *reinterpret_cast<unsigned *>(out + c * plane) = planes[c];
      }
    }
  }

  /// A part of the tile: `width` outputs along the inner axis, a multiple of 8, and `height` along the outer, and the
  /// inputs that they need.
  struct Part {
    int innerOutput, outerOutput, width, height;
    int innerFirst, innerCount, outerFirst, outerCount;
    /// Words from one line of the middle to the next.
    int pitch;
    bool isEmpty;

    __device__ __forceinline__ Part(const Axis &inner, const Axis &outer, int innerOutput, int outerOutput, int width,
                                    int height)
        : innerOutput(innerOutput), outerOutput(outerOutput), width(width), height(height) {
      const int innerBegin = max(innerOutput, inner.begin), innerEnd = min(innerOutput + width, inner.end);
      const int outerBegin = max(outerOutput, outer.begin), outerEnd = min(outerOutput + height, outer.end);
      isEmpty = innerBegin >= innerEnd || outerBegin >= outerEnd;
      if (isEmpty) return;
      const Taps innerLast = inner.tapsOf(innerEnd - 1), outerLast = outer.tapsOf(outerEnd - 1);
      // Rows in memory are read from a multiple of 12 bytes on, which is a word's start where rows begin with one.
      innerFirst = inner.tapsOf(innerBegin).first & ~3;
      outerFirst = outer.tapsOf(outerBegin).first & ~3;
      innerCount = innerLast.first + innerLast.count - innerFirst;
      outerCount = outerLast.first + outerLast.count - outerFirst;
      pitch = (outerCount + 3) / 4 | 1;
    }
  };

  __device__ static __forceinline__ bool isCovered(const Axis &axis, int output) {
    return output < axis.end && output + 8 > axis.begin;
  }

  /// The source's lines, 32 or more at a time, convolved into the middle.
  __device__ __forceinline__ void convolveInner(const Part &part, unsigned *middle) const {
    Stage stage;
    stage.words = middle + middleWords;
    stage.innerFirst = part.innerFirst;
    stage.pitch = (part.innerCount + 3) / 4 | 1;
    stage.lines = min(picture.stageLines, (part.outerCount + 31) / 32 * 32);
    // Lines that are rows in memory are shared in one way by all threads whichever they are; there are fewer groups in one
    // than threads.
    const bool isTurned = inner.step != 3 && inner.step != -3;
    const Source source(picture, originOf(part.innerFirst, part.outerFirst), inner.step, outer.step, part.innerCount,
                        part.outerCount);
    const Share rows((part.innerCount + 3) / 4, 1);
    const Planes order(source.step < 0);
    const unsigned char *const from = source.first() + 4 * rows.x * source.step + (long long)rows.y * source.otherStep;
    unsigned char *const to = reinterpret_cast<unsigned char *>(stage.words + rows.y * stage.pitch + rows.x);
    // A warp makes eight outputs, of all lines or, with others, of some. The number of such eights is a power of 2.
    const int bands = part.width / 8, shift = __ffs(bands) - 1, warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const int own = (warp & (bands - 1)) * 8, share = warp >> shift, shares = threadCount / 32 >> shift;
    const bool isMine = isCovered(inner, part.innerOutput + own);
    const Band band(inner, isMine ? part.innerOutput + own : inner.begin, part.innerFirst, picture.innerSteps);
    unsigned *const out = middle + (own + lane % 4 * 2) * part.pitch + lane / 4;
    for (int line = 0; line < part.outerCount; line += stage.lines) {
      const int lines = min(part.outerCount - line, stage.lines);
      const long long ahead = (long long)line * source.otherStep;
      if (isTurned) {
        stage.outerFirst = part.outerFirst + line;
        fillTurned(stage, part.innerCount, lines);
      } else if (!source.isInside) {
        fillBytes<false>(stage, source, source.origin + ahead, part.innerCount, lines);
      } else if (rows.y < rows.height) {
        if (source.isAligned) {
          fillGroups<false, true>(stage, order, from + ahead, to, rows.y, rows.height, lines, source.otherStep);
        } else {
          fillGroups<false, false>(stage, order, from + ahead, to, rows.y, rows.height, lines, source.otherStep);
        }
      }
      __syncthreads();
#pragma unroll 1
      for (int unit = isMine ? share * 32 : lines; unit < lines; unit += shares * 32) {
        const int at = (line + unit) / 4;
        const bool isNeeded = (at + lane / 4) * 4 < part.outerCount;
#pragma unroll
        for (int c = 0; c < 3; c++) {
          unsigned words[2];
          band.convolve<isAny>(stage.words + (c * stage.lines + unit) * stage.pitch, stage.pitch, words, inner,
                               part.innerOutput + own, part.innerFirst);
          if (!isNeeded) continue;
          unsigned *const to = out + at + c * part.width * part.pitch;
          to[0] = words[0];
          to[part.pitch] = words[1];
        }
      }
      __syncthreads();
    }
  }

  /// The middle's lines convolved into the tile.
  __device__ __forceinline__ void convolveOuter(const Part &part, const unsigned *middle, const Tile &tile) const {
    // A power of 2.
    const int bands = (part.height + 7) / 8, lane = threadIdx.x % 32;
    for (int item = threadIdx.x / 32; item < bands * ((part.width + 31) / 32); item += threadCount / 32) {
      const int line = (item >> (__ffs(bands) - 1)) * 32, output = part.outerOutput + (item & (bands - 1)) * 8;
      if (!isCovered(outer, output)) continue;
      const Band band(outer, output, part.outerFirst, picture.outerSteps);
      unsigned planes[3][2];
#pragma unroll
      for (int c = 0; c < 3; c++) {
        band.convolve<isAny>(middle + (c * part.width + line) * part.pitch, part.pitch, planes[c], outer, output,
                              part.outerFirst);
      }
      const int i = part.innerOutput + line + lane / 4 * 4;
      if (i >= part.innerOutput + part.width) continue;
#pragma unroll
      for (int k = 0; k < 2; k++) {
        const int o = output + lane % 4 * 2 + k;
        if (o < outer.begin || o >= min(outer.end, part.outerOutput + part.height)) continue;
        if (!isDownFirst && i >= inner.begin && i + 4 <= inner.end) {
          tile.putFourPlanes(i, o, planes[0][k], planes[1][k], planes[2][k]);
          continue;
        }
#pragma unroll 1
        for (int j = max(inner.begin - i, 0); j < min(inner.end - i, 4); j++) {
          tile.put(isDownFirst ? o : i + j, isDownFirst ? i + j : o, planes[0][k] >> 8 * j, planes[1][k] >> 8 * j,
                   planes[2][k] >> 8 * j);
        }
      }
    }
  }

  __device__ __forceinline__ void run(const Tile &tile, unsigned *memory) const {
    const int width = picture.innerOutputs, height = picture.outerOutputs;
#pragma unroll 1
    for (int o = 0; o < (isDownFirst ? Tile::width : Tile::height); o += height) {
#pragma unroll 1
      for (int i = 0; i < (isDownFirst ? Tile::height : Tile::width); i += width) {
        const Part part(inner, outer, i, o, width, height);
        if (part.isEmpty) continue;
        convolveInner(part, memory);
        convolveOuter(part, memory, tile);
        // The next part's stage is what this one reads behind the middle.
        __syncthreads();
      }
    }
  }

  // MARK: Reductions beyond the memory

  /// Any number of taps: a thread makes one pixel at a time, from bytes; the middle has some lines at a time, and the sums
  /// wait in registers.
  __device__ __forceinline__ void runAny(const Tile &tile, unsigned char *middle) const {
    const int width = isDownFirst ? Tile::height : Tile::width, height = threadCount / width;
    const int most = middleWords * 4 / (3 * width);
    for (int top = 0; top < (isDownFirst ? Tile::width : Tile::height); top += height) {
      const int outerBegin = max(top, outer.begin), outerEnd = min(top + height, outer.end);
      if (outerBegin >= outerEnd) continue;
      const int i = threadIdx.x % width, o = top + threadIdx.x / width;
      const bool isCovered = i >= inner.begin && i < inner.end, isMine = isCovered && o >= outerBegin && o < outerEnd;
      const Taps across = isCovered ? inner.tapsOf(i) : Taps{0, 0}, down = isMine ? outer.tapsOf(o) : Taps{0, 0};
      const Taps last = outer.tapsOf(outerEnd - 1);
      const int end = last.first + last.count;
      int sums[3] = {1 << 21, 1 << 21, 1 << 21};
      for (int line = outer.tapsOf(outerBegin).first; line < end; line += most) {
        const int lines = min(end - line, most);
        for (int j = threadIdx.x / width; isCovered && j < lines; j += height) {
          const unsigned char *p =
            picture.begin + picture.first + (long long)across.first * inner.step + (long long)(line + j) * outer.step;
          const Weights *weights = inner.weightsOf(i);
          int r = 1 << 21, g = 1 << 21, b = 1 << 21;
          for (int t = 0; t < across.count; t++, p += inner.step) {
            const int weight = weightOf(weights, t);
            r += __ldg(p) * weight;
            g += __ldg(p + 1) * weight;
            b += __ldg(p + 2) * weight;
          }
          unsigned char *out = middle + j * width + i;
          out[0] = byteOf(r);
          out[most * width] = byteOf(g);
          out[2 * most * width] = byteOf(b);
        }
        __syncthreads();
        for (int s = max(down.first, line); s < min(down.first + down.count, line + lines); s++) {
          const int weight = weightOf(outer.weightsOf(o), s - down.first);
          const unsigned char *in = middle + (s - line) * width + i;
          for (int c = 0; c < 3; c++) sums[c] += in[c * most * width] * weight;
        }
        __syncthreads();
      }
      if (isMine) tile.put(isDownFirst ? o : i, isDownFirst ? i : o, byteOf(sums[0]), byteOf(sums[1]), byteOf(sums[2]));
    }
  }
};

// MARK: Kernels

template <bool isInterleaved, bool isAny>
__device__ void bicubic(const Picture &picture, const Launch &launch) {
  // The others are preprocess_products.cu's.
  if (picture.method >= byProducts) return;
  using Tile = preprocess::Tile<isInterleaved, 64, 32>;
  using Bicubic = preprocess::Bicubic<Tile, isAny>;
  // More than a kernel may have without asking; the host does (BicubicPlan).
  SWOOP_DYNAMIC_SHARED(unsigned, memory);
  const Tile tile(reinterpret_cast<unsigned char *>(memory + Bicubic::wordCount), launch.isReversed);
  const Place place(picture, int(blockIdx.x % launch.tilesAcross) * Tile::width,
                    int(blockIdx.x / launch.tilesAcross) * Tile::height, Tile::width, Tile::height);
  if (!place.isWhole(Tile::width, Tile::height)) tile.fill(launch.fill);
  __syncthreads();
  if (!place.isEmpty()) {
    if (picture.method == copies) {
      if (picture.stepX == 3 || picture.stepX == -3) copyTile(picture, place, tile);
      else copyTurned(picture, place, tile);
      __syncthreads();
    } else if (!isAny || picture.innerOutputs > 0) {
      Bicubic(picture, place).run(tile, memory);
    } else {
      Bicubic(picture, place).runAny(tile, reinterpret_cast<unsigned char *>(memory));
      __syncthreads();
    }
  }
  emitAny(launch, place, tile);
}

}  // namespace preprocess

// A grid of (tiles of the canvas, pictures). Tiles are 64 x 32 pixels. What enormous reductions need costs the others
// registers, so there is a kernel without: the one for batches of which no picture is reduced to less than about a fifth.

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, 4)
preprocess_bicubic_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::bicubic<false, false>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, 4)
preprocess_bicubic_nhwc(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::bicubic<true, false>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, 3)
preprocess_bicubic_any_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::bicubic<false, true>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, 3)
preprocess_bicubic_any_nhwc(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::bicubic<true, true>(pictures[blockIdx.y], launch);
}

SWOOP_EMULATED_KERNEL(preprocess_bicubic_nchw)
SWOOP_EMULATED_KERNEL(preprocess_bicubic_nhwc)
SWOOP_EMULATED_KERNEL(preprocess_bicubic_any_nchw)
SWOOP_EMULATED_KERNEL(preprocess_bicubic_any_nhwc)
