import Foundation
import Imaging
import TestSupport
import Testing

/// `swoop evaluate` and `swoop compare` on files of results, which need no runtime.
@Suite("Evaluate and compare")
struct EvaluateCompareTests {
  private static let truth = """
    {"images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 100}], "categories": [{"id": 1, "name": "cat"}],
     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "area": 400, "iscrowd": 0}]}
    """
  private static let results = "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [10, 10, 20, 20], \"score\": 0.5}]"
  private static let moved = "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [12, 10, 20, 20], \"score\": 0.4}]"

  private static let plots = ["precision-recall", "f1-confidence", "confusion-matrix"]

  private static func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write("gt.json", truth.utf8)
    try folder.write("a.json", results.utf8)
    try folder.write("b.json", moved.utf8)
    return folder
  }

  @Test("the figures go to standard output, everything to the folder, and the gate decides the status")
  func evaluate() throws {
    let folder = try Self.folder()
    let command = ["evaluate", "--detections", "a.json", "--ground-truth", "gt.json"]
    let good = try SwoopProcess.run(command + ["--output", "out/x", "--require", "map50=0.9"], in: folder.url)
    #expect(good.status == 0, "\(good.errors)")
    #expect(good.output.contains("AP, IoU 0.50              1.0000"))
    for name in ["evaluation.html", "evaluation.json"] + Self.plots.map({ "plots/\($0).svg" }) {
      #expect(FileManager.default.fileExists(atPath: folder.path + "/out/x/" + name), "\(name)")
    }
    let moved = try SwoopProcess.run(
      ["evaluate", "--detections", "b.json", "-g", "gt.json", "--require", "map=0.9", "--json", "-", "--quiet"],
      in: folder.url)
    #expect(moved.status == 3)
    #expect(moved.errors.contains("not fulfilled: map is"))
    let json = try JSONSerialization.jsonObject(with: Data(moved.output.utf8)) as? [String: Any]
    #expect((json?["figures"] as? [String: Any])?["map50"] as? Double == 1)
  }

  @Test(
    "plots are there as PNG of the size that the SVG says",
    .enabled(if: ImagingSupport.current().canRenderDrawings, "needs libvips with its loader for SVG"))
  func pictures() throws {
    let folder = try Self.folder()
    let result = try SwoopProcess.run(
      ["evaluate", "--detections", "a.json", "-g", "gt.json", "--output", "out"], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    for plot in Self.plots {
      #expect(result.errors.contains("plots/\(plot).png"))
      let png = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("out/plots/\(plot).png")))
      let svg = try String(contentsOf: folder.url.appendingPathComponent("out/plots/\(plot).svg"), encoding: .utf8)
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      func number(at place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
      #expect(number(at: 16) == 1600)
      #expect(svg.contains(" height=\"\(number(at: 20))\""), "\(plot)")
    }
  }

  @Test("a libvips without a loader for SVG, and no libvips, leave the SVG files and a note", arguments: [true, false])
  func withoutRenderer(hasLibrary: Bool) throws {
    let folder = try Self.folder()
    let fake = SwoopProcess.executable.deletingLastPathComponent().appendingPathComponent("libFakeVips.so").path
    let result = try SwoopProcess.run(
      ["evaluate", "--detections", "a.json", "-g", "gt.json", "--output", "out"], in: folder.url,
      environment: ["SWOOP_VIPS": hasLibrary ? fake : "/nonexistent/libvips.so"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("note: plots are there as SVG and not as PNG"), "\(result.errors)")
    #expect(result.errors.contains(hasLibrary ? "loader for SVG" : "/nonexistent/libvips.so"), "\(result.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out/plots")
    #expect(Set(files) == Set(Self.plots.map { "\($0).svg" }))
  }

  @Test("two sets are compared, and what is allowed decides the status")
  func compare() throws {
    let folder = try Self.folder()
    let same = try SwoopProcess.run(
      ["compare", "a.json", "a.json", "--allow", "lost=0,move=0,score=0"], in: folder.url)
    #expect(same.status == 0, "\(same.errors)")
    let moved = try SwoopProcess.run(
      ["compare", "a.json", "b.json", "--ground-truth", "gt.json", "--html", "page.html", "--allow", "move=1"],
      in: folder.url)
    #expect(moved.status == 3)
    #expect(moved.output.contains("in both"))
    #expect(moved.errors.contains("not kept: move is 2.0 px"))
    #expect(FileManager.default.fileExists(atPath: folder.path + "/page.html"))
  }

  /// The status and the words of a command.
  static let refused: [(status: Int32, command: String)] = [
    (64, "evaluate -g gt.json"), (64, "evaluate -g gt.json --model m.onnx"),
    (64, "evaluate -g gt.json --detections a.json --require map=2"),
    (64, "evaluate -g gt.json --detections a.json --at 2"),
    (66, "evaluate -g absent.json --detections a.json"), (65, "evaluate -g gt.json --detections gt.json"),
    (66, "compare a.json absent.json"), (64, "compare a.json m.onnx"), (64, "compare a.json b.json --overlap 0"),
    (64, "compare a.json b.json --allow map=0"), (64, "compare a.json b.json --precision-b bf16"),
    (64, "compare a.json b.json --boxes-b all"),
  ]

  @Test("what cannot be is an error with its status", arguments: refused)
  func errors(status: Int32, command: String) throws {
    let folder = try Self.folder()
    let result = try SwoopProcess.run(command.split(separator: " ").map(String.init), in: folder.url)
    #expect(result.status == status, "\(result.errors)")
    #expect(!result.errors.isEmpty)
  }
}
