import Detection
import SeededNumbers
import Testing

@Suite("Python literals")
struct PythonLiteralTests {
  @Test(
    "A literal has the value that Python gives it",
    arguments: [
      ("None", PythonLiteral.none), ("True", .bool(true)), (" False\n", .bool(false)),
      ("0", .integer(0)), ("-17", .integer(-17)), ("+3", .integer(3)), ("1_000", .integer(1000)),
      ("0x_ff", .integer(255)), ("0o17", .integer(15)), ("-0b101", .integer(-5)), ("000", .integer(0)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("1.5", .float(1.5)), ("1.", .float(1)), (".5", .float(0.5)), ("-1e-3", .float(-0.001)),
      ("1_0.2_5E1", .float(102.5)),
      ("[]", .list([])), ("[1, 2,]", .list([.integer(1), .integer(2)])),
      ("()", .tuple([])), ("(1)", .integer(1)), ("(1,)", .tuple([.integer(1)])),
      ("{1, 2}", .set([.integer(1), .integer(2)])), ("set()", .set([])),
      ("{}", .dictionary([])),
      (
        "{0: 'a', 1: \"b\"}",
        .dictionary([
          .init(key: .integer(0), value: .string("a")), .init(key: .integer(1), value: .string("b")),
        ])
      ),
      ("[ # what follows is a list\n 1 \\\n , 2 ]", .list([.integer(1), .integer(2)])),
    ])
  func value(text: String, expected: PythonLiteral) throws {
    #expect(try PythonLiteral(parsing: text) == expected)
  }

  @Test(
    "A string has the characters that Python gives it",
    arguments: [
      (#"'it\'s'"#, "it's"), (#""driver's seat""#, "driver's seat"), (#"'a\\b'"#, #"a\b"#),
      (#"'\a\b\f\n\r\t\v'"#, "\u{7}\u{8}\u{c}\n\r\t\u{b}"), (#"'\101\7\0'"#, "A\u{7}\u{0}"),
      (#"'\x41\u00e9\U0001F600'"#, "Aé😀"),
      (#"'\ud83d\ude00'"#, "😀"), (#"'\N{greek small letter alpha}\N{CJK UNIFIED IDEOGRAPH-8D64}'"#, "α赤"),
      (#"'\q\''"#, #"\q'"#),
      (#"r'\n'"#, #"\n"#), (#"R"a\"b""#, #"a\"b"#), (#"u'x'"#, "x"),
      ("'one ' \"two\"\n 'three'", "one twothree"),
      ("'''a\n'b''c'''", "a\n'b''c"), ("'a\\\nb'", "ab"), ("'赤血球'", "赤血球"), ("''", ""),
    ])
  func string(text: String, expected: String) throws {
    #expect(try PythonLiteral(parsing: text) == .string(expected))
  }

  @Test("Bytes are bytes")
  func bytes() throws {
    #expect(try PythonLiteral(parsing: #"b'\xff\101' br'\n'"#) == .bytes([0xFF, 0x41, 0x5C, 0x6E]))
  }

  @Test(
    "What is not a literal is refused at its place",
    arguments: [
      ("", 1), ("   ", 4), ("{0: 'a'", 1), ("[1, 2", 1), ("[1 2]", 4), ("{0 'a'}", 4), ("{1, 2: 3}", 6),
      ("'abc", 1),
      ("'a\nb'", 3), ("1 2", 3), ("__import__('os')", 1), ("nan", 1), ("true", 1), ("007", 1), ("1__0", 2),
      ("0x", 3),
      ("1e", 3), ("12px", 3), ("9223372036854775808", 1), ("--1", 2), (#"'\x4'"#, 2), (#"'\ud800'"#, 2),
      (#"'\N{NO SUCH NAME}'"#, 2), ("b'é'", 3), ("f'{x}'", 1), ("'a' b'b'", 5), ("[,]", 2), ("é", 1),
      ("'é' é", 5), ("1j", 2),
      ("]", 1), ("{,}", 2), ("'\\", 2),
    ])
  func refusal(text: String, position: Int) {
    let error = #expect(throws: PythonLiteralError.self) { try PythonLiteral(parsing: text) }
    #expect(error?.position == position, "\(error?.description ?? "")")
  }

  @Test("Brackets nest to the limit and no further")
  func depth() throws {
    let limit = PythonLiteral.maximumDepth
    _ = try PythonLiteral(
      parsing: String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
    for opening in ["[", "(", "{", "{0:", "[(", "{1:["] {
      #expect(throws: PythonLiteralError.self) {
        try PythonLiteral(parsing: String(repeating: opening, count: 100_000))
      }
    }
  }

  @Test("JSON has its own escapes and words, and no more than those")
  func json() throws {
    let text = #"{"0": "a\/bé\ud83d\ude00", "1": [true, false, null, -1.5e3]}"#
    #expect(
      try PythonLiteral(parsing: text, as: .json)
        == .dictionary([
          .init(key: .string("0"), value: .string("a/bé😀")),
          .init(key: .string("1"), value: .list([.bool(true), .bool(false), .none, .float(-1500)])),
        ]))
    for text in [
      "{0: 'a'}", "[1,]", "(1)", "None", #""\x41""#, "'a'", #""a" "b""#, "+1", "{\"a\"}", "\"a\nb\"", "1.",
    ] {
      #expect(throws: PythonLiteralError.self, "\(text)") { try PythonLiteral(parsing: text, as: .json) }
    }
  }

  @Test("Damaged text gives a value or an error, never a crash", arguments: 0..<40)
  func damage(seed: Int) {
    var random = SplitMix64(seed: seed)
    let text =
      #"{0: 'RBC', 1: "W\x42\u0043", 2: [1.5, -2, (3,), {4}, b'\xff'], 'k': None, "\u0031": r'\d' 'x'}"#
    for _ in 0..<60 {
      var bytes = Array(text.utf8)
      for _ in 0..<random.int(1...4) {
        let place = random.int(0...(bytes.count - 1))
        switch random.int(0...2) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default:
          bytes.insert(
            contentsOf: Array("{}[]()'\"\\,:0bxe".utf8).shuffled(using: &random).prefix(2), at: place)
        }
      }
      let damaged = String(decoding: bytes, as: UTF8.self)
      for dialect in [PythonLiteral.Dialect.python, .json] {
        do throws(PythonLiteralError) {
          _ = try PythonLiteral(parsing: damaged, as: dialect)
        } catch {
          #expect((1...damaged.unicodeScalars.count + 1).contains(error.position))
        }
      }
    }
  }
}
