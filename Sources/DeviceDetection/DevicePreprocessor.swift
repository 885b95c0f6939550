package import CUDA
package import Imaging

/// Resizes, turns, pads and normalises a batch of pictures in device memory into the rows of an input tensor, in one
/// launch, or in two where only some of the pictures are of those that there is a quicker kernel for. The elements equal
/// ``TensorWriter``'s, bit for bit.
///
/// Make one for each slot; one thread at a time uses it. It keeps tables and memory: a batch whose sizes were seen before
/// allocates nothing and sends 128 bytes for each picture, and nothing where addresses and sizes are the last batch's.
package final class DevicePreprocessor {
  package let kernels: DeviceKernels
  /// The elements it writes.
  package var format: TensorFormat { packer.format }
  /// How pictures are resized.
  package var resampling: Resampling { packer.resampling }
  /// The byte, before normalisation, that fills the canvas around pictures.
  package var fill: UInt8 { packer.fill }
  /// The most pictures of a batch.
  package var capacity: Int { packer.capacity }

  private let loaded: [String: CUDAKernel]
  private var packer: PreprocessPacker
  private var arena: DeviceMemory
  // Two, so that one is filled while the other is copied.
  private var staging: [Staging]
  private var next = 0
  private var lastStream: CUDAStream?

  private struct Staging {
    var memory: PinnedMemory
    /// Behind the last copy from it.
    let copied: CUDAEvent
    var isInUse = false
  }

  /// - Parameter capacity: the most pictures of a batch, 1...65535.
  /// - Throws: ``ImageError`` with code `invalidArgument` for the capacity; ``CUDAError`` where there is no memory.
  package init(
    kernels: DeviceKernels, format: TensorFormat, resampling: Resampling, fill: UInt8, capacity: Int
  ) throws {
    self.kernels = kernels
    let context = kernels.context
    var packer = try PreprocessPacker(format: format, resampling: resampling, fill: fill, capacity: capacity)
    let loaded = try packer.kernelNames.reduce(into: [:]) { $0[$1] = try kernels.kernel($1) }
    // The driver keeps a kilobyte of each block's.
    packer.sharedMemory = PreprocessPacker.SharedMemory(
      most: loaded.values.reduce(Int.max) { min($0, $1.maximumSharedByteCount) },
      good: try context.attribute(.sharedMemoryPerMultiprocessor) / 4 - 1024)
    self.loaded = loaded
    arena = try DeviceMemory(byteCount: packer.arenaByteCount, in: context)
    self.packer = packer
    staging = try (0..<2).map { _ in
      Staging(
        memory: try PinnedMemory(byteCount: packer.stagingByteCount, in: context), copied: try CUDAEvent(in: context))
    }
  }

  /// Bytes of device memory that it has taken; they grow only for tables of enormous pictures.
  package var deviceByteCount: Int { arena.byteCount }
  /// Bytes of pinned host memory that it has taken.
  package var pinnedByteCount: Int { staging.reduce(0) { $0 + $1.memory.bytes.count } }

  /// Bytes of one picture's row of the tensor: 3 * canvas height * canvas width elements; `Int.max` for canvases beyond
  /// addressing.
  package func byteCount(for placement: Placement) -> Int { packer.byteCount(for: placement) }

  /// Queues the batch: picture i becomes row i of the tensor, every element of it. Rows behind the batch's last are left
  /// alone. Nothing is queued for an empty batch.
  ///
  /// The pictures' memory is read, and the tensor written, when the stream comes to it. Batches may follow each other
  /// without waiting; on another stream than the last batch's, it waits until that one has run.
  ///
  /// - Parameters:
  ///   - pictures: at most ``capacity``, with canvases of one size.
  ///   - address: the device address of the tensor, [batch, 3, canvas height, canvas width] or [batch, canvas height,
  ///     canvas width, 3], with room for as many rows as there are pictures. It is aligned to its elements; where it and
  ///     the canvas's rows are multiples of 16 bytes, stores are as wide.
  ///   - stream: one that is not being captured, for the next batch writes other bytes where this one's are read.
  /// - Throws: ``ImageError`` with code `invalidArgument` or `tooLarge`, before anything is queued, that names the
  ///   picture; ``CUDAError`` of a copy, of the launch, or of work before them.
  /// - Complexity: O(pictures) here, and O(sides) for each size not seen before.
  package func enqueue(_ pictures: [DevicePicture], into address: UInt64, on stream: CUDAStream) throws {
    try packer.prepare(pictures, into: address)
    if pictures.isEmpty { return }
    if let lastStream, lastStream !== stream { try lastStream.synchronize() }
    lastStream = stream
    do {
      let records = try send(pictures, on: stream)
      for (launch, geometry) in packer.launches(pictures, into: address) {
        guard let kernel = loaded[geometry.kernel] else {
          preconditionFailure("all kernels that batches run are loaded")
        }
        try kernel.launch(
          records, launch, grid: CUDAExtent(geometry.tiles, geometry.pictures),
          block: CUDAExtent(geometry.block), sharedByteCount: geometry.sharedByteCount, on: stream)
      }
    } catch {
      // Nobody knows what the arena holds now.
      packer.reset()
      throw error
    }
  }

  /// Brings records and new tables to the device; the records' address.
  private func send(_ pictures: [DevicePicture], on stream: CUDAStream) throws -> UInt64 {
    var packed = packer.pack(pictures, arena: arena.address)
    if packed == nil {
      // Work that reads the old arena may be under way.
      try stream.synchronize()
      arena = try DeviceMemory(byteCount: packer.arenaByteCount, in: kernels.context)
      packed = packer.pack(pictures, arena: arena.address)
    }
    guard let payload = packed else { preconditionFailure("the arena has the size that was asked for") }
    if let offset = payload.offset {
      next = 1 - next
      if staging[next].isInUse { try staging[next].copied.synchronize() }
      if packer.bytes.count > staging[next].memory.bytes.count {
        staging[next].isInUse = false
        staging[next].memory = try PinnedMemory(
          byteCount: packer.bytes.count + packer.bytes.count / 2, in: kernels.context)
      }
      let bytes = UnsafeMutableRawBufferPointer(rebasing: staging[next].memory.bytes[..<packer.bytes.count])
      packer.bytes.withUnsafeBytes { bytes.copyMemory(from: $0) }
      try stream.copy(UnsafeRawBufferPointer(bytes), to: arena.address + UInt64(offset))
      staging[next].isInUse = true
      try staging[next].copied.record(on: stream)
    }
    return arena.address + UInt64(payload.records)
  }
}
