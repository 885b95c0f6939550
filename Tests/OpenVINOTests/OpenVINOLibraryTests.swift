import DynamicLibrary
import OpenVINO
import Tensors
import Testing

@Suite("OpenVINO library")
struct OpenVINOLibraryTests {
  private static let library = try? OpenVINOLibrary.open()
  private static let isHere = library != nil

  @Test("says where it looked and what to install when there is none")
  func missing() {
    var search = OpenVINOLibrary.search
    search.environmentVariable = nil
    search.names = ["libopenvino_of_no_machine.so"]
    let error = #expect(throws: LibraryLoadError.self) { _ = try OpenVINOLibrary.open(search) }
    #expect(error?.attempts.map(\.path) == ["libopenvino_of_no_machine.so"])
    #expect(error?.description.contains("scripts/get-openvino") == true)
    #expect(error?.description.contains("SWOOP_OPENVINO") == true)
  }

  @Test("passes over a library of another kind and says what it lacks")
  func another() {
    var search = OpenVINOLibrary.search
    search.environmentVariable = nil
    search.names = ["libc.so.6"]
    let error = #expect(throws: LibraryLoadError.self) { _ = try OpenVINOLibrary.open(search) }
    #expect(error?.attempts.first?.reason.contains("has no symbol ov_get_last_err_msg") == true)
  }

  @Test(
    "tells version, file and devices", .enabled(if: isHere, "OpenVINO is not on this machine: scripts/get-openvino"))
  func identity() throws {
    let library = try #require(Self.library)
    #expect(library.version.hasPrefix("20"))
    #expect(library.path.contains("libopenvino_c.so"))
    let core = try OpenVINOCore(library: library)
    #expect(try core.availableDevices().contains("CPU"))
    #expect(try core.property(.deviceName, of: "CPU").isEmpty == false)
    let error = #expect(throws: OpenVINOError.self) { _ = try core.property("NO_SUCH_PROPERTY", of: "CPU") }
    #expect(error?.call == "ov_core_get_property")
    #expect(error?.message.isEmpty == false)
  }

  @Test(
    "reads, reshapes, compiles and profiles a real model",
    .enabled(if: isHere, "OpenVINO is not on this machine: scripts/get-openvino"))
  func model() throws {
    let library = try #require(Self.library)
    let core = try OpenVINOCore(library: library)
    let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let model = try core.readModel(at: "\(folder)/Fixtures/models/v8.onnx")
    #expect(try model.inputs().map(\.name) == ["images"])
    #expect(try model.inputs()[0].shape.description == "(?, 3, 64, 64)")
    try model.reshape([0: PartialShape([2, 3, 64, 64])])
    #expect(try model.outputs()[0].shape == PartialShape([2, 7, 128]))
    #expect(throws: OpenVINOError.self) { try model.reshape([0: PartialShape([2, 3, 64])]) }

    let compiled = try core.compile(
      model, for: "CPU", properties: [.inferencePrecision: "f32", .profiling: "YES", .inferenceThreads: "1"])
    #expect(try compiled.property(.inferencePrecision) == "f32")
    let request = try compiled.makeRequest()
    let input = try HostTensor(library: library, elementType: .float32, shape: [2, 3, 64, 64])
    try input.bytes().initializeMemory(as: Float.self, repeating: 1)
    try request.setInput(input, at: 0)
    try request.infer()
    let output = try request.output(at: 0)
    #expect(try output.shape() == [2, 7, 128])
    #expect(try output.bytes().load(fromByteOffset: 4 * 128 * 4, as: Float.self) == 1)
    let profile = try request.profile()
    #expect(profile.contains { $0.wasExecuted && $0.duration >= .zero && !$0.implementation.isEmpty })
  }
}
