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

  /// The threshold of a class.
  public subscript(classIndex: Int) -> Double { exceptions[classIndex] ?? standard }

  /// Reads what a user wrote: `0.25` for all classes, `person=0.4` or `0=0.4` for one; the last of a kind wins.
  ///
  /// - Parameters:
  ///   - words: in the order given; may be empty.
  ///   - standard: what holds for all classes where no word says so.
  ///   - option: the option's name, for messages.
  ///   - labels: the model's classes.
  /// - Throws: ``DetectionError`` of code `invalidOption`.
  public init(
    parsing words: [String], standard: Double, option: String, labels: Labels
  ) throws(DetectionError) {
    self.init(standard)
    for word in words {
      // The last "=", since a class name may hold one.
      let separator = word.lastIndex(of: "=")
      let number = separator.map { String(word[word.index(after: $0)...]) } ?? word
      guard let value = Double(number), value >= 0, value <= 1 else {
        throw DetectionError(
          .invalidOption,
          "\(option) \(word): expected a number from 0 to 1, or CLASS=NUMBER, found \"\(number)\".")
      }
      if let separator {
        for index in try labels.indices(for: String(word[..<separator])) { exceptions[index] = value }
      } else {
        self.standard = value
      }
    }
  }

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
