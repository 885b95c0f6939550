internal import Glibc

/// What the command says to people: on standard error, so that standard output holds results alone.
struct Console {
  var isQuiet: Bool

  /// Something worth knowing, unless quiet was asked for.
  func note(_ text: String) {
    if !isQuiet { Self.write(text) }
  }

  /// An error; said even when quiet.
  static func error(_ text: String) { write(text) }

  private static func write(_ text: String) {
    var line = text
    line.append("\n")
    // A closed standard error is no reason to fail.
    line.withUTF8 { bytes in _ = Glibc.write(2, bytes.baseAddress, bytes.count) }
  }
}
