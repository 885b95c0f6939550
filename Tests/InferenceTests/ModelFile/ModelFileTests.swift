import Inference
import SeededNumbers
import Testing

@Suite("model files")
struct ModelFileTests {
  @Test("ONNX metadata comes out as the exporter wrote it")
  func onnxMetadata() throws {
    let odd = try ModelFile(path: Fixtures.model("v8-odd-names"))
    #expect(
      odd.metadata["names"]
        == #"{0: 'it\'s "quoted"', 1: "tab\there, brace } and \u00e9\x21", 2: 'naïve\\path',}"#)
    #expect(odd.metadata["task"] == "detect")
    #expect(try ModelFile(path: Fixtures.model("v8-no-metadata")).metadata.isEmpty)
  }

  @Test("ONNX tensors have names and named axes")
  func onnxTensors() throws {
    let file = try ModelFile(path: Fixtures.model("v8-dynamic-size"))
    #expect(file.inputs.map(\.name) == ["images"])
    #expect(file.inputs[0].axisNames == ["batch", nil, "height", "width"])
    #expect(file.outputs[0].axisNames == ["batch", nil, "anchors"])
    #expect(
      try ModelFile(path: Fixtures.model("efficient-nms")).outputs.map(\.name)
        == ["num_dets", "det_boxes", "det_scores", "det_classes"])
  }

  @Test("IR metadata comes from the model and the YAML file beside it")
  func irMetadata() throws {
    let metadata = try ModelFile(path: "\(Fixtures.folder)/v8-ir/v8.xml").metadata
    #expect(metadata["names"] == #"{0: 'red', 1: 'green: "light"', 2: 'it\'s blue'}"#)
    #expect(metadata["imgsz"] == "[64, 64]")
    #expect(metadata["stride"] == "8")
    #expect(metadata["version"] == "8.3.0")
    #expect(metadata["args"] == "{'batch': 1, 'half': 'false', 'dynamic': 'true'}")
  }

  @Test("IR metadata without a YAML file is what the converter kept")
  func irAlone() throws {
    try Fixtures.withTemporaryFolder { folder in
      var text = String(decoding: try Fixtures.read("\(Fixtures.folder)/v8-ir/v8.xml"), as: UTF8.self)
      text = text.replacing("'red'", with: "&apos;r&amp;d&#233;&apos;")
      try Fixtures.write(text.utf8, to: "\(folder)/v8.xml")
      let metadata = try ModelFile(path: "\(folder)/v8.xml").metadata
      #expect(metadata["names"] == "{0: 'r&dé', 1: 'green', 2: 'blue'}")
      #expect(metadata["task"] == "detect")
    }
  }

  @Test(
    "odd YAML gives what can be understood and no more",
    arguments: [
      ("", [:]),
      ("# comment\n\nkey: value", ["key": "value"]),
      (
        "a: 'it''s'\nb: \"say \\\"hi\\\"\"\nurl: http://x:1/y",
        ["a": "it's", "b": "say \"hi\"", "url": "http://x:1/y"]
      ),
      ("list:\n- a\n- 'b'\n- 3", ["list": "['a', 'b', 3]"]),
      ("names:\n  0: '1'\n  1: 2\n  10: x", ["names": "{0: '1', 1: 2, 10: 'x'}"]),
      ("names:\nother: 1\n  stray", ["other": "1"]),
      (": : :\n-\n'", [:]),
    ] as [(String, [String: String])])
  func yaml(text: String, expected: [String: String]) {
    #expect(SimpleYAML.topLevel(of: text) == expected)
  }

  private static func summary(of bytes: [UInt8]) throws -> ONNXSummary {
    try bytes.withUnsafeBytes { try ONNXSummary($0) }
  }

  @Test(
    "hostile protobuf gives errors that name the place, never a crash",
    arguments: [
      ([0x3A], "the file ends inside a number"),
      ([0x3A, 0x05, 0x01], "field 7 claims 5 bytes where 1 are left"),
      ([0x3A] + [UInt8](repeating: 0xFF, count: 9) + [0x01], "claims 18446744073709551615 bytes"),
      ([UInt8](repeating: 0xFF, count: 11), "more than ten bytes"),
      ([0x07], "there is no field 0"),
      ([0x3B], "wire type 3"),
      ([0x38, 0x01], "is a number"),
      ([0x08, 0x08], "no graph"),
      ([0x3A, 0x04, 0x5A, 0x02, 0x12, 0x7F], "claims 127 bytes where 0 are left"),
      ([0x29, 1, 2, 3], "inside a number"),
    ] as [([UInt8], String)])
  func protobuf(bytes: [UInt8], words: String) {
    let error = #expect(throws: ProtobufReader.Malformed.self) { _ = try Self.summary(of: bytes) }
    #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    #expect((error?.offset ?? -1) >= 0 && (error?.offset ?? .max) <= bytes.count)
  }

  @Test("random bytes are read without a crash")
  func noise() throws {
    var generator = SplitMix64(seed: 11)
    let model = try Fixtures.read(Fixtures.model("v8"))
    for _ in 0..<2000 {
      var bytes = model
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0 ... .max, using: &generator)
      }
      _ = try? Self.summary(of: bytes)
    }
  }
}
