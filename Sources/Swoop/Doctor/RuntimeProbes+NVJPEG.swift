internal import DynamicLibrary
internal import NVJPEG

extension RuntimeProbes {
  /// NVIDIA's JPEG decoder. Only its version is asked: more would wake the GPU.
  func nvJPEG(nvidia: NVIDIAReport?) -> LibraryReport {
    let hasGPU = nvidia?.gpus.isEmpty == false
    var report = LibraryReport(identifier: "nvjpeg", title: "nvJPEG", purpose: "decodes JPEG on NVIDIA GPUs")
    do {
      let library = try NVJPEGLibrary.open()
      report.path = library.path
      report.version = "\(library.version)"
      if !hasGPU { report.details = ["of no use here without a GPU and its driver"] }
    } catch {
      report.problem = error.description
      if case .libraryMissing = error {
        do {
          _ = try DynamicLibrary.open(NVJPEGLibrary.search())
        } catch {
          report.problem = Self.reason(error)
        }
      }
      if hasGPU, let nvidia { report.remedy = remedy.nvJPEG(cudaMajor: nvidia.cudaVersion / 1000) }
    }
    return report
  }
}
