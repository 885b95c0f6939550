internal import CImaging

extension PixelBuffer {
  /// A copy of the picture in another size.
  ///
  /// For many pictures into tensors, use ``TensorWriter``: it writes the tensor's elements directly and allocates
  /// nothing per picture.
  ///
  /// - Throws: ``ImageError`` with code `invalidArgument` for sizes below 1, `outOfMemory`, or `tooLarge` for sides over
  ///   1,000,000 pixels with Pillow's bicubic.
  public func resized(width: Int, height: Int, by method: Resampling) throws(ImageError) -> PixelBuffer {
    try resized(width: width, height: height, by: method, using: Resampler())
  }

  /// A copy that fits in a square of `side` pixels, in the picture's proportions; never larger than the picture itself.
  /// Shrunk with the widened cubic of Pillow, which averages what it drops.
  ///
  /// - Throws: ``ImageError`` as ``resized(width:height:by:)``.
  public func thumbnail(side: Int) throws(ImageError) -> PixelBuffer {
    let longest = max(width, height)
    guard longest > side else { return try resized(width: width, height: height, by: .pillowBicubic) }
    func shrunk(_ length: Int) -> Int {
      max(1, Int((Double(length) * Double(side) / Double(longest)).rounded()))
    }
    return try resized(width: shrunk(width), height: shrunk(height), by: .pillowBicubic)
  }

  package func resized(
    width: Int, height: Int, by method: Resampling, using resampler: Resampler
  ) throws(ImageError) -> PixelBuffer {
    let result = try PixelBuffer(width: width, height: height)
    let order: [UInt8] = [0, 1, 2]
    try resampler.forEachRow(of: self, width: width, height: height, by: method) { y, planes, stride in
      swoop_interleave(planes, stride, order, width, result.base + y * result.bytesPerRow)
    }
    return result
  }
}
