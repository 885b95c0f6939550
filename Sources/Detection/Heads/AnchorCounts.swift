internal import Tensors

/// How many anchors the YOLO families have for an input size: the cells of all grids, by the grids' strides.
struct AnchorCounts {
  /// One anchor per cell: YOLOv8 and later, YOLOX.
  private(set) var single: Set<Int> = []
  /// Three anchors per cell: YOLOv5, YOLOv7.
  private(set) var triple: Set<Int> = []
  let width, height: Int

  /// The sets of strides that models of these families use: P3 to P5, with P6 or with P2, and the small P4 to P5.
  private static let strideSets = [[8, 16, 32], [8, 16, 32, 64], [4, 8, 16, 32], [16, 32]]

  /// - Returns: `nil` unless the model fixes its input's height and width.
  init?(inputs: [TensorDescriptor]) {
    let images = inputs.filter { $0.shape.rank == 4 }
    guard images.count == 1, let shape = images.first?.shape else { return nil }
    let isChannelsLast = shape[1].length.map { $0 > 4 } ?? false
    let axes = isChannelsLast ? (1, 2) : (2, 3)
    guard let height = shape[axes.0].length, let width = shape[axes.1].length,
      (1...1 << 20).contains(height), (1...1 << 20).contains(width)
    else { return nil }
    self.width = width
    self.height = height
    for strides in AnchorCounts.strideSets {
      let cells = strides.reduce(0) { $0 + (width + $1 - 1) / $1 * ((height + $1 - 1) / $1) }
      single.insert(cells)
      triple.insert(3 * cells)
    }
  }
}
