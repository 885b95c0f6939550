import Inference
import Swoop
import Tensors
import Testing

@Suite("Input plan")
struct InputPlanTests {
  private func plan(
    _ shape: TensorShape, _ type: ElementType = .float32, size: InputSize? = nil, metadata: InputSize? = nil
  ) throws -> InputPlan {
    try InputPlan(
      inputs: [TensorDescriptor(name: "images", shape: shape, elementType: type)], size: size, metadataSize: metadata,
      stride: 32)
  }

  private let any = TensorShape.Dimension.dynamic(name: nil)

  @Test("fixed and dynamic axes are told apart")
  func axes() throws {
    let fixed = try plan([4, 3, 320, 640])
    #expect(fixed.fixedBatch == 4)
    #expect(fixed.size == InputSize(height: 320, width: 640))
    #expect(!fixed.isSizeDynamic)
    let dynamic = try plan([any, 3, any, any])
    #expect(dynamic.fixedBatch == nil)
    #expect(dynamic.size == InputSize(height: 640, width: 640))
    #expect(dynamic.isSizeDynamic)
    #expect(dynamic.shape(batch: 7, canvas: InputSize(height: 384, width: 640)) == [7, 3, 384, 640])
  }

  @Test("the user's size comes before the metadata's, and both before 640")
  func sizes() throws {
    let wanted = InputSize(height: 320, width: 320)
    let embedded = InputSize(height: 1280, width: 1280)
    #expect(try plan([any, 3, any, any], size: wanted, metadata: embedded).size == wanted)
    #expect(try plan([any, 3, any, any], metadata: embedded).size == embedded)
    #expect(try plan([any, 3, 416, 416], metadata: embedded).size == InputSize(height: 416, width: 416))
  }

  @Test("bytes may be interleaved; floats may not")
  func layouts() throws {
    let bytes = try plan([any, 640, 640, 3], .uint8)
    #expect(bytes.layout == .nhwc)
    #expect(bytes.byteCount(canvas: bytes.size) == 640 * 640 * 3)
    #expect(bytes.shape(batch: 2, canvas: bytes.size) == [2, 640, 640, 3])
    #expect(try plan([1, 3, 640, 640], .float16).byteCount(canvas: .init(height: 2, width: 4)) == 48)
    #expect(throws: InferenceError.self) { try plan([any, 640, 640, 3], .float32) }
  }

  @Test(
    "what cannot be an input of pictures is refused with its name, what was found and what is needed",
    arguments: [
      ([1, 3, 640], ElementType.float32, "3 axes"),
      ([1, 1, 640, 640], .float32, "colour channels"),
      ([1, 3, 640, 640], .int64, "int64"),
      ([0, 3, 640, 640], .float32, "batch of 0"),
      ([1, 3, 0, 640], .float32, "length 0"),
    ] as [([Int], ElementType, String)])
  func refused(lengths: [Int], type: ElementType, words: String) throws {
    let error = #expect(throws: InferenceError.self) { try plan(TensorShape(lengths: lengths), type) }
    #expect(error?.code == .tensorMismatch)
    #expect(error?.message.contains("images") == true)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("a size that the model cannot take is refused with the sizes that it can")
  func wrongSize() throws {
    let fixed = #expect(throws: InferenceError.self) {
      try plan([1, 3, 640, 640], size: InputSize(height: 320, width: 320))
    }
    #expect(fixed?.message.contains("fixed to 640") == true)
    let odd = #expect(throws: InferenceError.self) {
      try plan([any, 3, any, any], size: InputSize(height: 100, width: 100))
    }
    #expect(odd?.message.contains("128") == true)
  }

  @Test("sizes are read height first", arguments: [("640", 640, 640), ("480x640", 480, 640), ("32X64", 32, 64)])
  func reading(text: String, height: Int, width: Int) {
    #expect(InputSize(text) == InputSize(height: height, width: width))
  }

  @Test("what is no size is not read", arguments: ["", "x", "640x", "0", "-1", "1x2x3", "70000", "64.0", "640 x 480"])
  func notSizes(text: String) {
    #expect(InputSize(text) == nil)
  }
}
