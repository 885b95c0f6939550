// Pictures of their final size, copied, and OpenCV's bilinear interpolation.

namespace preprocess {

// MARK: Equal sizes

/// The three bytes from `p` on, by aligned words.
__device__ __forceinline__ unsigned loadPixel(const unsigned char *p) {
  const unsigned *words = wordOf(p);
  const unsigned shift = shiftOf(p);
  return __funnelshift_r(__ldg(words), __ldg(words + (shift > 8 ? 1 : 0)), shift);
}

template <class Tile>
__device__ void copyTile(const Picture &picture, const Place &place, const Tile &tile) {
  const unsigned char *origin = picture.begin + picture.first + (place.x - picture.left) * picture.stepX
    + (place.y - picture.top) * picture.stepY;
  const bool isMirrored = picture.stepX == -3;
  // A thread takes four pixels of several rows, and loads all before it stores any.
  constexpr int groups = Tile::width / 4, step = threadCount / groups, rows = Tile::height / step;
  const int x = threadIdx.x % groups * 4, top = threadIdx.x / groups;
  const unsigned char *p = origin + top * picture.stepY + x * picture.stepX - (isMirrored ? 9 : 0);
  const bool isInside = x >= place.left && x + 4 <= place.right && top >= place.top
    && top + (rows - 1) * step < place.bottom && areWordsInside(picture, p, 12)
    && areWordsInside(picture, p + (rows - 1) * step * picture.stepY, 12);
  if (isInside) {
    unsigned words[rows][3];
#pragma unroll
    for (int j = 0; j < rows; j++) {
      loadTwelve(p + j * step * picture.stepY, words[j][0], words[j][1], words[j][2]);
    }
    if (isMirrored) {
#pragma unroll
      for (int j = 0; j < rows; j++) {
        const unsigned w0 = words[j][0], w1 = words[j][1], w2 = words[j][2];
        tile.putFourPlanes(x, top + j * step, __byte_perm(__byte_perm(w0, w1, 0x0630), w2, 0x0125),
                           __byte_perm(__byte_perm(w0, w1, 0x0741), w2, 0x0126),
                           __byte_perm(__byte_perm(w0, w1, 0x0052), w2, 0x0147));
      }
      return;
    }
#pragma unroll
    for (int j = 0; j < rows; j++) tile.putFour(x, top + j * step, words[j][0], words[j][1], words[j][2]);
    return;
  }
  for (int y = max(top, top + (place.top - top + step - 1) / step * step); y < place.bottom; y += step) {
    for (int k = max(place.left - x, 0); k < min(place.right - x, 4); k++) {
      const unsigned char *q = origin + (x + k) * picture.stepX + y * picture.stepY;
      tile.put(x + k, y, __ldg(q), __ldg(q + 1), __ldg(q + 2));
    }
  }
}

/// Where columns of the picture are rows in memory: neighbouring threads take neighbouring pixels of memory, and each
/// thread four columns, which are a word of the tile.
template <class Tile>
__device__ void copyTurned(const Picture &picture, const Place &place, const Tile &tile) {
  const int y = threadIdx.x % Tile::height;
  if (y < place.top || y >= place.bottom) return;
  const unsigned char *origin = picture.begin + picture.first + (place.x - picture.left) * picture.stepX
    + (place.y + y - picture.top) * picture.stepY;
  constexpr int step = threadCount / Tile::height * 4;
#pragma unroll
  for (int i = 0; i < Tile::width; i += step) {
    const int x = threadIdx.x / Tile::height * 4 + i;
    const unsigned char *p = origin + x * picture.stepX;
    if (x >= place.left && x + 4 <= place.right && areWordsInside(picture, p, 3)
        && areWordsInside(picture, p + 3 * picture.stepX, 3)) {
      unsigned pixels[4];
#pragma unroll
      for (int k = 0; k < 4; k++, p += picture.stepX) pixels[k] = loadPixel(p);
      const unsigned r01 = __byte_perm(pixels[0], pixels[1], 0x5140), r23 = __byte_perm(pixels[2], pixels[3], 0x5140);
      const unsigned b01 = __byte_perm(pixels[0], pixels[1], 0x0062), b23 = __byte_perm(pixels[2], pixels[3], 0x0062);
      tile.putFourPlanes(x, y, __byte_perm(r01, r23, 0x5410), __byte_perm(r01, r23, 0x7632),
                         __byte_perm(b01, b23, 0x5410));
      continue;
    }
    for (int k = max(place.left - x, 0); k < min(place.right - x, 4); k++) {
      const unsigned char *q = origin + (x + k) * picture.stepX;
      tile.put(x + k, y, __ldg(q), __ldg(q + 1), __ldg(q + 2));
    }
  }
}

// MARK: OpenCV's linear

/// A row's weights: both as shares of 2^16, and what `linearDown` adds.
struct __align__(16) RowWeights {
  float upper, lower, base;
  /// What else there is to know of the row.
  int note;
};

/// Bytes from the origin to the two taps of each column and row of a tile, and their weights: a column's first in the low
/// half. A row's note is 1 where its pixels must be read by bytes.
template <int W, int H>
struct LinearTaps {
  long long column[W], first[H], second[H];
  unsigned columnWeights[W];
  RowWeights rowWeights[H];
};

/// The tap before an output's centre, and the share of the next one.
__device__ __forceinline__ float linearTap(int output, double scale, int &tap) {
  float position = __double2float_rn(__dadd_rn(__dmul_rn(__dadd_rn(double(output), 0.5), scale), -0.5));
  float below = floorf(position);
  tap = int(below);
  return __fsub_rn(position, below);
}

__device__ __forceinline__ unsigned linearWeights(float share) {
  return unsigned(__float2int_rn(__fmul_rn(__fsub_rn(1.0f, share), 2048.0f)))
    | unsigned(__float2int_rn(__fmul_rn(share, 2048.0f))) << 16;
}

__device__ __forceinline__ RowWeights rowWeights(float share, int note) {
  const unsigned weights = linearWeights(share);
  const float upper = float(weights & 0xFFFF), lower = float(weights >> 16);
  return {upper / 65536, lower / 65536, 8388608.0f + 262144.0f - 128.0f * (upper + lower), note};
}

// Sums are float32 numbers 2^23 + n: their low bits are n, which so needs no conversion, and what is multiplied, added and
// rounded towards zero by one instruction is a whole number again. They are added up as the bits of 2^23 and more.
constexpr unsigned sumBase = 0x4B000000;

/// A sixteenth of the sum of two weighted bytes, rounded down.
__device__ __forceinline__ float linearAcross(unsigned sum) {
  return __fmaf_rz(__uint_as_float(sum), 0.0625f, 8388608.0f - 524288.0f);
}

/// One channel down: 2^23 + 25600 + x, whose lowest byte is x, and whose low half is 1024 + x in float16.
///
/// Of sums s, t with weights a, b: (2^23 + s) * a / 2^16 is 128 * a + s * a / 2^16, so that the first step gives
/// 2^23 + 2^18 - 128 * b + floor(s * a / 2^16), the second 2^23 + 2^18 + both floors, and the third a quarter of both and 2,
/// rounded down. That is no more than 255: weights add up to 2049 at most, and 2049 * (2049 * 255 >> 4) >> 16 is 1020.
__device__ __forceinline__ unsigned linearDown(float first, float second, const RowWeights &weights) {
  const float upper = __fmaf_rz(first, weights.upper, weights.base);
  const float both = __fmaf_rz(second, weights.lower, upper);
  return __float_as_uint(__fmaf_rz(both, 0.25f, 8388608.0f - 2097152.0f - 65536.0f + 25600.0f + 0.5f));
}

__device__ __forceinline__ unsigned linearDown(unsigned first, unsigned second, const RowWeights &weights) {
  return linearDown(linearAcross(first), linearAcross(second), weights);
}

template <int W, int H>
__device__ void prepareLinear(const Picture &picture, const Place &place, LinearTaps<W, H> &taps) {
  for (int i = threadIdx.x; i < W + H; i += threadCount) {
    int tap;
    if (i < W) {
      float share = linearTap(place.x + i - picture.left, picture.scaleX, tap);
      unsigned weights;
      if (tap < 0) {
        tap = 0;
        weights = 2048;
      } else if (tap >= picture.width - 1) {
        // All the weight is the last pixel's. It becomes the second of two where there are two, which gives the same
        // sum; so the second tap always follows the first.
        tap = max(picture.width - 2, 0);
        weights = picture.width > 1 ? 2048u << 16 : 2048u;
      } else {
        weights = linearWeights(share);
      }
      taps.column[i] = tap * picture.stepX;
      taps.columnWeights[i] = weights;
    } else {
      const int y = i - W, last = picture.height - 1;
      float share = linearTap(place.y + y - picture.top, picture.scaleY, tap);
      const int first = min(max(tap, 0), last), second = min(max(tap + 1, 0), last);
      taps.first[y] = first * picture.stepY;
      taps.second[y] = second * picture.stepY;
      // Words may reach over the first and the last row in memory, which are the first and the last row of the picture
      // or the last and the first.
      const bool isOutermost = first == 0 || second == last;
      const bool isWhole =
        reinterpret_cast<size_t>(picture.begin) % 4 == 0 && picture.byteCount % 4 == 0;
      taps.rowWeights[y] = rowWeights(share, isOutermost && !isWhole ? 1 : 0);
    }
  }
}

/// The two or three aligned words that have the six bytes of two pixels.
struct PairOfPixels {
  unsigned w0, w1, w2, shift;

  __device__ __forceinline__ explicit PairOfPixels(const unsigned char *p) : shift(shiftOf(p)) {
    const unsigned *words = wordOf(p);
    w0 = __ldg(words);
    w1 = __ldg(words + 1);
    w2 = shift == 24 ? __ldg(words + 2) : 0;
  }

  /// The bytes from bit `from` of the first pixel's on.
  __device__ __forceinline__ unsigned bytesFrom(unsigned from) const {
    return __funnelshift_r(__funnelshift_r(w0, w1, shift), __funnelshift_r(w1, w2, shift), from);
  }

  /// The sums of both with their weights.
  __device__ __forceinline__ void across(unsigned weights, unsigned &r, unsigned &g, unsigned &b) const {
    const unsigned low = __funnelshift_r(w0, w1, shift), high = __funnelshift_r(w1, w2, shift);
    r = __dp2a_lo(weights, __byte_perm(low, high, 0x0030), sumBase);
    g = __dp2a_lo(weights, __byte_perm(low, high, 0x0041), sumBase);
    b = __dp2a_lo(weights, __byte_perm(low, high, 0x0052), sumBase);
  }
};

template <class Tile>
__device__ __forceinline__ void putLinear(const Tile &tile, int x, int y, const PairOfPixels &upper,
                                          const PairOfPixels &lower, unsigned across, const RowWeights &down) {
  unsigned r0, g0, b0, r1, g1, b1;
  upper.across(across, r0, g0, b0);
  lower.across(across, r1, g1, b1);
  tile.put(x, y, linearDown(r0, r1, down), linearDown(g0, g1, down), linearDown(b0, b1, down));
}

__device__ __forceinline__ void linearAcrossBytes(const unsigned char *p, long long step, unsigned weights, unsigned &r,
                                                  unsigned &g, unsigned &b) {
  const unsigned char *q = p + step;
  const unsigned first = weights & 0xFFFF, second = weights >> 16;
  r = __ldg(p) * first + __ldg(q) * second + sumBase;
  g = __ldg(p + 1) * first + __ldg(q + 1) * second + sumBase;
  b = __ldg(p + 2) * first + __ldg(q + 2) * second + sumBase;
}

template <class Tile, class Taps>
__device__ void linearTile(const Picture &picture, const Place &place, const Tile &tile, const Taps &taps) {
  const unsigned char *origin = picture.begin + picture.first;
  constexpr int rowStep = threadCount / Tile::width;
  static_assert(rowStep > 0 && Tile::height % (2 * rowStep) == 0, "a thread keeps its column");
  const int x = threadIdx.x % Tile::width;
  if (x < place.left || x >= place.right) return;
  // A mirrored picture's second tap is the first in memory.
  const bool isMirrored = picture.stepX < 0 && picture.width > 1;
  const unsigned char *column = origin + taps.column[x] - (isMirrored ? 3 : 0);
  const unsigned weights = taps.columnWeights[x], across = isMirrored ? __funnelshift_r(weights, weights, 16) : weights;
  // A picture of one column has no second tap.
  const int step = picture.width > 1 ? 3 : 0;
  // Two rows at once, so that all is loaded before any of it is needed.
  for (int y = threadIdx.x / Tile::width; y < Tile::height; y += 2 * rowStep) {
    const int z = y + rowStep;
    if (step != 0 && y >= place.top && z < place.bottom && (taps.rowWeights[y].note | taps.rowWeights[z].note) == 0) {
      const PairOfPixels upperY(column + taps.first[y]), lowerY(column + taps.second[y]);
      const PairOfPixels upperZ(column + taps.first[z]), lowerZ(column + taps.second[z]);
      putLinear(tile, x, y, upperY, lowerY, across, taps.rowWeights[y]);
      putLinear(tile, x, z, upperZ, lowerZ, across, taps.rowWeights[z]);
      continue;
    }
    for (int row = y; row <= z; row += rowStep) {
      if (row < place.top || row >= place.bottom) continue;
      const RowWeights down = taps.rowWeights[row];
      unsigned r0, g0, b0, r1, g1, b1;
      linearAcrossBytes(column + taps.first[row], step, across, r0, g0, b0);
      linearAcrossBytes(column + taps.second[row], step, across, r1, g1, b1);
      tile.put(x, row, linearDown(r0, r1, down), linearDown(g0, g1, down), linearDown(b0, b1, down));
    }
  }
}

/// Where columns of the picture are rows in memory: as `copyTurned`. The two taps down are neighbours in memory.
template <class Tile, class Taps>
__device__ void linearTurned(const Picture &picture, const Place &place, const Tile &tile, const Taps &taps) {
  const int y = threadIdx.x % Tile::height;
  if (y < place.top || y >= place.bottom) return;
  const unsigned char *origin = picture.begin + picture.first;
  const long long step = picture.width > 1 ? picture.stepX : 0;
  const long long lower = min(taps.first[y], taps.second[y]);
  const unsigned firstShift = taps.first[y] > lower ? 24 : 0, secondShift = taps.second[y] > lower ? 24 : 0;
  const RowWeights down = taps.rowWeights[y];
  constexpr int columns = threadCount / Tile::height * 4;
#pragma unroll 1
  for (int i = 0; i < Tile::width; i += columns) {
    const int x = threadIdx.x / Tile::height * 4 + i, left = max(x, place.left), right = min(x + 4, place.right);
    if (left >= right) continue;
    if (right - left == 4 && areWordsInside(picture, origin + taps.column[x] + lower, 6)
        && areWordsInside(picture, origin + taps.column[x + 3] + step + lower, 6)) {
      unsigned r[4], g[4], b[4];
#pragma unroll
      for (int k = 0; k < 4; k++) {
        const unsigned char *p = origin + taps.column[x + k] + lower;
        const PairOfPixels one(p), other(p + step);
        const unsigned across = taps.columnWeights[x + k];
        unsigned sums[2][3];
#pragma unroll
        for (int j = 0; j < 2; j++) {
          const unsigned shift = j == 0 ? firstShift : secondShift;
          const unsigned first = one.bytesFrom(shift), second = other.bytesFrom(shift);
          const unsigned rg = __byte_perm(first, second, 0x5140);
          sums[j][0] = __dp2a_lo(across, rg, sumBase);
          sums[j][1] = __dp2a_hi(across, rg, sumBase);
          sums[j][2] = __dp2a_lo(across, __byte_perm(first, second, 0x0062), sumBase);
        }
        r[k] = linearDown(sums[0][0], sums[1][0], down);
        g[k] = linearDown(sums[0][1], sums[1][1], down);
        b[k] = linearDown(sums[0][2], sums[1][2], down);
      }
      const auto pack = [](const unsigned(&v)[4]) {
        return __byte_perm(__byte_perm(v[0], v[1], 0x0040), __byte_perm(v[2], v[3], 0x0040), 0x5410);
      };
      tile.putFourPlanes(x, y, pack(r), pack(g), pack(b));
      continue;
    }
    for (int k = left; k < right; k++) {
      const unsigned char *p = origin + taps.column[k];
      unsigned r0, g0, b0, r1, g1, b1;
      linearAcrossBytes(p + taps.first[y], step, taps.columnWeights[k], r0, g0, b0);
      linearAcrossBytes(p + taps.second[y], step, taps.columnWeights[k], r1, g1, b1);
      tile.put(k, y, linearDown(r0, r1, down), linearDown(g0, g1, down), linearDown(b0, b1, down));
    }
  }
}

// MARK: Kernels

template <bool isTurned, class Tile>
__device__ __forceinline__ void linearTileOf(const Picture &picture, const Launch &launch, int tilesAcross,
                                             unsigned char *memory) {
  using Taps = LinearTaps<Tile::width, Tile::height>;
  Taps &taps = *reinterpret_cast<Taps *>(memory);
  const Tile tile(memory + (sizeof(Taps) + 15) / 16 * 16, launch.isReversed);
  const Place place(picture, int(blockIdx.x % tilesAcross) * Tile::width, int(blockIdx.x / tilesAcross) * Tile::height,
                    Tile::width, Tile::height);
  const bool isEmpty = place.isEmpty(), isLinear = picture.method != copies && !isEmpty;
  if (!place.isWhole(Tile::width, Tile::height)) tile.fill(launch.fill);
  if (isLinear) prepareLinear(picture, place, taps);
  __syncthreads();
  if (!isEmpty) {
    if (isTurned) {
      if (isLinear) linearTurned(picture, place, tile, taps);
      else copyTurned(picture, place, tile);
    } else {
      if (isLinear) linearTile(picture, place, tile, taps);
      else copyTile(picture, place, tile);
    }
    __syncthreads();
  }
  emitAny(launch, place, tile);
}

template <bool isInterleaved>
__device__ void linear(const Picture &picture, const Launch &launch) {
  using Usual = Tile<isInterleaved, 128, 16>;
  // Columns that are rows in memory are read in longer pieces.
  using Turned = Tile<isInterleaved, 64, 32, 4>;
  constexpr int usual = Usual::byteCount + (sizeof(LinearTaps<128, 16>) + 15) / 16 * 16;
  constexpr int turned = Turned::byteCount + (sizeof(LinearTaps<64, 32>) + 15) / 16 * 16;
  __shared__ __align__(16) unsigned char memory[usual > turned ? usual : turned];
  if (picture.method == isEnlarged) return;
  if (picture.stepX != 3 && picture.stepX != -3) {
    const int across = (launch.width + Turned::width - 1) / Turned::width;
    if (int(blockIdx.x / across) * Turned::height < launch.height) {
      linearTileOf<true, Turned>(picture, launch, across, memory);
    }
  } else if (int(blockIdx.x / launch.tilesAcross) * Usual::height < launch.height) {
    linearTileOf<false, Usual>(picture, launch, launch.tilesAcross, memory);
  }
}

/// Blocks of a multiprocessor at once: all of its threads, or three quarters of them where it has 2048.
#if __CUDA_ARCH__ >= 800
constexpr int linearBlocks = 6;
#else
constexpr int linearBlocks = 4;
#endif

}  // namespace preprocess

// A grid of (tiles of the canvas, pictures). Tiles are 128 x 16 pixels, or 64 x 32 of pictures that are turned.

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, preprocess::linearBlocks)
preprocess_linear_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::linear<false>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, preprocess::linearBlocks)
preprocess_linear_nhwc(const preprocess::Picture *pictures, preprocess::Launch launch) {
  preprocess::linear<true>(pictures[blockIdx.y], launch);
}

SWOOP_EMULATED_KERNEL(preprocess_linear_nchw)
SWOOP_EMULATED_KERNEL(preprocess_linear_nhwc)
