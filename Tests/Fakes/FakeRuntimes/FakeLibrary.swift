internal import DynamicLibrary
internal import Glibc

/// A fake runtime library that the package builds beside its tests, in a copy of its own: each copy has its own state, so
/// tests that run at once do not see one another.
package final class FakeLibrary: Sendable {
  /// The copy's path, for whoever opens the runtime.
  package let path: String
  private let handle: DynamicLibrary

  /// - Parameters:
  ///   - name: `FakeCUDA`, `FakeNVRTC`, `FakeNVJPEG` or `FakeTensorRT`.
  ///   - fileName: what the copy is called; `nil` for the name of the original.
  ///   - symbols: functions that the copy is to lack, as an older version of the library does.
  package init(_ name: String, fileName: String? = nil, without symbols: [String] = []) throws {
    let program = try Self.programFolder()
    let source = "\(program)/lib\(name).so"
    var template = Array("\(Self.temporaryFolder())/swoop-fake-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FakeLibraryError("no temporary folder could be made") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let file = fileName ?? "lib\(name).so"
    path = "\(folder)/\(file)"
    try Self.copy(source, to: path, without: symbols)
    do {
      handle = try DynamicLibrary(path: path)
    } catch {
      throw FakeLibraryError("\(error)")
    }
    // The loader keeps the file open; its name is needed only by those that open it again, and they come before exit.
    FakeFolders.removeAtExit(folder, file: file)
  }

  /// A function of the library by name and type.
  package func function<T>(_ name: String, as type: T.Type = T.self) -> T {
    guard let function = handle.symbol(name, as: type) else { fatalError("the fake library has no \(name)") }
    return function
  }

  private static func temporaryFolder() -> String {
    getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  }

  /// The folder of the running program: SwiftPM puts libraries there too.
  private static func programFolder() throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { throw FakeLibraryError("the program's own path cannot be read") }
    let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// The path of a library that the package builds beside its tests.
  package static func built(_ name: String) throws -> String { "\(try programFolder())/lib\(name).so" }

  private static func copy(_ source: String, to target: String, without symbols: [String]) throws {
    guard let input = fopen(source, "r") else { throw FakeLibraryError("\(source) is not built") }
    defer { fclose(input) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, input), count > 0 { content += buffer[..<count] }
    for symbol in symbols { try hide(symbol, in: &content) }
    guard let output = fopen(target, "w") else { throw FakeLibraryError("\(target) cannot be written") }
    let written = fwrite(content, 1, content.count, output)
    guard fclose(output) == 0, written == content.count else {
      throw FakeLibraryError("\(target) cannot be written")
    }
  }

  /// Changes a symbol's first letter wherever its name stands alone, which is in the tables of names. The loader finds
  /// names by their hash, so neither the old nor the new one is found any more.
  private static func hide(_ symbol: String, in content: inout [UInt8]) throws {
    let name = [0] + Array(symbol.utf8) + [0]
    let isHidden = content.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return false }
      var (offset, found) = (0, false)
      // From one null byte to the next: Glibc's memmem is not to be had from Swift.
      while let null = memchr(start + offset, 0, bytes.count - offset) {
        offset = null - start
        guard offset + name.count <= bytes.count else { break }
        if memcmp(null, name, name.count) == 0 {
          null.storeBytes(of: UInt8(ascii: "_"), toByteOffset: 1, as: UInt8.self)
          found = true
        }
        offset += 1
      }
      return found
    }
    if !isHidden { throw FakeLibraryError("the fake library has no \(symbol) to hide") }
  }
}

/// Why a fake is not there.
package struct FakeLibraryError: Error, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
