// Pillow's bicubic: the same tiles, elements and records as in preprocess.cu, and another way to make a tile's bytes.
//
// Both convolutions are one: four bytes of a line that follow each other are a word, and a word times four coefficients
// is three instructions, __dp4a of each byte of the coefficients. No byte is ever taken out of its word:
//
// 1. The source's lines are put into shared memory upright and in planes, a few lines at a time (the stage).
// 2. A thread convolves four lines that follow each other; the four bytes are a word across the lines (the middle).
// 3. A thread convolves four such words' columns; the four bytes are a word along the lines again, which the tile takes.
//
// Where a picture is resized down first, its columns are the lines.

namespace preprocess {

// MARK: Sums of products

/// The coefficients of four taps, by bytes: 2^16 * high + 2^8 * middle + low, of which only `high` has a sign.
using Weights = uint4;
__device__ __forceinline__ unsigned lowOf(const Weights &weights) { return weights.x; }
__device__ __forceinline__ unsigned middleOf(const Weights &weights) { return weights.y; }
__device__ __forceinline__ unsigned highOf(const Weights &weights) { return weights.z; }

// A half of the result's unit of 2^22, so that it is rounded, in units of `high`.
constexpr int half = 32;

/// Four sums in units of 2^-22, limited to bytes, the first in the lowest byte.
__device__ __forceinline__ unsigned packFour(const int (&sums)[4]) {
  return swoop_pack_bytes(sums[0] >> 22, sums[1] >> 22, sums[2] >> 22, sums[3] >> 22);
}

/// Four lines' bytes from `shift` bits behind a word on, times the coefficients of one output. They are in registers, of a
/// number that is known.
template <int groups>
struct FewGroups {
  unsigned low[groups], middle[groups], high[groups];

  __device__ __forceinline__ FewGroups(const Weights *weights, int) {
#pragma unroll
    for (int g = 0; g < groups; g++) {
      const Weights four = __ldg(weights + g);
      low[g] = lowOf(four);
      middle[g] = middleOf(four);
      high[g] = highOf(four);
    }
  }

  __device__ __forceinline__ unsigned convolve(const unsigned *words, int pitch, unsigned shift) const {
    int sums[4];
#pragma unroll
    for (int j = 0; j < 4; j++) {
      unsigned w[groups + 1];
#pragma unroll
      for (int g = 0; g <= groups; g++) w[g] = words[j * pitch + g];
#pragma unroll
      for (int g = 0; g < groups; g++) w[g] = __funnelshift_r(w[g], w[g + 1], shift);
      int sum = half;
#pragma unroll
      for (int g = 0; g < groups; g++) sum = swoop_dp4a_signed(high[g], w[g], sum);
      unsigned whole = unsigned(sum) << 8;
#pragma unroll
      for (int g = 0; g < groups; g++) whole = __dp4a(middle[g], w[g], whole);
      whole <<= 8;
#pragma unroll
      for (int g = 0; g < groups; g++) whole = __dp4a(low[g], w[g], whole);
      sums[j] = int(whole);
    }
    return packFour(sums);
  }
};

/// The same for any number of groups.
struct ManyGroups {
  const Weights *weights;
  int groups;

  __device__ __forceinline__ ManyGroups(const Weights *weights, int groups) : weights(weights), groups(groups) {}

  __device__ __forceinline__ unsigned convolve(const unsigned *words, int pitch, unsigned shift) const {
    unsigned last[4], low[4], middle[4];
    int high[4];
#pragma unroll
    for (int j = 0; j < 4; j++) {
      last[j] = words[j * pitch];
      low[j] = middle[j] = 0;
      high[j] = half;
    }
#pragma unroll 2
    for (int g = 0; g < groups; g++) {
      const Weights four = __ldg(weights + g);
#pragma unroll
      for (int j = 0; j < 4; j++) {
        const unsigned next = words[j * pitch + g + 1], word = __funnelshift_r(last[j], next, shift);
        last[j] = next;
        high[j] = swoop_dp4a_signed(highOf(four), word, high[j]);
        middle[j] = __dp4a(middleOf(four), word, middle[j]);
        low[j] = __dp4a(lowOf(four), word, low[j]);
      }
    }
    int sums[4];
#pragma unroll
    for (int j = 0; j < 4; j++) sums[j] = int((((unsigned(high[j]) << 8) + middle[j]) << 8) + low[j]);
    return packFour(sums);
  }
};

// MARK: Axes

/// One axis of a picture: the table of its outputs, from the tile's first on, and the steps in memory.
struct Axis {
  const Taps *taps;
  const Weights *weights;
  int groups;
  /// The picture's size along it, and bytes from one input to the next.
  int inputs;
  long long step;
  /// The tile's outputs that the picture covers.
  int begin, end;

  __device__ Axis(const Picture &picture, const Place &place, bool isAcross) {
    const Taps *table = isAcross ? picture.across : picture.down;
    const int outputs = isAcross ? picture.targetWidth : picture.targetHeight;
    const int first = isAcross ? place.x - picture.left : place.y - picture.top;
    groups = isAcross ? picture.acrossGroups : picture.downGroups;
    taps = table + first;
    // Behind an even number of Taps.
    weights = reinterpret_cast<const Weights *>(table + (outputs + 1) / 2 * 2) + (long long)first * groups;
    inputs = isAcross ? picture.width : picture.height;
    step = isAcross ? picture.stepX : picture.stepY;
    begin = isAcross ? place.left : place.top;
    end = isAcross ? place.right : place.bottom;
  }

  /// Loads by value: the tables are written by nobody meanwhile.
  __device__ __forceinline__ Taps tapsOf(int output) const {
    const int2 v = __ldg(reinterpret_cast<const int2 *>(taps + output));
    return {v.x, v.y};
  }
  __device__ __forceinline__ const Weights *weightsOf(int output) const { return weights + (long long)output * groups; }
};

// MARK: A tile by words

/// `inner` is the axis that is convolved first, `outer` the other. The host sees to it (BicubicPlan) that `innerOutputs`
/// by `outerOutputs` outputs have room for their inputs in the memory here.
template <class Tile>
struct Bicubic {
  /// Words of shared memory: the middle, the stage, and what is read behind them and multiplied by 0.
  static constexpr int middleWords = 5568, stageWords = 4480, slackWords = 192;
  static constexpr int wordCount = middleWords + stageWords + slackWords;

  const Picture &picture;
  const Axis inner, outer;
  const bool isDownFirst;

  __device__ Bicubic(const Picture &picture, const Place &place)
      : picture(picture),
        inner(picture, place, picture.method == acrossFirst),
        outer(picture, place, picture.method != acrossFirst),
        isDownFirst(picture.method == downFirst) {}

  /// The stage: three planes of lines of words. An odd number of words, so that lines start in different banks.
  struct Stage {
    unsigned *words;
    int pitch, lines;
    /// The picture's place that comes first.
    int innerFirst, outerFirst;
  };

  /// The words of four pixels of each channel, `mirror`ed or not, from 12 interleaved bytes.
  struct Planes {
    unsigned red, green, blue;

    __device__ __forceinline__ explicit Planes(bool isMirrored)
        : red(isMirrored ? 0x0125 : 0x5210), green(isMirrored ? 0x0126 : 0x6210), blue(isMirrored ? 0x0147 : 0x7410) {}

    __device__ __forceinline__ void split(const unsigned (&w)[3], unsigned (&planes)[3]) const {
      planes[0] = __byte_perm(__byte_perm(w[0], w[1], 0x0630), w[2], red);
      planes[1] = __byte_perm(__byte_perm(w[0], w[1], 0x0741), w[2], green);
      planes[2] = __byte_perm(__byte_perm(w[0], w[1], 0x0052), w[2], blue);
    }
  };

  /// Twelve bytes from anywhere, without a branch: at a word's start the last word is loaded twice.
  __device__ static __forceinline__ void loadTwelve(const unsigned char *p, unsigned (&w)[3]) {
    const unsigned *words = wordOf(p);
    const unsigned shift = shiftOf(p);
    const unsigned w3 = __ldg(words + (shift != 0 ? 3 : 2));
    w[0] = __ldg(words);
    w[1] = __ldg(words + 1);
    w[2] = __ldg(words + 2);
    w[0] = __funnelshift_r(w[0], w[1], shift);
    w[1] = __funnelshift_r(w[1], w[2], shift);
    w[2] = __funnelshift_r(w[2], w3, shift);
  }

  /// Fills the stage with `lines` lines of `count` pixels, which are turned where they are no rows in memory. Bytes beyond
  /// the picture's are anything.
  template <bool isTurned>
  __device__ __forceinline__ void fill(const Stage &stage, int count, int lines) const {
    const unsigned char *origin =
      picture.begin + picture.first + stage.innerFirst * inner.step + stage.outerFirst * outer.step;
    const int plane = stage.lines * stage.pitch;
    // Groups of four pixels that follow each other in memory, several of them loaded before any is stored.
    constexpr int together = 3;
    const long long step = isTurned ? outer.step : inner.step, otherStep = isTurned ? inner.step : outer.step;
    const bool isMirrored = step < 0;
    const Planes order(isMirrored);
    // Along memory, and the other way. Where lines are turned, four neighbouring threads take the bytes of one word of the
    // stage, and eight such fours store into as many banks.
    const int along = isTurned ? lines : count, other = isTurned ? count : lines, groups = (along + 3) / 4;
    constexpr int rows = isTurned ? 4 : 1;
    // A thread goes from group to group by adding.
    const int stepY = threadCount / rows / groups, stepX = threadCount / rows - stepY * groups;
    int y = threadIdx.x / rows / groups, x = threadIdx.x / rows - y * groups;
    while (y * rows < other) {
      const unsigned char *p[together];
      int at[together], left[together];
      unsigned words[together][3];
      bool isWhole[together];
#pragma unroll
      for (int k = 0; k < together; k++) {
        const int row = y * rows + threadIdx.x % rows;
        // Pixels of the group that there are.
        left[k] = row < other ? min(along - 4 * x, 4) : 0;
        p[k] = origin + 4 * x * step + row * otherStep;
        at[k] = isTurned ? 16 * x * stage.pitch + row : (row * stage.pitch + x) * 4;
        const unsigned char *from = isMirrored ? p[k] - 9 : p[k];
        isWhole[k] = left[k] > 0 && areWordsInside(picture, from, 12);
        if (isWhole[k]) loadTwelve(from, words[k]);
        x += stepX;
        y += stepY;
        if (x >= groups) {
          x -= groups;
          y++;
        }
      }
#pragma unroll
      for (int k = 0; k < together; k++) {
        unsigned char *out = reinterpret_cast<unsigned char *>(stage.words) + at[k];
        if (isWhole[k]) {
          unsigned planes[3];
          order.split(words[k], planes);
#pragma unroll
          for (int c = 0; c < 3; c++) {
            // The stage has room for whole groups.
            if (isTurned) {
#pragma unroll
              for (int i = 0; i < 4; i++) out[(c * plane + i * stage.pitch) * 4] = (unsigned char)(planes[c] >> 8 * i);
            } else {
              *reinterpret_cast<unsigned *>(out + c * plane * 4) = planes[c];
            }
          }
          continue;
        }
        for (int i = 0; i < left[k]; i++) {
          for (int c = 0; c < 3; c++) {
            out[c * plane * 4 + (isTurned ? i * stage.pitch * 4 : i)] = __ldg(p[k] + i * step + c);
          }
        }
      }
    }
  }

  /// Where in the middle the words of an inner output are: four that follow each other are far apart, so that threads that
  /// take four each read from different banks.
  __device__ static __forceinline__ int slotOf(int i, int width) { return (i & 3) * (width / 4) + i / 4; }

  /// The stage's lines, in groups of four from `firstGroup` of the middle on, convolved.
  template <class Groups>
  __device__ __forceinline__ void convolveInner(const Stage &stage, int groups, int output, int width, unsigned *middle,
                                                int pitch) const {
    const int i = threadIdx.x % width;
    if (output + i < inner.begin || output + i >= inner.end) return;
    const Groups weights(inner.weightsOf(output + i), inner.groups);
    const int first = inner.tapsOf(output + i).first - stage.innerFirst;
    const unsigned *words = stage.words + first / 4;
    unsigned *out = middle + slotOf(i, width) * pitch;
    for (int item = threadIdx.x / width; item < 3 * groups; item += threadCount / width) {
      const int group = item / 3, c = item - group * 3;
      out[c * width * pitch + group] =
        weights.convolve(words + (c * stage.lines + 4 * group) * stage.pitch, stage.pitch, first % 4 * 8);
    }
  }

  /// The middle's lines convolved into the tile.
  template <class Groups>
  __device__ __forceinline__ void convolveOuter(const Tile &tile, const unsigned *middle, int pitch, int outerFirst,
                                                int innerOutput, int width, int outerOutput, int height) const {
    const int quads = width / 4;
    for (int item = threadIdx.x; item < quads * height; item += threadCount) {
      const int i = innerOutput + item % quads * 4, o = outerOutput + item / quads;
      if (o < outer.begin || o >= outer.end || i + 4 <= inner.begin || i >= inner.end) continue;
      const Groups weights(outer.weightsOf(o), outer.groups);
      const int first = outer.tapsOf(o).first - outerFirst;
      const unsigned *words = middle + item % quads * pitch + first / 4;
      unsigned planes[3];
#pragma unroll
      for (int c = 0; c < 3; c++) {
        planes[c] = weights.convolve(words + c * width * pitch, quads * pitch, first % 4 * 8);
      }
      if (!isDownFirst && i >= inner.begin && i + 4 <= inner.end) {
        tile.putFourPlanes(i, o, planes[0], planes[1], planes[2]);
        continue;
      }
      for (int k = max(inner.begin - i, 0); k < min(inner.end - i, 4); k++) {
        tile.put(isDownFirst ? o : i + k, isDownFirst ? i + k : o, planes[0] >> 8 * k, planes[1] >> 8 * k,
                 planes[2] >> 8 * k);
      }
    }
  }

  /// Outputs of the tile from (innerOutput, outerOutput) on.
  __device__ __forceinline__ void part(const Tile &tile, unsigned *middle, int innerOutput, int width, int outerOutput,
                                       int height) const {
    const int innerBegin = max(innerOutput, inner.begin), innerEnd = min(innerOutput + width, inner.end);
    const int outerBegin = max(outerOutput, outer.begin), outerEnd = min(outerOutput + height, outer.end);
    if (innerBegin >= innerEnd || outerBegin >= outerEnd) return;
    const Taps innerLast = inner.tapsOf(innerEnd - 1), outerLast = outer.tapsOf(outerEnd - 1);
    const int outerFirst = outer.tapsOf(outerBegin).first;
    const int lines = outerLast.first + outerLast.count - outerFirst, pitch = (lines + 3) / 4 | 1;
    Stage stage;
    stage.words = middle + middleWords;
    stage.innerFirst = inner.tapsOf(innerBegin).first;
    const int count = innerLast.first + innerLast.count - stage.innerFirst;
    stage.pitch = (count + 3) / 4 | 1;
    // As few and as equal chunks as there can be.
    const int most = stageWords / (3 * stage.pitch) / 4 * 4, chunks = (lines + most - 1) / most;
    stage.lines = ((lines + chunks - 1) / chunks + 3) / 4 * 4;
    for (int line = 0; line < lines; line += stage.lines) {
      const int some = min(lines - line, stage.lines);
      stage.outerFirst = outerFirst + line;
      if (inner.step == 3 || inner.step == -3) fill<false>(stage, count, some);
      else fill<true>(stage, count, some);
      __syncthreads();
      const int groups = (some + 3) / 4;
      unsigned *out = middle + line / 4;
      switch (inner.groups) {
        case 1: convolveInner<FewGroups<1>>(stage, groups, innerOutput, width, out, pitch); break;
        case 2: convolveInner<FewGroups<2>>(stage, groups, innerOutput, width, out, pitch); break;
        case 3: convolveInner<FewGroups<3>>(stage, groups, innerOutput, width, out, pitch); break;
        case 4: convolveInner<FewGroups<4>>(stage, groups, innerOutput, width, out, pitch); break;
        default: convolveInner<ManyGroups>(stage, groups, innerOutput, width, out, pitch); break;
      }
      __syncthreads();
    }
    switch (outer.groups) {
      case 1: convolveOuter<FewGroups<1>>(tile, middle, pitch, outerFirst, innerOutput, width, outerOutput, height); break;
      case 2: convolveOuter<FewGroups<2>>(tile, middle, pitch, outerFirst, innerOutput, width, outerOutput, height); break;
      case 3: convolveOuter<FewGroups<3>>(tile, middle, pitch, outerFirst, innerOutput, width, outerOutput, height); break;
      case 4: convolveOuter<FewGroups<4>>(tile, middle, pitch, outerFirst, innerOutput, width, outerOutput, height); break;
      default: convolveOuter<ManyGroups>(tile, middle, pitch, outerFirst, innerOutput, width, outerOutput, height); break;
    }
  }

  __device__ __forceinline__ void run(const Tile &tile, unsigned *memory) const {
    const int width = picture.innerOutputs, height = picture.outerOutputs;
    for (int o = 0; o < (isDownFirst ? Tile::width : Tile::height); o += height) {
      for (int i = 0; i < (isDownFirst ? Tile::height : Tile::width); i += width) {
        part(tile, memory, i, width, o, height);
        // The next part's stage is what this one reads behind the middle.
        __syncthreads();
      }
    }
  }

  // MARK: Reductions beyond the memory

  __device__ static __forceinline__ int weightOf(const Weights *weights, int tap) {
    const Weights four = __ldg(weights + tap / 4);
    const int shift = tap % 4 * 8;
    return int(highOf(four) << (24 - shift)) >> 24 << 16 | int((middleOf(four) >> shift & 255) << 8)
      | int(lowOf(four) >> shift & 255);
  }

  __device__ static __forceinline__ unsigned char byteOf(int sum) { return (unsigned char)min(max(sum >> 22, 0), 255); }

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
            picture.begin + picture.first + across.first * inner.step + (line + j) * outer.step;
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

template <bool isInterleaved>
__device__ void bicubic(const Picture &picture, const Launch &launch) {
  using Tile = preprocess::Tile<isInterleaved, 64, 32>;
  using Bicubic = preprocess::Bicubic<Tile>;
  __shared__ __align__(16) unsigned char bytes[Tile::byteCount];
  __shared__ unsigned memory[Bicubic::wordCount];
  const Tile tile(bytes, launch.isReversed);
  const Place place(picture, int(blockIdx.x % launch.tilesAcross) * Tile::width,
                    int(blockIdx.x / launch.tilesAcross) * Tile::height, Tile::width, Tile::height);
  if (!place.isWhole(Tile::width, Tile::height)) tile.fill(launch.fill);
  __syncthreads();
  if (!place.isEmpty()) {
    if (picture.method == copies) {
      copyTile(picture, place, tile);
      __syncthreads();
    } else if (picture.innerOutputs > 0) {
      Bicubic(picture, place).run(tile, memory);
    } else {
      Bicubic(picture, place).runAny(tile, reinterpret_cast<unsigned char *>(memory));
      __syncthreads();
    }
  }
  emitAny(launch, place, tile);
}

}  // namespace preprocess

// A grid of (tiles of the canvas, pictures). Tiles are 64 x 32 pixels.

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, 4)
preprocess_bicubic_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::bicubic<false>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, 4)
preprocess_bicubic_nhwc(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::bicubic<true>(pictures[blockIdx.y], launch);
}

SWOOP_EMULATED_KERNEL(preprocess_bicubic_nchw)
SWOOP_EMULATED_KERNEL(preprocess_bicubic_nhwc)
