package import CUDA
internal import NVJPEG

/// A picture of a batch: its file's bytes and what ``DeviceJPEGEngine/route(_:_:)`` said of it.
package struct EncodedPicture: @unchecked Sendable {
  // Sendable: a description; who may touch the bytes when is the caller's business.

  /// The file, `routed.byteCount` bytes of it at least; pinned memory is best. Not read where the CPU decodes.
  package var bytes: UnsafeRawBufferPointer
  /// Where the CPU decodes, its width and height say how much room is kept: those of the pixels that will be copied, or 0
  /// for none.
  package var routed: RoutedJPEG

  package init(bytes: UnsafeRawBufferPointer, routed: RoutedJPEG) {
    self.bytes = bytes
    self.routed = routed
  }
}

/// Where a picture of a batch is on the device.
package struct PlacedPicture: Hashable, Sendable {
  /// The device address of its first pixel, a multiple of 256: interleaved RGB, as stored in the file.
  package var address: UInt64
  /// Bytes from one row to the next: width * 3.
  package var bytesPerRow: Int
  package var width, height: Int
  /// Why its pixels are not there: the caller decodes it on the CPU and copies width * 3 * height bytes to ``address``.
  /// `nil` where nvJPEG has decoded it.
  package var missing: String?

  package init(address: UInt64, bytesPerRow: Int, width: Int, height: Int, missing: String? = nil) {
    self.address = address
    self.bytesPerRow = bytesPerRow
    self.width = width
    self.height = height
    self.missing = missing
  }
}

/// Decodes batches of pictures into the device memory of one slot.
///
/// For one thread at a time: one for each slot, on the slot's own stream, all over one ``DeviceJPEGEngine``. Slots do not
/// wait for one another. In the steady state nothing is allocated, on the device or by nvJPEG's batches.
package final class DeviceJPEGDecoder {
  package let engine: DeviceJPEGEngine
  package let stream: CUDAStream
  /// The most pictures in a batch.
  package let capacity: Int
  /// The most bytes that decoded pictures may take.
  package let arenaLimit: Int
  /// How many bytes they have been given so far.
  package var arenaByteCount: Int { arena?.byteCount ?? 0 }
  /// How often the memory had to grow; each time the device was waited for.
  package private(set) var growthCount = 0
  /// How many pictures nvJPEG was given and did not decode.
  package private(set) var refusalCount = 0

  private var arena: DeviceMemory?
  private let hardware: NVJPEGBatchDecoder?
  // Made by the first picture that needs them.
  private var hybrid: NVJPEGBatchDecoder?
  private var phased: NVJPEGPhasedDecoder?
  private let marks: WriteMarks?
  private var placed: [PlacedPicture] = []
  private var group: [NVJPEGPicture] = []
  private var groupIndices: [Int] = []

  /// - Parameters:
  ///   - stream: the slot's; a stream of the engine's context.
  ///   - capacity: the most pictures in a batch.
  ///   - arenaLimit: the most bytes that decoded pictures may take on the device.
  ///   - kernels: mark the ends of the pictures before decoding, so that ``unwritten()`` finds those that the engines left
  ///     out; `nil` trusts the engines.
  /// - Throws: ``DeviceJPEGError``.
  package init(
    _ engine: DeviceJPEGEngine, on stream: CUDAStream, capacity: Int, arenaLimit: Int, kernels: DeviceKernels?
  ) throws(DeviceJPEGError) {
    let capacity = max(1, capacity)
    do {
      hardware = try engine.hardware.map { handle throws(NVJPEGError) in
        try engine.takeBatchDecoder(handle, capacity: capacity)
      }
    } catch {
      throw DeviceJPEGError(error)
    }
    do {
      marks = try kernels.map { kernels throws(CUDAError) in try WriteMarks(capacity: capacity, kernels: kernels) }
    } catch {
      throw DeviceJPEGError(error)
    }
    self.engine = engine
    self.stream = stream
    self.capacity = capacity
    self.arenaLimit = max(0, arenaLimit)
    placed.reserveCapacity(capacity)
    group.reserveCapacity(capacity)
    groupIndices.reserveCapacity(capacity)
  }

  deinit {
    // They serve another slot or another run. Where the device is broken they are of no use to anyone.
    guard (try? stream.synchronize()) != nil else { return }
    for decoder in [hardware, hybrid] { if let decoder { engine.giveBack(decoder) } }
  }

  /// The bytes of arena that a picture takes.
  package static func byteCount(width: Int, height: Int) -> Int { (width * height * 3 + 255) / 256 * 256 }

  // MARK: Decoding

  /// Gives every picture of a batch a place on the device and decodes those that nvJPEG takes; the pixels are there for
  /// what is queued on the stream afterwards.
  ///
  /// Comes first in a batch: the stream is waited for, because the engines write at once, whatever is queued. The files'
  /// bytes stay as they are until the stream has been synchronised, and the places are valid until the next call.
  ///
  /// All pictures for the engines are decoded in one call. Where it fails they are decoded one by one, and those that
  /// fail again are left to the CPU.
  ///
  /// - Parameter pictures: up to ``capacity``, with known sizes.
  /// - Returns: as many places, in order.
  /// - Throws: ``DeviceJPEGError`` for the batch: no memory, or a broken context.
  package func decode(_ pictures: [EncodedPicture]) throws(DeviceJPEGError) -> [PlacedPicture] {
    precondition(pictures.count <= capacity, "\(pictures.count) pictures for a decoder of \(capacity)")
    try place(pictures)
    do throws(CUDAError) {
      try marks?.mark(placed, on: stream)
      try stream.synchronize()
    } catch {
      throw DeviceJPEGError(error)
    }

    // Those that take longest first: an engine that gets one in the end would let the others wait.
    gather(pictures, longestFirst: true) { $0.route == .hardware }
    if let hardware, !group.isEmpty { try decodeGroup(by: hardware) }
    gather(pictures) { $0.route == .hybrid && !$0.isProgressive }
    if !group.isEmpty { try decodeGroup(by: hybridDecoder()) }
    gather(pictures) { $0.route == .hybrid && $0.isProgressive }
    if !group.isEmpty { try decodeInPhases() }

    do throws(CUDAError) {
      try marks?.collect(on: stream)
    } catch {
      throw DeviceJPEGError(error)
    }
    return placed
  }

  /// The pictures of the last batch, by index, whose last pixels were not written although nvJPEG reported no error: the
  /// caller decodes these on the CPU. Empty without kernels to look with.
  ///
  /// - Precondition: the stream has been synchronised since ``decode(_:)``.
  package func unwritten() -> [Int] { (marks?.intact() ?? []).filter { placed[$0].missing == nil } }

  private func place(_ pictures: [EncodedPicture]) throws(DeviceJPEGError) {
    var needed = 0
    for picture in pictures {
      needed += Self.byteCount(width: picture.routed.width, height: picture.routed.height)
    }
    try reserve(needed)
    placed.removeAll(keepingCapacity: true)
    var address = arena?.address ?? 0
    for picture in pictures {
      let routed = picture.routed
      var missing: String?
      switch routed.route {
      case .cpu(let reason): missing = reason
      case .hardware where hardware == nil: missing = "is not decoded by the GPU's JPEG engines"
      case .hybrid where engine.hybrid == nil: missing = "is not decoded on the GPU's cores"
      case .hardware, .hybrid: break
      }
      if missing == nil && (routed.width < 1 || routed.height < 1 || picture.bytes.count < routed.byteCount) {
        missing = "is incomplete"
      }
      placed.append(
        PlacedPicture(
          address: address, bytesPerRow: routed.width * 3, width: routed.width, height: routed.height,
          missing: missing))
      address += UInt64(Self.byteCount(width: routed.width, height: routed.height))
    }
  }

  private func reserve(_ needed: Int) throws(DeviceJPEGError) {
    guard needed <= arenaLimit else { throw .batchTooLarge(byteCount: needed, limit: arenaLimit) }
    guard needed > arenaByteCount else { return }
    do throws(CUDAError) {
      // What is queued may still use the old memory.
      try stream.synchronize()
      arena = nil
      growthCount += 1
      // A quarter more than needed, so that it soon stops growing.
      let wished = min(arenaLimit, needed + needed / 4)
      do throws(CUDAError) {
        arena = try DeviceMemory(byteCount: wished, in: engine.context)
      } catch {
        guard error.isOutOfMemory, wished > needed else { throw error }
        arena = try DeviceMemory(byteCount: needed, in: engine.context)
      }
    } catch {
      throw DeviceJPEGError(error, byteCount: needed)
    }
  }

  private func gather(
    _ pictures: [EncodedPicture], longestFirst: Bool = false, _ belongs: (RoutedJPEG) -> Bool
  ) {
    group.removeAll(keepingCapacity: true)
    groupIndices.removeAll(keepingCapacity: true)
    for index in pictures.indices where placed[index].missing == nil && belongs(pictures[index].routed) {
      groupIndices.append(index)
    }
    if longestFirst {
      groupIndices.sort {
        let (a, b) = (pictures[$0].routed.byteCount, pictures[$1].routed.byteCount)
        return a != b ? a > b : $0 < $1
      }
    }
    for index in groupIndices {
      let picture = pictures[index]
      group.append(
        NVJPEGPicture(
          bytes: UnsafeRawBufferPointer(rebasing: picture.bytes.prefix(picture.routed.byteCount)),
          address: placed[index].address, bytesPerRow: placed[index].bytesPerRow))
    }
  }

  // MARK: One call for all, or one by one

  private func decodeGroup(by decoder: NVJPEGBatchDecoder) throws(DeviceJPEGError) {
    do throws(NVJPEGError) {
      guard decoder === hardware else { return try decoder.decode(group, usualCount: capacity, on: stream) }
      let largest = roomy()
      return try engine.inTurn { () throws(NVJPEGError) in
        try decoder.decode(group, usualCount: capacity, largest: largest, on: stream)
      }
    } catch {
      try pass(error)
      if group.count == 1 { return refuse(groupIndices[0], error) }
    }
    for (picture, index) in zip(group, groupIndices) {
      do {
        try decoder.decode([picture], on: stream)
      } catch {
        try pass(error)
        refuse(index, error)
        continue
      }
      // Errors that come late would be taken for the next picture's.
      try settle()
    }
  }

  /// A size for which nvJPEG is to take memory at once: that of the group's pictures, with some room, so that it soon stops
  /// growing. `nil` where that would be much of what the pictures themselves may take.
  private func roomy() -> (width: Int, height: Int)? {
    func rounded(_ length: Int) -> Int { (length + 255) / 256 * 256 }
    let width = rounded(groupIndices.map { placed[$0].width }.max() ?? 0)
    let height = rounded(groupIndices.map { placed[$0].height }.max() ?? 0)
    return Self.byteCount(width: width, height: height) <= arenaLimit / capacity / 4 ? (width, height) : nil
  }

  private func decodeInPhases() throws(DeviceJPEGError) {
    let decoder = try phasedDecoder()
    for (picture, index) in zip(group, groupIndices) {
      do {
        try decoder.decode(picture, on: stream)
      } catch {
        try pass(error)
        refuse(index, error)
      }
    }
  }

  /// Throws where the failure is not a picture's: without memory, or with a broken context, nothing else will do either.
  private func pass(_ error: NVJPEGError) throws(DeviceJPEGError) {
    if error.isOutOfMemory || error.status == nil { throw DeviceJPEGError(error) }
    try settle()
  }

  private func settle() throws(DeviceJPEGError) {
    do {
      try stream.synchronize()
    } catch {
      throw DeviceJPEGError(error)
    }
  }

  private func refuse(_ index: Int, _ error: NVJPEGError) {
    placed[index].missing = "was refused by nvJPEG: \(error)"
    refusalCount += 1
  }

  private func hybridDecoder() throws(DeviceJPEGError) -> NVJPEGBatchDecoder {
    if let hybrid { return hybrid }
    guard let handle = engine.hybrid else { preconditionFailure("places were given without a hybrid handle") }
    do {
      let made = try engine.takeBatchDecoder(handle, capacity: capacity)
      hybrid = made
      return made
    } catch {
      throw DeviceJPEGError(error)
    }
  }

  private func phasedDecoder() throws(DeviceJPEGError) -> NVJPEGPhasedDecoder {
    if let phased { return phased }
    guard let handle = engine.hybrid else { preconditionFailure("places were given without a hybrid handle") }
    do {
      let made = try NVJPEGPhasedDecoder(handle)
      phased = made
      return made
    } catch {
      throw DeviceJPEGError(error)
    }
  }
}
