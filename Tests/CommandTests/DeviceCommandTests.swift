import Foundation
import SeededNumbers
import Testing
import TestSupport

/// `detect` with everything on a GPU, from file bytes to boxes: over the fake driver, compiler, nvJPEG and TensorRT, with
/// Swoop's own kernels run by the emulator, as processes of their own.
@Suite struct DeviceCommandTests {
  /// The environment of a machine with two GPUs.
  private static func environment(home: URL, _ more: [String: String] = [:]) -> [String: String] {
    let folder = SwoopProcess.executable.deletingLastPathComponent()
    func library(_ name: String) -> String { folder.appendingPathComponent("lib\(name).so").path }
    return [
      "SWOOP_CUDA": library("FakeCUDA"), "SWOOP_NVRTC": library("FakeNVRTC"), "SWOOP_NVJPEG": library("FakeNVJPEG"),
      "SWOOP_TENSORRT": library("FakeTensorRT"), "SWOOP_FAKE_KERNELS": library("KernelEmulator"),
      "FAKE_TENSORRT_CUDA": library("FakeCUDA"), "FAKE_NVJPEG_CUDA": library("FakeCUDA"),
      "FAKE_TENSORRT_VERSION": "101600", "SWOOP_HOME": home.path,
      "SWOOP_RUNTIMES": home.appendingPathComponent("none").path,
    ].merging(more) { $1 }
  }

  private static func detect(
    _ source: String, _ arguments: [String], into output: String, _ environment: [String: String]
  ) throws -> (result: SwoopProcess.Result, header: Substring, records: Substring) {
    let result = try SwoopProcess.run(["detect", source, "-o", output] + arguments, environment: environment)
    let text = (try? String(contentsOfFile: output + "/detections.jsonl", encoding: .utf8)) ?? ""
    let end = text.firstIndex(of: "\n") ?? text.endIndex
    return (result, text[..<end], text[end...])
  }

  /// An engine of the fixture model; dynamic batch.
  private static func engine(_ folder: ScratchFolder, _ environment: [String: String], model: String = "v8") throws
    -> String
  {
    let path = folder.path + "/\(model).engine"
    let built = try SwoopProcess.run(
      ["build", Fixtures.model(model), "-o", path, "--batch", "1:4:8", "-q"], environment: environment)
    try #require(built.status == 0, "\(built.errors)")
    return path
  }

  private static func pictures(_ folder: ScratchFolder) throws -> String {
    var random = SplitMix64(seed: 7)
    for index in 0..<11 {
      try folder.write("pictures/\(index + 10).ppm", CellPicture.random(&random).ppm(scale: 1 + index % 3))
    }
    try folder.write("pictures/15-broken.ppm", Array("P6\n64 64\n255\nshort".utf8))
    return folder.path + "/pictures"
  }

  @Test(
    "the GPU gives the processor's records: fixed and dynamic batch, each way to resize, one GPU and two",
    arguments: ["v8", "v8-batch4"])
  func likeTheProcessor(model: String) throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment, model: model)
    let pictures = try Self.pictures(folder)
    for resize in ["ultralytics", "pillow", "stretch"] {
      func run(_ name: String, _ more: [String]) throws -> (SwoopProcess.Result, Substring, Substring) {
        let (result, header, records) = try Self.detect(
          pictures, ["--model", engine, "--resize", resize] + more, into: folder.path + "/\(resize)-\(name)",
          environment)
        #expect(result.status == 1, "\(result.errors)")
        return (result, header, records)
      }
      // One after the other, everything but the network is done by the processor.
      let (_, header, expected) = try run("processor", ["--execution", "synchronous"])
      #expect(expected.split(separator: "\n").count == 12)
      for device in ["cuda:0", "cuda:1", "cuda:0,1", "all"] {
        let (result, ownHeader, records) = try run("device-\(device)", ["--device", device, "--decode", "cpu"])
        #expect(records == expected, "\(resize) \(device)")
        // The second fake GPU has another name, which a header tells.
        if device != "cuda:1" { #expect(ownHeader == header) }
        #expect(!result.errors.contains("prepared on the processor"), "\(result.errors)")
      }
    }
  }

  @Test("JPEG files decoded by nvJPEG, and those that it does not take, are each as on the processor")
  func jpegFiles() throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let photographs = Fixtures.root.appendingPathComponent("Examples/photos")
    let names = try FileManager.default.contentsOfDirectory(atPath: photographs.path).filter { $0.hasSuffix(".jpg") }
      .sorted().prefix(7)
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: photographs.appendingPathComponent(name)))
      try folder.write("pictures/\(name)", bytes)
      try folder.write("pictures/\(name)-cut.jpg", Array(bytes.prefix(bytes.count / 2)))
      var garbled = bytes
      for index in bytes.count / 2..<bytes.count / 2 + 300 { garbled[index] = UInt8(truncatingIfNeeded: index &* 37) }
      try folder.write("pictures/\(name)-garbled.jpg", garbled)
    }
    try folder.write("pictures/text.jpg", Array("no picture".utf8))
    let (_, cpuHeader, expected) = try Self.detect(
      folder.path + "/pictures", ["--model", engine, "--decode", "cpu", "--confidence", "0.01"],
      into: folder.path + "/cpu",
      environment)
    let (result, header, records) = try Self.detect(
      folder.path + "/pictures", ["--model", engine, "--decode", "gpu", "--confidence", "0.01"],
      into: folder.path + "/gpu",
      environment)
    #expect(result.status == 1, "\(result.errors)")
    #expect(records == expected)
    #expect(expected.split(separator: "\n").count == 22)
    #expect(cpuHeader.contains("\"decode\":\"cpu\""))
    #expect(header.contains("\"decode\":\"nvjpeg"))
  }

  @Test(
    "a benchmark says what is left to the processor, once, to the user and in its files",
    arguments: [[], ["--autotune"]])
  func benchmarkNotes(words: [String]) throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url, ["SWOOP_NVRTC": "/nonexistent/libnvrtc.so"])
    let engine = try Self.engine(folder, environment)
    try folder.write("pictures/a.ppm", CellPicture([9: .red]).ppm(scale: 1))
    let result = try SwoopProcess.run(
      [
        "benchmark", folder.path + "/pictures", "--model", engine, "--duration", "0.05", "--warm-up", "0", "--json",
        folder.path + "/b.json", "--html", folder.path + "/b.html",
      ] + words, environment: environment)
    #expect(result.status == 0, "\(result.errors)")
    let said = "Pictures are prepared on the processor"
    #expect(result.errors.components(separatedBy: "note: \(said)").count == 2, "\(result.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url.appendingPathComponent("b.json")))
    let notes = try #require((json as? [String: Any])?["notes"] as? [String])
    #expect(notes.count { $0.hasPrefix(said) } == 1)
    let page = try String(contentsOf: folder.url.appendingPathComponent("b.html"), encoding: .utf8)
    #expect(page.contains(said))
  }

  @Test("pictures are drawn and a report is written from files that the GPU decoded")
  func drawn() throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let photographs = Fixtures.root.appendingPathComponent("Examples/photos").path
    let (result, _, records) = try Self.detect(
      photographs, ["--model", engine, "--format", "images,html"], into: folder.path + "/run", environment)
    #expect(result.status == 0, "\(result.errors)")
    let count = records.split(separator: "\n").count
    let drawn = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run/annotated")
    #expect(count > 20 && drawn.count == count)
  }

  @Test("a GPU that breaks hands its pictures to the other one, and nothing is lost")
  func lostDevice() throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let pictures = try Self.pictures(folder)
    let arguments = ["--model", engine, "--batch", "2", "--decode", "cpu"]
    let (_, _, expected) = try Self.detect(pictures, arguments, into: folder.path + "/whole", environment)
    // Somewhere in the first batches, an illegal address.
    let broken = Self.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuLaunchKernel:4:700"])
    let (result, _, records) = try Self.detect(
      pictures, arguments + ["--device", "all"], into: folder.path + "/lost", broken)
    #expect(result.status == 1, "\(result.errors)")
    #expect(records == expected)
    #expect(result.errors.contains("is lost"), "\(result.errors)")
    // With one GPU alone the run ends, and says why.
    let (alone, _, _) = try Self.detect(pictures, arguments, into: folder.path + "/alone", broken)
    #expect(alone.status == 69 || alone.status == 70, "\(alone.status) \(alone.errors)")
    #expect(alone.errors.contains("Start again"), "\(alone.errors)")
  }

  @Test("a GPU that breaks when a picture wants page-locked memory hands its pictures over, those in the batch too")
  func lostWhileStaging() throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let pictures = try Self.pictures(folder)
    // Too large for the memory that a row has from the start.
    var random = SplitMix64(seed: 8)
    for index in 0..<3 {
      try folder.write("pictures/\(index + 11)-large.ppm", CellPicture.random(&random).ppm(scale: 12))
    }
    let arguments = [
      "--model", engine, "--batch", "4", "--decode", "cpu", "--requests", "1", "--workers", "1", "--slot-check", "off",
    ]
    let (_, _, expected) = try Self.detect(pictures, arguments, into: folder.path + "/whole", environment)
    #expect(expected.split(separator: "\n").count == 15)
    // Which allocation is a picture's is not for this test to know. Those before it are the slots' own; after the last one
    // nothing fails.
    var lost = 0
    for call in 20...100 {
      let broken = Self.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuMemHostAlloc:\(call):700"])
      let (result, _, records) = try Self.detect(
        pictures, arguments + ["--device", "all", "--overwrite"], into: folder.path + "/lost", broken)
      if result.status == 1, !result.errors.contains("is lost") { break }
      guard result.errors.contains("-large.ppm has no room in page-locked memory") else { continue }
      lost += 1
      #expect(result.status == 1, "\(call): \(result.errors)")
      #expect(records == expected, "\(call)")
      // It is said once, however many pictures find out.
      #expect(result.errors.components(separatedBy: "is lost").count == 2, "\(call): \(result.errors)")
    }
    #expect(lost > 0)
  }

  @Test(
    "a GPU that breaks while slots are made or made ready leaves everything to the other one, and is said once",
    arguments: ["cuMemHostAlloc:1", "cuMemHostAlloc:9", "cuEventCreate:2", "cuMemAlloc_v2:3", "cuMemsetD8Async:1"])
  func lostWhileSettingUp(order: String) throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let pictures = try Self.pictures(folder)
    let arguments = [
      "--model", engine, "--batch", "4", "--decode", "cpu", "--requests", "2", "--slot-check", "off", "--gpu-memory",
      "1G",
    ]
    let (_, _, expected) = try Self.detect(pictures, arguments, into: folder.path + "/whole", environment)
    let broken = Self.environment(home: folder.url, ["FAKE_CUDA_FAIL": "\(order):700"])
    let (result, _, records) = try Self.detect(
      pictures, arguments + ["--device", "all"], into: folder.path + "/lost", broken)
    #expect(result.status == 1 && records == expected, "\(result.errors)")
    #expect(result.errors.components(separatedBy: "is lost").count == 2, "\(result.errors)")
    // The only one ends the run.
    let (alone, _, _) = try Self.detect(pictures, arguments, into: folder.path + "/alone", broken)
    #expect(alone.status == 70 && alone.errors.contains("Start again"), "\(alone.status) \(alone.errors)")
  }

  @Test(
    "pictures that find no memory on the GPU in the middle of a run are prepared by the processor, and that is said once",
    arguments: ["gpu", "cpu"], [2, 1000])
  func shortage(decode: String, times: Int) throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let photographs = Fixtures.root.appendingPathComponent("Examples/photos")
    let names = try FileManager.default.contentsOfDirectory(atPath: photographs.path).filter { $0.hasSuffix(".jpg") }
      .sorted().prefix(9)
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: photographs.appendingPathComponent(name)))
      try folder.write("pictures/\(name)", bytes)
    }
    let arguments = [
      "--model", engine, "--batch", "4", "--requests", "1", "--workers", "1", "--slot-check", "off", "--device",
      "cuda:0",
      "--decode",
    ]
    let (_, _, expected) = try Self.detect(
      folder.path + "/pictures", arguments + ["cpu"], into: folder.path + "/whole", environment)
    #expect(expected.split(separator: "\n").count == 9)
    // Which allocation is for pictures is not for this test to know; those before it are the slot's.
    var found = 0
    for call in 8...13 {
      let short = Self.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuMemAlloc_v2:\(call):2:\(times)"])
      let (result, _, records) = try Self.detect(
        folder.path + "/pictures", arguments + [decode, "--overwrite"], into: folder.path + "/short", short)
      let said = result.errors.components(separatedBy: "has no memory for all pictures of a batch").count - 1
      guard said > 0 else { continue }
      found += 1
      #expect(said == 1 && result.status == 0 && records == expected, "\(call): \(result.status) \(result.errors)")
    }
    #expect(found > 0)
  }

  @Test("a limit of device memory halves the batch, and the records stay")
  func memoryLimit() throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let pictures = try Self.pictures(folder)
    let (_, _, expected) = try Self.detect(
      pictures, ["--model", engine, "--batch", "8", "--decode", "cpu"], into: folder.path + "/whole", environment)
    let (result, _, records) = try Self.detect(
      pictures, ["--model", engine, "--batch", "8", "--decode", "cpu", "--gpu-memory", "500K"],
      into: folder.path + "/less",
      environment)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("going on with 4"), "\(result.errors)")
    #expect(records == expected)
  }

  @Test("choices that do not go together are refused")
  func refusals() throws {
    let folder = try ScratchFolder()
    let environment = Self.environment(home: folder.url)
    let engine = try Self.engine(folder, environment)
    let pictures = try Self.pictures(folder)
    for (arguments, status, words) in [
      (["--model", engine, "--device", "cpu"], 64, "--device cpu"),
      (
        ["--model", Fixtures.model("v8"), "--engine", "openvino", "--device", "cuda:0"], 64,
        "OpenVINO runs on the processor"
      ),
      (["--model", engine, "--decode", "gpu", "--execution", "synchronous"], 64, "--execution asynchronous"),
      (["--model", engine, "--device", "cuda:7"], 69, "no CUDA device 7"),
      (["--model", engine, "--device", "cuda:0,0"], 64, "cuda:0,0"),
      (["--model", engine, "--gpu-memory", "much"], 64, "much"),
      (["--model", engine, "--graphs", "on"], 64, "--graphs on has no effect on tensorrt"),
      (["--model", engine, "--provider-option", "a=b"], 64, "--provider-option has no effect on tensorrt"),
      (["--model", engine, "--precision", "bf16"], 64, "--precision bf16 has no effect on v8.engine"),
      (["--model", engine, "--precision", "fp32"], 64, "swoop build MODEL.onnx --precision fp32"),
      (["--model", engine, "--threads", "2"], 64, "--threads 2 has no effect on TensorRT"),
      (["--model", Fixtures.model("v8"), "--threads", "2"], 64, "--threads 2 has no effect on TensorRT"),
      (["--model", engine, "--gpu-memory", "1G", "--execution", "synchronous"], 64, "in synchronous execution"),
    ] {
      let (result, _, _) = try Self.detect(pictures, arguments, into: folder.path + "/refused", environment)
      #expect(result.status == Int32(status), "\(arguments): \(result.status) \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
    }
    // Before the GPU is looked for, and before anything is built.
    let early = try SwoopProcess.run(
      ["detect", pictures, "--model", engine, "--precision", "auto", "-o", folder.path + "/refused"],
      environment: environment.merging(["SWOOP_CUDA": "/nowhere"]) { $1 })
    #expect(early.status == 64 && early.errors.contains("--precision auto"), "\(early.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/tensorrt"))
    let swept = try SwoopProcess.run(
      ["benchmark", "--model", engine, "--sweep", "precision=fp32,bf16", "--duration", "0.05"], environment: environment
    )
    #expect(swept.status == 64 && swept.errors.contains("--precision fp32 has no effect"), "\(swept.errors)")
    // What one of two models has a use for is no mistake; what none has is.
    for (arguments, status) in [
      ([Fixtures.model("v8"), engine, pictures, "--engine", "tensorrt", "--precision", "fp32"], 0),
      ([engine, Fixtures.model("v8"), pictures, "--engine", "tensorrt", "--precision", "fp32"], 0),
      ([engine, engine, pictures, "--precision", "fp32"], 64),
      ([Fixtures.model("v8"), engine, pictures, "--engine", "tensorrt", "--precision-b", "fp32"], 64),
      ([Fixtures.model("v8"), engine, pictures, "--engine", "tensorrt", "--threads", "2"], 64),
    ] {
      let result = try SwoopProcess.run(["compare"] + arguments, environment: environment)
      #expect(result.status == Int32(status), "\(arguments): \(result.status) \(result.errors)")
      if status == 64 { #expect(result.errors.contains("has no effect"), "\(arguments): \(result.errors)") }
    }
    // An ONNX model is built by TensorRT where that is there, without being asked to.
    let (chosen, header, _) = try Self.detect(
      pictures, ["--model", Fixtures.model("v8")], into: folder.path + "/chosen", environment)
    #expect(chosen.status == 1 && header.contains("\"runtime\":\"tensorrt\""), "\(chosen.errors)")
    // Without a compiler for the kernels the processor prepares, and says so.
    let (result, _, records) = try Self.detect(
      pictures, ["--model", engine], into: folder.path + "/no-compiler",
      environment.merging(["SWOOP_NVRTC": "/nowhere/libnvrtc.so", "SWOOP_HOME": folder.path + "/other-home"]) { $1 })
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("prepared on the processor"), "\(result.errors)")
    #expect(records.split(separator: "\n").count == 12)
  }
}
