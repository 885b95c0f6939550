internal import CTensorRT
internal import DynamicLibrary
internal import Synchronization
public import Tensors

/// The graph that an engine is built from; filled from an ONNX model.
public final class Network: Sendable {
  let native: NativeObject
  // A parser owns the weights that the network refers to, so it stays as long as the network.
  private let parsers = Mutex<[NativeObject]>([])

  init(_ native: NativeObject) { self.native = native }

  private var library: TensorRTLibrary { native.library }

  /// An error that the ONNX parser reported.
  public struct ParserError: Sendable, Hashable, CustomStringConvertible {
    /// The parser's code: 8 and above are nodes it does not support.
    public var code: Int
    public var reason: String
    /// The index of the node in the model, where the error belongs to one.
    public var node: Int?
    /// The node's name; not told before TensorRT 9.1.
    public var nodeName: String?
    /// The node's operator; not told before TensorRT 9.1.
    public var nodeOperator: String?
    /// Where in the parser's source it arose, for reports to NVIDIA.
    public var source: String

    public var description: String {
      let place = [
        node.map { "node \($0)" }, nodeName.map { "“\($0)”" }, nodeOperator.map { "(\($0))" },
      ].compactMap { $0 }.joined(separator: " ")
      return place.isEmpty ? reason : "\(place): \(reason)"
    }
  }

  /// Fills the network from an ONNX model.
  ///
  /// - Parameters:
  ///   - model: the model's bytes; they may go away afterwards.
  ///   - path: the model's file, where it is from one, so that weights in files beside it are found.
  /// - Throws: ``TensorRTError``: `modelUnsupported` with node, operator and reason where the parser does not know
  ///   something, `modelInvalid` where it cannot read the model, `libraryMissing` without a parser library.
  public func parse(onnx model: UnsafeRawBufferPointer, path: String? = nil) throws(TensorRTError) {
    let companion = try library.parserLibrary()
    let mark = library.hub.mark
    let made = try library.makeChild(
      "createNvOnnxParser_INTERNAL", in: companion.handle, of: native.address, version: companion.reportedVersion)
    guard let made, swoop_trt_is_object(made) else {
      throw library.failure(.creationFailed, "\(companion.handle.path) made no ONNX parser.", since: mark)
    }
    let parser = NativeObject(made, library: library, parent: native, destroy: swoop_trt_IParser_destroy)
    let parsed = swoop_trt_IParser_parse(native.layout, made, model.baseAddress, UInt64(model.count), path)
    let errors = parserErrors(
      count: swoop_trt_IParser_getNbErrors(native.layout, made),
      at: { swoop_trt_IParser_getError(self.native.layout, made, $0) }, layout: native.layout)
    guard parsed else {
      // Codes from 7 on: graph, node, attribute, input, type, shape not supported.
      let unsupported = errors.contains { ($0.code >= 7 && $0.code != 14) || $0.reason.contains("Plugin not found") }
      let list = errors.isEmpty ? " It gave no reason." : errors.map { "\n  \($0)" }.joined()
      throw library.failure(
        unsupported ? .modelUnsupported : .modelInvalid,
        "The ONNX parser of \(library.version) did not take \(path ?? "the model").\(list)", since: mark)
    }
    // Bytes that are no model can pass for an empty one: every field of the format is optional.
    guard swoop_trt_INetworkDefinition_getNbOutputs(native.layout, native.address) > 0 else {
      throw library.failure(
        .modelInvalid,
        "\(path ?? "The model") (\(model.count) bytes) has no output: it is damaged, or no ONNX model.", since: mark)
    }
    parsers.withLock { $0.append(parser) }
  }

  /// The network's inputs, in the model's order.
  public var inputs: [TensorDescriptor] {
    let count = swoop_trt_INetworkDefinition_getNbInputs(native.layout, native.address)
    return descriptors(count) { swoop_trt_INetworkDefinition_getInput(native.layout, native.address, $0) }
  }

  /// The network's outputs, in the model's order. Axes whose length is not known are dynamic.
  public var outputs: [TensorDescriptor] {
    let count = swoop_trt_INetworkDefinition_getNbOutputs(native.layout, native.address)
    return descriptors(count) { swoop_trt_INetworkDefinition_getOutput(native.layout, native.address, $0) }
  }

  public var layerCount: Int { Int(swoop_trt_INetworkDefinition_getNbLayers(native.layout, native.address)) }

  /// A name for the network; the engine bears it too.
  public func setName(_ name: String) {
    swoop_trt_INetworkDefinition_setName(native.layout, native.address, name)
  }

  private func descriptors(_ count: Int32, _ tensor: (Int32) -> UnsafeMutableRawPointer?) -> [TensorDescriptor] {
    (0..<max(0, min(count, 4096))).compactMap { index in
      guard let address = tensor(index), swoop_trt_is_library_object(address) else { return nil }
      let name = swoop_trt_ITensor_getName(native.layout, address).map { String(cString: $0) } ?? ""
      let lengths = swoop_trt_ITensor_getDimensions(native.layout, address).lengths ?? []
      let axes = lengths.enumerated().map { axis, length -> TensorShape.Dimension in
        guard length < 0 else { return .fixed(length) }
        let label = swoop_trt_ITensor_getDimensionName(native.layout, address, Int32(axis)).map { String(cString: $0) }
        return .dynamic(name: label.flatMap { $0.isEmpty ? nil : $0 })
      }
      return TensorDescriptor(
        name: name, shape: TensorShape(axes),
        elementType: ElementType(native: swoop_trt_ITensor_getType(native.layout, address), in: library))
    }
  }
}

/// What a parser or parser-refitter reported.
func parserErrors(
  count: Int32, at error: (Int32) -> UnsafeMutableRawPointer?, layout: UnsafePointer<swoop_trt_layout>
) -> [Network.ParserError] {
  (0..<max(0, min(count, 256))).compactMap { index in
    guard let address = error(index), swoop_trt_is_object(address) else { return nil }
    func text(_ pointer: UnsafePointer<CChar>?) -> String? {
      pointer.map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let node = swoop_trt_IParserError_node(layout, address)
    let file = text(swoop_trt_IParserError_file(layout, address)) ?? ""
    let line = swoop_trt_IParserError_line(layout, address)
    let function = text(swoop_trt_IParserError_func(layout, address)) ?? ""
    return Network.ParserError(
      code: Int(swoop_trt_IParserError_code(layout, address)),
      reason: text(swoop_trt_IParserError_desc(layout, address)) ?? "no reason given",
      node: node >= 0 ? Int(node) : nil, nodeName: text(swoop_trt_IParserError_nodeName(layout, address)),
      nodeOperator: text(swoop_trt_IParserError_nodeOperator(layout, address)), source: "\(file):\(line) \(function)")
  }
}
