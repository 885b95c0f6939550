import Foundation
import SeededNumbers
import Testing
import TestSupport

@Suite(
  "Stop anywhere and resume",
  .enabled(if: Fixtures.hasOpenVINO, "skipped: OpenVINO is not on this machine; scripts/setup gets it"))
struct KillTests {
  private static let formats = "coco,csv,yolo,images,html"
  /// What must be the same bytes after an interruption as without one.
  private static let files = ["detections.jsonl", "coco.json", "detections.csv"]

  private static func pictures(_ count: Int, in folder: ScratchFolder) throws {
    var random = SplitMix64(seed: 3)
    for index in 0..<count {
      try folder.write("\(index % 7)/\(index).ppm", CellPicture.random(&random).ppm(scale: 1 + index % 2))
    }
    try folder.write("3/broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0])
  }

  private static func arguments(_ source: ScratchFolder, _ output: URL) -> [String] {
    [
      "detect", source.path, "--model", Fixtures.model("v8"), "--output", output.path, "--format", formats,
      "--quiet", "--batch", "3", "--no-cache",
    ]
  }

  @Test("killed 20 times at random moments and resumed, a run ends with the bytes of one that was not")
  func kills() throws {
    let source = try ScratchFolder()
    try Self.pictures(400, in: source)
    let whole = try ScratchFolder()
    #expect(try SwoopProcess.run(Self.arguments(source, whole.url)).status == 1)

    let torn = try ScratchFolder()
    var random = SplitMix64(seed: 11)
    let records = torn.url.appendingPathComponent("detections.jsonl")
    for _ in 0..<20 {
      let process = SwoopProcess.prepare(Self.arguments(source, torn.url) + ["--resume"])
      process.standardError = FileHandle.nullDevice
      let before = size(of: records)
      try process.run()
      // Wait until it has written something more, then a random moment; a run that is done by then is fine too.
      let growth = Int(random.next() % 3000)
      for _ in 0..<500 where process.isRunning && size(of: records) <= before + growth { usleep(5000) }
      usleep(UInt32(random.next() % 3000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    #expect(try SwoopProcess.run(Self.arguments(source, torn.url) + ["--resume"]).status == 1)
    for file in Self.files {
      #expect(
        try Data(contentsOf: torn.url.appendingPathComponent(file))
          == Data(contentsOf: whole.url.appendingPathComponent(file)), "\(file)")
    }
    for folder in ["labels", "annotated"] {
      #expect(
        try contents(of: torn.url.appendingPathComponent(folder))
          == contents(of: whole.url.appendingPathComponent(folder)), "\(folder)")
    }
  }

  @Test("an interrupt finishes what is in flight and prints a command that goes on", arguments: [SIGINT, SIGTERM])
  func interrupt(signal: Int32) throws {
    let source = try ScratchFolder()
    try Self.pictures(60, in: source)
    let names = try FileManager.default.subpathsOfDirectory(atPath: source.path)
      .filter { $0.hasSuffix(".ppm") || $0.hasSuffix(".jpg") }.sorted().map { "\(source.path)/\($0)\n" }
    #expect(names.count == 61)
    let output = try ScratchFolder()
    let errors = try ScratchFolder()
    let log = try errors.write("log", [])
    // A list on a pipe that stays open: the run cannot end by itself, and its source is waiting when the signal comes.
    var arguments = Self.arguments(source, output.url).filter { $0 != "--quiet" }
    arguments[1] = "-"
    let process = SwoopProcess.prepare(arguments)
    let pipe = Pipe()
    process.standardInput = pipe
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data(names.prefix(20).joined().utf8))
    let records = output.url.appendingPathComponent("detections.jsonl")
    for _ in 0..<6000 where process.isRunning && lineCount(of: records) < 21 { usleep(10000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let text = try String(contentsOf: log, encoding: .utf8)
    #expect(process.terminationReason == .exit, "\(text)")
    #expect(process.terminationStatus == 128 + signal, "\(text)")
    #expect(text.contains("--resume"), "\(text)")
    #expect(try Records(folder: output.url).records.map { $0["index"] as? Int } == Array(0..<20))
    let rest = try SwoopProcess.run(arguments + ["--resume"], input: Data(names.joined().utf8))
    #expect(rest.status == 1, "\(rest.errors)")
    #expect(try Records(folder: output.url).records.count == 61)
  }

  private func size(of file: URL) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
  }

  private func lineCount(of file: URL) -> Int {
    (try? Data(contentsOf: file))?.count { $0 == 10 } ?? 0
  }

  /// Relative path to bytes of every file below a folder.
  private func contents(of folder: URL) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let file = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue {
        contents[path] = try Data(contentsOf: file)
      }
    }
    return contents
  }
}
