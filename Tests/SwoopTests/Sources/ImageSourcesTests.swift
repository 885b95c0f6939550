internal import Glibc
internal import Swoop
internal import Testing

/// All items of sources.
func items(_ words: [String], options: ImageSources.Options = .init()) throws -> [SourceItem] {
  let reader = try ImageSources(words, options: options).makeReader()
  var items: [SourceItem] = []
  while let item = try reader.next() { items.append(item) }
  return items
}

func keys(_ words: [String], options: ImageSources.Options = .init()) throws -> [String] {
  try items(words, options: options).map(\.key)
}

extension SourceItem {
  var failure: ImageFailure? { if case .failed(let failure) = location { failure } else { nil } }
  var fileName: String? {
    if case .file(let path) = location { path.description } else { nil }
  }
}

@Suite("Folders and files as sources")
struct ImageSourcesTests {
  let folder = TemporaryFolder()

  @Test("a folder is walked in the order of whole paths by bytes")
  func order() throws {
    let names = [
      "a-b.jpg", "a.jpg", "a/x.jpg", "a/y/z.PNG", "a0.jpg", "B.JPEG", "é.webp", "z.heic", "a/.hidden.jpg",
      "notes.txt",
      ".git/x.jpg", "z.jpg.txt", "jpg", ".jpg",
    ]
    for name in names { folder.write(name) }
    let found = try keys([folder.path])
    #expect(found == ["B.JPEG", "a-b.jpg", "a.jpg", "a/x.jpg", "a/y/z.PNG", "a0.jpg", "z.heic", "é.webp"])
    #expect(found == found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("items have running indices and the paths that open the files")
  func itemsOfFolder() throws {
    folder.write("a.jpg")
    folder.write("b/c.jpg")
    let found = try items([folder.path + "/"])
    #expect(found.map(\.index) == [0, 1])
    #expect(found.map(\.fileName) == [folder("a.jpg"), folder("b/c.jpg")])
  }

  @Test("every listed extension counts in any case of letters, and no other does")
  func extensions() throws {
    for ending in ImageExtensions.all {
      folder.write("lower.\(ending)")
      folder.write("UPPER.\(ending.uppercased())")
    }
    for ending in ["txt", "jpgx", "jp", "xjpg2000000", "mp4"] { folder.write("other.\(ending)") }
    #expect(try keys([folder.path]).count == 2 * ImageExtensions.all.count)
  }

  @Test("several sources have keys relative to the folder that holds them all")
  func severalSources() throws {
    for name in ["train/images/1.jpg", "val/images/1.jpg", "val/2.jpg", "3.jpg"] { folder.write(name) }
    #expect(
      try keys([folder("val/images"), folder("train/images")]) == ["val/images/1.jpg", "train/images/1.jpg"])
    #expect(
      try keys([folder("val"), folder("3.jpg"), folder("train/images/1.jpg")])
        == ["val/2.jpg", "val/images/1.jpg", "3.jpg", "train/images/1.jpg"])
    #expect(try keys([folder("val/images/1.jpg")]) == ["1.jpg"])
    #expect(try keys([folder("val/images/1.jpg"), folder("val/2.jpg")]) == ["images/1.jpg", "2.jpg"])
    #expect(try keys([folder("val/./images/../images")]) == ["1.jpg"])
  }

  @Test("a file that is named is taken whatever its extension is")
  func namedFile() throws {
    folder.write("picture.dat")
    folder.write("picture")
    #expect(try keys([folder("picture.dat"), folder("picture")]) == ["picture.dat", "picture"])
  }

  @Test("names that are not UTF-8 give different, valid keys and open the right file")
  func notUTF8() throws {
    let names: [[UInt8]] = [
      [0xFF] + Array(".jpg".utf8), [0xFE] + Array(".jpg".utf8), Array("\\xff.jpg".utf8),
      Array("a\nb.jpg".utf8),
      Array("a\\b.jpg".utf8), Array("\u{85}.jpg".utf8), [0xC3] + Array(".jpg".utf8),
    ]
    for (number, name) in names.enumerated() { folder.write(name, [UInt8(number)]) }
    let found = try items([folder.path])
    #expect(
      Set(found.map(\.key)) == [
        "\\xff.jpg", "\\xfe.jpg", "\\x5cxff.jpg", "a\\x0ab.jpg", "a\\b.jpg", "\\xc2\\x85.jpg", "\\xc3.jpg",
      ])
    let buffer = FileBuffer()
    var contents: Set<UInt8> = []
    for item in found {
      guard case .file(let path) = item.location else { continue }
      contents.formUnion(try buffer.read(path, limit: 100))
    }
    #expect(contents == Set(0..<7))
  }

  @Test("links are followed, and folders that lead back to themselves end")
  func loops() throws {
    folder.write("a/1.jpg")
    folder.write("elsewhere/2.jpg")
    folder.link("a/self", to: ".")
    folder.link("a/up", to: "..")
    folder.link("a/b", to: "../elsewhere")
    folder.link("a/3.jpg", to: "1.jpg")
    let reader = try ImageSources([folder("a")]).makeReader()
    var found: [String] = []
    while let item = try reader.next() { found.append(item.key) }
    #expect(
      found == ["1.jpg", "3.jpg", "b/2.jpg", "up/elsewhere/2.jpg"])
    #expect(reader.tally.loops == 2)
  }

  @Test("what has an image's name and is none becomes a failed item")
  func odd() throws {
    folder.write("ok.jpg")
    folder.makeFolder("folder.jpg")
    folder.write("folder.jpg/inside.png")
    folder.link("broken.jpg", to: "nowhere")
    folder.link("circle.jpg", to: "circle.jpg")
    folder.link("device.jpg", to: "/dev/zero")
    #expect(mkfifo(folder("pipe.jpg"), 0o644) == 0)
    let found = try items([folder.path])
    #expect(
      found.map { "\($0.key) \($0.failure?.code.rawValue ?? "file")" } == [
        "broken.jpg not-found", "circle.jpg unreadable", "device.jpg not-a-regular-file",
        "folder.jpg is-folder",
        "folder.jpg/inside.png file", "ok.jpg file", "pipe.jpg not-a-regular-file",
      ])
    #expect(try ImageSources([folder.path]).count() == .exact(7))
  }

  @Test(
    "a folder with more names than the limit is sorted through a file",
    arguments: [1, 40, 200, 1000, 1 << 20])
  func spilled(limit: Int) throws {
    for index in 0..<300 { folder.write("\(index * 7919 % 300).jpg") }
    folder.write("100/x.jpg")
    folder.write("100.JPG")
    var options = ImageSources.Options()
    options.nameByteLimit = limit
    let expected = ((0..<300).map { "\($0).jpg" } + ["100/x.jpg", "100.JPG"]).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    #expect(try keys([folder.path], options: options) == expected)
    #expect(try ImageSources([folder.path], options: options).count() == .exact(302))
  }

  @Test("a source without images is an error that says what was looked for")
  func empty() throws {
    folder.write("notes.txt")
    folder.makeFolder("deep/er")
    let sources = try ImageSources([folder.path])
    let counting = #expect(throws: SourceError.self) { try sources.count() }
    #expect(counting?.code == .noImages)
    let reading = #expect(throws: SourceError.self) { try sources.makeReader().next() }
    let message = try #require(reading?.message)
    #expect(
      message.contains(folder.path) && message.contains(".jpg") && message.contains("1 other"), "\(message)")
  }

  @Test("an empty second source is found by counting, before the run")
  func emptySecond() throws {
    folder.write("a/1.jpg")
    folder.makeFolder("b")
    #expect(throws: SourceError.self) { try ImageSources([folder("a"), folder("b")]).count() }
  }

  @Test(
    "a source that is missing is an error with a hint",
    arguments: [
      ("photo", "Did you mean"), ("PHOTOS", "Did you mean"), ("nothing-like-it", "working folder"),
    ])
  func missing(name: String, hint: String) {
    folder.write("photos/1.jpg")
    let error = #expect(throws: SourceError.self) { try ImageSources([folder(name)]) }
    #expect(error?.code == .notFound)
    #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
  }

  @Test(
    "sources that cannot be meant are explained",
    arguments: [
      ("https://example.org/a.jpg", "on this machine"), ("~/photos", "shell"), ("", "empty"),
      ("@", "followed"),
      ("@a.jpg", "Leave the @ away"),
    ])
  func hints(word: String, hint: String) {
    let error = #expect(throws: SourceError.self) { try ImageSources([word]) }
    #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
  }

  @Test("no source at all is an error")
  func noWords() {
    #expect(throws: SourceError.self) { try ImageSources([String]()) }
  }
}

@Suite("Sources that fail")
struct SourceFaultTests {
  let folder = TemporaryFolder()

  @Test("a folder that cannot be opened is a failed item, and the walk goes on")
  func tooDeep() throws {
    folder.write("a.jpg")
    folder.write("z.jpg")
    // Deeper than any path that the system takes: each level is made from the one above.
    var parent = open(folder.path, O_RDONLY | O_DIRECTORY)
    let name = "m" + String(repeating: "d", count: 200)
    var descriptors = [parent]
    for _ in 0..<21 {
      #expect(mkdirat(parent, name, 0o755) == 0)
      parent = openat(parent, name, O_RDONLY | O_DIRECTORY)
      descriptors.append(parent)
    }
    let file = openat(parent, "deep.jpg", O_WRONLY | O_CREAT, 0o644)
    close(file)
    let found = try items([folder.path])
    #expect(found.map(\.key).first == "a.jpg" && found.map(\.key).last == "z.jpg")
    let failed = try #require(found.first { $0.failure != nil })
    #expect(failed.failure?.code == .invalidName && failed.failure?.reason.contains("folder") == true)
    #expect(found.count == 3)
    // The usual way of removing does not reach so deep either.
    unlinkat(parent, "deep.jpg", 0)
    for descriptor in descriptors.reversed().dropFirst() { unlinkat(descriptor, name, AT_REMOVEDIR) }
    for descriptor in descriptors { close(descriptor) }
  }

  @Test("a folder without permission is a failed item", .enabled(if: geteuid() != 0, "root may read everything"))
  func permission() throws {
    folder.write("a.jpg")
    folder.write("secret/b.jpg")
    chmod(folder("secret"), 0)
    defer { chmod(folder("secret"), 0o755) }
    #expect(try items([folder.path]).map { $0.failure?.code } == [nil, .permissionDenied])
    #expect(try items([folder("secret")]).map(\.key) == ["secret"])
  }

  @Test("a folder that goes while it is walked is a failed item")
  func removed() throws {
    for name in ["a/1.jpg", "b/1.jpg", "c/1.jpg"] { folder.write(name) }
    let reader = try ImageSources([folder.path]).makeReader()
    #expect(try reader.next()?.key == "a/1.jpg")
    unlink(folder("b/1.jpg"))
    rmdir(folder("b"))
    let failed = try reader.next()
    #expect(failed?.key == "b" && failed?.failure?.code == .notFound)
    #expect(try reader.next()?.key == "c/1.jpg")
    #expect(try reader.next() == nil)
  }

  @Test("a file whose reading fails half-way has the system's reason")
  func readError() {
    // Reading the first page of one's own memory is an input/output error.
    let buffer = FileBuffer()
    let error = #expect(throws: ImageFailure.self) {
      _ = try buffer.read("/proc/self/mem", limit: 1 << 20)
    }
    #expect(error?.code == .unreadable)
  }

  @Test("hidden files are walked where that is asked for")
  func hidden() throws {
    for name in ["a.jpg", ".b.jpg", ".c/d.jpg"] { folder.write(name) }
    var options = ImageSources.Options()
    options.includesHidden = true
    #expect(try keys([folder.path], options: options) == [".b.jpg", ".c/d.jpg", "a.jpg"])
    #expect(try keys([folder(".c")]) == ["d.jpg"])
    #expect(try keys([folder(".b.jpg")]) == [".b.jpg"])
    let reader = try ImageSources([folder.path]).makeReader()
    while try reader.next() != nil {}
    #expect(reader.tally.hidden == 2)
  }

  @Test("two links to one folder are two ways to its images, with keys of their own")
  func twoWays() throws {
    folder.write("real/1.jpg")
    folder.link("way", to: "real")
    #expect(try keys([folder.path]) == ["real/1.jpg", "way/1.jpg"])
  }

  @Test("the same source twice gives every image twice, with the same keys")
  func sameTwice() throws {
    folder.write("1.jpg")
    #expect(try keys([folder.path, folder.path]) == ["1.jpg", "1.jpg"])
  }

  @Test("words of the command line are found by their bytes")
  func arguments() {
    #expect(SourcePath.arguments(["a", "é"]) == ["a", "é"])
    #expect(SourcePath.arguments([CommandLine.arguments[0]]) == [SourcePath(CommandLine.arguments[0])])
  }
}
