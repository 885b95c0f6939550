/// Why one image, or one place where images were looked for, gave no detections.
///
/// A failure is a value, not the end of a run: it becomes a *failed* record, is counted by its code, and the run goes
/// on.
public struct ImageFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, as a short word that stays the same for every image: programs switch on it, reports group
  /// by it.
  public struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
  {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { self.rawValue = value }

    public var description: String { rawValue }
  }

  public var code: Code
  /// What was wrong with this image, in words: what was found, and what was expected.
  public var reason: String

  public init(_ code: Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  public var description: String { "\(code): \(reason)" }
}

extension ImageFailure.Code {
  /// Nothing has this name, or a symbolic link leads nowhere.
  public static let notFound: Self = "not-found"
  /// The file's or folder's permissions forbid reading it.
  public static let permissionDenied: Self = "permission-denied"
  /// A folder where an image was expected.
  public static let isFolder: Self = "is-folder"
  /// A named pipe, socket or device: reading it could wait for ever.
  public static let notRegularFile: Self = "not-a-regular-file"
  /// The file has no bytes.
  public static let empty: Self = "empty"
  /// The file or archive entry has more bytes than the limit.
  public static let tooManyBytes: Self = "too-many-bytes"
  /// The system could not read the file: a failing disk, a lost network folder, too many links.
  public static let unreadable: Self = "unreadable"
  /// A name that no file can have: too long, or with a NUL byte in it.
  public static let invalidName: Self = "invalid-name"
  /// The archive, or this entry of it, is damaged or ends early.
  public static let archiveDamaged: Self = "archive-damaged"
  /// The archive entry needs a password.
  public static let archiveEncrypted: Self = "archive-encrypted"
  /// The archive entry is a link to another entry; it has no bytes of its own.
  public static let archiveLink: Self = "archive-link"
  /// The model gave a box or confidence that is not a number.
  public static let notFinite: Self = "not-finite"
}
