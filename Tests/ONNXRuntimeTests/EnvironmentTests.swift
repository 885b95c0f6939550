import Logging
import ONNXRuntime
import Tensors
import Testing

@Suite("The environment", .enabled(if: Runtime.isHere, "needs ONNX Runtime: scripts/get-onnxruntime"))
struct EnvironmentTests {
  @Test("ONNX Runtime's messages keep their level and place")
  func messages() {
    let warning = RuntimeMessage(severity: 2, category: "onnxruntime", location: "graph.cc:12 Clean", text: "a warning")
    #expect(warning.level == .warning && warning.text == "a warning")
    #expect(warning.metadata == ["category": "onnxruntime", "location": "graph.cc:12 Clean"])
    let details = RuntimeMessage(severity: 0, category: nil, location: nil, text: "details")
    #expect(details.level == .trace && details.metadata.isEmpty)
    #expect(RuntimeMessage(severity: 4, category: nil, location: nil, text: "").level == .critical)
    #expect(RuntimeMessage(severity: 99, category: nil, location: nil, text: "").level == .error)
  }

  @Test("Several environments and sessions live side by side, in any order of their ends")
  func lifetimes() throws {
    let library = try #require(Runtime.library)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    var session: Session?
    do {
      let environment = try Environment(library: library, logger: logger)
      session = try Session(environment: environment, path: Fixtures.path("v8"), options: Runtime.quiet)
      _ = try Environment(library: library, logger: logger)
    }
    let input = try Value.holding(
      Fixtures.image(channel: 0, column: 1, row: 1), shape: [1, 3, 64, 64], type: .float32)
    let output = try #require(try session?.run(["images": input]).first)
    session = nil
    // The value outlives its session.
    #expect(try output.elements(as: Float.self)[4 * 128 + 9] == 1)
  }
}
