internal import Glibc
internal import Synchronization
internal import TensorRT

/// One line on the terminal that shows how far a build is: the outermost phase as a bar, the innermost by name.
///
/// TensorRT calls from threads of its own, several at once.
final class BuildProgressBar: Sendable {
  private struct State {
    var outer: (name: String, step: Int, count: Int)?
    var phases: [String] = []
    var lastLine = ""
  }

  private let isShown: Bool
  private let state = Mutex(State())

  init(isShown: Bool) { self.isShown = isShown }

  func update(_ event: BuildProgress) {
    guard isShown else { return }
    state.withLock { state in
      switch event.event {
      case .started: state.phases.append(event.phase)
      case .finished: state.phases.removeAll { $0 == event.phase }
      case .step: break
      }
      if event.parent == nil { state.outer = (event.phase, event.step, event.stepCount) }
      let line = Self.line(state.outer, inner: state.phases.last)
      guard line != state.lastLine else { return }
      state.lastLine = line
      Self.write("\r\u{1B}[K\(line)")
    }
  }

  /// Clears the line.
  func finish() {
    guard isShown else { return }
    state.withLock { state in
      if !state.lastLine.isEmpty { Self.write("\r\u{1B}[K") }
      state.lastLine = ""
    }
  }

  /// `building [##########          ] 3/6 Tactic Selection`.
  static func line(_ outer: (name: String, step: Int, count: Int)?, inner: String?) -> String {
    guard let outer, outer.count > 0 else { return "building \(inner ?? "")" }
    let width = 24
    let filled = min(width, max(0, outer.step * width / outer.count))
    let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
    return "building [\(bar)] \(outer.step)/\(outer.count) \(inner ?? outer.name)"
  }

  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = Glibc.write(2, bytes.baseAddress, bytes.count) }
  }
}
