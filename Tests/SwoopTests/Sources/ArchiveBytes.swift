internal import Glibc

/// Archives made byte by byte, so that tests can damage them where they want.
enum ArchiveBytes {
  /// Whether libarchive can be opened on this machine.
  static let canBeRead = dlopen("libarchive.so.13", RTLD_NOW) != nil

  struct Entry {
    var name: [UInt8]
    var bytes: [UInt8] = Array("picture".utf8)
    /// The tar type flag: a file, a hard link `1`, a symbolic link `2`, a folder `5`, a pipe `6`.
    var type = UInt8(ascii: "0")
    var link = ""
    /// The size in the header, where it is not the real one.
    var claimedSize: Int?

    init(_ name: String, _ text: String = "picture") {
      self.name = Array(name.utf8)
      bytes = Array(text.utf8)
    }
  }

  // MARK: tar

  static func tar(_ entries: [Entry]) -> [UInt8] {
    entries.flatMap { tarEntry($0) } + [UInt8](repeating: 0, count: 1024)
  }

  static func tarEntry(_ entry: Entry) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: some Sequence<UInt8>, at offset: Int) {
      for (position, byte) in text.enumerated() { header[offset + position] = byte }
    }
    func octal(_ value: Int, digits: Int) -> [UInt8] {
      let text = String(value, radix: 8)
      return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
    }
    put(entry.name.prefix(100), at: 0)
    put(octal(0o644, digits: 7), at: 100)
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(octal(entry.claimedSize ?? entry.bytes.count, digits: 11), at: 124)
    put(octal(0, digits: 11), at: 136)
    header[156] = entry.type
    put(entry.link.utf8, at: 157)
    put("ustar\0".utf8, at: 257)
    put("00".utf8, at: 263)
    put("        ".utf8, at: 148)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + [0, 0x20], at: 148)
    let padding = (512 - entry.bytes.count % 512) % 512
    return header + entry.bytes + [UInt8](repeating: 0, count: padding)
  }

  // MARK: gzip

  /// A gzip file of blocks that are stored, not compressed.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var position = 0
    repeat {
      let count = min(0xFFFF, bytes.count - position)
      let isLast: UInt8 = position + count == bytes.count ? 1 : 0
      result += [isLast] + little(count, 2) + little(~count & 0xFFFF, 2)
      result += bytes[position..<position + count]
      position += count
    } while position < bytes.count
    return result + little(Int(checksum(bytes)), 4) + little(bytes.count, 4)
  }

  // MARK: zip

  /// A zip file of stored entries.
  static func zip(_ entries: [Entry], isEncrypted: Bool = false, damagesChecksums: Bool = false) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      // An encrypted entry has 12 more bytes at its start.
      let bytes = isEncrypted ? [UInt8](repeating: 7, count: 12) + entry.bytes : entry.bytes
      let sum = Int(checksum(entry.bytes)) ^ (damagesChecksums ? 1 : 0)
      let size = entry.claimedSize ?? bytes.count
      let common =
        little(isEncrypted ? 1 : 0, 2) + little(0, 2) + little(0, 4) + little(sum, 4) + little(size, 4)
        + little(entry.claimedSize ?? entry.bytes.count, 4) + little(entry.name.count, 2)
      let offset = body.count
      body += little(0x0403_4b50, 4) + little(20, 2) + common + little(0, 2) + entry.name + bytes
      directory +=
        little(0x0201_4b50, 4) + little(0x0314, 2) + little(20, 2) + common + little(0, 2) + little(0, 2)
        + little(0, 2)
        + little(0, 2) + little(0o100644 << 16, 4) + little(offset, 4) + entry.name
    }
    let end =
      little(0x0605_4b50, 4) + little(0, 4) + little(entries.count, 2) + little(entries.count, 2)
      + little(directory.count, 4) + little(body.count, 4) + little(0, 2)
    return body + directory + end
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// CRC-32 as gzip and zip use it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = ~0
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}
