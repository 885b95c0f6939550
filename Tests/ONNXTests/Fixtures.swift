import Glibc
import ONNX
import SeededNumbers
import Tensors

/// The models beside this file; make_fixtures.py says what they are.
enum Fixture: String, CaseIterable, Sendable, CustomStringConvertible {
  case head = "tiny-head"
  case dynamic = "tiny-dynamic"
  case objectness = "tiny-objectness"
  case end = "tiny-end"

  static let folder = #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Fixtures"

  var path: String { "\(Self.folder)/\(rawValue).onnx" }
  var description: String { rawValue }

  func load() throws -> Model { try Model(path: path) }

  var outputName: String { self == .objectness ? "output" : "output0" }

  /// The output as a runtime gives it, for each of the images by itself.
  func run(_ images: [DenseTensor]) throws -> [DenseTensor] {
    let model = try load()
    return try images.map { image in
      guard let output = try ReferenceRuntime.run(model, ["images": image])[outputName] else {
        throw ReferenceRuntime.Failure(description: "no output")
      }
      return output
    }
  }
}

/// Seeded images, so that a failure is the same failure every time.
enum Noise {
  /// Bytes (1, height, width, 3) for each image.
  static func bytes(_ count: Int, height: Int, width: Int) -> [[Int64]] {
    (0..<count).map { image in
      var noise = SplitMix64(seed: image + 11)
      return (0..<(height * width * 3)).map { _ in Int64.random(in: 0...255, using: &noise) }
    }
  }

  /// Images (1, 3, height, width) in [0, 1].
  static func images(_ count: Int, height: Int = 64, width: Int = 64) -> [DenseTensor] {
    bytes(count, height: height, width: width).map { bytes in
      let planes = (0..<3).flatMap { channel in
        (0..<(height * width)).map { Float(bytes[$0 * 3 + channel]) / 255 }
      }
      return DenseTensor(.float32, [1, 3, height, width], floats: planes)
    }
  }
}

/// Joins tensors along their first axis.
func stack(_ tensors: [DenseTensor]) -> DenseTensor {
  let shape = [tensors.reduce(0) { $0 + $1.shape[0] }] + tensors[0].shape.dropFirst()
  if tensors[0].floats != nil {
    return DenseTensor(tensors[0].elementType, shape, floats: tensors.flatMap { $0.floats ?? [] })
  }
  return DenseTensor(tensors[0].elementType, shape, integers: tensors.flatMap { $0.integers ?? [] })
}

/// Whether two tensors have the same type, shape and bits.
func identical(_ a: DenseTensor?, _ b: DenseTensor?) -> Bool {
  guard let a, let b, a.elementType == b.elementType, a.shape == b.shape else { return false }
  return a.floats?.map(\.bitPattern) == b.floats?.map(\.bitPattern) && a.integers == b.integers
}

/// The greatest difference of two float tensors of one shape; infinity where they cannot be compared.
func difference(_ a: DenseTensor?, _ b: DenseTensor?) -> Float {
  guard let x = a?.floats, let y = b?.floats, a?.shape == b?.shape else { return .infinity }
  return zip(x, y).map { ($0 - $1).magnitude }.max() ?? 0
}

/// A folder that goes away with the test.
final class TemporaryFolder {
  let path: String
  init() throws {
    var template = Array("/tmp/onnx-tests.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ReferenceRuntime.Failure(description: "no temporary folder")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    guard let file = fopen("\(path)/\(name)", "w") else { throw ReferenceRuntime.Failure(description: name) }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func read(_ name: String) throws -> [UInt8] { try readFile("\(path)/\(name)") }

  deinit { _ = system("rm -rf '\(path)'") }
}

func readFile(_ path: String) throws -> [UInt8] {
  guard let file = fopen(path, "r") else { throw ReferenceRuntime.Failure(description: path) }
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  var bytes = [UInt8](repeating: 0, count: ftell(file))
  rewind(file)
  guard fread(&bytes, 1, bytes.count, file) == bytes.count else {
    throw ReferenceRuntime.Failure(description: path)
  }
  return bytes
}
