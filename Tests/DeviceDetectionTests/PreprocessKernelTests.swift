internal import DeviceDetection
internal import Imaging
internal import SeededNumbers
internal import Testing

/// The preprocessing kernels' own source on the CPU against `TensorWriter`, bit for bit.
@Suite struct PreprocessKernelTests {
  /// Runs a batch and compares every row; a row more of the tensor must stay as it is. Returns what differs.
  ///
  /// - Parameters:
  ///   - kernels: those that must be chosen.
  ///   - tileHeight: of the kernel for usual pictures, where the batch shall not choose.
  private func differences(
    _ geometries: [Geometry], format: TensorFormat, resampling: Resampling, fill: UInt8 = 114, kernels: [String]? = nil,
    tileHeight: Int? = nil,
    using random: inout SplitMix64
  ) throws -> [String] {
    let writer = TensorWriter(format: format, resampling: resampling, fill: fill)
    var packer = try PreprocessPacker(format: format, resampling: resampling, fill: fill, capacity: geometries.count)
    packer.tileHeight = tileHeight
    packer.sharedMemory = PreprocessPacker.SharedMemory(most: 99 << 10, good: 49 << 10)
    var memories: [GuardedMemory] = []
    var pictures: [DevicePicture] = []
    var expected: [UInt8] = []
    for (i, geometry) in geometries.enumerated() {
      let stored = try geometry.stored(using: &random)
      let memory = try #require(GuardedMemory(byteCount: geometry.byteCount, isFlushAtEnd: i % 2 == 0))
      geometry.copy(stored, to: memory.bytes)
      memories.append(memory)
      pictures.append(geometry.picture(at: memory.address))
      expected += try geometry.expected(stored, writer)
    }
    let row = packer.byteCount(for: geometries[0].placement)
    let tensor = try #require(
      GuardedMemory(byteCount: row * (geometries.count + 1), isFlushAtEnd: geometries.count % 2 == 0))
    // A tensor flush at the end is aligned to its elements, for their number is a multiple of them.
    for i in tensor.bytes.indices { tensor.bytes[i] = 0xA5 }
    let address = tensor.address
    try packer.prepare(pictures, into: address)
    var arena = try #require(GuardedMemory(byteCount: (packer.arenaByteCount + 15) & ~15, isFlushAtEnd: true))
    var packed = packer.pack(pictures, arena: arena.address)
    if packed == nil {
      arena = try #require(GuardedMemory(byteCount: (packer.arenaByteCount + 15) & ~15, isFlushAtEnd: true))
      packed = packer.pack(pictures, arena: arena.address)
    }
    let payload = try #require(packed)
    let offset = try #require(payload.offset)
    packer.bytes.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(rebasing: arena.bytes[offset..<offset + packer.bytes.count]).copyMemory(from: $0)
    }
    let launches = packer.launches(pictures, into: address)
    if let kernels { #expect(launches.map(\.1.kernel) == kernels.map { "preprocess_\($0)_\(format.layout.rawValue)" }) }
    for (launch, geometry) in launches {
      try Emulator.shared.get().launch(
        geometry.kernel, grid: (geometry.tiles, geometry.pictures), block: geometry.block,
        shared: geometry.sharedByteCount, arena.address + UInt64(payload.records), launch)
    }
    _ = memories
    var found: [String] = []
    for i in 0...geometries.count {
      let bytes = tensor.bytes[i * row..<(i + 1) * row]
      let wrong =
        i < geometries.count
        ? zip(bytes, expected[i * row..<(i + 1) * row]).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        : bytes.reduce(0) { $0 + ($1 == 0xA5 ? 0 : 1) }
      if wrong > 0 {
        found.append(
          "\(wrong) of \(row) bytes: \(i < geometries.count ? "\(geometries[i])" : "the row behind") \(format)")
      }
    }
    return found
  }

  private static let formats: [TensorFormat] = TensorFormat.Element.allCases.flatMap { element in
    TensorFormat.Layout.allCases.flatMap { layout in
      TensorFormat.ChannelOrder.allCases.map { TensorFormat(element: element, layout: layout, channelOrder: $0) }
    }
  }

  @Test("random geometries equal the CPU's tensor", arguments: Resampling.allCases, formats.indices)
  func random(resampling: Resampling, format: Int) throws {
    var random = SplitMix64(seed: UInt64(format))
    for round in 0..<6 {
      // Rows that are multiples of 16 bytes, and such that are not.
      let (width, height) = [(64, 48), (160, 32), (101, 37), (33, 70), (192, 16), (7, 5)][round]
      let geometries = (0..<4).map { _ in Geometry.random(width, height, using: &random) }
      #expect(
        try differences(
          geometries, format: Self.formats[format], resampling: resampling,
          fill: UInt8.random(in: 0...255, using: &random),
          using: &random) == [])
    }
  }

  @Test("every orientation at equal size, enlarged and reduced", arguments: Resampling.allCases, 1...8)
  func orientations(resampling: Resampling, orientation: Int) throws {
    var random = SplitMix64(seed: UInt64(orientation))
    let (width, height) = orientation >= 5 ? (21, 75) : (75, 21)
    for (target, canvas) in [((75, 21), (160, 32)), ((140, 64), (144, 64)), ((31, 17), (64, 32))] {
      let placement = Placement(
        canvasWidth: canvas.0, canvasHeight: canvas.1, left: (canvas.0 - target.0) / 2, top: (canvas.1 - target.1) / 2,
        width: target.0, height: target.1)
      let geometry = Geometry(width: width, height: height, orientation: orientation, placement: placement)
      #expect(
        try differences([geometry, geometry], format: TensorFormat(), resampling: resampling, using: &random) == [])
    }
  }

  @Test("sides of 12,000 pixels, and pictures of one pixel", arguments: Resampling.allCases)
  func extremes(resampling: Resampling) throws {
    var random = SplitMix64(seed: 7)
    let sizes = [(12000, 3), (3, 12000), (12000, 1), (1, 12000), (1, 1), (2, 1), (1, 2), (5000, 60), (60, 5000)]
    let geometries = sizes.enumerated().map { i, size in
      Geometry(
        width: size.0, height: size.1, orientation: i % 8 + 1,
        placement: Placement(canvasWidth: 80, canvasHeight: 40, left: i % 3, top: i % 2, width: 77, height: 33))
    }
    #expect(
      try differences(
        geometries, format: TensorFormat(element: .float16), resampling: resampling, using: &random) == [])
  }

  /// Sizes for each way through the bicubic kernels: upright picture, target, and the kernel that takes it.
  private static let bicubicWays: [(size: (Int, Int), target: (Int, Int), kernel: String)] = [
    // Rows in memory that begin with words, so that all are read by words alone.
    ((128, 72), (150, 68), "bicubic"), ((256, 96), (100, 40), "bicubic"),
    // Enlarged; reduced with 32 and with 64 inputs for eight outputs; several lots of lines.
    ((41, 23), (140, 70), "bicubic"), ((301, 140), (143, 67), "bicubic"), ((500, 260), (99, 52), "bicubic"),
    // One axis stays as it is.
    ((101, 90), (101, 44), "bicubic"), ((290, 61), (97, 61), "bicubic"),
    // More inputs than 64, then less of the tile at once, then more than there is memory for.
    ((900, 460), (121, 64), "bicubic_any"), ((1500, 60), (61, 30), "bicubic_any"),
    ((90, 1900), (80, 40), "bicubic_any"),
    ((5200, 3), (40, 5), "bicubic_any"), ((3, 9000), (4, 20), "bicubic_any"),
  ]

  /// Those that are reduced too much for the kernel for usual pictures.
  private static let largeWays: Set = [9, 10, 11]

  @Test("every way through the bicubic kernels", arguments: bicubicWays.indices, [1, 3, 6, 7])
  func bicubic(way: Int, orientation: Int) throws {
    var random = SplitMix64(seed: way * 8 + orientation)
    let (size, target, kernel) = Self.bicubicWays[way]
    let (width, height) = orientation >= 5 ? (size.1, size.0) : size
    // At a tile's corner, and across tiles; a copy beside, which the same launch makes.
    let placements = [(0, 0), (9, 2)].map {
      Placement(canvasWidth: 160, canvasHeight: 72, left: $0.0, top: $0.1, width: target.0, height: target.1)
    }
    var geometries = placements.map {
      Geometry(width: width, height: height, orientation: orientation, placement: $0)
    }
    geometries.append(
      Geometry(
        width: 30, height: 20, orientation: 1,
        placement: Placement(canvasWidth: 160, canvasHeight: 72, left: 50, top: 21, width: 30, height: 20)))
    // Beside a turned picture there are two launches.
    let turned = Geometry(
      width: 40, height: 60, orientation: 8,
      placement: Placement(canvasWidth: 160, canvasHeight: 72, left: 50, top: 21, width: 33, height: 20))
    let isUsual = orientation < 5 && !Self.largeWays.contains(way)
    for layout in TensorFormat.Layout.allCases {
      for (batch, kernels) in [
        (geometries, [isUsual ? "products" : kernel]),
        (geometries + [turned], isUsual ? ["products", "bicubic"] : [kernel]),
      ] {
        #expect(
          try differences(
            batch, format: TensorFormat(element: .uint8, layout: layout), resampling: .pillowBicubic, kernels: kernels,
            using: &random) == [])
      }
    }
  }

  @Test("usual pictures in tiles of every height", arguments: [8, 24, 48], 0..<6)
  func products(tileHeight: Int, round: Int) throws {
    var random = SplitMix64(seed: UInt64(200 + round))
    let (width, height) = [(160, 160), (101, 150), (296, 64), (67, 200), (140, 33), (256, 70)][round]
    let geometries = (0..<4).map { i in
      let target = (Int.random(in: 1...width, using: &random), Int.random(in: 1...height, using: &random))
      let scale = Double.random(in: 0.4...4.5, using: &random)
      return Geometry(
        width: i == 3 ? target.0 : max(1, Int(Double(target.0) * scale)),
        height: i == 3
          ? target.1 : max(1, Int(Double(target.1) * scale * Double.random(in: 0.8...1.2, using: &random))),
        orientation: Int.random(in: 1...4, using: &random), gap: [0, 0, 1, 5, 16].randomElement(using: &random) ?? 0,
        placement: Placement(
          canvasWidth: width, canvasHeight: height, left: Int.random(in: 0...width - target.0, using: &random),
          top: Int.random(in: 0...height - target.1, using: &random), width: target.0, height: target.1))
    }
    for format in [Self.formats[round], Self.formats[round + 6]] {
      #expect(
        try differences(
          geometries, format: format, resampling: .pillowBicubic, kernels: ["products"], tileHeight: tileHeight,
          using: &random) == [])
    }
  }

  @Test("pictures that OpenCV's way enlarges, with copies beside", arguments: 0..<8)
  func enlarged(round: Int) throws {
    var random = SplitMix64(seed: UInt64(300 + round))
    let (width, height) = [(160, 160), (304, 96), (144, 300), (256, 70), (16, 513), (640, 20), (128, 64), (272, 130)][
      round]
    let geometries = (0..<5).map { i in
      let target = (
        i == 1 ? width : Int.random(in: 5...width, using: &random),
        i == 2 ? height : Int.random(in: 1...height, using: &random)
      )
      // Of one side, of both or of none.
      let stored = (
        i == 3 ? target.0 : Int.random(in: 5...target.0, using: &random),
        i >= 3 ? target.1 : Int.random(in: 1...target.1, using: &random)
      )
      return Geometry(
        width: i == 4 ? target.0 : stored.0, height: stored.1, orientation: [1, 4].randomElement(using: &random) ?? 1,
        gap: [0, 0, 1, 5, 16].randomElement(using: &random) ?? 0,
        placement: Placement(
          canvasWidth: width, canvasHeight: height, left: Int.random(in: 0...width - target.0, using: &random),
          top: Int.random(in: 0...height - target.1, using: &random), width: target.0, height: target.1))
    }
    for format in Self.formats where format.layout == .nchw {
      #expect(
        try differences(
          geometries, format: format, resampling: .openCVLinear, fill: UInt8.random(in: 0...255, using: &random),
          kernels: ["enlarged"], using: &random) == [])
    }
  }

  @Test("bilinear by the kernels for enlarged pictures, for others, and for interleaved tensors")
  func linearChoice() throws {
    var random = SplitMix64(seed: 12)
    func geometry(_ width: Int, _ height: Int, _ target: (Int, Int), orientation: Int = 1) -> Geometry {
      Geometry(
        width: width, height: height, orientation: orientation,
        placement: Placement(
          canvasWidth: 144, canvasHeight: 80, left: 3, top: 4, width: target.0, height: target.1))
    }
    let enlarged = geometry(60, 40, (90, 60)), copied = geometry(70, 60, (70, 60)), reduced = geometry(90, 70, (60, 70))
    let mirrored = geometry(60, 40, (90, 60), orientation: 2), narrow = geometry(4, 40, (90, 60))
    for (batch, kernels) in [
      ([enlarged, copied], ["enlarged"]), ([copied, reduced], ["linear"]),
      ([copied, enlarged, reduced], ["enlarged", "linear"]),
      ([mirrored, narrow], ["linear"]), ([narrow, enlarged], ["enlarged", "linear"]),
    ] {
      for layout in TensorFormat.Layout.allCases {
        #expect(
          try differences(
            batch, format: TensorFormat(element: .float16, layout: layout), resampling: .openCVLinear,
            kernels: layout == .nchw ? kernels : ["linear"], using: &random) == [])
      }
    }
  }

  @Test("columns first, and a batch of copies alone, by the kernels for them")
  func kernelChoice() throws {
    var random = SplitMix64(seed: 11)
    func geometry(_ width: Int, _ height: Int, _ target: (Int, Int)) -> Geometry {
      Geometry(
        width: width, height: height, orientation: 1,
        placement: Placement(
          canvasWidth: 144, canvasHeight: 80, left: 3, top: 4, width: target.0, height: target.1))
    }
    let down = geometry(60, 300, (33, 75)), copied = geometry(70, 60, (70, 60))
    var turned = copied
    turned.orientation = 6
    (turned.width, turned.height) = (copied.height, copied.width)
    let usual = geometry(60, 70, (33, 75))
    for (batch, kernels) in [
      ([down, copied], ["bicubic_any"]), ([copied, copied], ["linear"]), ([copied, usual], ["products"]),
      ([turned, usual], ["products", "bicubic"]), ([usual, down, turned, copied], ["products", "bicubic_any"]),
    ] {
      #expect(
        try differences(
          batch, format: TensorFormat(element: .float16), resampling: .pillow13Bicubic, kernels: kernels, using: &random
        )
          == [])
    }
  }

  @Test("a small picture on a canvas of thousands of pixels", arguments: Resampling.allCases)
  func wideCanvas(resampling: Resampling) throws {
    var random = SplitMix64(seed: 8)
    for (width, height) in [(12000, 4), (4, 3000)] {
      let geometry = Geometry(
        width: 9, height: 5, orientation: 1,
        placement: Placement(
          canvasWidth: width, canvasHeight: height, left: 1, top: 0, width: width - 2, height: height))
      #expect(
        try differences(
          [geometry], format: TensorFormat(element: .uint8), resampling: resampling, using: &random) == [])
    }
  }

  @Test(
    "all bytes have the CPU's values in every normalisation",
    arguments: [
      TensorFormat.Normalisation.divideBy255, .originalRecipe, .none, .multiply(-0.5), .multiply(1e-7), .multiply(300),
    ], [TensorFormat.Element.float32, .float16, .uint8])
  func values(normalisation: TensorFormat.Normalisation, element: TensorFormat.Element) throws {
    let geometry = Geometry(
      width: 256, height: 3, orientation: 1,
      placement: Placement(canvasWidth: 256, canvasHeight: 4, left: 0, top: 0, width: 256, height: 3))
    // Noise has every byte many times.
    for seed in 0..<3 {
      var random = SplitMix64(seed: UInt64(seed))
      #expect(
        try differences(
          [geometry], format: TensorFormat(element: element, normalisation: normalisation), resampling: .openCVLinear,
          fill: UInt8(seed), using: &random) == [])
    }
  }
}
