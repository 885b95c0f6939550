import Evaluation
import EvaluationFiles
import Foundation
import Testing

@Suite("COCO files")
struct COCOFilesTests {
  static let truth = """
    {"info": {"x": [1, {"y": "}"}]}, "annotations": [
      {"id": 7, "image_id": 30, "category_id": 5, "bbox": [1, 2.5, 3e1, 4], "area": 100.5, "iscrowd": 0,
       "segmentation": [[1, 2, 3, 4, 5, 6]]},
      {"id": 8, "image_id": 20, "category_id": 3, "bbox": [0, 0, 10, 10], "iscrowd": 1},
      {"id": 9, "image_id": 99, "category_id": 3, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0}],
     "categories": [{"id": 5, "name": "caf\\u00e9", "supercategory": "x"}, {"id": 3, "name": "b"}],
     "images": [{"id": 30, "file_name": "x/b.jpg", "width": 640, "height": 480}, {"id": 20, "file_name": "a.jpg", "width": null}]}
    """

  @Test("Images and categories are in order of id, annotations refer to them, what is lost is said")
  func truth() throws {
    let folder = try TemporaryFolder()
    let file = try GroundTruthFile(path: folder.write("gt.json", Self.truth), images: [])
    #expect(file.format == .coco)
    #expect(file.truth.images.map(\.name) == ["a.jpg", "x/b.jpg"])
    #expect(file.truth.images[1].width == 640 && file.truth.images[0].width == nil)
    #expect(file.truth.categories.map(\.name) == ["b", "café"])
    #expect(
      file.truth.objects == [
        .init(image: 1, category: 1, box: .init(x: 1, y: 2.5, width: 30, height: 4), area: 100.5, id: 7),
        .init(image: 0, category: 0, box: .init(x: 0, y: 0, width: 10, height: 10), area: 100, isCrowd: true, id: 8),
      ])
    #expect(file.warnings.count == 2)
  }

  @Test(
    "A damaged file is an error with its line and element",
    arguments: [
      ("", 0, "empty"), ("[]", 0, "not a COCO file"), ("{}", 0, "images"),
      ("{\"images\": [],\n\"categories\": []}", 0, "annotations"),
      ("{\"images\": [\n{\"id\": 1},\n{\"file_name\": \"a\"}]}", 3, "images[1]"),
      ("{\"images\": [{\"id\": 1.5}]}", 1, "1.5"), ("{\"images\": [{\"id\": 1},]}", 1, "images[1]"),
      (
        "{\"annotations\": [\n{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3]}]}", 2,
        "annotations[0]"
      ),
      (
        "{\"annotations\": [{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, NaN]}]}", 1,
        "annotations[0]"
      ),
      ("{\"annotations\": [{\"id\": 1, \"image_id\": 1, \"category_id\": 1}]}", 1, "bbox"),
      ("{\"annotations\": [{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}]}", 1, "id"),
      ("{\"images\": [{\"id\": 1}, {\"id\": 1}], \"categories\": [], \"annotations\": []}", 0, "id 1"),
      ("{\"images\": [], \"categories\": [], \"annotations\": []} x", 1, "end of the file"),
      ("{\"images\": [", 1, "file ends"), ("{\"images\": \(String(repeating: "[", count: 5000))", 1, "images[0]"),
      ("{\"x\": \(String(repeating: "[", count: 5000))", 1, "nest"), ("{\"images\": [{\"id\": 1e400}]}", 1, "fit"),
    ])
  func damage(text: String, line: Int, word: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("gt.json", text)
    let error = #expect(throws: EvaluationFileError.self) { try GroundTruthFile(path: path, images: []) }
    #expect(error?.file == path)
    #expect(error?.line ?? 0 == line)
    #expect(error?.reason.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test("Results are read as pycocotools' loadRes reads them")
  func results() throws {
    let folder = try TemporaryFolder()
    let truth = try GroundTruthFile(path: folder.write("gt.json", Self.truth), images: [])
    let path = try folder.write(
      "results.json",
      """
      [{"image_id": 30, "category_id": 5, "bbox": [1, 2, 3, 4], "score": 0.9, "id": 4},
       {"image_id": 20, "category_id": 3, "bbox": [5, 6, 7, 8], "score": 0.12345678901234567},
       {"image_id": 30, "category_id": 4, "bbox": [5, 6, 7, 8], "score": 1}]
      """)
    let set = try DetectionSet.read(path)
    #expect(set.images.map(\.id) == [30, 20])
    let input = try EvaluationInput(truth, set)
    #expect(
      input.detections == [
        .init(image: 1, category: 1, box: .init(x: 1, y: 2, width: 3, height: 4), score: 0.9),
        .init(image: 0, category: 0, box: .init(x: 5, y: 6, width: 7, height: 8), score: 0.12345678901234567),
      ])
    #expect(input.warnings.count == 1)
  }

  @Test("A COCO object with scores is a set of detections; one without is not")
  func scoredAnnotations() throws {
    let folder = try TemporaryFolder()
    let text = Self.truth.replacingOccurrences(of: "\"iscrowd\"", with: "\"score\": 0.5, \"iscrowd\"")
      .replacingOccurrences(of: "\"image_id\": 99", with: "\"image_id\": 20")
    let set = try DetectionSet.read(folder.write("coco.json", text))
    #expect(set.entries.count == 3)
    #expect(set.labels == [5: "café", 3: "b"])
    #expect(set.images.map(\.name) == ["a.jpg", "x/b.jpg"])
    let error = #expect(throws: EvaluationFileError.self) { try DetectionSet.read(folder.write("gt.json", Self.truth)) }
    #expect(error?.reason.contains("no score") == true || error?.reason.contains("99") == true)
  }

  @Test(
    "Damaged results are errors",
    arguments: [
      "", "x", "[{}]", "[1]", "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1,2,3,4]}]",
      "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1,2,3,4], \"score\": NaN}]", "[{\"image_id\": \"a\"}]", "[",
      "[]]",
    ])
  func damagedResults(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("results.json", text)
    #expect(throws: EvaluationFileError.self) { try DetectionSet.read(path) }
  }

  @Test("Random damage to a file gives a result or an error", arguments: 0..<10)
  func randomDamage(seed: Int) throws {
    let folder = try TemporaryFolder()
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(limit))
    }
    for _ in 0..<30 {
      var bytes = Array(Self.truth.utf8)
      for _ in 0...next(4) {
        let place = next(bytes.count)
        if next(2) == 0 {
          bytes[place] = UInt8(next(256))
        } else {
          bytes.removeSubrange(place..<min(place + next(9), bytes.count))
        }
      }
      let path = try folder.write("gt.json", "")
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do throws(EvaluationFileError) {
        _ = try GroundTruthFile(path: path, images: [])
      } catch {
        #expect(error.file == path)
      }
    }
  }
}
