/// A colour of 8-bit red, green and blue, in sRGB.
public struct Colour: Hashable, Sendable {
  public var red, green, blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// From 0xRRGGBB.
  public init(_ hexadecimal: UInt32) {
    self.init(
      red: UInt8(hexadecimal >> 16 & 255), green: UInt8(hexadecimal >> 8 & 255),
      blue: UInt8(hexadecimal & 255))
  }

  public static let black = Colour(0)
  public static let white = Colour(0xFFFFFF)

  /// `#rrggbb`, for HTML and CSS.
  public var hexadecimal: String {
    let number = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    let digits = String(number, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// Black or white, whichever stands out more against this colour by the contrast ratio of WCAG 2.
  public var contrasting: Colour {
    let luminance = relativeLuminance
    return (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) ? .black : .white
  }

  /// The relative luminance of WCAG 2, 0...1.
  public var relativeLuminance: Double {
    func linear(_ value: UInt8) -> Double {
      let v = Double(value) / 255
      // The power 2.4 by two square roots and a product would need a library; a cubic fit of sRGB's curve is within
      // 0.003 of it, far below what decides between black and white.
      return v * (v * (v * 0.305306011 + 0.682171111) + 0.012522878)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
}

/// A colour for every class, the same in every picture and every run.
public enum ClassPalette {
  /// How many colours there are before they come round again.
  public static var count: Int { colours.count }

  /// The colour of a class by its index. Neighbours are chosen to differ for readers with normal colour vision, with
  /// protanopia and with deuteranopia; the first seven are Okabe and Ito's.
  public static func colour(forClass index: Int) -> Colour {
    let position = index % colours.count
    return Colour(colours[position < 0 ? position + colours.count : position])
  }

  // Tests/ImagingTests/Fixtures/make_palette.py prints these and says how they are found.
  private static let colours: [UInt32] = [
    0xD55E00, 0x0072B2, 0x009E73, 0xE6D21E, 0xCC79A7, 0x56B4E9, 0xE69F00, 0x851B55,
    0x43FEE2, 0x4D09C6, 0x9167FA, 0x6E5006, 0x8EC899, 0x86617B, 0x3A497E, 0xBBC9F3,
    0xC0304C, 0xC930C2, 0xCDEAA9, 0xF66754, 0x384AEC, 0x7894F8, 0xFB79C8, 0x9DFC5F,
    0x9119A0, 0x296D49, 0x30E572, 0x86A583, 0xFEB2C0, 0x538C8B, 0x2B9926, 0x4573CF,
    0x76382E, 0x825AA4, 0xB9B250, 0x2C5C6E, 0x88BDEE, 0x6734C6, 0xB4E7FC, 0xB578BD,
    0xC76967, 0xE763FA, 0x9E4930, 0x49D9D9, 0xD09FA7, 0x8BF7CA, 0xBD49EA, 0xF8BF6C,
    0x701C8E, 0x5DDE9A, 0xA21B67, 0xE86518, 0x73739A, 0x5F538C, 0x1DB8CE, 0xF0E331,
    0x6DAE68, 0xBD4A67, 0xE19020, 0x8443D3, 0x8B87D8, 0x8D1C11, 0xB2F48C, 0x669E99,
    0x571CB2, 0xEE9EF9, 0x017A4A, 0xB3D12C, 0x13F3E6, 0x99CEBD, 0x337CBA, 0x9E8745,
    0xA05B11, 0xCEB573, 0x73474A, 0xAA188F, 0xE57BBA, 0x9D6184, 0x3792FD, 0xD128B1,
    0x574DF5, 0x772473, 0xE5896D, 0x4329D5, 0xE852E0, 0xBBE2A6, 0xAC1C0F, 0xB48481,
    0xC299E9, 0x73B68F, 0xCC3C43, 0xA3396E, 0x8EC0D5, 0x7936AA, 0xEFD451, 0xAD4CD4,
  ]
}
