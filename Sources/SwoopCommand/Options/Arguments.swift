public import ArgumentParser
public import CUDA
public import Detection
public import Inference
public import Swoop
public import TensorRT

extension RuntimeChoice: ExpressibleByArgument {}
extension BoxChoice: ExpressibleByArgument {}
extension GraphChoice: ExpressibleByArgument {}
extension CUDAWaiting: ExpressibleByArgument {}
extension DecodeChoice: ExpressibleByArgument {}
extension PrecisionChoice: ExpressibleByArgument {}
extension ExecutionMode: ExpressibleByArgument {}
extension BoxFormat: ExpressibleByArgument {}
extension LetterboxGeometry.Mode: ExpressibleByArgument {}
extension DetectionHead.Kind: ExpressibleByArgument {}
extension EngineFile.Header: ExpressibleByArgument {}
extension HardwareCompatibility: ExpressibleByArgument {}
extension TensorRTBuildOptions.Precision: ExpressibleByArgument {}

extension TensorRTBuildOptions.Range: ExpressibleByArgument {
  /// `8`, or `1:32:64`: smallest, usual, largest.
  public init?(argument: String) { self.init(argument) }
}

extension DeviceChoice: ExpressibleByArgument {
  /// `auto`, `cpu`, `all`, `cuda:0`, `cuda:0,1`.
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String { description }
}

extension CountChoice: ExpressibleByArgument {
  /// `auto`, or a whole number from 1 on.
  public init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let count = Int(argument), count > 0, count <= 1 << 20 {
      self = .exactly(count)
    } else {
      return nil
    }
  }

  public var defaultValueDescription: String {
    switch self {
    case .auto: "auto"
    case .exactly(let count): "\(count)"
    }
  }
}

extension InputSize: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// A threshold for all classes (`0.25`) or for one (`person=0.4`).
struct ThresholdArgument: ExpressibleByArgument, Equatable {
  /// The class as the user wrote it, or `nil` for all.
  var label: String?
  /// 0…1.
  var value: Double

  init?(argument: String) {
    // The number comes after the last `=`: a label may contain one.
    let number: Substring
    if let mark = argument.lastIndex(of: "=") {
      label = String(argument[..<mark])
      number = argument[argument.index(after: mark)...]
      guard label?.isEmpty == false else { return nil }
    } else {
      number = argument[...]
    }
    guard let value = Double(number), (0...1).contains(value) else { return nil }
    self.value = value
  }
}
