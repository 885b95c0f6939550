import Foundation
import SeededNumbers
import Testing
import TestSupport

/// A machine with two GPUs, as far as processes of the command see one: the fake driver, compiler, nvJPEG and TensorRT, with
/// Swoop's own kernels run by the emulator.
enum DeviceStack {
  /// The environment of a machine with two GPUs.
  static func environment(home: URL, _ more: [String: String] = [:]) -> [String: String] {
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

  static func detect(
    _ source: String, _ arguments: [String], into output: String, _ environment: [String: String]
  ) throws -> (result: SwoopProcess.Result, header: Substring, records: Substring) {
    let result = try SwoopProcess.run(["detect", source, "-o", output] + arguments, environment: environment)
    let text = (try? String(contentsOfFile: output + "/detections.jsonl", encoding: .utf8)) ?? ""
    let end = text.firstIndex(of: "\n") ?? text.endIndex
    return (result, text[..<end], text[end...])
  }

  /// An engine of the fixture model; dynamic batch.
  static func engine(_ folder: ScratchFolder, _ environment: [String: String], model: String = "v8") throws
    -> String
  {
    let path = folder.path + "/\(model).engine"
    let built = try SwoopProcess.run(
      ["build", Fixtures.model(model), "-o", path, "--batch", "1:4:8", "-q"], environment: environment)
    try #require(built.status == 0, "\(built.errors)")
    return path
  }

  static func pictures(_ folder: ScratchFolder) throws -> String {
    var random = SplitMix64(seed: 7)
    for index in 0..<11 {
      try folder.write("pictures/\(index + 10).ppm", CellPicture.random(&random).ppm(scale: 1 + index % 3))
    }
    try folder.write("pictures/15-broken.ppm", Array("P6\n64 64\n255\nshort".utf8))
    return folder.path + "/pictures"
  }

  /// The pictures, and three that are too large for the memory that a row has from the start: 15 records.
  static func picturesAndLargeOnes(_ folder: ScratchFolder) throws -> String {
    let path = try pictures(folder)
    var random = SplitMix64(seed: 8)
    for index in 0..<3 {
      try folder.write("pictures/\(index + 11)-large.ppm", CellPicture.random(&random).ppm(scale: 12))
    }
    return path
  }
}
