import CTensorRT
import Foundation
import Testing

/// The generated tables against the data files they are made of, and those against the measured facts where they are.
@Suite struct LayoutTests {
  @Test("the tables give what methods.tsv says, for each version of each family", arguments: DataFiles.versions)
  func methods(version: DataFiles.Version) throws {
    var layout = swoop_trt_layout()
    #expect(
      swoop_trt_layout_fill(
        &layout, version.family, Int32(version.major), Int32(version.minor), Int32(version.patch)))
    let rows = try DataFiles.rows("methods.tsv")
    #expect(rows.count == SWOOP_TRT_ROWS)
    for (index, row) in rows.enumerated() {
      let expected = DataFiles.value(row.cells[Int(version.family.rawValue)], at: version.minor) ?? -1
      #expect(swoop_trt_slot(&layout, Int32(index)) == Int32(expected), "\(row.names) in \(version)")
      #expect(String(cString: swoop_trt_method_scope(Int32(index))) == row.names[0])
      #expect(String(cString: swoop_trt_method_name(Int32(index))) == row.names[1])
    }
  }

  @Test("the tables give what enumerations.tsv says", arguments: DataFiles.versions)
  func enumerations(version: DataFiles.Version) throws {
    var layout = swoop_trt_layout()
    #expect(
      swoop_trt_layout_fill(
        &layout, version.family, Int32(version.major), Int32(version.minor), Int32(version.patch)))
    let rows = try DataFiles.rows("enumerations.tsv")
    #expect(rows.count == SWOOP_TRT_ENUMERATORS)
    for (index, row) in rows.enumerated() {
      let expected =
        DataFiles.value(row.cells[Int(version.family.rawValue)], at: version.minor).map { Int32($0) } ?? Int32.min
      let value = swoop_trt_value(&layout, swoop_trt_enumerator(rawValue: .init(index)))
      #expect(value == expected, "\(row.names) in \(version)")
    }
  }

  @Test("no slot of one version is claimed twice within an interface")
  func distinct() throws {
    let rows = try DataFiles.rows("methods.tsv")
    for version in DataFiles.versions {
      var seen: [String: String] = [:]
      for row in rows {
        guard let slot = DataFiles.value(row.cells[Int(version.family.rawValue)], at: version.minor) else { continue }
        let place = "\(row.names[0]) \(row.names[3]) \(slot)"
        #expect(seen[place] == nil, "\(row.names) and \(seen[place] ?? "") in \(version)")
        seen[place] = row.names[1]
      }
    }
  }

  @Test("a method that a version lacks is not called")
  func absentMethod() {
    var layout = swoop_trt_layout()
    _ = swoop_trt_layout_fill(&layout, SWOOP_TRT_FAMILY_8, 8, 6, 1)
    #expect(!swoop_trt_has(&layout, SWOOP_TRT_IBuilderConfig_setProgressMonitor))
    // The object is never looked at.
    var nothing = 0
    withUnsafeMutableBytes(of: &nothing) { bytes in
      #expect(swoop_trt_IBuilderConfig_getProgressMonitor(&layout, bytes.baseAddress!) == nil)
    }
    #expect(
      String(cString: swoop_trt_method_availability(SWOOP_TRT_IBuilderConfig_setProgressMonitor)).contains("TensorRT 9")
    )
  }

  @Test("pointers that cannot be objects are told from those that can")
  func objects() {
    #expect(!swoop_trt_is_object(nil))
    #expect(!swoop_trt_is_object(UnsafeRawPointer(bitPattern: 0x228)))
    let words = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 2)
    defer { words.deallocate() }
    words.initialize(repeating: nil, count: 2)
    #expect(swoop_trt_is_object(words))
    #expect(!swoop_trt_is_library_object(words))
    words[1] = UnsafeMutableRawPointer(words)
    #expect(swoop_trt_is_library_object(words))
  }

  @Test("a crash under guard is told and survived")
  func guarded() {
    let signal = swoop_trt_guarded(
      { _ in
        _ = kill(getpid(), 0); raise(SIGSEGV)
      }, nil)
    #expect(signal == SIGSEGV)
    #expect(swoop_trt_guarded({ _ in }, nil) == 0)
  }

  // MARK: Facts

  @Test(
    "methods.tsv agrees with the measured facts",
    .enabled(if: DataFiles.facts != nil, "the facts are not beside this checkout"))
  func facts() throws {
    let facts = try #require(DataFiles.facts)
    let classes = try #require(facts["classes"] as? [String: [String: Any]])
    let implemented = try #require(facts["caller_implements"] as? [String: [[String: Any]]])
    var compared = 0
    for row in try DataFiles.rows("methods.tsv") {
      let (scope, native, table, signature) = (row.names[0], row.names[2], row.names[3], row.names[4])
      for version in try DataFiles.measuredVersions() {
        guard let family = version.family else { continue }
        let mine = DataFiles.value(row.cells[family], at: version.minor)
        let measured: Int?
        if table == "caller" {
          measured = Self.implementedSlot(implemented[scope] ?? [], native, signature, version.label)
        } else {
          let type = classes[scope] ?? classes["onnx." + scope] ?? [:]
          measured = Self.slot((type[table] as? [[String: Any]]) ?? [], native, signature, version.label)
        }
        // Facts without a value for a version say nothing; those with one must agree.
        guard let measured else { continue }
        #expect(mine == measured, "\(scope).\(native) \(signature) in \(version.label)")
        compared += 1
      }
    }
    #expect(compared > 4000)
  }

  @Test(
    "enumerations.tsv agrees with the measured facts",
    .enabled(if: DataFiles.facts != nil, "the facts are not beside this checkout"))
  func enumerationFacts() throws {
    let facts = try #require(DataFiles.facts)
    let enumerations = try #require(facts["enums"] as? [String: Any])
    var compared = 0
    for row in try DataFiles.rows("enumerations.tsv") {
      let name = row.names[0]
      let names = ["ILogger::" + name, name, "onnx." + name, "onnx." + name.replacingOccurrences(of: "Onnx", with: "")]
      let key = try #require(names.first { enumerations[$0] != nil })
      let table = try #require(enumerations[key] as? [String: [String: Int]])
      for (range, values) in table {
        for version in try DataFiles.measuredVersions() where DataFiles.contains(range, version.label) {
          guard let family = version.family, let measured = values[row.names[1]] else { continue }
          #expect(DataFiles.value(row.cells[family], at: version.minor) == measured, "\(row.names) in \(version.label)")
          compared += 1
        }
      }
    }
    #expect(compared > 2000)
  }

  private static func slot(_ methods: [[String: Any]], _ native: String, _ signature: String, _ version: String) -> Int?
  {
    for method in methods {
      guard let text = method["sig"] as? String, canonical(text) == plain(signature),
        (method["inner_name"] as? String ?? method["name"] as? String) == native
      else { continue }
      for key in ["at", "inferred_at"] {
        for (range, slot) in (method[key] as? [String: Int]) ?? [:] where DataFiles.contains(range, version) {
          return slot
        }
      }
    }
    return nil
  }

  private static func implementedSlot(
    _ entries: [[String: Any]], _ native: String, _ signature: String, _ version: String
  )
    -> Int?
  {
    for entry in entries {
      guard let range = entry["versions"] as? String, DataFiles.contains(range, version),
        let slots = entry["slots"] as? [String]
      else { continue }
      for slot in slots {
        let parts = slot.split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count == 3, parts[1] == native, canonical(parts[2]) == plain(signature) else { continue }
        return Int(parts[0])
      }
    }
    return nil
  }

  /// Our spelling without the distinctions that the facts do not make.
  private static func plain(_ signature: String) -> String {
    var text = signature
    for ours in ["out", "null"] { text = text.replacingOccurrences(of: ours, with: "ptr") }
    return text
  }

  /// The facts' spelling in our letters: every pointer and reference is `ptr`, every enumeration `i32`.
  private static func canonical(_ signature: String) -> String {
    var text = signature.replacingOccurrences(of: #"\{[^}]*\}"#, with: "", options: .regularExpression)
    text = text.replacingOccurrences(of: #"enum [\w.:]+:i32"#, with: "i32", options: .regularExpression)
    guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return text }
    let parts =
      [String(text[..<open])]
      + text[text.index(after: open)...].dropLast().split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    let types = parts.map { part -> String in
      switch part {
      case "Dims32": "dims32"
      case "Dims64": "dims64"
      case "const Dims32&": "dims32ref"
      case "const Dims64&": "dims64ref"
      case "Weights": "weights"
      case "InterfaceInfo": "info"
      default: part.hasSuffix("*") || part.hasSuffix("&") ? "ptr" : part
      }
    }
    return "\(types[0])(\(types.dropFirst().joined(separator: ",")))"
  }
}
