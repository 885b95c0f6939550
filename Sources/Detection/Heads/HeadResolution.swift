public import Tensors

extension DetectionHead {
  /// Finds the head that a model's outputs and metadata mean.
  ///
  /// Nothing is guessed: if the shapes, names and metadata together fit more than one family, that is an error, and the
  /// caller asks the user for `kind`.
  ///
  /// - Parameters:
  ///   - inputs: the model's inputs; their size tells how many anchors each family would have.
  ///   - outputs: the model's outputs in any order, with dynamic axes where the length is not known yet.
  ///   - metadata: what the exporter wrote.
  ///   - kind: the family to use, if a user named one (`--head`); it is checked against the shapes.
  ///   - boxFormat: how ``Kind/split`` writes its boxes (`--box-format`); the other families have one form each.
  /// - Throws: ``DetectionError``: `ambiguousHead` (the message lists the choices), `unsupportedModel` (a task or layout
  ///   that is not box detection), `headMismatch` (`kind` or `boxFormat` does not fit), `invalidOption`.
  public static func resolve(
    inputs: [TensorDescriptor], outputs: [TensorDescriptor], metadata: ModelMetadata = ModelMetadata(),
    kind: Kind? = nil, boxFormat: BoxFormat? = nil
  ) throws(DetectionError) -> DetectionHead {
    let resolver = HeadResolver(inputs: inputs, outputs: outputs, metadata: metadata)
    let head: DetectionHead
    if let kind {
      head = try resolver.forced(kind, boxFormat: boxFormat)
    } else {
      head = try resolver.recognised(boxFormat: boxFormat)
    }
    if let boxFormat, head.boxFormat != boxFormat {
      throw DetectionError(
        .headMismatch,
        "The box format \(boxFormat.rawValue) was asked for, but the head \(head.kind.rawValue) writes "
          + "\(head.boxFormat.rawValue). Only the head split can be either; leave --box-format out.")
    }
    return head
  }
}

/// The facts that a resolution looks at. The rules for single tensors and for groups of tensors are in the extensions.
struct HeadResolver {
  let inputs: [TensorDescriptor]
  let outputs: [TensorDescriptor]
  let metadata: ModelMetadata
  let anchors: AnchorCounts?
  /// The classes by the metadata's names; 0 where it has none.
  var namedClassCount: Int { metadata.labels.count }

  init(inputs: [TensorDescriptor], outputs: [TensorDescriptor], metadata: ModelMetadata) {
    self.inputs = inputs
    self.outputs = outputs
    self.metadata = metadata
    anchors = AnchorCounts(inputs: inputs)
  }

  var outputList: String {
    outputs.isEmpty ? "no outputs" : outputs.map(\.description).joined(separator: "; ")
  }

  /// The choices as a list of `--head` values.
  static func choices(_ kinds: [DetectionHead.Kind]) -> String {
    kinds.map { "\n  --head \($0.rawValue)   \($0)" }.joined()
  }

  func recognised(boxFormat: BoxFormat?) throws(DetectionError) -> DetectionHead {
    try refuseOtherTasks()
    if let head = try efficientNMS() { return head }
    if let head = try split(boxFormat: boxFormat) { return head }
    try refuseOtherDetectors()
    return try singleTensor()
  }

  /// Whether the metadata says that the model's output is boxes rather than candidates; `nil` if it says nothing.
  var saysEndToEnd: Bool? {
    if metadata.endToEnd == true || metadata.hasEmbeddedSuppression == true { return true }
    return metadata.endToEnd
  }

  // MARK: What is not box detection

  func refuseOtherTasks() throws(DetectionError) {
    if let task = metadata.task, task != "detect" {
      throw DetectionError(
        .unsupportedModel,
        "The model's metadata says its task is \"\(task)\"; only \"detect\" is supported. "
          + "Its outputs are \(outputList). Export a detection model.")
    }
    if let shape = metadata.keyPointShape {
      throw DetectionError(
        .unsupportedModel,
        "The model's metadata has key points (kpt_shape \(shape)), so it is a pose model; only box detection is "
          + "supported. Export a detection model.")
    }
    if let head = metadata.head?.lowercased(), head.contains("rtdetr") {
      throw DetectionError(
        .unsupportedModel,
        "The model's metadata says its head is \"\(metadata.head ?? "")\" (RT-DETR), which writes normalised boxes over a "
          + "stretched input; this is not supported. Its outputs are \(outputList).")
    }
  }

  private func refuseOtherDetectors() throws(DetectionError) {
    let names = Set(outputs.map(\.name))
    if let masks = outputs.first(where: { $0.shape.rank == 4 }),
      outputs.contains(where: { $0.shape.rank == 3 })
    {
      throw DetectionError(
        .unsupportedModel,
        "The output \(masks) beside a tensor of rank 3 looks like the prototypes of a segmentation model; only box "
          + "detection is supported. The outputs are \(outputList). Export a detection model, or name the head with "
          + "--head if this tensor is something else.")
    }
    if names.isSuperset(of: ["labels", "boxes", "scores"]) {
      throw DetectionError(
        .unsupportedModel,
        "The outputs labels, boxes and scores are those of RT-DETR and D-FINE exports, whose boxes are not in network "
          + "pixels; they are not supported. The outputs are \(outputList).")
    }
    if names.isSuperset(of: ["dets", "labels"]) {
      throw DetectionError(
        .unsupportedModel,
        "The outputs dets and labels are those of RF-DETR, which gives normalised boxes and logits; it is not "
          + "supported. The outputs are \(outputList).")
    }
    if !outputs.isEmpty, outputs.allSatisfy({ $0.shape.rank == 2 }) {
      throw DetectionError(
        .unsupportedModel,
        "The outputs \(outputList) have rank 2, as those of a classifier; a detector's candidates have rank 3 "
          + "(batch, channels, anchors).")
    }
    if outputs.contains(where: { $0.shape.rank == 5 }), !outputs.contains(where: { $0.shape.rank == 3 }) {
      throw DetectionError(
        .unsupportedModel,
        "The outputs \(outputList) are YOLOv5/YOLOv7 grids before decoding. Export the model with its detection layer "
          + "(for YOLOv7: --grid), which gives one tensor (batch, anchors, 5+classes).")
    }
  }
}
