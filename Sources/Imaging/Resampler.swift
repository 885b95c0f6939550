internal import CImaging

/// Resizes pictures row by row, keeping its tables and working memory between pictures. One thread at a time uses it.
///
/// Rows come out in planes (R, G, B bytes apart) because that is what most input tensors want; at equal sizes they are
/// the picture's own pixels.
package final class Resampler {
  private let kernels: Kernels
  private var scratch = ScratchMemory()
  private var linearAcross = LinearTable.horizontal
  private var linearDown = LinearTable.vertical
  private var bicubicAcross = BicubicTable()
  private var bicubicDown = BicubicTable()
  private var rowPointers: [UnsafePointer<UInt8>] = []

  package init(kernels: Kernels = .best) { self.kernels = kernels }

  /// Resizes `image` to `width` x `height` and hands the rows to `row` from the top.
  ///
  /// `row` gets the row's number, the first of three planes of `width` bytes, and the distance between planes; they are
  /// valid during the call and have SWOOP_ROW_SLACK bytes behind them.
  ///
  /// - Throws: ``ImageError`` with code `outOfMemory`, or `tooLarge` for sides that bicubic does not take.
  func forEachRow(
    of image: PixelBuffer, width: Int, height: Int, by method: Resampling,
    _ row: (Int, UnsafePointer<UInt8>, Int) -> Void
  ) throws(ImageError) {
    if image.width == width && image.height == height {
      try copyRows(of: image, row)
      return
    }
    switch method {
    case .openCVLinear:
      try linearRows(of: image, width: width, height: height, row)
    case .pillowBicubic, .pillow13Bicubic:
      let longest = max(max(image.width, image.height), max(width, height))
      guard longest <= BicubicTable.maximumSide else {
        throw ImageError(
          .tooLarge,
          "a side of \(longest) pixels is not resized with Pillow's bicubic; the limit is \(BicubicTable.maximumSide)"
        )
      }
      if method.resizesDownFirst(image.width, image.height, width, height) {
        try bicubicRowsDownFirst(of: image, width: width, height: height, row)
      } else {
        try bicubicRows(of: image, width: width, height: height, row)
      }
    }
  }

  /// Distance between planes of a row: whole cache lines.
  private static func planeStride(_ width: Int) -> Int { (width + 63) & ~63 }

  private func copyRows(of image: PixelBuffer, _ row: (Int, UnsafePointer<UInt8>, Int) -> Void)
    throws(ImageError)
  {
    let stride = Self.planeStride(image.width)
    let planes = try scratch.reserve(3 * stride).assumingMemoryBound(to: UInt8.self)
    for y in 0..<image.height {
      kernels.table.pointee.deinterleave(image.base + y * image.bytesPerRow, image.width, planes, stride)
      row(y, planes, stride)
    }
  }

  // The rows resized across that the last output row used are kept: enlarging uses each several times.
  private func linearRows(
    of image: PixelBuffer, width: Int, height: Int, _ row: (Int, UnsafePointer<UInt8>, Int) -> Void
  ) throws(ImageError) {
    linearAcross.prepare(inputs: image.width, outputs: width)
    linearDown.prepare(inputs: image.height, outputs: height)
    let stride = Self.planeStride(width)
    let memory = try scratch.reserve(3 * stride + 2 * 3 * stride * 2)
    let planes = memory.assumingMemoryBound(to: UInt8.self)
    let kept = (memory + 3 * stride).assumingMemoryBound(to: Int16.self)
    var keptRows = (-1, -1)
    let lastRow = image.height - 1
    let table = kernels.table

    linearAcross.offsets.withUnsafeBufferPointer { offsets in
      linearAcross.weights.withUnsafeBufferPointer { weights in
        guard let offsets = offsets.baseAddress, let weights = weights.baseAddress else { return }
        func across(_ source: Int, sparing other: Int) -> UnsafeMutablePointer<Int16> {
          if keptRows.0 == source { return kept }
          if keptRows.1 == source { return kept + 3 * stride }
          let target = keptRows.0 == other ? kept + 3 * stride : kept
          if keptRows.0 == other { keptRows.1 = source } else { keptRows.0 = source }
          table.pointee.linear_row(
            image.base + source * image.bytesPerRow, offsets, weights, width, target, stride)
          return target
        }
        for y in 0..<height {
          let tap = Int(linearDown.offsets[y])
          let first = min(max(tap, 0), lastRow)
          let second = min(max(tap + 1, 0), lastRow)
          let upper = across(first, sparing: second)
          let lower = across(second, sparing: first)
          table.pointee.linear_column(
            upper, lower, linearDown.weights[2 * y], linearDown.weights[2 * y + 1], 2 * stride + width, planes
          )
          row(y, planes, stride)
        }
      }
    }
  }

  // Rows resized across are kept in a ring as long as the tallest column of taps, so the working set stays in cache.
  private func bicubicRows(
    of image: PixelBuffer, width: Int, height: Int, _ row: (Int, UnsafePointer<UInt8>, Int) -> Void
  ) throws(ImageError) {
    let resizesAcross = image.width != width
    let resizesDown = image.height != height
    if resizesAcross { bicubicAcross.prepare(inputs: image.width, outputs: width) }
    bicubicDown.prepare(inputs: image.height, outputs: height)
    let taps = resizesDown ? Int(bicubicDown.counts.max() ?? 1) : 1
    let stride = Self.planeStride(width)
    let rowBytes = (3 * width + Int(SWOOP_ROW_SLACK) + 63) & ~63
    let memory = try scratch.reserve(3 * stride + Int(SWOOP_ROW_SLACK) + rowBytes + taps * rowBytes)
    let planes = memory.assumingMemoryBound(to: UInt8.self)
    let whole = planes + 3 * stride + Int(SWOOP_ROW_SLACK)
    let ring = whole + rowBytes
    var done = 0

    func across(_ source: Int) -> UnsafeMutablePointer<UInt8> {
      let pixels = image.base + source * image.bytesPerRow
      guard resizesAcross else { return pixels }
      let target = ring + (source % taps) * rowBytes
      if source >= done {
        bicubicAcross.convolve(pixels, into: target, kernels)
        done = source + 1
      }
      return target
    }
    for y in 0..<height {
      guard resizesDown else {
        kernels.table.pointee.deinterleave(across(y), width, planes, stride)
        row(y, planes, stride)
        continue
      }
      let first = Int(bicubicDown.firsts[y])
      let count = Int(bicubicDown.counts[y])
      // Rows above the first tap that no output needed are skipped for good.
      done = max(done, first)
      rowPointers.removeAll(keepingCapacity: true)
      for source in first..<first + count { rowPointers.append(UnsafePointer(across(source))) }
      // Vector code takes rows in pairs; the last coefficient of an odd number is zero.
      if count % 2 == 1 { rowPointers.append(rowPointers[count - 1]) }
      down(y, count: count, columns: 3 * width, into: whole)
      kernels.table.pointee.deinterleave(whole, width, planes, stride)
      row(y, planes, stride)
    }
  }

  private func bicubicRowsDownFirst(
    of image: PixelBuffer, width: Int, height: Int, _ row: (Int, UnsafePointer<UInt8>, Int) -> Void
  ) throws(ImageError) {
    bicubicAcross.prepare(inputs: image.width, outputs: width)
    bicubicDown.prepare(inputs: image.height, outputs: height)
    let stride = Self.planeStride(width)
    let outBytes = (3 * width + Int(SWOOP_ROW_SLACK) + 63) & ~63
    let memory = try scratch.reserve(3 * stride + outBytes + image.bytesPerRow)
    let planes = memory.assumingMemoryBound(to: UInt8.self)
    let whole = planes + 3 * stride
    let lowered = whole + outBytes
    for y in 0..<height {
      let first = Int(bicubicDown.firsts[y])
      let count = Int(bicubicDown.counts[y])
      rowPointers.removeAll(keepingCapacity: true)
      for source in first..<first + count {
        rowPointers.append(UnsafePointer(image.base + source * image.bytesPerRow))
      }
      if count % 2 == 1 { rowPointers.append(rowPointers[count - 1]) }
      down(y, count: count, columns: image.bytesPerRow, into: lowered)
      bicubicAcross.convolve(lowered, into: whole, kernels)
      kernels.table.pointee.deinterleave(whole, width, planes, stride)
      row(y, planes, stride)
    }
  }

  private func down(_ y: Int, count: Int, columns: Int, into out: UnsafeMutablePointer<UInt8>) {
    let start = Int(bicubicDown.starts[y])
    rowPointers.withUnsafeBufferPointer { rows in
      bicubicDown.coefficients.withUnsafeBufferPointer { coefficients in
        bicubicDown.pairs.withUnsafeBufferPointer { pairs in
          guard let rows = rows.baseAddress, let coefficients = coefficients.baseAddress,
            let pairs = pairs.baseAddress
          else { return }
          kernels.table.pointee.convolve_column(
            rows, count, coefficients + start, pairs + 2 * start, columns, out)
        }
      }
    }
  }
}
