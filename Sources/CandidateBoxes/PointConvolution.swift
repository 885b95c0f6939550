internal import CPointConvolution
internal import ONNX

/// One convolution of a box branch, laid out for points: weights (taps, channels, width), where the width is the number of
/// outputs rounded up to 16.
struct PointConvolution: Sendable {
  let windowSize: Int
  let channels: Int
  let width: Int
  private let weights: [Float]
  private let bias: [Float]
  private let zeros: [Float]
  private let hasSiLU: Bool

  private static let multiple = 16

  /// - Parameter inputWidth: how many numbers a row of the input has: at least the convolution's inputs; the further ones
  ///   count for nothing.
  init(_ convolution: BoxBranch.Convolution, inputWidth: Int) {
    windowSize = convolution.windowSize
    channels = inputWidth
    let width = (convolution.outputCount + Self.multiple - 1) / Self.multiple * Self.multiple
    self.width = width
    let taps = convolution.windowSize * convolution.windowSize
    var weights = [Float](repeating: 0, count: taps * inputWidth * width)
    for output in 0..<convolution.outputCount {
      for input in 0..<convolution.inputCount {
        for tap in 0..<taps {
          weights[(tap * inputWidth + input) * width + output] =
            convolution.weights[(output * convolution.inputCount + input) * taps + tap]
        }
      }
    }
    self.weights = weights
    bias = convolution.bias + [Float](repeating: 0, count: width - convolution.outputCount)
    zeros = [Float](repeating: 0, count: inputWidth)
    hasSiLU = convolution.hasSiLU
  }

  /// Computes the outputs (points, ``width``).
  ///
  /// - Parameters:
  ///   - rows: (points, taps): for each place of the window, row by row, a row of `input`, or -1 outside the picture.
  ///   - input: rows of ``channels`` numbers.
  func callAsFunction(
    _ functions: PointFunctions, rows: [Int32], input: [Float], output: inout [Float]
  ) {
    let taps = windowSize * windowSize
    let points = rows.count / taps
    if output.count < points * width { output = [Float](repeating: 0, count: points * width * 5 / 4) }
    rows.withUnsafeBufferPointer { rows in
      weights.withUnsafeBufferPointer { weights in
        bias.withUnsafeBufferPointer { bias in
          zeros.withUnsafeBufferPointer { zeros in
            input.withUnsafeBufferPointer { input in
              output.withUnsafeMutableBufferPointer { output in
                var call = swoop_point_convolution(
                  rows: rows.baseAddress, points: points, taps: taps, input: input.baseAddress, channels: channels,
                  zeros: zeros.baseAddress, weights: weights.baseAddress, bias: bias.baseAddress, width: width,
                  silu: hasSiLU ? 1 : 0, output: output.baseAddress)
                functions.table.pointee.convolve(&call)
              }
            }
          }
        }
      }
    }
  }
}

/// The functions for the instructions of a processor.
package struct PointFunctions: @unchecked Sendable {
  // Sendable: a constant table.
  let table: UnsafePointer<swoop_point_functions>

  /// Those that this processor has, the fastest last.
  package static let all: [PointFunctions] = (0..<3).compactMap { level in
    swoop_point_functions_of_level(level).map { PointFunctions(table: $0) }
  }

  /// The fastest of this processor.
  static let best: PointFunctions = all[all.count - 1]

  /// `plain`, `avx2`, `avx512`.
  package var name: String { String(cString: table.pointee.name) }

  /// Says for each of `count` anchors whether any of its values is above a limit or no number.
  ///
  /// - Parameter values: (planes, count).
  func mark(_ values: UnsafePointer<Float>, planes: Int, count: Int, above limit: Float, into marks: inout [UInt8]) {
    marks.withUnsafeMutableBufferPointer { marks in
      precondition(marks.count >= count, "marks for \(marks.count) of \(count) anchors")
      table.pointee.mark(values, planes, count, limit, marks.baseAddress)
    }
  }
}
