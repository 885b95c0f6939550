#include "CUDA.h"
// The very sources that are compiled for the GPU.
#include "../../../Sources/CDeviceKernels/preprocess.cu"
#include "../../../Sources/CDeviceKernels/preprocess_linear.cu"
#include "../../../Sources/CDeviceKernels/preprocess_enlarged.cu"
#include "../../../Sources/CDeviceKernels/preprocess_bicubic.cu"
#include "../../../Sources/CDeviceKernels/preprocess_products.cu"
