internal import Glibc
internal import OpenVINO

/// What came of the cache of compiled models.
public enum OpenVINOCacheOutcome: Hashable, Sendable {
  /// No cache folder was given.
  case off
  /// The cache does not apply to this model or device; the words say why.
  case notUsed(String)
  /// The compiled model came from this file.
  case loaded(String)
  /// The model was compiled and written to this file.
  case stored(String)
  /// The model was compiled; keeping it failed for this reason.
  case notStored(String)
}

/// A folder of compiled models.
///
/// OpenVINO's own cache (`CACHE_DIR`) is not used: it checks nothing, and a file with flipped bits in it loads and gives
/// wrong numbers (seen with 17 of 30 damaged files). Here every file ends in a footer with a checksum and the key it was
/// stored under, and comes to its name by a rename, so that a damaged, half-written or misplaced file is as good as none.
struct OpenVINOCache {
  let folder: String
  let settings: OpenVINOSettings

  private static let magic: UInt64 = 0x3130_5641_434F_5753  // "SWOCAV01"
  private static let footerByteCount = 48

  func compile(_ file: ModelFile) throws(InferenceError) -> (CompiledModel, OpenVINOCacheOutcome) {
    guard !Self.refersToOtherFiles(file) else {
      return (
        try settings.compileAnew(file),
        .notUsed("the model keeps weights in other files, whose changes would go unseen")
      )
    }
    let key = try key(of: file)
    let path = "\(folder)/\(key.hexadecimal).openvino"
    if let compiled = load(path, key) { return (compiled, .loaded(path)) }
    let compiled = try settings.compileAnew(file)
    if let reason = store(compiled, at: path, key) { return (compiled, .notStored(reason)) }
    return (compiled, .stored(path))
  }

  /// Everything that the compiled form depends on.
  private func key(of file: ModelFile) throws(InferenceError) -> ContentHash {
    var hash = ContentHash()
    hash.add("openvino cache 1")
    hash.add(settings.core.library.version)
    hash.add(settings.deviceDescription)
    for (key, value) in settings.properties.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      hash.add(key.rawValue)
      hash.add(value)
    }
    hash.add(file.bytes.bytes)
    if let weights = file.weightsPath, access(weights, F_OK) == 0 {
      hash.add(try MappedFile(path: weights).bytes)
    }
    return hash
  }

  private func load(_ path: String, _ key: ContentHash) -> CompiledModel? {
    // Read, not mapped: OpenVINO goes on using the bytes, and the file may be overwritten in the meantime.
    guard let file = try? MappedFile(path: path), let memory = HostMemory(byteCount: file.bytes.count) else {
      return nil
    }
    memory.bytes.copyMemory(from: file.bytes)
    let bytes = UnsafeRawBufferPointer(memory.bytes)
    let count = bytes.count - Self.footerByteCount
    guard count > 0 else { return nil }
    let content = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    let footer = UnsafeRawBufferPointer(rebasing: bytes[count...])
    guard footer.elementsEqual(Self.footer(content, key)) else { return nil }
    // Properties of the core are what an imported model runs with; this core is the engine's own.
    do {
      for (key, value) in settings.properties {
        try settings.core.setProperty(key, to: value, of: settings.options.device)
      }
      return try settings.core.importModel(content, owner: memory, for: settings.options.device)
    } catch {
      // Compiling anew needs nothing from here, and says what is wrong if it fails too.
      return nil
    }
  }

  /// Returns why it could not be stored, or `nil`.
  private func store(_ compiled: CompiledModel, at path: String, _ key: ContentHash) -> String? {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max))"
    defer { unlink(temporary) }
    if let reason = makeFolders(folder) { return reason }
    do {
      try compiled.export(to: temporary)
    } catch {
      return error.description
    }
    let footer: [UInt8]
    do {
      let file = try MappedFile(path: temporary)
      guard !file.bytes.isEmpty else { return "OpenVINO exported nothing" }
      footer = Self.footer(file.bytes, key)
    } catch {
      return error.message
    }
    guard append(footer, to: temporary), rename(temporary, path) == 0 else {
      return "\(path) cannot be written: \(String(cString: strerror(errno)))"
    }
    return nil
  }

  private static func footer(_ content: UnsafeRawBufferPointer, _ key: ContentHash) -> [UInt8] {
    var hash = ContentHash()
    hash.add(content)
    let words = [magic, UInt64(content.count), hash.words.0, hash.words.1, key.words.0, key.words.1]
    return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  /// Whether an ONNX file may keep tensors in files beside it: it then has the key `location` somewhere.
  private static func refersToOtherFiles(_ file: ModelFile) -> Bool {
    guard file.format == .onnx, var start = file.bytes.bytes.baseAddress else { return false }
    let key: [UInt8] = [0x0A, 0x08] + Array("location".utf8)
    let end = start + file.bytes.bytes.count
    while end - start >= key.count, let found = memchr(start, Int32(key[0]), end - start - key.count + 1) {
      if memcmp(found, key, key.count) == 0 { return true }
      start = UnsafeRawPointer(found) + 1
    }
    return false
  }

  private func append(_ bytes: [UInt8], to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard file >= 0 else { return false }
    let isWritten = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) == $0.count }
    return (close(file) == 0) && isWritten
  }

  private func makeFolders(_ path: String) -> String? {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
      guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
        return "the folder \(made) cannot be made: \(String(cString: strerror(errno)))"
      }
    }
    return nil
  }
}

extension ModelFile {
  /// The weights of an IR model: the `.bin` beside the `.xml`.
  var weightsPath: String? {
    guard format == .openVINO else { return nil }
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return "\(path).bin" }
    return "\(path[..<dot]).bin"
  }
}
