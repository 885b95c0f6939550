import Glibc
import Inference
import OpenVINO
import SeededNumbers
import Tensors
import Testing

@Suite("cache of compiled models", .enabled(if: EngineUnderTest.openVINO != nil, EngineUnderTest.reason))
struct OpenVINOCacheTests {
  private static let image = CellImage(seed: 77)

  /// Loads a model with a cache and checks its numbers.
  private func load(
    _ path: String = Fixtures.model("v8"), folder: String,
    _ change: (inout OpenVINOOptions) -> Void = { _ in }
  ) throws -> OpenVINOEngine {
    var options = OpenVINOOptions()
    options.cacheFolder = folder
    change(&options)
    let engine = try OpenVINOEngine(modelPath: path, options: options, library: EngineUnderTest.openVINO)
    let runner = try Runner(engine, maximumBatch: 3)
    let images = [Self.image, CellImage(), Self.image]
    for mode in ExecutionMode.allCases {
      #expect(try runner.run(images, mode: mode).floats == images.flatMap { $0.expectedV8() })
    }
    return engine
  }

  private func storedPath(_ outcome: OpenVINOCacheOutcome) throws -> String {
    guard case .stored(let path) = outcome else { throw Fixtures.Failure("not stored: \(outcome)") }
    return path
  }

  @Test("a model is compiled once and loaded afterwards, with the same description")
  func storedThenLoaded() throws {
    try Fixtures.withTemporaryFolder { folder in
      let folder = "\(folder)/made/on demand"
      let first = try load(folder: folder)
      let path = try storedPath(first.cacheOutcome)
      #expect(path.hasPrefix(folder))
      let second = try load(folder: folder)
      #expect(second.cacheOutcome == .loaded(path))
      #expect(second.inputs == first.inputs && second.outputs == first.outputs)
      #expect(second.metadata == first.metadata && second.identity == first.identity)
      #expect(
        second.threadCount == first.threadCount && second.preferredContextCount == first.preferredContextCount
      )
    }
  }

  @Test("another model, precision, goal or number of threads is another entry")
  func keys() throws {
    try Fixtures.withTemporaryFolder { folder in
      let paths = try [
        storedPath(load(folder: folder).cacheOutcome),
        storedPath(load(folder: folder) { $0.precision = .auto }.cacheOutcome),
        storedPath(load(folder: folder) { $0.goal = .latency }.cacheOutcome),
        storedPath(load(folder: folder) { $0.threads = 1 }.cacheOutcome),
        storedPath(load(Fixtures.model("v8-no-metadata"), folder: folder).cacheOutcome),
      ]
      #expect(Set(paths).count == paths.count)
    }
  }

  @Test("a damaged entry is made anew and gives no wrong number", arguments: 0..<12)
  func damaged(_ kind: Int) throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = try storedPath(load(folder: folder).cacheOutcome)
      var bytes = try Fixtures.read(path)
      var generator = SplitMix64(seed: UInt64(kind))
      switch kind {
      case 0: bytes = []
      case 1: bytes.removeLast()
      case 2: bytes.removeFirst(100)
      case 3: bytes = Array(bytes.suffix(48))
      case 4: bytes += [0]
      case 5: bytes[bytes.count - 1] ^= 1
      default:
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      }
      try Fixtures.write(bytes, to: path)
      #expect(try load(folder: folder).cacheOutcome == .stored(path))
      #expect(try load(folder: folder).cacheOutcome == .loaded(path))
    }
  }

  @Test("an entry under another model's name is not taken")
  func misplaced() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = try storedPath(load(folder: folder).cacheOutcome)
      let other = try storedPath(load(Fixtures.model("v8-no-metadata"), folder: folder).cacheOutcome)
      rename(other, path)
      #expect(try load(folder: folder).cacheOutcome == .stored(path))
    }
  }

  @Test("a folder that cannot be written to is no error, and is told")
  func unwritable() throws {
    try Fixtures.withTemporaryFolder { folder in
      try Fixtures.write(Array("a file".utf8), to: "\(folder)/file")
      guard case .notStored(let reason) = try load(folder: "\(folder)/file/cache").cacheOutcome else {
        throw Fixtures.Failure("it was stored in a file")
      }
      #expect(reason.contains("\(folder)/file"))
    }
  }
}
