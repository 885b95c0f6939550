// Pillow's bicubic for pictures that are not turned and not reduced enormously: the same records and elements as in
// preprocess.cu and the same tables as in preprocess_bicubic.cu.
//
// Both convolutions are products of matrices as there, but nothing is moved or sorted between:
//
// 1. The source's lines go to shared memory as they are.
// 2. Across, a warp makes 16 bytes of a line's interleaved bytes for 16 lines at a time. The coefficients are spread as the
//    channels lie in memory, with zeros between, so that the lines' words are operands as they are. Four lines' bytes of one
//    channel are a word.
// 3. Down, such words are operands again. A warp makes eight rows of 32 columns; a thread has four columns of two rows and
//    stores their elements.
//
// A block goes down a part of the canvas, so that its coefficients across stay in registers, and the next lines come in
// while rows are made.

namespace preprocess {

struct Products {
  /// Threads, and a tile's width: 16 of its interleaved bytes for each warp. How high tiles are is the launch's choice.
  static constexpr int threadCount = 192, warpCount = threadCount / 32, width = 16 * warpCount / 3;
  // The lines' bytes in shared memory, for both convolutions to have what is one operand in neighbouring words: eight lines
  // after another; of each the channels; of each the columns of which bit 1 is not set, then the others; of each two
  // neighbouring columns of four lines, then the same of the next four.

  /// Words from one channel to the next, and from eight lines to the next eight: multiples of 4, such that what a warp stores
  /// or loads at once is in different banks.
  static constexpr int channelWords = 2 * width + 4, lineWords = 3 * channelWords + 28;

  /// Where a column's word of the first four of eight lines is; that of the others is two words on.
  __device__ static __forceinline__ int wordOfColumn(int x) { return (x >> 1 & 1) * width + (x >> 2) * 4 + (x & 1); }
  __device__ static __forceinline__ int wordOfLines(int fours) { return (fours >> 1) * lineWords + (fours & 1) * 2; }

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

    /// The bytes are the rows.
    __device__ __forceinline__ void addDown(const unsigned (&bytes)[4], const unsigned (&planes)[3][2]) {
      swoop_multiply<false, true>(high, bytes, planes[2]);
      swoop_multiply<false, false>(middle, bytes, planes[1]);
      swoop_multiply<false, false>(low, bytes, planes[0]);
    }

    /// The coefficients are the rows.
    __device__ __forceinline__ void addAcross(const unsigned (&bytes)[2], const unsigned (&planes)[3][4]) {
      swoop_multiply<true, false>(high, planes[2], bytes);
      swoop_multiply<false, false>(middle, planes[1], bytes);
      swoop_multiply<false, false>(low, planes[0], bytes);
    }

    __device__ __forceinline__ int operator[](int i) const {
      return int((unsigned(high[i]) * 256 + unsigned(middle[i])) * 256 + unsigned(low[i])) >> 22;
    }
  };

  // MARK: Lines

  /// A tile's columns of the source's lines, in the order of memory.
  struct Source {
    const Picture &picture;
    /// Pixel (0, 0), and bytes from one line to the next.
    const unsigned char *origin;
    int stepY;
    /// The first byte, counted from a line's first pixel on, and how many there are.
    int start, count;
    /// Bytes that are copied at once, to which `start` is aligned; 1 where lines are not words apart.
    int size;

    __device__ __forceinline__ Source(const Picture &picture, const Axis &across)
        : picture(picture), origin(picture.begin + picture.first), stepY(int(picture.stepY)) {
      const Taps first = across.tapsOf(across.begin), last = across.tapsOf(across.end - 1);
      const int end = last.first + last.count;
      const bool isMirrored = across.step < 0;
      const int from = isMirrored ? (end - 1) * across.step : first.first * across.step;
      size = stepY % 8 == 0 ? 8 : stepY % 4 == 0 ? 4 : 1;
      start = from - int(unsigned(reinterpret_cast<size_t>(origin) + from) & unsigned(size - 1));
      count = (isMirrored ? first.first * across.step + 3 : end * across.step) - start;
    }
  };

  /// Where lines are in shared memory: fours of them have 64 bytes between, and `pitch` is 32 more than a multiple of 64, so
  /// that what half of a warp loads is in different banks.
  struct Stage {
    unsigned char *bytes;
    int pitch;

    __device__ __forceinline__ unsigned char *line(int i) const { return bytes + i * pitch + (i >> 2) * 64; }

    /// Brings `count` lines from `first` on, some of them later: `swoop_copies_wait` waits for them.
    __device__ __forceinline__ void fetch(const Source &source, int first, int count) const {
      const unsigned char *const from = swoop_offset(source.origin + source.start, first, source.stepY);
      const unsigned char *const last = swoop_offset(from, count - 1, source.stepY);
      const unsigned char *const lowest = source.stepY < 0 ? last : from, *const highest = source.stepY < 0 ? from : last;
      // Whole words, or what two words each have that they are put together from.
      const int before = source.size == 1 ? 3 : 0;
      const int all = source.size == 1 ? source.count + 7 : (source.count + source.size - 1) & -source.size;
      const bool isInside = lowest - before >= source.picture.begin
        && highest + all <= source.picture.begin + source.picture.byteCount;
      if (!isInside) fetchBytes(source, from, count);
      else if (source.size == 8) fetchWords<8>(source, from, count);
      else if (source.size == 4) fetchWords<4>(source, from, count);
      else fetchUnaligned(source, from, count);
    }

    template <int size>
    __device__ __forceinline__ void fetchWords(const Source &source, const unsigned char *from, int count) const {
      // A warp takes four lines at a time.
      const int first = threadIdx.x / 32 * 4, stepY = source.stepY;
#pragma unroll 1
      for (int at = threadIdx.x % 32 * size; at < source.count; at += 32 * size) {
        const unsigned char *p = swoop_offset(from + at, first, stepY);
        unsigned to = swoop_shared_address(line(first) + at);
#pragma unroll 1
        for (int left = count - first; left > 0; left -= 4 * warpCount) {
#pragma unroll
          for (int k = 0; k < 4; k++) {
            if (k < left) swoop_copy<size>(to + k * pitch, p);
            p += stepY;
          }
          p += (4 * warpCount - 4) * (long long)stepY;
          to += 4 * warpCount * pitch + warpCount * 64;
        }
      }
    }

    /// Words put together from two.
    __device__ __forceinline__ void fetchUnaligned(const Source &source, const unsigned char *from, int count) const {
#pragma unroll 1
      for (int i = threadIdx.x / 32; i < count; i += warpCount) {
        const unsigned char *const p = swoop_offset(from, i, source.stepY);
#pragma unroll 1
        for (int at = threadIdx.x % 32 * 4; at < source.count; at += 32 * 4) {
          const unsigned *const words = wordOf(p + at);
          *reinterpret_cast<unsigned *>(line(i) + at) = __funnelshift_r(__ldg(words), __ldg(words + 1), shiftOf(p + at));
        }
      }
    }

    /// Lines at the ends of the picture's memory: only its own bytes.
    __device__ __forceinline__ void fetchBytes(const Source &source, const unsigned char *from, int count) const {
      const unsigned char *const begin = source.picture.begin, *const end = begin + source.picture.byteCount;
#pragma unroll 1
      for (int i = threadIdx.x / 32; i < count; i += warpCount) {
        const unsigned char *const p = swoop_offset(from, i, source.stepY);
#pragma unroll 1
        for (int at = threadIdx.x % 32; at < source.count; at += 32) {
          if (p + at >= begin && p + at < end) line(i)[at] = __ldg(p + at);
        }
      }
    }
  };

  // MARK: Across

  /// 16 neighbouring bytes of the canvas's interleaved lines: the window of a line in which all their taps are.
  ///
  /// A lane has eight bytes of each 32 of the window, and the coefficients of two outputs, eight apart.
  struct Window {
    /// Where in a line the lane's bytes begin, and whether the picture covers any of the outputs.
    int place;
    bool isCovered, isMirrored;
    int lastTap;
    /// Of both outputs: the coefficients, the first tap at or behind the lane's first byte, and how far behind.
    const Weights *weights[2];
    int groups[2], tap[2], at[2];

    __device__ __forceinline__ Window(const Axis &across, const Source &source) {
      const int lane = threadIdx.x % 32, output = threadIdx.x / 32 * 16;
      const int left = max(output / 3, across.begin), right = min((output + 15) / 3, across.end - 1);
      isCovered = left <= right;
      if (!isCovered) return;
      isMirrored = across.step < 0;
      lastTap = 4 * across.groups - 1;
      const Taps taps = across.tapsOf(isMirrored ? right : left);
      const int lowest = (isMirrored ? taps.first + taps.count - 1 : taps.first) * across.step;
      place = ((lowest - source.start) & ~7) + lane % 4 * 8;
#pragma unroll
      for (int half = 0; half < 2; half++) {
        const int own = output + 8 * half + lane / 4, x = own / 3, channel = own - 3 * x;
        const bool isMine = x >= left && x <= right;
        const int covered = isMine ? x : left;
        weights[half] = across.weightsOf(covered);
        groups[half] = isMine ? across.groups : -zeroGroups;
        // Where from the lane's first byte on the output's first tap in memory is: the last where the picture is mirrored.
        const int ahead =
          (across.tapsOf(covered).first + (isMirrored ? lastTap : 0)) * across.step + channel - source.start - place;
        // Taps are three bytes apart; windows are a thousand bytes at most.
        tap[half] = int(unsigned(3 * 1024 + 2 - ahead) / 3) - 1024;
        at[half] = 3 * tap[half] + ahead;
      }
    }

    /// The lane's part of the coefficients of 32 bytes of the window.
    __device__ __forceinline__ void load(int step, unsigned (&planes)[3][4]) const {
#pragma unroll
      for (int half = 0; half < 2; half++) {
        const int ahead = int(unsigned(32 * step - at[half] + 2) / 3), own = tap[half] + ahead;
        const int behind = at[half] + 3 * ahead - 32 * step;
        unsigned bytes[3];
        weightsFrom(weights[half], groups[half], isMirrored ? lastTap - 3 - own : own, bytes);
        // Which of four taps' bytes, or zeros, four bytes have, and the next four.
        const unsigned low = isMirrored ? choose(behind, 0x2443, 0x4434, 0x4344) : choose(behind, 0x1440, 0x4404, 0x4044);
        const unsigned high = isMirrored ? choose(behind, 0x4144, 0x1442, 0x4424) : choose(behind, 0x4244, 0x2441, 0x4414);
#pragma unroll
        for (int plane = 0; plane < 3; plane++) {
          planes[plane][half] = swoop_select(bytes[plane], low);
          planes[plane][2 + half] = swoop_select(bytes[plane], high);
        }
      }
    }

    __device__ static __forceinline__ unsigned choose(int i, unsigned zero, unsigned one, unsigned two) {
      return i == 0 ? zero : i == 1 ? one : two;
    }
  };

  /// Convolves lines of the stage by a window of 32 * `steps` bytes, whose coefficients stay in registers; with 0 steps, by one
  /// of any length, whose coefficients are loaded again for every 32 lines.
  template <int steps>
  struct Across {
    const Window window;
    const int anySteps;
    unsigned planes[steps > 0 ? steps : 1][3][4];

    __device__ __forceinline__ Across(const Axis &across, const Source &source, int anySteps)
        : window(across, source), anySteps(anySteps) {
      if (!window.isCovered) return;
#pragma unroll
      for (int step = 0; step < steps; step++) window.load(step, planes[step]);
    }

    /// The bytes of 32 of the window of the line's that the lane loads.
    __device__ static __forceinline__ void add(Sums &sums, const unsigned char *line, const unsigned (&planes)[3][4]) {
      const uint2 words = *reinterpret_cast<const uint2 *>(line);
      const unsigned operand[2] = {words.x, words.y};
      sums.addAcross(operand, planes);
    }

    /// Stores the words of both outputs, given the sums of the lanes' two lines of each 16.
    __device__ static __forceinline__ void store(const Sums (&sums)[2], unsigned *(&outs)[2], bool isNeeded) {
      const int first[4] = {sums[0][0], sums[0][1], sums[1][0], sums[1][1]};
      const int second[4] = {sums[0][2], sums[0][3], sums[1][2], sums[1][3]};
      const unsigned words[2] = {pack(first), pack(second)};
      if (isNeeded) {
        outs[0][0] = words[0];
        outs[1][0] = words[1];
      }
      outs[0] += 2 * lineWords;
      outs[1] += 2 * lineWords;
    }

    /// The stage's first `count` lines.
    __device__ __forceinline__ void convolve(const Stage &stage, int count, unsigned *middle) const {
      if (!window.isCovered) return;
      // A lane loads from two lines of each 16, and has four lines' bytes of two outputs.
      const int lane = threadIdx.x % 32, output = threadIdx.x / 32 * 16 + lane / 4, made = lane % 4 * 4;
      const unsigned char *lines[2];
      unsigned *outs[2];
#pragma unroll
      for (int i = 0; i < 2; i++) {
        lines[i] = stage.line(lane / 8 * 4 + lane / 4 % 2 + 2 * i) + window.place;
        const int own = output + 8 * i;
        outs[i] = middle + wordOfLines(lane % 4) + own % 3 * channelWords + wordOfColumn(own / 3);
      }
      const int step16 = 16 * stage.pitch + 4 * 64;
      if (steps == 0) {
#pragma unroll 1
        for (int left = count - made; left > -made; left -= 32) {
          const bool isMore = left + made > 16;
          Sums sums[2], more[2];
#pragma unroll 1
          for (int step = 0; step < anySteps; step++) {
            unsigned own[3][4];
            window.load(step, own);
#pragma unroll
            for (int k = 0; k < 2; k++) add(sums[k], lines[k] + 32 * step, own);
            if (!isMore) continue;
#pragma unroll
            for (int k = 0; k < 2; k++) add(more[k], lines[k] + step16 + 32 * step, own);
          }
          store(sums, outs, left > 0);
          store(more, outs, left > 16);
          lines[0] += 2 * step16;
          lines[1] += 2 * step16;
        }
      } else {
#pragma unroll 1
        for (int left = count - made; left > -made; left -= 16) {
          Sums sums[2];
#pragma unroll
          for (int k = 0; k < 2; k++) {
#pragma unroll
            for (int step = 0; step < steps; step++) add(sums[k], lines[k] + 32 * step, planes[step]);
            lines[k] += step16;
          }
          store(sums, outs, left > 0);
        }
      }
    }
  };

  // MARK: Down

  __device__ static __forceinline__ void readFour(const unsigned *p, unsigned (&words)[4]) {
    const uint4 v = *reinterpret_cast<const uint4 *>(p);
    words[0] = v.x;
    words[1] = v.y;
    words[2] = v.z;
    words[3] = v.w;
  }

  /// Eight rows of the tile: their lines, and a lane's part of the coefficients, 32 lines a step. With 0 steps there may be
  /// any number, and they are loaded again for every channel.
  template <int steps>
  struct Strip {
    unsigned planes[steps > 0 ? steps : 1][3][2];
    /// The first of the words of eight lines, and the last that there is.
    int word, last;
    const BandPart part;
    const int anySteps;

    __device__ __forceinline__ Strip(const Axis &down, int row, int firstLine, int lineCount, int anySteps)
        : word((down.tapsOf(max(row, down.begin)).first - firstLine) / 8), last((lineCount + 7) / 8 - 1),
          part(down, row, firstLine + 8 * word), anySteps(anySteps) {
#pragma unroll
      for (int step = 0; step < steps; step++) part.loadEights(step, planes[step]);
    }

    __device__ __forceinline__ void add(Sums (&sums)[2], const unsigned *columns, int step,
                                        const unsigned (&planes)[3][2]) const {
      const int lane = threadIdx.x % 32;
      const unsigned *const p = columns + lane / 4 * 4 + min(word + lane % 4 + 4 * step, last) * lineWords;
#pragma unroll
      for (int pair = 0; pair < 2; pair++) {
        unsigned operand[4];
        readFour(p + pair * width, operand);
        sums[pair].addDown(operand, planes);
      }
    }

    /// Of one channel, the words of columns 4 * (lane / 4) to 4 * (lane / 4) + 3, of rows 2 * (lane % 4) and the next.
    __device__ __forceinline__ void convolve(const unsigned *columns, unsigned &upper, unsigned &lower) const {
      Sums sums[2];
#pragma unroll
      for (int step = 0; step < steps; step++) add(sums, columns, step, planes[step]);
      if (steps == 0) {
#pragma unroll 1
        for (int step = 0; step < anySteps; step++) {
          unsigned own[3][2];
          part.loadEights(step, own);
          add(sums, columns, step, own);
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
    // Rare, and so short.
#pragma unroll 1
    for (int i = 0; i < 12; i++) {
      const int c = i / 4, k = i % 4;
      if ((isInterleaved ? i : k) >= target.count) continue;
      const unsigned word = c == 0 ? words[0] : c == 1 ? words[1] : words[2];
      Element::store(out + c * target.channelStep + k * Element::size, word >> 8 * k & 255, launch);
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

  /// Rows from `begin` up to `end`, of which the picture covers none or all, as it is.
  template <bool isInterleaved>
  __device__ static __forceinline__ void runRows(const Picture &picture, const Launch &launch, const Place &place, int begin,
                                                 int end, bool isCopied) {
    constexpr int lanes = width / 4, rows = threadCount / lanes;
    const int x = threadIdx.x % lanes * 4, first = begin + int(threadIdx.x / lanes);
    if (place.x + x >= launch.width) return;
    const unsigned mask = isCopied ? maskOf(place, x) : 0, fill = launch.fill * 0x01010101u;
    Target target(launch, isInterleaved, place.x + x, place.y + first);
#pragma unroll 1
    for (int y = first; y < end; y += rows, target.first += rows * target.rowStep) {
      unsigned words[3] = {fill, fill, fill};
      if (mask != 0) copy(picture, place, x, y, words);
#pragma unroll
      for (int c = 0; c < 3; c++) words[c] = (words[c] & mask) | (fill & ~mask);
      emitAny<isInterleaved>(launch, target, words);
    }
  }

  /// The lines that some rows need.
  struct Lines {
    int first, count;

    __device__ __forceinline__ Lines(const Axis &down, int top, int bottom) {
      const Taps begin = down.tapsOf(top), end = down.tapsOf(bottom - 1);
      first = begin.first;
      count = end.first + end.count - first;
    }
  };

  /// A warp's eight rows from `row` on, up to `bottom` at most.
  template <bool isInterleaved, int steps>
  __device__ static __forceinline__ void runDown(const Launch &launch, const Place &place, const Strip<steps> &strip,
                                                 const unsigned *middle, int row, int bottom) {
    unsigned words[2][3];
#pragma unroll
    for (int c = 0; c < 3; c++) {
      strip.convolve(middle + c * channelWords, words[0][c], words[1][c]);
    }
    const int lane = threadIdx.x % 32, x = lane / 4 * 4, y = row + lane % 4 * 2;
    if (place.x + x >= launch.width) return;
    const unsigned mask = maskOf(place, x), fill = launch.fill * 0x01010101u;
    Target target(launch, isInterleaved, place.x + x, place.y + y);
#pragma unroll
    for (int i = 0; i < 2; i++) {
      if (y + i >= bottom) return;
#pragma unroll
      for (int c = 0; c < 3; c++) words[i][c] = (words[i][c] & mask) | (fill & ~mask);
      emitAny<isInterleaved>(launch, target, words[i]);
      target.first += target.rowStep;
    }
  }

  /// The picture's rows in the block's part, tile by tile. Between the two barriers of a tile its lines are convolved across;
  /// behind the second the next tile's lines are on their way while rows are made.
  template <bool isInterleaved, int steps, int downSteps>
  __device__ static __forceinline__ void march(const Picture &picture, const Launch &launch, const Place &place,
                                               unsigned char *memory) {
    const Axis across(picture, place, true), down(picture, place, false);
    const Source source(picture, across);
    const Stage stage{memory, picture.outerOutputs};
    unsigned *const middle = reinterpret_cast<unsigned *>(memory + launch.stageByteCount);
    int bottom = min(place.top + launch.tileHeight, place.bottom);
    Lines lines(down, place.top, bottom);
    stage.fetch(source, lines.first, lines.count);
    const Across<steps> ours(across, source, picture.innerSteps);
#pragma unroll 1
    for (int top = place.top; top < place.bottom; top = bottom, bottom = min(top + launch.tileHeight, place.bottom)) {
      // Coefficients and the next lines' numbers are loaded meanwhile.
      const int row = top + int(threadIdx.x / 32) * 8;
      const Strip<downSteps> strip(down, min(row, bottom - 1), lines.first, lines.count, picture.outerSteps);
      const int next = min(bottom, place.bottom - 1);
      const Lines nextLines(down, next, min(next + launch.tileHeight, place.bottom));
      swoop_copies_wait();
      __syncthreads();
      ours.convolve(stage, lines.count, middle);
      __syncthreads();
      if (bottom < place.bottom) stage.fetch(source, nextLines.first, nextLines.count);
      if (row < bottom) runDown<isInterleaved>(launch, place, strip, middle, row, bottom);
      lines = nextLines;
    }
  }

  template <bool isInterleaved, int steps>
  __device__ static __forceinline__ void march(const Picture &picture, const Launch &launch, const Place &place,
                                               unsigned char *memory) {
    if (picture.outerSteps == 1) march<isInterleaved, steps, 1>(picture, launch, place, memory);
    else march<isInterleaved, steps, 2>(picture, launch, place, memory);
  }

  template <bool isInterleaved>
  __device__ static __forceinline__ void run(const Picture &picture, const Launch &launch) {
    SWOOP_DYNAMIC_SHARED(unsigned char, memory);
    const int part = int(blockIdx.x / launch.tilesAcross) * launch.partHeight;
    const int height = min(launch.partHeight, launch.height - part);
    const Place place(picture, int(blockIdx.x % launch.tilesAcross) * width, part, width, height);
    const bool isCopied = picture.method == copiesByProducts;
    const int top = place.isEmpty() ? 0 : place.top, bottom = place.isEmpty() ? 0 : place.bottom;
    // Above the picture, below it, and itself where it is copied.
#pragma unroll 1
    for (int i = 0; i < (isCopied ? 3 : 2); i++) {
      runRows<isInterleaved>(picture, launch, place, i == 0 ? 0 : i == 1 ? bottom : top, i == 0 ? top : i == 1 ? height : bottom,
                             i == 2);
    }
    if (isCopied || place.isEmpty()) return;
    switch (picture.outerSteps <= 2 ? picture.innerSteps : 0) {
      case 1: march<isInterleaved, 1>(picture, launch, place, memory); break;
      case 2: march<isInterleaved, 2>(picture, launch, place, memory); break;
      case 3: march<isInterleaved, 3>(picture, launch, place, memory); break;
      default: march<isInterleaved, 0, 0>(picture, launch, place, memory); break;
    }
  }
};

}  // namespace preprocess

// A grid of (parts of the canvas, pictures). Parts are 32 pixels wide.

extern "C" __global__ void __launch_bounds__(preprocess::Products::threadCount, 3)
preprocess_products_nchw(const preprocess::Picture *pictures, preprocess::Launch launch) {
  if (pictures[blockIdx.y].method >= preprocess::byProducts) preprocess::Products::run<false>(pictures[blockIdx.y], launch);
}

extern "C" __global__ void __launch_bounds__(preprocess::Products::threadCount, 3)
preprocess_products_nhwc(const preprocess::Picture *pictures, preprocess::Launch launch) {
  if (pictures[blockIdx.y].method >= preprocess::byProducts) preprocess::Products::run<true>(pictures[blockIdx.y], launch);
}

SWOOP_EMULATED_KERNEL(preprocess_products_nchw)
SWOOP_EMULATED_KERNEL(preprocess_products_nhwc)
