import Glibc
import Logging
import ONNXRuntime
import Tensors
import Testing

/// The real library, opened once; `nil` where this machine has none.
enum Runtime {
  static let library = try? ONNXRuntimeLibrary()
  static var isHere: Bool { library != nil }

  /// An environment that says nothing: the messages of tests that fail on purpose would drown the others.
  static let environment: Environment? = {
    guard let library else { return nil }
    var logger = Logger(label: "onnxruntime.tests")
    logger.logLevel = .critical
    return try? Environment(library: library, name: "tests", logger: logger)
  }()

  static func session(_ model: String, options: SessionOptions = Self.quiet) throws -> Session {
    try Session(environment: try #require(environment), path: Fixtures.path(model), options: options)
  }

  /// One thread: the models are tiny.
  static var quiet: SessionOptions {
    var options = SessionOptions()
    options.intraOpThreads = 1
    return options
  }
}

enum Fixtures {
  static func path(_ model: String) -> String {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Fixtures/models/\(model).onnx"
  }

  /// One image (3, 64, 64) in 0...1 with one 8x8 cell of one channel at 1, as the models' README describes.
  static func image(channel: Int, column: Int, row: Int) -> [Float] {
    var pixels = [Float](repeating: 0, count: 3 * 64 * 64)
    for y in row * 8..<row * 8 + 8 {
      for x in column * 8..<column * 8 + 8 { pixels[(channel * 64 + y) * 64 + x] = 1 }
    }
    return pixels
  }
}

extension Value {
  /// A tensor of the library's own memory that holds `elements`.
  static func holding<T>(_ elements: [T], shape: [Int], type: ElementType) throws -> Value {
    let value = try Value(library: try #require(Runtime.library), shape: shape, elementType: type)
    elements.withUnsafeBytes { source in
      if let bytes = try? value.bytes() { bytes.copyMemory(from: source) }
    }
    return value
  }

  func elements<T>(as type: T.Type) throws -> [T] { Array(try bytes().bindMemory(to: T.self)) }
}

extension Fixtures {
  static func bytes(_ model: String) throws -> [UInt8] {
    let file = try #require(fopen(path(model), "rb"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}
