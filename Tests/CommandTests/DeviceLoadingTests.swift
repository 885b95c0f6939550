import Foundation
import Testing
import TestSupport

/// GPUs that fail while the model is loaded on them or tried, over the fakes: of several the others go on.
@Suite struct DeviceLoadingTests {
  /// Orders for the fakes after which the first GPU cannot have the model, and the run's words for it.
  static let failures: [(orders: [String: String], words: String)] = [
    (["FAKE_CUDA_FAIL": "cuDevicePrimaryCtxRetain:1:46"], "the driver makes no context on it"),
    (["FAKE_CUDA_FAIL": "cuDevicePrimaryCtxRetain:1:2"], "out of memory"),
    (["FAKE_CUDA_FAIL": "cuDeviceTotalMem_v2:1:999"], "cuDeviceTotalMem"),
    (["FAKE_TENSORRT_FAIL": "IRuntime.deserialize:1:1:out of memory"], "out of memory"),
    // What TensorRT takes for an engine that does not fit is the GPU's end, which the driver tells.
    (
      ["FAKE_TENSORRT_FAIL": "IRuntime.deserialize:1", "FAKE_CUDA_FAIL": "cuMemGetInfo_v2:1:700"],
      "The device's context is broken"
    ),
  ]

  @Test(
    "of two GPUs, one that fails while the model is loaded on it leaves everything to the other", arguments: failures)
  func oneFails(orders: [String: String], words: String) throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let arguments = ["--model", engine, "--batch", "4", "--decode", "cpu"]
    let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
    for device in ["all", "cuda:0,1"] {
      let (result, _, records) = try DeviceStack.detect(
        pictures, arguments + ["--device", device, "--overwrite"], into: folder.path + "/left",
        environment.merging(orders) { $1 })
      #expect(result.status == 1 && records == expected, "\(result.status) \(result.errors)")
      #expect(result.errors.components(separatedBy: "is left out").count == 2, "\(result.errors)")
      #expect(result.errors.contains("note: cuda:0"), "\(result.errors)")
      #expect(result.errors.contains("Its share of the pictures goes to cuda:1."), "\(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
  }

  @Test(
    "where no GPU can have the model the run ends and names each",
    arguments: [
      ["FAKE_CUDA_FAIL": "cuDevicePrimaryCtxRetain:1:46:1000"],
      ["FAKE_TENSORRT_FAIL": "IRuntime.deserialize:1:1000:out of memory"],
    ])
  func allFail(orders: [String: String]) throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let (result, _, _) = try DeviceStack.detect(
      pictures, ["--model", engine, "--device", "all"], into: folder.path + "/none",
      environment.merging(orders) { $1 })
    #expect(result.status == 70, "\(result.status) \(result.errors)")
    #expect(result.errors.contains("None of the 2 GPUs can be used."), "\(result.errors)")
    #expect(
      result.errors.contains("\ncuda:0 (Fake GPU 0): ") && result.errors.contains("\ncuda:1 (Fake GPU 1): "),
      "\(result.errors)")
    // The only one that was asked for says what it always said.
    let (alone, _, _) = try DeviceStack.detect(
      pictures, ["--model", engine, "--device", "cuda:0"], into: folder.path + "/none",
      environment.merging(orders) { $1 })
    #expect(alone.status == 70 && !alone.errors.contains("GPUs"), "\(alone.status) \(alone.errors)")
  }

  @Test("what is wrong with the model or the options ends the run at once, in the words of a run on one GPU")
  func notTheDevice() throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: engine)))
    try folder.write("cut.engine", Array(bytes.prefix(bytes.count / 2)))
    for (arguments, orders) in [
      (["--model", folder.path + "/cut.engine"], [:]),
      (["--model", engine], ["FAKE_TENSORRT_FAIL": "IRuntime.deserialize:1"]),
      (["--model", engine, "--threads", "2"], [:]),
      (["--model", Fixtures.model("v8"), "--threads", "2"], [:]),
      (["--model", Fixtures.model("unsupported-operator"), "--engine", "tensorrt"], [:]),
      (["--model", Fixtures.model("v8"), "--engine", "openvino"], [:]),
    ] as [([String], [String: String])] {
      func run(_ device: String) throws -> SwoopProcess.Result {
        try DeviceStack.detect(
          pictures, arguments + ["--device", device], into: folder.path + "/refused", environment.merging(orders) { $1 }
        ).result
      }
      let one = try run("cuda:0")
      let both = try run("cuda:0,1")
      #expect(one.status > 2 && both.status == one.status, "\(arguments): \(one.errors) \(both.errors)")
      // The runtime's own lines begin with the time.
      let time = #/\d{4}-\d\d-\d\dT\S+/#
      let words = [both, one].map { $0.errors.replacing("cuda:0,1", with: "cuda:0").replacing(time, with: "") }
      #expect(words[0] == words[1], "\(arguments)")
    }
    // It may be another GPU that shows it.
    let (late, _, _) = try DeviceStack.detect(
      pictures, ["--model", engine, "--device", "all"], into: folder.path + "/late",
      environment.merging(["FAKE_TENSORRT_FAIL": "IRuntime.deserialize:2"]) { $1 })
    #expect(late.status == 65 && late.errors.contains("cannot be loaded here"), "\(late.errors)")
    let (missing, _, _) = try DeviceStack.detect(
      pictures, ["--model", engine, "--device", "cuda:0,7"], into: folder.path + "/missing", environment)
    #expect(missing.status == 69 && missing.errors.contains("no CUDA device 7"), "\(missing.errors)")
  }

  @Test(
    "an engine that TensorRT cannot build or load on one GPU for want of memory runs on the other, and is not rebuilt")
  func builtEngines() throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let pictures = try DeviceStack.pictures(folder)
    for choice in ["auto", "tensorrt"] {
      let arguments = [
        "--model", Fixtures.model("v8"), "--engine", choice, "--device", "all", "--batch", "4", "--decode", "cpu",
        "--cache", folder.path + "/cache-\(choice)", "--overwrite",
      ]
      func run(_ orders: [String: String]) throws -> (result: SwoopProcess.Result, records: Substring) {
        let (result, header, records) = try DeviceStack.detect(
          pictures, arguments, into: folder.path + "/run", environment.merging(orders) { $1 })
        #expect(result.status == 1 && header.contains("\"runtime\":\"tensorrt\""), "\(result.errors)")
        return (result, records)
      }
      let first = try run(["FAKE_TENSORRT_FAIL": "IBuilder.buildSerializedNetwork:1:1:out of memory"])
      #expect(first.result.errors.contains("cuda:0 (Fake GPU 0) is left out"), "\(first.result.errors)")
      let whole = try run([:])
      #expect(!whole.result.errors.contains("left out") && whole.records == first.records)
      let full = try run(["FAKE_TENSORRT_FAIL": "IRuntime.deserialize:2:1:out of memory"])
      #expect(full.records == whole.records, "\(full.result.errors)")
      #expect(full.result.errors.contains("is left out"), "\(full.result.errors)")
      #expect(!full.result.errors.contains("is being built"), "\(full.result.errors)")
    }
  }

  @Test(
    "a GPU that breaks while batches are tried before the run leaves the check and its share to the other, said once",
    arguments: [
      "cuModuleLoadDataEx:1", "cuMemHostAlloc:1", "cuMemHostAlloc:7", "cuMemAlloc_v2:2", "cuMemcpyHtoDAsync_v2:1",
      "cuMemcpyHtoDAsync_v2:4",
      "cuMemcpyDtoHAsync_v2:1",
    ])
  func lostInTheCheck(order: String) throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let arguments = ["--model", engine, "--batch", "4", "--decode", "cpu", "--slot-check", "on"]
    let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
    let broken = environment.merging(["FAKE_CUDA_FAIL": "\(order):700"]) { $1 }
    let (result, _, records) = try DeviceStack.detect(
      pictures, arguments + ["--device", "all"], into: folder.path + "/lost", broken)
    #expect(result.status == 1 && records == expected, "\(result.errors)")
    #expect(result.errors.components(separatedBy: "is lost").count == 2, "\(result.errors)")
    let (alone, _, _) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/alone", broken)
    #expect(alone.status == 70 && alone.errors.contains("Start again"), "\(alone.status) \(alone.errors)")
    // The other GPU is no less checked.
    let (refused, _, _) = try DeviceStack.detect(
      pictures, arguments + ["--device", "all"], into: folder.path + "/refused",
      broken.merging(["FAKE_TENSORRT_BLEEDING": "1"]) { $1 })
    #expect(refused.status == 65 && refused.errors.contains("batch rows depend on one another"), "\(refused.errors)")
  }

  @Test("a lack of memory for the check is no reason to end a run whose batch can be halved, or that has another GPU")
  func noMemoryForTheCheck() throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let pictures = try DeviceStack.pictures(folder)
    let engines = [
      "v8": try DeviceStack.engine(folder, environment),
      "v8-batch4": try DeviceStack.engine(folder, environment, model: "v8-batch4"),
    ]
    for (model, device, words) in [
      ("v8", "cuda:0", ""), ("v8", "all", ""), ("v8-batch4", "all", "it has no memory for batches of 4"),
    ] {
      let engine = try #require(engines[model])
      let arguments = [
        "--model", engine, "--batch", "4", "--decode", "cpu", "--requests", "1", "--slot-check", "on", "--overwrite",
        "--device", device,
      ]
      let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
      var isFound = false
      for call in 3...8 {
        let (result, _, records) = try DeviceStack.detect(
          pictures, arguments, into: folder.path + "/short",
          environment.merging(["FAKE_CUDA_FAIL": "cuMemAlloc_v2:\(call):2"]) { $1 })
        #expect(result.status == 1 && records == expected, "\(model) \(call): \(result.errors)")
        isFound = isFound || words.isEmpty || result.errors.contains(words)
      }
      #expect(isFound)
    }
  }
}
