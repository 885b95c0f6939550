internal import CVips
internal import DynamicLibrary

/// Makes pictures of the program's own drawings: SVG in, PNG out, by libvips' loader for SVG, which is librsvg.
///
/// Only for drawings that the program has made itself. Those that come from elsewhere are no pictures here: see
/// ``ImageFormat``.
///
/// librsvg knows text, shapes and presentation attributes; of style sheets it knows a part, and neither variables nor media
/// queries. It takes fonts from the machine, through fontconfig: without any, text is missing.
public enum DrawingRenderer {
  // libvips counts dots by the millimetre. 1600 pixels are 20 cm then, about the width of a page; with libvips' own value,
  // one dot a millimetre, an office program would place the picture over a metre and a half.
  private static let dotsPerMillimetre = 8.0

  /// Draws an SVG on white.
  ///
  /// - Parameter svg: a whole file; its `width` and `height` are the picture's size in pixels.
  /// - Returns: a PNG of 8 bits and three bands.
  /// - Throws: ``ImageError`` with code `decoderUnavailable` where libvips, its loader for SVG or its writer for PNG is
  ///   missing; `encodingFailed` where the drawing is not well-formed or has no size.
  public static func png(svg: String) throws(ImageError) -> [UInt8] {
    let vips = try Vips.shared.get()
    guard let functions = Functions(vips) else {
      let lacks = vips.hasOperation("svgload_buffer") ? "writer for PNG" : "loader for SVG (librsvg)"
      throw ImageError(
        .decoderUnavailable,
        "drawings need libvips' \(lacks), which the libvips of this machine was built without (\(vips.library.path)); "
          + "Debian's and Ubuntu's has it")
    }
    var svg = svg
    let result: Result<[UInt8], ImageError> = svg.withUTF8 { text in
      let bytes = UnsafeRawBufferPointer(text)
      do throws(ImageError) {
        return .success(
          try vips.withErrors { () throws(ImageError) -> [UInt8]? in
            draw(bytes, vips, functions)
          } orThrow: { reason in
            ImageError(.encodingFailed, "the drawing could not be rendered (libvips: \(reason))")
          })
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Whether ``png(svg:)`` has what it needs on this machine.
  package static var isAvailable: Bool {
    guard case .success(let vips) = Vips.shared else { return false }
    return Functions(vips) != nil
  }

  private struct Functions {
    var load, flatten, copy, save: UnsafeMutableRawPointer
    var makeArray: @convention(c) (UnsafePointer<Double>, Int32) -> Vips.Object?
    var releaseArray: @convention(c) (Vips.Object) -> Void

    init?(_ vips: Vips) {
      // A libvips without librsvg still has the function; what it lacks is the operation.
      guard vips.hasOperation("svgload_buffer"), vips.hasOperation("pngsave_buffer"),
        let load = vips.address("vips_svgload_buffer"), let flatten = vips.address("vips_flatten"),
        let copy = vips.address("vips_copy"), let save = vips.address("vips_pngsave_buffer"),
        let makeArray = vips.library.symbol(
          "vips_array_double_new", as: (@convention(c) (UnsafePointer<Double>, Int32) -> Vips.Object?).self),
        let releaseArray = vips.library.symbol("vips_area_unref", as: (@convention(c) (Vips.Object) -> Void).self)
      else { return nil }
      (self.load, self.flatten, self.copy, self.save) = (load, flatten, copy, save)
      (self.makeArray, self.releaseArray) = (makeArray, releaseArray)
    }
  }

  // `nil` with an error left in libvips.
  private static func draw(_ svg: UnsafeRawBufferPointer, _ vips: Vips, _ functions: Functions) -> [UInt8]? {
    guard let start = svg.baseAddress, let white = functions.makeArray([255, 255, 255], 3) else { return nil }
    defer { functions.releaseArray(white) }
    var drawn: Vips.Object?
    guard swoop_vips_load_drawing(functions.load, start, svg.count, &drawn) == 0, let drawn else { return nil }
    defer { vips.unreference(drawn) }
    var solid: Vips.Object?
    guard swoop_vips_flatten(functions.flatten, drawn, white, &solid) == 0, let solid else { return nil }
    defer { vips.unreference(solid) }
    var sized: Vips.Object?
    guard swoop_vips_with_resolution(functions.copy, solid, dotsPerMillimetre, &sized) == 0, let sized else {
      return nil
    }
    defer { vips.unreference(sized) }
    var bytes: UnsafeMutableRawPointer?
    var count = 0
    guard swoop_vips_save_png(functions.save, sized, &bytes, &count) == 0, let bytes else { return nil }
    defer { vips.release(bytes) }
    return [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
  }
}
