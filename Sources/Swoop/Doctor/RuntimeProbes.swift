internal import CUDA
internal import DynamicLibrary
internal import Inference
internal import ONNXRuntime
internal import OpenVINO
internal import TensorRT

/// Looks for each runtime, asks its version and devices, and says what to do where it is missing.
struct RuntimeProbes {
  let remedy: Remedy

  func openVINO() -> LibraryReport {
    var report = LibraryReport(
      identifier: "openvino", title: "OpenVINO", purpose: "runs ONNX and OpenVINO IR models on the processor")
    do {
      let library = try OpenVINOLibrary.open()
      report.path = library.path
      report.version = library.version
      let core = try OpenVINOCore(library: library)
      for device in try core.availableDevices() {
        let name = try core.property(.deviceName, of: device)
        let native = try core.property(.capabilities, of: device)
        report.details.append("\(device): \(Substring(name).trimmed); computes natively in \(native)")
      }
      if report.details.isEmpty { report.problem = "It finds no device: its plugin for the processor is missing." }
    } catch let error as LibraryLoadError {
      report.problem = Self.reason(error)
    } catch {
      report.problem = "\(error)"
    }
    if report.problem != nil { report.remedy = remedy.openVINO }
    return report
  }

  /// The driver, and what it says of the GPUs where it is there.
  func driver(hasHardware: Bool) -> (LibraryReport, NVIDIAReport?) {
    var report = LibraryReport(
      identifier: "cuda", title: "NVIDIA driver", purpose: "makes NVIDIA GPUs usable, for TensorRT and ONNX Runtime")
    do {
      let nvidia = try NVIDIAReport.current()
      report.path = nvidia.path
      let cuda = "CUDA \(nvidia.cudaVersion / 1000).\(nvidia.cudaVersion % 1000 / 10)"
      report.version = nvidia.driverVersion.map { "\($0) (up to \(cuda))" } ?? "up to \(cuda)"
      report.details = nvidia.gpus.enumerated().map { index, gpu in
        "cuda:\(index): \(gpu.name), compute capability \(gpu.computeCapability), \(ByteCount.text(gpu.memory))"
      }
      if nvidia.gpus.isEmpty { report.problem = "The driver finds no GPU." }
      return (report, nvidia)
    } catch {
      report.problem =
        error.isMissing && !hasHardware ? "There is no NVIDIA GPU in this machine, as far as it shows." : error.reason
      // Nothing helps a machine without the hardware.
      if hasHardware { report.remedy = remedy.driver }
      return (report, nil)
    }
  }

  func nvrtc(nvidia: NVIDIAReport?) -> LibraryReport {
    var report = LibraryReport(
      identifier: "nvrtc", title: "NVRTC", purpose: "compiles the kernels that prepare pictures on NVIDIA GPUs")
    let gpus = nvidia?.gpus ?? []
    let cudaMajor = nvidia.map { $0.cudaVersion / 1000 }
    do {
      let compiler = try NVRTC.find(newest: cudaMajor)
      report.path = compiler.path
      report.version = compiler.versionText
      report.details = gpus.isEmpty ? ["of no use here without a GPU and its driver"] : []
    } catch {
      report.problem = Self.reason(error)
      if !gpus.isEmpty, let cudaMajor { report.remedy = remedy.nvrtc(cudaMajor: cudaMajor) }
    }
    return report
  }

  /// TensorRT in the order in which it is used: the full one, TensorRT for RTX, the lean and dispatch runtimes.
  ///
  /// Usable where it runs engines here; where it does not, the library is shown with the reason.
  func tensorRT(nvidia: NVIDIAReport?) -> LibraryReport {
    var report = LibraryReport(
      identifier: "tensorrt", title: "TensorRT", purpose: "builds engines from ONNX models and runs them on NVIDIA GPUs"
    )
    let library: TensorRTLibrary
    do {
      library = try TensorRTLibrary.open(logger: TensorRTDevice.warnings)
    } catch {
      report.problem = Self.reason(error)
      if let nvidia, !nvidia.gpus.isEmpty { report.remedy = remedy.tensorRT(cudaMajor: nvidia.cudaVersion / 1000) }
      return report
    }
    report.path = library.path
    report.version = library.version.number
    report.details = library.warnings
    if library.version.product == .rtx { report.title = TensorRTVersion.Product.rtx.rawValue }
    guard let nvidia, !nvidia.gpus.isEmpty else {
      report.problem =
        library.kind == .rtx
        ? "Without a GPU and its driver it runs nothing; swoop build makes engines with it for other machines."
        : "It is of no use here without a GPU and its driver."
      return report
    }
    let verdicts = nvidia.gpus.indices.map { TensorRTAvailability.probe(index: $0, library: library) }
    report.details += zip(nvidia.gpus.indices, verdicts).map { index, verdict in
      switch verdict.verdict {
      case .builds: "cuda:\(index): builds and runs engines"
      case .runs, .unusable: "cuda:\(index): \(verdict.reason)"
      }
    }
    if verdicts.allSatisfy({ $0.verdict == .unusable }) { report.problem = "It runs on none of the GPUs here." }
    return report
  }

  func onnxRuntime(nvidia: NVIDIAReport?) -> LibraryReport {
    let hasGPU = nvidia?.gpus.isEmpty == false
    var report = LibraryReport(
      identifier: "onnxruntime", title: "ONNX Runtime",
      purpose: "runs ONNX models on the processor, and on NVIDIA GPUs without TensorRT")
    do {
      let library = try ONNXRuntimeLibrary()
      report.path = library.path
      report.version = library.version
      report.details = ["providers: \(try library.availableProviders().joined(separator: ", "))"]
    } catch let error as LibraryLoadError {
      report.problem = Self.reason(error)
    } catch {
      report.problem = "\(error)"
    }
    if report.problem != nil { report.remedy = remedy.onnxRuntime(hasGPU: hasGPU) }
    return report
  }

  /// Why TensorRT could not be opened.
  static func reason(_ error: TensorRTError) -> String {
    error.attempts.isEmpty ? error.message : reason(error.attempts)
  }

  /// Why a library could not be opened: the reasons that say more than that a file is not there.
  static func reason(_ error: LibraryLoadError) -> String { reason(error.attempts) }

  private static func reason(_ attempts: [LibraryLoadError.Attempt]) -> String {
    let telling = attempts.filter { !$0.reason.hasSuffix("No such file or directory") }
    guard telling.isEmpty else { return telling.map(\.description).joined(separator: "\n") }
    let named = attempts.map(\.path).filter { $0.contains("/") }
    return named.isEmpty ? "It is not installed." : "There is no \(named.joined(separator: ", "))."
  }
}

/// Sizes of memory as people read them.
enum ByteCount {
  /// `23.5 GiB`, `512 MiB`.
  static func text(_ bytes: Int) -> String {
    let gibibytes = Double(bytes) / Double(1 << 30)
    return gibibytes >= 1
      ? "\(Numbers.fixed(gibibytes, 1)) GiB" : "\(Numbers.fixed(Double(bytes) / Double(1 << 20), 0)) MiB"
  }
}
