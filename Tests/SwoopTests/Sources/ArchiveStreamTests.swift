internal import Swoop
internal import Testing

@Suite("Archives as sources", .enabled(if: ArchiveBytes.canBeRead, "libarchive is not installed"))
struct ArchiveStreamTests {
  typealias Entry = ArchiveBytes.Entry

  let folder = TemporaryFolder()

  /// Each item as `key bytes` or `key code`.
  func read(_ name: String, _ bytes: [UInt8], limit: Int? = nil) throws -> [String] {
    let path = folder.write(name, bytes)
    var options = ImageSources.Options()
    if let limit { options.entryByteLimit = limit }
    return try items([path], options: options).map { item in
      switch item.location {
      case .bytes(let bytes): "\(item.key) \(String(decoding: bytes, as: UTF8.self))"
      case .failed(let failure): "\(item.key) \(failure.code)"
      case .file: "\(item.key) file"
      }
    }
  }

  @Test(
    "entries come in the archive's order, with other files passed over",
    arguments: ["a.tar", "a.zip", "A.TGZ"])
  func entries(name: String) throws {
    let entries = [
      Entry("z/b.jpg", "one"), Entry("./a.PNG", "two"), Entry("notes.txt"), Entry(".hidden.jpg"),
      Entry("._b.jpg"),
      Entry("__MACOSX/b.jpg"), Entry("c.webp", "three"),
    ]
    let bytes =
      switch name {
      case "a.tar": ArchiveBytes.tar(entries)
      case "a.zip": ArchiveBytes.zip(entries)
      default: ArchiveBytes.gzip(ArchiveBytes.tar(entries))
      }
    #expect(try read(name, bytes) == ["z/b.jpg one", "a.PNG two", "c.webp three"])
  }

  @Test("entries larger than a read come whole")
  func large() throws {
    let text = String(repeating: "0123456789", count: 30_000)
    #expect(
      try read("a.tar", ArchiveBytes.tar([Entry("a.jpg", text), Entry("b.jpg")])) == [
        "a.jpg \(text)", "b.jpg picture",
      ])
    #expect(try read("a.zip", ArchiveBytes.zip([Entry("a.jpg", text)])) == ["a.jpg \(text)"])
  }

  @Test("an archive among several sources has its name in the keys")
  func severalSources() throws {
    folder.write("x/a.tar", ArchiveBytes.tar([Entry("1.jpg")]))
    folder.write("x/b.zip", ArchiveBytes.zip([Entry("1.jpg")]))
    folder.write("1.jpg")
    #expect(
      try keys([folder("x/a.tar"), folder("x/b.zip"), folder("1.jpg")]) == [
        "x/a.tar/1.jpg", "x/b.zip/1.jpg", "1.jpg",
      ])
    #expect(try ImageSources([folder("x/a.tar"), folder("1.jpg")]).count() == .atLeast(2))
  }

  @Test("names that lead elsewhere become harmless keys")
  func names() throws {
    let entries = [
      "/etc/a.jpg", "../../b.jpg", "c/../d.jpg", "./././e.jpg", "f//g.jpg", "h\nx.jpg", "etc/a.jpg",
    ].map { Entry($0) }
    let expected = [
      "\\x2fetc/a.jpg", "\\x2e\\x2e/\\x2e\\x2e/b.jpg", "c/\\x2e\\x2e/d.jpg", "e.jpg", "f/g.jpg",
      "h\\x0ax.jpg", "etc/a.jpg",
    ]
    #expect(
      try read("a.tar", ArchiveBytes.tar(entries)).map { String($0.dropLast(" picture".count)) } == expected)
  }

  @Test(
    "names that are not UTF-8, and names that are, are read in any locale", arguments: ["a.tar", "a.zip"])
  func characterSets(name: String) throws {
    var latin = Entry("")
    latin.name = [0xE9] + Array(".jpg".utf8)
    let entries = [latin, Entry("é日本.jpg")]
    let bytes = name == "a.tar" ? ArchiveBytes.tar(entries) : ArchiveBytes.zip(entries)
    #expect(try read(name, bytes) == ["\\xe9.jpg picture", "é日本.jpg picture"])
  }

  @Test("a name that is there twice gives two keys")
  func twice() throws {
    let entries = [Entry("a.jpg", "1"), Entry("a.jpg", "2"), Entry("a#2.jpg", "3"), Entry("./a.jpg", "4")]
    #expect(
      try read("a.tar", ArchiveBytes.tar(entries)) == ["a.jpg 1", "a#2.jpg 2", "a#2#2.jpg 3", "a#3.jpg 4"])
  }

  @Test("keys are the same whether entries are read or passed over")
  func passedOver() throws {
    let path = folder.write("a.tar", ArchiveBytes.tar([Entry("a.jpg"), Entry("a.jpg"), Entry("b.jpg")]))
    let reader = try ImageSources([path]).makeReader()
    #expect(try reader.next(readingEntries: false)?.key == "a.jpg")
    #expect(try reader.next(readingEntries: false)?.key == "a#2.jpg")
    let last = try reader.next()
    #expect(last?.location == .bytes(Array("picture".utf8)) && last?.index == 2)
  }

  @Test("links, folders and pipes named like images are failed items")
  func odd() throws {
    var hard = Entry("hard.jpg", "")
    hard.type = UInt8(ascii: "1")
    hard.link = "a.jpg"
    var soft = Entry("soft.jpg", "")
    soft.type = UInt8(ascii: "2")
    soft.link = "/etc/passwd"
    var inner = Entry("folder.jpg/", "")
    inner.type = UInt8(ascii: "5")
    var pipe = Entry("pipe.jpg", "")
    pipe.type = UInt8(ascii: "6")
    let bytes = ArchiveBytes.tar([Entry("a.jpg"), hard, soft, inner, pipe, Entry("empty.jpg", "")])
    #expect(
      try read("a.tar", bytes) == [
        "a.jpg picture", "hard.jpg archive-link", "soft.jpg archive-link", "folder.jpg is-folder",
        "pipe.jpg not-a-regular-file", "empty.jpg empty",
      ])
  }

  @Test("an entry over the limit is a failed item, and the next is read", arguments: ["a.tar", "a.zip"])
  func tooLarge(name: String) throws {
    let entries = [
      Entry("a.jpg", String(repeating: "x", count: 1001)),
      Entry("b.jpg", String(repeating: "y", count: 1000)),
    ]
    let bytes = name == "a.tar" ? ArchiveBytes.tar(entries) : ArchiveBytes.zip(entries)
    let found = try read(name, bytes, limit: 1000)
    #expect(found.first == "a.jpg too-many-bytes" && found.last?.hasPrefix("b.jpg yyy") == true)
  }

  @Test("an encrypted entry is a failed item that says so")
  func encrypted() throws {
    #expect(
      try read("a.zip", ArchiveBytes.zip([Entry("a.jpg")], isEncrypted: true)) == ["a.jpg archive-encrypted"])
  }

  @Test("an entry whose checksum is wrong is a failed item")
  func checksum() throws {
    let bytes = ArchiveBytes.zip([Entry("a.jpg"), Entry("b.jpg")], damagesChecksums: true)
    #expect(try read("a.zip", bytes) == ["a.jpg archive-damaged", "b.jpg archive-damaged"])
  }

  @Test(
    "an archive that ends early fails where it ends, and nothing before it is lost",
    arguments: ["a.tar", "a.tgz", "a.zip"])
  func cut(name: String) throws {
    let text = String(repeating: "p", count: 200_000)
    let entries = [Entry("a.jpg", text), Entry("b.jpg", text), Entry("c.jpg", text)]
    let tar = ArchiveBytes.tar(entries)
    let bytes =
      switch name {
      case "a.tar": Array(tar[..<400_000])
      case "a.tgz": Array(ArchiveBytes.gzip(tar)[..<400_000])
      default: Array(ArchiveBytes.zip(entries)[..<400_000])
      }
    let found = try read(name, bytes)
    #expect(found.first == "a.jpg \(text)", "the first entry is whole")
    #expect(found.count == 2 && found[1].contains("archive-damaged"), "\(found.dropFirst())")
  }

  @Test(
    "what is no archive is one failed item with the archive's name",
    arguments: [[], Array("this is text, not an archive".utf8), [UInt8](repeating: 0xFF, count: 5000)])
  func garbage(bytes: [UInt8]) throws {
    for name in ["a.tar", "a.zip", "a.tar.gz"] {
      #expect(try read(name, bytes) == ["\(name) archive-damaged"])
    }
  }

  @Test("a size in a header that is a lie does not exhaust memory")
  func lyingSize() throws {
    var entry = Entry("a.jpg")
    entry.claimedSize = 0o77777777777
    #expect(try read("a.tar", ArchiveBytes.tar([entry])).first == "a.jpg too-many-bytes")
    entry.claimedSize = 1 << 28
    #expect(try read("b.tar", ArchiveBytes.tar([entry])) == ["a.jpg archive-damaged"])
  }

  @Test("an archive without images is an error that says what was looked for")
  func noImages() throws {
    let path = folder.write("a.tar", ArchiveBytes.tar([Entry("notes.txt"), Entry(".b.jpg")]))
    for attempt in 0..<2 {
      let sources = try ImageSources([path])
      let error = #expect(throws: SourceError.self) {
        if attempt == 0 { _ = try sources.count() } else { _ = try sources.makeReader().next() }
      }
      #expect(error?.code == .noImages && error?.message.contains("1 other and 1 hidden") == true)
    }
  }

  @Test("a very long name is shortened and the item fails")
  func longName() throws {
    // As GNU tar writes it: an entry of type L whose bytes are the name of the next.
    let name = String(repeating: "n", count: 5000) + ".jpg"
    var long = Entry("././@LongLink", name + "\0")
    long.type = UInt8(ascii: "L")
    let found = try read("a.tar", ArchiveBytes.tarEntry(long) + ArchiveBytes.tar([Entry("short.jpg")]))
    #expect(found == [String(repeating: "n", count: 200) + " invalid-name"])
  }
}
