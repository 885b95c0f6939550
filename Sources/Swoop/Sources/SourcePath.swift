internal import Glibc

/// A path as the system has it: bytes, which need not be text.
public struct SourcePath: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  // With the NUL byte that C wants at the end.
  private let storage: [UInt8]

  public init(_ text: String) { self.init(bytes: text.utf8) }
  public init(stringLiteral value: String) { self.init(value) }

  /// The bytes up to the first NUL.
  public init(bytes: some Sequence<UInt8>) {
    var storage = Array(bytes.prefix { $0 != 0 })
    storage.append(0)
    self.storage = storage
  }

  /// The words of the command line that a parser of arguments gave as text, with the bytes that they had.
  ///
  /// Swift repairs arguments that are not UTF-8, and the file of a repaired name does not exist. Each word is looked up
  /// among the process's own arguments; one that is not there, as after parsing `--name=value`, stays the text it is.
  public static func arguments(_ words: [String]) -> [SourcePath] {
    var repaired: [(text: String, path: SourcePath)] = []
    for argument in UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)) {
      guard let argument else { continue }
      let bytes = UnsafeRawBufferPointer(start: argument, count: strlen(argument))
      if String(validating: bytes, as: UTF8.self) == nil {
        repaired.append((String(decoding: bytes, as: UTF8.self), SourcePath(bytes: bytes)))
      }
    }
    return words.map { word in
      // Two arguments may look the same once repaired; they are taken in their order.
      guard let index = repaired.firstIndex(where: { $0.text.utf8.elementsEqual(word.utf8) }) else {
        return SourcePath(word)
      }
      return repaired.remove(at: index).path
    }
  }

  /// The bytes without the NUL.
  public var bytes: ArraySlice<UInt8> { storage.dropLast() }

  /// Calls `body` with the path as a C string, which lives as long as the call.
  public func withCString<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result: Swift.Result<Result, Failure> = storage.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        // Never empty: there is always the NUL.
        do throws(Failure) { return .success(try body(characters.baseAddress!)) } catch {
          return .failure(error)
        }
      }
    }
    return try result.get()
  }

  /// The path as text, escaped like the keys of images where it is not printable.
  public var description: String { ImageKey.escaped(bytes) }
}
