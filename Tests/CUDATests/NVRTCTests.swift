import CUDA
import DynamicLibrary
import FakeRuntimes
import Testing

/// Runs `body` where NVRTC is looked for in one place alone.
func lookingOnly<Result>(in place: String, _ body: () throws -> Result) rethrows -> Result {
  try EnvironmentOverride.$values.withValue(["SWOOP_NVRTC": place], operation: body)
}

@Suite("run-time compiler") struct NVRTCTests {
  let fake: FakeNVRTC

  init() throws { fake = try FakeNVRTC() }

  static let ninety = CUDADevice.ComputeCapability(major: 9, minor: 0)

  @Test("it is found in a folder that is named, and one file is one compiler")
  func found() throws {
    let compiler = try NVRTC.open(folders: [fake.folder])
    #expect(compiler.path == fake.path)
    #expect(compiler.version == (13, 0))
    #expect(compiler.versionText == "13.0")
    #expect(compiler.architectures.first?.description == "7.5")
    #expect(compiler.architectures.last?.description == "12.1")
    #expect(try NVRTC.open(path: fake.path) === compiler)
    #expect(try lookingOnly(in: fake.folder) { try NVRTC.open() } === compiler)
    #expect(try lookingOnly(in: fake.path) { try NVRTC.open() } === compiler)
  }

  @Test("where there is none, the error says where it was looked for and what to install")
  func missing() {
    let error = #expect(throws: NVRTCError.self) { try lookingOnly(in: "/nowhere/lib") { try NVRTC.open() } }
    #expect(error?.description.contains("/nowhere/lib") == true)
    #expect(error?.description.contains("scripts/get-nvrtc") == true)
    #expect(error?.description.contains("nvidia-cuda-nvrtc") == true)
    let path = #expect(throws: NVRTCError.self) { try NVRTC.open(path: "/nowhere/libnvrtc.so.13") }
    #expect(path?.description.contains("/nowhere/libnvrtc.so.13") == true)
  }

  @Test("one that is newer than the driver is passed over, and the package for the driver is named")
  func tooNew() throws {
    let error = #expect(throws: NVRTCError.self) {
      try lookingOnly(in: fake.folder) { try NVRTC.open(newest: 12) }
    }
    #expect(error?.description.contains("NVRTC 13.0, whose code the driver, for CUDA 12, cannot load") == true)
    #expect(error?.description.contains("nvidia-cuda-nvrtc-cu12") == true)
    let older = try FakeNVRTC(version: (12, 8))
    let compiler = try NVRTC.open(folders: [fake.folder, older.folder], newest: 12)
    #expect(compiler.version == (12, 8))
    #expect(try NVRTC.open(folders: [fake.folder, older.folder], newest: 13).version == (13, 0))
  }

  @Test(
    "a library that cannot be asked is passed over with the reason",
    arguments: [
      ("nvrtcGetSupportedArchs", "11.2 or newer"), ("nvrtcGetCUBIN", "11.2 or newer"), ("nvrtcVersion", "nvrtcVersion"),
    ])
  func tooOld(symbol: String, words: String) throws {
    let old = try FakeNVRTC(version: (11, 0), without: [symbol])
    let error = #expect(throws: NVRTCError.self) { try lookingOnly(in: old.folder) { try NVRTC.open() } }
    #expect(error?.description.contains(symbol) == true)
    #expect(error?.description.contains(words) == true)
  }

  @Test(
    "a call that fails while it is opened is told",
    arguments: ["nvrtcVersion", "nvrtcGetNumSupportedArchs", "nvrtcGetSupportedArchs"])
  func broken(function: String) throws {
    fake.fail(function)
    let error = #expect(throws: NVRTCError.self) { try lookingOnly(in: fake.folder) { try NVRTC.open() } }
    #expect(error?.description.contains("\(function) failed") == true)
  }

  @Test("a library that knows no architecture is no compiler")
  func noArchitectures() throws {
    fake.setArchitectures([])
    #expect(throws: NVRTCError.self) { try lookingOnly(in: fake.folder) { try NVRTC.open() } }
    fake.setArchitectures([0])
    #expect(throws: NVRTCError.self) { try lookingOnly(in: fake.folder) { try NVRTC.open() } }
  }

  @Test(
    "it compiles for the device's own architecture, else to PTX of the newest older one",
    arguments: [
      ((9, 0), "sm_90"), ((8, 6), "sm_86"), ((12, 1), "sm_121"), ((9, 9), "compute_90"), ((15, 0), "compute_121"),
      ((7, 6), "compute_75"),
    ])
  func target(number: (Int, Int), name: String) throws {
    let compiler = try NVRTC.open(path: fake.path)
    let image = try compiler.compile(
      "source", name: "x.cu", options: ["--std=c++17", "-G"],
      for: CUDADevice.ComputeCapability(major: number.0, minor: number.1))
    #expect(String(decoding: image, as: UTF8.self) == "source")
    #expect(fake.options == ["--gpu-architecture=\(name)", "--std=c++17", "-G"])
    #expect(fake.callCount("nvrtcGetCUBIN") == (name.hasPrefix("sm") ? 1 : 0))
    #expect(fake.liveCount == 0)
  }

  @Test("a device older than all it knows is told, with what would do")
  func oldDevice() throws {
    let compiler = try NVRTC.open(path: fake.path)
    let seven = CUDADevice.ComputeCapability(major: 7, minor: 0)
    let error = #expect(throws: NVRTCError.self) { try compiler.compile("", name: "x.cu", for: seven) }
    #expect(error == .deviceTooOld(seven, version: "13.0", oldest: .init(major: 7, minor: 5)))
    #expect(error?.description.contains("nvidia-cuda-nvrtc-cu12") == true)
  }

  @Test("what does not compile is told with the compiler's log")
  func log() throws {
    fake.setLog("x.cu(3): error: expected a ';'")
    let compiler = try NVRTC.open(path: fake.path)
    let error = #expect(throws: NVRTCError.self) { try compiler.compile("source", name: "x.cu", for: Self.ninety) }
    #expect(error?.description == "x.cu does not compile for sm_90:\nx.cu(3): error: expected a ';'")
    #expect(fake.liveCount == 0)
    fake.setLog("")
    let silent = #expect(throws: NVRTCError.self) { try compiler.compile("source", name: "x.cu", for: Self.ninety) }
    #expect(silent?.description.contains("NVRTC_ERROR_COMPILATION") == true)
  }

  @Test("an architecture given twice is the compiler's to refuse")
  func option() throws {
    let compiler = try NVRTC.open(path: fake.path)
    let error = #expect(throws: NVRTCError.self) {
      try compiler.compile("source", name: "x.cu", options: ["--gpu-architecture=sm_1"], for: Self.ninety)
    }
    #expect(error?.description.contains("--gpu-architecture") == true)
  }

  @Test(
    "every call's failure is thrown, with the call's name",
    arguments: [
      ("nvrtcCreateProgram", 90), ("nvrtcCompileProgram", 90), ("nvrtcGetCUBINSize", 90), ("nvrtcGetCUBIN", 90),
      ("nvrtcGetPTXSize", 99), ("nvrtcGetPTX", 99),
    ])
  func failures(function: String, capability: Int) throws {
    let compiler = try NVRTC.open(path: fake.path)
    fake.fail(function, code: 11)
    let error = #expect(throws: NVRTCError.self) {
      try compiler.compile(
        "source", name: "x.cu", for: CUDADevice.ComputeCapability(major: capability / 10, minor: capability % 10))
    }
    #expect(error?.description.contains(function.replacing("Size", with: "")) == true)
    #expect(error?.description.contains("x.cu") == true)
    #expect(fake.liveCount == 0)
  }

  @Test("a log that cannot be had does not hide the error")
  func noLog() throws {
    let compiler = try NVRTC.open(path: fake.path)
    fake.setLog("unseen")
    for function in ["nvrtcGetProgramLogSize", "nvrtcGetProgramLog"] {
      fake.fail(function)
      let error = #expect(throws: NVRTCError.self) { try compiler.compile("a", name: "x.cu", for: Self.ninety) }
      #expect(error?.description.contains("NVRTC_ERROR_COMPILATION") == true)
    }
  }

  @Test("null characters and empty images are refused")
  func hostile() throws {
    let compiler = try NVRTC.open(path: fake.path)
    for (source, name, option) in [("a\0b", "x", "o"), ("a", "x\0", "o"), ("a", "x", "\0")] {
      let error = #expect(throws: NVRTCError.self) {
        try compiler.compile(source, name: name, options: [option], for: Self.ninety)
      }
      #expect(error?.description.contains("null character") == true)
    }
    let empty = #expect(throws: NVRTCError.self) { try compiler.compile("", name: "x.cu", for: Self.ninety) }
    #expect(empty?.description.contains("empty") == true)
  }

  @Test("ranges go to NVTX's library where there is one, and cost no name where not")
  func ranges() throws {
    let library = try NVTXLibrary(path: fake.path)
    do {
      let outer = NVTXRange("outer", library: library)
      NVTXRange("inner", library: library).end()
      outer.end()
      _ = NVTXRange("third", library: library)
    }
    #expect(fake.ranges == ["outer", "inner", "end", "end", "third", "end"])
    var isNamed = false
    func name() -> String {
      isNamed = true
      return "never"
    }
    NVTXRange(name(), library: nil).end()
    #expect(!isNamed)
    // Whether or not this machine has one.
    NVTXRange("real").end()
    #expect(throws: (any Error).self) { try NVTXLibrary(path: "/nowhere/libnvToolsExt.so.1") }
  }
}
