import Foundation
import Testing
import TestSupport

/// GPUs that are lost or have no memory in the middle of a run, over the fakes.
@Suite struct DeviceTroubleTests {
  @Test("a GPU that breaks hands its pictures to the other one, and nothing is lost")
  func lostDevice() throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let arguments = ["--model", engine, "--batch", "2", "--decode", "cpu"]
    let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
    // Somewhere in the first batches, an illegal address.
    let broken = DeviceStack.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuLaunchKernel:4:700"])
    let (result, _, records) = try DeviceStack.detect(
      pictures, arguments + ["--device", "all"], into: folder.path + "/lost", broken)
    #expect(result.status == 1, "\(result.errors)")
    #expect(records == expected)
    #expect(result.errors.contains("is lost"), "\(result.errors)")
    // With one GPU alone the run ends, and says why.
    let (alone, _, _) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/alone", broken)
    #expect(alone.status == 69 || alone.status == 70, "\(alone.status) \(alone.errors)")
    #expect(alone.errors.contains("Start again"), "\(alone.errors)")
  }

  @Test("a GPU that breaks when a picture wants page-locked memory hands its pictures over, those in the batch too")
  func lostWhileStaging() throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.picturesAndLargeOnes(folder)
    let arguments = [
      "--model", engine, "--batch", "4", "--decode", "cpu", "--requests", "1", "--workers", "1", "--slot-check", "off",
    ]
    let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
    #expect(expected.split(separator: "\n").count == 15)
    // Which allocation is a picture's is not for this test to know. Those before it are the slots' own; after the last one
    // nothing fails.
    var lost = 0
    for call in 20...100 {
      let broken = DeviceStack.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuMemHostAlloc:\(call):700"])
      let (result, _, records) = try DeviceStack.detect(
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
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let arguments = [
      "--model", engine, "--batch", "4", "--decode", "cpu", "--requests", "2", "--slot-check", "off", "--gpu-memory",
      "1G",
    ]
    let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
    let broken = DeviceStack.environment(home: folder.url, ["FAKE_CUDA_FAIL": "\(order):700"])
    let (result, _, records) = try DeviceStack.detect(
      pictures, arguments + ["--device", "all"], into: folder.path + "/lost", broken)
    #expect(result.status == 1 && records == expected, "\(result.errors)")
    #expect(result.errors.components(separatedBy: "is lost").count == 2, "\(result.errors)")
    // The only one ends the run.
    let (alone, _, _) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/alone", broken)
    #expect(alone.status == 70 && alone.errors.contains("Start again"), "\(alone.status) \(alone.errors)")
  }

  @Test(
    "pictures that find no memory on the GPU in the middle of a run are prepared by the processor, and that is said once",
    arguments: ["gpu", "cpu"], [2, 1000])
  func shortage(decode: String, times: Int) throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
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
    let (_, _, expected) = try DeviceStack.detect(
      folder.path + "/pictures", arguments + ["cpu"], into: folder.path + "/whole", environment)
    #expect(expected.split(separator: "\n").count == 9)
    // Which allocation is for pictures is not for this test to know; those before it are the slot's.
    var found = 0
    for call in 8...13 {
      let short = DeviceStack.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuMemAlloc_v2:\(call):2:\(times)"])
      let (result, _, records) = try DeviceStack.detect(
        folder.path + "/pictures", arguments + [decode, "--overwrite"], into: folder.path + "/short", short)
      let said = result.errors.components(separatedBy: "has no memory for all pictures of a batch").count - 1
      guard said > 0 else { continue }
      found += 1
      #expect(said == 1 && result.status == 0 && records == expected, "\(call): \(result.status) \(result.errors)")
    }
    #expect(found > 0)
  }

  @Test(
    "pictures for which there is no page-locked memory in the middle of a run go through ordinary memory, which is said once",
    arguments: [1, 2])
  func pageLockedShortage(times: Int) throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.picturesAndLargeOnes(folder)
    let arguments = [
      "--model", engine, "--batch", "4", "--decode", "cpu", "--requests", "1", "--workers", "1", "--slot-check", "off",
      "--device", "cuda:0",
    ]
    let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
    #expect(expected.split(separator: "\n").count == 15)
    var found = 0
    for call in 8...40 {
      let short = DeviceStack.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuMemHostAlloc:\(call):2:\(times)"])
      let (result, _, records) = try DeviceStack.detect(
        pictures, arguments + ["--overwrite"], into: folder.path + "/short", short)
      let said = result.errors.components(separatedBy: "no page-locked memory left").count - 1
      // Those before are the slot's own, and after the last one nothing fails.
      if said == 0, found > 0 { break }
      // The fake network wants some, too.
      guard said > 0, !result.errors.contains("a copy of the input") else { continue }
      found += 1
      #expect(said == 1 && result.status == 1 && records == expected, "\(call): \(result.status) \(result.errors)")
    }
    #expect(found > 0)
  }

  @Test(
    "a batch that the network has no memory for runs again without its pictures on the GPU", arguments: ["gpu", "cpu"])
  func networkShortage(decode: String) throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    let engine = try DeviceStack.engine(folder, environment)
    let pictures = try DeviceStack.pictures(folder)
    let photographs = Fixtures.root.appendingPathComponent("Examples/photos")
    for name in try FileManager.default.contentsOfDirectory(atPath: photographs.path).sorted().prefix(6) {
      try folder.write("pictures/\(name)", [UInt8](try Data(contentsOf: photographs.appendingPathComponent(name))))
    }
    let arguments = [
      "--model", engine, "--batch", "4", "--requests", "1", "--workers", "1", "--slot-check", "off", "--decode",
    ]
    let (_, _, expected) = try DeviceStack.detect(
      pictures, arguments + ["cpu"], into: folder.path + "/whole", environment)
    var (again, elsewhere, ended) = (0, 0, 0)
    for call in 2...6 {
      for (times, device) in [(1, "cuda:0"), (2, "cuda:0"), (2, "all")] {
        let short = DeviceStack.environment(
          home: folder.url, ["FAKE_TENSORRT_FAIL": "IExecutionContext.enqueueV3:\(call):\(times):out of memory"])
        let (result, _, records) = try DeviceStack.detect(
          pictures, arguments + [decode, "--device", device, "--overwrite"], into: folder.path + "/short", short)
        let isRepeated = result.errors.contains("has no memory for all pictures of a batch")
        let givenUp = result.errors.components(separatedBy: "no memory for as many batches at once").count - 1
        if givenUp == (device == "all" ? 2 : 1) {
          // One slot on each, and none is left.
          ended += 1
          #expect(result.status == 70 && result.errors.contains("out of memory"), "\(call): \(result.errors)")
          continue
        }
        #expect(result.status == 1 && records == expected, "\(call) \(device): \(result.status) \(result.errors)")
        if isRepeated { again += 1 }
        if givenUp > 0 { elsewhere += 1 }
      }
    }
    #expect(again > 0 && elsewhere > 0 && ended > 0, "\(again) \(elsewhere) \(ended)")
  }

  @Test("a GPU that has no memory for a batch that another has is left out; where none has, the batch is halved")
  func noRoom() throws {
    let folder = try ScratchFolder()
    let environment = DeviceStack.environment(home: folder.url)
    for model in ["v8", "v8-batch4"] {
      let engine = try DeviceStack.engine(folder, environment, model: model)
      let pictures = try DeviceStack.pictures(folder)
      let arguments = [
        "--model", engine, "--batch", "4", "--decode", "cpu", "--requests", "1", "--slot-check", "off", "--overwrite",
      ]
      let (_, _, expected) = try DeviceStack.detect(pictures, arguments, into: folder.path + "/whole", environment)
      var found = 0
      for call in 5...20 {
        func run(_ device: String, _ times: Int) throws -> (SwoopProcess.Result, Substring) {
          let short = DeviceStack.environment(home: folder.url, ["FAKE_CUDA_FAIL": "cuMemAlloc_v2:\(call):2:\(times)"])
          let (result, _, records) = try DeviceStack.detect(
            pictures, arguments + ["--device", device], into: folder.path + "/short", short)
          return (result, records)
        }
        let (result, records) = try run("all", 1)
        guard result.errors.contains("is left out") else { continue }
        found += 1
        #expect(result.status == 1 && records == expected, "\(call): \(result.errors)")
        #expect(
          result.errors.contains("cuda:0 (Fake GPU 0) is left out: it has no memory for batches of 4"),
          "\(result.errors)")
        #expect(!result.errors.contains("going on with"), "\(result.errors)")
        #expect(result.errors.components(separatedBy: "is left out").count == 2, "\(result.errors)")
        // Where none has any, each is named.
        let (none, _) = try run("all", 1000)
        #expect(none.status == 70 && none.errors.contains("None of the 2 GPUs can be used"), "\(none.errors)")
        #expect(none.errors.contains("\ncuda:0 (Fake GPU 0): ") && none.errors.contains("\ncuda:1 (Fake GPU 1): "))
        #expect(none.errors.contains("going on with 2") == (model == "v8"), "\(none.errors)")
        if found == 2 { break }
      }
      #expect(found > 0)
    }
  }
}
