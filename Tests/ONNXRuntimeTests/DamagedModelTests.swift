import ONNXRuntime
import SeededNumbers
import Tensors
import Testing
import TestSupport

/// What arrives as a model may be anything.
@Suite("Damaged models", .enabled(if: Runtime.isHere, "needs ONNX Runtime: scripts/get-onnxruntime"))
struct DamagedModelTests {
  private func load(_ bytes: [UInt8]) throws -> Session {
    let environment = try #require(Runtime.environment)
    return try bytes.withUnsafeBytes { try Session(environment: environment, model: $0, options: Runtime.quiet) }
  }

  @Test("A model cut short anywhere is an error", arguments: ["v8", "efficient-nms", "data-dependent"])
  func truncated(model: String) throws {
    let bytes = try Fixtures.bytes(model)
    for count in stride(from: 0, to: bytes.count, by: 13) {
      // A cut between two fields can leave a smaller model that is whole; everything else is refused.
      do {
        let session = try load(Array(bytes[..<count]))
        #expect(session.metadata.custom.count < (try Runtime.session(model).metadata.custom.count), "cut at \(count)")
      } catch let error as ONNXRuntimeError {
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test("A model with flipped bytes is an error or a model, never a crash", arguments: ["v8", "v5", "efficient-nms"])
  func mutated(model: String) throws {
    let bytes = try Fixtures.bytes(model)
    var random = SplitMix64(seed: 0x0e4)
    var refused = 0
    for _ in 0..<150 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      do {
        let session = try load(damaged)
        // Whatever was read must be usable as it is.
        #expect(session.inputs.allSatisfy { $0.shape.dimensions.allSatisfy { ($0.length ?? 0) >= 0 } })
      } catch let error as ONNXRuntimeError {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 0)
  }

  @Test("Bytes that are no model at all are an error")
  func noise() throws {
    var random = SplitMix64(seed: 7)
    for count in [0, 1, 2, 7, 64, 4096] {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(throws: ONNXRuntimeError.self) { try load(bytes) }
    }
  }
}
