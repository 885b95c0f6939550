internal import DynamicLibrary
internal import Glibc

/// What this machine has of what detection needs: for `swoop doctor`, and for anyone who asks why something does not run.
public struct SystemReport: Sendable {
  public var version: String
  public var processor: ProcessorReport
  public var memory: MemoryReport
  public var system: OperatingSystemReport
  /// Runtimes that execute models, and what they stand on.
  public var runtimes: [LibraryReport]
  /// Libraries that read and write pictures and archives.
  public var libraries: [LibraryReport]

  public init(
    version: String, processor: ProcessorReport, memory: MemoryReport, system: OperatingSystemReport,
    runtimes: [LibraryReport], libraries: [LibraryReport]
  ) {
    self.version = version
    self.processor = processor
    self.memory = memory
    self.system = system
    self.runtimes = runtimes
    self.libraries = libraries
  }

  /// Looks at everything. Libraries are opened and stay open, and where there are a GPU and a TensorRT, a runtime of it
  /// is made and let go again; nothing is changed. Takes up to a few seconds where a GPU driver has to be woken.
  public static func current() -> SystemReport {
    let system = OperatingSystemReport.current()
    let remedy = Remedy(
      system: system, isRoot: getuid() == 0, runtimesFolder: LibrarySearch.runtimesFolder ?? "runtimes")
    let probes = RuntimeProbes(remedy: remedy)
    let (driver, nvidia) = probes.driver(hasHardware: NVIDIAReport.hasHardware())
    return SystemReport(
      version: SwoopVersion.current, processor: .current(), memory: .current(), system: system,
      runtimes: [
        probes.openVINO(), driver, probes.nvrtc(nvidia: nvidia), probes.tensorRT(nvidia: nvidia),
        probes.onnxRuntime(nvidia: nvidia),
      ],
      libraries: LibraryReport.media(remedy: remedy) + [probes.nvJPEG(nvidia: nvidia)])
  }

  /// The runtimes that can execute models here.
  public var engines: [LibraryReport] {
    runtimes.filter { Self.engineIdentifiers.contains($0.identifier) && $0.isUsable }
  }

  /// Whether there is one.
  public var canDetect: Bool { !engines.isEmpty }

  // The reports that are of runtimes; the driver is what some of them stand on.
  private static let engineIdentifiers: Set = ["openvino", "tensorrt", "onnxruntime"]
}
