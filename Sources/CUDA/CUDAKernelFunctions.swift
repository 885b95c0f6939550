internal import DynamicLibrary

/// The driver's functions for modules and kernels. Handles are `CUmodule` and `CUfunction`.
struct CUDAKernelFunctions: Sendable {
  typealias Handle = CUDAFunctions.Handle

  /// Options are numbers, `CUjit_option`, with a pointer-sized value each.
  let loadModule:
    @convention(c) (
      UnsafeMutablePointer<Handle?>, UnsafeRawPointer, UInt32, UnsafeMutablePointer<Int32>?,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int32
  let unloadModule: @convention(c) (Handle?) -> Int32
  let kernel: @convention(c) (UnsafeMutablePointer<Handle?>, Handle?, UnsafePointer<CChar>) -> Int32
  /// Grid, block, shared bytes, stream, addresses of the arguments, extra options.
  let launch:
    @convention(c) (
      Handle?, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, Handle?,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int32
  let attribute: @convention(c) (UnsafeMutablePointer<Int32>, Int32, Handle?) -> Int32

  /// Since CUDA 9.0.
  let setAttribute: (@convention(c) (Handle?, Int32, Int32) -> Int32)?
  /// Since CUDA 12.4: offset and size of a kernel's parameter.
  let parameter: (@convention(c) (Handle?, Int, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>) -> Int32)?

  init(_ library: DynamicLibrary) throws(SymbolMissingError) {
    loadModule = try library.require("cuModuleLoadDataEx")
    unloadModule = try library.require("cuModuleUnload")
    kernel = try library.require("cuModuleGetFunction")
    launch = try library.require("cuLaunchKernel")
    attribute = try library.require("cuFuncGetAttribute")
    setAttribute = library.symbol(
      "cuFuncSetAttribute", as: (@convention(c) (Handle?, Int32, Int32) -> Int32).self)
    parameter = library.symbol(
      "cuFuncGetParamInfo",
      as: (@convention(c) (Handle?, Int, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>) -> Int32).self)
  }
}
