import FakeRuntimes
import Inference
import Tensors
import Testing

/// Files of engines: headers, records, refusals, and the cache.
@Suite struct EngineFileTests {
  @Test("a header is written and read, metadata as the model has it", arguments: EngineFile.Header.allCases)
  func headers(header: EngineFile.Header) throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      var record = try fake.write(Fixtures.model("v8"), to: path, header: header)
      // The header belongs to the command that builds it again.
      if header != .none { record.settings.append(.init("header", header.rawValue)) }
      let file = try EngineFile(path: path)
      #expect(file.header == header)
      #expect(file.metadata == record.metadata)
      #expect(file.metadata["names"] == "{0: 'red', 1: 'green', 2: 'blue'}")
      #expect(file.metadata["imgsz"] == "[64, 64]")
      #expect(file.record == record)
      #expect(EngineFile.isEngine(path: path))
      let engine = try TensorRTEngine(path: path, device: fake.device)
      #expect(engine.metadata == record.metadata)
      #expect(engine.inputs.map(\.description) == ["images (?, 3, 64, 64) float32"])
      let image = CellImage(seed: 2)
      #expect(try Runner(engine, maximumBatch: 2).run([image], mode: .synchronous).floats == image.expectedV8())
    }
  }

  @Test("the header is the exporter's: length, JSON, plan")
  func headerBytes() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .ultralytics)
      let bytes = try Fixtures.read(path)
      let length = bytes[0..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
      let json = String(decoding: bytes[4..<4 + length], as: UTF8.self)
      #expect(json.contains(#""names": {"0": "red", "1": "green", "2": "blue"}"#))
      #expect(json.contains(#""imgsz": [64, 64]"#))
      #expect(json.contains(#""stride": 8"#))
      #expect(json.contains(#""version": "8.3.0""#))
      #expect(Array(bytes[(4 + length)...].prefix(4)) == Array("ftrt".utf8))
    }
  }

  @Test("a record tells what built the engine, and how to build it again")
  func record() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      var options = try FakeDevice.options(batch: "1:2:4")
      options.precision = .fp16
      options.optimizationLevel = 2
      options.isDetailed = true
      let record = try fake.write(Fixtures.model("v8"), to: path, header: .none, options: options)
      #expect(record.tensorRT == "TensorRT 10.16.0")
      #expect(record.gpu?.name == "Fake GPU 0")
      #expect(record.precision == "fp16")
      #expect(record.inputs.first?.maximum == [4, 3, 64, 64])
      #expect(
        record.buildCommand(engine: "x.engine")
          == "swoop build v8.onnx -o x.engine --batch 1:2:4 --size 8:64:96 --precision fp16 --level 2 --detailed")
      let text = String(decoding: try Fixtures.read(EngineFile.recordPath(path)), as: UTF8.self)
      #expect(text.contains("\"sha256\": \"00ff\""))
      let again = Array(text.utf8).withUnsafeBytes { EngineRecord(json: $0) }
      #expect(again == record)
    }
  }

  @Test(
    "records that are none are no error",
    arguments: ["", "{}", "[1, 2", "{\"format\": \"swoop engine record 1\"}", "\u{0}\u{1}"])
  func brokenRecords(text: String) throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .none)
      try Fixtures.write(text.utf8, to: EngineFile.recordPath(path))
      #expect(try EngineFile(path: path).record == nil)
      _ = try TensorRTEngine(path: path, device: fake.device)
    }
  }

  @Test("the command that builds an engine again is one that a shell takes")
  func quoting() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let model = "\(folder)/it's a model.onnx"
      try Fixtures.write(Fixtures.read(Fixtures.model("v8")), to: model)
      var options = try FakeDevice.options(batch: "1:2:4")
      options.timingCache = "\(folder)/$HOME"
      let record = try fake.write(model, to: "\(folder)/x.engine", header: .ultralytics, options: options)
      #expect(
        record.buildCommand(engine: "my engine")
          == "swoop build 'it'\\''s a model.onnx' -o 'my engine' --batch 1:2:4 --size 8:64:96 --precision fp32 "
          + "--timing-cache '\(folder)/$HOME'")
      #expect(
        try EngineFile(path: "\(folder)/x.engine").record?.buildCommand(engine: "e").hasSuffix(" --header ultralytics")
          == true)
    }
  }

  @Test("a record of another engine of the same length is not believed")
  func foreignRecord() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let paths = ["\(folder)/a.engine", "\(folder)/b.engine"]
      for (path, verbosity) in zip(paths, [false, true]) {
        var options = try FakeDevice.options()
        options.isDetailed = verbosity
        _ = try fake.write(Fixtures.model("v8"), to: path, header: .none, options: options)
      }
      #expect(try Fixtures.read(paths[0]).count == Fixtures.read(paths[1]).count)
      try Fixtures.write(Fixtures.read(EngineFile.recordPath(paths[1])), to: EngineFile.recordPath(paths[0]))
      #expect(try EngineFile(path: paths[0]).record == nil)
      #expect(try EngineFile(path: paths[1]).record != nil)
    }
  }

  @Test("a plan of another version says what it was built with, what is here, and the command that rebuilds it")
  func otherVersion() throws {
    let builder = try FakeDevice(version: 100_900)
    let runner = try FakeDevice(version: 110_000)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try builder.write(Fixtures.model("v8"), to: path, header: .ultralytics)
      let error = #expect(throws: InferenceError.self) { try TensorRTEngine(path: path, device: runner.device) }
      #expect(error?.code == .modelInvalid)
      let message = error?.message ?? ""
      #expect(message.contains("built with TensorRT 10.9.0 for Fake GPU 0 (compute capability 8.6)"))
      #expect(message.contains("Here are TensorRT 11.0.0 and Fake GPU 0 (compute capability 8.6)"))
      #expect(message.contains("swoop build v8.onnx -o \(path) --batch 1:4:8"))
      #expect(error?.cause?.contains("expecting library version 110000 got 100900, please rebuild") == true)
      // Without the record it says that too.
      try Fixtures.write([], to: EngineFile.recordPath(path))
      let bare = #expect(throws: InferenceError.self) { try TensorRTEngine(path: path, device: runner.device) }
      #expect(bare?.message.contains("no record") == true)
    }
  }

  @Test("files that are no engines are refused: empty, cut off, damaged, hostile headers")
  func broken() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .ultralytics)
      let bytes = try Fixtures.read(path)
      for count in [0, 1, 4, 5, 100, bytes.count / 2, bytes.count - 1] {
        try Fixtures.write(bytes.prefix(count), to: path)
        #expect(throws: InferenceError.self, "\(count)") { try TensorRTEngine(path: path, device: fake.device) }
      }
      for length in [UInt32.max, 0x7fff_ffff, 0, 1, UInt32(bytes.count)] {
        let prefix = withUnsafeBytes(of: length.littleEndian) { Array($0) }
        try Fixtures.write(prefix + bytes.dropFirst(4), to: path)
        #expect(throws: InferenceError.self, "\(length)") { try TensorRTEngine(path: path, device: fake.device) }
      }
      let deep = String(repeating: "[", count: 100_000)
      let header = "{\"a\": \(deep)"
      try Fixtures.write(
        withUnsafeBytes(of: UInt32(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + [0], to: path)
      #expect(throws: InferenceError.self) { try TensorRTEngine(path: path, device: fake.device) }
      #expect(throws: InferenceError.self) { try TensorRTEngine(path: "\(folder)/missing.engine", device: fake.device) }
      #expect(!EngineFile.isEngine(path: "\(folder)/missing.engine"))
      #expect(!EngineFile.isEngine(path: Fixtures.model("v8")))
    }
  }

  @Test("what a hostile header says cannot drive the terminal, nor break the reader")
  func hostileHeader() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .none)
      let plan = try Fixtures.read(path)
      for (json, shown) in [
        (#"{"names": "\u001b]0;owned\u0007\u009b2J"}"#, "metadata names: \u{FFFD}]0;owned\u{FFFD}\u{FFFD}2J"),
        (#"{"a": "\ud800", "a": 1e999, "b": -9223372036854775808, "c": 99999999999999999999}"#, "metadata c: 1e+20"),
        (
          #"{"imgsz": {"0": [[[null, true]]]}, "stride": -1, "names": [], "task": 7}"#,
          "metadata imgsz: {0: [[[None, True]]]}"
        ),
      ] {
        let prefix = withUnsafeBytes(of: UInt32(json.utf8.count).littleEndian) { Array($0) }
        try Fixtures.write(prefix + Array(json.utf8) + plan, to: path)
        let text = try engineSummary(path: path, device: fake.device)
        #expect(text.contains(shown), "\(text)")
        #expect(!text.contains("\u{1B}"))
        let image = CellImage(seed: 2)
        let engine = try TensorRTEngine(path: path, device: fake.device)
        #expect(try Runner(engine, maximumBatch: 1).run([image], mode: .synchronous).floats == image.expectedV8())
      }
      // Text that is no JSON, or no object, is no header: the plan is then what the file starts with.
      for json in [#"{"a": "b""#, #"{"a" 1}"#, "{]", #"{"a": "\"#, "{\u{0}}"] {
        let prefix = withUnsafeBytes(of: UInt32(json.utf8.count).littleEndian) { Array($0) }
        try Fixtures.write(prefix + Array(json.utf8) + plan, to: path)
        #expect(try EngineFile(path: path).header == .none)
        #expect(throws: InferenceError.self) { try TensorRTEngine(path: path, device: fake.device) }
      }
    }
  }

  @Test("a summary describes the file, its record and the loaded engine")
  func summary() throws {
    let fake = try FakeDevice(version: 101_600)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .ultralytics)
      let text = try engineSummary(path: path, layers: true, device: fake.device)
      #expect(text.contains("header: Ultralytics"))
      #expect(text.contains("built with: TensorRT 10.16.0 for Fake GPU 0 (compute capability 8.6)"))
      #expect(text.contains("input images (?, 3, 64, 64) float32, Row major linear format (kLINEAR)"))
      #expect(text.contains("profile 0: [1, 3, 64, 64] to [8, 3, 64, 64], best at [4, 3, 64, 64]"))
      #expect(text.contains("/AveragePool_"))
      // Elsewhere it still tells what the file and the record tell.
      let other = try FakeDevice(version: 110_400)
      let foreign = try engineSummary(path: path, device: other.device)
      #expect(foreign.contains("not loaded here"))
      #expect(foreign.contains("model: v8.onnx"))
      #expect(throws: InferenceError.self) { try engineSummary(path: path, layers: true, device: other.device) }
    }
  }
}

extension FakeDevice {
  /// Builds a model and writes the engine with its record.
  func write(_ model: String, to path: String, header: EngineFile.Header, options: TensorRTBuildOptions? = nil) throws
    -> EngineRecord
  {
    let build = try TensorRTBuild(library: device.library, device: device)
    let result = try build.build(.init(path: model, digest: "00ff"), options: options ?? Self.options())
    try result.write(to: path, header: header)
    return result.record
  }
}
