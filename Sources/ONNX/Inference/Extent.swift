/// The length of an axis, or an element of a shape computation, as far as it is known: a number, a product of a number
/// and symbols such as `4·batch`, or nothing.
///
/// A length that is not a product (`(height + 1) / 2`, rounded down) becomes a symbol of its own, spelled like the
/// computation, so that the same computation on two paths still gives equal lengths. Arithmetic that overflows gives
/// ``unknown``: lengths come from files.
package enum Extent: Hashable, Sendable {
  case product(Product)
  case unknown

  /// `factor · symbol₁^power₁ · …`; a factor of zero has no symbols.
  package struct Product: Hashable, Sendable {
    package var factor: Int
    /// Sorted by name; powers are at least 1.
    package var symbols: [Power]

    package struct Power: Hashable, Sendable {
      package var name: String
      package var power: Int
    }
  }

  /// Spellings longer than this become ``unknown``.
  private static let spellingLimit = 120

  package static func fixed(_ value: Int) -> Extent { .product(Product(factor: value, symbols: [])) }

  package static func symbol(_ name: String, times factor: Int = 1) -> Extent {
    .product(Product(factor: factor, symbols: [.init(name: name, power: 1)]))
  }

  /// The number, where no symbol is part of it.
  package var value: Int? {
    if case .product(let product) = self, product.symbols.isEmpty { product.factor } else { nil }
  }

  package var isKnown: Bool { self != .unknown }

  /// Whether the symbol is part of this extent, also inside a spelled computation.
  package func mentions(_ symbol: String) -> Bool {
    guard case .product(let product) = self else { return false }
    return product.symbols.contains { $0.name == symbol || ($0.name.contains("(") && $0.name.contains(symbol)) }
  }

  /// The value with numbers for symbols, or `nil` where a symbol has none.
  package func evaluated(_ numbers: [String: Int]) -> Int? {
    guard case .product(let product) = self else { return nil }
    var result = product.factor
    for symbol in product.symbols {
      guard let number = numbers[symbol.name] else { return nil }
      for _ in 0..<symbol.power {
        let (value, overflow) = result.multipliedReportingOverflow(by: number)
        guard !overflow else { return nil }
        result = value
      }
    }
    return result
  }

  static func * (a: Extent, b: Extent) -> Extent {
    if a.value == 0 || b.value == 0 { return .fixed(0) }
    guard case .product(let x) = a, case .product(let y) = b else { return .unknown }
    let (factor, overflow) = x.factor.multipliedReportingOverflow(by: y.factor)
    guard !overflow else { return .unknown }
    var powers: [String: Int] = [:]
    for symbol in x.symbols + y.symbols {
      let (power, overflow) = powers[symbol.name, default: 0].addingReportingOverflow(symbol.power)
      guard !overflow, power <= 16 else { return .unknown }
      powers[symbol.name] = power
    }
    return .product(
      Product(
        factor: factor,
        symbols: powers.map { Product.Power(name: $0.key, power: $0.value) }.sorted { $0.name < $1.name }))
  }

  static func + (a: Extent, b: Extent) -> Extent {
    guard case .product(let x) = a, case .product(let y) = b else { return .unknown }
    if x.factor == 0 { return b }
    if y.factor == 0 { return a }
    if x.symbols == y.symbols {
      let (sum, overflow) = x.factor.addingReportingOverflow(y.factor)
      guard !overflow else { return .unknown }
      return .product(Product(factor: sum, symbols: sum == 0 ? [] : x.symbols))
    }
    // Numbers go last, so that x + 1 and 1 + x are spelled alike.
    let (first, second) = x.symbols.isEmpty || (!y.symbols.isEmpty && "\(b)" < "\(a)") ? (b, a) : (a, b)
    return spelled("(\(first) + \(second))")
  }

  static func - (a: Extent, b: Extent) -> Extent {
    guard case .product(let x) = b else { return .unknown }
    let (negative, overflow) = x.factor.multipliedReportingOverflow(by: -1)
    guard !overflow else { return .unknown }
    if a == b { return .fixed(0) }
    return a + .product(Product(factor: negative, symbols: x.symbols))
  }

  /// The quotient rounded towards minus infinity.
  func dividedRoundingDown(by divisor: Extent) -> Extent {
    guard case .product(let x) = self, case .product(let y) = divisor, y.factor != 0 else { return .unknown }
    if x.factor == 0 { return .fixed(0) }
    if y.symbols.isEmpty, y.factor == 1 { return self }
    if x.symbols.isEmpty, y.symbols.isEmpty {
      let (quotient, overflow) = x.factor.dividedReportingOverflow(by: y.factor)
      guard !overflow else { return .unknown }
      return .fixed(x.factor % y.factor != 0 && (x.factor < 0) != (y.factor < 0) ? quotient - 1 : quotient)
    }
    // An exact quotient: the factor divides and every symbol of the divisor is there.
    let (remainder, overflow) = x.factor.remainderReportingOverflow(dividingBy: y.factor)
    if !overflow, remainder == 0 {
      var powers = Dictionary(x.symbols.map { ($0.name, $0.power) }, uniquingKeysWith: +)
      var isExact = true
      for symbol in y.symbols {
        let left = powers[symbol.name, default: 0] - symbol.power
        if left < 0 { isExact = false }
        powers[symbol.name] = left
      }
      if isExact {
        return .product(
          Product(
            factor: x.factor / y.factor,
            symbols: powers.filter { $0.value > 0 }.map { Product.Power(name: $0.key, power: $0.value) }
              .sorted { $0.name < $1.name }))
      }
    }
    return Self.spelled("floor(\(self) / \(divisor))")
  }

  private static func spelled(_ text: String) -> Extent {
    text.utf8.count <= spellingLimit ? .symbol(text) : .unknown
  }
}

extension Extent: CustomStringConvertible {
  /// `640`, `batch`, `4·batch`, `floor((height + 1) / 2)`, `?`.
  package var description: String {
    guard case .product(let product) = self else { return "?" }
    if product.symbols.isEmpty { return "\(product.factor)" }
    let symbols = product.symbols.map { $0.power == 1 ? $0.name : "\($0.name)^\($0.power)" }
    return (product.factor == 1 ? symbols : ["\(product.factor)"] + symbols).joined(separator: "·")
  }
}
