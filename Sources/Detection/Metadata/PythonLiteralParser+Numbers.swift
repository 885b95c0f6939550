extension PythonLiteralParser {
  /// An integer in base 2, 8, 10 or 16, or a float, with one sign; underscores between digits as Python allows them.
  mutating func parseNumber() throws(PythonLiteralError) -> PythonLiteral {
    let start = index
    var isNegative = false
    if current == UInt8(ascii: "-") || current == UInt8(ascii: "+") {
      if dialect == .json && current == UInt8(ascii: "+") { throw failure("a JSON number has no plus sign") }
      isNegative = current == UInt8(ascii: "-")
      index += 1
      if dialect == .python { skipSpace() }
    }
    if current == UInt8(ascii: "0"), dialect == .python, let letter = byte(at: 1) {
      let base: Int? =
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): 16
        case UInt8(ascii: "o"), UInt8(ascii: "O"): 8
        case UInt8(ascii: "b"), UInt8(ascii: "B"): 2
        default: nil
        }
      if let base {
        index += 2
        if current == UInt8(ascii: "_") { index += 1 }
        let digits = try scanDigits(base: base, of: start)
        return try integer(digits, base: base, isNegative: isNegative, start: start)
      }
    }
    return try parseDecimal(isNegative: isNegative, start: start)
  }

  private mutating func parseDecimal(isNegative: Bool, start: Int) throws(PythonLiteralError) -> PythonLiteral {
    var text: [UInt8] = []
    var isFloat = false
    if let byte = current, byte.isDecimalDigit { text = try scanDigits(base: 10, of: start) }
    let whole = text
    if current == UInt8(ascii: ".") {
      isFloat = true
      index += 1
      text.append(UInt8(ascii: "."))
      if let byte = current, byte.isDecimalDigit {
        if whole.isEmpty { text.insert(UInt8(ascii: "0"), at: 0) }
        text += try scanDigits(base: 10, of: start)
      } else {
        guard !whole.isEmpty, dialect == .python else { throw failure("expected a digit, found \(found)") }
        text.append(UInt8(ascii: "0"))
      }
    }
    guard !text.isEmpty else { throw failure("expected a digit, found \(found)") }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isFloat = true
      index += 1
      text.append(UInt8(ascii: "e"))
      if let sign = current, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        text.append(sign)
        index += 1
      }
      guard let byte = current, byte.isDecimalDigit else {
        throw failure("expected a digit of the exponent, found \(found)")
      }
      text += try scanDigits(base: 10, of: start)
    }
    if let byte = current, byte.isWordByte { throw failure("expected the end of the number, found \(found)") }
    if isFloat {
      guard let value = Double(String(decoding: text, as: UTF8.self)) else {
        throw failure("this is not a number", at: start)
      }
      return .float(isNegative ? -value : value)
    }
    // Python refuses 007 but takes 000.
    if whole.count > 1, whole[0] == UInt8(ascii: "0"), whole.contains(where: { $0 != UInt8(ascii: "0") }) {
      throw failure("a decimal integer does not start with 0", at: start)
    }
    return try integer(whole, base: 10, isNegative: isNegative, start: start)
  }

  private mutating func scanDigits(base: Int, of start: Int) throws(PythonLiteralError) -> [UInt8] {
    var digits: [UInt8] = []
    while let byte = current {
      if let value = byte.digitValue, value < base {
        digits.append(byte)
        index += 1
      } else if byte == UInt8(ascii: "_"), dialect == .python, !digits.isEmpty,
        let next = self.byte(at: 1)?.digitValue, next < base
      {
        index += 1
      } else {
        break
      }
    }
    guard !digits.isEmpty else { throw failure("expected a digit in base \(base), found \(found)") }
    return digits
  }

  private func integer(
    _ digits: [UInt8], base: Int, isNegative: Bool, start: Int
  ) throws(PythonLiteralError) -> PythonLiteral {
    var value = 0
    for digit in digits {
      let (scaled, overflowed) = value.multipliedReportingOverflow(by: base)
      let (sum, overflowedAgain) = scaled.subtractingReportingOverflow(digit.digitValue ?? 0)
      // Summed downwards, since the smallest Int has no positive counterpart.
      if overflowed || overflowedAgain { throw failure("this integer does not fit 64 bits", at: start) }
      value = sum
    }
    if isNegative { return .integer(value) }
    guard value != .min else { throw failure("this integer does not fit 64 bits", at: start) }
    return .integer(-value)
  }
}
