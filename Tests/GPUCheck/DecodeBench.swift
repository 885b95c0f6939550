import CUDA
import DeviceDetection
import Foundation
import Imaging
import NVJPEG

/// A folder's files in memory, and what the decoders of a measurement share.
final class DecodeBench: @unchecked Sendable {
  // Sendable: the lock guards what changes.

  let context: CUDAContext
  let engine: DeviceJPEGEngine
  let kernels: DeviceKernels
  /// The engines' handle that a run has.
  let hardware: NVJPEGHandle
  /// In pinned memory.
  let pictures: [EncodedPicture]
  /// The same files in ordinary memory.
  let pageable: [EncodedPicture]
  /// The largest picture's bytes on the device.
  let pictureByteCount: Int
  /// "640x480"; of the first file.
  let size: String
  private let pinned: [PinnedMemory]

  private let lock = NSLock()
  private var targets: [Int: DeviceMemory] = [:]
  private var handles: [HandleKind: NVJPEGHandle] = [:]
  private var spares: [NVJPEGBatchDecoder] = []

  /// Which handle a lane decodes with.
  enum HandleKind: Hashable, Sendable {
    /// The run's, for all lanes.
    case shared
    /// One of the lane's own.
    case own(Int)
    /// One for all lanes that repeats colour instead of interpolating it.
    case repeatedColour
    /// One for all lanes that buffers no pictures ahead.
    case withoutPipeline
  }

  /// - Throws: where a file cannot be read, or the device has no JPEG engines.
  init(folder: String, engine: DeviceJPEGEngine, kernels: DeviceKernels) throws {
    context = engine.context
    self.engine = engine
    self.kernels = kernels
    guard let hardware = engine.hardware else { throw CheckFailure(description: "there are no JPEG engines") }
    self.hardware = hardware
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".jpg") }.map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
    guard !files.isEmpty else { throw CheckFailure(description: "\(folder) has no .jpg files") }
    let context = context
    pinned = try files.map { file in
      let memory = try PinnedMemory(byteCount: file.count, in: context)
      file.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
      return memory
    }
    pictures = pinned.map { memory in
      let bytes = UnsafeRawBufferPointer(memory.bytes)
      return EncodedPicture(bytes: bytes, routed: engine.route(bytes, DecodingOptions()))
    }
    pageable = pictures.map { picture in
      // As long as the process: no other owner is needed.
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: picture.bytes.count, alignment: 64)
      memory.copyMemory(from: picture.bytes)
      return EncodedPicture(bytes: UnsafeRawBufferPointer(memory), routed: picture.routed)
    }
    pictureByteCount =
      pictures.map { DeviceJPEGDecoder.byteCount(width: $0.routed.width, height: $0.routed.height) }.max() ?? 0
    size = "\(pictures[0].routed.width)x\(pictures[0].routed.height)"
  }

  /// What the files are, in words.
  var title: String {
    let routes = Dictionary(grouping: pictures) { "\($0.routed.route)" }.map { "\($0.value.count) \($0.key)" }
    return "\(size) (\(routes.sorted().joined(separator: ", ")))"
  }

  /// The file of middle size.
  var middle: EncodedPicture { bySize[bySize.count / 2] }

  /// The files, the longest first.
  var bySize: [EncodedPicture] { pictures.sorted { $0.routed.byteCount > $1.routed.byteCount } }

  /// Device memory of a lane for so many pictures; valid until the lane asks for more.
  func target(lane: Int, count: Int) throws -> UInt64 {
    lock.lock()
    defer { lock.unlock() }
    let byteCount = pictureByteCount * count
    if let memory = targets[lane], memory.byteCount >= byteCount { return memory.address }
    targets[lane] = nil
    let memory = try DeviceMemory(byteCount: byteCount, in: context)
    targets[lane] = memory
    return memory.address
  }

  func handle(_ kind: HandleKind) throws -> NVJPEGHandle {
    if kind == .shared { return hardware }
    lock.lock()
    defer { lock.unlock() }
    if let handle = handles[kind] { return handle }
    var flags = hardware.flags
    if kind == .repeatedColour { flags.remove(.interpolatedColour) }
    if kind == .withoutPipeline { flags.insert(.withoutPipeline) }
    let handle = try NVJPEGHandle(engine.library, backend: .hardware, flags: flags, in: context)
    handles[kind] = handle
    return handle
  }

  /// A decoding object, one that was given back if there is one: a new one takes an eighth of a second.
  func takeDecoder(_ handle: NVJPEGHandle, processorThreads: Int) throws -> NVJPEGBatchDecoder {
    lock.lock()
    defer { lock.unlock() }
    let spare = spares.firstIndex { $0.handle === handle && $0.processorThreads == processorThreads }
    if let spare { return spares.remove(at: spare) }
    return try NVJPEGBatchDecoder(handle, capacity: 512, processorThreads: processorThreads)
  }

  func giveBack(_ decoder: NVJPEGBatchDecoder) {
    lock.lock()
    spares.append(decoder)
    lock.unlock()
  }

  struct CheckFailure: Error, CustomStringConvertible { var description: String }

  // MARK: Measuring

  /// What several threads did together.
  struct Rate: Sendable {
    var imagesPerSecond: Double
    /// Milliseconds of a batch in nvJPEG's call, and altogether; the mean.
    var call, batch: Double
  }

  /// What a thread does again and again.
  protocol Lane {
    /// Ends one batch, and returns the seconds in nvJPEG's call.
    func step() throws -> Double
    /// Waits for what is under way.
    func finish() throws
  }

  /// Runs lanes side by side, each on a thread.
  ///
  /// - Parameter batch: pictures a step.
  static func measure(
    lanes: Int, batch: Int, seconds: Double, _ make: @escaping @Sendable (Int) throws -> any Lane
  ) throws -> Rate {
    let meter = DecodeMeter(lanes: lanes, seconds: seconds)
    let group = DispatchGroup()
    for index in 0..<lanes {
      let thread = Thread {
        defer { group.leave() }
        do {
          let lane = try make(index)
          for _ in 0..<3 { _ = try lane.step() }
          meter.begin()
          while !meter.isOver { meter.add(lane: index, call: try lane.step()) }
          try lane.finish()
        } catch {
          meter.fail("\(error)")
        }
      }
      group.enter()
      thread.start()
    }
    group.wait()
    if let failure = meter.failure { throw CheckFailure(description: failure) }
    return meter.rate(batch: batch)
  }
}

/// Counts what threads do in a time that they begin together.
private final class DecodeMeter: @unchecked Sendable {
  // Sendable: the condition guards what changes; the rest is read when all threads have ended.

  private let condition = NSCondition()
  private let nanoseconds: UInt64
  private var ready = 0
  private var start: UInt64 = 0
  /// When each lane ended its batches.
  private var ends: [[UInt64]]
  private var callSeconds = 0.0
  private(set) var failure: String?

  // Two whole intervals at least, however short the time.
  private static let leastCount = 3

  init(lanes: Int, seconds: Double) {
    nanoseconds = UInt64(seconds * 1e9)
    ends = Array(repeating: [], count: lanes)
  }

  /// Returns when all threads have come here.
  func begin() {
    condition.lock()
    defer { condition.unlock() }
    ready += 1
    if ready == ends.count {
      start = DispatchTime.now().uptimeNanoseconds
      condition.broadcast()
    }
    while ready < ends.count && failure == nil { condition.wait() }
  }

  /// Whether the time is over and every lane has been seen often enough; all end together, so that none has the device to
  /// itself.
  var isOver: Bool {
    condition.lock()
    defer { condition.unlock() }
    return failure != nil
      || (DispatchTime.now().uptimeNanoseconds - start >= nanoseconds
        && ends.allSatisfy { $0.count >= Self.leastCount })
  }

  func add(lane: Int, call: Double) {
    condition.lock()
    ends[lane].append(DispatchTime.now().uptimeNanoseconds)
    callSeconds += call
    condition.unlock()
  }

  func fail(_ text: String) {
    condition.lock()
    failure = failure ?? text
    condition.broadcast()
    condition.unlock()
  }

  /// From the first end of each lane to its last: whole batches in a time that is known exactly.
  func rate(batch: Int) -> DecodeBench.Rate {
    var (rate, perBatch) = (0.0, 0.0)
    for times in ends {
      let seconds = Double(times[times.count - 1] - times[0]) / 1e9 / Double(times.count - 1)
      rate += Double(batch) / seconds
      perBatch += seconds / Double(ends.count)
    }
    let count = ends.reduce(0) { $0 + $1.count }
    return DecodeBench.Rate(imagesPerSecond: rate, call: callSeconds / Double(count) * 1e3, batch: perBatch * 1e3)
  }
}
