internal import DynamicLibrary

/// A compiled image with what it was compiled from and by, as a file: seven lines of text, then the image.
///
///     swoop kernel 1
///     key 3f0c…
///     nvrtc 13.0
///     target sm_90
///     bytes 18432
///     sha256 9a41…
///
struct KernelCacheEntry: Equatable {
  /// The SHA-256 of source, options and the device's compute capability; see ``key(source:options:capability:)``.
  var key: String
  /// The compiler's version.
  var version: Version
  /// `sm_90`, `compute_90`.
  var target: String
  var image: [UInt8]

  /// A version of NVRTC, in their order.
  struct Version: Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int

    init(major: Int, minor: Int) {
      self.major = major
      self.minor = minor
    }

    /// Reads `13.0`, in that spelling alone.
    init?(_ text: some StringProtocol) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0,
        "\(major).\(minor)" == text
      else { return nil }
      self.init(major: major, minor: minor)
    }

    static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }

    var description: String { "\(major).\(minor)" }
  }

  private static let magic = "swoop kernel 1"
  /// Longer than any header that is written.
  private static let headerLimit = 512

  /// Each part with its length in front, so that nothing moved from one to the next gives the same key.
  static func key(source: String, options: [String], capability: CUDADevice.ComputeCapability) throws -> String {
    let hash = try SHA256(purpose: "which names compiled kernels in their cache")
    for part in [magic, capability.description, "\(options.count)"] + options + [source] {
      var text = "\(part.utf8.count):\(part)"
      try text.withUTF8 { try hash.update(UnsafeRawBufferPointer($0)) }
    }
    return try hash.finish()
  }

  private static func digest(of image: [UInt8]) throws -> String {
    let hash = try SHA256(purpose: "which checks compiled kernels in their cache")
    try image.withUnsafeBytes { try hash.update($0) }
    return try hash.finish()
  }

  /// The file's name: key and version are all that it is looked up by.
  var fileName: String { Self.fileName(key: key, version: version) }

  static func fileName(key: String, version: Version) -> String { "\(key)-\(version).kernel" }

  /// The version that a file of this name has an entry for; `nil` for files of another key or kind.
  static func version(ofFile name: String, key: String) -> Version? {
    guard name.hasPrefix("\(key)-"), name.hasSuffix(".kernel") else { return nil }
    return Version(name.dropFirst(key.count + 1).dropLast(".kernel".count))
  }

  /// The file's content.
  func encoded() throws -> [UInt8] {
    let header = """
      \(Self.magic)
      key \(key)
      nvrtc \(version)
      target \(target)
      bytes \(image.count)
      sha256 \(try Self.digest(of: image))


      """
    return Array(header.utf8) + image
  }

  /// Why a file is not what its name says.
  struct Damage: Error, CustomStringConvertible {
    var description: String
  }

  /// Reads a file's content and checks all of it.
  ///
  /// - Throws: ``Damage``; what computing a SHA-256 throws.
  init(_ content: [UInt8], key: String, version: Version) throws {
    var fields: [Substring: Substring] = [:]
    let head = content.prefix(Self.headerLimit)
    guard let end = head.indices.first(where: { head[$0...].starts(with: [10, 10]) }) else {
      throw Damage(description: "it has no header")
    }
    let lines = String(decoding: head[..<end], as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == Self.magic[...] else { throw Damage(description: "it is no compiled kernel of this version") }
    for line in lines.dropFirst() {
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2 else { throw Damage(description: "its header has the line '\(line)'") }
      fields[words[0]] = words[1]
    }
    guard fields["key"] == key[...], fields["nvrtc"] == version.description[...] else {
      throw Damage(description: "it holds another kernel than its name says")
    }
    guard let target = fields["target"], let count = fields["bytes"].flatMap({ Int($0) }) else {
      throw Damage(description: "its header lacks the architecture or the size")
    }
    let image = Array(content[(end + 2)...])
    guard image.count == count else {
      throw Damage(description: "it has \(image.count) bytes of code where its header says \(count)")
    }
    guard let digest = fields["sha256"], digest == (try Self.digest(of: image))[...] else {
      throw Damage(description: "its code does not have the SHA-256 that its header says")
    }
    self.init(key: key, version: version, target: String(target), image: image)
  }

  init(key: String, version: Version, target: String, image: [UInt8]) {
    self.key = key
    self.version = version
    self.target = target
    self.image = image
  }
}
