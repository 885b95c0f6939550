public import TensorRT

/// What an engine is built for, and how.
public struct TensorRTBuildOptions: Sendable, Hashable {
  /// The smallest, the usual and the largest length of an axis.
  public struct Range: Sendable, Hashable, CustomStringConvertible {
    public var minimum: Int
    public var optimum: Int
    public var maximum: Int

    /// - Throws: ``InferenceError`` where the numbers are not in order or not positive.
    public init(minimum: Int, optimum: Int, maximum: Int) throws(InferenceError) {
      guard 1 <= minimum, minimum <= optimum, optimum <= maximum else {
        throw InferenceError(
          .optionUnsupported,
          "The range \(minimum):\(optimum):\(maximum) is not in order: it is minimum:usual:maximum, from 1 on.")
      }
      self.minimum = minimum
      self.optimum = optimum
      self.maximum = maximum
    }

    /// One length.
    public init(_ length: Int) throws(InferenceError) {
      try self.init(minimum: length, optimum: length, maximum: length)
    }

    /// Reads `8` or `1:32:64`; `nil` where the text is neither.
    public init?(_ text: String) {
      let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      let lengths = numbers.compactMap { $0 }
      guard lengths.count == numbers.count else { return nil }
      switch lengths.count {
      case 1: try? self.init(lengths[0])
      case 3: try? self.init(minimum: lengths[0], optimum: lengths[1], maximum: lengths[2])
      default: return nil
      }
    }

    /// `8` or `1:32:64`.
    public var description: String {
      minimum == maximum ? "\(optimum)" : "\(minimum):\(optimum):\(maximum)"
    }
  }

  /// What of an input's shape is chosen.
  public enum Shape: Sendable, Hashable {
    case batch, size
  }

  /// The arithmetic that layers may run in.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// float32 throughout, without TF32.
    case fp32
    /// float16 where it is faster.
    case fp16
    /// bfloat16 where it is faster.
    case bf16
    /// int8 where it is faster, for models with quantisation in them; float16 elsewhere.
    case int8
    /// As the version does it by itself: float16 where layers may choose, otherwise the model's own types.
    case auto
  }

  /// The batch of models that leave it open.
  public var batch: Range
  /// Height and width of models that leave them open; `nil` takes the size in the model's metadata.
  public var height: Range?
  public var width: Range?
  /// What of these the user insists on: where a model fixes such an axis to a length outside the range, the build is
  /// refused. Otherwise ranges count only for axes that the model leaves open.
  public var binding: Set<Shape> = []
  public var precision = Precision.fp32
  /// The most scratch memory of the layers, in bytes; `nil` for as much as the device has.
  public var workspaceByteCount: Int?
  /// A file that keeps the times of tactics from build to build.
  public var timingCache: String?
  public var isVersionCompatible = false
  public var hardwareCompatibility: HardwareCompatibility?
  /// 0, quickest to build, to 5; `nil` for TensorRT's own choice.
  public var optimizationLevel: Int?
  /// Compute capabilities to build for, as 86 for 8.6; TensorRT for RTX only. Empty for the present GPU's, or, without a
  /// GPU, all that TensorRT for RTX knows.
  public var computeCapabilities: [Int] = []
  /// Whether the engine is to know its layers in detail, for `swoop inspect --layers`.
  public var isDetailed = false
  /// Whether weights can be replaced later.
  public var isRefittable = false
  /// Plugin libraries that the model needs.
  public var plugins: [String] = []

  public init() throws(InferenceError) { batch = try Range(minimum: 1, optimum: 8, maximum: 32) }

  /// The options as they stand on the command line of `swoop build`, those at their defaults left out.
  public var commandLine: [EngineRecord.Setting] {
    var settings = [EngineRecord.Setting("batch", batch.description)]
    if let height, let width {
      settings.append(.init("size", height == width ? "\(height)" : "\(height)x\(width)"))
    }
    settings.append(.init("precision", precision.rawValue))
    if let workspaceByteCount { settings.append(.init("workspace", "\(workspaceByteCount)")) }
    if let timingCache { settings.append(.init("timing-cache", timingCache)) }
    if isVersionCompatible { settings.append(.init("version-compatible", "")) }
    if let hardwareCompatibility { settings.append(.init("hardware-compatible", hardwareCompatibility.rawValue)) }
    if let optimizationLevel { settings.append(.init("level", "\(optimizationLevel)")) }
    if !computeCapabilities.isEmpty {
      settings.append(.init("compute-capability", computeCapabilities.map { "\($0)" }.joined(separator: ",")))
    }
    if isDetailed { settings.append(.init("detailed", "")) }
    if isRefittable { settings.append(.init("refittable", "")) }
    settings += plugins.map { .init("plugin", $0) }
    return settings
  }
}
