internal import Detection
internal import Glibc
internal import SeededNumbers
internal import Swoop
internal import Testing

/// JSON of a file, as a tree.
func json(_ bytes: [UInt8]) throws -> JSONValue {
  try bytes.withUnsafeBufferPointer { buffer in
    var scanner = JSONScanner(start: try #require(buffer.baseAddress), count: buffer.count)
    let value = try scanner.value()
    try scanner.expectEnd()
    return value
  }
}

extension JSONValue {
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  var float: Float? { if case .number(let text) = self { Float(text) } else { nil } }
}

@Suite("Formats made from the records")
struct DerivedFormatTests {
  let folder = TemporaryFolder()
  static let derived: Set<OutputFormat> = [.coco, .csv, .yolo]

  func run(_ records: [ImageRecord], formats: Set<OutputFormat> = DerivedFormatTests.derived) throws {
    let output = try RunOutput(folder: folder("out"), formats: formats, mode: .create, header: sampleHeader())
    for record in records { try output.append(record) }
    try output.finish()
  }

  @Test("coco.json has every image, box, class and failure")
  func coco() throws {
    let records = (0..<50).map { sampleRecord($0) }
    try run(records, formats: [.coco])
    let coco = try json(folder.read("out/coco.json"))
    let images = try #require(coco["images"]).elements
    let succeeded = records.filter { $0.failure == nil }
    #expect(images.map { $0["file_name"]?.string } == succeeded.map(\.key))
    #expect(images.map { $0["id"]?.int } == succeeded.map { $0.index + 1 })
    #expect(images.allSatisfy { $0["width"]?.int == 640 && $0["height"]?.int == 480 })
    let boxes = succeeded.flatMap { record in record.detections.map { (record.index + 1, $0) } }
    let annotations = try #require(coco["annotations"]).elements
    #expect(annotations.map { $0["id"]?.int } == Array(1...boxes.count))
    for (annotation, (image, box)) in zip(annotations, boxes) {
      #expect(annotation["image_id"]?.int == image)
      #expect(annotation["category_id"]?.int == box.classIndex + 1)
      #expect(annotation["score"]?.float == box.score)
      #expect(annotation["iscrowd"]?.int == 0)
      #expect(
        annotation["bbox"]?.elements.map(\.float) == [box.box.x1, box.box.y1, box.box.width, box.box.height])
      #expect(annotation["area"]?.float == box.box.area)
    }
    #expect(coco["categories"]?.elements.map { $0["name"]?.string } == ["RBC", "WBC", "Platelets"])
    #expect(coco["categories"]?.elements.map { $0["id"]?.int } == [1, 2, 3])
    #expect(coco["failed"]?.elements.count == 50 - succeeded.count)
  }

  @Test("coco.json of a run without images or boxes is still whole")
  func emptyCOCO() throws {
    try run([], formats: [.coco])
    #expect(try json(folder.read("out/coco.json"))["images"]?.elements.isEmpty == true)
  }

  @Test("differences of huge coordinates stay numbers")
  func hugeBoxes() throws {
    let huge = Float.greatestFiniteMagnitude
    let detection = Detection(box: Box(x1: -huge, y1: -huge, x2: huge, y2: huge), score: 1, classIndex: 0)
    try run([ImageRecord(index: 0, key: "a.jpg", width: 9, height: 9, detections: [detection])])
    #expect(try json(folder.read("out/coco.json"))["annotations"]?.elements.count == 1)
  }

  @Test("detections.csv has a row for every box, and for every image without one")
  func csv() throws {
    let records = [
      ImageRecord(
        index: 0, key: "a, \"b\".jpg", width: 640, height: 480,
        detections: [
          Detection(box: Box(x1: 1, y1: 2, x2: 3.5, y2: 4), score: 0.5, classIndex: 1),
          Detection(box: Box(x1: 0, y1: 0, x2: 1, y2: 1), score: 0.25, classIndex: 9),
        ], truncated: 7),
      ImageRecord(index: 1, key: "none.jpg", width: 10, height: 20, detections: []),
      ImageRecord(index: 2, key: "bad.jpg", failure: ImageFailure("damaged", "line 1\nline \"2\"")),
    ]
    try run(records, formats: [.csv])
    #expect(
      folder.text("out/detections.csv") == """
        index,image,status,width,height,class,label,confidence,x1,y1,x2,y2,truncated,reason
        0,"a, ""b"".jpg",detected,640,480,1,WBC,0.5,1,2,3.5,4,7,
        0,"a, ""b"".jpg",detected,640,480,9,class9,0.25,0,0,1,1,7,
        1,none.jpg,none,10,20,,,,,,,,0,
        2,bad.jpg,failed,,,,,,,,,,,"damaged: line 1
        line ""2""\"

        """)
    let columns = folder.text("out/detections.csv").split(separator: "\n").prefix(4).map { line in
      line.replacing("\"a, \"\"b\"\".jpg\"", with: "a").count { $0 == "," }
    }
    #expect(columns == [13, 13, 13, 13])
  }

  @Test("labels keep folders, are normalised, and empty for images without detections")
  func labels() throws {
    let box = Detection(box: Box(x1: 64, y1: 48, x2: 192, y2: 96), score: 0.91, classIndex: 2)
    try run(
      [
        ImageRecord(index: 0, key: "a/b.jpg", width: 640, height: 480, detections: [box]),
        ImageRecord(index: 1, key: "none.jpg", width: 640, height: 480, detections: []),
        ImageRecord(index: 2, key: "bad.jpg", failure: ImageFailure("damaged", "x")),
      ], formats: [.yolo])
    #expect(folder.text("out/labels/a/b.txt") == "2 0.2 0.15 0.2 0.1 0.91\n")
    #expect(folder.exists("out/labels/none.txt") && folder.text("out/labels/none.txt").isEmpty)
    #expect(folder.list("out/labels") == ["a", "none.txt"])
  }

  @Test("names that would collide do not, and none leads out of the folder")
  func collisions() throws {
    let keys = [
      "a.jpg", "a.png", "a.png.jpg", "a.jpg", "a.jpg", "a.txt", "b.jpg", "b.txt/c.jpg", "b.txt/d.jpg",
      "photo",
      "photo.jpg", "../../escape.jpg", "./x/../y.jpg", "/etc/z.jpg",
      String(repeating: "é", count: 200) + ".jpg",
      String(repeating: "é", count: 200) + "2.jpg", "nul\0.jpg", "..", "", "x/",
    ]
    let records = keys.enumerated().map { index, key in
      let box = Detection(box: Box(x1: 0, y1: 0, x2: 1, y2: 1), score: 1, classIndex: index)
      return ImageRecord(index: index, key: key, width: 1, height: 1, detections: [box])
    }
    try run(records, formats: [.yolo])
    var found: [String] = []
    func walk(_ path: String) {
      for name in folder.list(path) {
        let child = "\(path)/\(name)"
        if folder.list(child).isEmpty, folder.text(child).hasSuffix("\n") {
          found.append(folder.text(child).split(separator: " ").first.map(String.init) ?? "")
        } else {
          walk(child)
        }
      }
    }
    walk("out/labels")
    #expect(Set(found) == Set(keys.indices.map(String.init)), "every image has its own file")
    #expect(found.count == keys.count)
    #expect(folder.list("") == ["out"], "nothing is beside the output folder")
    for name in [
      "a.txt", "a.png.txt", "a.png.jpg.txt", "a.jpg.txt", "a.jpg~2.txt", "\\x2e\\x2e.txt", "_.txt", "b.txt~2",
    ] {
      #expect(folder.exists("out/labels/\(name)"), "\(name)")
    }
  }

  @Test("six digits are those of C's %g")
  func sixDigits() {
    var generator = SplitMix64(seed: 3)
    var values: [Float] = [
      0, 1, 0.5, 0.1, 1e-4, 9.99999e-5, 0.9999999, 99999.95, 99999.99, 100000, 123456.7, 1e-30, -0.25,
      0.0001234565,
    ]
    for _ in 0..<8_000 {
      values.append(Float(generator.next() >> 40) / Float(1 << 24))
      values.append(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next() >> 33)))
      values.append(Float(generator.next() % 4_000_000) / 32)
    }
    for value in values where value.isFinite {
      var bytes = ByteBuffer()
      bytes.append(sixDigits: value)
      var text = [CChar](repeating: 0, count: 40)
      let length = withVaList([Double(value)]) { vsnprintf(&text, text.count, "%g", $0) }
      let expected = text.prefix(Int(length)).map { UInt8(bitPattern: $0) }
      #expect(bytes.bytes == expected, "\(value)")
    }
  }

  @Test("formats of a resumed run are those of one that was not interrupted")
  func resumed() throws {
    let records = (0..<60).map { sampleRecord($0) }
    try run(records)
    let other = TemporaryFolder()
    for part in [0..<17, 17..<40, 40..<60] {
      let output = try RunOutput(
        folder: other("out"), formats: Self.derived, mode: .resume, header: sampleHeader())
      #expect(output.completed == part.lowerBound)
      for index in part { try output.append(records[index]) }
      if part.upperBound == 60 { try output.finish() } else { try output.flush() }
    }
    for name in ["detections.jsonl", "coco.json", "detections.csv"] {
      #expect(other.read("out/\(name)") == folder.read("out/\(name)"), "\(name)")
    }
    #expect(other.list("out/labels/folder") == folder.list("out/labels/folder"))
  }

  @Test("a finished run can be resumed to make another format")
  func anotherFormat() throws {
    let records = (0..<10).map { sampleRecord($0) }
    try run(records, formats: [.jsonl])
    let lines = folder.read("out/detections.jsonl")
    let output = try RunOutput(
      folder: folder("out"), formats: Self.derived, mode: .resume, header: sampleHeader())
    #expect(output.completed == 10)
    try output.finish()
    #expect(folder.read("out/detections.jsonl") == lines)
    #expect(
      folder.exists("out/coco.json") && folder.exists("out/detections.csv") && folder.exists("out/labels"))
  }

  @Test("overwriting removes what the earlier run made and nothing else")
  func overwrite() throws {
    try run((0..<10).map { sampleRecord($0) })
    folder.write("out/mine.txt")
    let output = try RunOutput(
      folder: folder("out"), formats: [.jsonl], mode: .overwrite, header: sampleHeader())
    try output.finish()
    #expect(folder.list("out") == [".swoop", "detections.jsonl", "mine.txt"])
  }
}

@Suite("Pictures of a run")
struct PictureTests {
  let folder = TemporaryFolder()

  func open(_ mode: RunOutput.Mode = .create, formats: Set<OutputFormat> = [.images, .html]) throws
    -> RunOutput
  {
    try RunOutput(folder: folder("out"), formats: formats, mode: mode, header: sampleHeader())
  }

  func record(_ index: Int, _ key: String) -> ImageRecord {
    ImageRecord(index: index, key: key, width: 10, height: 10, detections: [])
  }

  @Test("annotated pictures keep folders and get names of their own")
  func names() throws {
    let output = try open()
    #expect(output.wantsPicture)
    let names = [
      ("a.jpg", "a.jpg"), ("a.png", "a.png.jpg"), ("a.png.jpg", "a.png.jpg.jpg"), ("b/c.JPEG", "b/c.JPEG"),
      ("photo", "photo.image.jpg"), ("photo.jpg", "photo.jpg"), ("photo.image.jpg", "photo.image.jpg.jpg"),
      ("x.gif/y.jpg", "x.gif/y.jpg"),
    ]
    for (index, (key, _)) in names.enumerated() {
      try output.append(record(index, key), picture: Array("picture \(index)".utf8))
    }
    for (index, (_, name)) in names.enumerated() {
      #expect(folder.text("out/annotated/\(name)") == "picture \(index)")
    }
  }

  @Test("a picture whose name is a folder's gets another")
  func folderInTheWay() throws {
    let output = try open()
    try output.append(record(0, "a.jpg/b.jpg"), picture: [1])
    try output.append(record(1, "a.jpg"), picture: [2])
    try output.append(record(2, "c.jpg"), picture: [3])
    try output.append(record(3, "c.jpg/d.jpg"), picture: [4])
    try output.append(record(4, "c.jpg/e.jpg"), picture: [5])
    #expect(folder.read("out/annotated/a.jpg~2.jpg") == [2])
    #expect(folder.read("out/annotated/c.jpg~2/d.jpg") == [4])
    #expect(folder.read("out/annotated/c.jpg~2/e.jpg") == [5])
  }

  @Test(
    "nothing is written through links that were planted in the output folder",
    arguments: [
      "annotated", ".swoop", "detections.jsonl", "annotated/in", "annotated/in/a.jpg", ".swoop/thumbnails",
      ".swoop/picture.new", ".swoop/run.json.new", "coco.json", "labels",
    ])
  func links(name: String) throws {
    folder.makeFolder("victim")
    folder.write("victim.txt", "untouched".utf8)
    do {
      let output = try open(formats: [.jsonl, .images, .html, .coco, .yolo])
      try output.append(record(0, "in/a.jpg"), picture: [1], thumbnail: [1])
      try output.finish()
    }
    // The place of a file or folder is taken by a link to something outside.
    let isFolder = ["annotated", ".swoop", "annotated/in", ".swoop/thumbnails", "labels"].contains(name)
    rename(folder("out/\(name)"), folder("moved"))
    folder.link("out/\(name)", to: folder(isFolder ? "victim" : "victim.txt"))
    for mode in [RunOutput.Mode.resume, .overwrite] {
      do {
        let output = try open(mode, formats: [.jsonl, .images, .html, .coco, .yolo])
        try output.append(record(output.completed, "in/a.jpg"), picture: [2], thumbnail: [2])
        try output.finish()
      } catch is OutputError {
        // Refusing is right too.
      }
    }
    #expect(folder.list("victim").isEmpty)
    #expect(folder.text("victim.txt") == "untouched")
  }

  @Test("resuming with pictures needs a run that began with them")
  func lateImages() throws {
    do {
      let output = try open(formats: [.jsonl])
      try output.append(record(0, "a.jpg"))
      try output.flush()
    }
    let error = #expect(throws: OutputError.self) { try open(.resume) }
    #expect(error?.code == .usage)
    let output = try open(.resume, formats: [.html])
    #expect(!output.wantsThumbnail(1))
  }

  @Test("thumbnails are between 24 and 48, spread evenly, whatever the length of the run")
  func selection() {
    for count in Array(1...400) + [1000, 4097, 100_000] {
      let kept = Array(ThumbnailSelection.indices(count: count))
      #expect(kept.count <= 48 && kept.count >= min(count, 24), "\(count)")
      #expect(kept.allSatisfy(ThumbnailSelection.contains), "what is kept at the end was wanted when it came")
    }
  }

  @Test("thumbnails that are no longer wanted are removed, in a resumed run too")
  func pruning() throws {
    for part in [0..<60, 60..<130, 130..<400] {
      let output = try open(.resume)
      for index in part {
        let wanted = output.wantsThumbnail(index)
        try output.append(record(index, "\(index).jpg"), thumbnail: wanted ? [1, 2, 3] : nil)
      }
      try output.flush()
    }
    let expected = ThumbnailSelection.indices(count: 400).map { "\($0).jpg" }.sorted()
    #expect(folder.list("out/.swoop/thumbnails") == expected)
  }

  @Test("a failed image gets no picture")
  func failed() throws {
    let output = try open()
    let box = Detection(box: Box(x1: .nan, y1: 0, x2: 0, y2: 0), score: 1, classIndex: 0)
    try output.append(
      ImageRecord(index: 0, key: "a.jpg", width: 1, height: 1, detections: [box]), picture: [1],
      thumbnail: [1])
    #expect(folder.list("out/annotated").isEmpty)
    #expect(output.totals.failures == [.notFinite: 1])
  }
}
