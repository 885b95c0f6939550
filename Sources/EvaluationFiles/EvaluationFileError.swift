/// A file of ground truth or detections that cannot be used, with the place.
public struct EvaluationFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public var file: String
  /// The line, from 1, where one is to blame.
  public var line: Int?
  /// What was found and expected, and what to do next.
  public var reason: String

  /// Makes an error from its parts.
  public init(file: String, line: Int? = nil, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  /// `labels/a.txt, line 3: …`
  public var description: String {
    line.map { "\(file), line \($0): \(reason)" } ?? "\(file): \(reason)"
  }
}
