internal import Glibc
internal import Swoop
internal import Testing

@Suite("Patterns as sources")
struct PatternTests {
  let folder = TemporaryFolder()

  init() {
    for name in [
      "a/1.jpg", "a/2.png", "a/sub/3.jpg", "b/1.jpg", "b/10.jpg", "b/x.dat", "b/.h.jpg", "c[1].jpg", "é.jpg",
      "ab.jpg",
      "notes.txt", ".dot/5.jpg",
    ] { folder.write(name) }
  }

  @Test(
    "patterns match as a shell's do",
    arguments: [
      ("*.jpg", ["ab.jpg", "c[1].jpg", "é.jpg"]),
      ("*/1.jpg", ["a/1.jpg", "b/1.jpg"]),
      ("b/?.jpg", ["b/1.jpg"]),
      ("b/1?.jpg", ["b/10.jpg"]),
      ("?.jpg", ["é.jpg"]),
      ("[!a-b]*.jpg", ["c[1].jpg", "é.jpg"]),
      ("[é-ü].jpg", ["é.jpg"]),
      ("[]c]*.jpg", ["c[1].jpg"]),
      ("b/*.dat", ["b/x.dat"]),
      ("b/*", ["b/1.jpg", "b/10.jpg"]),
      ("b/.*.jpg", ["b/.h.jpg"]),
      (".d*/*.jpg", [".dot/5.jpg"]),
      ("**/*.jpg", ["a/1.jpg", "a/sub/3.jpg", "ab.jpg", "b/1.jpg", "b/10.jpg", "c[1].jpg", "é.jpg"]),
      ("**/**/1.jpg", ["a/1.jpg", "b/1.jpg"]),
      ("a/**", ["a/1.jpg", "a/2.png", "a/sub/3.jpg"]),
      ("a/**/3.jpg", ["a/sub/3.jpg"]),
      ("**/sub/*", ["a/sub/3.jpg"]),
      ("c\\[*.jpg", ["c[1].jpg"]),
      ("c[[]1].jpg", ["c[1].jpg"]),
      ("[a-b]", ["a/1.jpg", "a/2.png", "a/sub/3.jpg", "b/1.jpg", "b/10.jpg"]),
    ])
  func matches(pattern: String, expected: [String]) throws {
    let sources = try ImageSources([folder(pattern)])
    #expect(try sources.count() == .exact(expected.count))
    let reader = sources.makeReader()
    var found: [String] = []
    while let item = try reader.next() {
      let name = try #require(item.fileName)
      found.append(String(name.dropFirst(folder.path.count + 1)))
    }
    #expect(found == expected)
  }

  @Test("a file whose name is the pattern is that file")
  func literal() throws {
    #expect(try keys([folder("c[1].jpg")]) == ["c[1].jpg"])
  }

  @Test("keys are relative to the part before the first wildcard")
  func fixedPart() throws {
    #expect(try keys([folder("a/s*/*.jpg")]) == ["sub/3.jpg"])
  }

  @Test(
    "a pattern that nothing matches is an error that says what was looked for",
    arguments: ["*.bmp", "*/*/*/*.jpg", "b/*.tx", "notes.tx*"])
  func nothing(pattern: String) throws {
    let error = #expect(throws: SourceError.self) { try ImageSources([folder(pattern)]).count() }
    #expect(error?.code == .noImages && error?.message.contains(pattern) == true, "\(error?.message ?? "")")
  }

  @Test("a pattern below a folder that is missing is an error that names the folder")
  func missingFolder() {
    let error = #expect(throws: SourceError.self) { try ImageSources([folder("c/*.jpg")]) }
    #expect(error?.message.contains("\(folder("c")) is missing") == true, "\(error?.message ?? "")")
  }

  @Test("a pattern of many stars takes no exponential time")
  func manyStars() throws {
    folder.write(String(repeating: "a", count: 200) + ".jpg")
    let pattern = String(repeating: "*a", count: 60) + "*b.jpg"
    #expect(throws: SourceError.self) { try ImageSources([folder(pattern)]).count() }
  }

  @Test("a pattern of more names than can be held is refused")
  func tooManyNames() {
    let pattern = folder(String(repeating: "*/", count: 70) + "*.jpg")
    #expect(throws: SourceError.self) { try ImageSources([pattern]) }
  }
}

@Suite("Lists as sources")
struct ListTests {
  let folder = TemporaryFolder()

  func list(_ bytes: [UInt8]) throws -> [String] {
    let path = folder.write("list.txt", bytes)
    return try items(["@\(path)"]).map { "\($0.key)\($0.failure.map { " \($0.code)" } ?? "")" }
  }

  func list(_ text: String) throws -> [String] { try list(Array(text.utf8)) }

  @Test("lines, NULs, carriage returns, empty lines and a byte order mark are understood")
  func separators() throws {
    let expected = ["b.jpg", "x/a.jpg", "c d.jpg"]
    #expect(try list("b.jpg\nx/a.jpg\nc d.jpg\n") == expected)
    #expect(try list("b.jpg\nx/a.jpg\nc d.jpg") == expected)
    #expect(try list("\u{FEFF}b.jpg\r\n\r\n./x//a.jpg\r\n\nc d.jpg\r\n") == expected)
    #expect(try list("b.jpg\0x/a.jpg\0c d.jpg\0") == expected)
    #expect(try list("a\nb.jpg\0c.jpg") == ["a\\x0ab.jpg", "c.jpg"])
  }

  @Test("a list is relative to the working folder, and its order and repetitions are kept")
  func order() throws {
    let found = try items(["@\(folder.write("l", "z.jpg\na.txt\nz.jpg\n".utf8))"])
    #expect(found.map(\.key) == ["z.jpg", "a.txt", "z.jpg"])
    #expect(found.map(\.fileName) == ["z.jpg", "a.txt", "z.jpg"])
  }

  @Test("absolute paths and ones that lead upwards have keys that no other path has")
  func keysOfPaths() throws {
    #expect(try list("/data/a.jpg\n/data/b.jpg\n") == ["data/a.jpg", "data/b.jpg"])
    #expect(
      try list("data/a.jpg\n/data/a.jpg\n../data/a.jpg\na/../b.jpg\n") == [
        "data/a.jpg", "\\x2fdata/a.jpg", "\\x2e\\x2e/data/a.jpg", "a/\\x2e\\x2e/b.jpg",
      ])
  }

  @Test("a list and a folder have keys relative to what holds both")
  func besideFolder() throws {
    folder.write("in/a.jpg")
    folder.write("list", "\(folder("in/b.jpg"))\n".utf8)
    let found = try keys([folder("in"), "@\(folder("list"))"])
    let inside = folder.path.dropFirst()
    #expect(found == ["\(inside)/in/a.jpg", "\(inside)/in/b.jpg"])
  }

  @Test("entries that no path can be are failed items, and the rest is read")
  func invalid() throws {
    let long = String(repeating: "n", count: 5000)
    let huge = [UInt8](repeating: UInt8(ascii: "h"), count: 300_000)
    let lines = Array("a.jpg\n\(long)\n".utf8) + huge + Array("\nb.jpg\n".utf8)
    let found = try list(lines)
    #expect(found.count == 4 && found[0] == "a.jpg" && found[3] == "b.jpg")
    #expect(found[1] == "\(long.prefix(200)) invalid-name")
    #expect(found[2].hasSuffix(" invalid-name"))
    var late = Array(repeating: "x.jpg\n", count: 20_000).joined().utf8.map { $0 }
    late += Array("y\0z.jpg\nb.jpg\n".utf8)
    #expect(try list(late).suffix(2) == ["y\\x00z.jpg invalid-name", "b.jpg"])
  }

  @Test("names of any length up to the limit cross reads unharmed")
  func longList() throws {
    let names = (0..<6_000).map { "folder\($0 % 97)/image-\($0).jpg" }
    #expect(try list(names.joined(separator: "\n")) == names)
    #expect(try list(names.joined(separator: "\0")) == names)
    #expect(try ImageSources(["@\(folder("list.txt"))"]).count() == .exact(6_000))
  }

  @Test("a list in a pipe is read once, as it comes")
  func pipe() throws {
    var ends: [Int32] = [0, 0]
    #expect(Glibc.pipe(&ends) == 0)
    defer { close(ends[0]) }
    let text = "a.jpg\nb.jpg\n"
    #expect(write(ends[1], text, text.utf8.count) == text.utf8.count)
    close(ends[1])
    let sources = try ImageSources(["@/dev/fd/\(ends[0])"])
    #expect(try sources.count() == .atLeast(0))
    let reader = sources.makeReader()
    #expect(try reader.next()?.key == "a.jpg")
    #expect(try reader.next()?.key == "b.jpg")
    #expect(try reader.next() == nil)
  }

  @Test("an empty list is an error", arguments: ["", "\n\n", "\r\n", "\0\0"])
  func empty(text: String) throws {
    let path = folder.write("list.txt", text.utf8)
    let error = #expect(throws: SourceError.self) { try ImageSources(["@\(path)"]).makeReader().next() }
    #expect(error?.code == .noImages)
  }

  @Test("a list that is missing or a folder is an error")
  func missing() throws {
    #expect(throws: SourceError.self) { try ImageSources(["@\(folder("none.txt"))"]) }
    let error = #expect(throws: SourceError.self) { try ImageSources(["@\(folder.path)"]) }
    #expect(error?.message.contains("folder") == true)
  }

  @Test("standard input twice is an error")
  func twice() {
    let error = #expect(throws: SourceError.self) { try ImageSources(["-", "-"]) }
    #expect(error?.code == .usage)
  }
}

@Suite("Reading files")
struct FileBufferTests {
  let folder = TemporaryFolder()
  let buffer = FileBuffer()

  func code(_ name: String, limit: Int = 1 << 20) -> ImageFailure.Code? {
    do throws(ImageFailure) {
      _ = try buffer.read(SourcePath(folder(name)), limit: limit)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("what cannot be read fails with its code, and nothing waits")
  func failures() {
    folder.makeFolder("folder.jpg")
    folder.write("empty.jpg", [])
    folder.write("large.jpg", [UInt8](repeating: 1, count: 1001))
    folder.link("broken.jpg", to: "nowhere")
    folder.link("circle.jpg", to: "circle.jpg")
    folder.link("null.jpg", to: "/dev/null")
    #expect(mkfifo(folder("pipe.jpg"), 0o644) == 0)
    #expect(code("missing.jpg") == .notFound)
    #expect(code("empty.jpg/inside.jpg") == .notFound)
    #expect(code("folder.jpg") == .isFolder)
    #expect(code("empty.jpg") == .empty)
    #expect(code("large.jpg", limit: 1000) == .tooManyBytes)
    #expect(code("large.jpg", limit: 1001) == nil)
    #expect(code("broken.jpg") == .notFound)
    #expect(code("circle.jpg") == .unreadable)
    #expect(code("null.jpg") == .notRegularFile)
    #expect(code("pipe.jpg") == .notRegularFile)
    #expect(code(String(repeating: "n", count: 300)) == .invalidName)
  }

  @Test("a socket is refused")
  func socket() throws {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: folder("s.jpg").utf8.prefix(100)) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0)
    #expect(code("s.jpg") == .notRegularFile)
  }

  @Test("permissions are respected", .enabled(if: geteuid() != 0, "root may read everything"))
  func permissions() {
    folder.write("secret.jpg")
    chmod(folder("secret.jpg"), 0)
    #expect(code("secret.jpg") == .permissionDenied)
  }

  @Test(
    "files of any size come whole, one after another",
    arguments: [[1, 300_000, 5, 262_144, 262_143, 1_000_000, 7]])
  func sizes(sizes: [Int]) throws {
    for size in sizes {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      folder.write("x.jpg", bytes)
      #expect(try buffer.read(SourcePath(folder("x.jpg")), limit: 1 << 30).elementsEqual(bytes))
    }
  }

  @Test("a file whose size the system does not tell is read to its end")
  func unknownSize() throws {
    // Files of /proc say that they have no bytes.
    #expect(try buffer.read("/proc/self/status", limit: 1 << 20).count > 100)
  }
}
