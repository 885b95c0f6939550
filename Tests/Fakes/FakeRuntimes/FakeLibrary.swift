internal import DynamicLibrary
internal import Glibc

/// A fake runtime library that the package builds beside its tests, in a copy of its own: each copy has its own state, so
/// tests that run at once do not see one another.
package final class FakeLibrary: Sendable {
  /// The copy's path, for whoever opens the runtime.
  package let path: String
  private let handle: DynamicLibrary

  /// - Parameters:
  ///   - name: `FakeCUDA`, `FakeTensorRT` or `FakeNVJPEG`.
  ///   - lacking: functions that the copy does not have: their names in it are made unfindable.
  package init(_ name: String, lacking: [String] = []) throws {
    let program = try Self.programFolder()
    let source = "\(program)/lib\(name).so"
    var template = Array("\(Self.temporaryFolder())/swoop-fake-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FakeLibraryError("no temporary folder could be made") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = "\(folder)/lib\(name).so"
    try Self.copy(source, to: path)
    if !lacking.isEmpty { try Self.hide(lacking, in: path) }
    do {
      handle = try DynamicLibrary(path: path)
    } catch {
      throw FakeLibraryError("\(error)")
    }
    // The loader keeps the file open; its name is needed only by those that open it again, and they come before exit.
    FakeFolders.removeAtExit(folder)
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

  /// Overwrites the first letter of each name where the file has it as a whole string.
  private static func hide(_ names: [String], in path: String) throws {
    guard let file = fopen(path, "r+") else { throw FakeLibraryError("\(path) cannot be opened") }
    defer { fclose(file) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { content += buffer[..<count] }
    for name in names {
      let pattern = [0] + Array(name.utf8) + [0]
      var at = 0
      while let range = content[at...].firstRange(of: pattern) {
        content[range.lowerBound + 1] = UInt8(ascii: "_")
        at = range.lowerBound + 1
      }
    }
    rewind(file)
    guard fwrite(content, 1, content.count, file) == content.count else {
      throw FakeLibraryError("\(path) cannot be written")
    }
  }

  private static func copy(_ source: String, to target: String) throws {
    guard let input = fopen(source, "r") else { throw FakeLibraryError("\(source) is not built") }
    defer { fclose(input) }
    guard let output = fopen(target, "w") else { throw FakeLibraryError("\(target) cannot be written") }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, input), count > 0 {
      guard fwrite(buffer, 1, count, output) == count else { throw FakeLibraryError("\(target) cannot be written") }
    }
    guard fclose(output) == 0 else { throw FakeLibraryError("\(target) cannot be written") }
  }
}

/// Why a fake is not there.
package struct FakeLibraryError: Error, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
