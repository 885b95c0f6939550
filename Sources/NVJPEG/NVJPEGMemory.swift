package import CUDA
internal import Synchronization

/// The memory that nvJPEG works in, on the device and page-locked: it takes blocks from here and gives them back.
///
/// nvJPEG's own way is `cudaMalloc` and `cudaFree` for every picture that is larger than the one before it in its place.
/// Each free waits for all that the device does, other streams' networks too, and lets no other thread's call through
/// meanwhile. Here a block that comes back is kept for the next that asks, and nothing goes back to the driver before the
/// handle does.
///
/// Sizes are rounded up to powers of two, so at most twice the most that nvJPEG had at once is held. A block is given
/// again only when the work in its stream at the time that it came back has run.
package final class NVJPEGMemory: @unchecked Sendable {
  // Sendable: the mutex guards what changes; the tables are written before anyone else has this object.

  package enum Kind: Int, Hashable, Sendable { case device, pinned }

  /// `nvjpegDevAllocatorV2_t` and `nvjpegPinnedAllocatorV2_t`, which have the same layout.
  package struct Table {
    package typealias Take =
      @convention(c) (
        UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?, Int, UnsafeMutableRawPointer?
      ) -> Int32
    package typealias Give =
      @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Int32
    package var take: Take
    package var give: Give
    package var context: UnsafeMutableRawPointer?
  }

  private struct Size: Hashable, Sendable {
    var kind: Kind
    var byteCount: Int
  }

  private struct Block: Sendable {
    var size: Size
    /// `DeviceMemory` or `PinnedMemory`.
    var memory: any AnyObject & Sendable
    var address: UInt
  }

  private struct Returned {
    var block: Block
    /// Behind the work that may still use it; `nil` where there is none.
    var event: CUDAEvent?
  }

  private struct State {
    /// By address.
    var taken: [UInt: Block] = [:]
    var returned: [Size: [Returned]] = [:]
    var events: [CUDAEvent] = []
    var byteCount = 0
  }

  private let context: CUDAContext
  private let state = Mutex(State())
  /// One for each ``Kind``.
  package let tables: UnsafeMutablePointer<Table>

  // What the CUDA runtime calls these.
  private static let success: Int32 = 0
  private static let noMemory: Int32 = 2
  private static let invalidValue: Int32 = 1
  private static let smallest = 4096

  package init(in context: CUDAContext) {
    self.context = context
    tables = .allocate(capacity: 2)
    let this = Unmanaged.passUnretained(self).toOpaque()
    (tables + Kind.device.rawValue).initialize(
      to: Table(
        take: { this, pointer, count, _ in NVJPEGMemory.take(.device, this, pointer, count) },
        give: { this, pointer, _, stream in NVJPEGMemory.give(this, pointer, stream) }, context: this))
    (tables + Kind.pinned.rawValue).initialize(
      to: Table(
        take: { this, pointer, count, _ in NVJPEGMemory.take(.pinned, this, pointer, count) },
        give: { this, pointer, _, stream in NVJPEGMemory.give(this, pointer, stream) }, context: this))
  }

  deinit { tables.deallocate() }

  /// The bytes that are held, in use or not.
  package var byteCount: Int { state.withLock { $0.byteCount } }

  // MARK: What nvJPEG calls

  private static func take(
    _ kind: Kind, _ this: UnsafeMutableRawPointer?, _ pointer: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ byteCount: Int
  ) -> Int32 {
    guard let this, let pointer, byteCount >= 0, byteCount <= Int.max / 2 else { return invalidValue }
    let memory = Unmanaged<NVJPEGMemory>.fromOpaque(this).takeUnretainedValue()
    guard let taken = memory.take(kind, byteCount) else { return noMemory }
    pointer.pointee = taken
    return success
  }

  private static func give(
    _ this: UnsafeMutableRawPointer?, _ pointer: UnsafeMutableRawPointer?, _ stream: UnsafeMutableRawPointer?
  ) -> Int32 {
    guard let this else { return invalidValue }
    guard let pointer else { return success }
    return Unmanaged<NVJPEGMemory>.fromOpaque(this).takeUnretainedValue().give(pointer, stream)
  }

  private func take(_ kind: Kind, _ byteCount: Int) -> UnsafeMutableRawPointer? {
    let rounded = max(Self.smallest, byteCount <= 1 ? 1 : 1 << (Int.bitWidth - (byteCount - 1).leadingZeroBitCount))
    let size = Size(kind: kind, byteCount: rounded)
    return UnsafeMutableRawPointer(bitPattern: takeAgain(size) ?? takeNew(size) ?? 0)
  }

  /// The address of a block that came back and that nothing uses any more.
  private func takeAgain(_ size: Size) -> UInt? {
    state.withLock { state -> UInt? in
      let ready = state.returned[size]?.firstIndex { ($0.event.map { (try? $0.hasPassed()) ?? false }) ?? true }
      guard let ready, let returned = state.returned[size]?.remove(at: ready) else { return nil }
      if let event = returned.event { state.events.append(event) }
      state.taken[returned.block.address] = returned.block
      return returned.block.address
    }
  }

  private func takeNew(_ size: Size) -> UInt? {
    guard let block = make(size) else { return nil }
    state.withLock { state in
      state.byteCount += size.byteCount
      state.taken[block.address] = block
    }
    return block.address
  }

  private func make(_ size: Size) -> Block? {
    switch size.kind {
    case .device:
      guard let memory = try? DeviceMemory(byteCount: size.byteCount, in: context) else { return nil }
      return Block(size: size, memory: memory, address: UInt(memory.address))
    case .pinned:
      guard let memory = try? PinnedMemory(byteCount: size.byteCount, in: context) else { return nil }
      return Block(size: size, memory: memory, address: UInt(bitPattern: memory.bytes.baseAddress))
    }
  }

  private func give(_ pointer: UnsafeMutableRawPointer, _ stream: UnsafeMutableRawPointer?) -> Int32 {
    var event: CUDAEvent?
    do {
      let mark = try state.withLock { $0.events.popLast() } ?? CUDAEvent(in: context)
      try mark.record(onHandle: stream)
      event = mark
    } catch {
      // Without a mark, everything is waited for, as cudaFree would. Where not even that can be done the context is
      // broken, and the next call on it says so.
      try? context.synchronize()
    }
    return putBack(UInt(bitPattern: pointer), event)
  }

  private func putBack(_ address: UInt, _ event: CUDAEvent?) -> Int32 {
    state.withLock { state in
      guard let block = state.taken.removeValue(forKey: address) else { return Self.invalidValue }
      state.returned[block.size, default: []].append(Returned(block: block, event: event))
      return Self.success
    }
  }
}
