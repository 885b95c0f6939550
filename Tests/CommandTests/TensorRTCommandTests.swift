import FakeRuntimes
import Foundation
import TestSupport
import Testing

/// `build`, `inspect` and `detect` over the fake TensorRT and the fake CUDA driver, as processes of their own.
@Suite struct TensorRTCommandTests {
  static let versions: [Int32] = [8601, 101_600, 110_400, 10701]

  /// The environment of a machine with a GPU and one version of TensorRT.
  private static func environment(_ version: Int32, home: URL) throws -> [String: String] {
    let folder = SwoopProcess.executable.deletingLastPathComponent()
    let cuda = folder.appendingPathComponent("libFakeCUDA.so").path
    return [
      "SWOOP_TENSORRT": folder.appendingPathComponent("libFakeTensorRT.so").path, "SWOOP_CUDA": cuda,
      "FAKE_TENSORRT_CUDA": cuda, "FAKE_TENSORRT_VERSION": "\(version)", "SWOOP_HOME": home.path,
      "SWOOP_RUNTIMES": home.appendingPathComponent("none").path,
    ]
  }

  /// Pictures whose number is no multiple of the batch.
  private static func pictures(_ folder: ScratchFolder) throws -> String {
    var random = SplitMix64(seed: 11)
    for index in 0..<11 { try folder.write("pictures/\(index + 10).ppm", CellPicture.random(&random).ppm()) }
    return folder.path + "/pictures"
  }

  private static func records(_ folder: String) throws -> Substring {
    let text = try String(contentsOfFile: folder + "/detections.jsonl", encoding: .utf8)
    return text[(text.firstIndex(of: "\n") ?? text.startIndex)...]
  }

  @Test(
    "detect gives OpenVINO's records, for fixed and dynamic batch, in both ways of execution",
    .enabled(if: Fixtures.hasOpenVINO, "skipped: OpenVINO is not on this machine; scripts/setup gets it"),
    arguments: versions)
  func likeOpenVINO(version: Int32) throws {
    let folder = try ScratchFolder()
    let pictures = try Self.pictures(folder)
    let environment = try Self.environment(version, home: folder.url)
    for model in ["v8", "v8-batch4"] {
      let expected = try SwoopProcess.run(
        [
          "detect", pictures, "--model", Fixtures.model(model), "--engine", "openvino", "-q", "-o",
          folder.path + "/\(model)-openvino",
        ])
      #expect(expected.status == 0, "\(expected.errors)")
      let built = try SwoopProcess.run(
        [
          "build", Fixtures.model(model), "-o", folder.path + "/\(model).engine", "--batch", "1:4:8", "--header",
          "ultralytics", "-q",
        ],
        environment: environment)
      #expect(built.status == 0, "\(built.errors)")
      for execution in ["synchronous", "asynchronous"] {
        for (name, arguments) in [
          ("engine", ["--model", folder.path + "/\(model).engine"]),
          ("onnx", ["--model", Fixtures.model(model), "--engine", "tensorrt", "--batch", "4"]),
        ] {
          let run = folder.path + "/\(model)-\(execution)-\(name)"
          let result = try SwoopProcess.run(
            ["detect", pictures, "--execution", execution, "-q", "-o", run] + arguments, environment: environment)
          #expect(result.status == 0, "\(result.errors)")
          #expect(try Self.records(run) == Self.records(folder.path + "/\(model)-openvino"))
        }
      }
    }
  }

  @Test("build writes the engine and its record, refuses to replace it, and inspect shows both", arguments: versions)
  func buildAndInspect(version: Int32) throws {
    let folder = try ScratchFolder()
    let environment = try Self.environment(version, home: folder.url)
    let engine = folder.path + "/v8.engine"
    let build = ["build", Fixtures.model("v8"), "-o", engine, "--batch", "1:2:4", "--level", "1", "--detailed"]
    let built = try SwoopProcess.run(build, environment: environment)
    #expect(built.status == 0, "\(built.errors)")
    #expect(built.errors.contains("input images: [1, 3, 64, 64] to [4, 3, 64, 64], best at [2, 3, 64, 64] float32"))
    let again = try SwoopProcess.run(build, environment: environment)
    #expect(again.status == 73)
    #expect(again.errors.contains("--overwrite"))
    #expect(try SwoopProcess.run(build + ["--overwrite", "-q"], environment: environment).status == 0)
    let inspected = try SwoopProcess.run(["inspect", engine, "--layers"], environment: environment)
    #expect(inspected.status == 0, "\(inspected.errors)")
    #expect(inspected.output.contains("for Fake GPU 0 (compute capability 8.6)"))
    #expect(inspected.output.contains("--batch 1:2:4 --precision fp32 --level 1 --detailed"))
    // A machine without a GPU still shows the file and the record.
    let elsewhere = try SwoopProcess.run(
      ["inspect", engine], environment: environment.merging(["SWOOP_CUDA": "/nowhere"]) { $1 })
    #expect(elsewhere.status == 0)
    #expect(elsewhere.output.contains("not loaded here") && elsewhere.output.contains("model: v8.onnx"))
  }

  @Test("what cannot be built ends with its status and says why")
  func failures() throws {
    let folder = try ScratchFolder()
    let environment = try Self.environment(110_400, home: folder.url)
    let engine = folder.path + "/x.engine"
    for (arguments, status, words) in [
      ([Fixtures.model("v8"), "--precision", "fp16"], 64, "convert the model"),
      ([Fixtures.model("v8"), "--compute-capability", "86"], 64, "TensorRT for RTX"),
      ([Fixtures.model("unsupported-operator")], 65, "Sharpen"),
      (["/nowhere/model.onnx"], 66, "/nowhere/model.onnx"),
      ([Fixtures.model("v8"), "--batch", "4:2:1"], 64, "4:2:1"),
      ([Fixtures.model("v8"), "--device", "7"], 69, "no CUDA device 7"),
    ] {
      let result = try SwoopProcess.run(["build", "-o", engine] + arguments, environment: environment)
      #expect(result.status == Int32(status), "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: engine))
    }
    let noDriver = try SwoopProcess.run(
      ["build", Fixtures.model("v8"), "-o", engine],
      environment: environment.merging(["SWOOP_CUDA": "/nowhere/libcuda.so.1"]) { $1 })
    #expect(noDriver.status == 69)
    #expect(noDriver.errors.contains("/nowhere/libcuda.so.1"))
  }
}
