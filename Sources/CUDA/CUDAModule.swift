/// Compiled device code, loaded into a context: a cubin for the device's architecture, or PTX that the driver compiles.
///
/// Kernels hold their module. The code is unloaded when the last reference goes, so keep the module or a kernel of it until
/// the work that uses it has run.
public final class CUDAModule: @unchecked Sendable {
  // Sendable: immutable; the driver takes calls from any thread.

  public let context: CUDAContext
  /// What errors call it.
  public let name: String
  private let handle: CUDAFunctions.Handle

  /// Loads an image.
  ///
  /// - Parameters:
  ///   - image: a whole cubin (a 64-bit ELF file), or the text of PTX. The driver is not told where an image ends, so
  ///     what a cubin's header says of its parts is checked against the bytes that are there.
  ///   - name: what errors call it.
  /// - Throws: ``CUDAError``; `isUnusableImage` where the image is damaged or does not suit the device or the driver. The
  ///   driver's compiler messages follow its reason.
  public init(image: [UInt8], name: String, in context: CUDAContext) throws(CUDAError) {
    let functions = context.functions
    let call = "cuModuleLoadDataEx of \(name) on \(context.device)"
    if let problem = CUDAImage.problem(of: image) {
      throw functions.refusal(CUDAError.invalidImage, call, problem)
    }
    // The driver reads text up to a null byte.
    let text = image + [0]
    var handle: CUDAFunctions.Handle?
    try context.calling { () throws(CUDAError) in
      let log = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 8192)
      defer { log.deallocate() }
      log.initialize(repeating: 0)
      // CU_JIT_ERROR_LOG_BUFFER and CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES. The size is passed in the pointer itself.
      var options: [Int32] = [5, 6]
      var values: [UnsafeMutableRawPointer?] = [
        UnsafeMutableRawPointer(log.baseAddress), UnsafeMutableRawPointer(bitPattern: log.count - 1),
      ]
      let result = text.withUnsafeBytes { image in
        // Never nil: the image has a byte at least.
        image.baseAddress.map { functions.kernels.loadModule(&handle, $0, 2, &options, &values) }
          ?? CUDAError.invalidImage
      }
      guard result != 0 else { return }
      var error = functions.error(result, call)
      let message = String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if !message.isEmpty { error.reason += "\n\(message)" }
      throw error
    }
    guard let handle else { throw functions.error(CUDAError.invalidImage, call) }
    self.context = context
    self.name = name
    self.handle = handle
  }

  deinit {
    let handle = handle
    context.releasing("cuModuleUnload of \(name)") { $0.kernels.unloadModule(handle) }
  }

  /// Finds a kernel by its symbol: the plain name for `extern "C"`, the mangled one otherwise.
  ///
  /// - Throws: ``CUDAError`` where the module has none of that name, or its code cannot be loaded.
  public func kernel(_ name: String) throws(CUDAError) -> CUDAKernel {
    try CUDAKernel(name, in: self)
  }

  /// The driver's handle for a kernel, `CUfunction`; valid as long as the module.
  func function(_ name: String) throws(CUDAError) -> CUDAFunctions.Handle {
    let call = "cuModuleGetFunction(\(name)) of \(self.name) on \(context.device)"
    return try context.calling { () throws(CUDAError) in
      let functions = context.functions
      var function: CUDAFunctions.Handle?
      try functions.check(functions.kernels.kernel(&function, handle, name), call)
      guard let function else { throw functions.error(500, call) }
      return function
    }
  }
}
