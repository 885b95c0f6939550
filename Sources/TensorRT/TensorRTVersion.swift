internal import CTensorRT

/// The version that a TensorRT library reports of itself.
public struct TensorRTVersion: Hashable, Sendable, Comparable {
  /// TensorRT, or TensorRT for RTX, which has version numbers of its own.
  public enum Product: String, Sendable, Hashable {
    case tensorRT = "TensorRT"
    case rtx = "TensorRT for RTX"
  }

  public var product: Product
  public var major: Int
  public var minor: Int
  public var patch: Int

  public init(product: Product, major: Int, minor: Int, patch: Int) {
    self.product = product
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads the number that `getInferLibVersion` returns.
  ///
  /// TensorRT 8 and 9 count `major * 1000 + minor * 100 + patch`; TensorRT 10 and later and TensorRT for RTX count
  /// `major * 10000 + minor * 100 + patch`. TensorRT for RTX is at 1.x, so its numbers lie between the two.
  public init(reported number: Int32) {
    let number = Int(number)
    switch number {
    case 10_000..<80_000:
      self.init(product: .rtx, major: number / 10_000, minor: number / 100 % 100, patch: number % 100)
    case ..<10_000:
      self.init(product: .tensorRT, major: number / 1000, minor: number / 100 % 10, patch: number % 100)
    default:
      self.init(product: .tensorRT, major: number / 10_000, minor: number / 100 % 100, patch: number % 100)
    }
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.product.rawValue, a.major, a.minor, a.patch) < (b.product.rawValue, b.major, b.minor, b.patch)
  }

  /// `10.9.0`, without the product's name.
  public var number: String { "\(major).\(minor).\(patch)" }

  /// What this package knows, for refusals.
  static let known = "TensorRT 8.5 to 8.6, 9, 10 and 11, and TensorRT for RTX 1.5 and later 1.x"

  /// The family whose layout this version has, or `nil` where none is known.
  var family: swoop_trt_family? {
    switch (product, major, minor) {
    case (.tensorRT, 8, 5...): SWOOP_TRT_FAMILY_8
    case (.tensorRT, 9, _): SWOOP_TRT_FAMILY_9
    case (.tensorRT, 10, _): SWOOP_TRT_FAMILY_10
    case (.tensorRT, 11, _): SWOOP_TRT_FAMILY_11
    case (.rtx, 1, 5...): SWOOP_TRT_FAMILY_RTX
    default: nil
    }
  }

  /// Whether the version is newer than the newest one of its major whose layout was measured.
  ///
  /// Within a major, methods have been appended and not moved, with one exception that was taken back.
  var isNewerThanMeasured: Bool {
    switch (product, major) {
    case (.tensorRT, 8): minor > 6
    case (.tensorRT, 9): minor > 3
    case (.tensorRT, 10): minor > 16
    case (.tensorRT, 11): minor > 4
    case (.rtx, _): minor > 7
    default: true
    }
  }
}

extension TensorRTVersion: CustomStringConvertible {
  /// `TensorRT 10.9.0`, `TensorRT for RTX 1.7.1`.
  public var description: String { "\(product.rawValue) \(number)" }
}
