import DynamicLibrary
import ONNXRuntime
import Testing

@Suite("The library")
struct LibraryTests {
  @Test("says its version, where it is, and what it was built with", .enabled(if: Runtime.isHere, "needs ONNX Runtime"))
  func description() throws {
    let library = try #require(Runtime.library)
    let numbers = library.version.split(separator: ".").compactMap { Int($0) }
    #expect(numbers.count >= 2 && (numbers[0], numbers[1]) >= (1, 16), "\(library.version)")
    #expect(library.path.contains("libonnxruntime.so"))
    #expect(library.buildInformation.contains("ORT Build Info"))
    #expect(try library.availableProviders().contains("CPUExecutionProvider"))
  }

  @Test("refuses a library that is too old, with what was found and what is needed")
  func tooOld() throws {
    let error = #expect(throws: ONNXRuntimeError.self) {
      try ONNXRuntimeLibrary.negotiate(path: "/opt/old/libonnxruntime.so.1", version: "1.8.1") { version in
        version > 8 ? nil : UnsafeRawPointer(bitPattern: 8)
      }
    }
    let text = try #require(error).description
    #expect(
      text.contains("1.8.1") && text.contains("1.16.0") && text.contains("/opt/old") && text.contains("pip install"))
  }

  @Test("asks a newer library for the lowest version that serves")
  func newer() throws {
    var asked: [UInt32] = []
    _ = try ONNXRuntimeLibrary.negotiate(path: "x", version: "9.9.9") { version in
      asked.append(version)
      return UnsafeRawPointer(bitPattern: 8)
    }
    #expect(asked == [16])
  }

  @Test("refuses a library that is not ONNX Runtime")
  func anotherLibrary() {
    let error = #expect(throws: SymbolMissingError.self) { try ONNXRuntimeLibrary(path: "libc.so.6") }
    #expect(error?.symbol == "OrtGetApiBase")
  }

  @Test("says which path could not be opened")
  func missing() {
    let error = #expect(throws: LibraryLoadError.Attempt.self) {
      try ONNXRuntimeLibrary(path: "/nowhere/libonnxruntime.so")
    }
    #expect(error?.description.contains("/nowhere/libonnxruntime.so") == true)
  }

  @Test(
    "reads the missing library's name out of the loader's words",
    arguments: [
      ("libcublasLt.so.13: cannot open shared object file: No such file or directory", "libcublasLt.so.13"),
      (
        "/x/libonnxruntime_providers_cuda.so: libcudart.so.13: cannot open shared object file: No such",
        "libcudart.so.13"
      ),
      ("/x/libnvinfer.so.10: cannot open shared object file: No such file or directory", nil),
      ("/x/y.so: undefined symbol: Provider_GetHost", nil),
      ("", nil),
    ] as [(String, String?)])
  func missingName(reason: String, expected: String?) {
    #expect(missingLibrary(in: reason) == expected)
  }
}
