import CUDA
import DeviceDetection
import Foundation
import NVJPEG

/// The decode stage of a run as it is: ``DeviceJPEGDecoder`` on a stream.
final class StageLane: DecodeBench.Lane {
  private let decoder: DeviceJPEGDecoder
  private let pictures: [EncodedPicture]

  init(_ bench: DecodeBench, lane: Int, batch: Int) throws {
    decoder = try DeviceJPEGDecoder(
      bench.engine, on: CUDAStream(in: bench.context), capacity: batch, arenaLimit: 4 << 30, kernels: bench.kernels)
    pictures = (0..<batch).map { bench.pictures[($0 + lane * batch) % bench.pictures.count] }
  }

  func step() throws -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    _ = try decoder.decode(pictures)
    let end = DispatchTime.now().uptimeNanoseconds
    try decoder.stream.synchronize()
    return Double(end - start) / 1e9
  }

  func finish() throws {}
}

/// nvJPEG's batched call with what a stage puts around it, each part to be had or left out.
final class PartsLane: DecodeBench.Lane {
  struct Options: Sendable {
    var batch = 64
    /// Batches under way at once on this thread, each with a decoding object and a stream.
    var depth = 1
    /// Marks before, and a look at them after.
    var marks = false
    /// nvJPEG is told the largest size in advance.
    var largest = false
    /// Every call is filled up to as many pictures with tiny ones, at its end. 0 is none.
    var filledTo = 0
    /// Tiny pictures at the beginning of a call: as many as the lane's number, modulo this.
    var rotation = 0
    var order = Order.given
    /// The same file throughout, so that no engine has more to do than another.
    var isAlike = false
    var isPageable = false
    var processorThreads = 1
    /// Pictures of each call; empty is all in one. What is left over is decoded on the GPU's cores.
    var calls: [Int] = []
    var handle = DecodeBench.HandleKind.shared
    /// How many lanes may be in a call, or in it and in the wait for it, at once.
    var gate: Gate?
  }

  struct Gate: @unchecked Sendable {
    // Sendable: the semaphore is for all threads.
    let semaphore: DispatchSemaphore
    let spansWait: Bool
  }

  enum Order: Sendable {
    case given
    /// The longest file first.
    case descending
    /// Where picture i goes to engine i modulo their number: each has as much to do.
    case dealt
    /// Where each engine gets neighbours: each has as much to do.
    case blocks
  }

  private struct Call {
    var pictures: [NVJPEGPicture]
    var decoder: NVJPEGBatchDecoder
    var usualCount: Int
  }

  private struct Work {
    var stream: CUDAStream
    var calls: [Call]
    var placed: [PlacedPicture]
    var marks: WriteMarks?
    var isBusy = false
  }

  private let bench: DecodeBench
  private let options: Options
  private let largest: (width: Int, height: Int)?
  private let paddingFile: UnsafeMutableRawBufferPointer
  private var works: [Work] = []
  private var next = 0

  init(_ bench: DecodeBench, lane: Int, _ options: Options) throws {
    self.bench = bench
    self.options = options
    paddingFile = .allocate(byteCount: PaddingPicture.file.count, alignment: 64)
    paddingFile.copyBytes(from: PaddingPicture.file)
    func rounded(_ length: Int) -> Int { (length + 255) / 256 * 256 }
    largest =
      options.largest
      ? (
        rounded(bench.pictures.map(\.routed.width).max() ?? 0), rounded(bench.pictures.map(\.routed.height).max() ?? 0)
      ) : nil
    // One more for the tiny pictures, which nobody looks at.
    let address = try bench.target(lane: lane, count: options.depth * options.batch + 1)
    for depth in 0..<options.depth {
      let first = address + UInt64((1 + depth * options.batch) * bench.pictureByteCount)
      works.append(try work(lane: lane * options.depth + depth, at: first, padding: address))
    }
    // Of another number of pictures, so that nothing of an earlier measurement's memory is left.
    for work in works {
      for call in work.calls { try call.decoder.decode([call.pictures[0]], on: work.stream) }
      try work.stream.synchronize()
    }
  }

  deinit {
    for work in works {
      guard (try? work.stream.synchronize()) != nil else { continue }
      for call in work.calls { bench.giveBack(call.decoder) }
    }
    paddingFile.deallocate()
  }

  private func work(lane: Int, at address: UInt64, padding: UInt64) throws -> Work {
    let source = options.isPageable ? bench.pageable : bench.pictures
    let encoded =
      options.isAlike
      ? Array(repeating: bench.middle, count: options.batch)
      : (0..<options.batch).map { source[($0 + lane * options.batch) % source.count] }
    var placed: [PlacedPicture] = []
    for (index, picture) in encoded.enumerated() {
      placed.append(
        PlacedPicture(
          address: address + UInt64(index * bench.pictureByteCount), bytesPerRow: picture.routed.width * 3,
          width: picture.routed.width, height: picture.routed.height))
    }
    let tiny = NVJPEGPicture(
      bytes: UnsafeRawBufferPointer(paddingFile), address: padding, bytesPerRow: PaddingPicture.side * 3)
    var calls: [Call] = []
    var at = 0
    for count in options.calls.isEmpty ? [options.batch] : options.calls {
      let indices = ordered(Array(at..<at + count), by: encoded)
      at += count
      var pictures = indices.map { Self.picture(encoded[$0], placed[$0]) }
      if options.rotation > 0 {
        pictures.insert(contentsOf: Array(repeating: tiny, count: lane % options.rotation), at: 0)
      }
      calls.append(
        Call(
          pictures: pictures,
          decoder: try bench.takeDecoder(
            bench.handle(options.handle), processorThreads: options.processorThreads),
          usualCount: max(options.filledTo, pictures.count)))
    }
    if at < options.batch {
      guard let cores = bench.engine.hybrid else { throw DecodeBench.CheckFailure(description: "no hybrid decoder") }
      let pictures = (at..<options.batch).map { Self.picture(encoded[$0], placed[$0]) }
      calls.append(
        Call(pictures: pictures, decoder: try bench.takeDecoder(cores, processorThreads: 1), usualCount: pictures.count)
      )
    }
    return Work(
      stream: try CUDAStream(in: bench.context), calls: calls, placed: placed,
      marks: options.marks ? try WriteMarks(capacity: options.batch, kernels: bench.kernels) : nil)
  }

  private static func picture(_ encoded: EncodedPicture, _ placed: PlacedPicture) -> NVJPEGPicture {
    NVJPEGPicture(
      bytes: UnsafeRawBufferPointer(rebasing: encoded.bytes.prefix(encoded.routed.byteCount)),
      address: placed.address, bytesPerRow: placed.bytesPerRow)
  }

  private func ordered(_ indices: [Int], by encoded: [EncodedPicture]) -> [Int] {
    guard options.order != .given else { return indices }
    let descending = indices.sorted { encoded[$0].routed.byteCount > encoded[$1].routed.byteCount }
    guard options.order != .descending else { return descending }
    // To and fro: who got the most in one round gets the least in the next.
    let engines = max(1, bench.engine.engineCount ?? 1)
    var hands = [[Int]](repeating: [], count: engines)
    for (place, index) in descending.enumerated() {
      let column = place % engines
      hands[place / engines % 2 == 0 ? column : engines - 1 - column].append(index)
    }
    guard options.order == .dealt else { return hands.flatMap { $0 } }
    hands.sort { $0.count > $1.count }
    return (0..<hands[0].count).flatMap { round in hands.compactMap { round < $0.count ? $0[round] : nil } }
  }

  // MARK: Running

  func step() throws -> Double {
    let current = next
    next = (next + 1) % works.count
    let seconds = try submit(current)
    // With one batch under way it is this one, else the oldest.
    try wait(next)
    return seconds
  }

  func finish() throws {
    for index in works.indices { try wait(index) }
  }

  private func submit(_ index: Int) throws -> Double {
    let work = works[index]
    if let marks = work.marks {
      try marks.mark(work.placed, on: work.stream)
      try work.stream.synchronize()
    }
    options.gate?.semaphore.wait()
    defer { options.gate?.semaphore.signal() }
    let start = DispatchTime.now().uptimeNanoseconds
    for call in work.calls {
      try call.decoder.decode(call.pictures, usualCount: call.usualCount, largest: largest, on: work.stream)
    }
    let end = DispatchTime.now().uptimeNanoseconds
    works[index].isBusy = true
    try work.marks?.collect(on: work.stream)
    if options.gate?.spansWait == true { try wait(index) }
    return Double(end - start) / 1e9
  }

  private func wait(_ index: Int) throws {
    guard works[index].isBusy else { return }
    works[index].isBusy = false
    try works[index].stream.synchronize()
  }
}
