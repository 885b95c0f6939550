// Written by scripts/generate-tensorrt-layouts from methods.tsv and enumerations.tsv. Change those, not this.

#include "include/CTensorRT.h"
#include "Invoke.h"
#include "Tables.h"

void *_Nullable swoop_trt_IRuntime_deserialize(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1) {
  if (layout->slots[0] >= 0) { return invoke<void *, void *, uint64_t, void *>(layout, object, 0, true, const_cast<void *>(a0), a1, nullptr); }
  if (layout->slots[1] >= 0) { return invoke<void *, void *, uint64_t>(layout, object, 1, true, const_cast<void *>(a0), a1); }
  return {};
}

void swoop_trt_IRuntime_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[2] >= 0) { invoke<void, void *>(layout, object, 2, true, const_cast<void *>(a0)); return; }
}

void *_Nullable swoop_trt_IRuntime_getErrorRecorder(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[3] >= 0) { return invoke<void *>(layout, object, 3, true); }
  return {};
}

void *_Nullable swoop_trt_IRuntime_getLogger(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[4] >= 0) { return invoke<void *>(layout, object, 4, true); }
  return {};
}

bool swoop_trt_IRuntime_setMaxThreads(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[5] >= 0) { return invoke<bool, int32_t>(layout, object, 5, true, a0); }
  return {};
}

int32_t swoop_trt_IRuntime_getMaxThreads(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[6] >= 0) { return invoke<int32_t>(layout, object, 6, true); }
  return {};
}

void swoop_trt_IRuntime_setTemporaryDirectory(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[7] >= 0) { invoke<void, const char *>(layout, object, 7, true, a0); return; }
}

const char *_Nullable swoop_trt_IRuntime_getTemporaryDirectory(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[8] >= 0) { return invoke<const char *>(layout, object, 8, true); }
  return {};
}

void swoop_trt_IRuntime_setEngineHostCodeAllowed(const swoop_trt_layout *layout, void *object, bool a0) {
  if (layout->slots[9] >= 0) { invoke<void, bool>(layout, object, 9, true, a0); return; }
}

bool swoop_trt_IRuntime_getEngineHostCodeAllowed(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[10] >= 0) { return invoke<bool>(layout, object, 10, true); }
  return {};
}

void *_Nullable swoop_trt_IRuntime_loadRuntime(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[11] >= 0) { return invoke<void *, const char *>(layout, object, 11, true, a0); }
  return {};
}

void *_Nullable swoop_trt_IRuntime_getPluginRegistry(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[12] >= 0) { return invoke<void *>(layout, object, 12, true); }
  return {};
}

int64_t swoop_trt_IRuntime_getEngineHeaderSize(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[13] >= 0) { return invoke<int64_t>(layout, object, 13, true); }
  return {};
}

int32_t swoop_trt_IRuntime_getEngineValidity(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int64_t a1, void *_Nullable a2) {
  if (layout->slots[14] >= 0) { return invoke<int32_t, void *, int64_t, void *>(layout, object, 14, true, const_cast<void *>(a0), a1, a2); }
  return {};
}

void swoop_trt_IRuntime_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[15] >= 0) { invoke<void>(layout, object, 15, false); return; }
}

int32_t swoop_trt_ICudaEngine_getNbIOTensors(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[16] >= 0) { return invoke<int32_t>(layout, object, 16, true); }
  return {};
}

const char *_Nullable swoop_trt_ICudaEngine_getIOTensorName(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[17] >= 0) { return invoke<const char *, int32_t>(layout, object, 17, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getTensorIOMode(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[18] >= 0) { return invoke<int32_t, const char *>(layout, object, 18, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getTensorDataType(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[19] >= 0) { return invoke<int32_t, const char *>(layout, object, 19, true, a0); }
  return {};
}

swoop_trt_dims swoop_trt_ICudaEngine_getTensorShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[20] >= 0) { return widened(invoke<dims32, const char *>(layout, object, 20, true, a0)); }
  if (layout->slots[21] >= 0) { return invoke<swoop_trt_dims, const char *>(layout, object, 21, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getTensorLocation(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[22] >= 0) { return invoke<int32_t, const char *>(layout, object, 22, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getTensorFormat(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[23] >= 0) { return invoke<int32_t, const char *>(layout, object, 23, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getTensorBytesPerComponent(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[24] >= 0) { return invoke<int32_t, const char *>(layout, object, 24, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getTensorComponentsPerElement(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[25] >= 0) { return invoke<int32_t, const char *>(layout, object, 25, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getTensorVectorizedDim(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[26] >= 0) { return invoke<int32_t, const char *>(layout, object, 26, true, a0); }
  return {};
}

const char *_Nullable swoop_trt_ICudaEngine_getTensorFormatDesc(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[27] >= 0) { return invoke<const char *, const char *>(layout, object, 27, true, a0); }
  return {};
}

bool swoop_trt_ICudaEngine_isShapeInferenceIO(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[28] >= 0) { return invoke<bool, const char *>(layout, object, 28, true, a0); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getNbOptimizationProfiles(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[29] >= 0) { return invoke<int32_t>(layout, object, 29, true); }
  return {};
}

swoop_trt_dims swoop_trt_ICudaEngine_getProfileShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, int32_t a2) {
  if (layout->slots[30] >= 0) { return widened(invoke<dims32, const char *, int32_t, int32_t>(layout, object, 30, true, a0, a1, a2)); }
  if (layout->slots[31] >= 0) { return invoke<swoop_trt_dims, const char *, int32_t, int32_t>(layout, object, 31, true, a0, a1, a2); }
  return {};
}

void *_Nullable swoop_trt_ICudaEngine_createExecutionContext(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[32] >= 0) { return invoke<void *>(layout, object, 32, true); }
  if (layout->slots[33] >= 0) { return invoke<void *, int32_t>(layout, object, 33, true, a0); }
  return {};
}

void *_Nullable swoop_trt_ICudaEngine_createExecutionContextWithoutDeviceMemory(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[34] >= 0) { return invoke<void *>(layout, object, 34, true); }
  return {};
}

void *_Nullable swoop_trt_ICudaEngine_createExecutionContextWithConfig(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[35] >= 0) { return invoke<void *, void *>(layout, object, 35, true, const_cast<void *>(a0)); }
  return {};
}

uint64_t swoop_trt_ICudaEngine_getDeviceMemorySize(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[36] >= 0) { return invoke<uint64_t>(layout, object, 36, true); }
  return {};
}

int64_t swoop_trt_ICudaEngine_getDeviceMemorySizeV2(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[37] >= 0) { return invoke<int64_t>(layout, object, 37, true); }
  return {};
}

const char *_Nullable swoop_trt_ICudaEngine_getName(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[38] >= 0) { return invoke<const char *>(layout, object, 38, true); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getNbLayers(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[39] >= 0) { return invoke<int32_t>(layout, object, 39, true); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getNbAuxStreams(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[40] >= 0) { return invoke<int32_t>(layout, object, 40, true); }
  return {};
}

void *_Nullable swoop_trt_ICudaEngine_createEngineInspector(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[41] >= 0) { return invoke<void *>(layout, object, 41, true); }
  return {};
}

void *_Nullable swoop_trt_ICudaEngine_serialize(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[42] >= 0) { return invoke<void *>(layout, object, 42, true); }
  return {};
}

void *_Nullable swoop_trt_ICudaEngine_createSerializationConfig(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[43] >= 0) { return invoke<void *>(layout, object, 43, true); }
  return {};
}

void *_Nullable swoop_trt_ICudaEngine_serializeWithConfig(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[44] >= 0) { return invoke<void *, void *>(layout, object, 44, true, const_cast<void *>(a0)); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getProfilingVerbosity(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[45] >= 0) { return invoke<int32_t>(layout, object, 45, true); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getHardwareCompatibilityLevel(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[46] >= 0) { return invoke<int32_t>(layout, object, 46, true); }
  return {};
}

bool swoop_trt_ICudaEngine_isRefittable(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[47] >= 0) { return invoke<bool>(layout, object, 47, true); }
  return {};
}

void swoop_trt_ICudaEngine_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[48] >= 0) { invoke<void, void *>(layout, object, 48, true, const_cast<void *>(a0)); return; }
}

void *_Nullable swoop_trt_ICudaEngine_createRuntimeConfig(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[49] >= 0) { return invoke<void *>(layout, object, 49, true); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getNbBindings(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[50] >= 0) { return invoke<int32_t>(layout, object, 50, true); }
  return {};
}

int32_t swoop_trt_ICudaEngine_getBindingIndex(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[51] >= 0) { return invoke<int32_t, const char *>(layout, object, 51, true, a0); }
  return {};
}

bool swoop_trt_ICudaEngine_hasImplicitBatchDimension(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[52] >= 0) { return invoke<bool>(layout, object, 52, true); }
  return {};
}

void swoop_trt_ICudaEngine_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[53] >= 0) { invoke<void>(layout, object, 53, false); return; }
}

bool swoop_trt_IExecutionContext_setInputShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, const swoop_trt_dims *a1) {
  if (layout->slots[54] >= 0) { dims32 n = narrowed(*a1); return invoke<bool, const char *, const dims32 *>(layout, object, 54, true, a0, &n); }
  if (layout->slots[55] >= 0) { return invoke<bool, const char *, const swoop_trt_dims *>(layout, object, 55, true, a0, a1); }
  return {};
}

swoop_trt_dims swoop_trt_IExecutionContext_getTensorShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[56] >= 0) { return widened(invoke<dims32, const char *>(layout, object, 56, true, a0)); }
  if (layout->slots[57] >= 0) { return invoke<swoop_trt_dims, const char *>(layout, object, 57, true, a0); }
  return {};
}

bool swoop_trt_IExecutionContext_setTensorAddress(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, const void *_Nullable a1) {
  if (layout->slots[58] >= 0) { return invoke<bool, const char *, void *>(layout, object, 58, true, a0, const_cast<void *>(a1)); }
  return {};
}

void *_Nullable swoop_trt_IExecutionContext_getTensorAddress(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[59] >= 0) { return invoke<void *, const char *>(layout, object, 59, true, a0); }
  return {};
}

int32_t swoop_trt_IExecutionContext_inferShapes(const swoop_trt_layout *layout, void *object, int32_t a0, void *_Nullable a1) {
  if (layout->slots[60] >= 0) { return invoke<int32_t, int32_t, void *>(layout, object, 60, true, a0, a1); }
  return {};
}

bool swoop_trt_IExecutionContext_enqueueV3(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[61] >= 0) { return invoke<bool, void *>(layout, object, 61, true, const_cast<void *>(a0)); }
  return {};
}

bool swoop_trt_IExecutionContext_enqueueV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, const void *_Nullable a1, const void *_Nullable a2) {
  if (layout->slots[62] >= 0) { return invoke<bool, void *, void *, void *>(layout, object, 62, true, const_cast<void *>(a0), const_cast<void *>(a1), const_cast<void *>(a2)); }
  return {};
}

bool swoop_trt_IExecutionContext_executeV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[63] >= 0) { return invoke<bool, void *>(layout, object, 63, true, const_cast<void *>(a0)); }
  return {};
}

bool swoop_trt_IExecutionContext_setOptimizationProfileAsync(const swoop_trt_layout *layout, void *object, int32_t a0, const void *_Nullable a1) {
  if (layout->slots[64] >= 0) { return invoke<bool, int32_t, void *>(layout, object, 64, true, a0, const_cast<void *>(a1)); }
  return {};
}

int32_t swoop_trt_IExecutionContext_getOptimizationProfile(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[65] >= 0) { return invoke<int32_t>(layout, object, 65, true); }
  return {};
}

bool swoop_trt_IExecutionContext_allInputDimensionsSpecified(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[66] >= 0) { return invoke<bool>(layout, object, 66, true); }
  return {};
}

bool swoop_trt_IExecutionContext_setOutputAllocator(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, const void *_Nullable a1) {
  if (layout->slots[67] >= 0) { return invoke<bool, const char *, void *>(layout, object, 67, true, a0, const_cast<void *>(a1)); }
  return {};
}

int64_t swoop_trt_IExecutionContext_getMaxOutputSize(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[68] >= 0) { return invoke<int64_t, const char *>(layout, object, 68, true, a0); }
  return {};
}

void swoop_trt_IExecutionContext_setProfiler(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[69] >= 0) { invoke<void, void *>(layout, object, 69, true, const_cast<void *>(a0)); return; }
}

bool swoop_trt_IExecutionContext_reportToProfiler(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[70] >= 0) { return invoke<bool>(layout, object, 70, true); }
  return {};
}

void swoop_trt_IExecutionContext_setEnqueueEmitsProfile(const swoop_trt_layout *layout, void *object, bool a0) {
  if (layout->slots[71] >= 0) { invoke<void, bool>(layout, object, 71, true, a0); return; }
}

void swoop_trt_IExecutionContext_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[72] >= 0) { invoke<void, void *>(layout, object, 72, true, const_cast<void *>(a0)); return; }
}

void swoop_trt_IExecutionContext_setDeviceMemory(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[73] >= 0) { invoke<void, void *>(layout, object, 73, true, const_cast<void *>(a0)); return; }
}

void swoop_trt_IExecutionContext_setDeviceMemoryV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int64_t a1) {
  if (layout->slots[74] >= 0) { invoke<void, void *, int64_t>(layout, object, 74, true, const_cast<void *>(a0), a1); return; }
}

uint64_t swoop_trt_IExecutionContext_updateDeviceMemorySizeForShapes(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[75] >= 0) { return invoke<uint64_t>(layout, object, 75, true); }
  return {};
}

bool swoop_trt_IExecutionContext_setInputConsumedEvent(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[76] >= 0) { return invoke<bool, void *>(layout, object, 76, true, const_cast<void *>(a0)); }
  return {};
}

void swoop_trt_IExecutionContext_setName(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[77] >= 0) { invoke<void, const char *>(layout, object, 77, true, a0); return; }
}

bool swoop_trt_IExecutionContext_setNvtxVerbosity(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[78] >= 0) { return invoke<bool, int32_t>(layout, object, 78, true, a0); }
  return {};
}

void swoop_trt_IExecutionContext_setAuxStreams(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int32_t a1) {
  if (layout->slots[79] >= 0) { invoke<void, void *, int32_t>(layout, object, 79, true, const_cast<void *>(a0), a1); return; }
}

void swoop_trt_IExecutionContext_setPersistentCacheLimit(const swoop_trt_layout *layout, void *object, uint64_t a0) {
  if (layout->slots[80] >= 0) { invoke<void, uint64_t>(layout, object, 80, true, a0); return; }
}

bool swoop_trt_IExecutionContext_isStreamCapturable(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[81] >= 0) { return invoke<bool, void *>(layout, object, 81, true, const_cast<void *>(a0)); }
  return {};
}

void swoop_trt_IExecutionContext_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[82] >= 0) { invoke<void>(layout, object, 82, false); return; }
}

void *_Nullable swoop_trt_IBuilder_createBuilderConfig(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[83] >= 0) { return invoke<void *>(layout, object, 83, true); }
  return {};
}

void *_Nullable swoop_trt_IBuilder_createNetworkV2(const swoop_trt_layout *layout, void *object, uint32_t a0) {
  if (layout->slots[84] >= 0) { return invoke<void *, uint32_t>(layout, object, 84, true, a0); }
  return {};
}

void *_Nullable swoop_trt_IBuilder_createOptimizationProfile(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[85] >= 0) { return invoke<void *>(layout, object, 85, true); }
  return {};
}

void *_Nullable swoop_trt_IBuilder_buildSerializedNetwork(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, const void *_Nullable a1) {
  if (layout->slots[86] >= 0) { return invoke<void *, void *, void *>(layout, object, 86, true, const_cast<void *>(a0), const_cast<void *>(a1)); }
  return {};
}

bool swoop_trt_IBuilder_isNetworkSupported(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, const void *_Nullable a1) {
  if (layout->slots[87] >= 0) { return invoke<bool, void *, void *>(layout, object, 87, true, const_cast<void *>(a0), const_cast<void *>(a1)); }
  return {};
}

void swoop_trt_IBuilder_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[88] >= 0) { invoke<void, void *>(layout, object, 88, true, const_cast<void *>(a0)); return; }
}

void *_Nullable swoop_trt_IBuilder_getErrorRecorder(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[89] >= 0) { return invoke<void *>(layout, object, 89, true); }
  return {};
}

bool swoop_trt_IBuilder_setMaxThreads(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[90] >= 0) { return invoke<bool, int32_t>(layout, object, 90, true, a0); }
  return {};
}

int32_t swoop_trt_IBuilder_getMaxThreads(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[91] >= 0) { return invoke<int32_t>(layout, object, 91, true); }
  return {};
}

void *_Nullable swoop_trt_IBuilder_getLogger(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[92] >= 0) { return invoke<void *>(layout, object, 92, true); }
  return {};
}

void *_Nullable swoop_trt_IBuilder_getPluginRegistry(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[93] >= 0) { return invoke<void *>(layout, object, 93, true); }
  return {};
}

bool swoop_trt_IBuilder_platformHasFastFp16(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[94] >= 0) { return invoke<bool>(layout, object, 94, true); }
  return {};
}

bool swoop_trt_IBuilder_platformHasFastInt8(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[95] >= 0) { return invoke<bool>(layout, object, 95, true); }
  return {};
}

void swoop_trt_IBuilder_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[96] >= 0) { invoke<void>(layout, object, 96, false); return; }
}

int32_t swoop_trt_INetworkDefinition_getNbInputs(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[97] >= 0) { return invoke<int32_t>(layout, object, 97, true); }
  return {};
}

void *_Nullable swoop_trt_INetworkDefinition_getInput(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[98] >= 0) { return invoke<void *, int32_t>(layout, object, 98, true, a0); }
  return {};
}

int32_t swoop_trt_INetworkDefinition_getNbOutputs(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[99] >= 0) { return invoke<int32_t>(layout, object, 99, true); }
  return {};
}

void *_Nullable swoop_trt_INetworkDefinition_getOutput(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[100] >= 0) { return invoke<void *, int32_t>(layout, object, 100, true, a0); }
  return {};
}

int32_t swoop_trt_INetworkDefinition_getNbLayers(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[101] >= 0) { return invoke<int32_t>(layout, object, 101, true); }
  return {};
}

void swoop_trt_INetworkDefinition_setName(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[102] >= 0) { invoke<void, const char *>(layout, object, 102, true, a0); return; }
}

const char *_Nullable swoop_trt_INetworkDefinition_getName(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[103] >= 0) { return invoke<const char *>(layout, object, 103, true); }
  return {};
}

void swoop_trt_INetworkDefinition_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[104] >= 0) { invoke<void, void *>(layout, object, 104, true, const_cast<void *>(a0)); return; }
}

bool swoop_trt_INetworkDefinition_markWeightsRefittable(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[105] >= 0) { return invoke<bool, const char *>(layout, object, 105, true, a0); }
  return {};
}

void swoop_trt_INetworkDefinition_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[106] >= 0) { invoke<void>(layout, object, 106, false); return; }
}

const char *_Nullable swoop_trt_ITensor_getName(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[107] >= 0) { return invoke<const char *>(layout, object, 107, true); }
  return {};
}

swoop_trt_dims swoop_trt_ITensor_getDimensions(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[108] >= 0) { return widened(invoke<dims32>(layout, object, 108, true)); }
  if (layout->slots[109] >= 0) { return invoke<swoop_trt_dims>(layout, object, 109, true); }
  return {};
}

int32_t swoop_trt_ITensor_getType(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[110] >= 0) { return invoke<int32_t>(layout, object, 110, true); }
  return {};
}

void swoop_trt_ITensor_setType(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[111] >= 0) { invoke<void, int32_t>(layout, object, 111, true, a0); return; }
}

void swoop_trt_ITensor_setAllowedFormats(const swoop_trt_layout *layout, void *object, uint32_t a0) {
  if (layout->slots[112] >= 0) { invoke<void, uint32_t>(layout, object, 112, true, a0); return; }
}

uint32_t swoop_trt_ITensor_getAllowedFormats(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[113] >= 0) { return invoke<uint32_t>(layout, object, 113, true); }
  return {};
}

bool swoop_trt_ITensor_isShapeTensor(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[114] >= 0) { return invoke<bool>(layout, object, 114, true); }
  return {};
}

const char *_Nullable swoop_trt_ITensor_getDimensionName(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[115] >= 0) { return invoke<const char *, int32_t>(layout, object, 115, true, a0); }
  return {};
}

void swoop_trt_IBuilderConfig_setFlag(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[116] >= 0) { invoke<void, int32_t>(layout, object, 116, true, a0); return; }
}

void swoop_trt_IBuilderConfig_clearFlag(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[117] >= 0) { invoke<void, int32_t>(layout, object, 117, true, a0); return; }
}

bool swoop_trt_IBuilderConfig_getFlag(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[118] >= 0) { return invoke<bool, int32_t>(layout, object, 118, true, a0); }
  return {};
}

void swoop_trt_IBuilderConfig_setMemoryPoolLimit(const swoop_trt_layout *layout, void *object, int32_t a0, uint64_t a1) {
  if (layout->slots[119] >= 0) { invoke<void, int32_t, uint64_t>(layout, object, 119, true, a0, a1); return; }
}

uint64_t swoop_trt_IBuilderConfig_getMemoryPoolLimit(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[120] >= 0) { return invoke<uint64_t, int32_t>(layout, object, 120, true, a0); }
  return {};
}

void swoop_trt_IBuilderConfig_setBuilderOptimizationLevel(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[121] >= 0) { invoke<void, int32_t>(layout, object, 121, true, a0); return; }
}

int32_t swoop_trt_IBuilderConfig_getBuilderOptimizationLevel(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[122] >= 0) { return invoke<int32_t>(layout, object, 122, true); }
  return {};
}

void swoop_trt_IBuilderConfig_setHardwareCompatibilityLevel(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[123] >= 0) { invoke<void, int32_t>(layout, object, 123, true, a0); return; }
}

int32_t swoop_trt_IBuilderConfig_getHardwareCompatibilityLevel(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[124] >= 0) { return invoke<int32_t>(layout, object, 124, true); }
  return {};
}

void swoop_trt_IBuilderConfig_setProfilingVerbosity(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[125] >= 0) { invoke<void, int32_t>(layout, object, 125, true, a0); return; }
}

int32_t swoop_trt_IBuilderConfig_getProfilingVerbosity(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[126] >= 0) { return invoke<int32_t>(layout, object, 126, true); }
  return {};
}

int32_t swoop_trt_IBuilderConfig_addOptimizationProfile(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[127] >= 0) { return invoke<int32_t, void *>(layout, object, 127, true, const_cast<void *>(a0)); }
  return {};
}

int32_t swoop_trt_IBuilderConfig_getNbOptimizationProfiles(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[128] >= 0) { return invoke<int32_t>(layout, object, 128, true); }
  return {};
}

void *_Nullable swoop_trt_IBuilderConfig_createTimingCache(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1) {
  if (layout->slots[129] >= 0) { return invoke<void *, void *, uint64_t>(layout, object, 129, true, const_cast<void *>(a0), a1); }
  return {};
}

bool swoop_trt_IBuilderConfig_setTimingCache(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, bool a1) {
  if (layout->slots[130] >= 0) { return invoke<bool, void *, bool>(layout, object, 130, true, const_cast<void *>(a0), a1); }
  return {};
}

void *_Nullable swoop_trt_IBuilderConfig_getTimingCache(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[131] >= 0) { return invoke<void *>(layout, object, 131, true); }
  return {};
}

void swoop_trt_IBuilderConfig_setProgressMonitor(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[132] >= 0) { invoke<void, void *>(layout, object, 132, true, const_cast<void *>(a0)); return; }
}

void *_Nullable swoop_trt_IBuilderConfig_getProgressMonitor(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[133] >= 0) { return invoke<void *>(layout, object, 133, true); }
  return {};
}

bool swoop_trt_IBuilderConfig_setTacticSources(const swoop_trt_layout *layout, void *object, uint32_t a0) {
  if (layout->slots[134] >= 0) { return invoke<bool, uint32_t>(layout, object, 134, true, a0); }
  return {};
}

uint32_t swoop_trt_IBuilderConfig_getTacticSources(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[135] >= 0) { return invoke<uint32_t>(layout, object, 135, true); }
  return {};
}

void swoop_trt_IBuilderConfig_setPreviewFeature(const swoop_trt_layout *layout, void *object, int32_t a0, bool a1) {
  if (layout->slots[136] >= 0) { invoke<void, int32_t, bool>(layout, object, 136, true, a0, a1); return; }
}

bool swoop_trt_IBuilderConfig_getPreviewFeature(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[137] >= 0) { return invoke<bool, int32_t>(layout, object, 137, true, a0); }
  return {};
}

bool swoop_trt_IBuilderConfig_setMaxAuxStreams(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[138] >= 0) { invoke<void, int32_t>(layout, object, 138, true, a0); return true; }
  if (layout->slots[139] >= 0) { return invoke<bool, int32_t>(layout, object, 139, true, a0); }
  return {};
}

void swoop_trt_IBuilderConfig_setRuntimePlatform(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[140] >= 0) { invoke<void, int32_t>(layout, object, 140, true, a0); return; }
}

void swoop_trt_IBuilderConfig_setMaxNbTactics(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[141] >= 0) { invoke<void, int32_t>(layout, object, 141, true, a0); return; }
}

bool swoop_trt_IBuilderConfig_setTilingOptimizationLevel(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[142] >= 0) { return invoke<bool, int32_t>(layout, object, 142, true, a0); }
  return {};
}

void swoop_trt_IBuilderConfig_setPluginsToSerialize(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int32_t a1) {
  if (layout->slots[143] >= 0) { invoke<void, void *, int32_t>(layout, object, 143, true, const_cast<void *>(a0), a1); return; }
}

bool swoop_trt_IBuilderConfig_setNbComputeCapabilities(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[144] >= 0) { return invoke<bool, int32_t>(layout, object, 144, true, a0); }
  return {};
}

int32_t swoop_trt_IBuilderConfig_getNbComputeCapabilities(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[145] >= 0) { return invoke<int32_t>(layout, object, 145, true); }
  return {};
}

bool swoop_trt_IBuilderConfig_setComputeCapability(const swoop_trt_layout *layout, void *object, int32_t a0, int32_t a1) {
  if (layout->slots[146] >= 0) { return invoke<bool, int32_t, int32_t>(layout, object, 146, true, a0, a1); }
  return {};
}

int32_t swoop_trt_IBuilderConfig_getComputeCapability(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[147] >= 0) { return invoke<int32_t, int32_t>(layout, object, 147, true, a0); }
  return {};
}

void swoop_trt_IBuilderConfig_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[148] >= 0) { invoke<void>(layout, object, 148, false); return; }
}

bool swoop_trt_IOptimizationProfile_setDimensions(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, const swoop_trt_dims *a2) {
  if (layout->slots[149] >= 0) { return invoke<bool, const char *, int32_t, dims32>(layout, object, 149, true, a0, a1, narrowed(*a2)); }
  if (layout->slots[150] >= 0) { return invoke<bool, const char *, int32_t, const swoop_trt_dims *>(layout, object, 150, true, a0, a1, a2); }
  return {};
}

swoop_trt_dims swoop_trt_IOptimizationProfile_getDimensions(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1) {
  if (layout->slots[151] >= 0) { return widened(invoke<dims32, const char *, int32_t>(layout, object, 151, true, a0, a1)); }
  if (layout->slots[152] >= 0) { return invoke<swoop_trt_dims, const char *, int32_t>(layout, object, 152, true, a0, a1); }
  return {};
}

bool swoop_trt_IOptimizationProfile_setShapeValues_32(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, const void *_Nullable a2, int32_t a3) {
  if (layout->slots[153] >= 0) { return invoke<bool, const char *, int32_t, void *, int32_t>(layout, object, 153, true, a0, a1, const_cast<void *>(a2), a3); }
  return {};
}

bool swoop_trt_IOptimizationProfile_setShapeValues_64(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, const void *_Nullable a2, int32_t a3) {
  if (layout->slots[154] >= 0) { return invoke<bool, const char *, int32_t, void *, int32_t>(layout, object, 154, true, a0, a1, const_cast<void *>(a2), a3); }
  return {};
}

bool swoop_trt_IOptimizationProfile_isValid(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[155] >= 0) { return invoke<bool>(layout, object, 155, true); }
  return {};
}

bool swoop_trt_IOptimizationProfile_setExtraMemoryTarget(const swoop_trt_layout *layout, void *object, float a0) {
  if (layout->slots[156] >= 0) { return invoke<bool, float>(layout, object, 156, true, a0); }
  return {};
}

void *_Nullable swoop_trt_IHostMemory_data(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[157] >= 0) { return invoke<void *>(layout, object, 157, true); }
  return {};
}

uint64_t swoop_trt_IHostMemory_size(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[158] >= 0) { return invoke<uint64_t>(layout, object, 158, true); }
  return {};
}

void swoop_trt_IHostMemory_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[159] >= 0) { invoke<void>(layout, object, 159, false); return; }
}

void *_Nullable swoop_trt_ITimingCache_serialize(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[160] >= 0) { return invoke<void *>(layout, object, 160, true); }
  return {};
}

bool swoop_trt_ITimingCache_combine(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, bool a1) {
  if (layout->slots[161] >= 0) { return invoke<bool, void *, bool>(layout, object, 161, true, const_cast<void *>(a0), a1); }
  return {};
}

void swoop_trt_ITimingCache_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[162] >= 0) { invoke<void>(layout, object, 162, false); return; }
}

bool swoop_trt_ISerializationConfig_setFlag(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[163] >= 0) { return invoke<bool, int32_t>(layout, object, 163, true, a0); }
  return {};
}

bool swoop_trt_ISerializationConfig_getFlag(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[164] >= 0) { return invoke<bool, int32_t>(layout, object, 164, true, a0); }
  return {};
}

void swoop_trt_ISerializationConfig_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[165] >= 0) { invoke<void>(layout, object, 165, false); return; }
}

bool swoop_trt_IEngineInspector_setExecutionContext(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[166] >= 0) { return invoke<bool, void *>(layout, object, 166, true, const_cast<void *>(a0)); }
  return {};
}

const char *_Nullable swoop_trt_IEngineInspector_getLayerInformation(const swoop_trt_layout *layout, void *object, int32_t a0, int32_t a1) {
  if (layout->slots[167] >= 0) { return invoke<const char *, int32_t, int32_t>(layout, object, 167, true, a0, a1); }
  return {};
}

const char *_Nullable swoop_trt_IEngineInspector_getEngineInformation(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[168] >= 0) { return invoke<const char *, int32_t>(layout, object, 168, true, a0); }
  return {};
}

void swoop_trt_IEngineInspector_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[169] >= 0) { invoke<void, void *>(layout, object, 169, true, const_cast<void *>(a0)); return; }
}

void swoop_trt_IEngineInspector_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[170] >= 0) { invoke<void>(layout, object, 170, false); return; }
}

void swoop_trt_IRuntimeConfig_setExecutionContextAllocationStrategy(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[171] >= 0) { invoke<void, int32_t>(layout, object, 171, true, a0); return; }
}

int32_t swoop_trt_IRuntimeConfig_getExecutionContextAllocationStrategy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[172] >= 0) { return invoke<int32_t>(layout, object, 172, true); }
  return {};
}

void *_Nullable swoop_trt_IRuntimeConfig_createRuntimeCache(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[173] >= 0) { return invoke<void *>(layout, object, 173, true); }
  return {};
}

bool swoop_trt_IRuntimeConfig_setRuntimeCache(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[174] >= 0) { return invoke<bool, void *>(layout, object, 174, true, const_cast<void *>(a0)); }
  return {};
}

void swoop_trt_IRuntimeConfig_setDynamicShapesKernelSpecializationStrategy(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[175] >= 0) { invoke<void, int32_t>(layout, object, 175, true, a0); return; }
}

int32_t swoop_trt_IRuntimeConfig_getDynamicShapesKernelSpecializationStrategy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[176] >= 0) { return invoke<int32_t>(layout, object, 176, true); }
  return {};
}

bool swoop_trt_IRuntimeConfig_setCudaGraphStrategy(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[177] >= 0) { return invoke<bool, int32_t>(layout, object, 177, true, a0); }
  return {};
}

int32_t swoop_trt_IRuntimeConfig_getCudaGraphStrategy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[178] >= 0) { return invoke<int32_t>(layout, object, 178, true); }
  return {};
}

void swoop_trt_IRuntimeConfig_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[179] >= 0) { invoke<void>(layout, object, 179, false); return; }
}

void *_Nullable swoop_trt_IRuntimeCache_serialize(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[180] >= 0) { return invoke<void *>(layout, object, 180, true); }
  return {};
}

bool swoop_trt_IRuntimeCache_deserialize(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1) {
  if (layout->slots[181] >= 0) { return invoke<bool, void *, uint64_t>(layout, object, 181, true, const_cast<void *>(a0), a1); }
  return {};
}

bool swoop_trt_IRuntimeCache_reset(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[182] >= 0) { return invoke<bool>(layout, object, 182, true); }
  return {};
}

void swoop_trt_IRuntimeCache_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[183] >= 0) { invoke<void>(layout, object, 183, false); return; }
}

bool swoop_trt_IRefitter_setNamedWeights(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, swoop_trt_weights a1) {
  if (layout->slots[184] >= 0) { return invoke<bool, const char *, swoop_trt_weights>(layout, object, 184, true, a0, a1); }
  return {};
}

int32_t swoop_trt_IRefitter_getMissingWeights(const swoop_trt_layout *layout, void *object, int32_t a0, void *_Nullable a1) {
  if (layout->slots[185] >= 0) { return invoke<int32_t, int32_t, void *>(layout, object, 185, true, a0, a1); }
  return {};
}

int32_t swoop_trt_IRefitter_getAllWeights(const swoop_trt_layout *layout, void *object, int32_t a0, void *_Nullable a1) {
  if (layout->slots[186] >= 0) { return invoke<int32_t, int32_t, void *>(layout, object, 186, true, a0, a1); }
  return {};
}

swoop_trt_weights swoop_trt_IRefitter_getWeightsPrototype(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[187] >= 0) { return invoke<swoop_trt_weights, const char *>(layout, object, 187, true, a0); }
  return {};
}

bool swoop_trt_IRefitter_refitCudaEngine(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[188] >= 0) { return invoke<bool>(layout, object, 188, true); }
  return {};
}

bool swoop_trt_IRefitter_refitCudaEngineAsync(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[189] >= 0) { return invoke<bool, void *>(layout, object, 189, true, const_cast<void *>(a0)); }
  return {};
}

void swoop_trt_IRefitter_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[190] >= 0) { invoke<void, void *>(layout, object, 190, true, const_cast<void *>(a0)); return; }
}

void *_Nullable swoop_trt_IRefitter_getLogger(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[191] >= 0) { return invoke<void *>(layout, object, 191, true); }
  return {};
}

void swoop_trt_IRefitter_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[192] >= 0) { invoke<void>(layout, object, 192, false); return; }
}

void *_Nullable swoop_trt_IPluginRegistry_loadLibrary(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[193] >= 0) { return invoke<void *, const char *>(layout, object, 193, false, a0); }
  return {};
}

void swoop_trt_IPluginRegistry_deregisterLibrary(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[194] >= 0) { invoke<void, void *>(layout, object, 194, false, const_cast<void *>(a0)); return; }
}

void *_Nullable swoop_trt_IPluginRegistry_getAllCreators(const swoop_trt_layout *layout, void *object, void *_Nullable a0) {
  if (layout->slots[195] >= 0) { return invoke<void *, void *>(layout, object, 195, false, a0); }
  return {};
}

void *_Nullable swoop_trt_IPluginRegistry_getPluginCreatorList(const swoop_trt_layout *layout, void *object, void *_Nullable a0) {
  if (layout->slots[196] >= 0) { return invoke<void *, void *>(layout, object, 196, false, a0); }
  return {};
}

void swoop_trt_IPluginRegistry_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0) {
  if (layout->slots[197] >= 0) { invoke<void, void *>(layout, object, 197, false, const_cast<void *>(a0)); return; }
}

bool swoop_trt_IParser_parse(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1, const char *_Nullable a2) {
  if (layout->slots[198] >= 0) { return invoke<bool, void *, uint64_t, const char *>(layout, object, 198, false, const_cast<void *>(a0), a1, a2); }
  return {};
}

bool swoop_trt_IParser_parseFromFile(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1) {
  if (layout->slots[199] >= 0) { return invoke<bool, const char *, int32_t>(layout, object, 199, false, a0, a1); }
  return {};
}

bool swoop_trt_IParser_supportsOperator(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[200] >= 0) { return invoke<bool, const char *>(layout, object, 200, false, a0); }
  return {};
}

bool swoop_trt_IParser_supportsModelV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1, const char *_Nullable a2) {
  if (layout->slots[201] >= 0) { return invoke<bool, void *, uint64_t, const char *>(layout, object, 201, false, const_cast<void *>(a0), a1, a2); }
  return {};
}

int32_t swoop_trt_IParser_getNbErrors(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[202] >= 0) { return invoke<int32_t>(layout, object, 202, false); }
  return {};
}

void *_Nullable swoop_trt_IParser_getError(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[203] >= 0) { return invoke<void *, int32_t>(layout, object, 203, false, a0); }
  return {};
}

void swoop_trt_IParser_clearErrors(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[204] >= 0) { invoke<void>(layout, object, 204, false); return; }
}

void *_Nullable swoop_trt_IParser_getUsedVCPluginLibraries(const swoop_trt_layout *layout, void *object, void *_Nullable a0) {
  if (layout->slots[205] >= 0) { return invoke<void *, void *>(layout, object, 205, false, a0); }
  return {};
}

void swoop_trt_IParser_setFlag(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[206] >= 0) { invoke<void, int32_t>(layout, object, 206, false, a0); return; }
}

bool swoop_trt_IParser_getFlag(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[207] >= 0) { return invoke<bool, int32_t>(layout, object, 207, false, a0); }
  return {};
}

void swoop_trt_IParser_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[208] >= 0) { invoke<void>(layout, object, 208, false); return; }
}

int32_t swoop_trt_IParserError_code(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[209] >= 0) { return invoke<int32_t>(layout, object, 209, false); }
  return {};
}

const char *_Nullable swoop_trt_IParserError_desc(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[210] >= 0) { return invoke<const char *>(layout, object, 210, false); }
  return {};
}

const char *_Nullable swoop_trt_IParserError_file(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[211] >= 0) { return invoke<const char *>(layout, object, 211, false); }
  return {};
}

int32_t swoop_trt_IParserError_line(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[212] >= 0) { return invoke<int32_t>(layout, object, 212, false); }
  return {};
}

const char *_Nullable swoop_trt_IParserError_func(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[213] >= 0) { return invoke<const char *>(layout, object, 213, false); }
  return {};
}

int32_t swoop_trt_IParserError_node(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[214] >= 0) { return invoke<int32_t>(layout, object, 214, false); }
  return {};
}

const char *_Nullable swoop_trt_IParserError_nodeName(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[215] >= 0) { return invoke<const char *>(layout, object, 215, false); }
  return {};
}

const char *_Nullable swoop_trt_IParserError_nodeOperator(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[216] >= 0) { return invoke<const char *>(layout, object, 216, false); }
  return {};
}

bool swoop_trt_IParserRefitter_refitFromBytes(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1, const char *_Nullable a2) {
  if (layout->slots[217] >= 0) { return invoke<bool, void *, uint64_t, const char *>(layout, object, 217, false, const_cast<void *>(a0), a1, a2); }
  return {};
}

bool swoop_trt_IParserRefitter_refitFromFile(const swoop_trt_layout *layout, void *object, const char *_Nullable a0) {
  if (layout->slots[218] >= 0) { return invoke<bool, const char *>(layout, object, 218, false, a0); }
  return {};
}

int32_t swoop_trt_IParserRefitter_getNbErrors(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[219] >= 0) { return invoke<int32_t>(layout, object, 219, false); }
  return {};
}

void *_Nullable swoop_trt_IParserRefitter_getError(const swoop_trt_layout *layout, void *object, int32_t a0) {
  if (layout->slots[220] >= 0) { return invoke<void *, int32_t>(layout, object, 220, false, a0); }
  return {};
}

void swoop_trt_IParserRefitter_destroy(const swoop_trt_layout *layout, void *object) {
  if (layout->slots[221] >= 0) { invoke<void>(layout, object, 221, false); return; }
}

const TableEntry slotEntries[] = {
  {0, 0, 2, 0, 2147483647}, {0, 1, 2, 0, 2147483647},
  {1, 2, 3, 0, 2147483647}, {1, 3, 3, 0, 2147483647}, {1, 4, 3, 0, 2147483647},
  {2, 0, 7, 0, 2147483647}, {2, 1, 7, 0, 2147483647}, {2, 2, 9, 0, 2147483647}, {2, 3, 8, 0, 2147483647}, {2, 4, 8, 0, 2147483647},
  {3, 0, 8, 0, 2147483647}, {3, 1, 8, 0, 2147483647}, {3, 2, 10, 0, 2147483647}, {3, 3, 9, 0, 2147483647}, {3, 4, 9, 0, 2147483647},
  {4, 0, 9, 0, 2147483647}, {4, 1, 9, 0, 2147483647}, {4, 2, 11, 0, 2147483647}, {4, 3, 10, 0, 2147483647}, {4, 4, 10, 0, 2147483647},
  {5, 0, 10, 0, 2147483647}, {5, 1, 10, 0, 2147483647}, {5, 2, 12, 0, 2147483647}, {5, 3, 11, 0, 2147483647}, {5, 4, 11, 0, 2147483647},
  {6, 0, 11, 0, 2147483647}, {6, 1, 11, 0, 2147483647}, {6, 2, 13, 0, 2147483647}, {6, 3, 12, 0, 2147483647}, {6, 4, 12, 0, 2147483647},
  {7, 0, 12, 80600, 2147483647}, {7, 1, 12, 0, 2147483647}, {7, 2, 14, 0, 2147483647}, {7, 3, 13, 0, 2147483647}, {7, 4, 13, 0, 2147483647},
  {8, 0, 13, 80600, 2147483647}, {8, 1, 13, 0, 2147483647}, {8, 2, 15, 0, 2147483647}, {8, 3, 14, 0, 2147483647}, {8, 4, 14, 0, 2147483647},
  {9, 0, 20, 80600, 2147483647}, {9, 1, 20, 0, 2147483647}, {9, 2, 21, 0, 2147483647}, {9, 3, 20, 0, 2147483647}, {9, 4, 20, 0, 2147483647},
  {10, 0, 21, 80600, 2147483647}, {10, 1, 21, 0, 2147483647}, {10, 2, 22, 0, 2147483647}, {10, 3, 21, 0, 2147483647}, {10, 4, 21, 0, 2147483647},
  {11, 0, 19, 80600, 2147483647}, {11, 1, 19, 0, 2147483647}, {11, 2, 20, 0, 2147483647}, {11, 3, 19, 0, 2147483647}, {11, 4, 19, 0, 2147483647},
  {12, 0, 17, 80600, 2147483647}, {12, 1, 17, 0, 2147483647}, {12, 2, 18, 0, 2147483647}, {12, 3, 17, 0, 2147483647}, {12, 4, 17, 0, 2147483647},
  {13, 4, 23, 0, 2147483647},
  {14, 4, 24, 0, 2147483647},
  {15, 0, 1, 0, 2147483647}, {15, 1, 1, 0, 2147483647}, {15, 2, 1, 0, 2147483647}, {15, 3, 1, 0, 2147483647}, {15, 4, 1, 0, 2147483647},
  {16, 0, 45, 0, 2147483647}, {16, 1, 45, 0, 2147483647}, {16, 2, 30, 0, 2147483647}, {16, 3, 26, 0, 2147483647}, {16, 4, 26, 0, 2147483647},
  {17, 0, 46, 0, 2147483647}, {17, 1, 46, 0, 2147483647}, {17, 2, 31, 0, 2147483647}, {17, 3, 27, 0, 2147483647}, {17, 4, 27, 0, 2147483647},
  {18, 0, 38, 0, 2147483647}, {18, 1, 38, 0, 2147483647}, {18, 2, 23, 0, 2147483647}, {18, 3, 19, 0, 2147483647}, {18, 4, 19, 0, 2147483647},
  {19, 0, 35, 0, 2147483647}, {19, 1, 35, 0, 2147483647}, {19, 2, 20, 0, 2147483647}, {19, 3, 16, 0, 2147483647}, {19, 4, 16, 0, 2147483647},
  {20, 0, 34, 0, 2147483647}, {20, 1, 34, 0, 2147483647},
  {21, 2, 19, 0, 2147483647}, {21, 3, 15, 0, 2147483647}, {21, 4, 15, 0, 2147483647},
  {22, 0, 36, 0, 2147483647}, {22, 1, 36, 0, 2147483647}, {22, 2, 21, 0, 2147483647}, {22, 3, 17, 0, 2147483647}, {22, 4, 17, 0, 2147483647},
  {23, 0, 41, 0, 2147483647}, {23, 1, 41, 0, 2147483647}, {23, 2, 26, 0, 2147483647}, {23, 3, 22, 0, 2147483647}, {23, 4, 22, 0, 2147483647},
  {24, 0, 39, 0, 2147483647}, {24, 1, 39, 0, 2147483647}, {24, 2, 24, 0, 2147483647}, {24, 3, 20, 0, 2147483647}, {24, 4, 20, 0, 2147483647},
  {25, 0, 40, 0, 2147483647}, {25, 1, 40, 0, 2147483647}, {25, 2, 25, 0, 2147483647}, {25, 3, 21, 0, 2147483647}, {25, 4, 21, 0, 2147483647},
  {26, 0, 43, 0, 2147483647}, {26, 1, 43, 0, 2147483647}, {26, 2, 28, 0, 2147483647}, {26, 3, 24, 0, 2147483647}, {26, 4, 24, 0, 2147483647},
  {27, 0, 42, 0, 2147483647}, {27, 1, 42, 0, 2147483647}, {27, 2, 27, 0, 2147483647}, {27, 3, 23, 0, 2147483647}, {27, 4, 23, 0, 2147483647},
  {28, 0, 37, 0, 2147483647}, {28, 1, 37, 0, 2147483647}, {28, 2, 22, 0, 2147483647}, {28, 3, 18, 0, 2147483647}, {28, 4, 18, 0, 2147483647},
  {29, 0, 22, 0, 2147483647}, {29, 1, 22, 0, 2147483647}, {29, 2, 10, 0, 2147483647}, {29, 3, 8, 0, 2147483647}, {29, 4, 8, 0, 2147483647},
  {30, 0, 44, 0, 2147483647}, {30, 1, 44, 0, 2147483647},
  {31, 2, 29, 0, 2147483647}, {31, 3, 25, 0, 2147483647}, {31, 4, 25, 0, 2147483647},
  {32, 0, 11, 0, 2147483647}, {32, 1, 11, 0, 2147483647},
  {33, 2, 5, 0, 2147483647}, {33, 3, 5, 0, 2147483647}, {33, 4, 5, 0, 2147483647},
  {34, 0, 13, 0, 2147483647}, {34, 1, 13, 0, 2147483647}, {34, 2, 6, 0, 2147483647},
  {35, 2, 55, 101100, 2147483647}, {35, 3, 47, 0, 2147483647}, {35, 4, 47, 0, 2147483647},
  {36, 0, 14, 0, 2147483647}, {36, 1, 14, 0, 2147483647}, {36, 2, 7, 0, 2147483647},
  {37, 2, 52, 100100, 2147483647}, {37, 3, 44, 0, 2147483647}, {37, 4, 44, 0, 2147483647},
  {38, 0, 21, 0, 2147483647}, {38, 1, 21, 0, 2147483647}, {38, 2, 9, 0, 2147483647}, {38, 3, 7, 0, 2147483647}, {38, 4, 7, 0, 2147483647},
  {39, 0, 9, 0, 2147483647}, {39, 1, 9, 0, 2147483647}, {39, 2, 3, 0, 2147483647}, {39, 3, 3, 0, 2147483647}, {39, 4, 3, 0, 2147483647},
  {40, 0, 49, 80600, 2147483647}, {40, 1, 49, 0, 2147483647}, {40, 2, 33, 0, 2147483647}, {40, 3, 29, 0, 2147483647}, {40, 4, 29, 0, 2147483647},
  {41, 0, 33, 0, 2147483647}, {41, 1, 33, 0, 2147483647}, {41, 2, 18, 0, 2147483647}, {41, 3, 14, 0, 2147483647}, {41, 4, 14, 0, 2147483647},
  {42, 0, 10, 0, 2147483647}, {42, 1, 10, 0, 2147483647}, {42, 2, 4, 0, 2147483647}, {42, 3, 4, 0, 2147483647}, {42, 4, 4, 0, 2147483647},
  {43, 1, 55, 90200, 2147483647}, {43, 2, 39, 0, 2147483647}, {43, 3, 35, 0, 2147483647}, {43, 4, 35, 0, 2147483647},
  {44, 1, 56, 90200, 2147483647}, {44, 2, 40, 0, 2147483647}, {44, 3, 36, 0, 2147483647}, {44, 4, 36, 0, 2147483647},
  {45, 0, 32, 0, 2147483647}, {45, 1, 32, 0, 2147483647}, {45, 2, 17, 0, 2147483647}, {45, 3, 13, 0, 2147483647}, {45, 4, 13, 0, 2147483647},
  {46, 0, 47, 80600, 2147483647}, {46, 1, 47, 0, 2147483647}, {46, 2, 32, 0, 2147483647}, {46, 3, 28, 0, 2147483647}, {46, 4, 28, 0, 2147483647},
  {47, 0, 15, 0, 2147483647}, {47, 1, 15, 0, 2147483647}, {47, 2, 8, 0, 2147483647}, {47, 3, 6, 0, 2147483647}, {47, 4, 6, 0, 2147483647},
  {48, 0, 28, 0, 2147483647}, {48, 1, 28, 0, 2147483647}, {48, 2, 13, 0, 2147483647}, {48, 3, 10, 0, 2147483647}, {48, 4, 10, 0, 2147483647},
  {49, 2, 56, 101100, 2147483647}, {49, 3, 48, 0, 2147483647}, {49, 4, 48, 0, 2147483647},
  {50, 0, 2, 0, 2147483647}, {50, 1, 2, 0, 2147483647},
  {51, 0, 3, 0, 2147483647}, {51, 1, 3, 0, 2147483647},
  {52, 0, 30, 0, 2147483647}, {52, 1, 30, 0, 2147483647}, {52, 2, 15, 0, 2147483647},
  {53, 0, 1, 0, 2147483647}, {53, 1, 1, 0, 2147483647}, {53, 2, 1, 0, 2147483647}, {53, 3, 1, 0, 2147483647}, {53, 4, 1, 0, 2147483647},
  {54, 0, 29, 0, 2147483647}, {54, 1, 29, 0, 2147483647},
  {55, 2, 21, 0, 2147483647}, {55, 3, 20, 0, 2147483647}, {55, 4, 20, 0, 2147483647},
  {56, 0, 30, 0, 2147483647}, {56, 1, 30, 0, 2147483647},
  {57, 2, 22, 0, 2147483647}, {57, 3, 21, 0, 2147483647}, {57, 4, 21, 0, 2147483647},
  {58, 0, 32, 0, 2147483647}, {58, 1, 32, 0, 2147483647}, {58, 2, 24, 0, 2147483647}, {58, 3, 23, 0, 2147483647}, {58, 4, 23, 0, 2147483647},
  {59, 0, 33, 0, 2147483647}, {59, 1, 33, 0, 2147483647}, {59, 2, 25, 0, 2147483647}, {59, 3, 24, 0, 2147483647}, {59, 4, 24, 0, 2147483647},
  {60, 0, 35, 0, 2147483647}, {60, 1, 35, 0, 2147483647}, {60, 2, 28, 0, 2147483647}, {60, 3, 27, 0, 2147483647}, {60, 4, 27, 0, 2147483647},
  {61, 0, 44, 0, 2147483647}, {61, 1, 44, 0, 2147483647}, {61, 2, 37, 0, 2147483647}, {61, 3, 36, 0, 2147483647}, {61, 4, 36, 0, 2147483647},
  {62, 0, 24, 0, 2147483647}, {62, 1, 24, 0, 2147483647},
  {63, 0, 23, 0, 2147483647}, {63, 1, 23, 0, 2147483647}, {63, 2, 16, 0, 2147483647}, {63, 3, 15, 0, 2147483647}, {63, 4, 15, 0, 2147483647},
  {64, 0, 25, 0, 2147483647}, {64, 1, 25, 0, 2147483647}, {64, 2, 17, 0, 2147483647}, {64, 3, 16, 0, 2147483647}, {64, 4, 16, 0, 2147483647},
  {65, 0, 14, 0, 2147483647}, {65, 1, 14, 0, 2147483647}, {65, 2, 11, 0, 2147483647}, {65, 3, 11, 0, 2147483647}, {65, 4, 11, 0, 2147483647},
  {66, 0, 19, 0, 2147483647}, {66, 1, 19, 0, 2147483647}, {66, 2, 12, 0, 2147483647}, {66, 3, 12, 0, 2147483647}, {66, 4, 12, 0, 2147483647},
  {67, 0, 39, 0, 2147483647}, {67, 1, 39, 0, 2147483647}, {67, 2, 32, 0, 2147483647}, {67, 3, 31, 0, 2147483647}, {67, 4, 31, 0, 2147483647},
  {68, 0, 41, 0, 2147483647}, {68, 1, 41, 0, 2147483647}, {68, 2, 34, 0, 2147483647}, {68, 3, 33, 0, 2147483647}, {68, 4, 33, 0, 2147483647},
  {69, 0, 6, 0, 2147483647}, {69, 1, 6, 0, 2147483647}, {69, 2, 5, 0, 2147483647}, {69, 3, 5, 0, 2147483647}, {69, 4, 5, 0, 2147483647},
  {70, 0, 28, 0, 2147483647}, {70, 1, 28, 0, 2147483647}, {70, 2, 20, 0, 2147483647}, {70, 3, 19, 0, 2147483647}, {70, 4, 19, 0, 2147483647},
  {71, 0, 26, 0, 2147483647}, {71, 1, 26, 0, 2147483647}, {71, 2, 18, 0, 2147483647}, {71, 3, 17, 0, 2147483647}, {71, 4, 17, 0, 2147483647},
  {72, 0, 21, 0, 2147483647}, {72, 1, 21, 0, 2147483647}, {72, 2, 14, 0, 2147483647}, {72, 3, 13, 0, 2147483647}, {72, 4, 13, 0, 2147483647},
  {73, 0, 11, 0, 2147483647}, {73, 1, 11, 0, 2147483647}, {73, 2, 10, 0, 2147483647}, {73, 3, 10, 0, 2147483647}, {73, 4, 10, 0, 2147483647},
  {74, 2, 49, 100100, 2147483647}, {74, 3, 48, 0, 2147483647}, {74, 4, 48, 0, 2147483647},
  {75, 2, 48, 0, 2147483647}, {75, 3, 47, 0, 2147483647}, {75, 4, 47, 0, 2147483647},
  {76, 0, 36, 0, 2147483647}, {76, 1, 36, 0, 2147483647}, {76, 2, 29, 0, 2147483647}, {76, 3, 28, 0, 2147483647}, {76, 4, 28, 0, 2147483647},
  {77, 0, 9, 0, 2147483647}, {77, 1, 9, 0, 2147483647}, {77, 2, 8, 0, 2147483647}, {77, 3, 8, 0, 2147483647}, {77, 4, 8, 0, 2147483647},
  {78, 0, 47, 0, 2147483647}, {78, 1, 47, 0, 2147483647}, {78, 2, 40, 0, 2147483647}, {78, 3, 39, 0, 2147483647}, {78, 4, 39, 0, 2147483647},
  {79, 0, 50, 80600, 2147483647}, {79, 1, 50, 0, 2147483647}, {79, 2, 42, 0, 2147483647}, {79, 3, 41, 0, 2147483647}, {79, 4, 41, 0, 2147483647},
  {80, 0, 45, 0, 2147483647}, {80, 1, 45, 0, 2147483647}, {80, 2, 38, 0, 2147483647}, {80, 3, 37, 0, 2147483647}, {80, 4, 37, 0, 2147483647},
  {81, 4, 52, 0, 2147483647},
  {82, 0, 1, 0, 2147483647}, {82, 1, 1, 0, 2147483647}, {82, 2, 1, 0, 2147483647}, {82, 3, 1, 0, 2147483647}, {82, 4, 1, 0, 2147483647},
  {83, 0, 9, 0, 2147483647}, {83, 1, 9, 0, 2147483647}, {83, 2, 7, 0, 2147483647}, {83, 3, 5, 0, 2147483647}, {83, 4, 5, 0, 2147483647},
  {84, 0, 11, 0, 2147483647}, {84, 1, 11, 0, 2147483647}, {84, 2, 8, 0, 2147483647}, {84, 3, 6, 0, 2147483647}, {84, 4, 6, 0, 2147483647},
  {85, 0, 12, 0, 2147483647}, {85, 1, 12, 0, 2147483647}, {85, 2, 9, 0, 2147483647}, {85, 3, 7, 0, 2147483647}, {85, 4, 7, 0, 2147483647},
  {86, 0, 17, 0, 2147483647}, {86, 1, 17, 0, 2147483647}, {86, 2, 14, 0, 2147483647}, {86, 3, 11, 0, 2147483647}, {86, 4, 11, 0, 2147483647},
  {87, 0, 18, 0, 2147483647}, {87, 1, 18, 0, 2147483647}, {87, 2, 15, 0, 2147483647}, {87, 3, 12, 0, 2147483647}, {87, 4, 12, 0, 2147483647},
  {88, 0, 13, 0, 2147483647}, {88, 1, 13, 0, 2147483647}, {88, 2, 10, 0, 2147483647}, {88, 3, 8, 0, 2147483647}, {88, 4, 8, 0, 2147483647},
  {89, 0, 14, 0, 2147483647}, {89, 1, 14, 0, 2147483647}, {89, 2, 11, 0, 2147483647}, {89, 3, 9, 0, 2147483647}, {89, 4, 9, 0, 2147483647},
  {90, 0, 20, 0, 2147483647}, {90, 1, 20, 0, 2147483647}, {90, 2, 17, 0, 2147483647}, {90, 3, 14, 0, 2147483647}, {90, 4, 14, 0, 2147483647},
  {91, 0, 21, 0, 2147483647}, {91, 1, 21, 0, 2147483647}, {91, 2, 18, 0, 2147483647}, {91, 3, 15, 0, 2147483647}, {91, 4, 15, 0, 2147483647},
  {92, 0, 19, 0, 2147483647}, {92, 1, 19, 0, 2147483647}, {92, 2, 16, 0, 2147483647}, {92, 3, 13, 0, 2147483647}, {92, 4, 13, 0, 2147483647},
  {93, 0, 22, 80600, 2147483647}, {93, 1, 22, 0, 2147483647}, {93, 2, 19, 0, 2147483647}, {93, 3, 16, 0, 2147483647}, {93, 4, 16, 0, 2147483647},
  {94, 0, 4, 0, 2147483647}, {94, 1, 4, 0, 2147483647}, {94, 2, 2, 0, 2147483647},
  {95, 0, 5, 0, 2147483647}, {95, 1, 5, 0, 2147483647}, {95, 2, 3, 0, 2147483647},
  {96, 0, 1, 0, 2147483647}, {96, 1, 1, 0, 2147483647}, {96, 2, 1, 0, 2147483647}, {96, 3, 1, 0, 2147483647}, {96, 4, 1, 0, 2147483647},
  {97, 0, 19, 0, 2147483647}, {97, 1, 19, 0, 2147483647}, {97, 2, 14, 0, 2147483647}, {97, 3, 14, 0, 2147483647}, {97, 4, 14, 0, 2147483647},
  {98, 0, 20, 0, 2147483647}, {98, 1, 20, 0, 2147483647}, {98, 2, 15, 0, 2147483647}, {98, 3, 15, 0, 2147483647}, {98, 4, 15, 0, 2147483647},
  {99, 0, 21, 0, 2147483647}, {99, 1, 21, 0, 2147483647}, {99, 2, 16, 0, 2147483647}, {99, 3, 16, 0, 2147483647}, {99, 4, 16, 0, 2147483647},
  {100, 0, 22, 0, 2147483647}, {100, 1, 22, 0, 2147483647}, {100, 2, 17, 0, 2147483647}, {100, 3, 17, 0, 2147483647}, {100, 4, 17, 0, 2147483647},
  {101, 0, 17, 0, 2147483647}, {101, 1, 17, 0, 2147483647}, {101, 2, 12, 0, 2147483647}, {101, 3, 12, 0, 2147483647}, {101, 4, 12, 0, 2147483647},
  {102, 0, 35, 0, 2147483647}, {102, 1, 35, 0, 2147483647}, {102, 2, 30, 0, 2147483647}, {102, 3, 30, 0, 2147483647}, {102, 4, 28, 0, 2147483647},
  {103, 0, 36, 0, 2147483647}, {103, 1, 36, 0, 2147483647}, {103, 2, 31, 0, 2147483647}, {103, 3, 31, 0, 2147483647}, {103, 4, 29, 0, 2147483647},
  {104, 0, 53, 0, 2147483647}, {104, 1, 53, 0, 2147483647}, {104, 2, 47, 0, 2147483647}, {104, 3, 46, 0, 2147483647}, {104, 4, 44, 0, 2147483647},
  {105, 2, 72, 100200, 100799}, {105, 2, 73, 100800, 100899}, {105, 2, 72, 100900, 2147483647}, {105, 3, 69, 0, 2147483647}, {105, 4, 67, 0, 2147483647},
  {106, 0, 1, 0, 2147483647}, {106, 1, 1, 0, 2147483647}, {106, 2, 1, 0, 2147483647}, {106, 3, 1, 0, 2147483647}, {106, 4, 1, 0, 2147483647},
  {107, 0, 3, 0, 2147483647}, {107, 1, 3, 0, 2147483647}, {107, 2, 3, 0, 2147483647}, {107, 3, 3, 0, 2147483647}, {107, 4, 3, 0, 2147483647},
  {108, 0, 5, 0, 2147483647}, {108, 1, 5, 0, 2147483647},
  {109, 2, 5, 0, 2147483647}, {109, 3, 5, 0, 2147483647}, {109, 4, 5, 0, 2147483647},
  {110, 0, 7, 0, 2147483647}, {110, 1, 7, 0, 2147483647}, {110, 2, 7, 0, 2147483647}, {110, 3, 6, 0, 2147483647}, {110, 4, 6, 0, 2147483647},
  {111, 0, 6, 0, 2147483647}, {111, 1, 6, 0, 2147483647}, {111, 2, 6, 0, 2147483647},
  {112, 0, 19, 0, 2147483647}, {112, 1, 19, 0, 2147483647}, {112, 2, 19, 0, 2147483647}, {112, 3, 13, 0, 2147483647}, {112, 4, 9, 0, 2147483647},
  {113, 0, 20, 0, 2147483647}, {113, 1, 20, 0, 2147483647}, {113, 2, 20, 0, 2147483647}, {113, 3, 14, 0, 2147483647}, {113, 4, 10, 0, 2147483647},
  {114, 0, 21, 0, 2147483647}, {114, 1, 21, 0, 2147483647}, {114, 2, 21, 0, 2147483647}, {114, 3, 15, 0, 2147483647}, {114, 4, 11, 0, 2147483647},
  {115, 0, 24, 0, 2147483647}, {115, 1, 24, 0, 2147483647}, {115, 2, 24, 0, 2147483647}, {115, 3, 18, 0, 2147483647}, {115, 4, 14, 0, 2147483647},
  {116, 0, 15, 0, 2147483647}, {116, 1, 15, 0, 2147483647}, {116, 2, 11, 0, 2147483647}, {116, 3, 9, 0, 2147483647}, {116, 4, 9, 0, 2147483647},
  {117, 0, 14, 0, 2147483647}, {117, 1, 14, 0, 2147483647}, {117, 2, 10, 0, 2147483647}, {117, 3, 8, 0, 2147483647}, {117, 4, 8, 0, 2147483647},
  {118, 0, 16, 0, 2147483647}, {118, 1, 16, 0, 2147483647}, {118, 2, 12, 0, 2147483647}, {118, 3, 10, 0, 2147483647}, {118, 4, 10, 0, 2147483647},
  {119, 0, 47, 0, 2147483647}, {119, 1, 47, 0, 2147483647}, {119, 2, 43, 0, 2147483647}, {119, 3, 32, 0, 2147483647}, {119, 4, 32, 0, 2147483647},
  {120, 0, 48, 0, 2147483647}, {120, 1, 48, 0, 2147483647}, {120, 2, 44, 0, 2147483647}, {120, 3, 33, 0, 2147483647}, {120, 4, 33, 0, 2147483647},
  {121, 0, 51, 80600, 2147483647}, {121, 1, 51, 0, 2147483647}, {121, 2, 47, 0, 2147483647}, {121, 3, 36, 0, 2147483647}, {121, 4, 36, 0, 2147483647},
  {122, 0, 52, 80600, 2147483647}, {122, 1, 52, 0, 2147483647}, {122, 2, 48, 0, 2147483647}, {122, 3, 37, 0, 2147483647}, {122, 4, 37, 0, 2147483647},
  {123, 0, 53, 80600, 2147483647}, {123, 1, 53, 0, 2147483647}, {123, 2, 49, 0, 2147483647}, {123, 3, 38, 0, 2147483647}, {123, 4, 38, 0, 2147483647},
  {124, 0, 54, 80600, 2147483647}, {124, 1, 54, 0, 2147483647}, {124, 2, 50, 0, 2147483647}, {124, 3, 39, 0, 2147483647}, {124, 4, 39, 0, 2147483647},
  {125, 0, 31, 0, 2147483647}, {125, 1, 31, 0, 2147483647}, {125, 2, 27, 0, 2147483647}, {125, 3, 25, 0, 2147483647}, {125, 4, 25, 0, 2147483647},
  {126, 0, 32, 0, 2147483647}, {126, 1, 32, 0, 2147483647}, {126, 2, 28, 0, 2147483647}, {126, 3, 26, 0, 2147483647}, {126, 4, 26, 0, 2147483647},
  {127, 0, 29, 0, 2147483647}, {127, 1, 29, 0, 2147483647}, {127, 2, 25, 0, 2147483647}, {127, 3, 23, 0, 2147483647}, {127, 4, 23, 0, 2147483647},
  {128, 0, 30, 0, 2147483647}, {128, 1, 30, 0, 2147483647}, {128, 2, 26, 0, 2147483647}, {128, 3, 24, 0, 2147483647}, {128, 4, 24, 0, 2147483647},
  {129, 0, 44, 0, 2147483647}, {129, 1, 44, 0, 2147483647}, {129, 2, 40, 0, 2147483647}, {129, 3, 29, 0, 2147483647}, {129, 4, 29, 0, 2147483647},
  {130, 0, 45, 0, 2147483647}, {130, 1, 45, 0, 2147483647}, {130, 2, 41, 0, 2147483647}, {130, 3, 30, 0, 2147483647}, {130, 4, 30, 0, 2147483647},
  {131, 0, 46, 0, 2147483647}, {131, 1, 46, 0, 2147483647}, {131, 2, 42, 0, 2147483647}, {131, 3, 31, 0, 2147483647}, {131, 4, 31, 0, 2147483647},
  {132, 1, 60, 0, 2147483647}, {132, 2, 56, 0, 2147483647}, {132, 3, 45, 0, 2147483647}, {132, 4, 45, 0, 2147483647},
  {133, 1, 61, 0, 2147483647}, {133, 2, 57, 0, 2147483647}, {133, 3, 46, 0, 2147483647}, {133, 4, 46, 0, 2147483647},
  {134, 0, 42, 0, 2147483647}, {134, 1, 42, 0, 2147483647}, {134, 2, 38, 0, 2147483647}, {134, 3, 27, 0, 2147483647}, {134, 4, 27, 0, 2147483647},
  {135, 0, 43, 0, 2147483647}, {135, 1, 43, 0, 2147483647}, {135, 2, 39, 0, 2147483647}, {135, 3, 28, 0, 2147483647}, {135, 4, 28, 0, 2147483647},
  {136, 0, 49, 0, 2147483647}, {136, 1, 49, 0, 2147483647}, {136, 2, 45, 0, 2147483647}, {136, 3, 34, 0, 2147483647}, {136, 4, 34, 0, 2147483647},
  {137, 0, 50, 0, 2147483647}, {137, 1, 50, 0, 2147483647}, {137, 2, 46, 0, 2147483647}, {137, 3, 35, 0, 2147483647}, {137, 4, 35, 0, 2147483647},
  {138, 0, 58, 80600, 2147483647}, {138, 1, 58, 0, 2147483647}, {138, 2, 54, 0, 2147483647},
  {139, 3, 43, 0, 2147483647}, {139, 4, 43, 0, 2147483647},
  {140, 2, 58, 100200, 2147483647}, {140, 3, 47, 0, 2147483647}, {140, 4, 47, 0, 2147483647},
  {141, 2, 60, 100400, 2147483647}, {141, 3, 49, 0, 2147483647}, {141, 4, 49, 0, 2147483647},
  {142, 2, 62, 100800, 2147483647}, {142, 3, 51, 0, 2147483647}, {142, 4, 51, 0, 2147483647},
  {143, 0, 55, 80600, 2147483647}, {143, 1, 55, 0, 2147483647}, {143, 2, 51, 0, 2147483647}, {143, 3, 40, 0, 2147483647}, {143, 4, 40, 0, 2147483647},
  {144, 4, 55, 0, 2147483647},
  {145, 4, 56, 0, 2147483647},
  {146, 4, 57, 0, 2147483647},
  {147, 4, 58, 0, 2147483647},
  {148, 0, 1, 0, 2147483647}, {148, 1, 1, 0, 2147483647}, {148, 2, 1, 0, 2147483647}, {148, 3, 1, 0, 2147483647}, {148, 4, 1, 0, 2147483647},
  {149, 0, 2, 0, 2147483647}, {149, 1, 2, 0, 2147483647},
  {150, 2, 2, 0, 2147483647}, {150, 3, 2, 0, 2147483647}, {150, 4, 2, 0, 2147483647},
  {151, 0, 3, 0, 2147483647}, {151, 1, 3, 0, 2147483647},
  {152, 2, 3, 0, 2147483647}, {152, 3, 3, 0, 2147483647}, {152, 4, 3, 0, 2147483647},
  {153, 0, 4, 0, 2147483647}, {153, 1, 4, 0, 2147483647}, {153, 2, 4, 0, 2147483647},
  {154, 2, 10, 101100, 2147483647}, {154, 3, 8, 0, 2147483647}, {154, 4, 8, 0, 2147483647},
  {155, 0, 9, 0, 2147483647}, {155, 1, 9, 0, 2147483647}, {155, 2, 9, 0, 2147483647}, {155, 3, 7, 0, 2147483647}, {155, 4, 7, 0, 2147483647},
  {156, 0, 7, 0, 2147483647}, {156, 1, 7, 0, 2147483647}, {156, 2, 7, 0, 2147483647}, {156, 3, 5, 0, 2147483647}, {156, 4, 5, 0, 2147483647},
  {157, 0, 2, 0, 2147483647}, {157, 1, 2, 0, 2147483647}, {157, 2, 2, 0, 2147483647}, {157, 3, 2, 0, 2147483647}, {157, 4, 2, 0, 2147483647},
  {158, 0, 3, 0, 2147483647}, {158, 1, 3, 0, 2147483647}, {158, 2, 3, 0, 2147483647}, {158, 3, 3, 0, 2147483647}, {158, 4, 3, 0, 2147483647},
  {159, 0, 1, 0, 2147483647}, {159, 1, 1, 0, 2147483647}, {159, 2, 1, 0, 2147483647}, {159, 3, 1, 0, 2147483647}, {159, 4, 1, 0, 2147483647},
  {160, 0, 2, 0, 2147483647}, {160, 1, 2, 0, 2147483647}, {160, 2, 2, 0, 2147483647}, {160, 3, 2, 0, 2147483647}, {160, 4, 2, 0, 2147483647},
  {161, 0, 3, 0, 2147483647}, {161, 1, 3, 0, 2147483647}, {161, 2, 3, 0, 2147483647}, {161, 3, 3, 0, 2147483647}, {161, 4, 3, 0, 2147483647},
  {162, 0, 1, 0, 2147483647}, {162, 1, 1, 0, 2147483647}, {162, 2, 1, 0, 2147483647}, {162, 3, 1, 0, 2147483647}, {162, 4, 1, 0, 2147483647},
  {163, 1, 5, 90200, 2147483647}, {163, 2, 5, 0, 2147483647}, {163, 3, 5, 0, 2147483647}, {163, 4, 5, 0, 2147483647},
  {164, 1, 6, 90200, 2147483647}, {164, 2, 6, 0, 2147483647}, {164, 3, 6, 0, 2147483647}, {164, 4, 6, 0, 2147483647},
  {165, 1, 1, 90200, 2147483647}, {165, 2, 1, 0, 2147483647}, {165, 3, 1, 0, 2147483647}, {165, 4, 1, 0, 2147483647},
  {166, 0, 2, 0, 2147483647}, {166, 1, 2, 0, 2147483647}, {166, 2, 3, 0, 2147483647}, {166, 3, 3, 0, 2147483647}, {166, 4, 3, 0, 2147483647},
  {167, 0, 4, 0, 2147483647}, {167, 1, 4, 0, 2147483647}, {167, 2, 5, 0, 2147483647}, {167, 3, 5, 0, 2147483647}, {167, 4, 5, 0, 2147483647},
  {168, 0, 5, 0, 2147483647}, {168, 1, 5, 0, 2147483647}, {168, 2, 6, 0, 2147483647}, {168, 3, 6, 0, 2147483647}, {168, 4, 6, 0, 2147483647},
  {169, 0, 6, 0, 2147483647}, {169, 1, 6, 0, 2147483647}, {169, 2, 7, 0, 2147483647}, {169, 3, 7, 0, 2147483647}, {169, 4, 7, 0, 2147483647},
  {170, 0, 1, 0, 2147483647}, {170, 1, 1, 0, 2147483647}, {170, 2, 1, 0, 2147483647}, {170, 3, 1, 0, 2147483647}, {170, 4, 1, 0, 2147483647},
  {171, 2, 3, 101100, 2147483647}, {171, 3, 3, 0, 2147483647}, {171, 4, 3, 0, 2147483647},
  {172, 2, 4, 101100, 2147483647}, {172, 3, 4, 0, 2147483647}, {172, 4, 4, 0, 2147483647},
  {173, 4, 5, 0, 2147483647},
  {174, 4, 6, 0, 2147483647},
  {175, 4, 8, 0, 2147483647},
  {176, 4, 9, 0, 2147483647},
  {177, 4, 10, 0, 2147483647},
  {178, 4, 11, 0, 2147483647},
  {179, 2, 1, 101100, 2147483647}, {179, 3, 1, 0, 2147483647}, {179, 4, 1, 0, 2147483647},
  {180, 4, 2, 0, 2147483647},
  {181, 4, 3, 0, 2147483647},
  {182, 4, 4, 0, 2147483647},
  {183, 4, 1, 0, 2147483647},
  {184, 0, 12, 0, 2147483647}, {184, 1, 12, 0, 2147483647}, {184, 2, 13, 0, 2147483647}, {184, 3, 9, 0, 2147483647}, {184, 4, 9, 0, 2147483647},
  {185, 0, 13, 0, 2147483647}, {185, 1, 13, 0, 2147483647}, {185, 2, 14, 0, 2147483647}, {185, 3, 10, 0, 2147483647}, {185, 4, 10, 0, 2147483647},
  {186, 0, 14, 0, 2147483647}, {186, 1, 14, 0, 2147483647}, {186, 2, 15, 0, 2147483647}, {186, 3, 11, 0, 2147483647}, {186, 4, 11, 0, 2147483647},
  {187, 2, 26, 0, 2147483647}, {187, 3, 22, 0, 2147483647}, {187, 4, 22, 0, 2147483647},
  {188, 0, 3, 0, 2147483647}, {188, 1, 3, 0, 2147483647}, {188, 2, 4, 0, 2147483647}, {188, 3, 4, 0, 2147483647}, {188, 4, 4, 0, 2147483647},
  {189, 1, 24, 90100, 2147483647}, {189, 2, 25, 0, 2147483647}, {189, 3, 21, 0, 2147483647}, {189, 4, 21, 0, 2147483647},
  {190, 0, 10, 0, 2147483647}, {190, 1, 10, 0, 2147483647}, {190, 2, 11, 0, 2147483647}, {190, 3, 7, 0, 2147483647}, {190, 4, 7, 0, 2147483647},
  {191, 0, 15, 0, 2147483647}, {191, 1, 15, 0, 2147483647}, {191, 2, 16, 0, 2147483647}, {191, 3, 12, 0, 2147483647}, {191, 4, 12, 0, 2147483647},
  {192, 0, 1, 0, 2147483647}, {192, 1, 1, 0, 2147483647}, {192, 2, 1, 0, 2147483647}, {192, 3, 1, 0, 2147483647}, {192, 4, 1, 0, 2147483647},
  {193, 0, 10, 80600, 2147483647}, {193, 1, 10, 0, 2147483647}, {193, 2, 10, 0, 2147483647}, {193, 3, 6, 0, 2147483647}, {193, 4, 6, 0, 2147483647},
  {194, 0, 11, 80600, 2147483647}, {194, 1, 11, 0, 2147483647}, {194, 2, 11, 0, 2147483647}, {194, 3, 7, 0, 2147483647}, {194, 4, 7, 0, 2147483647},
  {195, 2, 13, 0, 2147483647}, {195, 3, 9, 0, 2147483647}, {195, 4, 9, 0, 2147483647},
  {196, 0, 1, 0, 2147483647}, {196, 1, 1, 0, 2147483647}, {196, 2, 1, 0, 2147483647},
  {197, 0, 5, 0, 2147483647}, {197, 1, 5, 0, 2147483647}, {197, 2, 5, 0, 2147483647}, {197, 3, 2, 0, 2147483647}, {197, 4, 2, 0, 2147483647},
  {198, 0, 0, 0, 2147483647}, {198, 1, 0, 0, 2147483647}, {198, 2, 0, 0, 2147483647}, {198, 3, 0, 0, 2147483647}, {198, 4, 0, 0, 2147483647},
  {199, 0, 1, 0, 2147483647}, {199, 1, 1, 0, 2147483647}, {199, 2, 1, 0, 2147483647}, {199, 3, 1, 0, 2147483647}, {199, 4, 1, 0, 2147483647},
  {200, 0, 4, 0, 2147483647}, {200, 1, 4, 0, 2147483647}, {200, 2, 4, 0, 2147483647}, {200, 3, 2, 0, 2147483647}, {200, 4, 2, 0, 2147483647},
  {201, 2, 17, 100100, 2147483647}, {201, 3, 15, 0, 2147483647}, {201, 4, 15, 0, 2147483647},
  {202, 0, 6, 0, 2147483647}, {202, 1, 6, 0, 2147483647}, {202, 2, 5, 0, 2147483647}, {202, 3, 3, 0, 2147483647}, {202, 4, 3, 0, 2147483647},
  {203, 0, 7, 0, 2147483647}, {203, 1, 7, 0, 2147483647}, {203, 2, 6, 0, 2147483647}, {203, 3, 4, 0, 2147483647}, {203, 4, 4, 0, 2147483647},
  {204, 0, 8, 0, 2147483647}, {204, 1, 8, 0, 2147483647}, {204, 2, 7, 0, 2147483647}, {204, 3, 5, 0, 2147483647}, {204, 4, 5, 0, 2147483647},
  {205, 0, 11, 80600, 2147483647}, {205, 1, 11, 0, 2147483647}, {205, 2, 10, 0, 2147483647}, {205, 3, 8, 0, 2147483647}, {205, 4, 8, 0, 2147483647},
  {206, 0, 15, 80600, 2147483647}, {206, 1, 15, 0, 2147483647}, {206, 2, 14, 0, 2147483647}, {206, 3, 12, 0, 2147483647}, {206, 4, 12, 0, 2147483647},
  {207, 0, 16, 80600, 2147483647}, {207, 1, 16, 0, 2147483647}, {207, 2, 15, 0, 2147483647}, {207, 3, 13, 0, 2147483647}, {207, 4, 13, 0, 2147483647},
  {208, 0, 10, 0, 2147483647}, {208, 1, 10, 0, 2147483647}, {208, 2, 9, 0, 2147483647}, {208, 3, 7, 0, 2147483647}, {208, 4, 7, 0, 2147483647},
  {209, 0, 0, 0, 2147483647}, {209, 1, 0, 0, 2147483647}, {209, 2, 0, 0, 2147483647}, {209, 3, 0, 0, 2147483647}, {209, 4, 0, 0, 2147483647},
  {210, 0, 1, 0, 2147483647}, {210, 1, 1, 0, 2147483647}, {210, 2, 1, 0, 2147483647}, {210, 3, 1, 0, 2147483647}, {210, 4, 1, 0, 2147483647},
  {211, 0, 2, 0, 2147483647}, {211, 1, 2, 0, 2147483647}, {211, 2, 2, 0, 2147483647}, {211, 3, 2, 0, 2147483647}, {211, 4, 2, 0, 2147483647},
  {212, 0, 3, 0, 2147483647}, {212, 1, 3, 0, 2147483647}, {212, 2, 3, 0, 2147483647}, {212, 3, 3, 0, 2147483647}, {212, 4, 3, 0, 2147483647},
  {213, 0, 4, 0, 2147483647}, {213, 1, 4, 0, 2147483647}, {213, 2, 4, 0, 2147483647}, {213, 3, 4, 0, 2147483647}, {213, 4, 4, 0, 2147483647},
  {214, 0, 5, 0, 2147483647}, {214, 1, 5, 0, 2147483647}, {214, 2, 5, 0, 2147483647}, {214, 3, 5, 0, 2147483647}, {214, 4, 5, 0, 2147483647},
  {215, 1, 6, 90100, 2147483647}, {215, 2, 6, 0, 2147483647}, {215, 3, 6, 0, 2147483647}, {215, 4, 6, 0, 2147483647},
  {216, 1, 7, 90100, 2147483647}, {216, 2, 7, 0, 2147483647}, {216, 3, 7, 0, 2147483647}, {216, 4, 7, 0, 2147483647},
  {217, 2, 0, 0, 2147483647}, {217, 3, 0, 0, 2147483647}, {217, 4, 0, 0, 2147483647},
  {218, 2, 1, 0, 2147483647}, {218, 3, 1, 0, 2147483647}, {218, 4, 1, 0, 2147483647},
  {219, 2, 2, 0, 2147483647}, {219, 3, 2, 0, 2147483647}, {219, 4, 2, 0, 2147483647},
  {220, 2, 3, 0, 2147483647}, {220, 3, 3, 0, 2147483647}, {220, 4, 3, 0, 2147483647},
  {221, 2, 6, 0, 2147483647}, {221, 3, 6, 0, 2147483647}, {221, 4, 6, 0, 2147483647},
  {222, 0, 0, 0, 2147483647}, {222, 1, 0, 0, 2147483647}, {222, 2, 0, 0, 2147483647}, {222, 3, 4, 0, 2147483647}, {222, 4, 4, 0, 2147483647},
  {223, 0, 1, 0, 2147483647}, {223, 1, 1, 0, 2147483647}, {223, 2, 1, 0, 2147483647}, {223, 3, 2, 0, 2147483647}, {223, 4, 2, 0, 2147483647},
  {224, 0, 2, 0, 2147483647}, {224, 1, 2, 0, 2147483647}, {224, 2, 2, 0, 2147483647}, {224, 3, 3, 0, 2147483647}, {224, 4, 3, 0, 2147483647},
  {225, 3, 0, 0, 2147483647}, {225, 4, 0, 0, 2147483647},
  {226, 3, 1, 0, 2147483647}, {226, 4, 1, 0, 2147483647},
  {227, 0, 0, 0, 2147483647}, {227, 1, 0, 0, 2147483647}, {227, 2, 2, 0, 2147483647}, {227, 3, 2, 0, 2147483647}, {227, 4, 2, 0, 2147483647},
  {228, 0, 1, 0, 2147483647}, {228, 1, 1, 0, 2147483647}, {228, 2, 3, 0, 2147483647}, {228, 3, 3, 0, 2147483647}, {228, 4, 3, 0, 2147483647},
  {229, 0, 2, 0, 2147483647}, {229, 1, 2, 0, 2147483647}, {229, 2, 4, 0, 2147483647}, {229, 3, 4, 0, 2147483647}, {229, 4, 4, 0, 2147483647},
  {230, 0, 3, 0, 2147483647}, {230, 1, 3, 0, 2147483647}, {230, 2, 5, 0, 2147483647}, {230, 3, 5, 0, 2147483647}, {230, 4, 5, 0, 2147483647},
  {231, 0, 4, 0, 2147483647}, {231, 1, 4, 0, 2147483647}, {231, 2, 6, 0, 2147483647}, {231, 3, 6, 0, 2147483647}, {231, 4, 6, 0, 2147483647},
  {232, 0, 5, 0, 2147483647}, {232, 1, 5, 0, 2147483647}, {232, 2, 7, 0, 2147483647}, {232, 3, 7, 0, 2147483647}, {232, 4, 7, 0, 2147483647},
  {233, 0, 6, 0, 2147483647}, {233, 1, 6, 0, 2147483647}, {233, 2, 8, 0, 2147483647}, {233, 3, 8, 0, 2147483647}, {233, 4, 8, 0, 2147483647},
  {234, 0, 7, 0, 2147483647}, {234, 1, 7, 0, 2147483647}, {234, 2, 9, 0, 2147483647}, {234, 3, 9, 0, 2147483647}, {234, 4, 9, 0, 2147483647},
  {235, 0, 8, 0, 2147483647}, {235, 1, 8, 0, 2147483647}, {235, 2, 10, 0, 2147483647}, {235, 3, 10, 0, 2147483647}, {235, 4, 10, 0, 2147483647},
  {236, 0, 9, 0, 2147483647}, {236, 1, 9, 0, 2147483647}, {236, 2, 11, 0, 2147483647}, {236, 3, 11, 0, 2147483647}, {236, 4, 11, 0, 2147483647},
  {237, 2, 0, 0, 2147483647}, {237, 3, 0, 0, 2147483647}, {237, 4, 0, 0, 2147483647},
  {238, 2, 1, 0, 2147483647}, {238, 3, 1, 0, 2147483647}, {238, 4, 1, 0, 2147483647},
  {239, 1, 0, 0, 2147483647}, {239, 2, 2, 0, 2147483647}, {239, 3, 2, 0, 2147483647}, {239, 4, 2, 0, 2147483647},
  {240, 1, 1, 0, 2147483647}, {240, 2, 3, 0, 2147483647}, {240, 3, 3, 0, 2147483647}, {240, 4, 3, 0, 2147483647},
  {241, 1, 2, 0, 2147483647}, {241, 2, 4, 0, 2147483647}, {241, 3, 4, 0, 2147483647}, {241, 4, 4, 0, 2147483647},
  {242, 1, 3, 0, 2147483647}, {242, 2, 5, 0, 2147483647}, {242, 3, 5, 0, 2147483647}, {242, 4, 5, 0, 2147483647},
  {243, 1, 4, 0, 2147483647}, {243, 2, 6, 0, 2147483647}, {243, 3, 6, 0, 2147483647}, {243, 4, 6, 0, 2147483647},
  {244, 2, 0, 0, 2147483647}, {244, 3, 0, 0, 2147483647}, {244, 4, 0, 0, 2147483647},
  {245, 2, 1, 0, 2147483647}, {245, 3, 1, 0, 2147483647}, {245, 4, 1, 0, 2147483647},
  {246, 0, 0, 0, 2147483647}, {246, 1, 0, 0, 2147483647}, {246, 2, 0, 0, 2147483647}, {246, 3, 4, 0, 2147483647}, {246, 4, 4, 0, 2147483647},
  {247, 0, 1, 0, 2147483647}, {247, 1, 1, 0, 2147483647}, {247, 2, 1, 0, 2147483647}, {247, 3, 2, 0, 2147483647}, {247, 4, 2, 0, 2147483647},
  {248, 0, 2, 0, 2147483647}, {248, 1, 2, 0, 2147483647}, {248, 2, 2, 0, 2147483647}, {248, 3, 3, 0, 2147483647}, {248, 4, 3, 0, 2147483647},
  {249, 3, 0, 0, 2147483647}, {249, 4, 0, 0, 2147483647},
  {250, 3, 1, 0, 2147483647}, {250, 4, 1, 0, 2147483647},
  {251, 0, 0, 0, 2147483647}, {251, 1, 0, 0, 2147483647},
  {252, 0, 1, 0, 2147483647}, {252, 1, 1, 0, 2147483647}, {252, 2, 4, 0, 2147483647}, {252, 3, 4, 0, 2147483647},
  {253, 0, 2, 0, 2147483647}, {253, 1, 2, 0, 2147483647},
  {254, 0, 3, 0, 2147483647}, {254, 1, 3, 0, 2147483647}, {254, 2, 2, 0, 2147483647}, {254, 3, 2, 0, 2147483647}, {254, 4, 2, 0, 2147483647},
  {255, 0, 4, 0, 2147483647}, {255, 1, 4, 0, 2147483647}, {255, 2, 3, 0, 2147483647}, {255, 3, 3, 0, 2147483647}, {255, 4, 3, 0, 2147483647},
  {256, 2, 0, 0, 2147483647}, {256, 3, 0, 0, 2147483647}, {256, 4, 0, 0, 2147483647},
  {257, 2, 1, 0, 2147483647}, {257, 3, 1, 0, 2147483647}, {257, 4, 1, 0, 2147483647},
  {258, 2, 5, 0, 2147483647}, {258, 3, 5, 0, 2147483647}, {258, 4, 4, 0, 2147483647},
  {259, 2, 6, 0, 2147483647}, {259, 3, 6, 0, 2147483647}, {259, 4, 5, 0, 2147483647},
};
const size_t slotEntryCount = sizeof slotEntries / sizeof slotEntries[0];

const TableEntry enumeratorEntries[] = {
  {0, 0, 0, 0, 2147483647}, {0, 1, 0, 0, 2147483647}, {0, 2, 0, 0, 2147483647}, {0, 3, 0, 0, 2147483647}, {0, 4, 0, 0, 2147483647},
  {1, 0, 1, 0, 2147483647}, {1, 1, 1, 0, 2147483647}, {1, 2, 1, 0, 2147483647}, {1, 3, 1, 0, 2147483647}, {1, 4, 1, 0, 2147483647},
  {2, 0, 2, 0, 2147483647}, {2, 1, 2, 0, 2147483647}, {2, 2, 2, 0, 2147483647}, {2, 3, 2, 0, 2147483647}, {2, 4, 2, 0, 2147483647},
  {3, 0, 3, 0, 2147483647}, {3, 1, 3, 0, 2147483647}, {3, 2, 3, 0, 2147483647}, {3, 3, 3, 0, 2147483647}, {3, 4, 3, 0, 2147483647},
  {4, 0, 4, 0, 2147483647}, {4, 1, 4, 0, 2147483647}, {4, 2, 4, 0, 2147483647}, {4, 3, 4, 0, 2147483647}, {4, 4, 4, 0, 2147483647},
  {5, 0, 5, 0, 2147483647}, {5, 1, 5, 0, 2147483647}, {5, 2, 5, 0, 2147483647}, {5, 3, 5, 0, 2147483647}, {5, 4, 5, 0, 2147483647},
  {6, 0, 6, 80600, 2147483647}, {6, 1, 6, 0, 2147483647}, {6, 2, 6, 0, 2147483647}, {6, 3, 6, 0, 2147483647}, {6, 4, 6, 0, 2147483647},
  {7, 1, 7, 0, 2147483647}, {7, 2, 7, 0, 2147483647}, {7, 3, 7, 0, 2147483647}, {7, 4, 7, 0, 2147483647},
  {8, 1, 8, 0, 2147483647}, {8, 2, 8, 0, 2147483647}, {8, 3, 8, 0, 2147483647}, {8, 4, 8, 0, 2147483647},
  {9, 2, 9, 0, 2147483647}, {9, 3, 9, 0, 2147483647}, {9, 4, 9, 0, 2147483647},
  {10, 2, 10, 100800, 2147483647}, {10, 3, 10, 0, 2147483647}, {10, 4, 10, 0, 2147483647},
  {11, 2, 11, 101200, 2147483647}, {11, 3, 11, 0, 2147483647}, {11, 4, 11, 0, 2147483647},
  {12, 0, 0, 0, 2147483647}, {12, 1, 0, 0, 2147483647}, {12, 2, 0, 0, 2147483647}, {12, 3, 0, 0, 2147483647}, {12, 4, 0, 0, 2147483647},
  {13, 0, 1, 0, 2147483647}, {13, 1, 1, 0, 2147483647}, {13, 2, 1, 0, 2147483647}, {13, 3, 1, 0, 2147483647}, {13, 4, 1, 0, 2147483647},
  {14, 0, 2, 0, 2147483647}, {14, 1, 2, 0, 2147483647}, {14, 2, 2, 0, 2147483647}, {14, 3, 2, 0, 2147483647}, {14, 4, 2, 0, 2147483647},
  {15, 0, 0, 0, 2147483647}, {15, 1, 0, 0, 2147483647}, {15, 2, 0, 0, 2147483647}, {15, 3, 0, 0, 2147483647}, {15, 4, 0, 0, 2147483647},
  {16, 0, 1, 0, 2147483647}, {16, 1, 1, 0, 2147483647}, {16, 2, 1, 0, 2147483647}, {16, 3, 1, 0, 2147483647}, {16, 4, 1, 0, 2147483647},
  {17, 0, 0, 0, 2147483647}, {17, 1, 0, 0, 2147483647}, {17, 2, 0, 0, 2147483647}, {17, 3, 0, 0, 2147483647}, {17, 4, 0, 0, 2147483647},
  {18, 0, 1, 0, 2147483647}, {18, 1, 1, 0, 2147483647}, {18, 2, 1, 0, 2147483647}, {18, 3, 1, 0, 2147483647}, {18, 4, 1, 0, 2147483647},
  {19, 0, 2, 0, 2147483647}, {19, 1, 2, 0, 2147483647}, {19, 2, 2, 0, 2147483647}, {19, 3, 2, 0, 2147483647}, {19, 4, 2, 0, 2147483647},
  {20, 0, 3, 0, 2147483647}, {20, 1, 3, 0, 2147483647}, {20, 2, 3, 0, 2147483647}, {20, 3, 3, 0, 2147483647}, {20, 4, 3, 0, 2147483647},
  {21, 0, 4, 0, 2147483647}, {21, 1, 4, 0, 2147483647}, {21, 2, 4, 0, 2147483647}, {21, 3, 4, 0, 2147483647}, {21, 4, 4, 0, 2147483647},
  {22, 0, 5, 0, 2147483647}, {22, 1, 5, 0, 2147483647}, {22, 2, 5, 0, 2147483647}, {22, 3, 5, 0, 2147483647}, {22, 4, 5, 0, 2147483647},
  {23, 0, 6, 0, 2147483647}, {23, 1, 6, 0, 2147483647}, {23, 2, 6, 0, 2147483647}, {23, 3, 6, 0, 2147483647}, {23, 4, 6, 0, 2147483647},
  {24, 0, 7, 0, 2147483647}, {24, 1, 7, 0, 2147483647}, {24, 2, 7, 0, 2147483647}, {24, 3, 7, 0, 2147483647}, {24, 4, 7, 0, 2147483647},
  {25, 0, 8, 0, 2147483647}, {25, 1, 8, 0, 2147483647}, {25, 2, 8, 0, 2147483647}, {25, 3, 8, 0, 2147483647}, {25, 4, 8, 0, 2147483647},
  {26, 0, 9, 0, 2147483647}, {26, 1, 9, 0, 2147483647}, {26, 2, 9, 0, 2147483647}, {26, 3, 9, 0, 2147483647}, {26, 4, 9, 0, 2147483647},
  {27, 0, 10, 0, 2147483647}, {27, 1, 10, 0, 2147483647}, {27, 2, 10, 0, 2147483647}, {27, 3, 10, 0, 2147483647}, {27, 4, 10, 0, 2147483647},
  {28, 0, 11, 0, 2147483647}, {28, 1, 11, 0, 2147483647}, {28, 2, 11, 0, 2147483647}, {28, 3, 11, 0, 2147483647}, {28, 4, 11, 0, 2147483647},
  {29, 0, 12, 80600, 2147483647}, {29, 1, 12, 0, 2147483647}, {29, 2, 12, 0, 2147483647}, {29, 3, 12, 0, 2147483647}, {29, 4, 12, 0, 2147483647},
  {30, 0, 0, 0, 2147483647}, {30, 1, 0, 0, 2147483647}, {30, 2, 0, 0, 2147483647}, {30, 3, 0, 0, 2147483647}, {30, 4, 0, 0, 2147483647},
  {31, 0, 1, 0, 2147483647}, {31, 1, 1, 0, 2147483647}, {31, 2, 1, 0, 2147483647}, {31, 3, 1, 0, 2147483647}, {31, 4, 1, 0, 2147483647},
  {32, 0, 2, 0, 2147483647}, {32, 1, 2, 0, 2147483647}, {32, 2, 2, 0, 2147483647}, {32, 3, 2, 0, 2147483647}, {32, 4, 2, 0, 2147483647},
  {33, 0, 3, 0, 2147483647}, {33, 1, 3, 0, 2147483647}, {33, 2, 3, 0, 2147483647}, {33, 3, 3, 0, 2147483647}, {33, 4, 3, 0, 2147483647},
  {34, 0, 4, 80600, 2147483647}, {34, 1, 4, 0, 2147483647}, {34, 2, 4, 0, 2147483647}, {34, 3, 4, 0, 2147483647}, {34, 4, 4, 0, 2147483647},
  {35, 2, 5, 0, 2147483647}, {35, 3, 5, 0, 2147483647}, {35, 4, 5, 0, 2147483647},
  {36, 0, 0, 0, 2147483647}, {36, 1, 0, 0, 2147483647}, {36, 2, 0, 0, 2147483647},
  {37, 0, 1, 0, 2147483647}, {37, 1, 1, 0, 2147483647}, {37, 2, 1, 0, 2147483647},
  {38, 0, 2, 0, 2147483647}, {38, 1, 2, 0, 2147483647}, {38, 2, 2, 0, 2147483647}, {38, 3, 2, 0, 2147483647}, {38, 4, 2, 0, 2147483647},
  {39, 0, 3, 0, 2147483647}, {39, 1, 3, 0, 2147483647}, {39, 2, 3, 0, 2147483647}, {39, 3, 3, 0, 2147483647}, {39, 4, 3, 0, 2147483647},
  {40, 0, 5, 0, 2147483647}, {40, 1, 5, 0, 2147483647}, {40, 2, 4, 0, 2147483647}, {40, 3, 4, 0, 2147483647}, {40, 4, 4, 0, 2147483647},
  {41, 0, 4, 0, 2147483647}, {41, 1, 4, 0, 2147483647},
  {42, 0, 6, 0, 2147483647}, {42, 1, 6, 0, 2147483647}, {42, 2, 5, 0, 2147483647}, {42, 3, 5, 0, 2147483647}, {42, 4, 5, 0, 2147483647},
  {43, 0, 7, 0, 2147483647}, {43, 1, 7, 0, 2147483647}, {43, 2, 6, 0, 2147483647}, {43, 3, 6, 0, 2147483647}, {43, 4, 6, 0, 2147483647},
  {44, 0, 8, 0, 2147483647}, {44, 1, 8, 0, 2147483647}, {44, 2, 7, 0, 2147483647}, {44, 3, 7, 0, 2147483647}, {44, 4, 7, 0, 2147483647},
  {45, 0, 9, 0, 2147483647}, {45, 1, 9, 0, 2147483647}, {45, 2, 8, 0, 2147483647}, {45, 3, 8, 0, 2147483647}, {45, 4, 8, 0, 2147483647},
  {46, 0, 10, 0, 2147483647}, {46, 1, 10, 0, 2147483647}, {46, 2, 9, 0, 2147483647},
  {47, 0, 11, 0, 2147483647}, {47, 1, 11, 0, 2147483647}, {47, 2, 10, 0, 2147483647},
  {48, 0, 12, 0, 2147483647}, {48, 1, 12, 0, 2147483647}, {48, 2, 11, 0, 2147483647}, {48, 3, 11, 0, 2147483647}, {48, 4, 11, 0, 2147483647},
  {49, 0, 13, 0, 2147483647}, {49, 1, 13, 0, 2147483647}, {49, 2, 12, 0, 2147483647},
  {50, 0, 15, 80600, 2147483647}, {50, 1, 15, 0, 2147483647}, {50, 2, 13, 0, 2147483647}, {50, 3, 12, 0, 2147483647}, {50, 4, 12, 0, 2147483647},
  {51, 0, 16, 80600, 2147483647}, {51, 1, 16, 0, 2147483647}, {51, 2, 14, 0, 2147483647}, {51, 3, 13, 0, 2147483647}, {51, 4, 13, 0, 2147483647},
  {52, 0, 14, 0, 2147483647}, {52, 1, 14, 0, 2147483647},
  {53, 1, 18, 0, 2147483647}, {53, 2, 16, 0, 2147483647}, {53, 3, 15, 0, 2147483647}, {53, 4, 15, 0, 2147483647},
  {54, 0, 17, 80600, 2147483647}, {54, 1, 17, 0, 2147483647}, {54, 2, 15, 0, 2147483647},
  {55, 1, 19, 0, 2147483647}, {55, 2, 17, 0, 2147483647},
  {56, 1, 20, 0, 2147483647}, {56, 2, 18, 0, 2147483647}, {56, 3, 17, 0, 2147483647}, {56, 4, 17, 0, 2147483647},
  {57, 2, 19, 0, 2147483647}, {57, 3, 18, 0, 2147483647}, {57, 4, 18, 0, 2147483647},
  {58, 2, 20, 0, 2147483647}, {58, 3, 19, 0, 2147483647}, {58, 4, 19, 0, 2147483647},
  {59, 1, 21, 90200, 2147483647}, {59, 2, 19, 0, 2147483647},
  {60, 2, 21, 0, 2147483647}, {60, 3, 20, 0, 2147483647}, {60, 4, 20, 0, 2147483647},
  {61, 2, 22, 100100, 2147483647},
  {62, 2, 23, 100200, 2147483647}, {62, 3, 22, 0, 2147483647}, {62, 4, 22, 0, 2147483647},
  {63, 2, 24, 100600, 2147483647}, {63, 3, 23, 0, 2147483647}, {63, 4, 23, 0, 2147483647},
  {64, 2, 25, 100600, 2147483647}, {64, 3, 24, 0, 2147483647}, {64, 4, 24, 0, 2147483647},
  {65, 2, 27, 100800, 2147483647}, {65, 3, 26, 0, 2147483647}, {65, 4, 26, 0, 2147483647},
  {66, 2, 26, 100800, 2147483647},
  {67, 2, 28, 101200, 2147483647}, {67, 3, 27, 0, 2147483647}, {67, 4, 27, 0, 2147483647},
  {68, 4, 28, 0, 2147483647},
  {69, 0, 0, 0, 2147483647}, {69, 1, 0, 0, 2147483647}, {69, 2, 0, 0, 2147483647},
  {70, 1, 2, 0, 2147483647}, {70, 2, 1, 0, 2147483647}, {70, 3, 0, 0, 2147483647}, {70, 4, 0, 0, 2147483647},
  {71, 0, 1, 0, 2147483647}, {71, 1, 1, 0, 2147483647},
  {72, 2, 2, 100900, 2147483647}, {72, 3, 1, 0, 2147483647},
  {73, 2, 3, 100900, 2147483647}, {73, 3, 2, 0, 2147483647},
  {74, 0, 0, 0, 2147483647}, {74, 1, 0, 0, 2147483647}, {74, 2, 0, 0, 2147483647}, {74, 3, 0, 0, 2147483647}, {74, 4, 0, 0, 2147483647},
  {75, 0, 1, 0, 2147483647}, {75, 1, 1, 0, 2147483647}, {75, 2, 1, 0, 2147483647}, {75, 3, 1, 0, 2147483647}, {75, 4, 1, 0, 2147483647},
  {76, 0, 2, 0, 2147483647}, {76, 1, 2, 0, 2147483647}, {76, 2, 2, 0, 2147483647}, {76, 3, 2, 0, 2147483647}, {76, 4, 2, 0, 2147483647},
  {77, 0, 0, 80600, 2147483647}, {77, 1, 0, 0, 2147483647}, {77, 2, 0, 0, 2147483647}, {77, 3, 0, 0, 2147483647}, {77, 4, 0, 0, 2147483647},
  {78, 0, 1, 80600, 2147483647}, {78, 1, 1, 0, 2147483647}, {78, 2, 1, 0, 2147483647}, {78, 3, 1, 0, 2147483647}, {78, 4, 1, 0, 2147483647},
  {79, 2, 2, 100900, 2147483647}, {79, 3, 2, 0, 2147483647}, {79, 4, 2, 0, 2147483647},
  {80, 4, 0, 0, 2147483647},
  {81, 4, 1, 0, 2147483647},
  {82, 4, 75, 0, 2147483647},
  {83, 4, 80, 0, 2147483647},
  {84, 4, 86, 0, 2147483647},
  {85, 4, 89, 0, 2147483647},
  {86, 4, 120, 0, 2147483647},
  {87, 4, 121, 0, 2147483647},
  {88, 2, 0, 100200, 2147483647}, {88, 3, 0, 0, 2147483647}, {88, 4, 0, 0, 2147483647},
  {89, 2, 1, 100200, 2147483647}, {89, 3, 1, 0, 2147483647}, {89, 4, 1, 0, 2147483647},
  {90, 0, 0, 0, 2147483647}, {90, 1, 0, 0, 2147483647}, {90, 2, 0, 0, 2147483647}, {90, 3, 0, 0, 2147483647}, {90, 4, 0, 0, 2147483647},
  {91, 0, 1, 0, 2147483647}, {91, 1, 1, 0, 2147483647}, {91, 2, 1, 0, 2147483647}, {91, 3, 1, 0, 2147483647}, {91, 4, 1, 0, 2147483647},
  {92, 0, 0, 0, 2147483647}, {92, 1, 0, 0, 2147483647}, {92, 2, 0, 0, 2147483647}, {92, 3, 0, 0, 2147483647}, {92, 4, 0, 0, 2147483647},
  {93, 0, 1, 0, 2147483647}, {93, 1, 1, 0, 2147483647}, {93, 2, 1, 0, 2147483647}, {93, 3, 1, 0, 2147483647}, {93, 4, 1, 0, 2147483647},
  {94, 0, 2, 0, 2147483647}, {94, 1, 2, 0, 2147483647}, {94, 2, 2, 0, 2147483647}, {94, 3, 2, 0, 2147483647}, {94, 4, 2, 0, 2147483647},
  {95, 0, 3, 0, 2147483647}, {95, 1, 3, 0, 2147483647}, {95, 2, 3, 0, 2147483647}, {95, 3, 3, 0, 2147483647}, {95, 4, 3, 0, 2147483647},
  {96, 0, 4, 0, 2147483647}, {96, 1, 4, 0, 2147483647}, {96, 2, 4, 0, 2147483647}, {96, 3, 4, 0, 2147483647}, {96, 4, 4, 0, 2147483647},
  {97, 0, 5, 0, 2147483647}, {97, 1, 5, 0, 2147483647}, {97, 2, 5, 0, 2147483647}, {97, 3, 5, 0, 2147483647}, {97, 4, 5, 0, 2147483647},
  {98, 0, 6, 0, 2147483647}, {98, 1, 6, 0, 2147483647}, {98, 2, 6, 0, 2147483647}, {98, 3, 6, 0, 2147483647}, {98, 4, 6, 0, 2147483647},
  {99, 0, 7, 0, 2147483647}, {99, 1, 7, 0, 2147483647}, {99, 2, 7, 0, 2147483647}, {99, 3, 7, 0, 2147483647}, {99, 4, 7, 0, 2147483647},
  {100, 0, 8, 0, 2147483647}, {100, 1, 8, 0, 2147483647}, {100, 2, 8, 0, 2147483647}, {100, 3, 8, 0, 2147483647}, {100, 4, 8, 0, 2147483647},
  {101, 0, 9, 0, 2147483647}, {101, 1, 9, 0, 2147483647}, {101, 2, 9, 0, 2147483647}, {101, 3, 9, 0, 2147483647}, {101, 4, 9, 0, 2147483647},
  {102, 0, 10, 0, 2147483647}, {102, 1, 10, 0, 2147483647}, {102, 2, 10, 0, 2147483647}, {102, 3, 10, 0, 2147483647}, {102, 4, 10, 0, 2147483647},
  {103, 0, 0, 0, 2147483647}, {103, 1, 0, 0, 2147483647}, {103, 2, 0, 0, 2147483647}, {103, 3, 0, 0, 2147483647}, {103, 4, 0, 0, 2147483647},
  {104, 0, 1, 0, 2147483647}, {104, 1, 1, 0, 2147483647}, {104, 2, 1, 0, 2147483647}, {104, 3, 1, 0, 2147483647}, {104, 4, 1, 0, 2147483647},
  {105, 0, 2, 0, 2147483647}, {105, 1, 2, 0, 2147483647}, {105, 2, 2, 0, 2147483647}, {105, 3, 2, 0, 2147483647}, {105, 4, 2, 0, 2147483647},
  {106, 0, 3, 0, 2147483647}, {106, 1, 3, 0, 2147483647}, {106, 2, 3, 0, 2147483647}, {106, 3, 3, 0, 2147483647}, {106, 4, 3, 0, 2147483647},
  {107, 0, 4, 0, 2147483647}, {107, 1, 4, 0, 2147483647}, {107, 2, 4, 0, 2147483647}, {107, 3, 4, 0, 2147483647}, {107, 4, 4, 0, 2147483647},
  {108, 0, 0, 0, 2147483647}, {108, 1, 0, 0, 2147483647}, {108, 2, 0, 0, 2147483647}, {108, 3, 0, 0, 2147483647}, {108, 4, 0, 0, 2147483647},
  {109, 0, 1, 0, 2147483647}, {109, 1, 1, 0, 2147483647}, {109, 2, 1, 0, 2147483647}, {109, 3, 1, 0, 2147483647}, {109, 4, 1, 0, 2147483647},
  {110, 0, 2, 0, 2147483647}, {110, 1, 2, 0, 2147483647}, {110, 2, 2, 0, 2147483647}, {110, 3, 2, 0, 2147483647}, {110, 4, 2, 0, 2147483647},
  {111, 2, 1, 100300, 2147483647}, {111, 3, 0, 0, 2147483647}, {111, 4, 0, 0, 2147483647},
  {112, 0, 0, 0, 2147483647}, {112, 1, 0, 0, 2147483647},
  {113, 0, 2, 80600, 2147483647}, {113, 1, 2, 0, 2147483647}, {113, 2, 0, 0, 2147483647},
  {114, 0, 1, 0, 2147483647}, {114, 1, 1, 0, 2147483647},
  {115, 2, 2, 101000, 2147483647}, {115, 3, 1, 0, 2147483647}, {115, 4, 1, 0, 2147483647},
  {116, 2, 3, 101600, 2147483647},
  {117, 2, 0, 0, 2147483647}, {117, 3, 0, 0, 2147483647}, {117, 4, 0, 0, 2147483647},
  {118, 2, 1, 0, 2147483647}, {118, 3, 1, 0, 2147483647}, {118, 4, 1, 0, 2147483647},
  {119, 2, 2, 0, 2147483647}, {119, 3, 2, 0, 2147483647}, {119, 4, 2, 0, 2147483647},
  {120, 1, 0, 90200, 2147483647}, {120, 2, 0, 0, 2147483647}, {120, 3, 0, 0, 2147483647}, {120, 4, 0, 0, 2147483647},
  {121, 1, 1, 90200, 2147483647}, {121, 2, 1, 0, 2147483647}, {121, 3, 1, 0, 2147483647}, {121, 4, 1, 0, 2147483647},
  {122, 2, 2, 101400, 2147483647}, {122, 3, 2, 0, 2147483647}, {122, 4, 2, 0, 2147483647},
  {123, 0, 0, 0, 2147483647}, {123, 1, 0, 0, 2147483647}, {123, 2, 0, 0, 2147483647},
  {124, 0, 3, 0, 2147483647}, {124, 1, 3, 0, 2147483647}, {124, 2, 3, 0, 2147483647}, {124, 3, 0, 0, 2147483647}, {124, 4, 0, 0, 2147483647},
  {125, 0, 1, 0, 2147483647}, {125, 1, 1, 0, 2147483647}, {125, 2, 1, 0, 2147483647},
  {126, 0, 4, 0, 2147483647}, {126, 1, 4, 0, 2147483647}, {126, 2, 4, 0, 2147483647}, {126, 3, 1, 0, 2147483647}, {126, 4, 1, 0, 2147483647},
  {127, 0, 2, 0, 2147483647}, {127, 1, 2, 0, 2147483647}, {127, 2, 2, 0, 2147483647},
  {128, 2, 0, 100800, 2147483647}, {128, 3, 0, 0, 2147483647}, {128, 4, 0, 0, 2147483647},
  {129, 2, 1, 100800, 2147483647}, {129, 3, 1, 0, 2147483647}, {129, 4, 1, 0, 2147483647},
  {130, 2, 2, 100800, 2147483647}, {130, 3, 2, 0, 2147483647}, {130, 4, 2, 0, 2147483647},
  {131, 2, 3, 100800, 2147483647}, {131, 3, 3, 0, 2147483647}, {131, 4, 3, 0, 2147483647},
  {132, 4, 0, 0, 2147483647},
  {133, 4, 1, 0, 2147483647},
  {134, 4, 0, 0, 2147483647},
  {135, 4, 1, 0, 2147483647},
  {136, 4, 2, 0, 2147483647},
  {137, 4, 0, 0, 2147483647},
  {138, 4, 1, 0, 2147483647},
  {139, 4, 2, 0, 2147483647},
  {140, 4, 1, 0, 2147483647},
  {141, 4, 2, 0, 2147483647},
  {142, 4, 4, 0, 2147483647},
  {143, 4, 8, 0, 2147483647},
  {144, 4, 16, 0, 2147483647},
  {145, 4, 32, 0, 2147483647},
  {146, 4, 64, 0, 2147483647},
  {147, 0, 0, 0, 2147483647}, {147, 1, 0, 0, 2147483647}, {147, 2, 0, 0, 2147483647}, {147, 3, 0, 0, 2147483647}, {147, 4, 0, 0, 2147483647},
  {148, 0, 1, 0, 2147483647}, {148, 1, 1, 0, 2147483647}, {148, 2, 1, 0, 2147483647}, {148, 3, 1, 0, 2147483647}, {148, 4, 1, 0, 2147483647},
  {149, 0, 2, 0, 2147483647}, {149, 1, 2, 0, 2147483647}, {149, 2, 2, 0, 2147483647}, {149, 3, 2, 0, 2147483647}, {149, 4, 2, 0, 2147483647},
  {150, 0, 3, 0, 2147483647}, {150, 1, 3, 0, 2147483647}, {150, 2, 3, 0, 2147483647}, {150, 3, 3, 0, 2147483647}, {150, 4, 3, 0, 2147483647},
  {151, 0, 4, 0, 2147483647}, {151, 1, 4, 0, 2147483647}, {151, 2, 4, 0, 2147483647}, {151, 3, 4, 0, 2147483647}, {151, 4, 4, 0, 2147483647},
  {152, 0, 5, 0, 2147483647}, {152, 1, 5, 0, 2147483647}, {152, 2, 5, 0, 2147483647}, {152, 3, 5, 0, 2147483647}, {152, 4, 5, 0, 2147483647},
  {153, 0, 6, 0, 2147483647}, {153, 1, 6, 0, 2147483647}, {153, 2, 6, 0, 2147483647}, {153, 3, 6, 0, 2147483647}, {153, 4, 6, 0, 2147483647},
  {154, 0, 7, 0, 2147483647}, {154, 1, 7, 0, 2147483647}, {154, 2, 7, 0, 2147483647}, {154, 3, 7, 0, 2147483647}, {154, 4, 7, 0, 2147483647},
  {155, 0, 8, 0, 2147483647}, {155, 1, 8, 0, 2147483647}, {155, 2, 8, 0, 2147483647}, {155, 3, 8, 0, 2147483647}, {155, 4, 8, 0, 2147483647},
  {156, 1, 9, 90100, 2147483647}, {156, 2, 9, 0, 2147483647}, {156, 3, 9, 0, 2147483647}, {156, 4, 9, 0, 2147483647},
  {157, 1, 10, 90100, 2147483647}, {157, 2, 10, 0, 2147483647}, {157, 3, 10, 0, 2147483647}, {157, 4, 10, 0, 2147483647},
  {158, 1, 11, 90100, 2147483647}, {158, 2, 11, 0, 2147483647}, {158, 3, 11, 0, 2147483647}, {158, 4, 11, 0, 2147483647},
  {159, 1, 12, 90100, 2147483647}, {159, 2, 12, 0, 2147483647}, {159, 3, 12, 0, 2147483647}, {159, 4, 12, 0, 2147483647},
  {160, 1, 13, 90100, 2147483647}, {160, 2, 13, 0, 2147483647}, {160, 3, 13, 0, 2147483647}, {160, 4, 13, 0, 2147483647},
  {161, 2, 14, 0, 2147483647}, {161, 3, 14, 0, 2147483647}, {161, 4, 14, 0, 2147483647},
  {162, 0, 0, 80600, 2147483647}, {162, 1, 0, 0, 2147483647}, {162, 2, 0, 0, 2147483647}, {162, 3, 0, 0, 2147483647}, {162, 4, 0, 0, 2147483647},
  {163, 2, 1, 101400, 2147483647}, {163, 3, 1, 0, 2147483647}, {163, 4, 1, 0, 2147483647},
  {164, 2, 2, 101500, 2147483647}, {164, 3, 2, 0, 2147483647}, {164, 4, 2, 0, 2147483647},
  {165, 2, 3, 101500, 2147483647}, {165, 3, 3, 0, 2147483647}, {165, 4, 3, 0, 2147483647},
  {166, 2, 4, 101600, 2147483647}, {166, 3, 4, 0, 2147483647}, {166, 4, 4, 0, 2147483647},
};
const size_t enumeratorEntryCount = sizeof enumeratorEntries / sizeof enumeratorEntries[0];

const RowName rowNames[] = {
  {"IRuntime", "deserialize", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "deserialize", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "getErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "getLogger", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "setMaxThreads", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "getMaxThreads", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "setTemporaryDirectory", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "getTemporaryDirectory", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "setEngineHostCodeAllowed", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "getEngineHostCodeAllowed", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "loadRuntime", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "getPluginRegistry", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntime", "getEngineHeaderSize", "TensorRT for RTX 1.5"},
  {"IRuntime", "getEngineValidity", "TensorRT for RTX 1.5"},
  {"IRuntime", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getNbIOTensors", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getIOTensorName", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorIOMode", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorDataType", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorLocation", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorFormat", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorBytesPerComponent", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorComponentsPerElement", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorVectorizedDim", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getTensorFormatDesc", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "isShapeInferenceIO", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getNbOptimizationProfiles", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getProfileShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getProfileShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "createExecutionContext", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "createExecutionContext", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "createExecutionContextWithoutDeviceMemory", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"ICudaEngine", "createExecutionContextWithConfig", "TensorRT 10.11, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getDeviceMemorySize", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"ICudaEngine", "getDeviceMemorySizeV2", "TensorRT 10.1, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getName", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getNbLayers", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getNbAuxStreams", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "createEngineInspector", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "serialize", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "createSerializationConfig", "TensorRT 9.2, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "serializeWithConfig", "TensorRT 9.2, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getProfilingVerbosity", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getHardwareCompatibilityLevel", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "isRefittable", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "createRuntimeConfig", "TensorRT 10.11, TensorRT 11, TensorRT for RTX 1.5"},
  {"ICudaEngine", "getNbBindings", "TensorRT 8, TensorRT 9"},
  {"ICudaEngine", "getBindingIndex", "TensorRT 8, TensorRT 9"},
  {"ICudaEngine", "hasImplicitBatchDimension", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"ICudaEngine", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setInputShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setInputShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "getTensorShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "getTensorShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setTensorAddress", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "getTensorAddress", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "inferShapes", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "enqueueV3", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "enqueueV2", "TensorRT 8, TensorRT 9"},
  {"IExecutionContext", "executeV2", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setOptimizationProfileAsync", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "getOptimizationProfile", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "allInputDimensionsSpecified", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setOutputAllocator", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "getMaxOutputSize", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setProfiler", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "reportToProfiler", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setEnqueueEmitsProfile", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setDeviceMemory", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setDeviceMemoryV2", "TensorRT 10.1, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "updateDeviceMemorySizeForShapes", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setInputConsumedEvent", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setName", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setNvtxVerbosity", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setAuxStreams", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "setPersistentCacheLimit", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IExecutionContext", "isStreamCapturable", "TensorRT for RTX 1.5"},
  {"IExecutionContext", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "createBuilderConfig", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "createNetworkV2", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "createOptimizationProfile", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "buildSerializedNetwork", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "isNetworkSupported", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "getErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "setMaxThreads", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "getMaxThreads", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "getLogger", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "getPluginRegistry", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilder", "platformHasFastFp16", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"IBuilder", "platformHasFastInt8", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"IBuilder", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "getNbInputs", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "getInput", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "getNbOutputs", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "getOutput", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "getNbLayers", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "setName", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "getName", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "markWeightsRefittable", "TensorRT 10.2, TensorRT 11, TensorRT for RTX 1.5"},
  {"INetworkDefinition", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "getName", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "getDimensions", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "getDimensions", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "getType", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "setType", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"ITensor", "setAllowedFormats", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "getAllowedFormats", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "isShapeTensor", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITensor", "getDimensionName", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setFlag", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "clearFlag", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getFlag", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setMemoryPoolLimit", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getMemoryPoolLimit", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setBuilderOptimizationLevel", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getBuilderOptimizationLevel", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setHardwareCompatibilityLevel", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getHardwareCompatibilityLevel", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setProfilingVerbosity", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getProfilingVerbosity", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "addOptimizationProfile", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getNbOptimizationProfiles", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "createTimingCache", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setTimingCache", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getTimingCache", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setProgressMonitor", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getProgressMonitor", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setTacticSources", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getTacticSources", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setPreviewFeature", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getPreviewFeature", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setMaxAuxStreams", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setMaxAuxStreams", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setRuntimePlatform", "TensorRT 10.2, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setMaxNbTactics", "TensorRT 10.4, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setTilingOptimizationLevel", "TensorRT 10.8, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setPluginsToSerialize", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setNbComputeCapabilities", "TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getNbComputeCapabilities", "TensorRT for RTX 1.5"},
  {"IBuilderConfig", "setComputeCapability", "TensorRT for RTX 1.5"},
  {"IBuilderConfig", "getComputeCapability", "TensorRT for RTX 1.5"},
  {"IBuilderConfig", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOptimizationProfile", "setDimensions", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOptimizationProfile", "setDimensions", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOptimizationProfile", "getDimensions", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOptimizationProfile", "getDimensions", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOptimizationProfile", "setShapeValues_32", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"IOptimizationProfile", "setShapeValues_64", "TensorRT 10.11, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOptimizationProfile", "isValid", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOptimizationProfile", "setExtraMemoryTarget", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IHostMemory", "data", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IHostMemory", "size", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IHostMemory", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITimingCache", "serialize", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITimingCache", "combine", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ITimingCache", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ISerializationConfig", "setFlag", "TensorRT 9.2, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ISerializationConfig", "getFlag", "TensorRT 9.2, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ISerializationConfig", "destroy", "TensorRT 9.2, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IEngineInspector", "setExecutionContext", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IEngineInspector", "getLayerInformation", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IEngineInspector", "getEngineInformation", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IEngineInspector", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IEngineInspector", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "setExecutionContextAllocationStrategy", "TensorRT 10.11, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "getExecutionContextAllocationStrategy", "TensorRT 10.11, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "createRuntimeCache", "TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "setRuntimeCache", "TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "setDynamicShapesKernelSpecializationStrategy", "TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "getDynamicShapesKernelSpecializationStrategy", "TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "setCudaGraphStrategy", "TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "getCudaGraphStrategy", "TensorRT for RTX 1.5"},
  {"IRuntimeConfig", "destroy", "TensorRT 10.11, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRuntimeCache", "serialize", "TensorRT for RTX 1.5"},
  {"IRuntimeCache", "deserialize", "TensorRT for RTX 1.5"},
  {"IRuntimeCache", "reset", "TensorRT for RTX 1.5"},
  {"IRuntimeCache", "destroy", "TensorRT for RTX 1.5"},
  {"IRefitter", "setNamedWeights", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "getMissingWeights", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "getAllWeights", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "getWeightsPrototype", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "refitCudaEngine", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "refitCudaEngineAsync", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "getLogger", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IRefitter", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IPluginRegistry", "loadLibrary", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IPluginRegistry", "deregisterLibrary", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IPluginRegistry", "getAllCreators", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IPluginRegistry", "getPluginCreatorList", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"IPluginRegistry", "setErrorRecorder", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "parse", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "parseFromFile", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "supportsOperator", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "supportsModelV2", "TensorRT 10.1, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "getNbErrors", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "getError", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "clearErrors", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "getUsedVCPluginLibraries", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "setFlag", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "getFlag", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParser", "destroy", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "code", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "desc", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "file", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "line", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "func", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "node", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "nodeName", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserError", "nodeOperator", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserRefitter", "refitFromBytes", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserRefitter", "refitFromFile", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserRefitter", "getNbErrors", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserRefitter", "getError", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IParserRefitter", "destroy", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ILogger", "log", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ILogger", "complete", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ILogger", "deleting", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ILogger", "getAPILanguage", "TensorRT 11, TensorRT for RTX 1.5"},
  {"ILogger", "getInterfaceInfo", "TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "complete", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "deleting", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "getNbErrors", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "getErrorCode", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "getErrorDesc", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "hasOverflowed", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "clear", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "reportError", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "incRefCount", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "decRefCount", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "getAPILanguage", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IErrorRecorder", "getInterfaceInfo", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProgressMonitor", "complete", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProgressMonitor", "deleting", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProgressMonitor", "phaseStart", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProgressMonitor", "stepComplete", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProgressMonitor", "phaseFinish", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProgressMonitor", "getAPILanguage", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProgressMonitor", "getInterfaceInfo", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProfiler", "reportLayerTime", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProfiler", "complete", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProfiler", "deleting", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IProfiler", "getAPILanguage", "TensorRT 11, TensorRT for RTX 1.5"},
  {"IProfiler", "getInterfaceInfo", "TensorRT 11, TensorRT for RTX 1.5"},
  {"IOutputAllocator", "getInterfaceVersion", "TensorRT 8, TensorRT 9"},
  {"IOutputAllocator", "reallocateOutput", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11"},
  {"IOutputAllocator", "notifyShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOutputAllocator", "complete", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOutputAllocator", "deleting", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOutputAllocator", "getAPILanguage", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOutputAllocator", "getInterfaceInfo", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOutputAllocator", "reallocateOutputAsync", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"IOutputAllocator", "notifyShape", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
};

const RowName enumeratorNames[] = {
  {"DataType", "kFLOAT", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kHALF", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kINT8", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kINT32", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kBOOL", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kUINT8", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kFP8", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kBF16", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kINT64", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kINT4", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kFP4", "TensorRT 10.8, TensorRT 11, TensorRT for RTX 1.5"},
  {"DataType", "kE8M0", "TensorRT 10.12, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorIOMode", "kNONE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorIOMode", "kINPUT", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorIOMode", "kOUTPUT", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorLocation", "kDEVICE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorLocation", "kHOST", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kLINEAR", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kCHW2", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kHWC8", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kCHW4", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kCHW16", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kCHW32", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kDHWC8", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kCDHW32", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kHWC", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kDLA_LINEAR", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kDLA_HWC4", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kHWC16", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TensorFormat", "kDHWC", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"MemoryPoolType", "kWORKSPACE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"MemoryPoolType", "kDLA_MANAGED_SRAM", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"MemoryPoolType", "kDLA_LOCAL_DRAM", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"MemoryPoolType", "kDLA_GLOBAL_DRAM", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"MemoryPoolType", "kTACTIC_DRAM", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"MemoryPoolType", "kTACTIC_SHARED_MEMORY", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kFP16", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"BuilderFlag", "kINT8", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"BuilderFlag", "kDEBUG", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kGPU_FALLBACK", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kREFIT", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kSTRICT_TYPES", "TensorRT 8, TensorRT 9"},
  {"BuilderFlag", "kDISABLE_TIMING_CACHE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kTF32", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kSPARSE_WEIGHTS", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kSAFETY_SCOPE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kOBEY_PRECISION_CONSTRAINTS", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"BuilderFlag", "kPREFER_PRECISION_CONSTRAINTS", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"BuilderFlag", "kDIRECT_IO", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kREJECT_EMPTY_ALGORITHMS", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"BuilderFlag", "kVERSION_COMPATIBLE", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kEXCLUDE_LEAN_RUNTIME", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kENABLE_TACTIC_HEURISTIC", "TensorRT 8, TensorRT 9"},
  {"BuilderFlag", "kERROR_ON_TIMING_CACHE_MISS", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kFP8", "TensorRT 8.6, TensorRT 9, TensorRT 10"},
  {"BuilderFlag", "kBF16", "TensorRT 9, TensorRT 10"},
  {"BuilderFlag", "kDISABLE_COMPILATION_CACHE", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kSTRIP_PLAN", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kREFIT_IDENTICAL", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kWEIGHTLESS", "TensorRT 9.2, TensorRT 10"},
  {"BuilderFlag", "kWEIGHT_STREAMING", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kINT4", "TensorRT 10.1"},
  {"BuilderFlag", "kREFIT_INDIVIDUAL", "TensorRT 10.2, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kSTRICT_NANS", "TensorRT 10.6, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kMONITOR_MEMORY", "TensorRT 10.6, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kEDITABLE_TIMING_CACHE", "TensorRT 10.8, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kFP4", "TensorRT 10.8"},
  {"BuilderFlag", "kDISTRIBUTIVE_INDEPENDENCE", "TensorRT 10.12, TensorRT 11, TensorRT for RTX 1.5"},
  {"BuilderFlag", "kREQUIRE_USER_ALLOCATION", "TensorRT for RTX 1.5"},
  {"NetworkDefinitionCreationFlag", "kEXPLICIT_BATCH", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"NetworkDefinitionCreationFlag", "kSTRONGLY_TYPED", "TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"NetworkDefinitionCreationFlag", "kEXPLICIT_PRECISION", "TensorRT 8, TensorRT 9"},
  {"NetworkDefinitionCreationFlag", "kPREFER_JIT_PYTHON_PLUGINS", "TensorRT 10.9, TensorRT 11"},
  {"NetworkDefinitionCreationFlag", "kPREFER_AOT_PYTHON_PLUGINS", "TensorRT 10.9, TensorRT 11"},
  {"ProfilingVerbosity", "kLAYER_NAMES_ONLY", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ProfilingVerbosity", "kNONE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ProfilingVerbosity", "kDETAILED", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"HardwareCompatibilityLevel", "kNONE", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"HardwareCompatibilityLevel", "kAMPERE_PLUS", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"HardwareCompatibilityLevel", "kSAME_COMPUTE_CAPABILITY", "TensorRT 10.9, TensorRT 11, TensorRT for RTX 1.5"},
  {"ComputeCapability", "kNONE", "TensorRT for RTX 1.5"},
  {"ComputeCapability", "kCURRENT", "TensorRT for RTX 1.5"},
  {"ComputeCapability", "kSM75", "TensorRT for RTX 1.5"},
  {"ComputeCapability", "kSM80", "TensorRT for RTX 1.5"},
  {"ComputeCapability", "kSM86", "TensorRT for RTX 1.5"},
  {"ComputeCapability", "kSM89", "TensorRT for RTX 1.5"},
  {"ComputeCapability", "kSM120", "TensorRT for RTX 1.5"},
  {"ComputeCapability", "kSM121", "TensorRT for RTX 1.5"},
  {"RuntimePlatform", "kSAME_AS_BUILD", "TensorRT 10.2, TensorRT 11, TensorRT for RTX 1.5"},
  {"RuntimePlatform", "kWINDOWS_AMD64", "TensorRT 10.2, TensorRT 11, TensorRT for RTX 1.5"},
  {"LayerInformationFormat", "kONELINE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"LayerInformationFormat", "kJSON", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kSUCCESS", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kUNSPECIFIED_ERROR", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kINTERNAL_ERROR", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kINVALID_ARGUMENT", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kINVALID_CONFIG", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kFAILED_ALLOCATION", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kFAILED_INITIALIZATION", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kFAILED_EXECUTION", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kFAILED_COMPUTATION", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kINVALID_STATE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ErrorCode", "kUNSUPPORTED_STATE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"Severity", "kINTERNAL_ERROR", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"Severity", "kERROR", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"Severity", "kWARNING", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"Severity", "kINFO", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"Severity", "kVERBOSE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OptProfileSelector", "kMIN", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OptProfileSelector", "kOPT", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OptProfileSelector", "kMAX", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"PreviewFeature", "kALIASED_PLUGIN_IO_10_03", "TensorRT 10.3, TensorRT 11, TensorRT for RTX 1.5"},
  {"PreviewFeature", "kFASTER_DYNAMIC_SHAPES_0805", "TensorRT 8, TensorRT 9"},
  {"PreviewFeature", "kPROFILE_SHARING_0806", "TensorRT 8.6, TensorRT 9, TensorRT 10"},
  {"PreviewFeature", "kDISABLE_EXTERNAL_TACTIC_SOURCES_FOR_CORE_0805", "TensorRT 8, TensorRT 9"},
  {"PreviewFeature", "kRUNTIME_ACTIVATION_RESIZE_10_10", "TensorRT 10.10, TensorRT 11, TensorRT for RTX 1.5"},
  {"PreviewFeature", "kMULTIDEVICE_RUNTIME_10_16", "TensorRT 10.16"},
  {"ExecutionContextAllocationStrategy", "kSTATIC", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ExecutionContextAllocationStrategy", "kON_PROFILE_CHANGE", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"ExecutionContextAllocationStrategy", "kUSER_MANAGED", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"SerializationFlag", "kEXCLUDE_WEIGHTS", "TensorRT 9.2, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"SerializationFlag", "kEXCLUDE_LEAN_RUNTIME", "TensorRT 9.2, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"SerializationFlag", "kINCLUDE_REFIT", "TensorRT 10.14, TensorRT 11, TensorRT for RTX 1.5"},
  {"TacticSource", "kCUBLAS", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"TacticSource", "kEDGE_MASK_CONVOLUTIONS", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TacticSource", "kCUBLAS_LT", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"TacticSource", "kJIT_CONVOLUTIONS", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"TacticSource", "kCUDNN", "TensorRT 8, TensorRT 9, TensorRT 10"},
  {"TilingOptimizationLevel", "kNONE", "TensorRT 10.8, TensorRT 11, TensorRT for RTX 1.5"},
  {"TilingOptimizationLevel", "kFAST", "TensorRT 10.8, TensorRT 11, TensorRT for RTX 1.5"},
  {"TilingOptimizationLevel", "kMODERATE", "TensorRT 10.8, TensorRT 11, TensorRT for RTX 1.5"},
  {"TilingOptimizationLevel", "kFULL", "TensorRT 10.8, TensorRT 11, TensorRT for RTX 1.5"},
  {"CudaGraphStrategy", "kDISABLED", "TensorRT for RTX 1.5"},
  {"CudaGraphStrategy", "kWHOLE_GRAPH_CAPTURE", "TensorRT for RTX 1.5"},
  {"DynamicShapesKernelSpecializationStrategy", "kLAZY", "TensorRT for RTX 1.5"},
  {"DynamicShapesKernelSpecializationStrategy", "kEAGER", "TensorRT for RTX 1.5"},
  {"DynamicShapesKernelSpecializationStrategy", "kNONE", "TensorRT for RTX 1.5"},
  {"EngineValidity", "kVALID", "TensorRT for RTX 1.5"},
  {"EngineValidity", "kSUBOPTIMAL", "TensorRT for RTX 1.5"},
  {"EngineValidity", "kINVALID", "TensorRT for RTX 1.5"},
  {"EngineInvalidityDiagnostics", "kVERSION_MISMATCH", "TensorRT for RTX 1.5"},
  {"EngineInvalidityDiagnostics", "kUNSUPPORTED_CC", "TensorRT for RTX 1.5"},
  {"EngineInvalidityDiagnostics", "kOLD_CUDA_DRIVER", "TensorRT for RTX 1.5"},
  {"EngineInvalidityDiagnostics", "kOLD_CUDA_RUNTIME", "TensorRT for RTX 1.5"},
  {"EngineInvalidityDiagnostics", "kINSUFFICIENT_GPU_MEMORY", "TensorRT for RTX 1.5"},
  {"EngineInvalidityDiagnostics", "kMALFORMED_ENGINE", "TensorRT for RTX 1.5"},
  {"EngineInvalidityDiagnostics", "kCUDA_ERROR", "TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kSUCCESS", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kINTERNAL_ERROR", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kMEM_ALLOC_FAILED", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kMODEL_DESERIALIZE_FAILED", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kINVALID_VALUE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kINVALID_GRAPH", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kINVALID_NODE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kUNSUPPORTED_GRAPH", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kUNSUPPORTED_NODE", "TensorRT 8, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kUNSUPPORTED_NODE_ATTR", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kUNSUPPORTED_NODE_INPUT", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kUNSUPPORTED_NODE_DATATYPE", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kUNSUPPORTED_NODE_DYNAMIC", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kUNSUPPORTED_NODE_SHAPE", "TensorRT 9.1, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxErrorCode", "kREFIT_FAILED", "TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxParserFlag", "kNATIVE_INSTANCENORM", "TensorRT 8.6, TensorRT 9, TensorRT 10, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxParserFlag", "kENABLE_UINT8_AND_ASYMMETRIC_QUANTIZATION_DLA", "TensorRT 10.14, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxParserFlag", "kREPORT_CAPABILITY_DLA", "TensorRT 10.15, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxParserFlag", "kENABLE_PLUGIN_OVERRIDE", "TensorRT 10.15, TensorRT 11, TensorRT for RTX 1.5"},
  {"OnnxParserFlag", "kADJUST_FOR_DLA", "TensorRT 10.16, TensorRT 11, TensorRT for RTX 1.5"},
};
