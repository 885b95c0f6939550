/// What kind of model a file holds, told by its first bytes: names lie more often.
enum ModelFormat: Hashable, Sendable {
  case onnx
  case openVINO
  /// A format that needs another runtime or an export first; the words say which and what to do.
  case foreign(String)

  /// - Parameter bytes: the whole file. ONNX has no magic number, so it is what is left after all others.
  init(_ bytes: UnsafeRawBufferPointer) {
    let start = Array(bytes.prefix(16))
    func begins(_ text: String, at offset: Int = 0) -> Bool {
      start.dropFirst(offset).starts(with: Array(text.utf8))
    }
    let firstLetter = bytes.prefix(64).first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    if begins("\u{FEFF}<") || firstLetter == UInt8(ascii: "<") {
      self = .openVINO
    } else if begins("PK\u{3}\u{4}") {
      self = .foreign("a zip archive, as PyTorch's .pt files are; export it to ONNX first")
    } else if start.starts(with: [0x80, 0x02]) {
      self = .foreign("a Python pickle, as old PyTorch files are; export it to ONNX first")
    } else if begins("ftrt") || begins("ptrt") || begins("vtrt") {
      self = .foreign("a TensorRT engine; it needs an NVIDIA GPU and TensorRT")
    } else if start.count >= 5, start[2...3] == [0, 0], start[4] == UInt8(ascii: "{") {
      self = .foreign("a TensorRT engine with a header of metadata; it needs an NVIDIA GPU and TensorRT")
    } else if begins("TFL3", at: 4) {
      self = .foreign("a TensorFlow Lite model; export the original to ONNX instead")
    } else if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      self = .foreign("an HDF5 file, as Keras writes; export it to ONNX first")
    } else if start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
      self = .foreign("a program or library")
    } else if start.starts(with: [0xFF, 0xD8, 0xFF]) || start.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = .foreign("a picture")
    } else {
      self = .onnx
    }
  }
}
