// OpenCV's bilinear interpolation where no axis gets shorter, into planes: elements go from registers to the tensor, without
// a tile in shared memory.
//
// A thread makes four neighbouring columns of several rows, on its way down. It convolves each of the source's lines once,
// and has the words of the next one under way meanwhile. Four columns need five neighbouring pixels of a line at most.

namespace preprocess {

/// A warp's strip: 128 pixels wide. A block has one for each of its warps, under each other.
constexpr int stripWidth = 128, stripHeight = 8;
constexpr int enlargedHeight = threadCount / 32 * stripHeight;
/// Blocks of a multiprocessor at once: 64 registers for each thread.
constexpr int enlargedBlocks = 4;
static_assert(stripWidth + enlargedHeight <= threadCount, "each thread prepares one column or row");

/// What a block's threads have in common: for each column the first tap, -1 beside the picture, and the weights of both;
/// for each row its weights, whose note is the second tap. Before the first line and behind the last one are such again.
struct EnlargedTaps {
  int taps[stripWidth];
  unsigned weights[stripWidth];
  RowWeights rows[enlargedHeight];
};

__device__ __forceinline__ void prepareEnlarged(const Picture &picture, const Place &place, EnlargedTaps &taps) {
  const int i = threadIdx.x;
  int tap;
  if (i < stripWidth) {
    const float share = linearTap(place.x + i - picture.left, picture.scaleX, tap);
    unsigned weights = linearWeights(share);
    if (tap < 0) weights = 2048;
    if (tap >= picture.width - 1) weights = 2048u << 16;
    const bool isBeside = i < place.left || i >= place.right;
    taps.taps[i] = isBeside ? -1 : min(max(tap, 0), picture.width - 2);
    taps.weights[i] = isBeside ? 2048 : weights;
  } else if (i < stripWidth + enlargedHeight) {
    const int y = i - stripWidth;
    const float share = linearTap(place.y + y - picture.top, picture.scaleY, tap);
    taps.rows[y] = rowWeights(share, tap + 1);
  }
}

/// Five words of a line that have the five pixels from `p` on.
struct Window {
  unsigned words[5];

  __device__ __forceinline__ void load(const Picture &picture, const unsigned char *p, bool isOutermost) {
    const unsigned *from = wordOf(p);
    if (!isOutermost) {
#pragma unroll
      for (int i = 0; i < 5; i++) words[i] = __ldg(from + i);
      return;
    }
    // The first and the last line in memory, where words may reach beyond what is the picture's.
    const unsigned char *byte = reinterpret_cast<const unsigned char *>(from);
    const int begin = int(max((long long)(picture.begin - byte), 0ll));
    const int end = int(min((long long)(picture.begin + picture.byteCount - byte), 20ll));
#pragma unroll 1
    for (int i = 0; i < 20; i += 4) {
      unsigned word = 0;
#pragma unroll
      for (int j = 0; j < 4; j++, byte++) {
        if (i + j >= begin && i + j < end) word |= unsigned(__ldg(byte)) << (8 * j);
      }
#pragma unroll
      for (int j = 0; j < 4; j++) words[j] = words[j + 1];
      words[4] = word;
    }
  }
};

/// The weights of four columns, and which of the five pixels' bytes of a channel they take, two columns to a word. The
/// fourth column's differ with the channel where it takes the fifth byte. Beside the picture all the weight is the filling's,
/// which comes out as it is, whatever the weights of the row.
struct Columns {
  unsigned weights[4], former, latter[3];

  /// - first: the first of the taps in the picture.
  __device__ __forceinline__ Columns(const int4 &tap, const uint4 &w, int first) : weights{w.x, w.y, w.z, w.w} {
    const auto selector = [first](int tap, unsigned filling) { return tap < 0 ? filling : 0x10 + 0x11 * (tap - first); };
    former = selector(tap.x, 0x44) + (selector(tap.y, 0x44) << 8);
    const unsigned shared = selector(tap.z, 0x77) + (selector(tap.w, 0x77) << 8), step = tap.w - first == 3 ? 0x1000 : 0;
#pragma unroll
    for (int c = 0; c < 3; c++) latter[c] = shared + c * step;
  }
};

/// A sixteenth of each sum of two weighted bytes, rounded down: three channels of four columns.
__device__ __forceinline__ void enlargedAcross(const Window &window, unsigned shift, const Columns &columns, unsigned fill,
                                               float (&sums)[3][4]) {
  const unsigned w0 = __funnelshift_r(window.words[0], window.words[1], shift);
  const unsigned w1 = __funnelshift_r(window.words[1], window.words[2], shift);
  const unsigned w2 = __funnelshift_r(window.words[2], window.words[3], shift);
  const unsigned fifth = __byte_perm(__funnelshift_r(window.words[3], window.words[4], shift), fill, 0x4210);
  const unsigned planes[3] = {__byte_perm(__byte_perm(w0, w1, 0x0630), w2, 0x5210),
                              __byte_perm(__byte_perm(w0, w1, 0x0741), w2, 0x6210),
                              __byte_perm(__byte_perm(w0, w1, 0x0052), w2, 0x7410)};
#pragma unroll
  for (int c = 0; c < 3; c++) {
    const unsigned former = __byte_perm(planes[c], fill, columns.former);
    const unsigned latter = __byte_perm(planes[c], fifth, columns.latter[c]);
    const unsigned dots[4] = {__dp2a_lo(columns.weights[0], former, sumBase),
                              __dp2a_hi(columns.weights[1], former, sumBase),
                              __dp2a_lo(columns.weights[2], latter, sumBase),
                              __dp2a_hi(columns.weights[3], latter, sumBase)};
#pragma unroll
    for (int k = 0; k < 4; k++) sums[c][k] = linearAcross(dots[k]);
  }
}

template <class Element>
struct Numbers {
  /// Stores four elements, of which there are numbers as `linearDown` makes them.
  __device__ static __forceinline__ void store(unsigned char *out, const unsigned (&n)[4], const Launch &launch) {
    Element::storeFour(out, __byte_perm(__byte_perm(n[0], n[1], 0x0040), __byte_perm(n[2], n[3], 0x0040), 0x5410), launch);
  }
};

template <>
struct Numbers<Float16Pairs> {
  __device__ static __forceinline__ void store(unsigned char *out, const unsigned (&n)[4], const Launch &launch) {
    const unsigned high = __float_as_uint(launch.high), low = __float_as_uint(launch.low);
    *reinterpret_cast<uint2 *>(out) = make_uint2(swoop_half_values(__byte_perm(n[0], n[1], 0x5410), high, low),
                                                 swoop_half_values(__byte_perm(n[2], n[3], 0x5410), high, low));
  }
};

template <class Element>
__device__ __forceinline__ void enlargedStrip(const Picture &picture, const Launch &launch, const Place &place,
                                              const EnlargedTaps &taps) {
  const int x = threadIdx.x % 32 * 4, top = threadIdx.x / 32 * stripHeight;
  if (place.x + x >= launch.width) return;
  // Rows of the strip that the canvas has, and those that the picture has.
  const int bottom = max(min(top + stripHeight, launch.height - place.y), top);
  const int from = place.isEmpty() ? bottom : min(max(place.top, top), bottom);
  const int to = max(min(place.bottom, bottom), from);
  const long long rowBytes = (long long)launch.width * Element::size;
  // From the plane of the picture's first channel to the next one's.
  const long long plane = launch.isReversed ? -launch.height * rowBytes : launch.height * rowBytes;
  unsigned char *out = launch.tensor + blockIdx.y * launch.rowByteCount + (place.y + top) * rowBytes
    + (place.x + x) * Element::size - (launch.isReversed ? 2 * plane : 0);
  const unsigned fill = 0x4B006400u + launch.fill;
  const auto fillRows = [&](int count) {
    const unsigned numbers[4] = {fill, fill, fill, fill};
#pragma unroll 1
    for (; count > 0; count--, out += rowBytes) {
#pragma unroll
      for (int c = 0; c < 3; c++) Numbers<Element>::store(out + c * plane, numbers, launch);
    }
  };

  fillRows(from - top);
  if (from < to) {
    const int4 tap = *reinterpret_cast<const int4 *>(taps.taps + x);
    const int firstTap = tap.x >= 0 ? tap.x : tap.y >= 0 ? tap.y : tap.z >= 0 ? tap.z : max(tap.w, 0);
    const Columns columns(tap, *reinterpret_cast<const uint4 *>(taps.weights + x), firstTap);
    // The next line to convolve, and its pixels.
    int line = taps.rows[from].note - 1;
    const int last = picture.height - 1;
    const long long stepY = picture.stepY;
    const unsigned char *p = picture.begin + picture.first + firstTap * 3 + max(line, 0) * stepY;
    Window window;
    window.load(picture, p, line <= 0 || line == last);
    float even[3][4], odd[3][4];
    const auto convolve = [&](float(&sums)[3][4]) {
      enlargedAcross(window, shiftOf(p), columns, launch.fill, sums);
      line++;
      // The first line twice, and the last one.
      if (line > 0 && line <= last) {
        p += stepY;
        window.load(picture, p, line == last);
      }
    };
    const RowWeights *row = taps.rows + from;
    const RowWeights *const end = taps.rows + to;
    // Stores rows while they are between the two lines.
    const auto resize = [&](const float(&upper)[3][4], const float(&lower)[3][4]) {
      for (; row != end; row++, out += rowBytes) {
        const RowWeights weights = *row;
        if (weights.note >= line) return true;
#pragma unroll
        for (int c = 0; c < 3; c++) {
          unsigned numbers[4];
#pragma unroll
          for (int k = 0; k < 4; k++) numbers[k] = linearDown(upper[c][k], lower[c][k], weights);
          Numbers<Element>::store(out + c * plane, numbers, launch);
        }
      }
      return false;
    };
    convolve(even);
#pragma unroll 1
    while (true) {
      convolve(odd);
      if (!resize(even, odd)) break;
      convolve(even);
      if (!resize(odd, even)) break;
    }
  }
  fillRows(bottom - to);
}

}  // namespace preprocess

// A grid of (tiles of the canvas, pictures). Tiles are 128 pixels wide. Pictures that are made otherwise are left out, and
// the tensor's rows begin at multiples of 16 bytes.

extern "C" __global__ void __launch_bounds__(preprocess::threadCount, preprocess::enlargedBlocks)
preprocess_enlarged_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  using namespace preprocess;
  __shared__ __align__(16) unsigned char memory[sizeof(EnlargedTaps)];
  const Picture &picture = pictures[blockIdx.y];
  if (picture.method != isEnlarged) return;
  EnlargedTaps &taps = *reinterpret_cast<EnlargedTaps *>(memory);
  const Place place(picture, int(blockIdx.x % launch.tilesAcross) * stripWidth,
                    int(blockIdx.x / launch.tilesAcross) * enlargedHeight, stripWidth, enlargedHeight);
  if (!place.isEmpty()) prepareEnlarged(picture, place, taps);
  __syncthreads();
  switch (launch.element) {
    case 0: enlargedStrip<Float32>(picture, launch, place, taps); break;
    case 1: enlargedStrip<Float16>(picture, launch, place, taps); break;
    case 3: enlargedStrip<Float16Pairs>(picture, launch, place, taps); break;
    default: enlargedStrip<UInt8>(picture, launch, place, taps); break;
  }
}

SWOOP_EMULATED_KERNEL(preprocess_enlarged_nchw)
