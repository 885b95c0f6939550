package import DynamicLibrary
internal import Glibc
package import OpenVINO

/// The fake of OpenVINO's C library, opened from a copy of its own: each copy has its own state, so that tests may run at
/// once.
package final class FakeOpenVINO: Sendable {
  /// The library as the package sees it.
  package let dynamicLibrary: DynamicLibrary

  private let fail: @convention(c) (Int64, Int32) -> Void
  private let calls: @convention(c) () -> Int64
  private let failed: @convention(c) () -> UnsafePointer<CChar>?
  private let live: @convention(c) () -> Int64
  private let misused: @convention(c) () -> UnsafePointer<CChar>?
  private let number: @convention(c) (Int32) -> Void
  private let setPrecision: @convention(c) (UnsafePointer<CChar>?) -> Void
  private let hold: @convention(c) (Int32) -> Void

  package init() throws {
    let copy = try Self.copy()
    // The loader keeps the file open; the name is not needed any more.
    defer { unlink(copy) }
    dynamicLibrary = try DynamicLibrary(path: copy)
    fail = try dynamicLibrary.require("fake_fail")
    calls = try dynamicLibrary.require("fake_calls")
    failed = try dynamicLibrary.require("fake_failed_call")
    live = try dynamicLibrary.require("fake_live")
    misused = try dynamicLibrary.require("fake_misuse")
    number = try dynamicLibrary.require("fake_numbering")
    setPrecision = try dynamicLibrary.require("fake_precision")
    hold = try dynamicLibrary.require("fake_hold")
  }

  /// Opens it as OpenVINO.
  package func open() throws -> OpenVINOLibrary { try OpenVINOLibrary(dynamicLibrary) }

  /// Fails the n-th call from now that returns a status; `nil` fails none.
  package func fail(call n: Int?, status: Int = -1) { fail(Int64(n ?? 0), Int32(status)) }
  /// The calls since ``fail(call:status:)`` that returned a status.
  package var callCount: Int { Int(calls()) }
  package var failedCall: String? { failed().map { String(cString: $0) } }
  /// Objects, strings and arrays handed out and not given back.
  package var liveCount: Int { Int(live()) }
  /// The first misuse, in words.
  package var misuse: String? { misused().map { String(cString: $0) } }
  package func useNumbering(_ kind: Int) { number(Int32(kind)) }
  /// What the library says it computes in, whatever it is asked for.
  package func usePrecision(_ name: String) { setPrecision(name) }
  /// Keeps executions that are started from ending.
  package func holdExecutions(_ isHeld: Bool) { hold(isHeld ? 1 : 0) }

  /// SwiftPM puts libraries beside the running program.
  private static func copy() throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let program = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let source = "\(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])/libFakeOpenVINO.so"
    guard let input = fopen(source, "r") else { throw Failure("\(source) is not built") }
    defer { fclose(input) }
    var template = Array("/tmp/swoop-fake-openvino-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0, let output = fdopen(file, "w") else { throw Failure("no temporary file can be made") }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&bytes, 1, bytes.count, input), count > 0 { fwrite(bytes, 1, count, output) }
    fclose(output)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package struct Failure: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
  }
}
