import Detection
import Testing

@Suite("Model metadata")
struct ModelMetadataTests {
  @Test("Everything that an Ultralytics export says is read")
  func ultralytics() {
    let metadata = ModelMetadata([
      "description": "Ultralytics YOLOv8n model", "stride": "32", "task": "detect", "head": "Detect",
      "batch": "1",
      "imgsz": "[480, 640]", "names": "{0: 'RBC', 1: \"driver's seat\", 2: 'Platelets'}", "channels": "3",
      "args": "{'batch': 1, 'nms': None, 'dynamic': True}", "end2end": "False",
    ])
    #expect(metadata.labels.all == ["RBC", "driver's seat", "Platelets"])
    #expect(metadata.stride == 32)
    #expect(metadata.inputSize == .init(width: 640, height: 480))
    #expect(metadata.task == "detect")
    #expect(metadata.head == "Detect")
    #expect(metadata.batch == 1)
    #expect(metadata.channels == 3)
    #expect(metadata.endToEnd == false)
    #expect(metadata.hasEmbeddedSuppression == nil)
    #expect(metadata.arguments["dynamic"] == .bool(true))
    #expect(metadata.warnings.isEmpty)
  }

  @Test("An engine's JSON header says the same with JSON's words")
  func json() {
    let metadata = ModelMetadata([
      "stride": "32", "task": "\"detect\"", "batch": "8", "imgsz": "[640,640]",
      "names": #"{"0":"a\/b","10":"c"}"#,
      "args": #"{"nms":true,"dynamic":false,"half":null}"#, "end2end": "false",
    ])
    #expect(metadata.labels.count == 11)
    #expect(metadata.labels[0] == "a/b")
    #expect(metadata.labels[5] == "class5")
    #expect(!metadata.labels.hasName(for: 5))
    #expect(metadata.task == "detect")
    #expect(metadata.hasEmbeddedSuppression == true)
    #expect(metadata.endToEnd == false)
    #expect(metadata.warnings.isEmpty)
  }

  @Test("A model without metadata says nothing, and that is fine")
  func nothing() {
    let metadata = ModelMetadata([:])
    #expect(metadata == ModelMetadata())
    #expect(metadata.labels[7] == "class7")
    #expect(ModelMetadata(["names": "", "task": "None", "stride": "None"]) == ModelMetadata())
  }

  @Test(
    "A value that cannot be read is a warning that names its key",
    arguments: [
      ("names", "{0: 'a'"), ("names", "3"), ("names", "{-1: 'a'}"), ("names", "{99999999999: 'a'}"),
      ("names", "{'x': 'a'}"),
      ("names", "[['a']]"), ("stride", "0"), ("stride", "[8, 'x']"), ("stride", "tensor([8., 16., 32.])"),
      ("imgsz", "[1, 2, 3]"),
      ("imgsz", "[-640, 640]"), ("imgsz", "9999999999"), ("batch", "-1"), ("batch", "'four'"),
      ("end2end", "perhaps"),
      ("args", "[1]"), ("box_format", "yxyx"),
    ])
  func malformed(key: String, value: String) {
    let metadata = ModelMetadata([key: value, "channels": "3"])
    #expect(metadata.channels == 3)
    #expect(metadata.warnings.count == 1)
    #expect(metadata.warnings.first?.contains("\"\(key)\"") == true)
    var rest = metadata
    rest.warnings = []
    rest.channels = nil
    #expect(rest == ModelMetadata())
  }

  @Test("One damaged name does not cost the others")
  func partlyNamed() {
    let metadata = ModelMetadata(["names": "{0: 'a', 'b': 'c', 2: 7, 3: None}"])
    #expect(metadata.labels.all == ["a", "class1", "7"])
    #expect(metadata.warnings.count == 1)
  }

  @Test("Of several strides the largest counts, of one side a square is made")
  func forms() {
    let metadata = ModelMetadata(["stride": "[8, 16, 32.0]", "imgsz": "640"])
    #expect(metadata.stride == 32)
    #expect(metadata.inputSize == .init(width: 640, height: 640))
  }

  @Test("A class is found by name, by number and by its made-up name")
  func labels() throws {
    let labels: Labels = ["cat", "dog", "cat", "7"]
    #expect(try labels.indices(for: "cat") == [0, 2])
    #expect(try labels.indices(for: "7") == [3])
    #expect(try labels.indices(for: "1") == [1])
    #expect(try labels.indices(for: "class3") == [3])
    #expect(throws: DetectionError.self) { try labels.indices(for: "4") }
    #expect(throws: DetectionError.self) { try labels.indices(for: "bird") }
    #expect(throws: DetectionError.self) { try Labels().indices(for: "bird") }
    #expect(try Labels().indices(for: "12") == [12])
    #expect(throws: DetectionError.self) { try Labels().indices(for: "99999999") }
  }
}
