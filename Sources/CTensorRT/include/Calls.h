// Written by scripts/generate-tensorrt-layouts from methods.tsv and enumerations.tsv. Change those, not this.

#pragma once

#include "Types.h"

#pragma clang assume_nonnull begin

/// A method of a TensorRT interface, for asking whether a version has it.
typedef enum : int32_t {
  SWOOP_TRT_IRuntime_deserialize = 0,
  SWOOP_TRT_IRuntime_setErrorRecorder = 2,
  SWOOP_TRT_IRuntime_getErrorRecorder = 3,
  SWOOP_TRT_IRuntime_getLogger = 4,
  SWOOP_TRT_IRuntime_setMaxThreads = 5,
  SWOOP_TRT_IRuntime_getMaxThreads = 6,
  SWOOP_TRT_IRuntime_setTemporaryDirectory = 7,
  SWOOP_TRT_IRuntime_getTemporaryDirectory = 8,
  SWOOP_TRT_IRuntime_setEngineHostCodeAllowed = 9,
  SWOOP_TRT_IRuntime_getEngineHostCodeAllowed = 10,
  SWOOP_TRT_IRuntime_loadRuntime = 11,
  SWOOP_TRT_IRuntime_getPluginRegistry = 12,
  SWOOP_TRT_IRuntime_getEngineHeaderSize = 13,
  SWOOP_TRT_IRuntime_getEngineValidity = 14,
  SWOOP_TRT_IRuntime_destroy = 15,
  SWOOP_TRT_ICudaEngine_getNbIOTensors = 16,
  SWOOP_TRT_ICudaEngine_getIOTensorName = 17,
  SWOOP_TRT_ICudaEngine_getTensorIOMode = 18,
  SWOOP_TRT_ICudaEngine_getTensorDataType = 19,
  SWOOP_TRT_ICudaEngine_getTensorShape = 20,
  SWOOP_TRT_ICudaEngine_getTensorLocation = 22,
  SWOOP_TRT_ICudaEngine_getTensorFormat = 23,
  SWOOP_TRT_ICudaEngine_getTensorBytesPerComponent = 24,
  SWOOP_TRT_ICudaEngine_getTensorComponentsPerElement = 25,
  SWOOP_TRT_ICudaEngine_getTensorVectorizedDim = 26,
  SWOOP_TRT_ICudaEngine_getTensorFormatDesc = 27,
  SWOOP_TRT_ICudaEngine_isShapeInferenceIO = 28,
  SWOOP_TRT_ICudaEngine_getNbOptimizationProfiles = 29,
  SWOOP_TRT_ICudaEngine_getProfileShape = 30,
  SWOOP_TRT_ICudaEngine_createExecutionContext = 32,
  SWOOP_TRT_ICudaEngine_createExecutionContextWithoutDeviceMemory = 34,
  SWOOP_TRT_ICudaEngine_createExecutionContextWithConfig = 35,
  SWOOP_TRT_ICudaEngine_getDeviceMemorySize = 36,
  SWOOP_TRT_ICudaEngine_getDeviceMemorySizeV2 = 37,
  SWOOP_TRT_ICudaEngine_getName = 38,
  SWOOP_TRT_ICudaEngine_getNbLayers = 39,
  SWOOP_TRT_ICudaEngine_getNbAuxStreams = 40,
  SWOOP_TRT_ICudaEngine_createEngineInspector = 41,
  SWOOP_TRT_ICudaEngine_serialize = 42,
  SWOOP_TRT_ICudaEngine_createSerializationConfig = 43,
  SWOOP_TRT_ICudaEngine_serializeWithConfig = 44,
  SWOOP_TRT_ICudaEngine_getProfilingVerbosity = 45,
  SWOOP_TRT_ICudaEngine_getHardwareCompatibilityLevel = 46,
  SWOOP_TRT_ICudaEngine_isRefittable = 47,
  SWOOP_TRT_ICudaEngine_setErrorRecorder = 48,
  SWOOP_TRT_ICudaEngine_createRuntimeConfig = 49,
  SWOOP_TRT_ICudaEngine_getNbBindings = 50,
  SWOOP_TRT_ICudaEngine_getBindingIndex = 51,
  SWOOP_TRT_ICudaEngine_hasImplicitBatchDimension = 52,
  SWOOP_TRT_ICudaEngine_destroy = 53,
  SWOOP_TRT_IExecutionContext_setInputShape = 54,
  SWOOP_TRT_IExecutionContext_getTensorShape = 56,
  SWOOP_TRT_IExecutionContext_setTensorAddress = 58,
  SWOOP_TRT_IExecutionContext_getTensorAddress = 59,
  SWOOP_TRT_IExecutionContext_inferShapes = 60,
  SWOOP_TRT_IExecutionContext_enqueueV3 = 61,
  SWOOP_TRT_IExecutionContext_enqueueV2 = 62,
  SWOOP_TRT_IExecutionContext_executeV2 = 63,
  SWOOP_TRT_IExecutionContext_setOptimizationProfileAsync = 64,
  SWOOP_TRT_IExecutionContext_getOptimizationProfile = 65,
  SWOOP_TRT_IExecutionContext_allInputDimensionsSpecified = 66,
  SWOOP_TRT_IExecutionContext_setOutputAllocator = 67,
  SWOOP_TRT_IExecutionContext_getMaxOutputSize = 68,
  SWOOP_TRT_IExecutionContext_setProfiler = 69,
  SWOOP_TRT_IExecutionContext_reportToProfiler = 70,
  SWOOP_TRT_IExecutionContext_setEnqueueEmitsProfile = 71,
  SWOOP_TRT_IExecutionContext_setErrorRecorder = 72,
  SWOOP_TRT_IExecutionContext_setDeviceMemory = 73,
  SWOOP_TRT_IExecutionContext_setDeviceMemoryV2 = 74,
  SWOOP_TRT_IExecutionContext_updateDeviceMemorySizeForShapes = 75,
  SWOOP_TRT_IExecutionContext_setInputConsumedEvent = 76,
  SWOOP_TRT_IExecutionContext_setName = 77,
  SWOOP_TRT_IExecutionContext_setNvtxVerbosity = 78,
  SWOOP_TRT_IExecutionContext_setAuxStreams = 79,
  SWOOP_TRT_IExecutionContext_setPersistentCacheLimit = 80,
  SWOOP_TRT_IExecutionContext_isStreamCapturable = 81,
  SWOOP_TRT_IExecutionContext_destroy = 82,
  SWOOP_TRT_IBuilder_createBuilderConfig = 83,
  SWOOP_TRT_IBuilder_createNetworkV2 = 84,
  SWOOP_TRT_IBuilder_createOptimizationProfile = 85,
  SWOOP_TRT_IBuilder_buildSerializedNetwork = 86,
  SWOOP_TRT_IBuilder_isNetworkSupported = 87,
  SWOOP_TRT_IBuilder_setErrorRecorder = 88,
  SWOOP_TRT_IBuilder_getErrorRecorder = 89,
  SWOOP_TRT_IBuilder_setMaxThreads = 90,
  SWOOP_TRT_IBuilder_getMaxThreads = 91,
  SWOOP_TRT_IBuilder_getLogger = 92,
  SWOOP_TRT_IBuilder_getPluginRegistry = 93,
  SWOOP_TRT_IBuilder_platformHasFastFp16 = 94,
  SWOOP_TRT_IBuilder_platformHasFastInt8 = 95,
  SWOOP_TRT_IBuilder_destroy = 96,
  SWOOP_TRT_INetworkDefinition_getNbInputs = 97,
  SWOOP_TRT_INetworkDefinition_getInput = 98,
  SWOOP_TRT_INetworkDefinition_getNbOutputs = 99,
  SWOOP_TRT_INetworkDefinition_getOutput = 100,
  SWOOP_TRT_INetworkDefinition_getNbLayers = 101,
  SWOOP_TRT_INetworkDefinition_setName = 102,
  SWOOP_TRT_INetworkDefinition_getName = 103,
  SWOOP_TRT_INetworkDefinition_setErrorRecorder = 104,
  SWOOP_TRT_INetworkDefinition_markWeightsRefittable = 105,
  SWOOP_TRT_INetworkDefinition_destroy = 106,
  SWOOP_TRT_ITensor_getName = 107,
  SWOOP_TRT_ITensor_getDimensions = 108,
  SWOOP_TRT_ITensor_getType = 110,
  SWOOP_TRT_ITensor_setType = 111,
  SWOOP_TRT_ITensor_setAllowedFormats = 112,
  SWOOP_TRT_ITensor_getAllowedFormats = 113,
  SWOOP_TRT_ITensor_isShapeTensor = 114,
  SWOOP_TRT_ITensor_getDimensionName = 115,
  SWOOP_TRT_IBuilderConfig_setFlag = 116,
  SWOOP_TRT_IBuilderConfig_clearFlag = 117,
  SWOOP_TRT_IBuilderConfig_getFlag = 118,
  SWOOP_TRT_IBuilderConfig_setMemoryPoolLimit = 119,
  SWOOP_TRT_IBuilderConfig_getMemoryPoolLimit = 120,
  SWOOP_TRT_IBuilderConfig_setBuilderOptimizationLevel = 121,
  SWOOP_TRT_IBuilderConfig_getBuilderOptimizationLevel = 122,
  SWOOP_TRT_IBuilderConfig_setHardwareCompatibilityLevel = 123,
  SWOOP_TRT_IBuilderConfig_getHardwareCompatibilityLevel = 124,
  SWOOP_TRT_IBuilderConfig_setProfilingVerbosity = 125,
  SWOOP_TRT_IBuilderConfig_getProfilingVerbosity = 126,
  SWOOP_TRT_IBuilderConfig_addOptimizationProfile = 127,
  SWOOP_TRT_IBuilderConfig_getNbOptimizationProfiles = 128,
  SWOOP_TRT_IBuilderConfig_createTimingCache = 129,
  SWOOP_TRT_IBuilderConfig_setTimingCache = 130,
  SWOOP_TRT_IBuilderConfig_getTimingCache = 131,
  SWOOP_TRT_IBuilderConfig_setProgressMonitor = 132,
  SWOOP_TRT_IBuilderConfig_getProgressMonitor = 133,
  SWOOP_TRT_IBuilderConfig_setTacticSources = 134,
  SWOOP_TRT_IBuilderConfig_getTacticSources = 135,
  SWOOP_TRT_IBuilderConfig_setPreviewFeature = 136,
  SWOOP_TRT_IBuilderConfig_getPreviewFeature = 137,
  SWOOP_TRT_IBuilderConfig_setMaxAuxStreams = 138,
  SWOOP_TRT_IBuilderConfig_setRuntimePlatform = 140,
  SWOOP_TRT_IBuilderConfig_setMaxNbTactics = 141,
  SWOOP_TRT_IBuilderConfig_setTilingOptimizationLevel = 142,
  SWOOP_TRT_IBuilderConfig_setPluginsToSerialize = 143,
  SWOOP_TRT_IBuilderConfig_setNbComputeCapabilities = 144,
  SWOOP_TRT_IBuilderConfig_getNbComputeCapabilities = 145,
  SWOOP_TRT_IBuilderConfig_setComputeCapability = 146,
  SWOOP_TRT_IBuilderConfig_getComputeCapability = 147,
  SWOOP_TRT_IBuilderConfig_destroy = 148,
  SWOOP_TRT_IOptimizationProfile_setDimensions = 149,
  SWOOP_TRT_IOptimizationProfile_getDimensions = 151,
  SWOOP_TRT_IOptimizationProfile_setShapeValues_32 = 153,
  SWOOP_TRT_IOptimizationProfile_setShapeValues_64 = 154,
  SWOOP_TRT_IOptimizationProfile_isValid = 155,
  SWOOP_TRT_IOptimizationProfile_setExtraMemoryTarget = 156,
  SWOOP_TRT_IHostMemory_data = 157,
  SWOOP_TRT_IHostMemory_size = 158,
  SWOOP_TRT_IHostMemory_destroy = 159,
  SWOOP_TRT_ITimingCache_serialize = 160,
  SWOOP_TRT_ITimingCache_combine = 161,
  SWOOP_TRT_ITimingCache_destroy = 162,
  SWOOP_TRT_ISerializationConfig_setFlag = 163,
  SWOOP_TRT_ISerializationConfig_getFlag = 164,
  SWOOP_TRT_ISerializationConfig_destroy = 165,
  SWOOP_TRT_IEngineInspector_setExecutionContext = 166,
  SWOOP_TRT_IEngineInspector_getLayerInformation = 167,
  SWOOP_TRT_IEngineInspector_getEngineInformation = 168,
  SWOOP_TRT_IEngineInspector_setErrorRecorder = 169,
  SWOOP_TRT_IEngineInspector_destroy = 170,
  SWOOP_TRT_IRuntimeConfig_setExecutionContextAllocationStrategy = 171,
  SWOOP_TRT_IRuntimeConfig_getExecutionContextAllocationStrategy = 172,
  SWOOP_TRT_IRuntimeConfig_createRuntimeCache = 173,
  SWOOP_TRT_IRuntimeConfig_setRuntimeCache = 174,
  SWOOP_TRT_IRuntimeConfig_setDynamicShapesKernelSpecializationStrategy = 175,
  SWOOP_TRT_IRuntimeConfig_getDynamicShapesKernelSpecializationStrategy = 176,
  SWOOP_TRT_IRuntimeConfig_setCudaGraphStrategy = 177,
  SWOOP_TRT_IRuntimeConfig_getCudaGraphStrategy = 178,
  SWOOP_TRT_IRuntimeConfig_destroy = 179,
  SWOOP_TRT_IRuntimeCache_serialize = 180,
  SWOOP_TRT_IRuntimeCache_deserialize = 181,
  SWOOP_TRT_IRuntimeCache_reset = 182,
  SWOOP_TRT_IRuntimeCache_destroy = 183,
  SWOOP_TRT_IRefitter_setNamedWeights = 184,
  SWOOP_TRT_IRefitter_getMissingWeights = 185,
  SWOOP_TRT_IRefitter_getAllWeights = 186,
  SWOOP_TRT_IRefitter_getWeightsPrototype = 187,
  SWOOP_TRT_IRefitter_refitCudaEngine = 188,
  SWOOP_TRT_IRefitter_refitCudaEngineAsync = 189,
  SWOOP_TRT_IRefitter_setErrorRecorder = 190,
  SWOOP_TRT_IRefitter_getLogger = 191,
  SWOOP_TRT_IRefitter_destroy = 192,
  SWOOP_TRT_IPluginRegistry_loadLibrary = 193,
  SWOOP_TRT_IPluginRegistry_deregisterLibrary = 194,
  SWOOP_TRT_IPluginRegistry_getAllCreators = 195,
  SWOOP_TRT_IPluginRegistry_getPluginCreatorList = 196,
  SWOOP_TRT_IPluginRegistry_setErrorRecorder = 197,
  SWOOP_TRT_IParser_parse = 198,
  SWOOP_TRT_IParser_parseFromFile = 199,
  SWOOP_TRT_IParser_supportsOperator = 200,
  SWOOP_TRT_IParser_supportsModelV2 = 201,
  SWOOP_TRT_IParser_getNbErrors = 202,
  SWOOP_TRT_IParser_getError = 203,
  SWOOP_TRT_IParser_clearErrors = 204,
  SWOOP_TRT_IParser_getUsedVCPluginLibraries = 205,
  SWOOP_TRT_IParser_setFlag = 206,
  SWOOP_TRT_IParser_getFlag = 207,
  SWOOP_TRT_IParser_destroy = 208,
  SWOOP_TRT_IParserError_code = 209,
  SWOOP_TRT_IParserError_desc = 210,
  SWOOP_TRT_IParserError_file = 211,
  SWOOP_TRT_IParserError_line = 212,
  SWOOP_TRT_IParserError_func = 213,
  SWOOP_TRT_IParserError_node = 214,
  SWOOP_TRT_IParserError_nodeName = 215,
  SWOOP_TRT_IParserError_nodeOperator = 216,
  SWOOP_TRT_IParserRefitter_refitFromBytes = 217,
  SWOOP_TRT_IParserRefitter_refitFromFile = 218,
  SWOOP_TRT_IParserRefitter_getNbErrors = 219,
  SWOOP_TRT_IParserRefitter_getError = 220,
  SWOOP_TRT_IParserRefitter_destroy = 221,
} swoop_trt_method;

/// An enumerator of TensorRT, whose value depends on the version.
typedef enum : int32_t {
  SWOOP_TRT_DataType_kFLOAT = 0,
  SWOOP_TRT_DataType_kHALF = 1,
  SWOOP_TRT_DataType_kINT8 = 2,
  SWOOP_TRT_DataType_kINT32 = 3,
  SWOOP_TRT_DataType_kBOOL = 4,
  SWOOP_TRT_DataType_kUINT8 = 5,
  SWOOP_TRT_DataType_kFP8 = 6,
  SWOOP_TRT_DataType_kBF16 = 7,
  SWOOP_TRT_DataType_kINT64 = 8,
  SWOOP_TRT_DataType_kINT4 = 9,
  SWOOP_TRT_DataType_kFP4 = 10,
  SWOOP_TRT_DataType_kE8M0 = 11,
  SWOOP_TRT_TensorIOMode_kNONE = 12,
  SWOOP_TRT_TensorIOMode_kINPUT = 13,
  SWOOP_TRT_TensorIOMode_kOUTPUT = 14,
  SWOOP_TRT_TensorLocation_kDEVICE = 15,
  SWOOP_TRT_TensorLocation_kHOST = 16,
  SWOOP_TRT_TensorFormat_kLINEAR = 17,
  SWOOP_TRT_TensorFormat_kCHW2 = 18,
  SWOOP_TRT_TensorFormat_kHWC8 = 19,
  SWOOP_TRT_TensorFormat_kCHW4 = 20,
  SWOOP_TRT_TensorFormat_kCHW16 = 21,
  SWOOP_TRT_TensorFormat_kCHW32 = 22,
  SWOOP_TRT_TensorFormat_kDHWC8 = 23,
  SWOOP_TRT_TensorFormat_kCDHW32 = 24,
  SWOOP_TRT_TensorFormat_kHWC = 25,
  SWOOP_TRT_TensorFormat_kDLA_LINEAR = 26,
  SWOOP_TRT_TensorFormat_kDLA_HWC4 = 27,
  SWOOP_TRT_TensorFormat_kHWC16 = 28,
  SWOOP_TRT_TensorFormat_kDHWC = 29,
  SWOOP_TRT_MemoryPoolType_kWORKSPACE = 30,
  SWOOP_TRT_MemoryPoolType_kDLA_MANAGED_SRAM = 31,
  SWOOP_TRT_MemoryPoolType_kDLA_LOCAL_DRAM = 32,
  SWOOP_TRT_MemoryPoolType_kDLA_GLOBAL_DRAM = 33,
  SWOOP_TRT_MemoryPoolType_kTACTIC_DRAM = 34,
  SWOOP_TRT_MemoryPoolType_kTACTIC_SHARED_MEMORY = 35,
  SWOOP_TRT_BuilderFlag_kFP16 = 36,
  SWOOP_TRT_BuilderFlag_kINT8 = 37,
  SWOOP_TRT_BuilderFlag_kDEBUG = 38,
  SWOOP_TRT_BuilderFlag_kGPU_FALLBACK = 39,
  SWOOP_TRT_BuilderFlag_kREFIT = 40,
  SWOOP_TRT_BuilderFlag_kSTRICT_TYPES = 41,
  SWOOP_TRT_BuilderFlag_kDISABLE_TIMING_CACHE = 42,
  SWOOP_TRT_BuilderFlag_kTF32 = 43,
  SWOOP_TRT_BuilderFlag_kSPARSE_WEIGHTS = 44,
  SWOOP_TRT_BuilderFlag_kSAFETY_SCOPE = 45,
  SWOOP_TRT_BuilderFlag_kOBEY_PRECISION_CONSTRAINTS = 46,
  SWOOP_TRT_BuilderFlag_kPREFER_PRECISION_CONSTRAINTS = 47,
  SWOOP_TRT_BuilderFlag_kDIRECT_IO = 48,
  SWOOP_TRT_BuilderFlag_kREJECT_EMPTY_ALGORITHMS = 49,
  SWOOP_TRT_BuilderFlag_kVERSION_COMPATIBLE = 50,
  SWOOP_TRT_BuilderFlag_kEXCLUDE_LEAN_RUNTIME = 51,
  SWOOP_TRT_BuilderFlag_kENABLE_TACTIC_HEURISTIC = 52,
  SWOOP_TRT_BuilderFlag_kERROR_ON_TIMING_CACHE_MISS = 53,
  SWOOP_TRT_BuilderFlag_kFP8 = 54,
  SWOOP_TRT_BuilderFlag_kBF16 = 55,
  SWOOP_TRT_BuilderFlag_kDISABLE_COMPILATION_CACHE = 56,
  SWOOP_TRT_BuilderFlag_kSTRIP_PLAN = 57,
  SWOOP_TRT_BuilderFlag_kREFIT_IDENTICAL = 58,
  SWOOP_TRT_BuilderFlag_kWEIGHTLESS = 59,
  SWOOP_TRT_BuilderFlag_kWEIGHT_STREAMING = 60,
  SWOOP_TRT_BuilderFlag_kINT4 = 61,
  SWOOP_TRT_BuilderFlag_kREFIT_INDIVIDUAL = 62,
  SWOOP_TRT_BuilderFlag_kSTRICT_NANS = 63,
  SWOOP_TRT_BuilderFlag_kMONITOR_MEMORY = 64,
  SWOOP_TRT_BuilderFlag_kEDITABLE_TIMING_CACHE = 65,
  SWOOP_TRT_BuilderFlag_kFP4 = 66,
  SWOOP_TRT_BuilderFlag_kDISTRIBUTIVE_INDEPENDENCE = 67,
  SWOOP_TRT_BuilderFlag_kREQUIRE_USER_ALLOCATION = 68,
  SWOOP_TRT_NetworkDefinitionCreationFlag_kEXPLICIT_BATCH = 69,
  SWOOP_TRT_NetworkDefinitionCreationFlag_kSTRONGLY_TYPED = 70,
  SWOOP_TRT_NetworkDefinitionCreationFlag_kEXPLICIT_PRECISION = 71,
  SWOOP_TRT_NetworkDefinitionCreationFlag_kPREFER_JIT_PYTHON_PLUGINS = 72,
  SWOOP_TRT_NetworkDefinitionCreationFlag_kPREFER_AOT_PYTHON_PLUGINS = 73,
  SWOOP_TRT_ProfilingVerbosity_kLAYER_NAMES_ONLY = 74,
  SWOOP_TRT_ProfilingVerbosity_kNONE = 75,
  SWOOP_TRT_ProfilingVerbosity_kDETAILED = 76,
  SWOOP_TRT_HardwareCompatibilityLevel_kNONE = 77,
  SWOOP_TRT_HardwareCompatibilityLevel_kAMPERE_PLUS = 78,
  SWOOP_TRT_HardwareCompatibilityLevel_kSAME_COMPUTE_CAPABILITY = 79,
  SWOOP_TRT_ComputeCapability_kNONE = 80,
  SWOOP_TRT_ComputeCapability_kCURRENT = 81,
  SWOOP_TRT_ComputeCapability_kSM75 = 82,
  SWOOP_TRT_ComputeCapability_kSM80 = 83,
  SWOOP_TRT_ComputeCapability_kSM86 = 84,
  SWOOP_TRT_ComputeCapability_kSM89 = 85,
  SWOOP_TRT_ComputeCapability_kSM120 = 86,
  SWOOP_TRT_ComputeCapability_kSM121 = 87,
  SWOOP_TRT_RuntimePlatform_kSAME_AS_BUILD = 88,
  SWOOP_TRT_RuntimePlatform_kWINDOWS_AMD64 = 89,
  SWOOP_TRT_LayerInformationFormat_kONELINE = 90,
  SWOOP_TRT_LayerInformationFormat_kJSON = 91,
  SWOOP_TRT_ErrorCode_kSUCCESS = 92,
  SWOOP_TRT_ErrorCode_kUNSPECIFIED_ERROR = 93,
  SWOOP_TRT_ErrorCode_kINTERNAL_ERROR = 94,
  SWOOP_TRT_ErrorCode_kINVALID_ARGUMENT = 95,
  SWOOP_TRT_ErrorCode_kINVALID_CONFIG = 96,
  SWOOP_TRT_ErrorCode_kFAILED_ALLOCATION = 97,
  SWOOP_TRT_ErrorCode_kFAILED_INITIALIZATION = 98,
  SWOOP_TRT_ErrorCode_kFAILED_EXECUTION = 99,
  SWOOP_TRT_ErrorCode_kFAILED_COMPUTATION = 100,
  SWOOP_TRT_ErrorCode_kINVALID_STATE = 101,
  SWOOP_TRT_ErrorCode_kUNSUPPORTED_STATE = 102,
  SWOOP_TRT_Severity_kINTERNAL_ERROR = 103,
  SWOOP_TRT_Severity_kERROR = 104,
  SWOOP_TRT_Severity_kWARNING = 105,
  SWOOP_TRT_Severity_kINFO = 106,
  SWOOP_TRT_Severity_kVERBOSE = 107,
  SWOOP_TRT_OptProfileSelector_kMIN = 108,
  SWOOP_TRT_OptProfileSelector_kOPT = 109,
  SWOOP_TRT_OptProfileSelector_kMAX = 110,
  SWOOP_TRT_PreviewFeature_kALIASED_PLUGIN_IO_10_03 = 111,
  SWOOP_TRT_PreviewFeature_kFASTER_DYNAMIC_SHAPES_0805 = 112,
  SWOOP_TRT_PreviewFeature_kPROFILE_SHARING_0806 = 113,
  SWOOP_TRT_PreviewFeature_kDISABLE_EXTERNAL_TACTIC_SOURCES_FOR_CORE_0805 = 114,
  SWOOP_TRT_PreviewFeature_kRUNTIME_ACTIVATION_RESIZE_10_10 = 115,
  SWOOP_TRT_PreviewFeature_kMULTIDEVICE_RUNTIME_10_16 = 116,
  SWOOP_TRT_ExecutionContextAllocationStrategy_kSTATIC = 117,
  SWOOP_TRT_ExecutionContextAllocationStrategy_kON_PROFILE_CHANGE = 118,
  SWOOP_TRT_ExecutionContextAllocationStrategy_kUSER_MANAGED = 119,
  SWOOP_TRT_SerializationFlag_kEXCLUDE_WEIGHTS = 120,
  SWOOP_TRT_SerializationFlag_kEXCLUDE_LEAN_RUNTIME = 121,
  SWOOP_TRT_SerializationFlag_kINCLUDE_REFIT = 122,
  SWOOP_TRT_TacticSource_kCUBLAS = 123,
  SWOOP_TRT_TacticSource_kEDGE_MASK_CONVOLUTIONS = 124,
  SWOOP_TRT_TacticSource_kCUBLAS_LT = 125,
  SWOOP_TRT_TacticSource_kJIT_CONVOLUTIONS = 126,
  SWOOP_TRT_TacticSource_kCUDNN = 127,
  SWOOP_TRT_TilingOptimizationLevel_kNONE = 128,
  SWOOP_TRT_TilingOptimizationLevel_kFAST = 129,
  SWOOP_TRT_TilingOptimizationLevel_kMODERATE = 130,
  SWOOP_TRT_TilingOptimizationLevel_kFULL = 131,
  SWOOP_TRT_CudaGraphStrategy_kDISABLED = 132,
  SWOOP_TRT_CudaGraphStrategy_kWHOLE_GRAPH_CAPTURE = 133,
  SWOOP_TRT_DynamicShapesKernelSpecializationStrategy_kLAZY = 134,
  SWOOP_TRT_DynamicShapesKernelSpecializationStrategy_kEAGER = 135,
  SWOOP_TRT_DynamicShapesKernelSpecializationStrategy_kNONE = 136,
  SWOOP_TRT_EngineValidity_kVALID = 137,
  SWOOP_TRT_EngineValidity_kSUBOPTIMAL = 138,
  SWOOP_TRT_EngineValidity_kINVALID = 139,
  SWOOP_TRT_EngineInvalidityDiagnostics_kVERSION_MISMATCH = 140,
  SWOOP_TRT_EngineInvalidityDiagnostics_kUNSUPPORTED_CC = 141,
  SWOOP_TRT_EngineInvalidityDiagnostics_kOLD_CUDA_DRIVER = 142,
  SWOOP_TRT_EngineInvalidityDiagnostics_kOLD_CUDA_RUNTIME = 143,
  SWOOP_TRT_EngineInvalidityDiagnostics_kINSUFFICIENT_GPU_MEMORY = 144,
  SWOOP_TRT_EngineInvalidityDiagnostics_kMALFORMED_ENGINE = 145,
  SWOOP_TRT_EngineInvalidityDiagnostics_kCUDA_ERROR = 146,
  SWOOP_TRT_OnnxErrorCode_kSUCCESS = 147,
  SWOOP_TRT_OnnxErrorCode_kINTERNAL_ERROR = 148,
  SWOOP_TRT_OnnxErrorCode_kMEM_ALLOC_FAILED = 149,
  SWOOP_TRT_OnnxErrorCode_kMODEL_DESERIALIZE_FAILED = 150,
  SWOOP_TRT_OnnxErrorCode_kINVALID_VALUE = 151,
  SWOOP_TRT_OnnxErrorCode_kINVALID_GRAPH = 152,
  SWOOP_TRT_OnnxErrorCode_kINVALID_NODE = 153,
  SWOOP_TRT_OnnxErrorCode_kUNSUPPORTED_GRAPH = 154,
  SWOOP_TRT_OnnxErrorCode_kUNSUPPORTED_NODE = 155,
  SWOOP_TRT_OnnxErrorCode_kUNSUPPORTED_NODE_ATTR = 156,
  SWOOP_TRT_OnnxErrorCode_kUNSUPPORTED_NODE_INPUT = 157,
  SWOOP_TRT_OnnxErrorCode_kUNSUPPORTED_NODE_DATATYPE = 158,
  SWOOP_TRT_OnnxErrorCode_kUNSUPPORTED_NODE_DYNAMIC = 159,
  SWOOP_TRT_OnnxErrorCode_kUNSUPPORTED_NODE_SHAPE = 160,
  SWOOP_TRT_OnnxErrorCode_kREFIT_FAILED = 161,
  SWOOP_TRT_OnnxParserFlag_kNATIVE_INSTANCENORM = 162,
  SWOOP_TRT_OnnxParserFlag_kENABLE_UINT8_AND_ASYMMETRIC_QUANTIZATION_DLA = 163,
  SWOOP_TRT_OnnxParserFlag_kREPORT_CAPABILITY_DLA = 164,
  SWOOP_TRT_OnnxParserFlag_kENABLE_PLUGIN_OVERRIDE = 165,
  SWOOP_TRT_OnnxParserFlag_kADJUST_FOR_DLA = 166,
} swoop_trt_enumerator;

enum { SWOOP_TRT_ROWS = 260, SWOOP_TRT_ENUMERATORS = 167 };

#ifdef __cplusplus
extern "C" {
#endif

// Calls a method that the layout has; where it has none, nothing is called and zero is returned.

void *_Nullable swoop_trt_IRuntime_deserialize(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1);
void swoop_trt_IRuntime_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void *_Nullable swoop_trt_IRuntime_getErrorRecorder(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IRuntime_getLogger(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IRuntime_setMaxThreads(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IRuntime_getMaxThreads(const swoop_trt_layout *layout, void *object);
void swoop_trt_IRuntime_setTemporaryDirectory(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
const char *_Nullable swoop_trt_IRuntime_getTemporaryDirectory(const swoop_trt_layout *layout, void *object);
void swoop_trt_IRuntime_setEngineHostCodeAllowed(const swoop_trt_layout *layout, void *object, bool a0);
bool swoop_trt_IRuntime_getEngineHostCodeAllowed(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IRuntime_loadRuntime(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
void *_Nullable swoop_trt_IRuntime_getPluginRegistry(const swoop_trt_layout *layout, void *object);
int64_t swoop_trt_IRuntime_getEngineHeaderSize(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_IRuntime_getEngineValidity(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int64_t a1, void *_Nullable a2);
void swoop_trt_IRuntime_destroy(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_ICudaEngine_getNbIOTensors(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_ICudaEngine_getIOTensorName(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_ICudaEngine_getTensorIOMode(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getTensorDataType(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
swoop_trt_dims swoop_trt_ICudaEngine_getTensorShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getTensorLocation(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getTensorFormat(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getTensorBytesPerComponent(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getTensorComponentsPerElement(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getTensorVectorizedDim(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
const char *_Nullable swoop_trt_ICudaEngine_getTensorFormatDesc(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
bool swoop_trt_ICudaEngine_isShapeInferenceIO(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getNbOptimizationProfiles(const swoop_trt_layout *layout, void *object);
swoop_trt_dims swoop_trt_ICudaEngine_getProfileShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, int32_t a2);
void *_Nullable swoop_trt_ICudaEngine_createExecutionContext(const swoop_trt_layout *layout, void *object, int32_t a0);
void *_Nullable swoop_trt_ICudaEngine_createExecutionContextWithoutDeviceMemory(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_ICudaEngine_createExecutionContextWithConfig(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
uint64_t swoop_trt_ICudaEngine_getDeviceMemorySize(const swoop_trt_layout *layout, void *object);
int64_t swoop_trt_ICudaEngine_getDeviceMemorySizeV2(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_ICudaEngine_getName(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_ICudaEngine_getNbLayers(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_ICudaEngine_getNbAuxStreams(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_ICudaEngine_createEngineInspector(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_ICudaEngine_serialize(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_ICudaEngine_createSerializationConfig(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_ICudaEngine_serializeWithConfig(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
int32_t swoop_trt_ICudaEngine_getProfilingVerbosity(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_ICudaEngine_getHardwareCompatibilityLevel(const swoop_trt_layout *layout, void *object);
bool swoop_trt_ICudaEngine_isRefittable(const swoop_trt_layout *layout, void *object);
void swoop_trt_ICudaEngine_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void *_Nullable swoop_trt_ICudaEngine_createRuntimeConfig(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_ICudaEngine_getNbBindings(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_ICudaEngine_getBindingIndex(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
bool swoop_trt_ICudaEngine_hasImplicitBatchDimension(const swoop_trt_layout *layout, void *object);
void swoop_trt_ICudaEngine_destroy(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IExecutionContext_setInputShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, const swoop_trt_dims *a1);
swoop_trt_dims swoop_trt_IExecutionContext_getTensorShape(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
bool swoop_trt_IExecutionContext_setTensorAddress(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, const void *_Nullable a1);
void *_Nullable swoop_trt_IExecutionContext_getTensorAddress(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_IExecutionContext_inferShapes(const swoop_trt_layout *layout, void *object, int32_t a0, void *_Nullable a1);
bool swoop_trt_IExecutionContext_enqueueV3(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
bool swoop_trt_IExecutionContext_enqueueV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, const void *_Nullable a1, const void *_Nullable a2);
bool swoop_trt_IExecutionContext_executeV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
bool swoop_trt_IExecutionContext_setOptimizationProfileAsync(const swoop_trt_layout *layout, void *object, int32_t a0, const void *_Nullable a1);
int32_t swoop_trt_IExecutionContext_getOptimizationProfile(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IExecutionContext_allInputDimensionsSpecified(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IExecutionContext_setOutputAllocator(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, const void *_Nullable a1);
int64_t swoop_trt_IExecutionContext_getMaxOutputSize(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
void swoop_trt_IExecutionContext_setProfiler(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
bool swoop_trt_IExecutionContext_reportToProfiler(const swoop_trt_layout *layout, void *object);
void swoop_trt_IExecutionContext_setEnqueueEmitsProfile(const swoop_trt_layout *layout, void *object, bool a0);
void swoop_trt_IExecutionContext_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void swoop_trt_IExecutionContext_setDeviceMemory(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void swoop_trt_IExecutionContext_setDeviceMemoryV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int64_t a1);
uint64_t swoop_trt_IExecutionContext_updateDeviceMemorySizeForShapes(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IExecutionContext_setInputConsumedEvent(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void swoop_trt_IExecutionContext_setName(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
bool swoop_trt_IExecutionContext_setNvtxVerbosity(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IExecutionContext_setAuxStreams(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int32_t a1);
void swoop_trt_IExecutionContext_setPersistentCacheLimit(const swoop_trt_layout *layout, void *object, uint64_t a0);
bool swoop_trt_IExecutionContext_isStreamCapturable(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void swoop_trt_IExecutionContext_destroy(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IBuilder_createBuilderConfig(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IBuilder_createNetworkV2(const swoop_trt_layout *layout, void *object, uint32_t a0);
void *_Nullable swoop_trt_IBuilder_createOptimizationProfile(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IBuilder_buildSerializedNetwork(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, const void *_Nullable a1);
bool swoop_trt_IBuilder_isNetworkSupported(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, const void *_Nullable a1);
void swoop_trt_IBuilder_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void *_Nullable swoop_trt_IBuilder_getErrorRecorder(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IBuilder_setMaxThreads(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IBuilder_getMaxThreads(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IBuilder_getLogger(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IBuilder_getPluginRegistry(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IBuilder_platformHasFastFp16(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IBuilder_platformHasFastInt8(const swoop_trt_layout *layout, void *object);
void swoop_trt_IBuilder_destroy(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_INetworkDefinition_getNbInputs(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_INetworkDefinition_getInput(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_INetworkDefinition_getNbOutputs(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_INetworkDefinition_getOutput(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_INetworkDefinition_getNbLayers(const swoop_trt_layout *layout, void *object);
void swoop_trt_INetworkDefinition_setName(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
const char *_Nullable swoop_trt_INetworkDefinition_getName(const swoop_trt_layout *layout, void *object);
void swoop_trt_INetworkDefinition_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
bool swoop_trt_INetworkDefinition_markWeightsRefittable(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
void swoop_trt_INetworkDefinition_destroy(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_ITensor_getName(const swoop_trt_layout *layout, void *object);
swoop_trt_dims swoop_trt_ITensor_getDimensions(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_ITensor_getType(const swoop_trt_layout *layout, void *object);
void swoop_trt_ITensor_setType(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_ITensor_setAllowedFormats(const swoop_trt_layout *layout, void *object, uint32_t a0);
uint32_t swoop_trt_ITensor_getAllowedFormats(const swoop_trt_layout *layout, void *object);
bool swoop_trt_ITensor_isShapeTensor(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_ITensor_getDimensionName(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_setFlag(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_clearFlag(const swoop_trt_layout *layout, void *object, int32_t a0);
bool swoop_trt_IBuilderConfig_getFlag(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_setMemoryPoolLimit(const swoop_trt_layout *layout, void *object, int32_t a0, uint64_t a1);
uint64_t swoop_trt_IBuilderConfig_getMemoryPoolLimit(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_setBuilderOptimizationLevel(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IBuilderConfig_getBuilderOptimizationLevel(const swoop_trt_layout *layout, void *object);
void swoop_trt_IBuilderConfig_setHardwareCompatibilityLevel(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IBuilderConfig_getHardwareCompatibilityLevel(const swoop_trt_layout *layout, void *object);
void swoop_trt_IBuilderConfig_setProfilingVerbosity(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IBuilderConfig_getProfilingVerbosity(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_IBuilderConfig_addOptimizationProfile(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
int32_t swoop_trt_IBuilderConfig_getNbOptimizationProfiles(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IBuilderConfig_createTimingCache(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1);
bool swoop_trt_IBuilderConfig_setTimingCache(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, bool a1);
void *_Nullable swoop_trt_IBuilderConfig_getTimingCache(const swoop_trt_layout *layout, void *object);
void swoop_trt_IBuilderConfig_setProgressMonitor(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void *_Nullable swoop_trt_IBuilderConfig_getProgressMonitor(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IBuilderConfig_setTacticSources(const swoop_trt_layout *layout, void *object, uint32_t a0);
uint32_t swoop_trt_IBuilderConfig_getTacticSources(const swoop_trt_layout *layout, void *object);
void swoop_trt_IBuilderConfig_setPreviewFeature(const swoop_trt_layout *layout, void *object, int32_t a0, bool a1);
bool swoop_trt_IBuilderConfig_getPreviewFeature(const swoop_trt_layout *layout, void *object, int32_t a0);
bool swoop_trt_IBuilderConfig_setMaxAuxStreams(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_setRuntimePlatform(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_setMaxNbTactics(const swoop_trt_layout *layout, void *object, int32_t a0);
bool swoop_trt_IBuilderConfig_setTilingOptimizationLevel(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_setPluginsToSerialize(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, int32_t a1);
bool swoop_trt_IBuilderConfig_setNbComputeCapabilities(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IBuilderConfig_getNbComputeCapabilities(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IBuilderConfig_setComputeCapability(const swoop_trt_layout *layout, void *object, int32_t a0, int32_t a1);
int32_t swoop_trt_IBuilderConfig_getComputeCapability(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IBuilderConfig_destroy(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IOptimizationProfile_setDimensions(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, const swoop_trt_dims *a2);
swoop_trt_dims swoop_trt_IOptimizationProfile_getDimensions(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1);
bool swoop_trt_IOptimizationProfile_setShapeValues_32(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, const void *_Nullable a2, int32_t a3);
bool swoop_trt_IOptimizationProfile_setShapeValues_64(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1, const void *_Nullable a2, int32_t a3);
bool swoop_trt_IOptimizationProfile_isValid(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IOptimizationProfile_setExtraMemoryTarget(const swoop_trt_layout *layout, void *object, float a0);
void *_Nullable swoop_trt_IHostMemory_data(const swoop_trt_layout *layout, void *object);
uint64_t swoop_trt_IHostMemory_size(const swoop_trt_layout *layout, void *object);
void swoop_trt_IHostMemory_destroy(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_ITimingCache_serialize(const swoop_trt_layout *layout, void *object);
bool swoop_trt_ITimingCache_combine(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, bool a1);
void swoop_trt_ITimingCache_destroy(const swoop_trt_layout *layout, void *object);
bool swoop_trt_ISerializationConfig_setFlag(const swoop_trt_layout *layout, void *object, int32_t a0);
bool swoop_trt_ISerializationConfig_getFlag(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_ISerializationConfig_destroy(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IEngineInspector_setExecutionContext(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
const char *_Nullable swoop_trt_IEngineInspector_getLayerInformation(const swoop_trt_layout *layout, void *object, int32_t a0, int32_t a1);
const char *_Nullable swoop_trt_IEngineInspector_getEngineInformation(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IEngineInspector_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void swoop_trt_IEngineInspector_destroy(const swoop_trt_layout *layout, void *object);
void swoop_trt_IRuntimeConfig_setExecutionContextAllocationStrategy(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IRuntimeConfig_getExecutionContextAllocationStrategy(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IRuntimeConfig_createRuntimeCache(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IRuntimeConfig_setRuntimeCache(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void swoop_trt_IRuntimeConfig_setDynamicShapesKernelSpecializationStrategy(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IRuntimeConfig_getDynamicShapesKernelSpecializationStrategy(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IRuntimeConfig_setCudaGraphStrategy(const swoop_trt_layout *layout, void *object, int32_t a0);
int32_t swoop_trt_IRuntimeConfig_getCudaGraphStrategy(const swoop_trt_layout *layout, void *object);
void swoop_trt_IRuntimeConfig_destroy(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IRuntimeCache_serialize(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IRuntimeCache_deserialize(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1);
bool swoop_trt_IRuntimeCache_reset(const swoop_trt_layout *layout, void *object);
void swoop_trt_IRuntimeCache_destroy(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IRefitter_setNamedWeights(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, swoop_trt_weights a1);
int32_t swoop_trt_IRefitter_getMissingWeights(const swoop_trt_layout *layout, void *object, int32_t a0, void *_Nullable a1);
int32_t swoop_trt_IRefitter_getAllWeights(const swoop_trt_layout *layout, void *object, int32_t a0, void *_Nullable a1);
swoop_trt_weights swoop_trt_IRefitter_getWeightsPrototype(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
bool swoop_trt_IRefitter_refitCudaEngine(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IRefitter_refitCudaEngineAsync(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void swoop_trt_IRefitter_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void *_Nullable swoop_trt_IRefitter_getLogger(const swoop_trt_layout *layout, void *object);
void swoop_trt_IRefitter_destroy(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IPluginRegistry_loadLibrary(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
void swoop_trt_IPluginRegistry_deregisterLibrary(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
void *_Nullable swoop_trt_IPluginRegistry_getAllCreators(const swoop_trt_layout *layout, void *object, void *_Nullable a0);
void *_Nullable swoop_trt_IPluginRegistry_getPluginCreatorList(const swoop_trt_layout *layout, void *object, void *_Nullable a0);
void swoop_trt_IPluginRegistry_setErrorRecorder(const swoop_trt_layout *layout, void *object, const void *_Nullable a0);
bool swoop_trt_IParser_parse(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1, const char *_Nullable a2);
bool swoop_trt_IParser_parseFromFile(const swoop_trt_layout *layout, void *object, const char *_Nullable a0, int32_t a1);
bool swoop_trt_IParser_supportsOperator(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
bool swoop_trt_IParser_supportsModelV2(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1, const char *_Nullable a2);
int32_t swoop_trt_IParser_getNbErrors(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IParser_getError(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IParser_clearErrors(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IParser_getUsedVCPluginLibraries(const swoop_trt_layout *layout, void *object, void *_Nullable a0);
void swoop_trt_IParser_setFlag(const swoop_trt_layout *layout, void *object, int32_t a0);
bool swoop_trt_IParser_getFlag(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IParser_destroy(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_IParserError_code(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_IParserError_desc(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_IParserError_file(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_IParserError_line(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_IParserError_func(const swoop_trt_layout *layout, void *object);
int32_t swoop_trt_IParserError_node(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_IParserError_nodeName(const swoop_trt_layout *layout, void *object);
const char *_Nullable swoop_trt_IParserError_nodeOperator(const swoop_trt_layout *layout, void *object);
bool swoop_trt_IParserRefitter_refitFromBytes(const swoop_trt_layout *layout, void *object, const void *_Nullable a0, uint64_t a1, const char *_Nullable a2);
bool swoop_trt_IParserRefitter_refitFromFile(const swoop_trt_layout *layout, void *object, const char *_Nullable a0);
int32_t swoop_trt_IParserRefitter_getNbErrors(const swoop_trt_layout *layout, void *object);
void *_Nullable swoop_trt_IParserRefitter_getError(const swoop_trt_layout *layout, void *object, int32_t a0);
void swoop_trt_IParserRefitter_destroy(const swoop_trt_layout *layout, void *object);

#ifdef __cplusplus
}
#endif

#pragma clang assume_nonnull end
