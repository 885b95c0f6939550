internal import Glibc
internal import Swoop
internal import Testing

@Suite("Outputs that fail")
struct OutputFaultTests {
  let folder = TemporaryFolder()

  func open(_ path: String, _ mode: RunOutput.Mode = .create) throws -> RunOutput {
    try RunOutput(folder: path, formats: [.jsonl], mode: mode, header: sampleHeader())
  }

  @Test("an output that cannot be a folder is an error")
  func notAFolder() {
    folder.write("file")
    for path in [
      folder("file"), folder("file/out"), "", "/proc/nothing/out", folder(String(repeating: "n", count: 300)),
    ] {
      let error = #expect(throws: OutputError.self, "\(path)") { try open(path) }
      #expect(error?.code == .cannotCreate, "\(path)")
    }
  }

  @Test("an output folder may be a link and may have missing parents")
  func parents() throws {
    folder.makeFolder("real")
    folder.link("link", to: "real")
    try open(folder("link")).append(sampleRecord(0))
    try open(folder("a/b//c/")).append(sampleRecord(0))
    #expect(folder.exists("real/detections.jsonl") && folder.exists("a/b/c/detections.jsonl"))
  }

  @Test("a pipe or folder where the records should be is an error and is not waited for")
  func oddRecords() {
    #expect(mkdir(folder("p"), 0o755) == 0 && mkfifo(folder("p/detections.jsonl"), 0o644) == 0)
    folder.makeFolder("d/detections.jsonl")
    for name in ["p", "d"] {
      for mode in [RunOutput.Mode.create, .resume, .overwrite] {
        #expect(throws: OutputError.self) { try open(folder(name), mode) }
      }
    }
  }

  @Test(
    "damaged records are not resumed, and the line is named",
    arguments: [
      ("{\"index\":0,\"image\":\"a\"}\n", 2), ("garbage\n", 2),
      ("{\"index\":5,\"image\":\"a\",\"failed\":{\"code\":\"a\",\"reason\":\"b\"}}\n", 2),
    ])
  func damaged(line: String, number: Int) throws {
    try open(folder("out")).flush()
    let header = folder.read("out/detections.jsonl")
    folder.write("out/detections.jsonl", header + Array(line.utf8) + Array(line.utf8))
    let error = #expect(throws: RecordFormatError.self) { try open(folder("out"), .resume) }
    #expect(error?.line == number)
  }

  @Test(
    "a file of records that is not of this format is not resumed",
    arguments: ["[]\n", "{}\n", "{\"swoop\":{\"format\":9}}\n"])
  func foreignHeader(text: String) throws {
    folder.write("out/detections.jsonl", text.utf8)
    #expect(throws: RecordFormatError.self) { try open(folder("out"), .resume) }
    #expect(folder.text("out/detections.jsonl") == text)
  }

  @Test("damaged state of a run is an error that says what to do")
  func damagedState() throws {
    try open(folder("out")).flush()
    folder.write("out/.swoop/run.json", "{\"made\":[".utf8)
    let error = #expect(throws: OutputError.self) { try open(folder("out"), .resume) }
    #expect(error?.code == .damaged)
  }

  @Test("records without the state of their run can be resumed")
  func lostState() throws {
    do {
      let output = try open(folder("out"))
      for index in 0..<5 { try output.append(sampleRecord(index)) }
      try output.flush()
    }
    unlink(folder("out/.swoop/run.json"))
    #expect(try open(folder("out"), .resume).completed == 5)
  }

  @Test("a reader that closes the pipe is an error of its own")
  func closedPipe() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let output = try RunOutput(stream: ends[1], name: "the pipe", header: sampleHeader())
    close(ends[0])
    defer { close(ends[1]) }
    let error = #expect(throws: OutputError.self) {
      for index in 0..<100_000 { try output.append(sampleRecord(index)) }
    }
    #expect(error?.code == .closedPipe)
    #expect(throws: OutputError.self) { try output.flush() }
  }

  @Test("a device that is full is an error")
  func fullDevice() throws {
    let file = Glibc.open("/dev/full", O_WRONLY)
    try #require(file >= 0)
    defer { close(file) }
    let error = #expect(throws: OutputError.self) {
      _ = try RunOutput(stream: file, name: "/dev/full", header: sampleHeader())
    }
    #expect(error?.code == .writeFailed && error?.message.contains("no space") == true)
  }

  @Test("records are appended after what is in a file already")
  func appending() throws {
    let path = folder.write("all.jsonl", "before\n".utf8)
    for flags in [O_WRONLY | O_APPEND, O_WRONLY] {
      let file = Glibc.open(path, flags)
      if flags & O_APPEND == 0 { lseek(file, 0, SEEK_END) }
      defer { close(file) }
      let output = try RunOutput(stream: file, name: "file", header: sampleHeader())
      try output.append(sampleRecord(0))
      try output.finish()
    }
    #expect(folder.text("all.jsonl").hasPrefix("before\n{\"swoop\""))
    #expect(folder.text("all.jsonl").split(separator: "\n").count == 5)
  }

  @Test("a pipe that does not block is written to as it empties")
  func nonBlocking() async throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    #expect(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let input = ends[0]
    let reading = Task.detached {
      var lines = 0
      var chunk = [UInt8](repeating: 0, count: 5000)
      while true {
        let count = read(input, &chunk, chunk.count)
        guard count > 0 else { return lines }
        lines += chunk[..<count].count { $0 == 0x0A }
      }
    }
    do {
      let output = try RunOutput(stream: ends[1], name: "the pipe", header: sampleHeader())
      for index in 0..<3000 { try output.append(sampleRecord(index)) }
      try output.finish()
    }
    close(ends[1])
    #expect(await reading.value == 3001)
    close(input)
  }
}

/// A file system of a given size for one test.
final class TinyDisk {
  let path: String
  private let folder = TemporaryFolder()

  /// Whether one can be mounted here: that takes root.
  static let isPossible: Bool = (try? TinyDisk(kilobytes: 16)) != nil

  struct Unavailable: Error {}

  init(kilobytes: Int) throws {
    path = folder.path
    guard mount("swoop-test", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { throw Unavailable() }
  }

  func grow(kilobytes: Int) throws {
    guard mount("swoop-test", path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k") == 0 else {
      throw Unavailable()
    }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }
}

@Suite("A full disk", .enabled(if: TinyDisk.isPossible, "mounting a small disk needs root"))
struct FullDiskTests {
  @Test("the file ends with a whole record, and the run resumes when there is room")
  func records() throws {
    let disk = try TinyDisk(kilobytes: 160)
    let out = "\(disk.path)/out"
    func append(from start: Int, to output: RunOutput) throws {
      for index in start..<3000 { try output.append(sampleRecord(index)) }
      try output.finish()
    }
    do {
      let output = try RunOutput(folder: out, formats: [.jsonl], mode: .create, header: sampleHeader())
      let error = #expect(throws: OutputError.self) { try append(from: 0, to: output) }
      #expect(error?.code == .writeFailed && error?.message.contains("no space is left") == true)
      let reader = try RecordReader(path: "\(out)/detections.jsonl")
      var count = 0
      while let record = try reader.next() {
        #expect(record == sampleRecord(count))
        count += 1
      }
      #expect(count == output.recordCount && count > 500)
    }
    try disk.grow(kilobytes: 4000)
    do {
      let output = try RunOutput(folder: out, formats: [.jsonl], mode: .resume, header: sampleHeader())
      try append(from: output.completed, to: output)
    }
    let whole = TemporaryFolder()
    let output = try RunOutput(folder: whole("out"), formats: [.jsonl], mode: .create, header: sampleHeader())
    try append(from: 0, to: output)
    #expect(try contents("\(out)/detections.jsonl") == whole.read("out/detections.jsonl"))
  }

  @Test(
    "a disk that fills while formats are made keeps the records",
    arguments: [OutputFormat.coco, .csv, .yolo, .html])
  func formats(format: OutputFormat) throws {
    let disk = try TinyDisk(kilobytes: 100)
    let out = "\(disk.path)/out"
    do {
      let output = try RunOutput(
        folder: out, formats: [.jsonl, format], mode: .create, header: sampleHeader())
      for index in 0..<400 { try output.append(sampleRecord(index)) }
      try output.flush()
      let filler = open("\(disk.path)/filler", O_WRONLY | O_CREAT, 0o644)
      let zeros = [UInt8](repeating: 0, count: 4096)
      while write(filler, zeros, zeros.count) > 0 {}
      close(filler)
      let error = #expect(throws: OutputError.self) { try output.finish() }
      #expect(error?.code == .writeFailed)
      #expect(access("\(out)/\(format.artifact)", F_OK) != 0, "no half file is left in its place")
    }
    unlink("\(disk.path)/filler")
    try disk.grow(kilobytes: 8000)
    let output = try RunOutput(folder: out, formats: [.jsonl, format], mode: .resume, header: sampleHeader())
    #expect(output.completed == 400)
    try output.finish()
    #expect(access("\(out)/\(format.artifact)", F_OK) == 0)
  }

  @Test("a disk that fills while a picture is written leaves no half picture and no record of it")
  func pictures() throws {
    let disk = try TinyDisk(kilobytes: 100)
    let output = try RunOutput(
      folder: "\(disk.path)/out", formats: [.images], mode: .create, header: sampleHeader())
    let picture = [UInt8](repeating: 7, count: 30_000)
    var written = 0
    let error = #expect(throws: OutputError.self) {
      for index in 0..<100 {
        try output.append(
          ImageRecord(index: index, key: "\(index).jpg", width: 1, height: 1, detections: []),
          picture: picture)
        written += 1
      }
    }
    #expect(error?.code == .writeFailed)
    #expect(output.totals.images == written)
    for index in 0..<written { #expect(try contents("\(disk.path)/out/annotated/\(index).jpg") == picture) }
    #expect(access("\(disk.path)/out/annotated/\(written).jpg", F_OK) != 0)
  }

  @Test("a folder of names that does not fit a full temporary disk is an error that says so")
  func names() throws {
    let disk = try TinyDisk(kilobytes: 16)
    let folder = TemporaryFolder()
    for index in 0..<2000 { folder.write("long-name-of-a-picture-\(index).jpg") }
    var options = ImageSources.Options()
    options.nameByteLimit = 1000
    options.temporaryFolder = disk.path
    let error = #expect(throws: SourceError.self) {
      try ImageSources([folder.path], options: options).count()
    }
    #expect(error?.code == .temporaryFile && error?.message.contains("TMPDIR") == true)
  }

  private func contents(_ path: String) throws -> [UInt8] {
    let buffer = FileBuffer()
    return try withExtendedLifetime(buffer) { Array(try buffer.read(SourcePath(path), limit: 1 << 24)) }
  }
}
