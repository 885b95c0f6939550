internal import Glibc

/// Numbers as people read them.
package enum Numbers {
  /// A whole number with commas: `1,234,567`.
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return value < 0 ? "-\(result)" : result
  }

  /// A number with so many decimals, rounded.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "–" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let units = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && units > 0 ? "-" : ""
    guard decimals > 0 else { return sign + grouped(units) }
    let fraction = String(units % scale)
    return sign + grouped(units / scale) + "." + String(repeating: "0", count: decimals - fraction.count)
      + fraction
  }

  /// A rate with about three digits: `0.42`, `38.2`, `1,204`.
  package static func rate(_ value: Double) -> String {
    fixed(value, value < 10 ? 2 : value < 1000 ? 1 : 0)
  }

  /// A share as a whole percentage; never 0 % or 100 % where some are and some are not.
  package static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "–" }
    let share = Double(part) / Double(whole) * 100
    if part > 0, share < 1 { return "< 1 %" }
    if part < whole, share > 99 { return "> 99 %" }
    return "\(fixed(share, 0)) %"
  }

  /// A duration in the two largest units that it has: `35 ms`, `0.8 s`, `42 s`, `3 min 5 s`, `2 h 14 min`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 0.0995 {
      return seconds == 0 ? "0 s" : "\(fixed(seconds * 1000, seconds < 0.00995 ? 1 : 0)) ms"
    }
    if seconds < 9.95 { return "\(fixed(seconds, 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    if whole < 86_400 { return "\(whole / 3600) h \(whole / 60 % 60) min" }
    return "\(whole / 86_400) d \(whole / 3600 % 24) h"
  }

  /// A count with its noun: `1 image`, `3 images`.
  package static func count(_ value: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(grouped(value)) \(value == 1 ? singular : plural ?? singular + "s")"
  }
}
