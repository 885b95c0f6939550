/// A size in up to three dimensions: of a grid in blocks, or of a block in threads.
public struct CUDAExtent: Hashable, Sendable, CustomStringConvertible {
  /// The fastest running dimension, `threadIdx.x` and `blockIdx.x` in a kernel.
  public var x: Int
  public var y: Int
  public var z: Int

  public init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
    self.x = x
    self.y = y
    self.z = z
  }

  public var description: String { "\(x) x \(y) x \(z)" }

  /// The three as the driver takes them, where each is at least 1 and within `limit`.
  func checked(upTo limit: CUDAExtent) -> (x: UInt32, y: UInt32, z: UInt32)? {
    guard x >= 1, y >= 1, z >= 1, x <= limit.x, y <= limit.y, z <= limit.z,
      let x = UInt32(exactly: x), let y = UInt32(exactly: y), let z = UInt32(exactly: z)
    else { return nil }
    return (x, y, z)
  }
}
