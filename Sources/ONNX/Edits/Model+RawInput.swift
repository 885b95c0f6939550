internal import Tensors

extension Model {
  /// Makes the image input take raw bytes: uint8 RGB (B, H, W, 3) in place of the present (B, 3, H, W) in [0, 1].
  ///
  /// The graph casts to the type that it had before, divides by 255 and transposes, so feeding bytes gives what feeding
  /// `bytes / 255` in that type gave. The bytes to copy to a device become a quarter, or half for float16.
  ///
  /// - Throws: ``ModelError`` with code `unsupported` where the input is no float image with three channels.
  public mutating func takeRawImages() throws {
    let version = try prepareForEditing()
    let image = try imageInput()
    let input = graph.inputs[image.position]
    guard !image.isChannelsLast, let type = input.elementType, type.isFloatingPoint, type != .float64,
      let shape = input.shape, shape[1].length ?? 3 == 3
    else {
      throw ModelError(
        .unsupported, "only a floating-point input (B, 3, H, W) can be made to take bytes; the model's is \(input)")
    }
    var builder = GraphBuilder(graph, prefix: "swoop/bytes")
    let cast = builder.cast(input.name, to: type)
    let scale = builder.constant("scale") { DenseTensor(type, [], floats: [255]).tensor(named: $0) }
    let scaled = builder.add("Div", [cast, scale])
    let planes = builder.add("Transpose", [scaled], [.ints("perm", [0, 3, 1, 2])])
    graph.replaceReads([input.name: planes])
    builder.prepend(to: &graph)
    graph.inputs[image.position].elementType = .uint8
    graph.inputs[image.position].shape = TensorShape([shape[0], shape[2], shape[3], .fixed(3)])
    try refreshShapes(version)
  }
}
