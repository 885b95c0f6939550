internal import ArgumentParser
internal import Inference
internal import Swoop
internal import TensorRT

/// What an engine is built for: shapes, and GPUs.
struct BuildTargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Batch sizes where the model leaves them open: one, or smallest:usual:largest.", valueName: "min:opt:max"))
  var batch: TensorRTBuildOptions.Range?

  @Option(
    help: ArgumentHelp(
      "Input size where the model leaves it open: 640, 480x640 (height first), or ranges as 320:640:1280. Default: the size in the model's metadata.",
      valueName: "size"))
  var size: BuildSize?

  @Option(
    help: ArgumentHelp(
      "The GPU, counted from 0. Default: 0; TensorRT for RTX goes without one where there is none.", valueName: "n"))
  var device: Int?

  @Option(
    name: .customLong("hardware-compatible"),
    help: ArgumentHelp("Run on other GPUs too: ampere+ or same-compute-capability.", valueName: "level"))
  var hardwareCompatibility: HardwareCompatibility?

  @Option(
    name: .customLong("compute-capability"),
    help: ArgumentHelp(
      "TensorRT for RTX only: the compute capabilities to build for, as 86,89,120.", valueName: "cc,…"))
  var computeCapabilities: String?

  @Flag(name: .customLong("version-compatible"), help: "Let later versions of the same major run the engine.")
  var isVersionCompatible = false

  func validate() throws {
    if let device, device < 0 { throw ValidationError("--device \(device) is negative.") }
    if let text = computeCapabilities, Self.numbers(text) == nil {
      throw ValidationError("--compute-capability \(text) is no list of numbers like 86,89.")
    }
  }

  func apply(to options: inout TensorRTBuildOptions) throws {
    if let batch {
      options.batch = batch
      options.binding.insert(.batch)
    }
    if let size {
      options.height = size.height
      options.width = size.width
      options.binding.insert(.size)
    }
    options.hardwareCompatibility = hardwareCompatibility
    options.computeCapabilities = computeCapabilities.flatMap(Self.numbers) ?? []
    options.isVersionCompatible = isVersionCompatible
  }

  /// The library and the GPU. TensorRT for RTX goes without one where none was asked for; then the reason why there is
  /// none is told too.
  func open() throws -> (library: TensorRTLibrary, device: TensorRTDevice?, reason: String?) {
    do {
      let opened = try TensorRTDevice(index: device ?? 0)
      return (opened.library, opened, nil)
    } catch let error as InferenceError where error.code == .runtimeUnavailable && device == nil {
      // Without a GPU there is one library that builds.
      guard let library = try? TensorRTLibrary.open(kinds: [.rtx], logger: TensorRTDevice.warnings) else { throw error }
      return (library, nil, error.message)
    }
  }

  private static func numbers(_ text: String) -> [Int]? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let found = numbers.compactMap { $0 }
    return found.count == numbers.count && !found.isEmpty ? found : nil
  }
}

/// How an engine is built.
struct BuildSettingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      fp32 (without TF32), fp16, bf16, int8 (for models with quantisation in them), or auto. TensorRT 11 and TensorRT \
      for RTX run the model's own types: convert the model instead.
      """, valueName: "precision"))
  var precision: TensorRTBuildOptions.Precision = .fp32

  @Option(
    help: ArgumentHelp(
      "The most scratch memory of the layers: 512M, 4G, or bytes. Default: the device's.", valueName: "size"))
  var workspace: ByteCount?

  @Option(
    name: .customLong("timing-cache"),
    help: ArgumentHelp("A file that keeps what a build measured, for the next build.", valueName: "file"))
  var timingCache: String?

  @Option(help: ArgumentHelp("0, quickest to build, to 5, which tries everything.", valueName: "level"))
  var level: Int?

  @Option(help: ArgumentHelp("A plugin library that the model needs; repeatable.", valueName: "file"))
  var plugin: [String] = []

  @Flag(name: .customLong("detailed"), help: "Keep what swoop inspect --layers shows of each layer.")
  var isDetailed = false

  @Flag(name: .customLong("refittable"), help: "Let weights be replaced in the engine.")
  var isRefittable = false

  func validate() throws {
    if let level, !(0...5).contains(level) { throw ValidationError("--level \(level) is not from 0 to 5.") }
  }

  func apply(to options: inout TensorRTBuildOptions) {
    options.precision = precision
    options.workspaceByteCount = workspace?.bytes
    options.timingCache = timingCache
    options.optimizationLevel = level
    options.plugins = plugin
    options.isDetailed = isDetailed
    options.isRefittable = isRefittable
  }
}

/// `640`, `480x640`, `320:640:1280`, `320:480:640x320:640:1280`: height, then width.
struct BuildSize: ExpressibleByArgument {
  var height: TensorRTBuildOptions.Range
  var width: TensorRTBuildOptions.Range

  init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map {
      TensorRTBuildOptions.Range(String($0))
    }
    switch (sides.first ?? nil, sides.count) {
    case (let side?, 1):
      height = side
      width = side
    case (let height?, 2):
      guard let width = sides[1] else { return nil }
      self.height = height
      self.width = width
    default: return nil
    }
  }
}

/// A number of bytes: plain, or with K, M or G for powers of 1024.
struct ByteCount: ExpressibleByArgument {
  var bytes: Int

  init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    var text = argument.uppercased()
    var unit = 1
    if let last = text.last, let factor = units[last] {
      unit = factor
      text.removeLast()
    }
    guard let number = Int(text), number >= 0 else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    bytes = product
  }
}
