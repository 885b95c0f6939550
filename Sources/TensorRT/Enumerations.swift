internal import CTensorRT
internal import Tensors

/// A bound of an optimization profile.
public enum ProfileSelector: Sendable, Hashable, CaseIterable {
  /// The smallest shape that the engine must take.
  case minimum
  /// The shape it is made fastest for.
  case optimum
  /// The largest shape that the engine must take.
  case maximum

  func value(in library: TensorRTLibrary) throws(TensorRTError) -> Int32 {
    switch self {
    case .minimum: try library.require(SWOOP_TRT_OptProfileSelector_kMIN, for: "profile minimum")
    case .optimum: try library.require(SWOOP_TRT_OptProfileSelector_kOPT, for: "profile optimum")
    case .maximum: try library.require(SWOOP_TRT_OptProfileSelector_kMAX, for: "profile maximum")
    }
  }
}

/// How much an engine is to know of its layers, for the inspector and profilers.
public enum ProfilingVerbosity: Sendable, Hashable, CaseIterable, NativeEnumeration {
  case layerNames, none, detailed

  var native: swoop_trt_enumerator {
    switch self {
    case .layerNames: SWOOP_TRT_ProfilingVerbosity_kLAYER_NAMES_ONLY
    case .none: SWOOP_TRT_ProfilingVerbosity_kNONE
    case .detailed: SWOOP_TRT_ProfilingVerbosity_kDETAILED
    }
  }
}

/// On which other GPUs an engine is to run.
public enum HardwareCompatibility: String, Sendable, Hashable, CaseIterable, NativeEnumeration {
  /// On the kind of GPU it was built on.
  case none
  /// On Ampere and every later architecture.
  case amperePlus = "ampere+"
  /// On every GPU of the same compute capability.
  case sameComputeCapability = "same-compute-capability"

  var native: swoop_trt_enumerator {
    switch self {
    case .none: SWOOP_TRT_HardwareCompatibilityLevel_kNONE
    case .amperePlus: SWOOP_TRT_HardwareCompatibilityLevel_kAMPERE_PLUS
    case .sameComputeCapability: SWOOP_TRT_HardwareCompatibilityLevel_kSAME_COMPUTE_CAPABILITY
    }
  }
}

/// The form in which the engine inspector tells what it knows.
public enum InformationFormat: Sendable, Hashable, CaseIterable, NativeEnumeration {
  case json, oneLine

  var native: swoop_trt_enumerator {
    switch self {
    case .json: SWOOP_TRT_LayerInformationFormat_kJSON
    case .oneLine: SWOOP_TRT_LayerInformationFormat_kONELINE
    }
  }
}

/// Who provides the device memory that an execution context needs between inputs and outputs, and when.
public enum ContextMemory: Sendable, Hashable, CaseIterable, NativeEnumeration {
  /// TensorRT, when the context is made, for the largest shapes of all profiles.
  case `static`
  /// TensorRT, when a profile is chosen, for that profile. From TensorRT 10 on.
  case onProfileChange
  /// The caller, with ``ExecutionContext/setDeviceMemory(_:byteCount:)``: contexts that never run at once can share it.
  case userManaged

  var native: swoop_trt_enumerator {
    switch self {
    case .static: SWOOP_TRT_ExecutionContextAllocationStrategy_kSTATIC
    case .onProfileChange: SWOOP_TRT_ExecutionContextAllocationStrategy_kON_PROFILE_CHANGE
    case .userManaged: SWOOP_TRT_ExecutionContextAllocationStrategy_kUSER_MANAGED
    }
  }
}

/// A pool of memory whose size a build may limit.
public enum MemoryPool: Sendable, Hashable, CaseIterable, NativeEnumeration {
  /// Scratch memory of the layers, on the device.
  case workspace
  /// Device memory that trying tactics may take. From TensorRT 8.6 on.
  case tacticDRAM
  /// Shared memory that a tactic may take. From TensorRT 10 on.
  case tacticSharedMemory
  case dlaManagedSRAM, dlaLocalDRAM, dlaGlobalDRAM

  var native: swoop_trt_enumerator {
    switch self {
    case .workspace: SWOOP_TRT_MemoryPoolType_kWORKSPACE
    case .tacticDRAM: SWOOP_TRT_MemoryPoolType_kTACTIC_DRAM
    case .tacticSharedMemory: SWOOP_TRT_MemoryPoolType_kTACTIC_SHARED_MEMORY
    case .dlaManagedSRAM: SWOOP_TRT_MemoryPoolType_kDLA_MANAGED_SRAM
    case .dlaLocalDRAM: SWOOP_TRT_MemoryPoolType_kDLA_LOCAL_DRAM
    case .dlaGlobalDRAM: SWOOP_TRT_MemoryPoolType_kDLA_GLOBAL_DRAM
    }
  }
}

/// A switch of a build. Which of them exist depends on the version.
public enum BuilderFlag: Sendable, Hashable, CaseIterable, NativeEnumeration {
  /// Layers may run in that precision. Up to TensorRT 10; later versions run the types that the model has.
  case fp16, bf16, int8, fp8
  /// Convolutions may use TF32; on where the GPU has it.
  case tf32
  /// Precisions asked of layers are kept even where another is faster. Up to TensorRT 10.
  case obeyPrecisionConstraints
  case preferPrecisionConstraints
  /// Inputs and outputs are taken in their formats without a conversion.
  case directIO
  case sparseWeights
  /// Weights can be replaced in the engine.
  case refit
  case refitIdentical
  case refitIndividual
  /// The plan carries no weights; they are put in by a refit where it is loaded.
  case stripPlan
  case weightStreaming
  /// Later versions of the same major can run the plan.
  case versionCompatible
  /// A version-compatible plan does not carry its lean runtime.
  case excludeLeanRuntime
  case disableTimingCache
  case editableTimingCache
  case errorOnTimingCacheMiss
  case strictNaNs
  case debug

  var native: swoop_trt_enumerator {
    switch self {
    case .fp16: SWOOP_TRT_BuilderFlag_kFP16
    case .bf16: SWOOP_TRT_BuilderFlag_kBF16
    case .int8: SWOOP_TRT_BuilderFlag_kINT8
    case .fp8: SWOOP_TRT_BuilderFlag_kFP8
    case .tf32: SWOOP_TRT_BuilderFlag_kTF32
    case .obeyPrecisionConstraints: SWOOP_TRT_BuilderFlag_kOBEY_PRECISION_CONSTRAINTS
    case .preferPrecisionConstraints: SWOOP_TRT_BuilderFlag_kPREFER_PRECISION_CONSTRAINTS
    case .directIO: SWOOP_TRT_BuilderFlag_kDIRECT_IO
    case .sparseWeights: SWOOP_TRT_BuilderFlag_kSPARSE_WEIGHTS
    case .refit: SWOOP_TRT_BuilderFlag_kREFIT
    case .refitIdentical: SWOOP_TRT_BuilderFlag_kREFIT_IDENTICAL
    case .refitIndividual: SWOOP_TRT_BuilderFlag_kREFIT_INDIVIDUAL
    case .stripPlan: SWOOP_TRT_BuilderFlag_kSTRIP_PLAN
    case .weightStreaming: SWOOP_TRT_BuilderFlag_kWEIGHT_STREAMING
    case .versionCompatible: SWOOP_TRT_BuilderFlag_kVERSION_COMPATIBLE
    case .excludeLeanRuntime: SWOOP_TRT_BuilderFlag_kEXCLUDE_LEAN_RUNTIME
    case .disableTimingCache: SWOOP_TRT_BuilderFlag_kDISABLE_TIMING_CACHE
    case .editableTimingCache: SWOOP_TRT_BuilderFlag_kEDITABLE_TIMING_CACHE
    case .errorOnTimingCacheMiss: SWOOP_TRT_BuilderFlag_kERROR_ON_TIMING_CACHE_MISS
    case .strictNaNs: SWOOP_TRT_BuilderFlag_kSTRICT_NANS
    case .debug: SWOOP_TRT_BuilderFlag_kDEBUG
    }
  }

  /// What to do instead where a version lacks the flag.
  var instead: String? {
    switch self {
    case .fp16, .bf16, .int8, .fp8:
      """
      This version runs a model in the types that it was exported with: convert the model to \(self) before the build \
      (swoop convert, or export it so).
      """
    default: nil
    }
  }
}

/// An element type in TensorRT's numbering, which is the same in every version.
extension ElementType {
  init(native: Int32, in library: TensorRTLibrary) {
    let known: [(swoop_trt_enumerator, ElementType)] = [
      (SWOOP_TRT_DataType_kFLOAT, .float32), (SWOOP_TRT_DataType_kHALF, .float16), (SWOOP_TRT_DataType_kINT8, .int8),
      (SWOOP_TRT_DataType_kINT32, .int32), (SWOOP_TRT_DataType_kBOOL, .boolean), (SWOOP_TRT_DataType_kUINT8, .uint8),
      (SWOOP_TRT_DataType_kBF16, .bfloat16), (SWOOP_TRT_DataType_kINT64, .int64),
      (SWOOP_TRT_DataType_kFP8, .unknown("fp8")), (SWOOP_TRT_DataType_kINT4, .unknown("int4")),
      (SWOOP_TRT_DataType_kFP4, .unknown("fp4")), (SWOOP_TRT_DataType_kE8M0, .unknown("e8m0")),
    ]
    self =
      known.first { library.value(of: $0.0) == native }?.1 ?? .unknown("TensorRT's data type \(native)")
  }

  /// TensorRT's number for the type, or `nil` where this version has none.
  func native(in library: TensorRTLibrary) -> Int32? {
    switch self {
    case .float32: library.value(of: SWOOP_TRT_DataType_kFLOAT)
    case .float16: library.value(of: SWOOP_TRT_DataType_kHALF)
    case .bfloat16: library.value(of: SWOOP_TRT_DataType_kBF16)
    case .int8: library.value(of: SWOOP_TRT_DataType_kINT8)
    case .int32: library.value(of: SWOOP_TRT_DataType_kINT32)
    case .int64: library.value(of: SWOOP_TRT_DataType_kINT64)
    case .uint8: library.value(of: SWOOP_TRT_DataType_kUINT8)
    case .boolean: library.value(of: SWOOP_TRT_DataType_kBOOL)
    default: nil
    }
  }
}

/// The compute capabilities that TensorRT for RTX names, as 86 for 8.6.
enum ComputeCapabilities {
  static var known: [(number: Int, enumerator: swoop_trt_enumerator)] {
    [
      (75, SWOOP_TRT_ComputeCapability_kSM75), (80, SWOOP_TRT_ComputeCapability_kSM80),
      (86, SWOOP_TRT_ComputeCapability_kSM86), (89, SWOOP_TRT_ComputeCapability_kSM89),
      (120, SWOOP_TRT_ComputeCapability_kSM120), (121, SWOOP_TRT_ComputeCapability_kSM121),
    ]
  }
}
