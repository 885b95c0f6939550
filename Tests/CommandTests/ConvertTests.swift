import Foundation
import TestSupport
import Testing

/// `swoop convert` as a user runs it; what the edits do to a graph is tested with the library.
@Suite("Convert")
struct ConvertTests {
  private static func fixture(_ name: String) -> String {
    Fixtures.root.appendingPathComponent("Tests/ONNXTests/Fixtures/\(name).onnx").path
  }

  private static func convert(_ arguments: [String], in folder: ScratchFolder) throws -> SwoopProcess.Result {
    try SwoopProcess.run(["convert"] + arguments, in: folder.url)
  }

  @Test("every option has its effect, and all of them together")
  func options() throws {
    let folder = try ScratchFolder()
    let head = Self.fixture("tiny-head")
    let cases: [([String], [String])] = [
      (["--batch", "dynamic"], ["input  images (batch, 3, 64, 64) float32"]),
      (["--batch", "2", "--size", "96x64"], ["input  images (2, 3, 96, 64) float32"]),
      (["--size", "96"], ["(1, 3, 96, 96)"]), (["--simplify"], ["61 nodes before"]),
      (
        ["--split-outputs"], ["output bbox (1, 20, 4) float32", "output conf (1, 20)", "output class_id (1, 20) int32"]
      ),
      (["--split-outputs", "--box-format", "cxcywh", "--head", "channels:3"], ["output bbox"]),
      (
        ["--embed-suppression", "onnx", "--max-detections", "5", "--iou", "0.5", "--confidence", "0.1"],
        ["output num_dets (1, 1) int32", "output det_boxes (1, 5, 4) float32"]
      ),
      (["--embed-suppression", "efficientnms"], ["output det_classes (1, 300) int32"]),
      (["--precision", "fp16", "--no-keep-io"], ["(1, 3, 64, 64) float16", "output0 (1, 7, 20) float16"]),
      (["--precision", "bf16", "--keep-fp32", "/conv_4*", "--no-default-islands"], ["float32"]),
      (["--input", "uint8-nhwc"], ["input  images (1, 64, 64, 3) uint8"]),
      (["--rename", "images=pictures", "--metadata", "note=a=b"], ["input  pictures"]),
      (
        [
          "--batch", "dynamic", "--size", "dynamic", "--simplify", "--split-outputs", "--precision", "fp16",
          "--input", "uint8-nhwc", "--rename", "conf=scores", "--metadata", "author=", "--weights-file", "w.data",
        ],
        ["(batch, height, width, 3) uint8", "output scores (batch, "]
      ),
    ]
    for (arguments, words) in cases {
      let result = try Self.convert([head, "out.onnx"] + arguments, in: folder)
      #expect(result.status == 0, "\(arguments): \(result.errors)")
      for word in words { #expect(result.output.contains(word), "\(arguments): \(result.output)") }
    }
    #expect(FileManager.default.fileExists(atPath: folder.path + "/w.data"))
    // Over the file that is read.
    let before = try Data(contentsOf: folder.url.appendingPathComponent("out.onnx"))
    let inPlace = try Self.convert(["out.onnx", "out.onnx", "--metadata", "a=b"], in: folder)
    #expect(inPlace.status == 0, "\(inPlace.errors)")
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("out.onnx")) != before)
  }

  @Test("what cannot be done ends with its status, says why, and writes nothing")
  func failures() throws {
    let folder = try ScratchFolder()
    try folder.write("text.onnx", Array("no model".utf8))
    let head = Self.fixture("tiny-head")
    let split = try Self.convert([head, "split.onnx", "--split-outputs", "--box-format", "cxcywh"], in: folder)
    #expect(split.status == 0)
    let cases: [([String], Int32, String)] = [
      ([head, "--batch", "0"], 64, "--batch is '0'"),
      ([head, "--size", "100"], 64, "multiple of the network's stride"),
      ([head, "--size", "64X64"], 64, "--size is '64X64'"),
      ([head, "--box-format", "cxcywh"], 64, "--box-format goes with"),
      ([head, "--split-outputs", "--box-format", "corners"], 64, "--box-format is 'corners'"),
      ([head, "--iou", "0.5"], 64, "go with --embed-suppression"),
      ([head, "--embed-suppression", "onnx", "--iou", "7"], 64, "between 0 and 1"),
      ([head, "--keep-fp32", "Conv"], 64, "go with --precision"), ([head, "--no-keep-io"], 64, "go with --precision"),
      ([head, "--precision", "int8"], 64, "--precision is 'int8'"),
      ([head, "--precision", "fp16", "--keep-fp32", "Sotfmax"], 64, "'Sotfmax'"),
      ([head, "--head", "end-to-end"], 64, "--head goes with"),
      ([head, "--head", "channels:2", "--split-outputs"], 65, "channels:2 has 6 values a box"),
      ([head, "--input", "uint8"], 64, "--input is 'uint8'"), ([head, "--rename", "images"], 64, "NAME=VALUE"),
      ([head, "--rename", "image=x"], 64, "cannot rename 'image'"),
      ([head, "--metadata", "a=1", "--metadata", "a=2"], 64, "sets 'a' twice"),
      ([head, "--weights-file", "new.onnx"], 64, "is the model itself"),
      (["split.onnx", "--split-outputs"], 64, "split already"),
      (["split.onnx", "--embed-suppression", "efficientnms"], 65, "embed it first"),
      ([Self.fixture("tiny-end"), "--embed-suppression", "onnx"], 65, "needs no suppression"),
      (["text.onnx", "--simplify"], 65, "text.onnx"), (["nowhere.onnx", "--simplify"], 66, "nowhere.onnx"),
    ]
    for (arguments, status, words) in cases {
      let result = try Self.convert([arguments[0], "new.onnx"] + arguments.dropFirst(), in: folder)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/new.onnx"), "\(arguments)")
    }
    let unwritable = try Self.convert([head, "/nowhere/new.onnx", "--simplify"], in: folder)
    #expect(unwritable.status == 73 && unwritable.errors.contains("/nowhere/new.onnx"), "\(unwritable.errors)")
  }
}
