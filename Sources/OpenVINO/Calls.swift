internal import COpenVINO
internal import Synchronization

/// Held while a model is read, compiled or imported. OpenVINO keeps one last message for the whole process, and these are
/// the calls whose message a user needs; taking turns makes it theirs. Compiling uses all processors anyway.
private let loading = Mutex<Void>(())

/// The middle layer: calls whose status is checked and whose results are Swift values.
extension OpenVINOLibrary {
  /// Turns a status into an error that carries the library's words.
  ///
  /// OpenVINO keeps one last message for the whole process, so when executions fail on several threads at once the words
  /// may be those of another; the status and the call are always right.
  func check(_ call: StaticString, _ status: ov_status) throws(OpenVINOError) {
    guard status != 0 else { return }
    let status = OpenVINOError.Status(code: status)
    var message = ""
    if status.hasMessage, let text = functions.lastMessage() {
      message = Self.trimmed(String(cString: text))
      functions.freeString(text)
    }
    throw OpenVINOError(status: status, call: "\(call)", message: message)
  }

  /// A call that makes an object.
  func make(
    _ call: StaticString, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ov_status
  ) throws(OpenVINOError) -> OpaquePointer {
    var made: OpaquePointer?
    try check(call, body(&made))
    guard let made else { throw nothing(call) }
    return made
  }

  /// A call that reads, compiles or imports a model.
  func load(
    _ call: StaticString, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ov_status
  ) throws(OpenVINOError) -> OpaquePointer {
    // As a number, because a lock gives out only what may cross threads.
    let address = try loading.withLock { _ throws(OpenVINOError) in UInt(bitPattern: try make(call, body)) }
    guard let made = OpaquePointer(bitPattern: address) else { throw nothing(call) }
    return made
  }

  /// A call that returns a string that the caller frees.
  func string(
    _ call: StaticString, _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> ov_status
  ) throws(OpenVINOError) -> String {
    var text: UnsafeMutablePointer<CChar>?
    try check(call, body(&text))
    guard let text else { throw nothing(call) }
    defer { functions.freeString(text) }
    return String(cString: text)
  }

  /// A call that returns a number.
  func number(
    _ call: StaticString, _ body: (UnsafeMutablePointer<Int>) -> ov_status
  ) throws(OpenVINOError) -> Int {
    var value = 0
    try check(call, body(&value))
    return value
  }

  private func nothing(_ call: StaticString) -> OpenVINOError {
    OpenVINOError(status: .unexpected, call: "\(call)", message: "it reported success and returned nothing")
  }

  // Messages start with the source line that threw and end with line breaks; neither helps a reader.
  static func trimmed(_ message: String) -> String {
    var lines = message.split(separator: "\n").map { $0.trimmed() }.filter { !$0.isEmpty }
    while lines.count > 1, lines[0].hasPrefix("Exception from ") { lines.removeFirst() }
    return lines.joined(separator: "\n")
  }
}

extension Substring {
  func trimmed() -> String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else {
      return ""
    }
    return String(self[first...last])
  }
}
