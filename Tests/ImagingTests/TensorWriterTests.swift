import Imaging
import Tensors
import Testing

@Suite("Writing into tensors")
struct TensorWriterTests {
  static let formats: [TensorFormat] = TensorFormat.Element.allCases.flatMap { element in
    TensorFormat.Layout.allCases.flatMap { layout in
      TensorFormat.ChannelOrder.allCases.flatMap { order in
        [TensorFormat.Normalisation.divideBy255, .originalRecipe, .none].map {
          TensorFormat(element: element, layout: layout, channelOrder: order, normalisation: $0)
        }
      }
    }
  }

  /// The bits of an element of the tensor as plainly as can be said.
  static func element(_ byte: UInt8, _ format: TensorFormat) -> UInt32 {
    let value: Float =
      switch format.normalisation {
      case .divideBy255: Float(byte) / 255
      case .multiply(let factor): Float(byte) * factor
      case .none: Float(byte)
      }
    return switch format.element {
    case .float32: value.bitPattern
    case .float16: UInt32(Float16(value).bitPattern)
    case .uint8: UInt32(byte)
    }
  }

  static func elements(_ bytes: UnsafeRawBufferPointer, _ format: TensorFormat) -> [UInt32] {
    switch format.element {
    case .float32: bytes.bindMemory(to: UInt32.self).map { $0 }
    case .float16: bytes.bindMemory(to: UInt16.self).map { UInt32($0) }
    case .uint8: bytes.map { UInt32($0) }
    }
  }

  /// The whole slot, from the oracle's pixels.
  static func expected(
    _ pixels: [UInt8], _ width: Int, _ height: Int, _ p: Placement, _ format: TensorFormat,
    _ method: Resampling,
    fill: UInt8
  ) -> [UInt32] {
    let content = ReferenceResampler.resize(
      pixels, width: width, height: height, toWidth: p.width, toHeight: p.height, by: method)
    var out = [UInt32](
      repeating: element(fill, format), count: 3 * p.canvasWidth * p.canvasHeight)
    for y in 0..<p.height {
      for x in 0..<p.width {
        for c in 0..<3 {
          let byte = content[(y * p.width + x) * 3 + (format.channelOrder == .rgb ? c : 2 - c)]
          let (row, column) = (p.top + y, p.left + x)
          let index =
            format.layout == .nchw
            ? (c * p.canvasHeight + row) * p.canvasWidth + column : (row * p.canvasWidth + column) * 3 + c
          out[index] = element(byte, format)
        }
      }
    }
    return out
  }

  @Test(
    "every element equals the plain computation, padding included, and nothing beyond is touched",
    arguments: formats)
  func everyFormat(format: TensorFormat) throws {
    let cases: [(Int, Int, Placement)] = [
      (40, 30, Placement(canvasWidth: 64, canvasHeight: 64, left: 0, top: 8, width: 64, height: 48)),
      (40, 30, Placement(canvasWidth: 53, canvasHeight: 61, left: 7, top: 11, width: 40, height: 30)),
      (30, 90, Placement(canvasWidth: 33, canvasHeight: 35, left: 11, top: 0, width: 11, height: 35)),
      (1, 1, .stretched(width: 5, height: 3)),
      (100, 70, Placement(canvasWidth: 21, canvasHeight: 1, left: 20, top: 0, width: 1, height: 1)),
    ]
    for kernels in Kernels.available {
      for method in Resampling.allCases {
        let writer = TensorWriter(format: format, resampling: method, fill: 114, kernels: kernels)
        for (number, (width, height, placement)) in cases.enumerated() {
          let pixels = Synthetic.picture(width, height, seed: UInt64(number), mode: number % 3)
          let image = try PixelBuffer(pixels, width, height)
          let count = writer.byteCount(for: placement)
          let slot = UnsafeMutableRawBufferPointer.allocate(byteCount: count + 64, alignment: 4)
          defer { slot.deallocate() }
          slot.initializeMemory(as: UInt8.self, repeating: 0xA5)
          try writer.write(image, at: placement, into: slot)
          let found = Self.elements(UnsafeRawBufferPointer(rebasing: slot[..<count]), format)
          let expected = Self.expected(pixels, width, height, placement, format, method, fill: 114)
          #expect(found == expected, "\(kernels.name) \(method) \(width)x\(height) at \(placement)")
          #expect(slot[count...].allSatisfy { $0 == 0xA5 })
        }
      }
    }
  }

  @Test("vector arithmetic rounds all 256 bytes as the division does")
  func values() {
    for normalisation in [TensorFormat.Normalisation.divideBy255, .originalRecipe, .none] {
      let table = ValueTable(normalisation)
      for byte in 0...255 {
        let x = Float(byte)
        #expect((x * table.low).addingProduct(x, table.high) == table.float32[byte])
      }
    }
    #expect(ValueTable(.divideBy255).float32[114] == Float(114) / 255)
    // The usual ones by arithmetic of float16 too; not a factor whose products are no numbers of it.
    #expect(ValueTable(.divideBy255).halves != nil && ValueTable(.none).halves != nil)
    #expect(ValueTable(.multiply(1e30)).halves == nil)
    #expect(
      ValueTable(.originalRecipe).float32[255].bitPattern == (Float(255) * 0.0039215697906911373).bitPattern)
  }

  @Test("a slot that does not fit is refused before anything is written")
  func refusals() throws {
    let image = try PixelBuffer(width: 4, height: 4)
    let writer = TensorWriter(resampling: .openCVLinear, fill: 0)
    let slot = UnsafeMutableRawBufferPointer.allocate(byteCount: 3 * 8 * 8 * 4 + 4, alignment: 4)
    defer { slot.deallocate() }
    slot.initializeMemory(as: UInt8.self, repeating: 0xA5)
    let whole = Placement.stretched(width: 8, height: 8)
    func code(_ placement: Placement, _ slot: UnsafeMutableRawBufferPointer) -> ImageError.Code? {
      do {
        try writer.write(image, at: placement, into: slot)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(whole, UnsafeMutableRawBufferPointer(rebasing: slot[..<767])) == .invalidArgument)
    #expect(code(whole, UnsafeMutableRawBufferPointer(rebasing: slot[1...])) == .invalidArgument)
    #expect(code(whole, UnsafeMutableRawBufferPointer(start: nil, count: 0)) == .invalidArgument)
    for (left, top, width, height) in [
      (0, 0, 0, 8), (0, 0, 8, 0), (-1, 0, 4, 4), (0, -1, 4, 4), (5, 0, 4, 4), (0, 5, 4, 4), (0, 0, 9, 8),
      (0, 0, Int.max, 1), (Int.max, 0, 1, 1), (Int.min, 0, 1, 1),
    ] {
      let placement = Placement(
        canvasWidth: 8, canvasHeight: 8, left: left, top: top, width: width, height: height)
      #expect(code(placement, slot) == .invalidArgument, "\(placement)")
    }
    let huge = Placement.stretched(width: .max, height: .max)
    #expect(code(huge, slot) == .invalidArgument)
    #expect(slot.allSatisfy { $0 == 0xA5 })
    #expect(code(whole, slot) == nil)
  }

  @Test("element types of tensors map to what is written")
  func elementTypes() {
    #expect(TensorFormat.Element(.float32) == .float32)
    #expect(TensorFormat.Element(.float16) == .float16)
    #expect(TensorFormat.Element(.uint8) == .uint8)
    #expect(TensorFormat.Element(.int8) == nil)
    #expect(TensorFormat.Element(.unknown("fp4")) == nil)
  }
}
