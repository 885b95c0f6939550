/// A model file, looked at before a runtime sees it.
package final class ModelFile {
  package let path: String
  let format: ModelFormat
  let bytes: MappedFile
  /// The exporter's key-value pairs.
  package let metadata: [String: String]
  /// What the file says of its tensors; empty for formats where the runtime says it all.
  package let inputs: [ONNXSummary.Tensor]
  package let outputs: [ONNXSummary.Tensor]

  /// - Throws: ``InferenceError`` if the file cannot be read, is no model, or is damaged in a way that shows already.
  package init(path: String) throws(InferenceError) {
    self.path = path
    bytes = try MappedFile(path: path)
    format = ModelFormat(bytes.bytes)
    guard !bytes.bytes.isEmpty else {
      throw InferenceError(.modelInvalid, "The model \(path) is empty (0 bytes).")
    }
    switch format {
    case .foreign(let what):
      throw InferenceError(
        .modelInvalid, "The model \(path) is neither ONNX nor OpenVINO IR: it looks like \(what).")
    case .openVINO:
      // Checked here, because OpenVINO shows XML that it does not know to the readers of every other format it has.
      if let reason = IRMetadata.reason(against: bytes.bytes) {
        throw InferenceError(.modelInvalid, "The model \(path) is not usable: \(reason).")
      }
      metadata = IRMetadata.read(model: bytes.bytes, path: path)
      inputs = []
      outputs = []
    case .onnx:
      do {
        let summary = try ONNXSummary(bytes.bytes)
        metadata = summary.metadata
        inputs = summary.inputs
        outputs = summary.outputs
      } catch {
        throw InferenceError(
          .modelInvalid,
          "The model \(path) is not an ONNX model, or it is damaged: at byte \(error.offset) of \(bytes.bytes.count), "
            + "\(error.reason). Export or copy it again.")
      }
    }
  }
}
