internal import Glibc
package import Imaging

/// Puts together what the preprocessing kernel is to read: a record for each picture and the tables that they need.
///
/// It plans a piece of device memory, the arena. Tables stay in it for the pictures to come; each batch's new tables are
/// appended, and its records behind them, so that both travel by one copy. Where the arena is full it starts anew.
package struct PreprocessPacker {
  /// The kernel that a launch runs, its grid, blocks for the tiles of the canvas and for the pictures, and their memory.
  package struct Geometry: Hashable, Sendable {
    package var kernel: String
    package var tiles, pictures: Int
    /// Bytes of dynamic shared memory of a block.
    package var sharedByteCount: Int
    /// Threads of a block.
    package var block: Int
  }

  /// What one batch sends.
  package struct Payload {
    /// Where in the arena ``PreprocessPacker/bytes`` go; `nil` where the arena has them already.
    package var offset: Int?
    /// Where in the arena the records are.
    package var records: Int
  }

  package let format: TensorFormat
  package let resampling: Resampling
  package let fill: UInt8
  /// The most pictures of a batch.
  package let capacity: Int

  /// What has to be copied into the arena for the last batch.
  package private(set) var bytes: [UInt8] = []
  /// The bytes that the arena must have. Where this grows, everything in it is sent again.
  package private(set) var arenaByteCount: Int

  /// Bytes that a batch's payload usually has at most.
  package var stagingByteCount: Int {
    capacity * PictureRecord.byteCount + (resampling == .openCVLinear ? 0 : Self.usualTables / 4)
  }
  // Room for the tables of about fifty pictures of usual sizes.
  private static let usualTables = 4 << 20

  /// How high the tiles of usual pictures are resized in; `nil`, and so the batch's choice, but in tests.
  package var tileHeight: Int?

  /// Bytes of shared memory that a block may have, and with which four are on a multiprocessor at once.
  package struct SharedMemory: Sendable {
    package var most, good: Int

    package init(most: Int, good: Int) {
      self.most = most
      self.good = min(good, most)
    }

    /// What every device has.
    package static let least = Self(most: 48 << 10, good: 24 << 10)
  }

  /// The device's; without one, what every device has.
  package var sharedMemory = SharedMemory.least
  private let values: ValueTable
  // Whether stores of 16 bytes are aligned in the batch's tensor.
  private var isAligned = false
  private var used = 0
  private var tables: [BicubicAxis.Size: BicubicAxis] = [:]
  private var bicubic = BicubicTable()
  private var records: [PictureRecord] = []
  // The kernels for the last batch. One that only copies is the linear kernel's, which has less to keep and so more threads.
  private var kernels: [Kernel] = []
  // How high the tiles of the kernel for usual pictures are, and the bytes that a block needs, for the source's lines and in
  // all.
  private var products = (tileHeight: 0, stageByteCount: 0, byteCount: 0)
  // The records that the arena holds, and where.
  private var sent: [PictureRecord] = []
  private var sentOffset: (records: Int, arena: UInt64)?

  /// - Throws: ``ImageError`` with code `invalidArgument` for a capacity that no grid has.
  package init(format: TensorFormat, resampling: Resampling, fill: UInt8, capacity: Int) throws(ImageError) {
    guard (1...65535).contains(capacity) else {
      throw ImageError(
        .invalidArgument, "a batch of \(capacity) pictures: it must be 1 to 65535, the limit of a CUDA grid")
    }
    self.format = format
    self.resampling = resampling
    self.fill = fill
    self.capacity = capacity
    values = ValueTable(format.normalisation)
    records.reserveCapacity(capacity)
    sent.reserveCapacity(capacity)
    let recordBytes = capacity * PictureRecord.byteCount
    bytes.reserveCapacity(recordBytes)
    arenaByteCount = recordBytes + (resampling == .openCVLinear ? 0 : Self.usualTables)
  }

  /// Forgets what the arena holds: its content is lost, or nobody knows whether the last batch's copy has run.
  package mutating func reset() {
    used = 0
    tables.removeAll(keepingCapacity: true)
    sentOffset = nil
  }

  /// Bytes of one picture's row of the tensor; `Int.max` for canvases beyond addressing.
  package func byteCount(for placement: Placement) -> Int {
    let (pixels, overflow) = placement.canvasWidth.multipliedReportingOverflow(by: placement.canvasHeight)
    let (bytes, overflowsToo) = pixels.multipliedReportingOverflow(by: 3 * format.element.byteCount)
    return overflow || overflowsToo ? .max : bytes
  }

  /// Checks a batch and plans what it needs of the arena. Afterwards ``arenaByteCount`` is final, and
  /// ``pack(_:arena:)`` may be called.
  ///
  /// - Throws: ``ImageError`` with code `invalidArgument` or `tooLarge`.
  package mutating func prepare(_ pictures: [DevicePicture], into address: UInt64) throws(ImageError) {
    guard pictures.count <= capacity else {
      throw ImageError(.invalidArgument, "a batch of \(pictures.count) pictures; there is room for \(capacity)")
    }
    guard address != 0, address % UInt64(format.element.byteCount) == 0 else {
      throw ImageError(
        .invalidArgument, "the tensor's device address \(address) is not one of \(format.element.rawValue) elements")
    }
    for (index, picture) in pictures.enumerated() {
      try picture.check(index, by: resampling)
      let (canvas, first) = (picture.placement, pictures[0].placement)
      guard canvas.canvasWidth == first.canvasWidth, canvas.canvasHeight == first.canvasHeight else {
        throw ImageError(
          .invalidArgument,
          "picture \(index) of the batch has a canvas of \(canvas.canvasWidth)x\(canvas.canvasHeight) pixels, and the"
            + " first one of \(first.canvasWidth)x\(first.canvasHeight); one tensor has one size")
      }
    }
    guard let canvas = pictures.first?.placement else { return }
    guard byteCount(for: canvas) <= Int.max / capacity, tileCount(canvas) <= Int(Int32.max) else {
      throw ImageError(
        .tooLarge, "a canvas of \(canvas.canvasWidth)x\(canvas.canvasHeight) pixels is beyond a CUDA grid")
    }
    isAligned = isAligned(canvas, at: address)
  }

  /// Puts records and new tables together in ``bytes``. Where they do not fit in what is left of the arena, the arena
  /// starts anew; where they do not fit in all of it, ``arenaByteCount`` grows, and `nil` says that this is to be called
  /// again with an arena of that size.
  ///
  /// - Parameters:
  ///   - pictures: a batch that ``prepare(_:into:)`` found good, at least one.
  ///   - arena: the arena's device address, aligned to 16 bytes.
  package mutating func pack(_ pictures: [DevicePicture], arena: UInt64) -> Payload? {
    for attempt in 0..<2 {
      if attempt == 1 { reset() }
      let start = used
      bytes.removeAll(keepingCapacity: true)
      records.removeAll(keepingCapacity: true)
      var kernel = Kernel.linear
      var usual: [BicubicProducts] = []
      for picture in pictures {
        var method = PictureRecord.method(picture, by: resampling)
        if method == .isLinear, isEnlarged(picture) { method = .isEnlarged }
        var plan: BicubicPlan?
        var products: BicubicProducts?
        if method == .acrossFirst || method == .downFirst {
          let (upright, placement) = (picture.uprightSize, picture.placement)
          plan = BicubicPlan(
            across: axis(BicubicAxis.Size(inputs: upright.width, outputs: placement.width)),
            down: axis(BicubicAxis.Size(inputs: upright.height, outputs: placement.height)),
            isDownFirst: method == .downFirst)
          if let plan, method == .acrossFirst, picture.orientation < 5 {
            let own = BicubicProducts(across: plan.across, down: plan.down)
            if own.fits(sharedMemory.most) {
              method = .byProducts
              products = own
              usual.append(own)
            }
          }
          if method != .byProducts {
            if plan?.isRare == true { kernel = .anyBicubic } else if kernel == .linear { kernel = .bicubic }
          }
        }
        records.append(PictureRecord(picture, method, plan, products, arena: arena))
      }
      chooseKernels(pictures, others: kernel, usual)
      let recordOffset = used
      if bytes.isEmpty, let sentOffset, sentOffset.arena == arena, isSent() {
        return Payload(offset: nil, records: sentOffset.records)
      }
      records.withUnsafeBytes { bytes.append(contentsOf: $0) }
      if start + bytes.count <= arenaByteCount {
        swap(&records, &sent)
        sentOffset = (recordOffset, arena)
        return Payload(offset: start, records: recordOffset)
      }
    }
    arenaByteCount = bytes.count + bytes.count / 2
    reset()
    return nil
  }

  /// The batch's kernels, where `others` is the one for the pictures that are not `usual` ones.
  private mutating func chooseKernels(_ pictures: [DevicePicture], others: Kernel, _ usual: [BicubicProducts]) {
    guard !usual.isEmpty else {
      kernels = others == .linear ? linearKernels(pictures) : [others]
      return
    }
    // All pictures' lines are where the longest need not end.
    let candidates = BicubicProducts.tileHeights.indices.map { index in
      let stage = usual.reduce(0) { max($0, $1.stageByteCount(index)) }
      return (
        tileHeight: BicubicProducts.tileHeights[index], stageByteCount: stage,
        byteCount: stage + usual.reduce(0) { max($0, $1.middleByteCount(index)) },
        cost: usual.reduce(0) { $0 + $1.cost(index) }
      )
    }
    let best = candidates.filter { $0.byteCount <= sharedMemory.good }.min { $0.cost < $1.cost }
    let choice = candidates.first { $0.tileHeight == tileHeight } ?? best ?? candidates[0]
    products = (choice.tileHeight, choice.stageByteCount, choice.byteCount)
    var hasOthers = others != .linear
    for (i, picture) in pictures.enumerated() where records[i].method == PictureRecord.Method.copies.rawValue {
      if picture.orientation < 5 {
        records[i].method = PictureRecord.Method.copiesByProducts.rawValue
      } else {
        hasOthers = true
      }
    }
    kernels = hasOthers ? [.products, others == .linear ? .bicubic : others] : [.products]
  }

  /// The kernels for a batch without bicubic.
  private mutating func linearKernels(_ pictures: [DevicePicture]) -> [Kernel] {
    let enlarged = PictureRecord.Method.isEnlarged.rawValue
    if records.contains(where: { $0.method == enlarged }) {
      // Copies go along: as enlargement by 1, which is the same, they need no launch of their own.
      for (i, picture) in pictures.enumerated() where isEnlarged(picture) { records[i].method = enlarged }
    }
    let count = records.count { $0.method == enlarged }
    return count == 0 ? [.linear] : count == records.count ? [.enlarged] : [.enlarged, .linear]
  }

  /// Whether the kernel for pictures that OpenCV's way enlarges takes one: upright or upside down, and with the five
  /// pixels of a line that it reads for four columns, which on wider canvases the rounding of positions could make six.
  private func isEnlarged(_ picture: DevicePicture) -> Bool {
    let (upright, placement) = (picture.uprightSize, picture.placement)
    return format.layout == .nchw && isAligned && picture.strides.stepX == 3 && placement.canvasWidth <= 8192
      && upright.width >= 5 && upright.width <= placement.width && upright.height <= placement.height
  }

  private func isAligned(_ canvas: Placement, at address: UInt64) -> Bool {
    let width = canvas.canvasWidth * (format.layout == .nchw ? 1 : 3) * format.element.byteCount
    return address % 16 == 0 && width % 16 == 0
  }

  /// The launches for a batch that was packed: one, or two where only some of the pictures are usual ones.
  package func launches(_ pictures: [DevicePicture], into address: UInt64) -> [(PreprocessLaunch, Geometry)] {
    kernels.map { launch($0, pictures, into: address) }
  }

  private func launch(_ kernel: Kernel, _ pictures: [DevicePicture], into address: UInt64) -> (
    PreprocessLaunch, Geometry
  ) {
    let canvas = pictures[0].placement
    let rowByteCount = byteCount(for: canvas)
    var (high, low) = (values.high, values.low)
    let element: Int32
    switch format.element {
    case .float32: element = 0
    case .float16:
      if let halves = values.halves {
        element = 3
        func pair(_ half: Float16) -> Float { Float(bitPattern: UInt32(half.bitPattern) * 0x10001) }
        (high, low) = (pair(halves.high), pair(halves.low))
      } else {
        element = 1
      }
    case .uint8: element = 2
    }
    let count = tiles(canvas, kernel)
    var (tileCount, partHeight) = (count.across * count.down, 0)
    if kernel == .products {
      // Blocks go down the canvas as far as there are enough of them.
      let enough = (BicubicProducts.blockCount + count.across * pictures.count - 1) / (count.across * pictures.count)
      let parts = max(1, min(enough, (canvas.canvasHeight + products.tileHeight - 1) / products.tileHeight))
      partHeight = (canvas.canvasHeight + parts - 1) / parts
      tileCount = count.across * ((canvas.canvasHeight + partHeight - 1) / partHeight)
    }
    let launch = PreprocessLaunch(
      tensor: address, rowByteCount: Int64(rowByteCount), width: Int32(canvas.canvasWidth),
      height: Int32(canvas.canvasHeight), tilesAcross: Int32(count.across), high: high, low: low,
      fill: Int32(fill), element: element, isReversed: format.channelOrder == .bgr ? 1 : 0,
      isAligned: isAligned(canvas, at: address) ? 1 : 0, tileHeight: Int32(products.tileHeight),
      partHeight: Int32(partHeight), stageByteCount: Int32(products.stageByteCount))
    let sharedByteCount =
      switch kernel {
      case .linear, .enlarged: 0
      case .products: products.byteCount
      case .bicubic, .anyBicubic: BicubicPlan.sharedByteCount
      }
    return (
      launch,
      Geometry(
        kernel: kernelName(kernel), tiles: tileCount, pictures: pictures.count, sharedByteCount: sharedByteCount,
        block: kernel == .products ? BicubicProducts.threadCount : 256)
    )
  }

  /// The kernels that batches may run.
  package var kernelNames: [String] {
    var kernels: [Kernel] = resampling == .openCVLinear ? [.linear] : [.linear, .products, .bicubic, .anyBicubic]
    if resampling == .openCVLinear, format.layout == .nchw { kernels.append(.enlarged) }
    return kernels.map(kernelName)
  }

  private func kernelName(_ kernel: Kernel) -> String {
    "preprocess_\(kernel.rawValue)_\(format.layout == .nchw ? "nchw" : "nhwc")"
  }

  // MARK: Tiles

  private enum Kernel: String, CaseIterable {
    case linear, enlarged, products, bicubic
    case anyBicubic = "bicubic_any"
  }

  /// How many tiles a canvas is wide and high.
  private func tiles(_ canvas: Placement, _ kernel: Kernel) -> (across: Int, down: Int) {
    func tiles(_ width: Int, _ height: Int) -> (across: Int, down: Int) {
      ((canvas.canvasWidth + width - 1) / width, (canvas.canvasHeight + height - 1) / height)
    }
    switch kernel {
    case .linear:
      // Tiles of 64 x 32 where a picture is turned: as many blocks as the more of both need.
      let (usual, turned) = (tiles(128, 16), tiles(64, 32))
      return (usual.across, max(usual.down, (turned.across * turned.down + usual.across - 1) / usual.across))
    case .enlarged: return tiles(128, 64)
    case .products: return tiles(BicubicProducts.tileWidth, BicubicProducts.tileHeights[0])
    case .bicubic, .anyBicubic: return tiles(BicubicPlan.tileWidth, BicubicPlan.tileHeight)
    }
  }

  /// The most blocks for a picture in any kernel.
  private func tileCount(_ canvas: Placement) -> Int {
    Kernel.allCases.map { tiles(canvas, $0) }
      .reduce(0) { max($0, $1.across * $1.down) }
  }

  // MARK: Tables

  /// An axis's table, which is appended where the arena does not have it yet.
  private mutating func axis(_ size: BicubicAxis.Size) -> BicubicAxis {
    if let axis = tables[size] { return axis }
    let start = bytes.count
    let axis = BicubicAxis(size, at: used, using: &bicubic, appendingTo: &bytes)
    used += bytes.count - start
    tables[size] = axis
    return axis
  }

  private func isSent() -> Bool {
    guard records.count == sent.count else { return false }
    return records.withUnsafeBytes { new in
      sent.withUnsafeBytes { old in
        guard let new = new.baseAddress, let old = old.baseAddress else { return true }
        return memcmp(new, old, records.count * PictureRecord.byteCount) == 0
      }
    }
  }
}
