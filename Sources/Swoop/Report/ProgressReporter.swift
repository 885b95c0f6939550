internal import Glibc

/// Shows on standard error how a run gets on: a bar that is redrawn on a terminal, a line every few seconds elsewhere.
///
/// An object belongs to one thread. Standard output is never written to.
public final class ProgressReporter {
  /// What is shown.
  public enum Style: Hashable, Sendable {
    /// One line that is drawn over and over.
    case bar
    /// A line every five seconds.
    case lines
    /// Nothing.
    case quiet
  }

  public let style: Style
  private let total: Int?
  private let totalIsAtLeast: Bool
  private let before: Int
  private let descriptor: Int32
  private let isUnicode: Bool
  private let start: Double
  private var rate = RateMeter()
  private var lastShown: Double
  private var isDrawn = false

  private static let barInterval = 0.1
  private static let lineInterval = 5.0

  /// - Parameters:
  ///   - count: how many images there are, as ``ImageSources/count()`` says; `nil` where it was not asked.
  ///   - completed: how many of them an earlier part of the run dealt with.
  ///   - style: `nil` to take the bar where standard error is a terminal that can redraw, and lines otherwise.
  public convenience init(count: ImageSources.Count?, completed: Int = 0, style: Style? = nil) {
    self.init(count: count, completed: completed, style: style, descriptor: 2)
  }

  package init(count: ImageSources.Count?, completed: Int, style: Style?, descriptor: Int32) {
    switch count {
    case .exact(let number): (total, totalIsAtLeast) = (number, false)
    case .atLeast(let number): (total, totalIsAtLeast) = (number > 0 ? number : nil, true)
    case nil: (total, totalIsAtLeast) = (nil, false)
    }
    before = completed
    self.descriptor = descriptor
    let terminal = Self.environment("TERM")
    let canRedraw = isatty(descriptor) == 1 && terminal != nil && terminal != "dumb"
    self.style = style ?? (canRedraw ? .bar : .lines)
    let locale = Self.environment("LC_ALL") ?? Self.environment("LC_CTYPE") ?? Self.environment("LANG") ?? ""
    isUnicode = locale.lowercased().replacing("-", with: "").contains("utf8")
    start = Self.now()
    lastShown = start
  }

  deinit { clear() }

  /// Takes the counts of this process so far; shows them if it is time to. Cheap enough to be called for every image.
  public func update(done: Int, failed: Int) {
    guard style != .quiet else { return }
    let now = Self.now()
    guard now - lastShown >= (style == .bar ? Self.barInterval : Self.lineInterval) else { return }
    lastShown = now
    let seconds = now - start
    let state = ProgressMeter.Snapshot(
      done: done, failed: failed, before: before, total: total, totalIsAtLeast: totalIsAtLeast,
      seconds: seconds,
      rate: rate.rate(count: done, seconds: seconds))
    if style == .bar {
      // The last column stays free: some terminals break the line there.
      write(
        "\r" + ProgressMeter.bar(state, width: Self.width(descriptor) - 1, isUnicode: isUnicode) + "\u{1B}[K")
      isDrawn = true
    } else {
      write(ProgressMeter.line(state) + "\n")
    }
  }

  /// Writes a line above the bar, or just a line where there is none; shown even when quiet.
  public func note(_ text: String) {
    clear()
    write(text + "\n")
  }

  /// Takes the bar away, so that something else can be written.
  public func clear() {
    guard isDrawn else { return }
    write("\r\u{1B}[K")
    isDrawn = false
    lastShown = 0
  }

  // Progress that cannot be written is no reason to fail.
  private func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  private static func width(_ descriptor: Int32) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return environment("COLUMNS").flatMap { Int($0) } ?? 80
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
