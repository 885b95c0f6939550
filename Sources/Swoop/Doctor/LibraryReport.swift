/// A native library that Swoop opens at run time: whether it is here, and what it makes possible.
public struct LibraryReport: Hashable, Sendable {
  /// For programs: `openvino`, `cuda`, `nvrtc`, `tensorrt`, `onnxruntime`.
  public var identifier: String
  /// For people: `OpenVINO`.
  public var title: String
  /// What it makes possible, as a clause: `runs models on the processor`.
  public var purpose: String
  /// The file that it was loaded from; `nil` where it is not usable.
  public var path: String?
  /// Its own version; `nil` where it does not tell.
  public var version: String?
  /// What it found here, one a line: devices.
  public var details: [String]
  /// Why it is not usable: every place that was looked at and the reason against each.
  public var problem: String?
  /// The command that adds it, or what to do where no command does; `nil` where nothing is missing or nothing helps.
  public var remedy: String?

  public init(
    identifier: String, title: String, purpose: String, path: String? = nil, version: String? = nil,
    details: [String] = [], problem: String? = nil, remedy: String? = nil
  ) {
    self.identifier = identifier
    self.title = title
    self.purpose = purpose
    self.path = path
    self.version = version
    self.details = details
    self.problem = problem
    self.remedy = remedy
  }

  /// Whether it was loaded and answers.
  public var isUsable: Bool { path != nil && problem == nil }
}
