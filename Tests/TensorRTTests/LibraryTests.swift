import DynamicLibrary
import FakeRuntimes
import Foundation
import TensorRT
import Testing

/// Opening libraries: versions, layouts, and what is refused.
@Suite struct LibraryTests {
  @Test(
    "versions are read from the reported number",
    arguments: [
      (8503, "TensorRT 8.5.3"), (8601, "TensorRT 8.6.1"), (9200, "TensorRT 9.2.0"), (100_000, "TensorRT 10.0.0"),
      (101_601, "TensorRT 10.16.1"), (110_400, "TensorRT 11.4.0"), (10701, "TensorRT for RTX 1.7.1"),
      (20000, "TensorRT for RTX 2.0.0"), (7203, "TensorRT 7.2.3"), (120_000, "TensorRT 12.0.0"), (0, "TensorRT 0.0.0"),
      (-1, "TensorRT 0.0.-1"),
    ])
  func numbers(reported: Int32, text: String) {
    #expect(TensorRTVersion(reported: reported).description == text)
  }

  @Test(
    "unknown versions are refused with a sentence that says which are known",
    arguments: [7203, 8400, 120_000, 20000, 10400, -1] as [Int32])
  func unknownVersions(reported: Int32) throws {
    let fake = try FakeTensorRT(version: reported, layout: 101_600)
    let error = #expect(throws: TensorRTError.self) {
      try TensorRTLibrary.open(path: fake.path, logger: RTXLibrary.quiet)
    }
    #expect(error?.code == .versionUnsupported)
    #expect(error?.message.contains("TensorRT 8.5 to 8.6, 9, 10 and 11") == true)
  }

  @Test("newer minors are used with a warning", arguments: [101_700, 110_500, 10800] as [Int32])
  func newerMinors(reported: Int32) throws {
    let fake = try FakeTensorRT(version: reported)
    let library = try TensorRTLibrary.open(path: fake.path, logger: RTXLibrary.quiet)
    #expect(library.warnings.count == 1)
    #expect(library.warnings.first?.contains("newer than the versions") == true)
    _ = try Builder(library)
  }

  @Test(
    "a library whose layout is not its version's is caught before it is used",
    arguments: [
      (101_600, 110_400), (110_400, 101_600), (10701, 101_600), (8601, 101_600), (101_600, 8601), (10701, 8601),
    ] as [(Int32, Int32)])
  func wrongLayout(reported: Int32, layout: Int32) throws {
    let fake = try FakeTensorRT(version: reported, layout: layout)
    let library = try TensorRTLibrary.open(path: fake.path, logger: RTXLibrary.quiet)
    let error = #expect(throws: TensorRTError.self) { try Runtime(library) }
    #expect(error?.code == .layoutMismatch)
    // And it stays refused.
    #expect(throws: TensorRTError.self) { try Builder(library) }
  }

  @Test("a pointer that is no object is an error with the library's reason", arguments: FakeStack.versions)
  func noObject(reported: Int32) throws {
    let fake = try FakeTensorRT(version: reported)
    fake.setBlind(true)
    let library = try TensorRTLibrary.open(path: fake.path, logger: RTXLibrary.quiet)
    let error = #expect(throws: TensorRTError.self) { try Runtime(library) }
    #expect(error?.code == .creationFailed)
    #expect(error?.message.contains("0x") == true)
    #expect(error?.cause.contains("CUDA initialization failure with error: 35") == true)
    // With a GPU it would be checked and used.
    fake.setBlind(false)
    _ = try Runtime(library)
  }

  @Test("one file is one library")
  func identity() throws {
    let fake = try FakeTensorRT(version: 101_600)
    let library = try TensorRTLibrary.open(path: fake.path, logger: RTXLibrary.quiet)
    #expect(try TensorRTLibrary.open(path: fake.path, logger: RTXLibrary.quiet) === library)
    #expect(library.version == TensorRTVersion(product: .tensorRT, major: 10, minor: 16, patch: 0))
    #expect(library.kind == .full)
  }

  @Test("a file that is no library, or another library, is told with the loader's reason")
  func noLibrary() throws {
    let missing = #expect(throws: TensorRTError.self) { try TensorRTLibrary.open(path: "/nowhere/libnvinfer.so.10") }
    #expect(missing?.code == .libraryMissing)
    #expect(missing?.message.contains("/nowhere/libnvinfer.so.10") == true)
    let other = #expect(throws: TensorRTError.self) { try TensorRTLibrary.open(path: "libc.so.6") }
    #expect(other?.message.contains("getInferLibVersion") == true)
  }

  @Test("a search that finds nothing lists what it tried, and what to install")
  func search() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swoop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // A file of the right name that is no library.
    try Data("not a library".utf8).write(to: folder.appendingPathComponent("libnvinfer_dispatch.so.10"))
    // As where no library is named.
    let error = EnvironmentOverride.$values.withValue(["SWOOP_TENSORRT": ""]) {
      #expect(throws: TensorRTError.self) {
        try TensorRTLibrary.open(kinds: [.dispatch], folders: [folder.path], logger: RTXLibrary.quiet)
      }
    }
    #expect(error?.code == .libraryMissing)
    #expect(error?.message.contains(folder.path) == true)
    #expect(error?.message.contains("invalid ELF header") == true || error?.message.contains("file too short") == true)
    #expect(error?.message.contains("libnvinfer_dispatch.so.11") == true)
    #expect(error?.message.contains("pip install tensorrt") == true)
  }

  @Test("errors carry their lines and say them")
  func errors() {
    let error = TensorRTError(
      .buildFailed, "It failed.",
      lines: [.init(severity: .warning, text: "careful"), .init(severity: .error, text: "broken")])
    #expect(error.cause == "broken")
    #expect(error.description == "It failed.\n  TensorRT said (warning): careful\n  TensorRT said (error): broken")
    #expect(TensorRTError(.buildFailed, "It failed.").description == "It failed.")
  }
}
