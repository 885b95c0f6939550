internal import CUDA
internal import TensorRT
internal import Tensors

/// Describes an engine's file for `swoop inspect`: what the file itself tells, what its record tells, and, where a GPU and
/// a library are there that can load it, what TensorRT tells.
///
/// - Parameters:
///   - layers: also list the layers, which needs the engine to be loaded.
///   - device: the library and GPU to load it with; `nil` looks for them.
/// - Returns: lines of text.
/// - Throws: ``InferenceError`` where the file cannot be read, or where layers are wanted and it cannot be loaded.
public func engineSummary(path: String, layers: Bool = false, device: TensorRTDevice? = nil) throws -> String {
  let file = try EngineFile(path: path)
  var lines = ["\(path): TensorRT engine, \(file.planByteCount) bytes"]
  if file.header == .ultralytics { lines.append("header: Ultralytics (\(file.metadata.count) entries of metadata)") }
  if let record = file.record {
    lines.append("built with: \(record.builtWith)")
    lines.append("model: \(record.model), SHA-256 \(record.modelDigest)")
    lines.append("precision: \(record.precision)")
    for input in record.inputs {
      let shapes =
        input.minimum == input.maximum
        ? "\(input.maximum)" : "\(input.minimum) to \(input.maximum), best at \(input.optimum)"
      lines.append("input \(input.name): \(shapes) \(input.elementType)")
    }
    lines.append("build: \(record.buildSeconds) s; again: \(record.buildCommand(engine: path))")
  } else {
    lines.append("record: none beside it (\(EngineFile.recordPath(path)))")
  }
  for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) { lines.append("metadata \(key): \(value)") }

  let engine: TensorRTEngine
  do {
    let device = try device ?? TensorRTDevice()
    engine = try TensorRTEngine(path: path, device: device)
  } catch {
    // Without a GPU there is still much to say; layers are not part of it.
    guard !layers else { throw error }
    lines.append("not loaded here: \(error)")
    return printable(lines)
  }
  let native = engine.native
  lines.append("loaded with: \(engine.device.library.version) on \(engine.device.device)")
  for tensor in native.tensors {
    let role = tensor.mode == .input ? "input" : "output"
    lines.append("\(role) \(tensor.descriptor), \(tensor.formatDescription)")
    guard tensor.mode == .input, tensor.shape.contains(where: { $0 < 0 }) else { continue }
    for profile in 0..<native.optimizationProfileCount {
      let bounds = try ProfileSelector.allCases.map { try native.profileShape(of: tensor.name, profile: profile, $0) }
      lines.append("  profile \(profile): \(bounds[0]) to \(bounds[2]), best at \(bounds[1])")
    }
  }
  lines.append("device memory a context: \(native.deviceMemoryByteCount) bytes")
  if let level = native.hardwareCompatibility { lines.append("hardware compatibility: \(level.rawValue)") }
  lines.append("layers: \(native.layerCount); refittable: \(native.isRefittable ? "yes" : "no")")
  if layers {
    do {
      lines.append(try native.information(format: .oneLine))
    } catch {
      throw InferenceError(error, "The layers of \(path) cannot be listed.")
    }
  }
  return printable(lines)
}

/// Lines of text without control characters: names and metadata come from files, which may try to drive the terminal.
private func printable(_ lines: [String]) -> String {
  var text = String.UnicodeScalarView()
  for scalar in lines.joined(separator: "\n").unicodeScalars {
    let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    text.append(isControl ? "\u{FFFD}" : scalar)
  }
  return String(text)
}
