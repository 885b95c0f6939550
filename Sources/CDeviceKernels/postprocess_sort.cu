// Steps 2 and 3 of postprocess.cu: the candidates of an image in their order.

namespace swoop_postprocess {

/// Puts the candidate of a key into its place in the order.
__device__ inline void putInOrder(const Parameters &p, u64 first, int place, u64 key) {
  const u32 anchor = static_cast<u32>(key);
  at<Box>(p.sortedBoxes)[first + place] = at<const Box>(p.boxes)[first + anchor];
  const Scored scored = {scoreOf(key), at<const int>(p.classes)[first + anchor]};
  at<Scored>(p.sortedScores)[first + place] = scored;
}

__device__ inline void sortChunk(const Parameters &p) {
  __shared__ u64 keys[chunkCapacity];
  const int image = blockIdx.y;
  const int total = imageState(p, image).candidates;
  const int start = blockIdx.x * p.chunk;
  if (start >= total) return;
  const u64 first = static_cast<u64>(image) * static_cast<u64>(p.anchors);
  u64 *list = at<u64>(p.keys) + first + start;
  const int count = total - start < p.chunk ? total - start : p.chunk;
  int padded = 1;
  while (padded < count) padded *= 2;
  // Behind every key of a candidate: no score has these bits.
  for (int index = threadIdx.x; index < padded; index += blockDim.x) keys[index] = index < count ? list[index] : ~0ull;
  for (int size = 2; size <= padded; size *= 2) {
    for (int stride = size / 2; stride > 0; stride /= 2) {
      __syncthreads();
      for (int pair = threadIdx.x; pair < padded / 2; pair += blockDim.x) {
        const int low = 2 * pair - (pair & (stride - 1));
        const int high = low + stride;
        const u64 a = keys[low];
        const u64 b = keys[high];
        if ((a > b) == ((low & size) == 0)) {
          keys[low] = b;
          keys[high] = a;
        }
      }
    }
  }
  __syncthreads();
  if (total <= p.chunk) {
    for (int index = threadIdx.x; index < count; index += blockDim.x) putInOrder(p, first, index, keys[index]);
  } else {
    for (int index = threadIdx.x; index < count; index += blockDim.x) list[index] = keys[index];
  }
}

__device__ inline void mergeChunks(const Parameters &p) {
  const int image = blockIdx.y;
  const int total = imageState(p, image).candidates;
  if (total <= p.chunk) return;
  const int index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= total) return;
  const u64 first = static_cast<u64>(image) * static_cast<u64>(p.anchors);
  const u64 *keys = at<const u64>(p.keys) + first;
  const u64 key = keys[index];
  const int own = index / p.chunk * p.chunk;
  int rank = index - own;
  for (int start = 0; start < total; start += p.chunk) {
    if (start == own) continue;
    int low = start;
    int high = total - start < p.chunk ? total : start + p.chunk;
    while (low < high) {
      const int middle = low + (high - low) / 2;
      if (keys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    rank += low - start;
  }
  putInOrder(p, first, rank, key);
}

}  // namespace swoop_postprocess

// MARK: Kernels

extern "C" {

__global__ void swoop_postprocess_sort(const swoop_postprocess::Parameters p) { swoop_postprocess::sortChunk(p); }
__global__ void swoop_postprocess_merge(const swoop_postprocess::Parameters p) { swoop_postprocess::mergeChunks(p); }

}  // extern "C"

#ifdef SWOOP_EMULATOR
SWOOP_EMULATED_KERNEL(swoop_postprocess_sort)
SWOOP_EMULATED_KERNEL(swoop_postprocess_merge)
#endif
