/// A threshold for all classes, and others for some of them.
public struct ClassThresholds: Hashable, Sendable {
  /// For every class that ``exceptions`` does not name.
  public var standard: Double
  /// Thresholds by class index.
  public var exceptions: [Int: Double]

  /// Makes thresholds from their parts.
  public init(_ standard: Double, exceptions: [Int: Double] = [:]) {
    self.standard = standard
    self.exceptions = exceptions
  }

  /// The lowest of all.
  public var least: Double { exceptions.values.reduce(standard, min) }

  /// The threshold of a class.
  public subscript(classIndex: Int) -> Double { exceptions[classIndex] ?? standard }

  /// - Throws: ``DetectionError`` of code `invalidOption` if a threshold is not within 0…1 or a class not possible.
  func validate(_ what: String) throws(DetectionError) {
    for (index, value) in exceptions
    where !(0...Labels.maximumIndex).contains(index) || !(0...1).contains(value) {
      throw DetectionError(
        .invalidOption,
        "The \(what) threshold \(value) of class \(index) is not usable: thresholds go from 0 to 1.")
    }
    guard (0...1).contains(standard) else {
      throw DetectionError(.invalidOption, "The \(what) threshold \(standard) is not within 0 to 1.")
    }
  }
}

/// Float thresholds by class as the hot loops read them.
package struct ThresholdTable: Hashable, Sendable {
  /// By class index, as far as classes differ.
  package private(set) var values: [Float]
  /// For every class that the table is too short for.
  package let beyond: Float
  /// The smallest of all.
  package let minimum: Float

  /// - Parameter classes: the classes to let through; every other class gets a threshold that nothing exceeds.
  init(_ thresholds: ClassThresholds, classes: Set<Int>? = nil, rounding: (Double) -> Float) {
    let standard = rounding(thresholds.standard)
    let highest = max(thresholds.exceptions.keys.max() ?? -1, classes?.max() ?? -1)
    values = (0..<max(highest + 1, 0)).map { index in
      if let classes, !classes.contains(index) { return .infinity }
      return thresholds.exceptions[index].map(rounding) ?? standard
    }
    beyond = classes == nil ? standard : .infinity
    minimum = min(values.min() ?? .infinity, beyond)
  }

  @inline(__always)
  package subscript(index: Int) -> Float { index < values.count ? values[index] : beyond }
}
