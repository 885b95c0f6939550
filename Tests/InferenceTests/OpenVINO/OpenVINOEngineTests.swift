import Glibc
import Inference
import OpenVINO
import SeededNumbers
import Tensors
import Testing

/// What the OpenVINO adapter does beyond the protocol.
@Suite("OpenVINO engine", .enabled(if: EngineUnderTest.openVINO != nil, EngineUnderTest.reason))
struct OpenVINOEngineTests {
  private static func engine(
    _ path: String, _ change: (inout OpenVINOOptions) -> Void = { _ in }
  ) throws -> OpenVINOEngine {
    var options = OpenVINOOptions()
    change(&options)
    return try OpenVINOEngine(modelPath: path, options: options, library: EngineUnderTest.openVINO)
  }

  /// The error that loading a file of these bytes gives.
  private static func refusal(of bytes: [UInt8], name: String = "model.onnx") throws -> InferenceError? {
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/\(name)"
      try Fixtures.write(bytes, to: path)
      let error = #expect(throws: InferenceError.self) { _ = try engine(path) }
      #expect(error?.message.contains(path) == true)
      return error
    }
  }

  @Test("says why a file cannot be read")
  func unreadable() throws {
    let missing = #expect(throws: InferenceError.self) { _ = try Self.engine("/nonexistent/model.onnx") }
    #expect(missing?.code == .modelUnreadable)
    #expect(missing?.message.contains("No such file") == true)
    let folder = #expect(throws: InferenceError.self) { _ = try Self.engine(Fixtures.folder) }
    #expect(folder?.code == .modelUnreadable)
    #expect(folder?.message.contains("is a folder") == true)
    #expect(throws: InferenceError.self) { _ = try Self.engine("/dev/null") }
  }

  @Test(
    "says what a file is that is no model",
    arguments: [
      (Array("PK\u{3}\u{4}rest of an archive".utf8), "PyTorch"),
      ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], "picture"),
      ([0x1A, 0x01, 0, 0] + Array("{\"names\": {}}plan".utf8), "TensorRT"),
      (Array("ftrt and a plan".utf8), "TensorRT"),
      ([0x1C, 0, 0, 0] + Array("TFL3 and more".utf8), "TensorFlow Lite"),
      (Array("hello, I am no model at all\n".utf8), "not an ONNX model"),
      ([], "empty"),
    ])
  func foreign(bytes: [UInt8], word: String) throws {
    let error = try Self.refusal(of: bytes)
    #expect(error?.code == .modelInvalid)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }

  @Test("says where a cut file ends")
  func cut() throws {
    let bytes = try Fixtures.read(Fixtures.model("v8"))
    for count in [1, 100, 2000, bytes.count - 1] {
      let error = try Self.refusal(of: Array(bytes.prefix(count)))
      #expect(error?.code == .modelInvalid)
    }
    let error = try Self.refusal(of: Array(bytes.prefix(2000)))
    #expect(error?.message.contains("of 2000") == true)
  }

  @Test("says what is wrong with XML that is no model")
  func xml() throws {
    let page = try Self.refusal(of: Array("<html></html>".utf8), name: "model.xml")
    #expect(page?.code == .modelInvalid)
    #expect(page?.message.contains("<net>") == true)
    let cut = try Self.refusal(of: Array("<?xml version=\"1.0\"?><net name=\"a\"".utf8), name: "model.xml")
    #expect(cut?.message.contains("cut off") == true)
    let empty = try Self.refusal(of: Array("<net name=\"a\" version=\"11\"></net>".utf8), name: "model.xml")
    #expect(empty?.code == .modelInvalid)
  }

  @Test("names the operator that OpenVINO lacks")
  func unsupportedOperator() throws {
    let error = #expect(throws: InferenceError.self) {
      _ = try Self.engine(Fixtures.model("unsupported-operator"))
    }
    #expect(error?.code == .modelUnsupported)
    #expect(error?.message.contains("com.example.Sharpen") == true)
    #expect(error?.cause?.isEmpty == false)
  }

  @Test("describes an input of another rank; whoever uses the engine judges it")
  func otherRank() throws {
    #expect(
      try Self.engine(Fixtures.model("wrong-rank")).inputs[0].description == "image (3, 64, 64) float32")
  }

  @Test("runs OpenVINO IR with the metadata beside it")
  func ir() throws {
    let engine = try Self.engine("\(Fixtures.folder)/v8-ir/v8.xml")
    #expect(engine.inputs.map(\.description) == ["images (?, 3, 64, 64) float32"])
    #expect(engine.outputs.map(\.name) == ["output0"])
    #expect(engine.metadata["imgsz"] == "[64, 64]")
    let images = (0..<3).map { CellImage(seed: UInt64(600 + $0)) }
    let output = try Runner(engine, maximumBatch: 3).run(images, mode: .asynchronous)
    #expect(output.floats == images.flatMap { $0.expectedV8() })
  }

  @Test("takes the number of threads and refuses senseless ones")
  func threads() throws {
    #expect(try Self.engine(Fixtures.model("v8")) { $0.threads = 1 }.threadCount == 1)
    let none = #expect(throws: InferenceError.self) {
      _ = try Self.engine(Fixtures.model("v8")) { $0.threads = 0 }
    }
    #expect(none?.code == .optionUnsupported)
  }

  @Test("says which devices there are when asked for another")
  func device() throws {
    let error = #expect(throws: InferenceError.self) {
      _ = try Self.engine(Fixtures.model("v8")) { $0.device = "TPU" }
    }
    #expect(error?.code == .optionUnsupported)
    #expect(error?.message.contains("CPU") == true)
  }

  @Test("runs the precision asked for, or says that it cannot", arguments: RequestedPrecision.allCases)
  func precision(_ precision: RequestedPrecision) throws {
    do {
      let engine = try Self.engine(Fixtures.model("v8")) { $0.precision = precision }
      if precision != .auto { #expect(engine.identity.precision == precision.rawValue) }
      // The fixture's numbers are exact in every one of these types but for the last bits of float32.
      var image = CellImage()
      image[0, 3, 3] = 64
      #expect(
        try Runner(engine, maximumBatch: 1).run([image], mode: .synchronous).floats == image.expectedV8())
    } catch let error as InferenceError {
      #expect(precision != .fp32 && precision != .auto)
      #expect(error.code == .optionUnsupported)
      #expect(error.message.contains(precision.rawValue))
    }
  }

  @Test("keeps the pixels where the caller wrote them: nothing is copied on the way to OpenVINO")
  func inPlace() throws {
    let runner = try Runner(Self.engine(Fixtures.model("v8")), maximumBatch: 1)
    let image = CellImage(seed: 1)
    #expect(try runner.run([image], mode: .synchronous).floats == image.expectedV8())
    // Changed behind the context's back, without another call: the next execution must see it.
    var other = image
    other[1, 0, 0] = 64
    let bytes = try runner.context.inputBytes(named: "images")
    other.pixels().withUnsafeBytes { bytes.copyMemory(from: $0) }
    try runner.context.execute()
    #expect(try CopiedOutput(runner.context.output(named: "output0")).floats == other.expectedV8())
  }

  @Test("damaged models give errors, never a crash", arguments: 0..<8)
  func mutated(part: Int) throws {
    let names = [
      "v8", "v8-dynamic-size", "three-tensors", "end-to-end", "efficient-nms", "data-dependent", "two-inputs",
    ]
    var generator = SplitMix64(seed: UInt64(part))
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/model.onnx"
      for _ in 0..<25 {
        var bytes = try Fixtures.read(Fixtures.model(names.randomElement(using: &generator) ?? "v8"))
        if Int.random(in: 0..<6, using: &generator) == 0 {
          bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
        }
        for _ in 0..<[1, 1, 2, 4, 16][Int.random(in: 0..<5, using: &generator)] {
          let index = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[index] =
            [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0 ... .max, using: &generator)][
              Int.random(in: 0..<6, using: &generator)]
        }
        try Fixtures.write(bytes, to: path)
        do {
          let engine = try Self.engine(path) { $0.threads = 1 }
          #expect(
            engine.outputs.count == engine.outputs.map(\.name).reduce(into: Set()) { $0.insert($1) }.count)
        } catch let error as InferenceError {
          #expect(error.message.contains(path))
        }
      }
    }
  }
}
