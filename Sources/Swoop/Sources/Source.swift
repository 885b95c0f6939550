internal import Glibc

/// One source of a run: a word of the command line, and what it was found to be.
struct Source {
  enum Kind {
    case file
    case folder
    case archive
    case glob(GlobPattern)
    /// A list in a regular file, which can be read more than once.
    case list
    /// A list in a pipe, as a shell's `@<(…)` gives.
    case streamedList(ListInput)
    case standardInput(ListInput)
  }

  /// The word as it was given.
  let word: SourcePath
  /// The path that it names.
  let path: SourcePath
  let kind: Kind
  /// What counts for the common folder: components of an absolute path.
  let anchor: [[UInt8]]
  /// The working folder, which the paths of a list are relative to.
  let base: [[UInt8]]

  /// The last component of the word, for places where there is no key.
  var name: String {
    Self.components(path.bytes).last { $0 != Array("..".utf8) }.map { ImageKey.escaped($0) } ?? "source"
  }

  init(_ word: SourcePath, workingFolder: [[UInt8]]) throws(SourceError) {
    self.word = word
    base = workingFolder
    let bytes = Array(word.bytes)
    guard !bytes.isEmpty else { throw SourceError(.usage, "a source's name is empty") }
    if bytes == Array("-".utf8) {
      path = word
      let input = ListInput(descriptor: 0, name: "the list on standard input", ownsDescriptor: false)
      kind = .standardInput(input)
      anchor = Self.isAbsolute(try input.peek()) ? [] : workingFolder
      return
    }
    if bytes.first == UInt8(ascii: "@") {
      path = SourcePath(bytes: bytes.dropFirst())
      let input = try Self.openList(path)
      anchor = Self.isAbsolute(try input.peek()) ? [] : workingFolder
      kind = input.isRegular ? .list : .streamedList(input)
      return
    }
    var info = stat()
    let number = word.withCString { stat($0, &info) == 0 ? 0 : errno }
    if number == 0, info.st_mode & S_IFMT == S_IFDIR {
      path = word
      kind = .folder
      anchor = try Self.absolute(bytes, workingFolder)
    } else if number == 0
      || (number == ENOENT || number == ELOOP) && word.withCString({ lstat($0, &info) == 0 })
    {
      path = word
      if number == 0, ArchiveStream.isArchive(word) {
        // Missing libraries are found out before the run, not in its middle.
        _ = try LibArchive.shared.get()
        kind = .archive
        anchor = try Self.absolute(bytes, workingFolder)
        return
      }
      kind = .file
      let folder = Array(bytes[..<(bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
      let isAtRoot = bytes.first == UInt8(ascii: "/") && folder.isEmpty
      anchor = isAtRoot ? [] : try Self.absolute(folder, workingFolder)
    } else if number == ENOENT || number == ENOTDIR, GlobPattern.isPattern(bytes) {
      let pattern = try GlobPattern(bytes)
      path = SourcePath(bytes: pattern.root)
      kind = .glob(pattern)
      guard pattern.root.isEmpty || path.withCString({ stat($0, &info) == 0 }) else {
        throw Self.missing(word, number: errno, looked: path)
      }
      anchor = try Self.absolute(pattern.root, workingFolder)
    } else {
      throw Self.missing(word, number: number, looked: word)
    }
  }

  private static func isAbsolute(_ entry: ListInput.Entry?) -> Bool {
    if case .path(let bytes)? = entry { bytes.first == UInt8(ascii: "/") } else { false }
  }

  /// Opens a list file, which may be a pipe, since the user named it as something to be read.
  static func openList(_ path: SourcePath) throws(SourceError) -> ListInput {
    guard !path.bytes.isEmpty else {
      throw SourceError(.usage, "@ must be followed by the name of a list: @images.txt")
    }
    let isImage = path.bytes.withUnsafeBufferPointer { ImageExtensions.contains(nameBytes: $0) }
    guard !isImage else {
      throw SourceError(
        .usage,
        "@\(path): \(path) has the name of an image, not of a list. Leave the @ away to detect in the image.")
    }
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let number = errno
      throw SourceError(
        number == ENOENT ? .notFound : .unreadable,
        "the list \(path) cannot be opened: \(SystemError.words(number))")
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw SourceError(
        .usage, "@\(path): \(path) is a folder, not a list. Leave the @ away to detect in its images.")
    }
    return ListInput(descriptor: descriptor, name: "the list \(path)", ownsDescriptor: true)
  }

  // MARK: Paths

  static func components(_ path: some Collection<UInt8>) -> [[UInt8]] {
    var result: [[UInt8]] = []
    for part in path.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
      result.append(Array(part))
    }
    return result
  }

  /// The components of a path from `/` on. Where it has a `..`, the system is asked, since what is above a link is not
  /// what is above its name.
  private static func absolute(_ path: [UInt8], _ workingFolder: [[UInt8]]) throws(SourceError) -> [[UInt8]] {
    let parts = components(path)
    guard parts.contains(Array("..".utf8)) else {
      return path.first == UInt8(ascii: "/") ? parts : workingFolder + parts
    }
    guard let real = SourcePath(bytes: path).withCString({ realpath($0, nil) }) else {
      throw SourceError(
        .unreadable, SystemError.last("finding the folder", SourcePath(bytes: path).description).description)
    }
    defer { free(real) }
    return components(UnsafeRawBufferPointer(start: real, count: strlen(real)))
  }

  // MARK: Errors

  /// The error of a source that yielded nothing.
  func noImages(_ tally: SourceTally) -> SourceError {
    let passed =
      tally.other + tally.hidden == 0
      ? "" : " Passed over were \(tally.other) other and \(tally.hidden) hidden files and folders."
    let message =
      switch kind {
      case .folder:
        "\(word) has no images. Looked for, in it and all folders below: files that end in \(ImageExtensions.shown)."
          + passed
      case .glob:
        "nothing matches the pattern \(word). Looked for: images below \(path.bytes.isEmpty ? "the working folder" : "\(path)")"
          + " that end in \(ImageExtensions.shown), or in what the pattern ends in." + passed
      case .archive:
        "\(word) has no images. Looked for: entries that end in \(ImageExtensions.shown)." + passed
      case .list, .streamedList:
        "the list \(path) names no files. Looked for: paths, one a line or separated by NULs."
      case .standardInput:
        "standard input named no files. Looked for: paths, one a line or separated by NULs, as find -print0 writes."
      case .file: "\(word) was not read"
      }
    return SourceError(.noImages, message)
  }

  private static func missing(_ word: SourcePath, number: Int32, looked: SourcePath) -> SourceError {
    guard number == ENOENT || number == ENOTDIR else {
      return SourceError(.unreadable, "the source \(word) cannot be used: \(SystemError.words(number))")
    }
    var message = "there is no \(word)"
    if looked != word { message += ": \(looked) is missing" }
    let text = word.description
    if text.hasPrefix("~") {
      message += ". The shell replaces ~ outside quotes only; write the whole path."
    } else if text.contains("://") {
      message += ". Sources are files on this machine; fetch what is at an address first."
    } else if let similar = SimilarName.find(looked) {
      message += ". Did you mean \(similar)?"
    } else {
      message += ". Sources are looked for from the working folder on."
    }
    return SourceError(.notFound, message)
  }
}

extension ListInput {
  /// Whether it can be opened again and read from the start.
  var isRegular: Bool {
    var info = stat()
    return fstat(openDescriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }
}
