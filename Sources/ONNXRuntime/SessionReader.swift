internal import CONNXRuntime
internal import Tensors

/// Reads what a session knows of its model.
struct SessionReader {
  let session: OpaquePointer
  let library: ONNXRuntimeLibrary

  func inputs() throws(ONNXRuntimeError) -> [TensorDescriptor] {
    let count = try library.read("SessionGetInputCount", initial: 0) { ort_SessionGetInputCount_from($0)(session, &$1) }
    var descriptors: [TensorDescriptor] = []
    for index in 0..<count {
      let name = try library.string("SessionGetInputName") {
        ort_SessionGetInputName_from($0)(session, index, $1, &$2)
      }
      let type = try library.make("SessionGetInputTypeInfo") {
        ort_SessionGetInputTypeInfo_from($0)(session, index, &$1)
      }
      descriptors.append(try describe(name, consuming: type))
    }
    return descriptors
  }

  func outputs() throws(ONNXRuntimeError) -> [TensorDescriptor] {
    let count = try library.read("SessionGetOutputCount", initial: 0) {
      ort_SessionGetOutputCount_from($0)(session, &$1)
    }
    var descriptors: [TensorDescriptor] = []
    for index in 0..<count {
      let name = try library.string("SessionGetOutputName") {
        ort_SessionGetOutputName_from($0)(session, index, $1, &$2)
      }
      let type = try library.make("SessionGetOutputTypeInfo") {
        ort_SessionGetOutputTypeInfo_from($0)(session, index, &$1)
      }
      descriptors.append(try describe(name, consuming: type))
    }
    return descriptors
  }

  private func describe(_ name: String, consuming type: OpaquePointer) throws(ONNXRuntimeError) -> TensorDescriptor {
    defer { ort_ReleaseTypeInfo_from(library.table)(type) }
    var tensor: OpaquePointer?
    try library.check(ort_CastTypeInfoToTensorInfo_from(library.table)(type, &tensor), "CastTypeInfoToTensorInfo")
    guard let tensor else {
      let kind = try library.read("GetOnnxTypeFromTypeInfo", initial: 0) {
        ort_GetOnnxTypeFromTypeInfo_from($0)(type, &$1)
      }
      return TensorDescriptor(name: name, shape: [], elementType: .unknown(Self.kinds[kind] ?? "not a tensor"))
    }
    // `tensor` belongs to `type`.
    let information = try TensorInformation(reading: tensor, library)
    return TensorDescriptor(name: name, shape: information.shape, elementType: information.elementType)
  }

  private static let kinds: [Int32: String] = [2: "sequence", 3: "map", 4: "opaque", 5: "sparse tensor", 6: "optional"]

  func metadata() throws(ONNXRuntimeError) -> ModelMetadata {
    let model = try library.make("SessionGetModelMetadata") { ort_SessionGetModelMetadata_from($0)(session, &$1) }
    defer { ort_ReleaseModelMetadata_from(library.table)(model) }
    let producer = try library.string("ModelMetadataGetProducerName") {
      ort_ModelMetadataGetProducerName_from($0)(model, $1, &$2)
    }
    let graph = try library.string("ModelMetadataGetGraphName") {
      ort_ModelMetadataGetGraphName_from($0)(model, $1, &$2)
    }
    let description = try library.string("ModelMetadataGetDescription") {
      ort_ModelMetadataGetDescription_from($0)(model, $1, &$2)
    }
    var custom: [String: String] = [:]
    for key in try keys(of: model) {
      custom[key] = try library.string("ModelMetadataLookupCustomMetadataMap(\(key))") {
        ort_ModelMetadataLookupCustomMetadataMap_from($0)(model, $1, key, &$2)
      }
    }
    return ModelMetadata(producer: producer, graph: graph, description: description, custom: custom)
  }

  private func keys(of model: OpaquePointer) throws(ONNXRuntimeError) -> [String] {
    var keys: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var count: Int64 = 0
    try library.check(
      ort_ModelMetadataGetCustomMetadataMapKeys_from(library.table)(model, library.allocator, &keys, &count),
      "ModelMetadataGetCustomMetadataMapKeys")
    guard let keys else { return [] }
    defer { library.free(keys) }
    return (0..<Int(count)).compactMap { index in
      guard let key = keys[index] else { return nil }
      defer { library.free(key) }
      return String(cString: key)
    }
  }
}

/// What the exporter wrote into a model.
public struct ModelMetadata: Sendable, Hashable {
  /// The program that wrote the model: `pytorch`.
  public var producer: String
  /// The graph's name.
  public var graph: String
  public var description: String
  /// The key-value pairs of the model's `metadata_props`.
  public var custom: [String: String]
}
