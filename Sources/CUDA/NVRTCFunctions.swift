internal import DynamicLibrary

/// The functions of NVIDIA's run-time compiler, by address. A program is an opaque pointer, `nvrtcProgram`.
struct NVRTCFunctions: Sendable {
  typealias Program = UnsafeMutableRawPointer
  typealias Size = @convention(c) (Program?, UnsafeMutablePointer<Int>) -> Int32
  typealias Content = @convention(c) (Program?, UnsafeMutablePointer<CChar>?) -> Int32

  let version: @convention(c) (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Int32
  let errorText: @convention(c) (Int32) -> UnsafePointer<CChar>?
  let create:
    @convention(c) (
      UnsafeMutablePointer<Program?>, UnsafePointer<CChar>, UnsafePointer<CChar>, Int32,
      UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?
    ) -> Int32
  let destroy: @convention(c) (UnsafeMutablePointer<Program?>) -> Int32
  let compile: @convention(c) (Program?, Int32, UnsafePointer<UnsafePointer<CChar>?>?) -> Int32
  let logSize: Size
  let log: Content
  let ptxSize: Size
  let ptx: Content
  // Since 11.1 and 11.2, which is the oldest version taken.
  let cubinSize: Size
  let cubin: Content
  let architectureCount: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32
  let architectures: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32

  init(_ library: DynamicLibrary) throws(SymbolMissingError) {
    version = try library.require("nvrtcVersion")
    errorText = try library.require("nvrtcGetErrorString")
    create = try library.require("nvrtcCreateProgram")
    destroy = try library.require("nvrtcDestroyProgram")
    compile = try library.require("nvrtcCompileProgram")
    logSize = try library.require("nvrtcGetProgramLogSize")
    log = try library.require("nvrtcGetProgramLog")
    ptxSize = try library.require("nvrtcGetPTXSize")
    ptx = try library.require("nvrtcGetPTX")
    cubinSize = try library.require("nvrtcGetCUBINSize")
    cubin = try library.require("nvrtcGetCUBIN")
    architectureCount = try library.require("nvrtcGetNumSupportedArchs")
    architectures = try library.require("nvrtcGetSupportedArchs")
  }
}
