import ONNXRuntime
import Tensors
import Testing

@Suite("Sessions", .enabled(if: Runtime.isHere, "needs ONNX Runtime: scripts/get-onnxruntime"))
struct SessionTests {
  @Test("describe inputs and outputs with the model's names, fixed and dynamic axes and element types")
  func descriptors() throws {
    let session = try Runtime.session("v8")
    #expect(session.inputs.count == 1 && session.outputs.count == 1)
    let input = try #require(session.inputs.first)
    #expect(input.name == "images" && input.elementType == .float32)
    #expect(
      input.shape.rank == 4 && input.shape[0].length == nil && Array(input.shape.dimensions[1...]) == [3, 64, 64])
    let output = try #require(session.outputs.first)
    #expect(output.name == "output0" && Array(output.shape.dimensions[1...]) == [7, 128])
    if case .dynamic(let name) = input.shape[0] { #expect(name == "batch") }
  }

  @Test(
    "report every element type",
    arguments: [
      ("v8-float16", ElementType.float16, ElementType.float16), ("v8-uint8", .uint8, .float32),
      ("three-tensors", .float32, .int64), ("efficient-nms", .float32, .int32),
    ])
  func elementTypes(model: String, input: ElementType, output: ElementType) throws {
    let session = try Runtime.session(model)
    #expect(session.inputs[0].elementType == input)
    #expect(session.outputs[0].elementType == output)
  }

  @Test("read the exporter's metadata")
  func metadata() throws {
    let metadata = try Runtime.session("v8").metadata
    #expect(metadata.custom["stride"] == "8" && metadata.custom["task"] == "detect")
    #expect(metadata.custom["names"] == "{0: 'red', 1: 'green', 2: 'blue'}")
    #expect(!metadata.producer.isEmpty && !metadata.graph.isEmpty)
    #expect(try Runtime.session("v8-no-metadata").metadata.custom.isEmpty)
    #expect(try Runtime.session("v8-odd-names").metadata.custom["names"]?.isEmpty == false)
  }

  @Test("run with named values", arguments: [1, 3])
  func run(batch: Int) throws {
    let session = try Runtime.session("v8")
    // Image i has one bright cell, of channel i, in column i and row 2.
    let pixels = (0..<batch).flatMap { Fixtures.image(channel: $0, column: $0, row: 2) }
    let outputs = try session.run([
      "images": .holding(pixels, shape: [batch, 3, 64, 64], type: .float32)
    ])
    #expect(outputs.count == 1 && outputs[0].shape == [batch, 7, 128] && outputs[0].elementType == .float32)
    let values = try outputs[0].elements(as: Float.self)
    #expect(values.count == batch * 7 * 128)
    for image in 0..<batch {
      let cell = 2 * 8 + image
      func at(_ row: Int) -> Float { values[(image * 7 + row) * 128 + cell] }
      #expect([at(0), at(1), at(2), at(3)] == [Float(8 * image + 4), 20, 8, 8])
      #expect((0..<3).map { at(4 + $0) } == (0..<3).map { $0 == image ? 1 : 0 })
    }
  }

  @Test("give only the outputs asked for, in that order")
  func chosenOutputs() throws {
    let session = try Runtime.session("three-tensors")
    let input = try Value.holding(
      Fixtures.image(channel: 1, column: 0, row: 0), shape: [1, 3, 64, 64], type: .float32)
    let outputs = try session.run(["images": input], outputs: ["conf", "class_id"])
    #expect(outputs.map(\.elementType) == [.float32, .int64])
    #expect(try outputs[0].elements(as: Float.self)[0] == 1)
    #expect(try outputs[1].elements(as: Int64.self)[0] == 1)
  }

  @Test("load the same model from memory")
  func fromMemory() throws {
    let bytes = try Fixtures.bytes("v8")
    let environment = try #require(Runtime.environment)
    let session = try bytes.withUnsafeBytes {
      try Session(environment: environment, model: $0, options: Runtime.quiet)
    }
    #expect(session.inputs == (try Runtime.session("v8").inputs))
    #expect(session.metadata == (try Runtime.session("v8").metadata))
  }

  @Test("take every option")
  func everyOption() throws {
    var options = Runtime.quiet
    options.graphOptimization = .basic
    options.interOpThreads = 1
    options.runsBranchesInParallel = true
    options.allowsSpinning = false
    options.usesMemoryPattern = false
    options.usesHostArena = false
    options.logLevel = .fatal
    options.dimensionLengths = ["batch": 2]
    options.configuration = ["session.set_denormal_as_zero": "1"]
    let session = try Runtime.session("v8", options: options)
    #expect(session.inputs[0].shape == [2, 3, 64, 64])
  }

  @Test("refuse wrong names, shapes and types in ONNX Runtime's words")
  func wrongInputs() throws {
    let session = try Runtime.session("v8")
    let zeros = [Float](repeating: 0, count: 3 * 64 * 64)
    let good = try Value.holding(zeros, shape: [1, 3, 64, 64], type: .float32)
    #expect(throws: ONNXRuntimeError.self) { try session.run(["pictures": good]) }
    #expect(throws: ONNXRuntimeError.self) { try session.run(["images": good], outputs: ["output7"]) }
    #expect(throws: ONNXRuntimeError.self) { try session.run([:]) }
    let narrow = try Value.holding(Array(zeros.prefix(3 * 64 * 32)), shape: [1, 3, 64, 32], type: .float32)
    let error = #expect(throws: ONNXRuntimeError.self) { try session.run(["images": narrow]) }
    #expect(
      error?.code == .invalidArgument && error?.message.contains("images") == true, "\(String(describing: error))")
    let integers = try Value.holding([Int32](repeating: 0, count: 3 * 64 * 64), shape: [1, 3, 64, 64], type: .int32)
    #expect(throws: ONNXRuntimeError.self) { try session.run(["images": integers]) }
  }

  @Test("name the operator that nothing implements")
  func unsupportedOperator() {
    let error = #expect(throws: ONNXRuntimeError.self) { try Runtime.session("unsupported-operator") }
    #expect(error?.message.contains("Sharpen") == true, "\(String(describing: error))")
  }

  @Test("refuse files that are missing")
  func missingFile() {
    let error = #expect(throws: ONNXRuntimeError.self) { try Runtime.session("no-such-model") }
    #expect(error?.code == .noSuchFile)
  }

  @Test("end at once when terminated, and run again when allowed")
  func termination() throws {
    let session = try Runtime.session("v8")
    let options = try RunOptions(
      library: session.library, tag: "test", configuration: ["memory.enable_memory_arena_shrinkage": "cpu:0"])
    let input = try Value.holding(
      Fixtures.image(channel: 0, column: 0, row: 0), shape: [1, 3, 64, 64], type: .float32)
    try options.terminate()
    #expect(throws: ONNXRuntimeError.self) { try session.run(["images": input], options: options) }
    try options.allow()
    #expect(try session.run(["images": input], options: options).count == 1)
  }

  @Test("refuse the providers that a build does not have, and say what to install")
  func absentProviders() throws {
    let library = try #require(Runtime.library)
    let providers = try library.availableProviders()
    try #require(!providers.contains("CUDAExecutionProvider"), "this build has CUDA; tested where there is a GPU")
    for provider in [ExecutionProvider.cuda(CUDAOptions()), .tensorRT(TensorRTOptions())] {
      var options = Runtime.quiet
      options.providers = [provider]
      let error = #expect(throws: ONNXRuntimeError.self) { try Runtime.session("v8", options: options) }
      #expect(error?.description.contains("onnxruntime-gpu") == true, "\(String(describing: error))")
    }
  }
}
