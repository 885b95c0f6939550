import CUDA
import DeviceDetection
import Imaging
import SeededNumbers

/// The preprocessing kernels on a real GPU: equal to `TensorWriter` bit for bit over random geometries, and how fast
/// beside a copy on the device that moves as many bytes. It needs the driver and NVRTC, and no files.
enum PreprocessCheck {
  /// - Parameters:
  ///   - folders: where to look for NVRTC first.
  ///   - isTiny: little work and no times, for tools that make it a hundred times slower.
  ///   - check: is told what was checked and whether it holds.
  static func run(
    _ driver: CUDADriver, compilerFolders folders: [String], isTiny: Bool = false, check: (String, Bool) -> Void
  ) throws {
    let context = try driver.primaryContext(of: driver.device(0))
    let clock = ContinuousClock()
    let start = clock.now
    let kernels = try DeviceKernels(context: context, cache: KernelCache(folder: nil, compilerFolders: folders))
    print("       kernels compiled in \(clock.now - start)")
    let stream = try CUDAStream(in: context)
    try equality(kernels, stream, isTiny: isTiny, check)
    if !isTiny { try speed(kernels, stream) }
  }

  // MARK: Equality

  private struct Picture {
    var width, height, orientation, gap: Int
    var placement: Placement
    var bytesPerRow: Int { width * 3 + gap }
    var byteCount: Int { (height - 1) * bytesPerRow + width * 3 }
  }

  private static func equality(
    _ kernels: DeviceKernels, _ stream: CUDAStream, isTiny: Bool, _ check: (String, Bool) -> Void
  ) throws {
    var random = SplitMix64(seed: 1)
    for resampling in Resampling.allCases {
      for element in TensorFormat.Element.allCases {
        var (count, wrong) = (0, 0)
        for layout in TensorFormat.Layout.allCases {
          for order in TensorFormat.ChannelOrder.allCases {
            let format = TensorFormat(element: element, layout: layout, channelOrder: order)
            let preprocessor = try DevicePreprocessor(
              kernels: kernels, format: format, resampling: resampling, fill: 114, capacity: 16)
            let canvases = isTiny ? [(333, 77), (160, 77)] : [(640, 640), (416, 352), (333, 77), (1280, 96)]
            for (width, height) in canvases {
              let pictures = (0..<(isTiny ? 8 : 16)).map { picture($0, width, height, &random) }
              wrong += try differing(pictures, preprocessor, stream, &random)
              count += pictures.count
            }
          }
        }
        check(
          "preprocess \(resampling.rawValue) \(element.rawValue): \(wrong) of \(count) random pictures differ from the CPU's",
          wrong == 0)
      }
    }
  }

  private static func picture(_ index: Int, _ width: Int, _ height: Int, _ random: inout SplitMix64) -> Picture {
    let extremes = [(1, 1), (12000, 2), (3, 12000), (1, 700), (900, 1), (width, height), (height, width)]
    var (w, h) =
      index < extremes.count
      ? extremes[index] : (Int.random(in: 1...1500, using: &random), Int.random(in: 1...1500, using: &random))
    var orientation = Int.random(in: 1...8, using: &random)
    var target = (Int.random(in: 1...width, using: &random), Int.random(in: 1...height, using: &random))
    if index == 7 || index > 11 {
      // Enlarged, upright or upside down: a kernel of its own.
      target.0 = max(target.0, 5)
      (w, h) = (Int.random(in: 5...target.0, using: &random), Int.random(in: 1...target.1, using: &random))
      orientation = index % 2 == 0 ? 1 : 4
    }
    let upright = orientation >= 5 ? (h, w) : (w, h)
    if upright.0 <= width && (index % 3 == 0 || upright == (width, height)) { target.0 = upright.0 }
    if upright.1 <= height && (index % 4 == 0 || upright == (width, height)) { target.1 = upright.1 }
    return Picture(
      width: w, height: h, orientation: orientation, gap: index % 5 == 4 ? 7 : 0,
      placement: Placement(
        canvasWidth: width, canvasHeight: height, left: Int.random(in: 0...width - target.0, using: &random),
        top: Int.random(in: 0...height - target.1, using: &random), width: target.0, height: target.1))
  }

  /// How many rows of the tensor are not the CPU's, with the row behind the batch, which must stay as it was.
  private static func differing(
    _ pictures: [Picture], _ preprocessor: DevicePreprocessor, _ stream: CUDAStream, _ random: inout SplitMix64
  ) throws -> Int {
    let context = stream.context
    let writer = TensorWriter(
      format: preprocessor.format, resampling: preprocessor.resampling, fill: preprocessor.fill)
    let row = preprocessor.byteCount(for: pictures[0].placement)
    let expected = try PinnedMemory(byteCount: row * (pictures.count + 1), in: context)
    expected.bytes.initializeMemory(as: UInt8.self, repeating: 0xA5)
    let tensor = try DeviceMemory(byteCount: expected.bytes.count, in: context)
    try stream.fill(tensor.address, with: 0xA5, byteCount: tensor.byteCount)
    var memory: [DeviceMemory] = []
    var batch: [DevicePicture] = []
    for (i, picture) in pictures.enumerated() {
      let stored = try PixelBuffer(width: picture.width, height: picture.height)
      let pinned = try PinnedMemory(byteCount: picture.byteCount + i % 4, in: context)
      stored.withUnsafeMutableBytes { pixels in
        for at in pixels.indices { pixels[at] = UInt8(truncatingIfNeeded: random.next() >> 40) }
        for y in 0..<picture.height {
          // Each picture begins at another alignment.
          UnsafeMutableRawBufferPointer(rebasing: pinned.bytes[(i % 4 + y * picture.bytesPerRow)...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: pixels[y * picture.width * 3..<(y + 1) * picture.width * 3]))
        }
      }
      let device = try DeviceMemory(byteCount: pinned.bytes.count, in: context)
      try stream.copy(UnsafeRawBufferPointer(pinned.bytes), to: device.address)
      try stream.synchronize()
      memory.append(device)
      batch.append(
        DevicePicture(
          address: device.address + UInt64(i % 4), bytesPerRow: picture.bytesPerRow, width: picture.width,
          height: picture.height, orientation: picture.orientation, placement: picture.placement))
      var upright = stored
      if picture.orientation > 1 {
        upright = PixelBuffer()
        try stored.writeUpright(picture.orientation, into: upright)
      }
      try writer.write(
        upright, at: picture.placement,
        into: UnsafeMutableRawBufferPointer(rebasing: expected.bytes[i * row..<(i + 1) * row]))
    }
    try preprocessor.enqueue(batch, into: tensor.address, on: stream)
    let back = try PinnedMemory(byteCount: tensor.byteCount, in: context)
    try stream.copy(tensor.address, to: back.bytes)
    try stream.synchronize()
    withExtendedLifetime(memory) {}
    return (0...pictures.count).reduce(0) { wrong, i in
      let range = i * row..<(i + 1) * row
      if back.bytes[range].elementsEqual(expected.bytes[range]) { return wrong }
      print("       row \(i): \(i < pictures.count ? "\(pictures[i])" : "behind the batch") \(preprocessor.format)")
      return wrong + 1
    }
  }

  // MARK: Speed

  private struct Case {
    var width, height: Int
    var canvas: Int
    var format: TensorFormat
    var resampling = Resampling.openCVLinear
    var orientation = 1
  }

  private static func speed(_ kernels: DeviceKernels, _ stream: CUDAStream) throws {
    var cases: [Case] = []
    for element in [TensorFormat.Element.float16, .float32, .uint8] {
      for (width, height) in [(640, 480), (1280, 720)] {
        cases.append(Case(width: width, height: height, canvas: 640, format: TensorFormat(element: element)))
      }
    }
    let half = TensorFormat(element: .float16)
    cases += [
      Case(width: 640, height: 427, canvas: 640, format: half),
      Case(width: 500, height: 375, canvas: 640, format: half),
      Case(width: 333, height: 500, canvas: 640, format: half),
      Case(width: 1920, height: 1080, canvas: 640, format: half),
      Case(width: 3840, height: 2160, canvas: 640, format: half),
      Case(width: 480, height: 640, canvas: 640, format: half, orientation: 6),
      Case(width: 720, height: 1280, canvas: 640, format: half, orientation: 6),
      Case(width: 640, height: 480, canvas: 640, format: TensorFormat(element: .float16, layout: .nhwc)),
      Case(width: 1280, height: 720, canvas: 640, format: TensorFormat(element: .float16, layout: .nhwc)),
      Case(width: 640, height: 480, canvas: 640, format: half, resampling: .pillowBicubic),
      Case(width: 500, height: 375, canvas: 640, format: half, resampling: .pillowBicubic),
      Case(width: 1280, height: 720, canvas: 640, format: half, resampling: .pillowBicubic),
      Case(width: 1920, height: 1080, canvas: 640, format: half, resampling: .pillowBicubic),
      Case(width: 3840, height: 2160, canvas: 640, format: half, resampling: .pillowBicubic),
      Case(width: 640, height: 1920, canvas: 640, format: half, resampling: .pillow13Bicubic),
    ]
    for item in cases { try time(item, kernels, stream) }
  }

  /// Prints one line: the median time of a batch, and what part of the speed of a copy of as many bytes that is. Bytes are
  /// those of the source's rows that are read and those of the tensor.
  private static func time(_ item: Case, _ kernels: DeviceKernels, _ stream: CUDAStream) throws {
    let batch = 64
    let context = stream.context
    let preprocessor = try DevicePreprocessor(
      kernels: kernels, format: item.format, resampling: item.resampling, fill: 114, capacity: batch)
    let upright = item.orientation >= 5 ? (item.height, item.width) : (item.width, item.height)
    let scale = min(Double(item.canvas) / Double(upright.0), Double(item.canvas) / Double(upright.1))
    let target = (Int((Double(upright.0) * scale).rounded()), Int((Double(upright.1) * scale).rounded()))
    let placement = Placement(
      canvasWidth: item.canvas, canvasHeight: item.canvas, left: (item.canvas - target.0) / 2,
      top: (item.canvas - target.1) / 2, width: target.0, height: target.1)
    let source = item.width * item.height * 3
    let stride = (source + 255) & ~255
    let sources = try DeviceMemory(byteCount: stride * batch, in: context)
    try stream.fill(sources.address, with: 77, byteCount: sources.byteCount)
    let row = preprocessor.byteCount(for: placement)
    let tensor = try DeviceMemory(byteCount: row * batch, in: context)
    let pictures = (0..<batch).map {
      DevicePicture(
        address: sources.address + UInt64($0 * stride), bytesPerRow: item.width * 3, width: item.width,
        height: item.height, orientation: item.orientation, placement: placement)
    }
    // Two source rows for each of the picture's at most, where only taps are read.
    let lines = item.resampling == .openCVLinear ? min(upright.1, 2 * target.1) : upright.1
    let read = source / upright.1 * lines
    let moved = (read + row) * batch
    let (from, to) = (
      try DeviceMemory(byteCount: moved / 2, in: context), try DeviceMemory(byteCount: moved / 2, in: context)
    )
    let kernel = try median(stream) { try preprocessor.enqueue(pictures, into: tensor.address, on: stream) }
    let copy = try median(stream) { try stream.copy(from.address, to: to.address, byteCount: moved / 2) }
    let element = ["float16": "fp16", "float32": "fp32"][item.format.element.rawValue] ?? item.format.element.rawValue
    let turned = item.orientation == 1 ? "" : " orientation \(item.orientation)"
    print(
      "preprocess \(item.width)x\(item.height) -> \(item.canvas)x\(item.canvas) \(element)"
        + " \(item.format.layout.rawValue) \(item.resampling.rawValue)\(turned): \(rounded(kernel, 4)) ms for \(batch),"
        + " \(Int((copy / kernel * 100).rounded())) % of copy"
        + " (\(Int((Double(moved) / kernel / 1e6).rounded())) of \(Int((Double(moved) / copy / 1e6).rounded())) GB/s)")
  }

  private static func median(_ stream: CUDAStream, _ body: () throws -> Void) throws -> Double {
    let (start, end) = (
      try CUDAEvent(in: stream.context, isTiming: true), try CUDAEvent(in: stream.context, isTiming: true)
    )
    var times: [Double] = []
    for round in 0..<45 {
      try start.record(on: stream)
      try body()
      try end.record(on: stream)
      try end.synchronize()
      // The first rounds bring clocks up.
      if round >= 5 { times.append(try end.milliseconds(since: start)) }
    }
    return times.sorted()[times.count / 2]
  }

  private static func rounded(_ value: Double, _ digits: Int) -> Double {
    let unit = (0..<digits).reduce(1.0) { unit, _ in unit * 10 }
    return (value * unit).rounded() / unit
  }
}
