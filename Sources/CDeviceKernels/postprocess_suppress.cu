// Step 4 of postprocess.cu: which candidates stay, and what the host gets of them.

namespace swoop_postprocess {

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

__global__ void swoop_postprocess_suppress(const swoop_postprocess::Parameters p) {
  swoop_postprocess::suppressImage(p);
}

}  // extern "C"

#ifdef SWOOP_EMULATOR
SWOOP_EMULATED_KERNEL(swoop_postprocess_suppress)
#endif
