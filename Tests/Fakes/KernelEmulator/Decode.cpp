#include "CUDA.h"
// The very source that is compiled for the GPU.
#include "../../../Sources/CDeviceKernels/decode.cu"
