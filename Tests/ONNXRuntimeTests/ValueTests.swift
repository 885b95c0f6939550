import ONNXRuntime
import Tensors
import Testing

@Suite("Values and bindings", .enabled(if: Runtime.isHere, "needs ONNX Runtime: scripts/get-onnxruntime"))
struct ValueTests {
  @Test("A value over the caller's memory shares it")
  func shared() throws {
    let library = try #require(Runtime.library)
    let memory = try MemoryInfo.host(library)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 24, alignment: 64)
    defer { bytes.deallocate() }
    let value = try Value(over: bytes, shape: [2, 3], elementType: .float32, memory: memory)
    #expect(value.shape == [2, 3] && value.elementCount == 6)
    #expect(try value.bytes().baseAddress == bytes.baseAddress)
    #expect(try value.address() == UInt(bitPattern: bytes.baseAddress))
    #expect(try value.memoryName() == "Cpu" && value.memoryDevice() == 0)
  }

  @Test("Too little memory for the shape is refused")
  func tooSmall() throws {
    let memory = try MemoryInfo.host(try #require(Runtime.library))
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 23, alignment: 64)
    defer { bytes.deallocate() }
    #expect(throws: ONNXRuntimeError.self) {
      try Value(over: bytes, shape: [2, 3], elementType: .float32, memory: memory)
    }
  }

  @Test(
    "Shapes that no memory could hold are refused",
    arguments: [[-1], [1, -3], [Int.max, 2], [1 << 40, 1 << 40], [Int.min]])
  func impossibleShapes(shape: [Int]) throws {
    let library = try #require(Runtime.library)
    #expect(throws: ONNXRuntimeError.self) { try Value(library: library, shape: shape, elementType: .float32) }
  }

  @Test("Element types without a size are refused")
  func unknownType() throws {
    let library = try #require(Runtime.library)
    #expect(throws: ONNXRuntimeError.self) { try Value(library: library, shape: [1], elementType: .unknown("string")) }
  }

  @Test("A value in device memory is never read as the host's")
  func deviceMemory() throws {
    let memory = try MemoryInfo.cuda(0, try #require(Runtime.library))
    #expect(memory.name == "Cuda")
    // The address is only carried, not used.
    let value = try Value(address: 0x1000, byteCount: 16, shape: [4], elementType: .float32, memory: memory)
    let name = try value.memoryName()
    #expect(name == "Cuda")
    #expect(try value.address() == 0x1000)
    let error = #expect(throws: ONNXRuntimeError.self) { try value.bytes() }
    #expect(error?.message.contains("Cuda 0") == true, "\(String(describing: error))")
  }

  @Test("An execution reads and writes bound memory, again and again")
  func binding() throws {
    let session = try Runtime.session("v8")
    let memory = try MemoryInfo.host(session.library)
    let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 3 * 64 * 64 * 4, alignment: 64)
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 7 * 128 * 4, alignment: 64)
    defer {
      input.deallocate()
      output.deallocate()
    }
    let binding = try IOBinding(session)
    try binding.bindInput(
      "images", to: Value(over: input, shape: [1, 3, 64, 64], elementType: .float32, memory: memory))
    try binding.bindOutput(
      "output0", to: Value(over: output, shape: [1, 7, 128], elementType: .float32, memory: memory))
    for column in 0..<4 {
      Fixtures.image(channel: 2, column: column, row: 7).withUnsafeBytes { input.copyMemory(from: $0) }
      try binding.synchronizeInputs()
      try session.run(binding)
      try binding.synchronizeOutputs()
      let blue = output.bindMemory(to: Float.self)[6 * 128..<6 * 128 + 64]
      #expect(blue.enumerated().filter { $0.element > 0 }.map(\.offset) == [56 + column])
    }
    #expect(try binding.outputNames() == ["output0"])
    #expect(try binding.outputValues().first?.address() == UInt(bitPattern: output.baseAddress))
    binding.unbindInputs()
    #expect(throws: ONNXRuntimeError.self) { try session.run(binding) }
  }

  @Test("Outputs of unknown size are taken by the execution, none of them included")
  func dataDependent() throws {
    let session = try Runtime.session("data-dependent")
    let memory = try MemoryInfo.host(session.library)
    let binding = try IOBinding(session)
    let images = [Fixtures.image(channel: 1, column: 3, row: 0), [Float](repeating: 0, count: 3 * 64 * 64)]
    for (image, rows) in zip(images, [1, 0]) {
      try binding.bindInput("images", to: .holding(image, shape: [1, 3, 64, 64], type: .float32))
      binding.unbindOutputs()
      try binding.bindOutput("output", in: memory)
      try session.run(binding)
      let output = try #require(try binding.outputValues().first)
      #expect(output.shape == [rows, 7])
      #expect(try output.elements(as: Float.self).count == rows * 7)
      if rows == 1 { #expect(try output.elements(as: Float.self) == [0, 24, 0, 32, 8, 1, 1]) }
    }
  }

  @Test("Names that the model does not have cannot be bound")
  func wrongNames() throws {
    let session = try Runtime.session("v8")
    let binding = try IOBinding(session)
    let value = try Value.holding([Float(0)], shape: [1], type: .float32)
    #expect(throws: ONNXRuntimeError.self) {
      try binding.bindInput("pictures", to: value)
      try session.run(binding)
    }
  }
}
