internal import CTensorRT
internal import DynamicLibrary
public import Tensors

/// Replaces the weights of an engine that was built with ``BuilderFlag/refit``, without building it again.
public final class Refitter {
  private let engine: Engine
  private let native: NativeObject
  // TensorRT reads the weights when it refits, not when they are set.
  private var kept: [UnsafeMutableRawBufferPointer] = []

  /// - Throws: ``TensorRTError`` where the engine cannot be refitted.
  public init(_ engine: Engine) throws(TensorRTError) {
    let library = engine.library
    guard engine.isRefittable else {
      throw TensorRTError(.featureUnsupported, "The engine cannot be refitted: it was built without the refit flag.")
    }
    let mark = library.hub.mark
    let made = try library.makeChild("createInferRefitter_INTERNAL", of: engine.native.address)
    guard let made, swoop_trt_is_library_object(made) else {
      throw library.failure(.creationFailed, "\(library.version) made no refitter.", since: mark)
    }
    self.engine = engine
    native = NativeObject(made, library: library, parent: engine.native, destroy: swoop_trt_IRefitter_destroy)
    swoop_trt_IRefitter_setErrorRecorder(native.layout, made, library.nativeRecorder)
  }

  deinit { kept.forEach { $0.deallocate() } }

  private var library: TensorRTLibrary { native.library }

  /// The names of all weights that can be replaced.
  public func allWeights() -> [String] { names(swoop_trt_IRefitter_getAllWeights) }

  /// The names of weights that must be given before ``refit()`` because others were.
  public func missingWeights() -> [String] { names(swoop_trt_IRefitter_getMissingWeights) }

  private func names(
    _ get: (UnsafePointer<swoop_trt_layout>, UnsafeMutableRawPointer, Int32, UnsafeMutableRawPointer?) -> Int32
  ) -> [String] {
    let count = get(native.layout, native.address, 0, nil)
    guard count > 0, count < 1 << 24 else { return [] }
    let pointers = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: Int(count))
    defer { pointers.deallocate() }
    pointers.initialize(repeating: nil, count: Int(count))
    let found = min(count, get(native.layout, native.address, count, pointers))
    return (0..<Int(max(0, found))).compactMap { pointers[$0].map { String(cString: $0) } }
  }

  /// Gives new values for weights. The values are copied.
  ///
  /// - Parameters:
  ///   - values: dense, in the type `elementType`.
  ///   - count: the number of elements.
  public func setWeights(_ name: String, _ values: UnsafeRawBufferPointer, elementType: ElementType)
    throws(TensorRTError)
  {
    guard let type = elementType.native(in: library), let size = elementType.byteCount, size > 0 else {
      throw TensorRTError(.argumentInvalid, "\(library.version) takes no weights of type \(elementType).")
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, values.count), alignment: 16)
    copy.copyMemory(from: values)
    kept.append(copy)
    let mark = library.hub.mark
    let weights = swoop_trt_weights(
      type: type, values: UnsafeRawPointer(copy.baseAddress), count: Int64(values.count / size))
    guard swoop_trt_IRefitter_setNamedWeights(native.layout, native.address, name, weights) else {
      throw library.failure(
        .argumentInvalid, "The engine did not take \(values.count / size) weights of type \(elementType) for \(name).",
        since: mark)
    }
  }

  /// Gives all weights of an ONNX model with the same graph. From TensorRT 10 on.
  public func setWeights(onnx model: UnsafeRawBufferPointer, path: String? = nil) throws(TensorRTError) {
    try library.require(SWOOP_TRT_IParserRefitter_refitFromBytes, for: "refit from an ONNX model")
    let companion = try library.parserLibrary()
    let mark = library.hub.mark
    let made = try library.makeChild(
      "createNvOnnxParserRefitter_INTERNAL", in: companion.handle, of: native.address,
      version: companion.reportedVersion)
    guard let made, swoop_trt_is_object(made) else {
      throw library.failure(.creationFailed, "\(companion.handle.path) made no parser for refits.", since: mark)
    }
    let parser = NativeObject(made, library: library, parent: native, destroy: swoop_trt_IParserRefitter_destroy)
    let taken = swoop_trt_IParserRefitter_refitFromBytes(
      native.layout, parser.address, model.baseAddress, UInt64(model.count), path)
    let errors = parserErrors(
      count: swoop_trt_IParserRefitter_getNbErrors(native.layout, parser.address),
      at: { swoop_trt_IParserRefitter_getError(self.native.layout, parser.address, $0) }, layout: native.layout)
    guard taken else {
      let list = errors.map { "\n  \($0)" }.joined()
      throw library.failure(.modelInvalid, "The weights of \(path ?? "the model") were not taken.\(list)", since: mark)
    }
  }

  /// Puts the weights that were given into the engine. No context of it may be executing.
  public func refit() throws(TensorRTError) {
    let mark = library.hub.mark
    guard swoop_trt_IRefitter_refitCudaEngine(native.layout, native.address) else {
      let missing = missingWeights()
      let hint = missing.isEmpty ? "" : " Missing: \(missing.joined(separator: ", "))."
      throw library.failure(.executionFailed, "The engine was not refitted.\(hint)", since: mark)
    }
    kept.forEach { $0.deallocate() }
    kept = []
  }
}
