import Foundation
import TestSupport
import Testing

/// Bad input is normal input: each kind with the record, or the error and exit status, that it must give.
@Suite("Faults", .enabled(if: Fixtures.hasOpenVINO, "skipped: OpenVINO is not on this machine; scripts/setup gets it"))
struct FaultTests {
  /// A kind of bad picture: its name in the folder, what it holds, and the failure code of its record.
  private struct BadPicture {
    var name: String
    var code: String
    var make: (_ file: URL) throws -> Void

    init(_ name: String, _ code: String, _ bytes: @autoclosure @escaping () throws -> Data) {
      self.name = name
      self.code = code
      make = { try bytes().write(to: $0) }
    }

    init(_ name: String, _ code: String, making make: @escaping (URL) throws -> Void) {
      self.name = name
      self.code = code
      self.make = make
    }
  }

  private static func picture(_ name: String) throws -> Data { try Data(contentsOf: Fixtures.picture(name)) }

  private static func cut(_ name: String, to share: Double) throws -> Data {
    let data = try picture(name)
    return data.prefix(Int(Double(data.count) * share))
  }

  /// A PNG whose header promises a picture of the given size, with a right checksum and nothing behind it.
  private static func promisingPNG(width: UInt32, height: UInt32) -> Data {
    var header = Data("IHDR".utf8)
    for value in [width, height] { withUnsafeBytes(of: value.bigEndian) { header.append(contentsOf: $0) } }
    header.append(contentsOf: [8, 2, 0, 0, 0])
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in header {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]) + header
    withUnsafeBytes(of: (~crc).bigEndian) { file.append(contentsOf: $0) }
    return file
  }

  private static var badPictures: [BadPicture] {
    [
      BadPicture("zero-bytes.jpg", "empty", Data()),
      BadPicture("text.jpg", "not-an-image", Data("these are words, not a picture\n".utf8)),
      BadPicture("error-page.png", "not-an-image", Data("<!DOCTYPE html><html><body>404</body></html>".utf8)),
      BadPicture("noise.jpg", "not-an-image", Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) })),
      BadPicture("two-bytes.jpg", "not-an-image", Data([0xFF, 0xD8])),
      BadPicture("header-only.jpg", "truncated", try cut("jpeg-444.jpg", to: 0.1)),
      BadPicture("half.jpg", "truncated", try cut("jpeg-444.jpg", to: 0.6)),
      BadPicture("half-progressive.jpg", "truncated", try cut("jpeg-progressive.jpg", to: 0.6)),
      BadPicture("half.png", "truncated", try cut("png-rgb.png", to: 0.5)),
      BadPicture("half.webp", "truncated", try cut("webp-lossy.webp", to: 0.5)),
      BadPicture("half.tif", "truncated", try cut("tiff-rgb.tif", to: 0.5)),
      BadPicture("half.gif", "truncated", try cut("gif.gif", to: 0.4)),
      BadPicture("half.bmp", "truncated", try cut("bmp-24.bmp", to: 0.5)),
      BadPicture("half.ppm", "truncated", try cut("pnm-p6.ppm", to: 0.5)),
      BadPicture("huge-promise.png", "truncated", promisingPNG(width: 60_000, height: 60_000)),
      BadPicture("no-width.png", "truncated", promisingPNG(width: 0, height: 100)),
      BadPicture("nothing-behind.png", "truncated", promisingPNG(width: 30, height: 30)),
      BadPicture("over-the-limit.ppm", "too-large", Data("P6\n401 400\n255\n".utf8) + Data(count: 401 * 400 * 3)),
      BadPicture(
        "movie.jpg", "not-an-image", Data([0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 64))),
      BadPicture("folder.jpg", "is-folder") {
        try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: true)
      },
      BadPicture("to-nowhere.jpg", "not-found") {
        try FileManager.default.createSymbolicLink(atPath: $0.path, withDestinationPath: "nowhere.jpg")
      },
      BadPicture("pipe.jpg", "not-a-regular-file") { mkfifo($0.path, 0o600) },
      BadPicture("to-itself.jpg", "unreadable") {
        try FileManager.default.createSymbolicLink(atPath: $0.path, withDestinationPath: "to-itself.jpg")
      },
    ]
  }

  @Test("every kind of bad picture gets a failed record with its reason, and the good ones beside it are found")
  func pictures() throws {
    let badPictures = Self.badPictures
    let source = try ScratchFolder()
    for (index, bad) in badPictures.enumerated() {
      try bad.make(source.url.appendingPathComponent(bad.name))
      try source.write("good-\(index).ppm", CellPicture([index: .red]).ppm())
    }
    // Content decides, not the name: this is a picture.
    try source.copy(Fixtures.picture("png-rgb.png"), as: "really-a-png.jpg")
    let output = try ScratchFolder()
    let result = try SwoopProcess.run([
      "detect", source.path, "--model", Fixtures.model("v8"), "--output", output.path, "--max-pixels", "160000",
    ])
    #expect(result.status == 1, "\(result.errors)")
    let records = try Records(folder: output.url)
    #expect(records.records.count == 2 * badPictures.count + 1)
    for bad in badPictures { #expect(records.failure(of: bad.name) == bad.code, "\(bad.name)") }
    for index in badPictures.indices {
      let record = records.records.first { $0["image"] as? String == "good-\(index).ppm" }
      #expect((record?["detections"] as? [Any])?.count == 1)
    }
    #expect(records.failure(of: "really-a-png.jpg") == nil)
    #expect(result.errors.contains("\(badPictures.count) failed"), "\(result.errors)")
  }

  @Test("a file that may not be read gets a failed record", .enabled(if: getuid() != 0, "skipped: root may read all"))
  func permissions() throws {
    let source = try ScratchFolder()
    try source.write("good.ppm", CellPicture([1: .red]).ppm())
    let secret = try source.write("secret.jpg", [1])
    chmod(secret.path, 0)
    let output = try ScratchFolder()
    let result = try SwoopProcess.run([
      "detect", source.path, "--model", Fixtures.model("v8"), "--output", output.path,
    ])
    #expect(result.status == 1)
    #expect(try Records(folder: output.url).failure(of: "secret.jpg") == "permission-denied")
  }

  /// A command line that cannot be carried out. `{good}` stands for a folder with one good picture, `{v8}` for its
  /// model, `{scratch}` for an empty folder, `{models}` for the folder of small models.
  struct BadCommand: CustomTestStringConvertible, Sendable {
    var words: String
    var status: Int32
    /// What the message must say.
    var says: [String]

    init(_ words: String, _ status: Int32, _ says: String...) {
      self.words = words
      self.status = status
      self.says = says
    }

    var testDescription: String { words }
  }

  static let badCommands: [BadCommand] = [
    // Sources.
    BadCommand("{scratch}/missing --model {v8}", 66, "missing"),
    BadCommand("{scratch} --model {v8}", 66, "no images", ".jpg"),
    BadCommand("{scratch}/*.jpg --model {v8}", 66, "*.jpg"),
    BadCommand("@{scratch}/list.txt --model {v8}", 66, "list.txt"),
    BadCommand("{scratch}/photos.zip --model {v8} --output {scratch}/a", 1, "1 archive-damaged"),
    BadCommand("--model {v8}", 64, "source"),
    // Models.
    BadCommand("{good} --model {scratch}/missing.onnx", 66, "missing.onnx", "No such file"),
    BadCommand("{good} --model {scratch}", 66, "{scratch}", "directory"),
    BadCommand("{good} --model {models}/README.md", 65, ".onnx"),
    BadCommand("{good} --model {broken}/empty.onnx", 65, "empty"),
    BadCommand("{good} --model {broken}/text.onnx", 65, "text.onnx"),
    BadCommand("{good} --model {broken}/cut.onnx", 65, "cut.onnx"),
    BadCommand("{good} --model {broken}/best.pt", 65, "yolo export"),
    BadCommand("{good} --model {models}/wrong-rank.onnx", 65, "image", "3 axes", "four"),
    BadCommand("{good} --model {models}/unsupported-operator.onnx", 65, "com.example.Sharpen"),
    BadCommand("{good} --model {models}/unknown-outputs.onnx", 65, "logits"),
    BadCommand("{good} --model {models}/two-inputs.onnx", 65, "orig_target_sizes"),
    BadCommand("{good} --model {models}/ambiguous-rows.onnx", 65, "--head"),
    BadCommand("{good} --model {models}/three-tensors.onnx", 65, "--box-format xyxy", "--box-format cxcywh"),
    // Options.
    BadCommand("{good} --model {v8} --confidence 2", 64, "confidence"),
    BadCommand("{good} --model {v8} --confidence purple=0.5", 64, "purple", "red"),
    BadCommand("{good} --model {v8} --confidence a=b=0.5", 64, "a=b", "red"),
    BadCommand("{good} --model {v8} --confidence red=", 64, "confidence"),
    BadCommand("{good} --model {v8} --confidence =0.5", 64, "confidence"),
    BadCommand("{good} --model {v8} --iou red=1.5", 64, "iou"),
    BadCommand("{good} --model {v8} --iou nan", 64, "iou"),
    BadCommand("{good} --model {v8} --classes 99", 64, "99"),
    BadCommand("{good} --model {v8} --batch 0", 64, "batch"),
    BadCommand("{good} --model {models}/v8-batch4.onnx --batch 3", 64, "fixed batch of 4"),
    BadCommand("{good} --model {v8} --size 320", 65, "fixed to 64"),
    BadCommand("{good} --model {v8} --size big", 64, "size"),
    BadCommand("{good} --model {v8} --resize rectangle", 65, "dynamic height and width"),
    BadCommand("{good} --model {v8} --head end-to-end", 65, "end-to-end"),
    BadCommand("{good} --model {v8} --raw --suppression exact", 64, "--raw"),
    BadCommand("{good} --model {v8} --raw --iou 0.5", 64, "IoU"),
    BadCommand("{good} --model {models}/end-to-end.onnx --iou 0.5", 64, "no effect"),
    BadCommand("{good} --model {v8} --max-detections 0", 64, "max-detections"),
    BadCommand("{good} --model {v8} --max-pixels 0", 64, "max-pixels"),
    BadCommand("{good} --model {v8} --execution synchronous --requests 2", 64, "asynchronous"),
    BadCommand("{good} --model {v8} --threads -1", 64, "threads"),
    // Output.
    BadCommand("{good} --model {v8} --format xml", 64, "xml", "coco"),
    BadCommand("{good} --model {v8} --output - --format coco", 64, "coco"),
    BadCommand("{good} --model {v8} --resume", 64, "--output"),
    BadCommand("{good} --model {v8} --output {scratch}/a --resume --overwrite", 64, "--overwrite"),
    BadCommand("{good} --model {v8} --output {broken}/text.onnx", 73, "text.onnx"),
    BadCommand("{good} --model {v8} --output /proc/swoop", 73, "/proc/swoop"),
    BadCommand("{good} --model {v8} --output {finished}", 73, "--resume", "--overwrite"),
    BadCommand("{good} --model {v8} --output {finished} --resume --confidence 0.5", 73, "confidence"),
  ]

  @Test(
    "a command that cannot be carried out says what, on what, and what to do, and has its exit status",
    arguments: badCommands)
  func commands(command: BadCommand) throws {
    let scratch = try ScratchFolder()
    let good = try ScratchFolder()
    try good.write("good.ppm", CellPicture([1: .red]).ppm())
    let broken = try ScratchFolder()
    try broken.write("empty.onnx", [])
    try broken.write("text.onnx", "no model".utf8)
    try broken.write("best.pt", [0x50, 0x4B, 3, 4])
    try broken.write("cut.onnx", try Data(contentsOf: URL(fileURLWithPath: Fixtures.model("v8"))).prefix(1000))
    if command.words.contains("list.txt") { try scratch.write("list.txt", []) }
    if command.words.contains("photos.zip") { try scratch.write("photos.zip", "no archive".utf8) }
    let finished = try ScratchFolder()
    if command.words.contains("{finished}") {
      let run = try SwoopProcess.run([
        "detect", good.path, "--model", Fixtures.model("v8"), "--output", finished.path, "--quiet",
      ])
      #expect(run.status == 0, "\(run.errors)")
    }
    func filled(_ word: some StringProtocol) -> String {
      word.replacingOccurrences(of: "{scratch}", with: scratch.path)
        .replacingOccurrences(of: "{good}", with: good.path)
        .replacingOccurrences(of: "{broken}", with: broken.path)
        .replacingOccurrences(of: "{finished}", with: finished.path)
        .replacingOccurrences(of: "{v8}", with: Fixtures.model("v8"))
        .replacingOccurrences(
          of: "{models}", with: URL(fileURLWithPath: Fixtures.model("v8")).deletingLastPathComponent().path)
    }
    let result = try SwoopProcess.run(
      ["detect"] + command.words.split(separator: " ").map { filled($0) }, in: scratch.url)
    #expect(result.status == command.status, "\(result.errors)")
    for words in command.says {
      #expect(result.errors.contains(filled(words)), "\(words) is not in: \(result.errors)")
    }
    #expect(result.output.isEmpty)
  }

  @Test("standard output holds records alone, and a full or closed one ends the run with an error")
  func standardOutput() throws {
    let good = try ScratchFolder()
    for index in 0..<30 { try good.write("\(index).ppm", CellPicture([index: .red]).ppm()) }
    let arguments = ["detect", good.path, "--model", Fixtures.model("v8"), "--output", "-", "--quiet"]
    let whole = try SwoopProcess.run(arguments)
    #expect(whole.status == 0 && whole.errors.isEmpty, "\(whole.errors)")
    #expect(try Records(text: whole.output).records.count == 30)

    let full = SwoopProcess.prepare(arguments)
    full.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    full.standardError = FileHandle.nullDevice
    try full.run()
    full.waitUntilExit()
    #expect(full.terminationReason == .exit && full.terminationStatus == 74)

    let closed = SwoopProcess.prepare(arguments)
    let pipe = Pipe()
    closed.standardOutput = pipe
    closed.standardError = FileHandle.nullDevice
    try closed.run()
    try pipe.fileHandleForReading.close()
    closed.waitUntilExit()
    #expect(closed.terminationReason == .exit && closed.terminationStatus == 74)
  }
}
