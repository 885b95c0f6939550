internal import CUDA

/// What copying an execution's tensors between page-locked host memory and a GPU takes, in milliseconds: medians of copies
/// that had the bus to themselves.
public struct TransferTimes: Sendable, Hashable {
  public var inputByteCount: Int
  public var outputByteCount: Int
  public var toDevice: Double
  public var toHost: Double

  private static let repetitions = 15

  init(in context: CUDAContext, inputByteCount: Int, outputByteCount: Int) throws {
    self.inputByteCount = inputByteCount
    self.outputByteCount = outputByteCount
    let stream = try CUDAStream(in: context)
    let byteCount = max(inputByteCount, outputByteCount, 1)
    let host = try PinnedMemory(byteCount: byteCount, in: context)
    let device = try DeviceMemory(byteCount: byteCount, in: context)
    let (start, end) = (try CUDAEvent(in: context, isTiming: true), try CUDAEvent(in: context, isTiming: true))
    func median(_ copy: () throws -> Void) throws -> Double {
      var times: [Double] = []
      for _ in 0..<Self.repetitions {
        try start.record(on: stream)
        try copy()
        try end.record(on: stream)
        try stream.synchronize()
        times.append(try end.milliseconds(since: start))
      }
      return times.sorted()[Self.repetitions / 2]
    }
    let input = UnsafeMutableRawBufferPointer(rebasing: host.bytes[..<inputByteCount])
    let output = UnsafeMutableRawBufferPointer(rebasing: host.bytes[..<outputByteCount])
    toDevice = try median { try stream.copy(UnsafeRawBufferPointer(input), to: device.address) }
    toHost = try median { try stream.copy(device.address, to: output) }
  }
}
