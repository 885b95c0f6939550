import Foundation
import SeededNumbers
import Testing
import TestSupport

/// `detect` with everything on a GPU, from file bytes to boxes: over the fake driver, compiler, nvJPEG and TensorRT, with
/// Swoop's own kernels run by the emulator, as processes of their own.
@Suite struct DeviceCommandTests {
  @Test(
    "the GPU gives the processor's records: fixed and dynamic batch, each way to resize, one GPU and two",
    arguments: ["v8", "v8-batch4"])
  func likeTheProcessor(model: String) throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment, model: model)
    let pictures = try DeviceStack.pictures(folder)
    for resize in ["ultralytics", "pillow", "stretch"] {
      func run(_ name: String, _ more: [String]) throws -> (SwoopProcess.Result, Substring, Substring) {
        let (result, header, records) = try DeviceStack.detect(
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
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
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
    let (_, cpuHeader, expected) = try DeviceStack.detect(
      folder.path + "/pictures", ["--model", engine, "--decode", "cpu", "--confidence", "0.01"],
      into: folder.path + "/cpu",
      environment)
    let (result, header, records) = try DeviceStack.detect(
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
    let environment = DeviceStack.environment(home: folder.url, ["SWOOP_NVRTC": "/nonexistent/libnvrtc.so"])
    let engine = try DeviceStack.engine(folder, environment)
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
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let photographs = Fixtures.root.appendingPathComponent("Examples/photos").path
    let (result, _, records) = try DeviceStack.detect(
      photographs, ["--model", engine, "--format", "images,html"], into: folder.path + "/run", environment)
    #expect(result.status == 0, "\(result.errors)")
    let count = records.split(separator: "\n").count
    let drawn = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run/annotated")
    #expect(count > 20 && drawn.count == count)
  }

  @Test("a limit of device memory halves the batch, and the records stay")
  func memoryLimit() throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let (_, _, expected) = try DeviceStack.detect(
      pictures, ["--model", engine, "--batch", "8", "--decode", "cpu"], into: folder.path + "/whole", environment)
    let (result, _, records) = try DeviceStack.detect(
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
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
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
      let (result, _, _) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/refused", environment)
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
    let (chosen, header, _) = try DeviceStack.detect(
      pictures, ["--model", Fixtures.model("v8")], into: folder.path + "/chosen", environment)
    #expect(chosen.status == 1 && header.contains("\"runtime\":\"tensorrt\""), "\(chosen.errors)")
    // Without a compiler for the kernels the processor prepares, and says so.
    let (result, _, records) = try DeviceStack.detect(
      pictures, ["--model", engine], into: folder.path + "/no-compiler",
      environment.merging(["SWOOP_NVRTC": "/nowhere/libnvrtc.so", "SWOOP_HOME": folder.path + "/other-home"]) { $1 })
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("prepared on the processor"), "\(result.errors)")
    #expect(records.split(separator: "\n").count == 12)
  }
}
