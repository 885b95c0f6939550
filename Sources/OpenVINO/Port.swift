internal import COpenVINO
public import Tensors

/// An input or output of a model.
public struct Port: Hashable, Sendable {
  /// One of its names, or `nil` where the model gives it none. A tensor may have several names in OpenVINO; which one
  /// comes out is OpenVINO's choice.
  public var name: String?
  public var shape: PartialShape
  public var elementType: ElementType

  public init(name: String?, shape: PartialShape, elementType: ElementType) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
  }
}

/// A shape of which some axes, or even their number, are left to each execution.
public struct PartialShape: Hashable, Sendable, CustomStringConvertible {
  /// The lengths that one axis admits.
  public struct Dimension: Hashable, Sendable, CustomStringConvertible {
    public var minimum: Int
    /// The largest length, or `nil` where there is no limit.
    public var maximum: Int?

    /// An axis of one length only.
    public init(_ length: Int) { self.init(minimum: length, maximum: length) }

    /// An axis of any length in a range.
    public init(minimum: Int, maximum: Int?) {
      self.minimum = minimum
      self.maximum = maximum
    }

    /// Any length.
    public static let dynamic = Dimension(minimum: 0, maximum: nil)

    /// The length of an axis that has only one, else `nil`.
    public var length: Int? { minimum == maximum ? minimum : nil }

    public func admits(_ length: Int) -> Bool { length >= minimum && length <= maximum ?? .max }

    public var description: String {
      if let length { return "\(length)" }
      if let maximum { return "\(minimum)..\(maximum)" }
      return minimum == 0 ? "?" : "\(minimum).."
    }
  }

  /// The axes, outermost first, or `nil` where even the rank is open.
  public var dimensions: [Dimension]?

  public init(dimensions: [Dimension]?) { self.dimensions = dimensions }

  /// A shape with every axis fixed.
  public init(_ lengths: [Int]) { dimensions = lengths.map { Dimension($0) } }

  /// Whether a tensor of these lengths is an instance of this shape.
  public func admits(_ lengths: [Int]) -> Bool {
    guard let dimensions else { return true }
    return dimensions.count == lengths.count && zip(dimensions, lengths).allSatisfy { $0.admits($1) }
  }

  public var description: String {
    guard let dimensions else { return "(...)" }
    return "(\(dimensions.map(\.description).joined(separator: ", ")))"
  }
}

extension OpenVINOLibrary {
  /// Reads what a port says of itself and frees it.
  func describe(_ port: OpaquePointer) throws(OpenVINOError) -> Port {
    defer { functions.portFree(port) }
    var shape = ov_partial_shape()
    try check("ov_port_get_partial_shape", functions.portShape(port, &shape))
    defer { functions.partialShapeFree(&shape) }
    var code: ov_element_code = 0
    try check("ov_port_get_element_type", functions.portElement(port, &code))
    // A port without a name is no error here.
    let name = try? string("ov_port_get_any_name") { functions.portName(port, $0) }
    return Port(name: name, shape: PartialShape(shape), elementType: elementCodes.type(of: code))
  }

  /// Every port of one side of a model.
  func ports(
    _ count: Int, _ call: StaticString, _ port: (Int, UnsafeMutablePointer<OpaquePointer?>) -> ov_status
  ) throws(OpenVINOError) -> [Port] {
    var ports: [Port] = []
    for index in 0..<count {
      ports.append(try describe(make(call) { port(index, $0) }))
    }
    return ports
  }

  /// Lends the C form of a shape.
  func withPartialShapes<Result>(
    _ shapes: [PartialShape], _ body: ([ov_partial_shape]) throws(OpenVINOError) -> Result
  ) throws(OpenVINOError) -> Result {
    var made: [ov_partial_shape] = []
    defer {
      for index in made.indices { functions.partialShapeFree(&made[index]) }
    }
    for shape in shapes {
      var dimensions = (shape.dimensions ?? []).map {
        ov_dimension(min: Int64($0.minimum), max: $0.maximum.map(Int64.init) ?? -1)
      }
      var result = ov_partial_shape()
      let status = dimensions.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { functions.partialShapeCreate(Int64(buffer.count), $0, &result) } ?? -14
      }
      try check("ov_partial_shape_create", status)
      made.append(result)
    }
    return try body(made)
  }
}

extension PartialShape {
  init(_ shape: ov_partial_shape) {
    guard shape.rank.min == shape.rank.max, shape.rank.min >= 0 else {
      dimensions = nil
      return
    }
    let dims = UnsafeBufferPointer(start: shape.dims, count: shape.dims == nil ? 0 : Int(shape.rank.min))
    dimensions = dims.map { dimension in
      // "No limit" comes as -1 or as the largest number of some width.
      let isOpen = dimension.max < 0 || dimension.max >= Int64(Int32.max)
      return Dimension(minimum: max(0, Int(dimension.min)), maximum: isOpen ? nil : Int(dimension.max))
    }
  }
}
