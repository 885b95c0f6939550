internal import ONNX

/// The text of `swoop inspect --graph`.
///
/// - Parameters:
///   - path: an ONNX file.
///   - size: height and width in pixels for operations and memory; `nil` for the model's own, 640 × 640 where it is
///     dynamic.
/// - Throws: `ModelError` where the file is no valid model or cannot have that size.
func graphSummary(_ path: String, size: (height: Int, width: Int)? = nil) throws -> String {
  let model = try Model(path: path)
  try model.check()
  let summary = try model.summary(size: size)
  var lines: [String] = []
  func line(_ name: String, _ value: String) {
    lines.append(name + String(repeating: " ", count: max(1, 19 - name.count)) + value)
  }
  let sets = model.operatorSets.map { "\($0.domain.isEmpty ? "" : "\($0.domain) ")\($0.version)" }
  line("model", path)
  line("format", "IR \(model.irVersion), operator set \(sets.joined(separator: ", "))")
  if !model.producerName.isEmpty { line("producer", "\(model.producerName) \(model.producerVersion)") }
  for value in summary.inputs { line("input", "\(value)") }
  for value in summary.outputs { line("output", "\(value)") }
  line("nodes", "\(summary.nodeCount)")
  line("parameters", "\(scaled(summary.parameterCount, 1000)), \(scaled(summary.parameterByteCount, 1024))B")
  line("operations", summary.operationCount.map { "\(scaled($0, 1000))FLOP a batch (convolutions and matrix products)" } ?? "not known")
  line("activations", summary.peakActivationByteCount.map { "\(scaled($0, 1024))B at the most, unfused" } ?? "not known")
  if summary.isBatchDynamic {
    line("dynamic batch", "yes")
  } else if let obstacle = summary.dynamicBatchObstacle {
    line("dynamic batch", "no: \(obstacle)")
  } else {
    line("dynamic batch", "no, but 'swoop convert --batch dynamic' can make it so")
  }
  if !summary.unknownOperators.isEmpty { line("not understood", summary.unknownOperators.joined(separator: ", ")) }
  line("operators", "")
  for entry in summary.operators { lines.append("  \(entry.name)\(String(repeating: " ", count: max(1, 17 - entry.name.count)))\(entry.count)") }
  return lines.joined(separator: "\n")
}

/// `8.7 G`, `12.1 Mi`: three digits and a prefix.
private func scaled(_ value: Int, _ base: Int) -> String {
  var number = Double(value)
  var prefix = 0
  while number >= Double(base), prefix < 4 {
    number /= Double(base)
    prefix += 1
  }
  let prefixes = base == 1000 ? ["", "k", "M", "G", "T"] : ["", "Ki", "Mi", "Gi", "Ti"]
  if prefix == 0 { return "\(value) " }
  let digits = number < 10 ? 100.0 : number < 100 ? 10.0 : 1.0
  let rounded = (number * digits).rounded() / digits
  return "\(digits == 1 ? "\(Int(rounded))" : "\(rounded)") \(prefixes[prefix])"
}
