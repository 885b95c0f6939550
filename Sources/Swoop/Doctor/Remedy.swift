internal import CUDA

/// The exact commands that add what is missing, on this distribution.
struct Remedy {
  let system: OperatingSystemReport
  /// Whether the process is root, so that commands need no sudo.
  let isRoot: Bool
  /// Where Swoop looks for runtimes of its own; see `LibrarySearch`.
  let runtimesFolder: String

  /// A package of the distribution, by its name in each family; `nil` where the distribution is not known here.
  func package(debian: String, ubuntu: String? = nil, fedora: String? = nil) -> String? {
    let root = isRoot ? "" : "sudo "
    if system.families.first == "ubuntu" || system.families.contains("ubuntu") {
      return "\(root)apt-get install \(ubuntu ?? debian)"
    }
    if system.hasAPT { return "\(root)apt-get install \(debian)" }
    if !Set(system.families).isDisjoint(with: ["fedora", "rhel"]), let fedora {
      return "\(root)dnf install \(fedora)"
    }
    return nil
  }

  /// Packages of the Python index, unpacked where Swoop finds them. Works where pip refuses system installs, because
  /// nothing is installed.
  func python(_ folder: String, _ packages: String) -> String {
    "python3 -m pip install --target \(quoted("\(runtimesFolder)/\(folder)")) \(packages)"
  }

  var openVINO: String { "scripts/get-openvino (in Swoop's checkout), or: \(python("openvino", "openvino"))" }

  var driver: String {
    let root = isRoot ? "" : "sudo "
    if system.families.contains("ubuntu") { return "\(root)ubuntu-drivers install, then restart" }
    if system.hasAPT {
      return
        "\(root)apt-get install nvidia-driver (from the sections contrib, non-free and non-free-firmware), then restart"
    }
    return "install NVIDIA's driver for \(system.name), then restart"
  }

  func tensorRT(cudaMajor: Int) -> String { python("tensorrt", "tensorrt-cu\(cudaMajor)-libs") }

  func nvrtc(cudaMajor: Int) -> String {
    let install = python("nvrtc", NVRTC.pythonPackage(newest: cudaMajor))
    // The script fetches version 13.
    return cudaMajor >= 13 ? "scripts/get-nvrtc (in Swoop's checkout), or: \(install)" : install
  }

  func nvJPEG(cudaMajor: Int) -> String {
    // From 13 on, NVIDIA's packages have no CUDA version in their names.
    python("nvjpeg", cudaMajor < 13 ? "nvidia-nvjpeg-cu\(cudaMajor)" : "nvidia-nvjpeg")
  }

  func onnxRuntime(hasGPU: Bool) -> String {
    hasGPU
      ? python("onnxruntime-gpu", "onnxruntime-gpu")
      : "scripts/get-onnxruntime (in Swoop's checkout), or: \(python("onnxruntime", "onnxruntime"))"
  }

  private func quoted(_ path: String) -> String {
    path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+".contains($0) }
      ? path : "'\(path.replacing("'", with: "'\\''"))'"
  }
}
