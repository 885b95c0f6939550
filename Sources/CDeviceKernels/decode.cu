// Finds pictures that a decoder reported as decoded and did not write: their last bytes are marked before, and looked at
// after.

namespace decode {

/// The last bytes of a picture on the device.
struct End {
  unsigned char *address;
  unsigned long long count;
};

/// Byte `i` of the mark. Pixels of pictures do not climb so steeply and steadily.
__device__ inline unsigned char mark(unsigned i) { return (unsigned char)(0xA5 + 73 * i); }

}  // namespace decode

// A block for each picture, a thread for each byte.
extern "C" __global__ void swoop_decode_mark(const decode::End *ends) {
  const decode::End end = ends[blockIdx.x];
  if (threadIdx.x < end.count) end.address[threadIdx.x] = decode::mark(threadIdx.x);
}

// A thread for each picture: whether its mark is still whole. Most are not in the first byte.
extern "C" __global__ void swoop_decode_intact(const decode::End *ends, unsigned char *intact, unsigned count) {
  const unsigned picture = blockIdx.x * blockDim.x + threadIdx.x;
  if (picture >= count) return;
  const decode::End end = ends[picture];
  unsigned i = 0;
  while (i < end.count && end.address[i] == decode::mark(i)) i++;
  intact[picture] = i == end.count;
}

SWOOP_EMULATED_KERNEL(swoop_decode_mark)
SWOOP_EMULATED_KERNEL(swoop_decode_intact)
