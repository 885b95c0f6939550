import Foundation
import TestSupport

/// Runs the built command as a user would, in a process of its own.
struct SwoopProcess {
  /// What a finished process left.
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The command that was built with the tests.
  static let executable: URL = {
    if let path = ProcessInfo.processInfo.environment["SWOOP_COMMAND"] { return URL(fileURLWithPath: path) }
    // The test bundle lies beside it: .build/<triple>/<configuration>/swoopPackageTests.xctest.
    for argument in CommandLine.arguments {
      let file = URL(fileURLWithPath: argument)
      if file.pathExtension == "xctest" {
        return file.deletingLastPathComponent().appendingPathComponent("swoop")
      }
    }
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    return Fixtures.root.appendingPathComponent(".build/\(configuration)/swoop")
  }()

  /// Runs to the end.
  ///
  /// - Parameters:
  ///   - arguments: the words after `swoop`.
  ///   - folder: the working folder.
  ///   - input: what standard input holds.
  static func run(
    _ arguments: [String], in folder: URL? = nil, input: Data? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    // Files, not pipes: a pipe that nobody reads while the process runs would fill and stall it.
    let scratch = try ScratchFolder()
    let output = scratch.url.appendingPathComponent("output")
    let errors = scratch.url.appendingPathComponent("errors")
    for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    let process = prepare(arguments, in: folder, environment: environment)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    if let input {
      let file = try scratch.write("input", input)
      process.standardInput = try FileHandle(forReadingFrom: file)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  /// A process that has not been started.
  static func prepare(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    return process
  }
}

/// The lines of a file of records.
struct Records {
  var header: [String: Any]
  var records: [[String: Any]]

  init(folder: URL) throws {
    try self.init(text: String(contentsOf: folder.appendingPathComponent("detections.jsonl"), encoding: .utf8))
  }

  init(text: String) throws {
    let lines = try text.split(separator: "\n").map { line in
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
        throw CocoaError(.fileReadCorruptFile)
      }
      return object
    }
    header = lines.first ?? [:]
    records = Array(lines.dropFirst())
  }

  /// The failure code of the record of an image, `nil` where it has detections, "absent" where there is no record.
  func failure(of image: String) -> String? {
    guard let record = records.first(where: { $0["image"] as? String == image }) else { return "absent" }
    return (record["failed"] as? [String: Any])?["code"] as? String
  }
}
