import DynamicLibrary
import FakeRuntimes
import Swoop
import Testing

@Suite("system report")
struct SystemReportTests {
  @Test("reads x86 processors as the kernel describes them")
  func x86() {
    let text = """
      processor\t: 0
      vendor_id\t: AuthenticAMD
      model name\t: AMD EPYC 9R14
      flags\t\t: fpu sse2 avx2 fma f16c avx512f avx512bw avx512_bf16 avx512_vnni

      processor\t: 1
      model name\t: another
      flags\t\t: fpu
      """
    let report = ProcessorReport(kernelText: text, architecture: "x86_64")
    #expect(report.name == "AMD EPYC 9R14")
    #expect(report.features == ["avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16"])
    #expect(report.meaning.contains("bf16 is native"))
  }

  @Test(
    "reads ARM processors, which the kernel knows by number",
    arguments: [
      ("CPU implementer\t: 0x41\nCPU part\t: 0xd40\nFeatures\t: fp asimd bf16 i8mm\n", "ARM Neoverse V1"),
      ("CPU implementer\t: 0x99\nCPU part\t: 0x001\n", "ARM implementer 0x99, part 0x001"),
      ("", "unknown processor"),
      (":\n::\n", "unknown processor"),
    ])
  func arm(text: String, name: String) {
    #expect(ProcessorReport(kernelText: text, architecture: "aarch64").name == name)
  }

  @Test(
    "reads memory sizes, and nothing from nonsense",
    arguments: [
      ("MemTotal:       24684096 kB\nMemAvailable:   20000000 kB\n", 24_684_096 << 10, 20_000_000 << 10),
      ("MemTotal: 99999999999999999999 kB", 0, 0), ("MemTotal: 9223372036854775807 kB", (Int.max >> 10) << 10, 0),
      ("", 0, 0),
    ])
  func memory(text: String, total: Int, available: Int) {
    let report = MemoryReport(kernelText: text, limit: nil)
    #expect(report.total == total)
    #expect(report.available == available)
  }

  @Test(
    "reads distributions",
    arguments: [
      ("ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", ["debian"], "12", true),
      ("NAME='Linux Mint'\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", ["linuxmint", "ubuntu", "debian"], "", true),
      ("# comment\nID=fedora\nVERSION_ID=41", ["fedora"], "41", false), ("=\n\"", [], "", false),
    ] as [(String, [String], String, Bool)])
  func distributions(text: String, families: [String], version: String, hasAPT: Bool) {
    let report = OperatingSystemReport(releaseText: text)
    #expect(report.families == families)
    #expect(report.version == version)
    #expect(report.hasAPT == hasAPT)
  }

  @Test("shows what is there, what is missing and the command that adds it")
  func text() {
    var processor = ProcessorReport(kernelText: "model name: X\nflags: avx2\n", architecture: "x86_64")
    (processor.online, processor.allowed, processor.usable, processor.quota) = (8, 8, 2, 1.5)
    let report = SystemReport(
      version: "9.9", processor: processor, memory: MemoryReport(kernelText: "MemTotal: 1048576 kB", limit: 512 << 20),
      system: OperatingSystemReport(releaseText: "PRETTY_NAME=Test OS"),
      runtimes: [
        LibraryReport(
          identifier: "openvino", title: "OpenVINO", purpose: "runs models", problem: "It is not installed.\nReally.",
          remedy: "get it"),
        LibraryReport(
          identifier: "cuda", title: "NVIDIA driver", purpose: "drives", path: "/lib/libcuda.so.1", version: "1",
          details: ["cuda:0: A \"GPU\""]),
      ], libraries: [])
    #expect(!report.canDetect)
    let text = report.description
    for part in [
      "Swoop 9.9 on Test OS", "X: 8 cores, 2 usable; the control group grants the time of 1.5", "1.0 GiB",
      "may use 512 MiB", "  - OpenVINO: runs models", "      It is not installed.\n      Really.\n      Add it: get it",
      "  + NVIDIA driver 1: drives\n      /lib/libcuda.so.1\n      cuda:0", "cannot run here yet. First step: get it",
    ] {
      #expect(text.contains(part), "\(part) in\n\(text)")
    }
    let json = report.json.text
    #expect(
      json.contains(#""canDetect":false"#) && json.contains(#""quota":1.5"#) && json.contains(#""limit":536870912"#))
    #expect(json.contains(#"cuda:0: A \"GPU\""#) && json.contains(#""version":null"#))
  }

  @Test("describes the machine it runs on")
  func current() {
    let report = SystemReport.current()
    #expect(report.processor.online >= 1 && (1...report.processor.allowed).contains(report.processor.usable))
    #expect(report.memory.total > 0)
    #expect(report.system.cLibrary.hasPrefix("glibc 2."))
    #expect(report.runtimes.map(\.identifier) == ["openvino", "cuda", "nvrtc", "tensorrt", "onnxruntime"])
    #expect(report.libraries.contains { $0.identifier == "nvjpeg" })
    for library in report.runtimes + report.libraries { #expect(library.isUsable != (library.problem != nil)) }
  }

  /// What is said of NVRTC with a fake driver, for a CUDA version, and NVRTC looked for in one place alone.
  private func nvrtc(in place: String, cuda: Int32 = 13000) throws -> LibraryReport {
    let driver = try FakeCUDADriver()
    driver.setVersion(cuda)
    return try EnvironmentOverride.$values.withValue(["SWOOP_CUDA": driver.path, "SWOOP_NVRTC": place]) {
      try #require(SystemReport.current().runtimes.first { $0.identifier == "nvrtc" })
    }
  }

  @Test("finds NVRTC with its version, or says what to install for the driver")
  func compiler() throws {
    let fake = try FakeNVRTC(version: (13, 2))
    let found = try nvrtc(in: fake.folder)
    #expect(found.isUsable)
    #expect(found.path == fake.path)
    #expect(found.version == "13.2")
    #expect(found.details.isEmpty && found.remedy == nil)
    let missing = try nvrtc(in: "/nowhere/libnvrtc.so")
    #expect(missing.problem == "There is no /nowhere/libnvrtc.so.")
    #expect(missing.remedy?.contains("scripts/get-nvrtc") == true)
    let tooNew = try nvrtc(in: fake.folder, cuda: 12040)
    #expect(tooNew.problem?.contains("NVRTC 13.2, whose code the driver, for CUDA 12, cannot load") == true)
    #expect(tooNew.remedy?.hasSuffix("nvidia-cuda-nvrtc-cu12") == true)
  }
}
