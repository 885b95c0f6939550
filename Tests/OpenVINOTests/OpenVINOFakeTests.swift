import FakeOpenVINOLibrary
import Glibc
import OpenVINO
import Synchronization
import Tensors
import Testing

/// Ownership and errors, over a library that records its calls and fails on demand.
@Suite("OpenVINO library over the fake")
struct OpenVINOFakeTests {
  /// Uses everything the library has, in the usual order; returns the sums of three runs.
  private static func everything(_ library: OpenVINOLibrary) throws -> [Float] {
    let core = try OpenVINOCore(library: library)
    guard try core.availableDevices() == ["CPU", "FAKE.1"] else { throw FakeOpenVINO.Failure("devices") }
    _ = try core.property(.deviceName, of: "CPU")
    try core.setProperty(.streams, to: "1")
    let model = try core.readModel(at: "any")
    _ = try model.name()
    _ = try model.inputs()
    _ = try model.outputs()
    try model.reshape([0: PartialShape(dimensions: [.dynamic, .init(2), .init(4)])])
    var sums: [Float] = []
    var compiled = try core.compile(model, for: "CPU", properties: [.inferencePrecision: "f32", .streams: "1"])
    _ = try compiled.inputs()
    _ = try compiled.outputs()
    _ = try compiled.property(.optimalRequestCount)
    sums += try run(compiled, isAsynchronous: false)
    var template = Array("/tmp/swoop-exported-XXXXXX".utf8CString)
    close(mkstemp(&template))
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    try compiled.export(to: path)
    let bytes = try Bytes(path)
    compiled = try core.importModel(UnsafeRawBufferPointer(bytes.memory), owner: bytes, for: "CPU")
    sums += try run(compiled, isAsynchronous: true)
    let raw = [UInt8](repeating: 1, count: 10)
    let fromMemory = try raw.withUnsafeBytes { try core.readModel($0) }
    sums += try run(core.compile(fromMemory, for: "CPU"), isAsynchronous: true)
    return sums
  }

  private static func run(_ compiled: CompiledModel, isAsynchronous: Bool) throws -> [Float] {
    let request = try compiled.makeRequest()
    let library = compiled.core.library
    let input = try HostTensor(library: library, elementType: .float32, shape: [1, 2, 4])
    try input.reshape(to: [2, 2, 4])
    let bytes = try input.bytes()
    for index in 0..<16 { bytes.storeBytes(of: Float(index), toByteOffset: 4 * index, as: Float.self) }
    try request.setInput(input, at: 0)
    _ = try request.input(at: 0).shape()
    if isAsynchronous {
      let counter = Counter()
      try request.setCompletion { counter.count.add(1, ordering: .relaxed) }
      try request.start()
      try request.cancel()
      try request.wait()
      guard counter.count.load(ordering: .relaxed) == 1 else {
        throw FakeOpenVINO.Failure("no completion")
      }
    } else {
      try request.infer()
    }
    _ = try request.profile()
    let output = try request.output(at: 0)
    guard try output.shape() == [2], try output.elementType() == .float32 else {
      throw FakeOpenVINO.Failure("output")
    }
    return Array(UnsafeRawBufferPointer(try output.bytes()).bindMemory(to: Float.self))
  }

  private final class Counter: Sendable {
    let count = Atomic(0)
  }

  /// A file's bytes on the heap, scribbled over before they are freed, so that late readers are noticed.
  private final class Bytes {
    let memory: UnsafeMutableRawBufferPointer

    init(_ path: String) throws {
      memory = .allocate(byteCount: 22, alignment: 1)
      let file = open(path, O_RDONLY)
      defer { close(file) }
      guard read(file, memory.baseAddress, 22) == 22 else { throw FakeOpenVINO.Failure("short file") }
    }

    deinit {
      memory.initializeMemory(as: UInt8.self, repeating: 0xDD)
      memory.deallocate()
    }
  }

  @Test("gives everything back, in the right order")
  func everythingOnce() throws {
    let fake = try FakeOpenVINO()
    #expect(try Self.everything(fake.open()) == [28, 92, 28, 92, 28, 92])
    #expect(fake.liveCount == 0)
    #expect(fake.misuse == nil)
  }

  @Test("turns a failure of any call into a typed error and leaks nothing", arguments: [-1, -4, -8, -14, -17, -99])
  func everyFailure(status: Int) throws {
    let fake = try FakeOpenVINO()
    fake.fail(call: nil)
    _ = try Self.everything(fake.open())
    let total = fake.callCount
    #expect(total > 80)
    for n in 1...total {
      fake.fail(call: n, status: status)
      do {
        let sums = try Self.everything(fake.open())
        // A tensor's name is not vital, and a code that cannot be probed is not missed unless it is in use.
        #expect(["ov_port_get_any_name", "ov_tensor_create", "ov_tensor_get_byte_size"].contains(fake.failedCall))
        #expect(sums == [28, 92, 28, 92, 28, 92])
      } catch let error as OpenVINOError {
        #expect(error.call == fake.failedCall)
        let mayHaveWords = [-1, -8, -17].contains(status)
        #expect((error.message == "\(error.call) was told to fail") == mayHaveWords)
        if status == -99 { #expect(error.status == .other(-99)) }
      } catch let error as OpenVINOUnusableError {
        #expect(["ov_get_openvino_version", "ov_tensor_create", "ov_tensor_get_byte_size"].contains(fake.failedCall))
        #expect(error.path.contains("swoop-fake-openvino"))
      }
      #expect(fake.liveCount == 0, "after \(fake.failedCall ?? "nothing") failed")
      #expect(fake.misuse == nil)
    }
  }

  @Test("children keep their parents, whatever is let go first")
  func lifetimes() throws {
    let fake = try FakeOpenVINO()
    var core: OpenVINOCore? = try OpenVINOCore(library: fake.open())
    var model = try core?.readModel(at: "any")
    var compiled: CompiledModel?
    if let core, let model { compiled = try core.compile(model, for: "CPU") }
    core = nil
    model = nil
    #expect(fake.misuse == nil)
    var request = try compiled?.makeRequest()
    compiled = nil
    #expect(fake.liveCount == 3)  // core, compiled model, request
    try request?.setInput(HostTensor(library: fake.open(), elementType: .float32, shape: [1, 2, 4]), at: 0)
    try request?.infer()
    let output = try request?.output(at: 0)
    request = nil
    #expect(try output?.shape() == [1])
    #expect(fake.misuse == nil)
    withExtendedLifetime(output) {}
  }

  @Test("lent memory and its owner live as long as the request reads them")
  func lentMemory() throws {
    final class Owner {
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 64)
      let freed: Counter
      init(_ freed: Counter) {
        self.freed = freed
        memory.initializeMemory(as: Float.self, repeating: 2)
      }
      deinit {
        freed.count.add(1, ordering: .relaxed)
        memory.deallocate()
      }
    }
    let fake = try FakeOpenVINO()
    let freed = Counter()
    let core = try OpenVINOCore(library: fake.open())
    let compiled = try core.compile(core.readModel(at: "any"), for: "CPU")
    try {
      let request = try compiled.makeRequest()
      try {
        let owner = Owner(freed)
        try request.setInput(
          HostTensor(
            library: core.library, elementType: .float32, shape: [1, 2, 4], bytes: owner.memory, owner: owner),
          at: 0)
      }()
      #expect(freed.count.load(ordering: .relaxed) == 0)
      fake.holdExecutions(true)
      try request.start()
      fake.holdExecutions(false)
      try request.wait()
      #expect(try request.output(at: 0).bytes().load(as: Float.self) == 16)
    }()
    #expect(freed.count.load(ordering: .relaxed) == 1)
    #expect(fake.misuse == nil)
  }

  @Test("a request let go while it runs is waited for")
  func letGo() throws {
    let fake = try FakeOpenVINO()
    let core = try OpenVINOCore(library: fake.open())
    var request: InferRequest? = try core.compile(core.readModel(at: "any"), for: "CPU").makeRequest()
    try request?.setInput(HostTensor(library: core.library, elementType: .float32, shape: [1, 2, 4]), at: 0)
    let counter = Counter()
    try request?.setCompletion { counter.count.add(1, ordering: .relaxed) }
    try request?.start()
    request = nil
    #expect(counter.count.load(ordering: .relaxed) == 1)
    #expect(fake.misuse == nil)
  }

  @Test("element types are numbered as the library at hand does", arguments: 0..<3)
  func numbering(kind: Int) throws {
    let fake = try FakeOpenVINO()
    fake.useNumbering(kind)
    let library = try fake.open()
    let types: [ElementType] = [
      .boolean, .bfloat16, .float16, .float32, .float64, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32,
      .uint64,
    ]
    for type in types {
      let tensor = try HostTensor(library: library, elementType: type, shape: [3, 5])
      #expect(try tensor.elementType() == type)
      #expect(try tensor.bytes().count == 15 * (type.byteCount ?? 0))
    }
    let model = try OpenVINOCore(library: library).readModel(at: "any")
    #expect(try model.inputs().map(\.elementType) == [.float32])
    let error = #expect(throws: OpenVINOError.self) {
      _ = try HostTensor(library: library, elementType: .unknown("f4"), shape: [1])
    }
    #expect(error?.message.contains("f4") == true)
  }

  @Test("a numbering that is not known makes the library unusable")
  func unknownNumbering() throws {
    let fake = try FakeOpenVINO()
    fake.useNumbering(3)
    let error = #expect(throws: OpenVINOUnusableError.self) { _ = try fake.open() }
    #expect(error?.reason.contains("2099.1.0-fake") == true)
    #expect(fake.liveCount == 0)
  }

  @Test(
    "too little lent memory is refused before OpenVINO sees it", arguments: [[1, 2, 5], [Int.max, 2, 4], [-1, 2, 4]])
  func tooSmall(shape: [Int]) throws {
    let fake = try FakeOpenVINO()
    let library = try fake.open()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 64)
    defer { memory.deallocate() }
    fake.fail(call: nil)
    let error = #expect(throws: OpenVINOError.self) {
      _ = try HostTensor(library: library, elementType: .float32, shape: shape, bytes: memory, owner: nil)
    }
    #expect(error?.status == .invalidParameter)
    #expect(fake.callCount == 0)
  }

  @Test("more properties than the shim carries are refused")
  func tooManyProperties() throws {
    let fake = try FakeOpenVINO()
    let core = try OpenVINOCore(library: fake.open())
    let model = try core.readModel(at: "any")
    func properties(_ count: Int) -> [PropertyKey: String] {
      Dictionary(uniqueKeysWithValues: (0..<count).map { (PropertyKey(rawValue: "KEY\($0)"), "\($0)") })
    }
    _ = try core.compile(model, for: "CPU", properties: properties(16))
    let error = #expect(throws: OpenVINOError.self) {
      _ = try core.compile(model, for: "CPU", properties: properties(17))
    }
    #expect(error?.status == .invalidParameter)
    #expect(fake.misuse == nil)
  }

  @Test("shapes describe themselves and what they admit")
  func shapes() {
    let shape = PartialShape(dimensions: [
      .dynamic, .init(3), .init(minimum: 1, maximum: 8), .init(minimum: 2, maximum: nil),
    ])
    #expect(shape.description == "(?, 3, 1..8, 2..)")
    #expect(shape.admits([9, 3, 8, 2]) && !shape.admits([9, 3, 9, 2]) && !shape.admits([9, 3, 8, 1]))
    #expect(!shape.admits([9, 3, 8]))
    #expect(PartialShape(dimensions: nil).admits([1]) && PartialShape(dimensions: nil).description == "(...)")
    #expect(PartialShape([2, 3]) == PartialShape(dimensions: [.init(2), .init(3)]))
  }
}
