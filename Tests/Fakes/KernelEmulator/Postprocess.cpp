#include "CUDA.h"
// The very sources that are compiled for the GPU.
#include "../../../Sources/CDeviceKernels/postprocess.cu"
#include "../../../Sources/CDeviceKernels/postprocess_candidates.cu"
#include "../../../Sources/CDeviceKernels/postprocess_sort.cu"
#include "../../../Sources/CDeviceKernels/postprocess_suppress.cu"
