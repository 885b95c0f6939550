/// Finds out which lengths of a frozen reshape come from which axes of its input.
///
/// An export at a fixed size writes the target of a reshape as numbers, say (1, 64, 6400) for an input that is
/// (batch, 64, 16·rows·columns) with batch = 1 and rows = columns = 20. A reshape keeps the row-major order, so
/// neighbouring axes of input and target with equal products belong together; inside such a group the symbols are given
/// to the target's axes so that the numbers come out.
package struct ReshapeAlignment {
  /// The lengths of the target with symbols, or `nil` where no assignment fits.
  ///
  /// - Parameters:
  ///   - input: the input's axes.
  ///   - target: the target's lengths in numbers, without 0 and -1.
  ///   - numbers: the numbers that the export was made with.
  /// - Returns: as many lengths as the target has.
  package static func align(_ input: [Extent], _ target: [Int], _ numbers: [String: Int]) -> [Extent]? {
    let lengths = input.map { $0.evaluated(numbers) ?? -1 }
    guard lengths.allSatisfy({ $0 > 0 }), target.allSatisfy({ $0 > 0 }) else { return nil }
    var result: [Extent] = []
    var i = 0
    var j = 0
    var groupStart: (input: Int, target: Int, count: Int) = (0, 0, 0)
    while i < input.count, j < target.count {
      groupStart = (i, j, result.count)
      var (a, b) = (lengths[i], target[j])
      i += 1
      j += 1
      while a != b {
        if a < b {
          guard i < input.count else { return nil }
          a = a.multipliedReportingOverflow(by: lengths[i]).partialValue
          i += 1
        } else {
          guard j < target.count else { return nil }
          b = b.multipliedReportingOverflow(by: target[j]).partialValue
          j += 1
        }
        guard a > 0, b > 0 else { return nil }
      }
      guard let group = distribute(input[groupStart.input..<i], target[groupStart.target..<j], numbers) else {
        return nil
      }
      result += group
    }
    // What is left over is of length 1 in the export's numbers, and belongs to the last group.
    guard lengths[i...].allSatisfy({ $0 == 1 }), target[j...].allSatisfy({ $0 == 1 }) else { return nil }
    if i < input.count || j < target.count {
      guard let group = distribute(input[groupStart.input...], target[groupStart.target...], numbers) else { return nil }
      result = result[..<groupStart.count] + group
    }
    return result
  }

  /// Gives each symbol of `product` to one of the lengths.
  private static func distribute(
    _ input: ArraySlice<Extent>, _ target: ArraySlice<Int>, _ numbers: [String: Int]
  ) -> [Extent]? {
    let product = input.reduce(.fixed(1), *)
    let target = Array(target)
    if product.value != nil { return target.map { .fixed($0) } }
    guard case .linear(let linear) = product, linear.offset == 0 else {
      // A sum cannot be taken apart: it must be one length of the target.
      let places = target.indices.filter { target[$0] == product.evaluated(numbers) }
      guard places.count == 1, target.allSatisfy({ $0 == 1 || $0 == target[places[0]] }) else { return nil }
      return target.indices.map { $0 == places[0] ? product : .fixed(target[$0]) }
    }
    if target.isEmpty { return nil }
    let symbols = linear.symbols.flatMap { [String](repeating: $0.name, count: $0.power) }
    guard symbols.count <= 5, target.count <= 5 else { return nil }
    var best: (score: [Int], lengths: [Extent])?
    var choice = [Int](repeating: 0, count: symbols.count)
    while true {
      if let candidate = lengths(symbols, choice, target, numbers) {
        let fractions = candidate.count { $0.divisor > 1 }
        // A batch divides into nothing; symbols stay in row-major order and together where a fraction is needed;
        // then the earliest places.
        let dividedBatches = candidate.count { $0.divisor > 1 && $0.symbolNames.contains(AxisSymbol.batch) }
        let disorder = zip(choice, choice.dropFirst()).count { $0 > $1 }
        let spread = fractions > 0 ? Set(choice).count : 0
        let score = [fractions, dividedBatches, disorder, spread] + choice
        if best.map({ score.lexicographicallyPrecedes($0.score) }) ?? true { best = (score, candidate) }
      }
      guard let place = choice.lastIndex(where: { $0 < target.count - 1 }) else { break }
      choice[place] += 1
      for later in choice.indices where later > place { choice[later] = 0 }
    }
    return best?.lengths
  }

  private static func lengths(
    _ symbols: [String], _ choice: [Int], _ target: [Int], _ numbers: [String: Int]
  ) -> [Extent]? {
    var result: [Extent] = []
    for (place, length) in target.enumerated() {
      var extent = Extent.fixed(1)
      var number = 1
      for (symbol, chosen) in zip(symbols, choice) where chosen == place {
        extent = extent * .symbol(symbol)
        number = number.multipliedReportingOverflow(by: numbers[symbol] ?? 0).partialValue
      }
      guard number > 0 else { return nil }
      // The coefficient is length / number.
      result.append((extent * .fixed(length)).dividedExactly(by: number))
    }
    return result
  }
}
