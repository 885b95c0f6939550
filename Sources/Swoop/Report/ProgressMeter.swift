internal import Glibc

/// What a line of progress says, from numbers alone: no clock, no terminal.
package struct ProgressMeter: Sendable {
  /// How a run stands.
  package struct Snapshot: Hashable, Sendable {
    /// Images dealt with by this process, failed ones included, and how many failed.
    package var done: Int
    package var failed: Int
    /// Images that an earlier part of the run dealt with.
    package var before: Int
    /// All images of the run, where that is known; with `isAtLeast`, there may be more.
    package var total: Int?
    package var totalIsAtLeast: Bool
    /// Seconds since the process began with images.
    package var seconds: Double
    /// Images a second, lately.
    package var rate: Double

    package init(
      done: Int, failed: Int = 0, before: Int = 0, total: Int? = nil, totalIsAtLeast: Bool = false,
      seconds: Double,
      rate: Double
    ) {
      self.done = done
      self.failed = failed
      self.before = before
      self.total = total
      self.totalIsAtLeast = totalIsAtLeast
      self.seconds = seconds
      self.rate = rate
    }

    /// The total, where it can be counted on.
    private var certainTotal: Int? { totalIsAtLeast ? nil : total }

    /// The part that is done, 0…1.
    package var share: Double? {
      guard let total = certainTotal, total > 0 else { return nil }
      return min(1, Double(before + done) / Double(total))
    }

    /// Seconds to go at the rate of late; `nil` where that cannot be told.
    package var remainingSeconds: Double? {
      guard let total = certainTotal, rate > 0, done > 0 else { return nil }
      return Double(max(0, total - before - done)) / rate
    }
  }

  /// The share of the screen's width that the bar may have, in characters.
  private static let barRange = 10...40

  /// One line for a terminal, at most `width` characters wide:
  ///
  ///     ━━━━━━━━━━━━━━╸──────  1,204 of 9,000  38.2 images/s  3 min 24 s left  2 failed
  ///
  /// What does not fit is left out, the least needed first: the bar, then the words.
  ///
  /// - Parameter isUnicode: whether the terminal shows more than ASCII.
  package static func bar(_ state: Snapshot, width: Int, isUnicode: Bool) -> String {
    let count = Numbers.grouped(state.before + state.done)
    let total = state.total.map { " of \(Numbers.grouped($0))\(state.totalIsAtLeast ? "+" : "")" } ?? ""
    let rate = state.done > 0 ? "\(Numbers.rate(state.rate)) images/s" : "starting"
    let left =
      state.remainingSeconds.map { "\(Numbers.duration($0)) left" } ?? Numbers.duration(state.seconds)
    let failed = state.failed > 0 ? "\(Numbers.grouped(state.failed)) failed" : nil
    let choices: [[String?]] = [
      [count + total, rate, left, failed], [count + total, rate, failed], [count + total, failed], [count],
    ]
    let room = max(1, width)
    for parts in choices {
      let text = parts.compactMap(\.self).joined(separator: "  ")
      guard text.count <= room else { continue }
      guard let share = state.share, room - text.count - 2 >= barRange.lowerBound else { return text }
      return drawn(share, length: min(barRange.upperBound, room - text.count - 2), isUnicode) + "  " + text
    }
    return String(count.prefix(room))
  }

  /// A bar of exactly so many characters.
  private static func drawn(_ share: Double, length: Int, _ isUnicode: Bool) -> String {
    guard isUnicode else {
      let inner = length - 2
      let full = Int(share * Double(inner))
      let head = full < inner ? ">" : ""
      return "[" + String(repeating: "=", count: full) + head
        + String(repeating: " ", count: inner - full - head.count) + "]"
    }
    let halves = Int(share * Double(length) * 2)
    let full = halves / 2
    let half = halves.isMultiple(of: 2) ? "" : "╸"
    return String(repeating: "━", count: full) + half
      + String(repeating: "─", count: length - full - half.count)
  }

  /// One line for a log:
  ///
  ///     1,204 of 9,000 images (13 %), 38.2 images/s, 3 min 24 s left, 2 failed
  package static func line(_ state: Snapshot) -> String {
    var text = Numbers.grouped(state.before + state.done)
    if let total = state.total {
      text += " of \(state.totalIsAtLeast ? "at least " : "")\(Numbers.grouped(total)) images"
      if let share = state.share { text += " (\(Int(share * 100)) %)" }
    } else {
      text += state.before + state.done == 1 ? " image" : " images"
    }
    if state.done > 0 { text += ", \(Numbers.rate(state.rate)) images/s" }
    if let left = state.remainingSeconds {
      text += ", \(Numbers.duration(left)) left"
    } else {
      text += ", \(Numbers.duration(state.seconds))"
    }
    if state.failed > 0 { text += ", \(Numbers.grouped(state.failed)) failed" }
    return text
  }
}

/// Images a second over the last half minute or so, from counts at given times.
///
/// An exponential average over measured intervals: an interval of `t` seconds counts with weight 1 - exp(-t / 30), so
/// that the rate neither jumps with every batch nor remembers a slow start for long.
package struct RateMeter: Sendable {
  private var lastSeconds = 0.0
  private var lastCount = 0
  private var average: Double?
  private static let memory = 30.0
  private static let shortestInterval = 0.25

  package init() {}

  /// Takes a count at a time, both counted from the start, and gives the rate.
  package mutating func rate(count: Int, seconds: Double) -> Double {
    let interval = seconds - lastSeconds
    if interval >= Self.shortestInterval {
      let now = Double(count - lastCount) / interval
      let weight = 1 - exp(-interval / Self.memory)
      // Over a short past, the average of all of it is the better one.
      average =
        seconds < Self.memory ? Double(count) / seconds : (average ?? now) + (now - (average ?? now)) * weight
      lastSeconds = seconds
      lastCount = count
    }
    return average ?? (seconds > 0 ? Double(count) / seconds : 0)
  }
}
