internal import Glibc

/// Where a tensor's bytes lie outside the model file: a file beside it, an offset and a length.
struct ExternalLocation {
  let path: String
  let offset: Int
  /// `nil` where the file says only where the bytes begin.
  let length: Int?

  /// Reads the entries of `tensor`, none of which is trusted.
  init(of tensor: Tensor) throws {
    var entries: [String: String] = [:]
    for entry in tensor.rest.externalData { entries[entry.key] = entry.value }
    func number(_ key: String) throws -> Int? {
      guard let text = entries[key] else { return nil }
      guard let value = Int(text), value >= 0 else {
        throw ModelError(
          .malformed, "tensor '\(tensor.name)': the \(key) of its external data is '\(text)', expected a number")
      }
      return value
    }
    path = entries["location"] ?? ""
    offset = try number("offset") ?? 0
    length = try number("length")
    let components = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.isEmpty, !path.utf8.contains(0), !components.contains(".."), !path.hasPrefix("/") else {
      throw ModelError(
        .malformed,
        "tensor '\(tensor.name)': its external data is at '\(path)'; only files in the model's folder are read")
    }
  }

  /// Maps the file, which must lie in `folder` after links are followed.
  func open(in folder: String) throws -> FileBytes {
    let full = folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    guard let real = Self.realPath(full), let root = Self.realPath(folder) else {
      throw ModelError(.file, "cannot open external data \(full): \(String(cString: strerror(errno)))")
    }
    guard root == "/" || real.hasPrefix(root + "/") else {
      throw ModelError(.file, "external data \(full) leads to \(real), outside the model's folder")
    }
    return try FileBytes(path: real)
  }

  func range(in file: FileBytes, for tensor: Tensor) throws -> Range<Int> {
    guard let length = length ?? tensor.byteCount, offset <= file.count, length <= file.count - offset else {
      throw ModelError(
        .malformed,
        "tensor '\(tensor.name)': its external data at \(offset), \(length ?? tensor.byteCount ?? 0) bytes, is not inside '\(path)' of \(file.count) bytes"
      )
    }
    return offset..<(offset + length)
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
