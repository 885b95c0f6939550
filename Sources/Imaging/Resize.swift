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
