import CUDA
import DeviceDetection
import Foundation
import Imaging
import NVJPEG

/// How fast JPEG files are decoded on the GPU by the stage that a run has, beside nvJPEG alone: the same files, already in
/// memory, in batches.
enum DecodeCheck {
  /// - Parameter folders: each with JPEG files of one size.
  static func run(_ context: CUDAContext, folders: [String], _ check: (String, Bool) -> Void) throws {
    let library = try NVJPEGLibrary.open()
    let engine = try DeviceJPEGEngine(library, in: context)
    let kernels = try DeviceKernels(context: context, cache: KernelCache(folder: nil))
    print(
      "nvJPEG \(library.version), \(library.path); hardware engines: "
        + (engine.hardware == nil ? "none" : engine.engineCount.map(String.init) ?? "yes"))
    for folder in folders {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        .filter { $0.hasSuffix(".jpg") }.map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
      guard !files.isEmpty else { continue }
      let pinned = try files.map { file in
        let memory = try PinnedMemory(byteCount: file.count, in: context)
        file.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
        return memory
      }
      let encoded = pinned.map { memory in
        let bytes = UnsafeRawBufferPointer(memory.bytes)
        return EncodedPicture(bytes: bytes, routed: engine.route(bytes, DecodingOptions()))
      }
      let routes = Dictionary(grouping: encoded) { "\($0.routed.route)" }.map { "\($0.value.count) \($0.key)" }
      let size = "\(encoded[0].routed.width)x\(encoded[0].routed.height)"
      guard let hardware = engine.hardware else { return check("decode \(size): a hardware engine", false) }
      var alone: [Double] = []
      var staged: [Double] = []
      let slots = 6
      for _ in 0..<5 {
        alone.append(try nvjpegAlone(hardware, encoded, batch: 256, context))
        staged.append(try stage(engine, kernels, encoded, batch: 64, slots: slots, context))
      }
      let (a, s) = (alone.sorted()[2], staged.sorted()[2])
      print(
        "decode \(size) (\(routes.sorted().joined(separator: ", "))): nvJPEG alone \(Int(a)) images/s, stage \(Int(s)), \(Int(s / a * 100)) %"
      )
      check("decode \(size): the stage has at least 90 % of nvJPEG alone", s >= 0.9 * a)
      withExtendedLifetime(pinned) {}
    }
  }

  /// One thread, one stream, nothing but nvjpegDecodeBatched and a wait.
  private static func nvjpegAlone(
    _ handle: NVJPEGHandle, _ encoded: [EncodedPicture], batch: Int, _ context: CUDAContext
  ) throws -> Double {
    let decoder = try NVJPEGBatchDecoder(handle, capacity: batch)
    let stream = try CUDAStream(in: context)
    let size = DeviceJPEGDecoder.byteCount(width: encoded[0].routed.width, height: encoded[0].routed.height)
    let memory = try DeviceMemory(byteCount: size * batch, in: context)
    let pictures = (0..<batch).map { index in
      let picture = encoded[index % encoded.count]
      return NVJPEGPicture(
        bytes: UnsafeRawBufferPointer(rebasing: picture.bytes.prefix(picture.routed.byteCount)),
        address: memory.address + UInt64(size * index), bytesPerRow: picture.routed.width * 3)
    }
    for _ in 0..<3 {
      try decoder.decode(pictures, on: stream)
      try stream.synchronize()
    }
    let start = DispatchTime.now().uptimeNanoseconds
    var count = 0
    while DispatchTime.now().uptimeNanoseconds - start < 1_000_000_000 {
      try decoder.decode(pictures, on: stream)
      try stream.synchronize()
      count += batch
    }
    return Double(count) * 1e9 / Double(DispatchTime.now().uptimeNanoseconds - start)
  }

  /// As a run does it: several slots with a thread and a stream each.
  private static func stage(
    _ engine: DeviceJPEGEngine, _ kernels: DeviceKernels, _ encoded: [EncodedPicture], batch: Int, slots: Int,
    _ context: CUDAContext
  ) throws -> Double {
    let counts = Counts()
    let group = DispatchGroup()
    for slot in 0..<slots {
      let thread = Thread {
        defer { group.leave() }
        do {
          let stream = try CUDAStream(in: context)
          let decoder = try DeviceJPEGDecoder(
            engine, on: stream, capacity: batch, arenaLimit: 4 << 30, kernels: kernels)
          let pictures = (0..<batch).map { encoded[($0 + slot * batch) % encoded.count] }
          for _ in 0..<3 {
            _ = try decoder.decode(pictures)
            try stream.synchronize()
          }
          counts.wait(for: slots)
          while !counts.isOver {
            _ = try decoder.decode(pictures)
            try stream.synchronize()
            counts.add(batch)
          }
        } catch {
          counts.fail("\(error)")
        }
      }
      group.enter()
      thread.start()
    }
    group.wait()
    if let failure = counts.failure { throw CheckFailure(description: failure) }
    return counts.rate
  }

  struct CheckFailure: Error, CustomStringConvertible { var description: String }

  /// What the threads of a measurement share: they start together, and count for a second.
  private final class Counts: @unchecked Sendable {
    private let condition = NSCondition()
    private var ready = 0
    private var start: UInt64 = 0
    private var end: UInt64 = 0
    private var count = 0
    private(set) var failure: String?

    func wait(for threads: Int) {
      condition.lock()
      defer { condition.unlock() }
      ready += 1
      if ready == threads {
        start = DispatchTime.now().uptimeNanoseconds
        condition.broadcast()
      }
      while ready < threads && failure == nil { condition.wait() }
    }

    var isOver: Bool {
      condition.lock()
      defer { condition.unlock() }
      end = DispatchTime.now().uptimeNanoseconds
      return failure != nil || end - start > 1_000_000_000
    }

    func add(_ pictures: Int) {
      condition.lock()
      count += pictures
      condition.unlock()
    }

    func fail(_ text: String) {
      condition.lock()
      failure = text
      condition.broadcast()
      condition.unlock()
    }

    var rate: Double { Double(count) * 1e9 / Double(end - start) }
  }
}
