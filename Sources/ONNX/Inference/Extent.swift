/// The length of an axis, or an element of a shape computation, as far as it is known: a number, `4·batch`,
/// `16·height - 1`, or nothing.
///
/// A length of another form (`(height - 1) / 2`, rounded down) becomes a symbol of its own, spelled like the
/// computation, so that the same computation on two paths still gives equal lengths. Arithmetic that overflows gives
/// ``unknown``: lengths come from files.
package enum Extent: Hashable, Sendable {
  case linear(Linear)
  case unknown

  /// `factor · symbol₁^power₁ · … / divisor + offset`, where the division is known to leave no remainder. Without
  /// symbols the factor is 0.
  package struct Linear: Hashable, Sendable {
    package var factor: Int
    /// At least 1; has no divisor in common with the factor.
    package var divisor: Int
    /// Sorted by name; powers are at least 1.
    package var symbols: [Power]
    package var offset: Int

    package struct Power: Hashable, Sendable {
      package var name: String
      package var power: Int
    }

    init(factor: Int, divisor: Int = 1, symbols: [Power], offset: Int) {
      let common = factor == 0 || symbols.isEmpty || divisor == 1 ? 1 : Extent.commonDivisor(factor, divisor)
      self.factor = symbols.isEmpty ? 0 : factor / common
      self.divisor = symbols.isEmpty || factor == 0 ? 1 : divisor / common
      self.symbols = factor == 0 ? [] : symbols
      self.offset = offset
    }

    /// The same term with another offset.
    fileprivate func with(offset: Int) -> Extent {
      .linear(Linear(factor: factor, divisor: divisor, symbols: symbols, offset: offset))
    }
  }

  /// Spellings longer than this become ``unknown``.
  private static let spellingLimit = 120

  package static func fixed(_ value: Int) -> Extent { .linear(Linear(factor: 0, symbols: [], offset: value)) }

  package static func symbol(_ name: String, times factor: Int = 1) -> Extent {
    .linear(Linear(factor: factor, symbols: [.init(name: name, power: 1)], offset: 0))
  }

  /// The number, where no symbol is part of it.
  package var value: Int? {
    if case .linear(let linear) = self, linear.symbols.isEmpty { linear.offset } else { nil }
  }

  static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a.magnitude, b.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return a == 0 || a > UInt(Int.max) ? 1 : Int(a)
  }

  package var isKnown: Bool { self != .unknown }

  /// What the product of symbols is divided by; 1 without symbols.
  package var divisor: Int {
    if case .linear(let linear) = self { linear.divisor } else { 1 }
  }

  /// The names of the symbols, spelled computations among them.
  package var symbolNames: [String] {
    if case .linear(let linear) = self { linear.symbols.map(\.name) } else { [] }
  }

  /// The value with numbers for symbols, or `nil` where a symbol has none.
  package func evaluated(_ numbers: [String: Int]) -> Int? {
    guard case .linear(let linear) = self else { return nil }
    var result = linear.factor
    for symbol in linear.symbols {
      guard let number = numbers[symbol.name] else { return nil }
      for _ in 0..<symbol.power {
        let (value, overflow) = result.multipliedReportingOverflow(by: number)
        guard !overflow else { return nil }
        result = value
      }
    }
    guard result % linear.divisor == 0 else { return nil }
    let (sum, overflow) = (result / linear.divisor).addingReportingOverflow(linear.offset)
    return overflow ? nil : sum
  }

  package static func * (a: Extent, b: Extent) -> Extent {
    if a.value == 0 || b.value == 0 { return .fixed(0) }
    guard case .linear(let x) = a, case .linear(let y) = b else { return .unknown }
    if y.symbols.isEmpty { return a.scaled(by: y.offset) }
    if x.symbols.isEmpty { return b.scaled(by: x.offset) }
    guard x.offset == 0, y.offset == 0 else { return spelled("(\(a))·(\(b))") }
    let (factor, overflow) = x.factor.multipliedReportingOverflow(by: y.factor)
    let (divisor, overflows) = x.divisor.multipliedReportingOverflow(by: y.divisor)
    guard !overflow, !overflows else { return .unknown }
    var powers: [String: Int] = [:]
    for symbol in x.symbols + y.symbols { powers[symbol.name, default: 0] += symbol.power }
    guard powers.values.allSatisfy({ $0 <= 16 }) else { return .unknown }
    return .linear(Linear(factor: factor, divisor: divisor, symbols: sorted(powers), offset: 0))
  }

  private func scaled(by number: Int) -> Extent {
    guard case .linear(let x) = self else { return .unknown }
    let (factor, overflowed) = x.factor.multipliedReportingOverflow(by: number)
    let (offset, overflows) = x.offset.multipliedReportingOverflow(by: number)
    guard !overflowed, !overflows else { return .unknown }
    return .linear(Linear(factor: factor, divisor: x.divisor, symbols: x.symbols, offset: offset))
  }

  private static func sorted(_ powers: [String: Int]) -> [Linear.Power] {
    powers.map { Linear.Power(name: $0.key, power: $0.value) }.sorted { $0.name < $1.name }
  }

  package static func + (a: Extent, b: Extent) -> Extent {
    guard case .linear(let x) = a, case .linear(let y) = b else { return .unknown }
    let (offset, overflow) = x.offset.addingReportingOverflow(y.offset)
    guard !overflow else { return .unknown }
    if x.symbols.isEmpty { return y.with(offset: offset) }
    if y.symbols.isEmpty { return x.with(offset: offset) }
    if x.symbols == y.symbols {
      // a/b + c/d = (a·d + c·b) / (b·d)
      let (first, overflow1) = x.factor.multipliedReportingOverflow(by: y.divisor)
      let (second, overflow2) = y.factor.multipliedReportingOverflow(by: x.divisor)
      let (factor, overflow3) = first.addingReportingOverflow(second)
      let (divisor, overflow4) = x.divisor.multipliedReportingOverflow(by: y.divisor)
      guard !overflow1, !overflow2, !overflow3, !overflow4 else { return .unknown }
      return .linear(Linear(factor: factor, divisor: divisor, symbols: x.symbols, offset: offset))
    }
    // Ordered by spelling, so that x + y and y + x are the same symbol.
    let terms = [x.with(offset: 0), y.with(offset: 0)].map { "\($0)" }.sorted()
    return spelled("(\(terms[0]) + \(terms[1]))") + .fixed(offset)
  }

  package static func - (a: Extent, b: Extent) -> Extent {
    if a == b, a.isKnown { return .fixed(0) }
    return a + b.scaled(by: -1)
  }

  /// The quotient rounded towards minus infinity.
  package func dividedRoundingDown(by divisor: Extent) -> Extent {
    guard case .linear(let x) = self, case .linear(let y) = divisor else { return .unknown }
    if let number = divisor.value {
      if number == 1 { return self }
      guard number != 0 else { return .unknown }
      let (remainder, overflow) = x.factor.remainderReportingOverflow(dividingBy: number)
      let (quotient, overflows) = x.offset.dividedReportingOverflow(by: number)
      guard !overflow, !overflows else { return .unknown }
      // floor((k·d·s + c) / d) = k·s + floor(c / d)
      if remainder == 0 {
        let rounded = x.offset % number != 0 && (x.offset < 0) != (number < 0) ? quotient - 1 : quotient
        return .linear(Linear(factor: x.factor / number, divisor: x.divisor, symbols: x.symbols, offset: rounded))
      }
    } else if x.offset == 0, y.offset == 0, x.divisor == y.divisor {
      // An exact quotient: the factor divides and every symbol of the divisor is there.
      let (remainder, overflow) = x.factor.remainderReportingOverflow(dividingBy: y.factor)
      var powers = Dictionary(x.symbols.map { ($0.name, $0.power) }, uniquingKeysWith: +)
      for symbol in y.symbols { powers[symbol.name, default: 0] -= symbol.power }
      if !overflow, remainder == 0, powers.values.allSatisfy({ $0 >= 0 }) {
        let left = Self.sorted(powers.filter { $0.value > 0 })
        let factor = x.factor / y.factor
        return left.isEmpty ? .fixed(factor) : .linear(Linear(factor: factor, symbols: left, offset: 0))
      }
    }
    return Self.spelled("floor((\(self)) / (\(divisor)))")
  }

  /// The quotient where it is known to leave no remainder.
  package func dividedExactly(by number: Int) -> Extent {
    guard number > 1 else { return self }
    guard case .linear(let x) = self, x.offset % number == 0 else { return .unknown }
    let (divisor, overflow) = x.divisor.multipliedReportingOverflow(by: number)
    guard !overflow else { return .unknown }
    return .linear(Linear(factor: x.factor, divisor: divisor, symbols: x.symbols, offset: x.offset / number))
  }

  private static func spelled(_ text: String) -> Extent {
    text.utf8.count <= spellingLimit ? .symbol(text) : .unknown
  }
}

extension Extent: CustomStringConvertible {
  /// `640`, `batch`, `4·batch`, `height - 1`, `floor((height - 1) / (2))`, `?`.
  package var description: String {
    guard case .linear(let linear) = self else { return "?" }
    if linear.symbols.isEmpty { return "\(linear.offset)" }
    let symbols = linear.symbols.map { $0.power == 1 ? $0.name : "\($0.name)^\($0.power)" }
    let product = (linear.factor == 1 ? symbols : ["\(linear.factor)"] + symbols).joined(separator: "·")
    let term = linear.divisor == 1 ? product : "\(product)/\(linear.divisor)"
    if linear.offset == 0 { return term }
    return linear.offset > 0 ? "\(term) + \(linear.offset)" : "\(term) - \(linear.offset.magnitude)"
  }
}
