import CUDA
import FakeRuntimes
import Foundation
import Inference
import Logging
import Synchronization
import TensorRT
import Tensors

/// The driver's calls, and the TensorRT adapter over a real driver: with the fake TensorRT in every layout, and what the
/// real TensorRT for RTX and lean runtimes do and say on this GPU.
struct TensorRTCheck: Sendable {
  let driver: CUDADriver
  let check: @Sendable (String, Bool) -> Void

  /// - Parameters:
  ///   - models: the folder of the tests' models.
  ///   - rtx, lean: folders of runtimes; `nil` leaves them out.
  ///   - model: built by TensorRT for RTX.
  func run(models: String, rtx: String?, lean: String?, model: String?) throws {
    try driverChecks(driver)
    for version: Int32 in [8503, 8601, 9200, 100_000, 101_600, 110_400, 10500, 10701] {
      try adapterChecks(driver, version: version, models: models)
    }
    if let rtx { rtxChecks(folder: rtx, model: model) }
    if let lean { leanChecks(folder: lean) }
  }

  // MARK: The driver

  private func driverChecks(_ driver: CUDADriver) throws {
    let context = try driver.primaryContext(of: driver.device(0))
    let before = try context.memory().free
    do {
      let (first, second) = (try CUDAStream(in: context), try CUDAStream(in: context))
      let size = 64 << 20
      let host = try PinnedMemory(byteCount: size, in: context)
      let back = try PinnedMemory(byteCount: size, in: context)
      let memory = try DeviceMemory(byteCount: size, in: context)
      let other = try DeviceMemory(byteCount: size, in: context)
      for offset in stride(from: 0, to: size, by: 8) {
        host.bytes.storeBytes(of: UInt64(offset) &* 0x9E37_79B9_7F4A_7C15, toByteOffset: offset, as: UInt64.self)
      }
      let (start, end) = (try CUDAEvent(in: context, isTiming: true), try CUDAEvent(in: context, isTiming: true))
      try start.record(on: first)
      try first.copy(UnsafeRawBufferPointer(host.bytes), to: memory.address)
      try first.copy(memory.address, to: other.address, byteCount: size)
      try first.fill(other.address, with: 7, byteCount: 1000)
      try end.record(on: first)
      try second.wait(for: end)
      try second.copy(other.address, to: back.bytes)
      try second.synchronize()
      let same = memcmp(host.bytes.baseAddress! + 1000, back.bytes.baseAddress! + 1000, size - 1000) == 0
      check("64 MiB to the device, across it, and back over two streams", same && back.bytes[999] == 7)
      check("an event timed it: \(try end.milliseconds(since: start)) ms", try end.milliseconds(since: start) > 0)
      do {
        _ = try DeviceMemory(byteCount: 1 << 44, in: context)
        check("16 TiB are refused", false)
      } catch { check("16 TiB are refused: \(error)", error.isOutOfMemory) }
    }
    let after = try context.memory().free
    check("the memory is free again (\(before - after) bytes differ)", abs(before - after) < 8 << 20)
  }

  // MARK: The adapter over the fake TensorRT

  private func adapterChecks(_ driver: CUDADriver, version: Int32, models: String) throws {
    let fake = try FakeTensorRT(version: version)
    let quiet = Logger(label: "tensorrt") { _ in SwiftLogNoOpLogHandler() }
    let device = try TensorRTDevice(
      library: TensorRTLibrary.open(path: fake.path, logger: quiet), driver: driver, index: 0, logger: quiet)
    let name = "\(device.library.version) (fake)"
    do {
      for (model, fixed) in [("v8", false), ("v8-batch4", true)] {
        let engine = try load("\(models)/\(model).onnx", device)
        for isSynchronous in [false, true] {
          let wrong = try lanes(engine, count: 4, rounds: 6, batch: fixed ? 4 : 8, isSynchronous: isSynchronous)
          check(
            "\(name): \(model), \(isSynchronous ? "synchronous" : "asynchronous"), 4 lanes, batches and tails: \(wrong) wrong",
            wrong == 0)
        }
        try SlotCheck().check(engine, batch: 4, shapes: ["images": [4, 3, 64, 64]])
      }
      fake.setBleeding(true)
      do {
        try SlotCheck().check(load("\(models)/v8.onnx", device), batch: 4, shapes: ["images": [4, 3, 64, 64]])
        check("\(name): rows that depend on one another are refused", false)
      } catch {
        check("\(name): rows that depend on one another are refused", "\(error)".contains("depend on one another"))
      }
      fake.setBleeding(false)
      let half = try load("\(models)/v8-float16.onnx", device)
      check("\(name): float16", try lanes(half, count: 1, rounds: 2, batch: 3, isSynchronous: false) == 0)
      try onDevice(device, name, models)
      try dataDependent(device, name, models)
    }
    check(
      "\(name): nothing is left (\(fake.liveCount) objects)\(fake.violations.isEmpty ? "" : " " + fake.violations)",
      fake.liveCount == 0 && fake.violations.isEmpty)
  }

  private func load(_ path: String, _ device: TensorRTDevice) throws -> TensorRTEngine {
    var options = try TensorRTBuildOptions()
    options.batch = try .init(minimum: 1, optimum: 4, maximum: 8)
    let result = try TensorRTBuild(library: device.library, device: device).build(
      .init(path: path, digest: "0"), options: options)
    return try TensorRTEngine(result, title: path, device: device)
  }

  /// Runs lanes at once, each on a thread and context of its own, and counts outputs that are not the model's.
  private func lanes(_ engine: TensorRTEngine, count: Int, rounds: Int, batch: Int, isSynchronous: Bool) throws
    -> Int
  {
    let wrong = Mutex(0)
    let threads = (0..<count).map { lane in
      Thread {
        do {
          let context = try engine.makeContext(maximumInputShapes: ["images": [batch, 3, 64, 64]])
          for round in 0..<rounds {
            let rows = 1 + (lane + round * 3) % batch
            try context.setInputShape([rows, 3, 64, 64], named: "images")
            let cells = (0..<rows).map { Cells(seed: lane * 1000 + round * 10 + $0) }
            try fill(context, cells, engine.inputs[0].elementType)
            if isSynchronous {
              try context.execute()
            } else {
              try context.enqueue()
              try context.synchronize()
            }
            let view = try context.output(named: "output0")
            if numbers(view) != cells.flatMap({ $0.expected() }) { wrong.withLock { $0 += 1 } }
          }
        } catch {
          print("       lane \(lane): \(error)")
          wrong.withLock { $0 += 1 }
        }
      }
    }
    for thread in threads { thread.start() }
    while !threads.allSatisfy(\.isFinished) { usleep(2000) }
    return wrong.withLock { $0 }
  }

  private func fill(_ context: any Inference.ExecutionContext, _ cells: [Cells], _ type: ElementType) throws {
    let bytes = try context.inputBytes(named: "images")
    let pixels = cells.flatMap { $0.pixels() }
    if type == .float16 {
      // Multiples of 1/64 are exact in float16.
      pixels.map { HalfBits.of($0) }.withUnsafeBytes { bytes.copyMemory(from: $0) }
    } else {
      pixels.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  private func numbers(_ view: TensorView) -> [Float] {
    if view.elementType == .float16 {
      return (0..<view.elementCount).map {
        HalfBits.number(view.bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self))
      }
    }
    return (0..<view.elementCount).map { view.bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
  }

  private func onDevice(_ device: TensorRTDevice, _ name: String, _ models: String) throws {
    let engine = try load("\(models)/v8.onnx", device)
    let context = try engine.makeDeviceContext(maximumInputShapes: ["images": [2, 3, 64, 64]])
    let cells = [Cells(seed: 1), Cells(seed: 2)]
    let host = try PinnedMemory(byteCount: 2 * 3 * 64 * 64 * 4, in: device.cuda)
    cells.flatMap { $0.pixels() }.withUnsafeBytes { host.bytes.copyMemory(from: $0) }
    try context.stream.copy(UnsafeRawBufferPointer(host.bytes), to: context.inputAddress(named: "images"))
    try context.enqueueOnDevice()
    let (address, shape) = try context.outputOnDevice(named: "output0")
    let back = try PinnedMemory(byteCount: shape.reduce(4, *), in: device.cuda)
    try context.stream.copy(address, to: back.bytes)
    try context.synchronize()
    check(
      "\(name): inputs and outputs stay on the device",
      Array(back.bytes.bindMemory(to: Float.self)) == cells.flatMap { $0.expected() })
  }

  private func dataDependent(_ device: TensorRTDevice, _ name: String, _ models: String) throws {
    let context = try load("\(models)/data-dependent.onnx", device).makeContext(maximumInputShapes: [
      "images": [1, 3, 64, 64]
    ])
    var cells = Cells(seed: 0)
    cells.values = [Int](repeating: 0, count: 192)
    cells.values[64 + 9] = 64
    try fill(context, [cells], .float32)
    try context.enqueue()
    try context.synchronize()
    let view = try context.output(named: "output")
    check(
      "\(name): an output whose size depends on the data",
      view.shape == [1, 7] && numbers(view) == [0, 8, 8, 16, 16, 1, 1])
  }

  // MARK: The real libraries

  private func rtxChecks(folder: String, model: String?) {
    do {
      let library = try TensorRTLibrary.open(
        kinds: [.rtx], folders: [folder], logger: Logger(label: "rtx") { _ in SwiftLogNoOpLogHandler() })
      print("\(library.version), \(library.path)")
      guard let model else { return }
      let device = try TensorRTDevice(library: library)
      let build = try TensorRTBuild(library: library, device: device)
      do {
        let result = try build.build(.init(path: model, digest: "0"), options: TensorRTBuildOptions())
        print("       built for this GPU: \(result.plan.byteCount) bytes in \(result.record.buildSeconds) s")
      } catch { print("       building for this GPU: \(error)") }
      var options = try TensorRTBuildOptions()
      options.computeCapabilities = [86, 89]
      let result = try build.build(.init(path: model, digest: "0"), options: options)
      check(
        "TensorRT for RTX builds \(result.plan.byteCount) bytes in \(result.record.buildSeconds) s",
        result.plan.byteCount > 1_000_000)
      let path = "/tmp/rtx-check.engine"
      try result.write(to: path)
      do {
        _ = try TensorRTEngine(path: path, device: device)
        check("TensorRT for RTX refuses to run here", false)
      } catch {
        check("TensorRT for RTX refuses to run here, and says:\n\(error)", "\(error)".contains("cannot be loaded here"))
      }
      print(try engineSummary(path: path, device: device))
    } catch { check("TensorRT for RTX: \(error)", false) }
  }

  private func leanChecks(folder: String) {
    do {
      let library = try TensorRTLibrary.open(
        kinds: [.lean], folders: [folder], logger: Logger(label: "lean") { _ in SwiftLogNoOpLogHandler() })
      check("lean runtime: \(library.version), \(library.path), kind \(library.kind)", library.kind == .lean)
      let device = try TensorRTDevice(library: library)
      do {
        _ = try TensorRTBuild(library: library, device: device)
        check("the lean runtime does not build", false)
      } catch { check("the lean runtime does not build: \(error)", true) }
      do {
        _ = try TensorRTEngine(path: "/tmp/rtx-check.engine", device: device)
        check("the lean runtime refuses another kind of plan", false)
      } catch {
        check("the lean runtime refuses another kind of plan:\n\(error)", "\(error)".contains("cannot be loaded here"))
      }
    } catch { check("lean runtime: \(error)", false) }
  }
}

/// A picture of uniform 8x8 cells and what the `v8` models give for it; see Tests/Fixtures/models/README.md.
private struct Cells {
  var values: [Int]

  init(seed: Int) {
    var state = UInt64(seed) &+ 0x9E37_79B9_7F4A_7C15
    values = (0..<192).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Int(state >> 33)
      return number % 2 == 0 ? 0 : number / 2 % 65
    }
  }

  func pixels() -> [Float] {
    var pixels: [Float] = []
    for channel in 0..<3 {
      for y in 0..<64 {
        for x in 0..<64 { pixels.append(Float(values[channel * 64 + y / 8 * 8 + x / 8]) / 64) }
      }
    }
    return pixels
  }

  func expected() -> [Float] {
    let anchors = (0..<128).map { ($0 % 64, $0 / 64) }
    var output = anchors.map { Float($0.0 % 8 * 8 + 4 + $0.1) } + anchors.map { Float($0.0 / 8 * 8 + 4) }
    output += [Float](repeating: 8, count: 256)
    for channel in 0..<3 {
      output += anchors.map { cell, copy in
        max(0, 2 * Float(values[channel * 64 + cell]) / 64 - 1) * (copy == 0 ? 1 : 0.75)
      }
    }
    return output
  }
}

/// float16 by its bits, for the exact numbers of the fixtures.
private enum HalfBits {
  static func of(_ number: Float) -> UInt16 {
    guard number > 0 else { return 0 }
    return UInt16((Int(number.exponent) + 15) << 10 | Int((number.significand - 1) * 1024))
  }

  static func number(_ bits: UInt16) -> Float {
    guard bits != 0 else { return 0 }
    return Float(sign: .plus, exponent: Int(bits >> 10 & 31) - 15, significand: 1 + Float(bits & 1023) / 1024)
  }
}
