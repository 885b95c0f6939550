/// A path with wildcards, matched folder by folder.
///
/// `*` stands for any characters of one name, `?` for one character, `[a-z]` for one of a set and `[!a-z]` for one not
/// of it, `**` as a whole name for any number of folders. `\` takes the next character as it is. A wildcard does not
/// stand for a dot at the start of a name.
struct GlobPattern {
  /// What one name of the path must be.
  enum Component: Hashable {
    case name([Token])
    /// `**`
    case anyFolders
  }

  enum Token: Hashable {
    case byte(UInt8)
    case anyCharacter
    case anyRun
    /// Ranges of code points; a byte that is not UTF-8 counts as 0x110000 + byte.
    case set([ClosedRange<UInt32>], isNegated: Bool)
  }

  /// The places in the pattern that a folder may be at. One bit for each component that the names in it may match.
  struct States: Hashable {
    var bits: UInt64
    /// The folder matched the whole pattern: every image below it is taken.
    var takesAll = false

    static let all = States(bits: 0, takesAll: true)
    var isEmpty: Bool { bits == 0 && !takesAll }
  }

  /// The leading folders without wildcards, from which the walk starts: `data` of `data/*/x.jpg`; empty for the
  /// working folder.
  let root: [UInt8]
  private let components: [Component]
  // Whether the last name spells out its extension, as `*.dat` does; then files need not look like images.
  private let namesExtension: Bool

  private static let componentLimit = 60

  /// Whether the text has a wildcard at all.
  static func isPattern(_ text: some Sequence<UInt8>) -> Bool {
    text.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
  }

  /// - Throws: ``SourceError`` where there are more names than the matcher can hold.
  init(_ text: [UInt8]) throws(SourceError) {
    let parts = text.split(separator: UInt8(ascii: "/")).map(Array.init)
    let fixed = parts.prefix { !Self.isPattern($0) }
    var root: [UInt8] = text.first == UInt8(ascii: "/") ? [UInt8(ascii: "/")] : []
    for (position, part) in fixed.enumerated() {
      if position > 0 { root.append(UInt8(ascii: "/")) }
      root += Self.unescaped(part)
    }
    self.root = root
    var components: [Component] = []
    for part in parts.dropFirst(fixed.count) {
      if part == Array("**".utf8) {
        if components.last != .anyFolders { components.append(.anyFolders) }
      } else if part != [UInt8(ascii: ".")] {
        components.append(.name(Self.tokens(part)))
      }
    }
    guard components.count <= Self.componentLimit else {
      throw SourceError(
        .usage,
        "the pattern \(ImageKey.escaped(text)) has more than \(Self.componentLimit) names after its first wildcard"
      )
    }
    self.components = components
    if case .name(let tokens)? = components.last, let dot = tokens.lastIndex(of: .byte(UInt8(ascii: "."))) {
      namesExtension = dot > 0 && dot < tokens.count - 1 && tokens[dot...].allSatisfy(\.isByte)
    } else {
      namesExtension = false
    }
  }

  // MARK: Matching

  /// The states of the folder that the walk starts from.
  var start: States { States(bits: closed(1)) }

  /// The states of a folder of that name in a folder of those states. Empty if nothing below it can match.
  func advance(_ states: States, name: UnsafeBufferPointer<UInt8>) -> States {
    if states.takesAll { return name.first == UInt8(ascii: ".") ? States(bits: 0) : .all }
    var bits: UInt64 = 0
    var takesAll = false
    for position in components.indices where states.bits & 1 << UInt64(position) != 0 {
      switch components[position] {
      case .anyFolders:
        if name.first != UInt8(ascii: ".") { bits |= 1 << UInt64(position) }
      case .name(let tokens):
        guard Self.matches(tokens, name) else { continue }
        if position == components.count - 1 {
          takesAll = true
        } else {
          bits |= 1 << UInt64(position + 1)
        }
      }
    }
    // With `**` the walk comes to what is in a matching folder anyway, if the pattern means it.
    if takesAll, !components.contains(.anyFolders) { return .all }
    return States(bits: closed(bits))
  }

  /// Whether a file of that name in a folder of those states is taken.
  func accepts(_ states: States, name: UnsafeBufferPointer<UInt8>, isImage: Bool) -> Bool {
    if states.takesAll { return isImage && name.first != UInt8(ascii: ".") }
    guard isImage || namesExtension else { return false }
    let last = components.count - 1
    guard last >= 0, states.bits & 1 << UInt64(last) != 0 else { return false }
    switch components[last] {
    case .anyFolders: return isImage && name.first != UInt8(ascii: ".")
    case .name(let tokens): return Self.matches(tokens, name)
    }
  }

  /// `**` stands for no folder too, so whoever is at it is also after it.
  private func closed(_ bits: UInt64) -> UInt64 {
    var result = bits
    for position in components.indices.dropLast()
    where result & 1 << UInt64(position) != 0 && components[position] == .anyFolders {
      result |= 1 << UInt64(position + 1)
    }
    return result
  }

  /// Whether a whole name matches. A `*` is first taken as short as possible and lengthened where the rest fails; only
  /// the last `*` is ever lengthened, so the time is at most the product of the lengths.
  static func matches(_ tokens: [Token], _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    if name.first == UInt8(ascii: "."), tokens.first != .byte(UInt8(ascii: ".")) { return false }
    var token = 0
    var position = 0
    var retry: (token: Int, position: Int)?
    while position < name.count || token < tokens.count {
      if token < tokens.count {
        if case .anyRun = tokens[token] {
          retry = (token, position)
          token += 1
          continue
        }
        if position < name.count, let length = step(tokens[token], name, position) {
          token += 1
          position += length
          continue
        }
      }
      guard let last = retry, last.position < name.count else { return false }
      let longer = last.position + character(name, last.position).length
      retry = (last.token, longer)
      token = last.token + 1
      position = longer
    }
    return true
  }

  /// The count of bytes that a token takes at a place in the name; `nil` where it does not match.
  private static func step(_ token: Token, _ name: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
    switch token {
    case .byte(let byte): return name[position] == byte ? 1 : nil
    case .anyRun: return nil
    case .anyCharacter: return character(name, position).length
    case .set(let ranges, let isNegated):
      let (value, length) = character(name, position)
      return ranges.contains { $0.contains(value) } != isNegated ? length : nil
    }
  }

  private static func character(_ name: UnsafeBufferPointer<UInt8>, _ position: Int) -> (
    value: UInt32, length: Int
  ) {
    let byte = name[position]
    if byte < 0x80 { return (UInt32(byte), 1) }
    var iterator = name[position...].makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    if case .valid(let encoded) = parser.parseScalar(from: &iterator) {
      return (Unicode.UTF8.decode(encoded).value, encoded.count)
    }
    return (0x110000 + UInt32(byte), 1)
  }

  // MARK: Parsing

  private static func unescaped(_ part: [UInt8]) -> [UInt8] {
    tokens(part).compactMap { if case .byte(let byte) = $0 { byte } else { nil } }
  }

  private static func tokens(_ part: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var position = 0
    while position < part.count {
      let byte = part[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\\") where position < part.count:
        tokens.append(.byte(part[position]))
        position += 1
      case UInt8(ascii: "*"):
        if tokens.last != .anyRun { tokens.append(.anyRun) }
      case UInt8(ascii: "?"): tokens.append(.anyCharacter)
      case UInt8(ascii: "["):
        if let (set, end) = set(part, from: position) {
          tokens.append(set)
          position = end
        } else {
          tokens.append(.byte(byte))
        }
      default: tokens.append(.byte(byte))
      }
    }
    return tokens
  }

  /// The set that begins after a `[`; `nil` where no `]` ends it, and the bracket stands for itself.
  private static func set(_ part: [UInt8], from start: Int) -> (Token, end: Int)? {
    var position = start
    var isNegated = false
    if position < part.count, part[position] == UInt8(ascii: "!") || part[position] == UInt8(ascii: "^") {
      isNegated = true
      position += 1
    }
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    return part.withUnsafeBufferPointer { bytes in
      while position < bytes.count {
        // A bracket right after the opening one is a member, as in every shell.
        if bytes[position] == UInt8(ascii: "]"), !isFirst {
          return (.set(ranges, isNegated: isNegated), position + 1)
        }
        isFirst = false
        if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
        let (low, length) = character(bytes, position)
        position += length
        if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "-"),
          bytes[position + 1] != UInt8(ascii: "]")
        {
          let (high, highLength) = character(bytes, position + 1)
          position += 1 + highLength
          // A range that runs backwards holds nothing.
          if low <= high { ranges.append(low...high) }
        } else {
          ranges.append(low...low)
        }
      }
      return nil
    }
  }
}

extension GlobPattern.Token {
  fileprivate var isByte: Bool { if case .byte = self { true } else { false } }
}
