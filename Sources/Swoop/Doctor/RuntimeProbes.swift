internal import CUDA
internal import DynamicLibrary
internal import ONNXRuntime
internal import OpenVINO

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

  func tensorRT(nvidia: NVIDIAReport?) -> LibraryReport {
    var search = LibrarySearch(
      title: "TensorRT (libnvinfer.so)",
      names: ["libnvinfer.so.11", "libnvinfer.so.10", "libnvinfer.so.9", "libnvinfer.so.8", "libnvinfer.so"],
      environmentVariable: "SWOOP_TENSORRT", advice: "Or set SWOOP_TENSORRT to the library or its folder.")
    search.pythonFolders = ["tensorrt_libs", "tensorrt_libs/lib"]
    search.wellKnownFolders = [
      "/usr/lib/*-linux-gnu", "/usr/local/tensorrt/lib", "/usr/local/TensorRT*/lib", "/opt/tensorrt/lib",
      "/opt/TensorRT*/lib",
    ]
    var report = LibraryReport(
      identifier: "tensorrt", title: "TensorRT", purpose: "builds and runs engines for NVIDIA GPUs")
    do {
      let library = try DynamicLibrary.open(search)
      report.path = library.file(providing: "getInferLibVersion") ?? library.path
      if let version = library.symbol("getInferLibVersion", as: (@convention(c) () -> Int32).self) {
        report.version = Self.tensorRTVersion(Int(version()))
      }
      if nvidia == nil || nvidia?.gpus.isEmpty == true {
        report.details = ["of no use here without a GPU and its driver"]
      }
    } catch {
      report.problem = Self.reason(error)
      if let nvidia, !nvidia.gpus.isEmpty { report.remedy = remedy.tensorRT(cudaMajor: nvidia.cudaVersion / 1000) }
    }
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

  /// Why a library could not be opened: the reasons that say more than that a file is not there.
  static func reason(_ error: LibraryLoadError) -> String {
    let telling = error.attempts.filter { !$0.reason.hasSuffix("No such file or directory") }
    guard telling.isEmpty else { return telling.map(\.description).joined(separator: "\n") }
    let named = error.attempts.map(\.path).filter { $0.contains("/") }
    return named.isEmpty ? "It is not installed." : "There is no \(named.joined(separator: ", "))."
  }

  /// TensorRT's version number: major * 10000 + minor * 100 + patch from 10 on, major * 1000 + minor * 100 + patch before.
  static func tensorRTVersion(_ number: Int) -> String {
    number >= 10_000
      ? "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
      : "\(number / 1000).\(number / 100 % 10).\(number % 100)"
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
