import CTensorRT
import Foundation
import Testing

/// The data files against NVIDIA's own headers, by letting clang lay out the classes, wherever NvInfer.h is installed.
///
/// `SWOOP_TENSORRT_INCLUDE` names folders of headers, with colons between them.
@Suite struct HeaderTests {
  static let missing: Comment = "no NvInfer.h on this machine; SWOOP_TENSORRT_INCLUDE may name folders that have it"

  @Test(
    "slots and signatures are those that clang gives NVIDIA's classes", .enabled(if: !Headers.all.isEmpty, missing),
    arguments: Headers.all)
  func slots(headers: Headers) throws {
    let family = try #require(headers.family, "headers of a version without a layout here: \(headers)")
    let dump = try headers.layoutDump()
    var compared = 0
    for row in try DataFiles.rows("methods.tsv") {
      let (scope, native, table, signature) = (row.names[0], row.names[2], row.names[3], row.names[4])
      let type = table == "inner" ? "V\(scope.dropFirst())" : scope
      // Slot 0 of the interfaces with a versioned base is the base's; clang lists what a class declares itself.
      guard let methods = dump[type], native != "getAPILanguage" else { continue }
      let mine = DataFiles.value(row.cells[family], at: headers.minor)
      let name = native == "~deleting" ? "~ [deleting]" : native == "~complete" ? "~ [complete]" : native
      let found = methods.first {
        $0.name == name && ($0.name.hasPrefix("~") || $0.signature == Headers.plain(signature))
      }
      #expect(mine == found?.slot, "\(scope).\(native) \(signature) in \(headers)")
      if mine != nil { compared += 1 }
    }
    #expect(compared > 100)
  }

  @Test(
    "enumerators have the values of NVIDIA's headers", .enabled(if: !Headers.all.isEmpty, missing),
    arguments: Headers.all)
  func enumerators(headers: Headers) throws {
    let family = try #require(headers.family)
    var source = headers.includes
    for row in try DataFiles.rows("enumerations.tsv") {
      guard let value = DataFiles.value(row.cells[family], at: headers.minor) else { continue }
      if row.names[0].hasPrefix("Onnx"), !headers.hasParser { continue }
      let scope =
        switch row.names[0] {
        case "Severity": "nvinfer1::ILogger::Severity"
        case "OnnxErrorCode": "nvonnxparser::ErrorCode"
        case "OnnxParserFlag": "nvonnxparser::OnnxParserFlag"
        default: "nvinfer1::\(row.names[0])"
        }
      source += "static_assert(static_cast<int>(\(scope)::\(row.names[1])) == \(value), \"\");\n"
    }
    let result = try headers.compile(source, ["-fsyntax-only"])
    #expect(result.status == 0, "\(result.output.prefix(4000))")
  }
}

/// One installation of NVIDIA's headers.
struct Headers: CustomTestStringConvertible, CustomStringConvertible, Sendable {
  var folder: String
  var major: Int
  var minor: Int

  var description: String { "\(major).\(minor) in \(folder)" }
  var testDescription: String { "\(major).\(minor)" }
  var family: Int? { [8: 0, 9: 1, 10: 2, 11: 3][major] }
  var hasParser: Bool { FileManager.default.fileExists(atPath: folder + "/NvOnnxParser.h") }
  var includes: String {
    "#include <NvInfer.h>\n" + (hasParser ? "#include <NvOnnxParser.h>\n" : "") + "#include <utility>\n"
  }

  static let all: [Headers] = {
    let named =
      ProcessInfo.processInfo.environment["SWOOP_TENSORRT_INCLUDE"]?.split(separator: ":").map(String.init) ?? []
    let usual = [
      "/usr/include", "/usr/include/x86_64-linux-gnu", "/usr/include/aarch64-linux-gnu", "/usr/local/include",
      "/usr/local/tensorrt/include", "/opt/tensorrt/include",
    ]
    return (named + usual).compactMap { folder in
      guard let text = try? String(contentsOfFile: folder + "/NvInferVersion.h", encoding: .utf8) else { return nil }
      func number(_ names: [String]) -> Int? {
        for line in text.split(separator: "\n") {
          let words = line.split(separator: " ").map(String.init)
          if words.count >= 3, words[0] == "#define", names.contains(words[1]) { return Int(words[2]) }
        }
        return nil
      }
      guard let major = number(["NV_TENSORRT_MAJOR", "TRT_MAJOR_ENTERPRISE"]),
        let minor = number(["NV_TENSORRT_MINOR", "TRT_MINOR_ENTERPRISE"])
      else { return nil }
      return Headers(folder: folder, major: major, minor: minor)
    }
  }()

  struct Method {
    var slot: Int
    var name: String
    var signature: String
  }

  /// The methods of each class with its slots, by the class's name without namespaces.
  func layoutDump() throws -> [String: [Method]] {
    let scopes = Set(try DataFiles.rows("methods.tsv").map { "\($0.names[0]) \($0.names[3])" })
    var source =
      includes + """
        template <class T, class = void> struct Touch { static void go(T *) {} };
        template <class T> struct Touch<T, std::void_t<decltype(delete std::declval<T *>())>> {
          static void go(T *object) { delete object; }
        };
        template <class T> void touch(T *object) { Touch<T>::go(object); }
        void methods(nvinfer1::IPluginRegistry *registry) { registry->setErrorRecorder(nullptr); }

        """
    for scope in scopes.sorted() {
      let words = scope.split(separator: " ").map(String.init)
      let isParser = words[0].hasPrefix("IParser")
      if isParser && !hasParser { continue }
      if words[0] == "IRuntimeCache" { continue }
      if words[0] == "IRuntimeConfig" && (major < 10 || major == 10 && minor < 11) { continue }
      if words[0] == "IProgressMonitor" && major < 9 { continue }
      if words[0] == "ISerializationConfig" && (major < 9 || major == 9 && minor < 2) { continue }
      if words[0] == "IParserRefitter" && major < 10 { continue }
      let name =
        words[1] == "inner"
        ? "nvinfer1::apiv::V\(words[0].dropFirst())" : "\(isParser ? "nvonnxparser" : "nvinfer1")::\(words[0])"
      source += "template void touch(\(name) *);\n"
    }
    if hasParser { source += "const char *say(nvonnxparser::IParserError *error) { return error->desc(); }\n" }
    let result = try compile(source, ["-Xclang", "-fdump-vtable-layouts", "-S", "-o", "/dev/null"])
    try #require(result.status == 0, "\(result.output.suffix(3000))")
    var classes: [String: [Method]] = [:]
    var current: String?
    for line in result.output.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("VTable indices for '") {
        let full = line.dropFirst(20).prefix { $0 != "'" }
        let name = String(full).components(separatedBy: "::").last ?? ""
        current = name
        classes[name] = []
      } else if let name = current {
        let parts = line.components(separatedBy: " | ")
        guard parts.count == 2, let slot = Int(parts[0].trimmingCharacters(in: .whitespaces)) else {
          current = nil
          continue
        }
        classes[name]?.append(method(slot, parts[1]))
      }
    }
    return classes
  }

  /// `int32_t nvinfer1::apiv::VRuntime::getMaxThreads() const` → slot, `getMaxThreads`, `i32()`.
  private func method(_ slot: Int, _ text: String) -> Method {
    if text.contains("~") {
      return Method(slot: slot, name: text.contains("[deleting]") ? "~ [deleting]" : "~ [complete]", signature: "")
    }
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else {
      return Method(slot: slot, name: text, signature: "")
    }
    let head = String(text[..<open])
    let full = head.components(separatedBy: " ").last ?? head
    let name = full.components(separatedBy: "::").last ?? full
    let result = String(head.dropLast(full.count)) + (full.hasPrefix("*") ? "*" : "") + (full.hasPrefix("&") ? "&" : "")
    var arguments: [String] = []
    var depth = 0
    var word = ""
    for character in text[text.index(after: open)..<close] {
      if character == "<" { depth += 1 }
      if character == ">" { depth -= 1 }
      if character == ",", depth == 0 {
        arguments.append(word)
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.trimmingCharacters(in: .whitespaces).isEmpty { arguments.append(word) }
    return Method(slot: slot, name: name, signature: "\(type(result))(\(arguments.map(type).joined(separator: ",")))")
  }

  private func type(_ text: String) -> String {
    let text = text.trimmingCharacters(in: .whitespaces)
    let bare = text.replacingOccurrences(of: "const ", with: "").replacingOccurrences(of: "nvinfer1::", with: "")
      .replacingOccurrences(of: "std::", with: "").replacingOccurrences(of: "*const", with: "*")
      .trimmingCharacters(in: .whitespaces)
    switch bare {
    case "void", "bool": return bare
    case "int32_t": return "i32"
    case "int64_t": return "i64"
    case "uint32_t", "BuilderFlags", "NetworkDefinitionCreationFlags", "TacticSources", "TensorFormats",
      "TempfileControlFlags",
      "OnnxParserFlags", "SerializationFlags", "QuantizationFlags":
      return "u32"
    case "uint64_t", "size_t": return "u64"
    case "float": return "f32"
    case "char *", "AsciiChar *", "ErrorDesc", "IErrorRecorder::ErrorDesc": return "cstr"
    case "Dims", "Dims32", "Dims64": return major < 10 ? "dims32" : "dims64"
    case "Dims &", "Dims32 &", "Dims64 &": return major < 10 ? "dims32ref" : "dims64ref"
    case "Weights": return "weights"
    case "InterfaceInfo": return "info"
    case "cudaStream_t", "cudaEvent_t", "PluginLibraryHandle": return "ptr"
    default: return bare.hasSuffix("*") || bare.hasSuffix("&") ? "ptr" : "i32"
    }
  }

  /// Our spelling without what the headers do not tell apart.
  static func plain(_ signature: String) -> String {
    var text = signature
    for ours in ["out", "null"] { text = text.replacingOccurrences(of: ours, with: "ptr") }
    return text
  }

  func compile(_ source: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("swoop-headers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }
    try source.write(to: work.appendingPathComponent("probe.cpp"), atomically: true, encoding: .utf8)
    // The headers want two names of CUDA; where CUDA is not installed, these do.
    try """
    #pragma once
    #include <stddef.h>
    #include <stdint.h>
    typedef struct CUstream_st *cudaStream_t;
    typedef struct CUevent_st *cudaEvent_t;
    """.write(to: work.appendingPathComponent("cuda_runtime_api.h"), atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "clang++", "-std=c++17", "-Wno-deprecated-declarations", "-Wno-everything", "-I\(folder)", "-idirafter",
        work.path,
      ]
      + arguments + [work.appendingPathComponent("probe.cpp").path]
    let output = work.appendingPathComponent("output")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
  }
}
