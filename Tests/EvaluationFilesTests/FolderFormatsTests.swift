import Evaluation
import EvaluationFiles
import Testing

private func voc(_ objects: String, name: String = "<filename>a.jpg</filename>") -> String {
  """
  <?xml version="1.0"?>
  <annotation>\(name)<folder>x</folder>
  <size><width>200</width><height>100</height><depth>3</depth></size>
  \(objects)
  </annotation>
  """
}

private func object(_ name: String, _ corners: [String], _ more: String = "") -> String {
  """
  <object><name>\(name)</name>\(more)<part><name>head</name><bndbox><xmin>9</xmin></bndbox></part>
  <bndbox><xmin>\(corners[0])</xmin><ymin>\(corners[1])</ymin><xmax>\(corners[2])</xmax><ymax>\(corners[3])</ymax></bndbox></object>
  """
}

@Suite("Folders of labels")
struct FolderFormatsTests {
  static let images: [GroundTruth.Image] = [
    .init(name: "train/a.jpg", id: 1, width: 200, height: 100),
    .init(name: "train/b.png", id: 2, width: 10, height: 10),
    .init(name: "empty.jpg", id: 3, width: 10, height: 10), .init(name: "failed.jpg", id: 4),
  ]

  @Test("YOLO labels become pixels of their images; polygons become boxes; images without labels have no objects")
  func yolo() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("labels/train/a.txt", "1 0.5 0.5 0.25 0.5\r\n\n0 0.1 0.2 0.3 0.2 0.3 0.8\n")
    _ = try folder.write("labels/train/b.txt", "")
    _ = try folder.write("labels/failed.txt", "0 0.5 0.5 1 1")
    _ = try folder.write("labels/unused.txt", "0 0.5 0.5 1 1")
    _ = try folder.write("labels/classes.txt", "cat\n dog \n\n")
    let file = try GroundTruthFile(path: folder.path + "/labels", images: Self.images)
    #expect(file.format == .yolo)
    #expect(file.truth.categories.map(\.name) == ["cat", "dog"])
    #expect(file.hasCategoryNames)
    #expect(file.truth.images == Self.images)
    #expect(file.truth.objects.map(\.category) == [1, 0])
    #expect(file.truth.objects[0].box == EvaluationBox(x: 75, y: 25, width: 50, height: 50))
    let polygon = file.truth.objects[1].box
    #expect(abs(polygon.x - 20) < 1e-9 && abs(polygon.y - 20) < 1e-9)
    #expect(abs(polygon.width - 40) < 1e-9 && abs(polygon.height - 60) < 1e-9)
    #expect(file.warnings.count == 2)
  }

  @Test("Labels are found though the images' folders have other names around them")
  func nesting() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a.txt", "0 0.5 0.5 1 1")
    let file = try GroundTruthFile(path: folder.path, images: Self.images, labels: ["x"])
    #expect(file.truth.objects.map(\.image) == [0])
    #expect(file.truth.categories.map(\.name) == ["x"])
    #expect(!file.hasCategoryNames)
  }

  @Test(
    "A damaged label file is an error with its line",
    arguments: [
      ("0 0.5 0.5 1 1\n0 0.5 0.5 1", 2), ("cat 0.5 0.5 1 1", 1), ("-1 0.5 0.5 1 1", 1), ("0.5 0.5 0.5 1 1", 1),
      ("0 0.5 0.5 -1 1", 1), ("0 nan 0.5 1 1", 1), ("0 1 2 3 4 5", 1), ("0 1e300 0 1 1", 1), ("99999999 0 0 1 1", 1),
    ])
  func damagedYOLO(text: String, line: Int) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("train/a.txt", text)
    let error = #expect(throws: EvaluationFileError.self) {
      try GroundTruthFile(path: folder.path, images: Self.images)
    }
    #expect(error?.line == line, "\(error?.description ?? "")")
    #expect(error?.file.hasSuffix("train/a.txt") == true)
  }

  @Test("VOC files become images with objects; difficult ones do not count")
  func vocFiles() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "a.xml",
      voc(
        object("dog &amp; cat", ["1", "2", "31.5", "42"])
          + object("b", ["0", "0", "5", "5"], "<difficult>1</difficult>")))
    _ = try folder.write("sub/c.xml", voc("", name: ""))
    let file = try GroundTruthFile(path: folder.path, images: [])
    #expect(file.format == .voc)
    #expect(file.truth.images.map(\.name) == ["a.jpg", "sub/c"])
    #expect(file.truth.images[0].width == 200 && file.truth.images[0].height == 100)
    #expect(file.truth.categories.map(\.name) == ["b", "dog & cat"])
    #expect(
      file.truth.objects.map(\.box) == [
        .init(x: 1, y: 2, width: 30.5, height: 40), .init(x: 0, y: 0, width: 5, height: 5),
      ])
    #expect(file.truth.objects.map(\.isCrowd) == [false, true])
  }

  @Test(
    "A damaged VOC file is an error with its line",
    arguments: [
      "", "<annotation><object>", "<html/>", "not xml", voc(object("a", ["x", "0", "1", "1"])),
      voc(object("", ["0", "0", "1", "1"])),
      voc(object("a", ["5", "0", "1", "1"])), voc("<object><name>a</name></object>"),
      voc(object("a", ["nan", "0", "1", "1"])),
      String(repeating: "<a>", count: 300), voc(object("a", ["", "0", "1", "1"])),
    ])
  func damagedVOC(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.xml", text)
    let error = #expect(throws: EvaluationFileError.self) { try GroundTruthFile(path: folder.path, images: []) }
    #expect(error?.file == path)
  }

  @Test("Entities that multiply or point to files give an error or nothing, never their content")
  func entities() throws {
    let folder = try TemporaryFolder()
    let secret = try folder.write("secret", "secret-text")
    let bomb = (1..<10).map { "<!ENTITY e\($0) \"\(String(repeating: "&e\($0 - 1);", count: 10))\">" }.joined()
    _ = try folder.write(
      "x/a.xml",
      "<!DOCTYPE annotation [<!ENTITY e0 \"aaaaaaaaaa\">\(bomb)]>"
        + voc(object("&e9;", ["0", "0", "1", "1"])))
    _ = try? GroundTruthFile(path: folder.path + "/x", images: [])
    _ = try folder.write(
      "y/a.xml",
      "<!DOCTYPE annotation [<!ENTITY f SYSTEM \"file://\(secret)\">]>"
        + voc(object("z&f;", ["0", "0", "1", "1"])))
    let read = try? GroundTruthFile(path: folder.path + "/y", images: [])
    #expect(read?.truth.categories.contains { $0.name.contains("secret-text") } != true)
  }

  @Test("A folder of neither kind, of both, or none, is an error that says what to give")
  func wrongFolders() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("none/readme.md", "")
    _ = try folder.write("both/a.txt", "")
    let file = try folder.write("both/a.xml", "")
    for path in ["none", "both", "absent", "both/a.xml", "both/a.txt"] {
      #expect(throws: EvaluationFileError.self, "\(path)") {
        try GroundTruthFile(path: folder.path + "/" + path, images: Self.images)
      }
    }
    #expect(throws: EvaluationFileError.self) { try GroundTruthFile(path: file, images: []) }
    _ = try folder.write("labels/a.txt", "0 0.5 0.5 1 1")
    // Label files are fractions; without images there is nothing that they are fractions of.
    #expect(throws: EvaluationFileError.self) { try GroundTruthFile(path: folder.path + "/labels", images: []) }
    // None of them belongs to an image.
    #expect(throws: EvaluationFileError.self) {
      try GroundTruthFile(path: folder.path + "/labels", images: [.init(name: "z.jpg", id: 1, width: 1, height: 1)])
    }
  }
}
