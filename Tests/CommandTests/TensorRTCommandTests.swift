import FakeRuntimes
import Foundation
import SeededNumbers
import Testing
import TestSupport

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

  @Test(
    "detect gives OpenVINO's records for every head and element type",
    .enabled(if: Fixtures.hasOpenVINO, "skipped: OpenVINO is not on this machine; scripts/setup gets it"),
    arguments: [
      "v5", "three-tensors", "three-tensors-cxcywh", "end-to-end", "end-to-end-batch1", "efficient-nms", "v8-float16",
      "v8-uint8", "v8-dynamic-size",
    ])
  func everyHead(model: String) throws {
    let folder = try ScratchFolder()
    // Where scores are equal, ONNX wants TopK to give the lower index first. The fake and ONNX Runtime do, OpenVINO does
    // not, so heads with a TopK get cells of different brightness: more of them than there are rows.
    let pictures =
      model.contains("end") || model.contains("nms") ? try Self.gradedPictures(folder) : try Self.pictures(folder)
    let format = model == "three-tensors" ? "xyxy" : "cxcywh"
    let options = model.hasPrefix("three-tensors") ? ["--box-format", format] : []
    func detect(_ engine: String, _ environment: [String: String] = [:]) throws -> Substring {
      let run = folder.path + "/\(engine)-\(environment["FAKE_TENSORRT_VERSION"] ?? "")"
      let result = try SwoopProcess.run(
        ["detect", pictures, "--model", Fixtures.model(model), "--engine", engine, "-q", "-o", run] + options,
        environment: environment)
      #expect(result.status == 0, "\(result.errors)")
      return try Self.records(run)
    }
    let expected = try detect("openvino")
    #expect(expected.contains("\"class\""))
    for version in Self.versions {
      #expect(try detect("tensorrt", Self.environment(version, home: folder.url)) == expected, "\(version)")
    }
  }

  @Test(
    "an engine whose pictures influence one another is found before a run, by every command that runs it",
    arguments: ["detect", "evaluate", "compare"])
  func slotCheck(command: String) throws {
    let folder = try ScratchFolder()
    let pictures = try Self.pictures(folder)
    var environment = try Self.environment(101_600, home: folder.url)
    let engine = folder.path + "/v8.engine"
    let built = try SwoopProcess.run(
      ["build", Fixtures.model("v8"), "-o", engine, "--batch", "1:4:8", "-q"], environment: environment)
    try #require(built.status == 0, "\(built.errors)")
    try folder.write(
      "gt.json",
      """
      {"images": [{"id": 1, "file_name": "10.ppm", "width": 64, "height": 64}], "categories": [{"id": 1, "name": "red"}],
       "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [8, 8, 8, 8], "area": 64, "iscrowd": 0}]}
      """.utf8)
    let words =
      switch command {
      case "detect": [command, pictures, "--model", engine, "-o", folder.path + "/run"]
      case "evaluate": [command, pictures, "--model", engine, "-g", folder.path + "/gt.json"]
      default: [command, engine, engine, pictures]
      }
    environment["FAKE_TENSORRT_BLEEDING"] = "1"
    let refused = try SwoopProcess.run(words + ["--batch", "4"], environment: environment)
    #expect(refused.status == 65, "\(refused.errors)")
    #expect(refused.errors.contains("batch rows depend on one another"), "\(refused.errors)")
    let unchecked = try SwoopProcess.run(
      words + ["--batch", "4", "--slot-check", "off"], environment: environment)
    #expect(unchecked.status == 0, "\(unchecked.errors)")
  }

  /// Pictures of 24 cells each, no two of them of one brightness.
  private static func gradedPictures(_ folder: ScratchFolder) throws -> String {
    var random = SplitMix64(seed: 12)
    for index in 0..<11 {
      var pixels = [UInt8](repeating: 0, count: 3 * 64 * 64)
      var cells = Array(0..<64)
      for brightness in 0..<24 {
        let cell = cells.remove(at: Int(random.next() % UInt64(cells.count)))
        let channel = Int(random.next() % 3)
        for pixel in 0..<64 {
          let (y, x) = (cell / 8 * 8 + pixel / 8, cell % 8 * 8 + pixel % 8)
          pixels[3 * (y * 64 + x) + channel] = UInt8(255 - brightness * 3)
        }
      }
      try folder.write("graded/\(index + 10).ppm", Array("P6\n64 64\n255\n".utf8) + pixels)
    }
    return folder.path + "/graded"
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
      ([Fixtures.model("v8-batch4"), "--batch", "8"], 64, "fixes axis 0"),
      ([Fixtures.model("v8"), "--size", "96"], 64, "fixes axis 2"),
      ([Fixtures.model("v8"), "--level", "9"], 64, "0 to 5"),
      ([Fixtures.model("v8"), "--workspace", "10"], 70, "workspace"),
      ([Fixtures.model("v8"), "--workspace", "much"], 64, "--workspace"),
      ([Fixtures.model("v8"), "--plugin", "/nowhere/plugin.so"], 69, "/nowhere/plugin.so"),
      ([Fixtures.model("v8"), "--timing-cache", folder.path], 66, "is a folder"),
      ([Fixtures.model("v8"), "--header", "json"], 64, "--header"),
      ([Fixtures.model("v8"), "-o", "/nowhere/x.engine"], 73, "/nowhere"),
    ] {
      let result = try SwoopProcess.run(["build", "-o", engine] + arguments, environment: environment)
      #expect(result.status == Int32(status), "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: engine))
    }
    // A plan does not say which brightness an int8 stands for.
    let signed = try SwoopProcess.run(
      [
        "detect", try Self.pictures(folder), "--model", Fixtures.model("v8-int8"), "--engine", "tensorrt", "-o", engine,
      ],
      environment: environment)
    #expect(signed.status == 65)
    #expect(signed.errors.contains("element type int8"))
    let noDriver = try SwoopProcess.run(
      ["build", Fixtures.model("v8"), "-o", engine],
      environment: environment.merging(["SWOOP_CUDA": "/nowhere/libcuda.so.1"]) { $1 })
    #expect(noDriver.status == 69)
    #expect(noDriver.errors.contains("/nowhere/libcuda.so.1"))
  }

  @Test("doctor counts TensorRT where a GPU runs it, and says why where none does", arguments: versions)
  func doctor(version: Int32) throws {
    let folder = try ScratchFolder()
    // Alone, so that everything rests on it.
    let environment = try Self.environment(version, home: folder.url).merging([
      "SWOOP_OPENVINO": "/nowhere", "SWOOP_ONNXRUNTIME": "/nowhere",
    ]) { $1 }
    let here = try SwoopProcess.run(["doctor"], environment: environment)
    #expect(here.status == 0, "\(here.output)")
    #expect(here.output.contains("      cuda:1: builds and runs engines"))
    #expect(here.output.contains("Detection runs here, with TensorRT"))
    let elsewhere = try SwoopProcess.run(
      ["doctor"], environment: environment.merging(["SWOOP_CUDA": "/nowhere/libcuda.so.1"]) { $1 })
    #expect(elsewhere.status == 69)
    #expect(elsewhere.output.contains("  - TensorRT"))
    #expect(elsewhere.output.contains("ithout a GPU and its driver"))
    #expect(elsewhere.output.contains("Detection cannot run here yet"))
  }

  // MARK: Engines that are built on first use

  @Test("an engine that is built on first use is spoken of before and after, once, and not when quiet")
  func builtOnFirstUse() throws {
    let folder = try ScratchFolder()
    let pictures = try Self.pictures(folder)
    let environment = try Self.environment(101_600, home: folder.url)
    let cache = folder.path + "/cache"
    let building = "note: A TensorRT engine is being built from v8.onnx for cuda:0 (Fake GPU 0), with --batch 1:4:4"
    func run(_ arguments: [String]) throws -> String {
      let result = try SwoopProcess.run(
        arguments + ["--model", Fixtures.model("v8"), "--engine", "tensorrt", "--batch", "4"], environment: environment)
      #expect(result.status == 0, "\(result.errors)")
      return result.errors
    }
    let detect = ["detect", pictures, "--overwrite", "-o", folder.path + "/run"]
    let first = try run(detect + ["--cache", cache])
    #expect(first.contains(building), "\(first)")
    #expect(first.contains("It is kept in \(cache)/tensorrt"), "\(first)")
    #expect(first.contains("note: The TensorRT engine was built in "), "\(first)")
    // It is there now.
    let second = try run(detect + ["--cache", cache])
    #expect(!second.contains("built"), "\(second)")
    let unkept = try run(detect + ["--no-cache"])
    #expect(unkept.contains(building) && unkept.contains("It is not kept"), "\(unkept)")
    let quiet = try run(detect + ["--cache", cache + "-quiet", "-q"])
    #expect(quiet.isEmpty, "\(quiet)")
    let benchmark = try run(["benchmark", "--duration", "0.05", "--warm-up", "0", "--cache", cache + "-benchmark"])
    #expect(benchmark.contains(building) && benchmark.contains("was built in"), "\(benchmark)")
    try folder.write("gt/10.txt", Array("0 0.5 0.5 0.25 0.25\n".utf8))
    let evaluate = try run([
      "evaluate", pictures, "-g", folder.path + "/gt", "--cache", cache + "-evaluate",
    ])
    #expect(evaluate.contains(building) && evaluate.contains("was built in"), "\(evaluate)")
    // A folder that cannot be made.
    try folder.write("file", [])
    let lost = try run(detect + ["--cache", folder.path + "/file"])
    #expect(lost.contains("but cannot be kept: "), "\(lost)")
  }

  @Test("a build that fails leaves the model to another runtime where the choice is free, with TensorRT's reason")
  func failedBuild() throws {
    let folder = try ScratchFolder()
    let pictures = try Self.pictures(folder)
    var environment = try Self.environment(101_600, home: folder.url).merging([
      "FAKE_TENSORRT_FAIL": "IBuilder.buildSerializedNetwork:1", "SWOOP_ONNXRUNTIME": "/nowhere/libonnxruntime.so",
    ]) { $1 }
    let reason = "buildSerializedNetwork: a failure that a test asked for"
    func detect(_ arguments: [String]) throws -> SwoopProcess.Result {
      try SwoopProcess.run(
        ["detect", pictures, "--model", Fixtures.model("v8"), "--overwrite", "-o", folder.path + "/run"] + arguments,
        environment: environment)
    }
    // Where TensorRT was asked for, its failure is the run's.
    let asked = try detect(["--engine", "tensorrt"])
    #expect(asked.status == 70, "\(asked.status) \(asked.errors)")
    #expect(asked.errors.contains(reason) && !asked.errors.contains("libonnxruntime"), "\(asked.errors)")
    // ONNX Runtime is next, and where that is missing too both reasons are told.
    let bound = try detect(["--device", "cuda:0"])
    #expect(bound.status == 69, "\(bound.status) \(bound.errors)")
    #expect(bound.errors.contains("TensorRT could not build v8.onnx for cuda:0"), "\(bound.errors)")
    #expect(bound.errors.contains(reason) && bound.errors.contains("/nowhere/libonnxruntime.so"), "\(bound.errors)")
    if let openVINO = Fixtures.openVINO {
      environment["SWOOP_OPENVINO"] = openVINO
      let free = try detect([])
      #expect(free.status == 0, "\(free.status) \(free.errors)")
      #expect(free.errors.contains("is not used") && free.errors.contains(reason), "\(free.errors)")
      #expect(free.errors.contains("openvino"), "\(free.errors)")
    }
  }

  // MARK: Interrupted builds

  /// Waits until a file is there, as long as the process that is to make it runs.
  private static func wait(for file: String, from process: Process) throws {
    while !FileManager.default.fileExists(atPath: file) {
      guard process.isRunning else { throw CocoaError(.fileNoSuchFile) }
      usleep(5000)
    }
  }

  private static func start(_ arguments: [String], _ environment: [String: String], errors: URL) throws -> Process {
    let process = SwoopProcess.prepare(arguments, environment: environment)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    return process
  }

  @Test("Ctrl-C stops a build, and nothing is written", arguments: versions)
  func interruptedBuild(version: Int32) throws {
    let folder = try ScratchFolder()
    let hold = folder.path + "/hold"
    let environment = try Self.environment(version, home: folder.url).merging(["FAKE_TENSORRT_HOLD": hold]) { $1 }
    let errors = try folder.write("errors", [])
    let process = try Self.start(
      ["build", Fixtures.model("v8"), "-o", folder.path + "/v8.engine"], environment, errors: errors)
    try Self.wait(for: hold + ".started", from: process)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    if version == 8601 {
      // It cannot be watched, so the signal ends the process as it does by itself.
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(process.terminationStatus == SIGINT)
    } else {
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      #expect(try String(contentsOf: errors, encoding: .utf8).contains("stopped; nothing was written"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.filter { $0.contains(".engine") }.isEmpty, "\(names)")
  }

  @Test("a builder that is killed leaves nothing behind, and whoever waits for it builds")
  func killedBuilder() throws {
    let folder = try ScratchFolder()
    let pictures = try Self.pictures(folder)
    let hold = folder.path + "/hold"
    let environment = try Self.environment(101_600, home: folder.url).merging(["FAKE_TENSORRT_HOLD": hold]) { $1 }
    func detect(_ name: String) throws -> (process: Process, errors: URL) {
      let errors = try folder.write("\(name).errors", [])
      let process = try Self.start(
        [
          "detect", pictures, "--model", Fixtures.model("v8"), "--engine", "tensorrt", "-q", "-o",
          "\(folder.path)/\(name)",
          "--cache", "\(folder.path)/cache",
        ], environment, errors: errors)
      return (process, errors)
    }
    let killed = try detect("killed")
    try Self.wait(for: hold + ".started", from: killed.process)
    try FileManager.default.removeItem(atPath: hold + ".started")
    let waiting = [try detect("first"), try detect("second")]
    kill(killed.process.processIdentifier, SIGKILL)
    killed.process.waitUntilExit()
    // One of the two gets the lock and builds; the other waits for it and loads what it built.
    while !FileManager.default.fileExists(atPath: hold + ".started") {
      guard waiting.contains(where: \.process.isRunning) else { throw CocoaError(.fileNoSuchFile) }
      usleep(5000)
    }
    try FileManager.default.removeItem(atPath: hold + ".started")
    try folder.write("hold", [])
    for run in waiting {
      run.process.waitUntilExit()
      let errors = try String(contentsOf: run.errors, encoding: .utf8)
      #expect(run.process.terminationStatus == 0, "\(errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: hold + ".started"))
    #expect(try Self.records(folder.path + "/first") == Self.records(folder.path + "/second"))
    let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache/tensorrt")
    #expect(
      entries.filter { $0.hasSuffix(".engine") }.count == 1 && !entries.contains { $0.hasSuffix(".tmp") }, "\(entries)")
  }
}
