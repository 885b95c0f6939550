internal import CImaging
internal import Glibc

/// Where a picture goes on a canvas, in whole pixels. A plain value: the rules of letterboxing are not this module's.
public struct Placement: Hashable, Sendable {
  /// The canvas: the width and height of the input tensor.
  public var canvasWidth, canvasHeight: Int
  /// The rectangle that the picture is resized to, within the canvas.
  public var left, top, width, height: Int

  public init(canvasWidth: Int, canvasHeight: Int, left: Int, top: Int, width: Int, height: Int) {
    self.canvasWidth = canvasWidth
    self.canvasHeight = canvasHeight
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// The picture stretched over the whole canvas.
  public static func stretched(width: Int, height: Int) -> Placement {
    Placement(canvasWidth: width, canvasHeight: height, left: 0, top: 0, width: width, height: height)
  }

  /// Whether the rectangle is not empty and lies within the canvas.
  package var isValid: Bool {
    width > 0 && height > 0 && left >= 0 && top >= 0 && canvasWidth <= PixelBuffer.maximumSide
      && canvasHeight <= PixelBuffer.maximumSide && left <= canvasWidth && top <= canvasHeight
      && width <= canvasWidth - left && height <= canvasHeight - top
  }
}

/// Resizes pictures into their rectangle of an input tensor and writes the normalised elements, padding included, in one
/// pass over the tensor.
///
/// It keeps tables and working memory, so a picture of a size seen just before allocates nothing. Make one for each
/// thread; it is not Sendable.
public final class TensorWriter {
  /// The elements it writes.
  public let format: TensorFormat
  /// How pictures are resized.
  public let resampling: Resampling
  /// The byte, before normalisation, that fills the canvas around the picture.
  public let fill: UInt8

  private let kernels: Kernels
  private let resampler: Resampler
  private let values: ValueTable
  // Where the planes R, G, B of a picture go: the n-th channel of the tensor is plane order[n].
  private let order: [UInt8]
  private var scratch = ScratchMemory()

  public convenience init(format: TensorFormat = TensorFormat(), resampling: Resampling, fill: UInt8) {
    self.init(format: format, resampling: resampling, fill: fill, kernels: .best)
  }

  package init(format: TensorFormat, resampling: Resampling, fill: UInt8, kernels: Kernels) {
    self.format = format
    self.resampling = resampling
    self.fill = fill
    self.kernels = kernels
    resampler = Resampler(kernels: kernels)
    values = ValueTable(format.normalisation)
    order = format.channelOrder == .rgb ? [0, 1, 2] : [2, 1, 0]
  }

  /// Bytes of one picture's slot in the tensor; `Int.max` for canvases beyond addressing.
  public func byteCount(for placement: Placement) -> Int {
    let (pixels, overflow) = placement.canvasWidth.multipliedReportingOverflow(by: placement.canvasHeight)
    let (bytes, overflowsToo) = pixels.multipliedReportingOverflow(by: 3 * format.element.byteCount)
    return overflow || overflowsToo ? .max : bytes
  }

  /// Writes one picture's slot: 3 * canvas height * canvas width elements. Every element of it is written; nothing
  /// behind it is.
  ///
  /// - Parameters:
  ///   - image: RGB bytes.
  ///   - placement: the canvas and the picture's rectangle in it, in pixels.
  ///   - slot: the picture's part of the input tensor, aligned to its elements; it may be larger than needed.
  /// - Throws: ``ImageError`` with code `invalidArgument` where the rectangle is outside the canvas or the slot is too
  ///   small or not aligned, `tooLarge` as ``Resampling`` says, or `outOfMemory`.
  /// - Complexity: O(canvas + picture's rows that are needed); for `openCVLinear` two rows for each output row at most.
  public func write(
    _ image: PixelBuffer, at placement: Placement, into slot: UnsafeMutableRawBufferPointer
  ) throws(ImageError) {
    guard placement.isValid else {
      throw ImageError(.invalidArgument, "the rectangle of \(placement) is empty or not within its canvas")
    }
    guard image.width > 0 else { throw ImageError(.invalidArgument, "the picture has no pixels") }
    let needed = byteCount(for: placement)
    guard slot.count >= needed, let start = slot.baseAddress else {
      throw ImageError(
        .invalidArgument,
        "the slot has \(slot.count) bytes; \(needed) are needed for \(placement.canvasWidth)x\(placement.canvasHeight)"
          + " \(format.element.rawValue) pixels")
    }
    guard Int(bitPattern: start) % format.element.byteCount == 0 else {
      throw ImageError(.invalidArgument, "the slot is not aligned to \(format.element.rawValue)")
    }
    switch format.element {
    case .float32:
      try write(image, placement, start.assumingMemoryBound(to: Float.self), fill: values.float32[Int(fill)])
    case .float16:
      try write(image, placement, start.assumingMemoryBound(to: UInt16.self), fill: values.float16[Int(fill)])
    case .uint8: try write(image, placement, start.assumingMemoryBound(to: UInt8.self), fill: fill)
    }
  }

  private func write<Element: BitwiseCopyable>(
    _ image: PixelBuffer, _ placement: Placement, _ out: UnsafeMutablePointer<Element>, fill: Element
  ) throws(ImageError) {
    let (left, top, width, height) = (placement.left, placement.top, placement.width, placement.height)
    let canvas = placement.canvasWidth * placement.canvasHeight
    // A row of the canvas is one run of elements for each plane, or one run of all channels.
    let planes = format.layout == .nchw ? 3 : 1
    let channels = format.layout == .nchw ? 1 : 3
    let rowLength = placement.canvasWidth * channels
    let right = placement.canvasWidth - left - width
    for plane in 0..<planes {
      let first = out + plane * canvas
      set(first, to: fill, count: top * rowLength)
      set(
        first + (top + height) * rowLength, to: fill,
        count: (placement.canvasHeight - top - height) * rowLength)
    }
    let interleaved = channels == 1 ? nil : try scratch.reserve(3 * width).assumingMemoryBound(to: UInt8.self)
    try resampler.forEachRow(of: image, width: width, height: height, by: resampling) { y, source, stride in
      if let interleaved {
        swoop_interleave(source, stride, order, width, interleaved)
        let row = out + (top + y) * rowLength
        set(row, to: fill, count: left * 3)
        emit(interleaved, 3 * width, to: row + left * 3)
        set(row + (left + width) * 3, to: fill, count: right * 3)
      } else {
        for plane in 0..<3 {
          let row = out + plane * canvas + (top + y) * rowLength
          set(row, to: fill, count: left)
          emit(source + Int(order[plane]) * stride, width, to: row + left)
          set(row + left + width, to: fill, count: right)
        }
      }
    }
  }

  private func set<Element: BitwiseCopyable>(
    _ out: UnsafeMutablePointer<Element>, to value: Element, count: Int
  ) {
    if count > 0 { out.update(repeating: value, count: count) }
  }

  private func emit<Element>(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, to out: UnsafeMutablePointer<Element>
  ) {
    switch format.element {
    case .float32:
      values.float32.withUnsafeBufferPointer { table in
        guard let table = table.baseAddress else { return }
        out.withMemoryRebound(to: Float.self, capacity: count) {
          kernels.table.pointee.emit_float32(bytes, count, table, values.high, values.low, $0)
        }
      }
    case .float16:
      values.float16.withUnsafeBufferPointer { table in
        guard let table = table.baseAddress else { return }
        out.withMemoryRebound(to: UInt16.self, capacity: count) {
          kernels.table.pointee.emit_float16(bytes, count, table, values.high, values.low, $0)
        }
      }
    case .uint8:
      memcpy(out, bytes, count)
    }
  }
}
