import CUDA
import DeviceDetection
import Foundation
import Synchronization

/// What the tests cannot do on a machine without a GPU. Prints a line for each check and ends with 1 if any failed.
///
///     GPUCheck kernels [--quick | --tiny] preprocess, postprocess and decode's; tiny is for compute-sanitizer
///     GPUCheck preprocess [NVRTC-FOLDER]  against the CPU's tensors, and beside a copy on the device
///     GPUCheck postprocess [SAMPLES]      against the CPU's boxes, and times
///     GPUCheck cuda                       modules, graphs, pools, NVRTC; breaks its context in the end
///     GPUCheck decode FOLDER…             JPEG decoding as a run does it, beside nvJPEG alone
///     GPUCheck decode --sweep FOLDER…     … in many arrangements; --seconds for each, --limit for all
///     GPUCheck tensorrt MODELS [RTX-FOLDER [LEAN-FOLDER [MODEL.onnx]]]
@main
enum GPUCheck {
  private static let failures = Mutex(0)
  private static let usage = """
    usage: GPUCheck cuda | kernels [--quick | --tiny] | preprocess [NVRTC-FOLDER] | postprocess [SAMPLES]
           | decode [--sweep [--seconds S] [--limit S]] FOLDER…
           | tensorrt MODELS [RTX-FOLDER [LEAN-FOLDER [MODEL.onnx]]]
    """

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let command = arguments.first else { quit(usage) }
    let rest = Array(arguments.dropFirst())
    func argument(_ place: Int) -> String? { place < rest.count ? rest[place] : nil }
    let driver = try CUDADriver.open()
    let device = try driver.device(0)
    print(
      "\(device), compute capability \(device.computeCapability), \(device.memoryByteCount >> 20) MiB, CUDA \(driver.versionText), \(driver.path)"
    )
    switch command {
    case "cuda": try CUDACheck(driver: driver, check: check).run()
    case "kernels":
      let isTiny = rest.contains("--tiny")
      try PreprocessCheck.run(driver, compilerFolders: [], isTiny: isTiny, check: check)
      try PostprocessCheck(driver, check: check).run(
        sampleCount: isTiny ? 40 : rest.contains("--quick") ? 200 : 2000, isTiny: isTiny)
      try DecodeKernelsCheck.run(driver, isTiny: isTiny, check: check)
    case "preprocess": try PreprocessCheck.run(driver, compilerFolders: rest, check: check)
    case "postprocess":
      try PostprocessCheck(driver, check: check).run(sampleCount: argument(0).flatMap { Int($0) } ?? 2000)
    case "decode": try DecodeCheck.run(driver.primaryContext(of: device), rest, check)
    case "tensorrt":
      guard let models = argument(0) else { quit(usage) }
      try TensorRTCheck(driver: driver, check: check).run(
        models: models, rtx: argument(1), lean: argument(2), model: argument(3))
    default: quit(usage)
    }
    let failed = failures.withLock { $0 }
    print(failed == 0 ? "all checks passed" : "\(failed) checks FAILED")
    exit(failed == 0 ? 0 : 1)
  }

  private static func quit(_ text: String) -> Never {
    print(text)
    exit(64)
  }

  static func check(_ what: String, _ holds: Bool) {
    print("\(holds ? "ok    " : "FAILED") \(what)")
    if !holds { failures.withLock { $0 += 1 } }
  }
}
