internal import DynamicLibrary

/// The driver's functions for stream-ordered memory, all since CUDA 11.2. The handle is `CUmemoryPool`.
struct CUDAPoolFunctions: Sendable {
  typealias Handle = CUDAFunctions.Handle
  typealias DefaultPool = @convention(c) (UnsafeMutablePointer<Handle?>, Int32) -> Int32
  typealias Attribute = @convention(c) (Handle?, Int32, UnsafeMutableRawPointer) -> Int32
  typealias Trim = @convention(c) (Handle?, Int) -> Int32
  typealias Allocate = @convention(c) (UnsafeMutablePointer<UInt64>, Int, Handle?) -> Int32
  typealias Free = @convention(c) (UInt64, Handle?) -> Int32

  let defaultPool: DefaultPool?
  let setAttribute: Attribute?
  let attribute: Attribute?
  let trim: Trim?
  let allocate: Allocate?
  let free: Free?

  init(_ library: DynamicLibrary) {
    defaultPool = library.symbol("cuDeviceGetDefaultMemPool", as: DefaultPool.self)
    setAttribute = library.symbol("cuMemPoolSetAttribute", as: Attribute.self)
    attribute = library.symbol("cuMemPoolGetAttribute", as: Attribute.self)
    trim = library.symbol("cuMemPoolTrimTo", as: Trim.self)
    allocate = library.symbol("cuMemAllocAsync", as: Allocate.self)
    free = library.symbol("cuMemFreeAsync", as: Free.self)
  }
}
