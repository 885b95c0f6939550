internal import Glibc
internal import Swoop
internal import Testing

@Suite("Run output")
struct RunOutputTests {
  let folder = TemporaryFolder()
  var out: String { folder("out") }

  @discardableResult
  func run(
    _ indices: Range<Int>, mode: RunOutput.Mode = .create, formats: Set<OutputFormat> = [.jsonl],
    header: RunHeader = sampleHeader()
  ) throws -> RunOutput {
    let output = try RunOutput(folder: out, formats: formats, mode: mode, header: header)
    for index in indices { try output.append(sampleRecord(index)) }
    try output.flush()
    return output
  }

  @Test("the file has the header and one line a record, and reads back")
  func plain() throws {
    try run(0..<100)
    let reader = try RecordReader(path: "\(out)/detections.jsonl")
    #expect(reader.header == sampleHeader())
    for index in 0..<100 { #expect(try reader.next() == sampleRecord(index)) }
    #expect(try reader.next() == nil)
  }

  @Test("a run cut off at any byte resumes to the identical file")
  func resume() throws {
    try run(0..<12)
    let whole = folder.read("out/detections.jsonl")
    let headerLength = try #require(whole.firstIndex(of: 0x0A)) + 1
    for length in Array(0...headerLength + 3) + Array(stride(from: headerLength, through: whole.count, by: 7)) {
      folder.write("out/detections.jsonl", whole[..<length])
      do {
        let output = try RunOutput(folder: out, formats: [.jsonl], mode: .resume, header: sampleHeader())
        let lines = whole[..<length].count { $0 == 0x0A }
        #expect(output.completed == max(0, lines - 1), "cut at \(length)")
        for index in output.completed..<12 { try output.append(sampleRecord(index)) }
        try output.flush()
      }
      #expect(folder.read("out/detections.jsonl") == whole, "cut at \(length)")
    }
  }

  @Test("two runs cannot have one folder")
  func lock() throws {
    let first = try run(0..<3)
    for mode in [RunOutput.Mode.create, .resume, .overwrite] {
      let error = #expect(throws: OutputError.self) {
        try RunOutput(folder: out, formats: [.jsonl], mode: mode, header: sampleHeader())
      }
      #expect(error?.code == .inUse)
    }
    try first.append(sampleRecord(3))
  }

  @Test("an earlier run is not overwritten unless that is asked for")
  func exists() throws {
    try run(0..<3)
    let error = #expect(throws: OutputError.self) { try run(0..<3) }
    #expect(error?.code == .exists)
    #expect(error?.message.contains("--resume") == true && error?.message.contains("--overwrite") == true)
    try run(0..<5, mode: .overwrite)
    #expect(folder.text("out/detections.jsonl").split(separator: "\n").count == 6)
  }

  @Test("a run with other settings is not resumed, and the setting is named")
  func differs() throws {
    try run(0..<3)
    let error = #expect(throws: OutputError.self) {
      try run(3..<4, mode: .resume, header: sampleHeader(confidence: 0.5))
    }
    #expect(error?.code == .differs)
    #expect(error?.message.contains("settings.confidence was 0.25 and is now 0.5") == true)
  }

  @Test("files that no run made are neither overwritten nor removed")
  func foreign() throws {
    for (name, format) in [
      ("detections.jsonl", OutputFormat.jsonl), ("labels/1.txt", .yolo), ("coco.json", .coco),
    ] {
      let other = TemporaryFolder()
      other.write(name)
      for mode in [RunOutput.Mode.create, .overwrite] {
        #expect(throws: OutputError.self, "\(name)") {
          try RunOutput(folder: other.path, formats: [.jsonl, format], mode: mode, header: sampleHeader())
        }
      }
      #expect(other.text(name) == "x")
    }
  }

  @Test("resuming checks that the images are the same")
  func verify() throws {
    for name in ["a.jpg", "b.jpg", "c.jpg"] { folder.write("in/\(name)") }
    do {
      let output = try RunOutput(folder: out, formats: [.jsonl], mode: .create, header: sampleHeader())
      for (index, name) in ["a.jpg", "b.jpg"].enumerated() {
        try output.append(sampleRecord(index, key: name))
      }
      try output.flush()
    }
    func resumed() throws -> String? {
      let output = try RunOutput(folder: out, formats: [.jsonl], mode: .resume, header: sampleHeader())
      let reader = try ImageSources([folder("in")]).makeReader()
      try output.verifyResumed(reader)
      return try reader.next()?.key
    }
    #expect(try resumed() == "c.jpg")
    folder.write("in/aa.jpg")
    let error = #expect(throws: OutputError.self) { _ = try resumed() }
    #expect(error?.message.contains("image 1 was b.jpg and is now aa.jpg") == true, "\(error?.message ?? "")")
  }
}
