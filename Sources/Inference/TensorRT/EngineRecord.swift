/// What is known of an engine besides its plan: what built it, from what, for which GPU, with which settings. Written
/// beside an engine as `NAME.json`, and inside the entries of the engine cache.
public struct EngineRecord: Sendable, Hashable {
  /// A GPU as the driver describes it.
  public struct GPU: Sendable, Hashable {
    public var name: String
    public var computeCapability: String
    /// The CUDA version of the driver.
    public var driver: String
  }

  /// The shapes that an input was built for.
  public struct Input: Sendable, Hashable {
    public var name: String
    public var elementType: String
    public var minimum: [Int]
    public var optimum: [Int]
    public var maximum: [Int]
  }

  /// The version of the program that wrote it.
  public var swoop: String
  /// The model's file name and the SHA-256 of its bytes in hexadecimal.
  public var model: String
  public var modelDigest: String
  /// `TensorRT 10.9.0`.
  public var tensorRT: String
  /// The GPU that was there when it was built; `nil` where there was none, as TensorRT for RTX allows.
  public var gpu: GPU?
  /// The compute capabilities it was built for, where they were chosen.
  public var computeCapabilities: [Int]
  /// The precision that executes: `fp32`, `fp16`, `bf16`, `int8`, `mixed`.
  public var precision: String
  public var inputs: [Input]
  /// The settings of the build by their names on the command line.
  public var settings: [Setting]
  public var buildSeconds: Double
  public var planByteCount: Int
  /// A checksum of the plan, for finding damage.
  public var planChecksum: String
  /// What the exporter wrote into the model.
  public var metadata: [String: String]

  init(
    swoop: String, model: String, modelDigest: String, tensorRT: String, gpu: GPU?, computeCapabilities: [Int],
    precision: String, inputs: [Input], settings: [Setting], buildSeconds: Double, planByteCount: Int,
    planChecksum: String, metadata: [String: String]
  ) {
    self.swoop = swoop
    self.model = model
    self.modelDigest = modelDigest
    self.tensorRT = tensorRT
    self.gpu = gpu
    self.computeCapabilities = computeCapabilities
    self.precision = precision
    self.inputs = inputs
    self.settings = settings
    self.buildSeconds = buildSeconds
    self.planByteCount = planByteCount
    self.planChecksum = planChecksum
    self.metadata = metadata
  }

  public struct Setting: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Whether it was written for this plan, by the number of its bytes and their checksum.
  func isOf(_ plan: UnsafeRawBufferPointer) -> Bool {
    guard plan.count == planByteCount else { return false }
    var checksum = ContentHash()
    checksum.add(plan)
    return checksum.hexadecimal == planChecksum
  }

  /// Whether the plan was built to run with later versions too, for which it carries code.
  var isVersionCompatible: Bool { settings.contains { $0.name == "version-compatible" } }

  /// The command that builds the engine again, as a shell takes it.
  ///
  /// - Parameter engine: where the engine goes.
  public func buildCommand(engine: String) -> String {
    let options = settings.map { $0.value.isEmpty ? " --\($0.name)" : " --\($0.name) \(Self.quoted($0.value))" }
      .joined()
    return "swoop build \(Self.quoted(model)) -o \(Self.quoted(engine))\(options)"
  }

  /// A word as a shell takes it, in quotes where it needs them.
  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/._-+:,=@%".utf8.contains(byte)
    }
    return plain && !word.isEmpty
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// `TensorRT 10.9.0 for NVIDIA H100 (compute capability 9.0)`.
  public var builtWith: String {
    if !computeCapabilities.isEmpty {
      return
        "\(tensorRT) for compute capability \(computeCapabilities.map { "\($0 / 10).\($0 % 10)" }.joined(separator: ", "))"
    }
    guard let gpu else { return "\(tensorRT) on a machine without a GPU" }
    return "\(tensorRT) for \(gpu.name) (compute capability \(gpu.computeCapability))"
  }

  // MARK: JSON

  /// The record as JSON, a member a line.
  public func json() -> String { value.text(indented: true) + "\n" }

  var value: JSONText {
    func shape(_ lengths: [Int]) -> JSONText { .array(lengths.map { .integer($0) }) }
    return .object([
      .init("format", .string("swoop engine record 1")),
      .init("swoop", .string(swoop)),
      .init("model", .object([.init("file", .string(model)), .init("sha256", .string(modelDigest))])),
      .init("tensorrt", .string(tensorRT)),
      .init(
        "gpu",
        gpu.map {
          .object([
            .init("name", .string($0.name)), .init("compute-capability", .string($0.computeCapability)),
            .init("driver", .string($0.driver)),
          ])
        } ?? .null),
      .init("compute-capabilities", shape(computeCapabilities)),
      .init("precision", .string(precision)),
      .init(
        "inputs",
        .array(
          inputs.map {
            .object([
              .init("name", .string($0.name)), .init("type", .string($0.elementType)),
              .init("minimum", shape($0.minimum)), .init("optimum", shape($0.optimum)),
              .init("maximum", shape($0.maximum)),
            ])
          })),
      .init("settings", .object(settings.map { .init($0.name, .string($0.value)) })),
      .init("build-seconds", .number(buildSeconds)),
      .init("plan-bytes", .integer(planByteCount)),
      .init("plan-checksum", .string(planChecksum)),
      .init("metadata", .object(metadata.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
    ])
  }

  /// Reads a record; `nil` where the bytes are none, which is no error: engines need no record.
  public init?(json bytes: UnsafeRawBufferPointer) {
    guard let value = try? JSONText(parsing: bytes) else { return nil }
    self.init(value)
  }

  init?(_ value: JSONText) {
    guard value["format"]?.string == "swoop engine record 1" else { return nil }
    func text(_ key: String) -> String { value[key]?.string ?? "" }
    func shape(_ value: JSONText?) -> [Int] { value?.array?.compactMap(\.integer) ?? [] }
    swoop = text("swoop")
    model = value["model"]?["file"]?.string ?? ""
    modelDigest = value["model"]?["sha256"]?.string ?? ""
    tensorRT = text("tensorrt")
    if let gpu = value["gpu"], let name = gpu["name"]?.string {
      self.gpu = GPU(
        name: name, computeCapability: gpu["compute-capability"]?.string ?? "", driver: gpu["driver"]?.string ?? "")
    } else {
      gpu = nil
    }
    computeCapabilities = shape(value["compute-capabilities"])
    precision = text("precision")
    inputs = (value["inputs"]?.array ?? []).map {
      Input(
        name: $0["name"]?.string ?? "", elementType: $0["type"]?.string ?? "", minimum: shape($0["minimum"]),
        optimum: shape($0["optimum"]), maximum: shape($0["maximum"]))
    }
    settings = (value["settings"]?.members ?? []).map { Setting($0.key, $0.value.string ?? "") }
    switch value["build-seconds"] {
    case .number(let seconds): buildSeconds = seconds
    case .integer(let seconds): buildSeconds = Double(seconds)
    default: buildSeconds = 0
    }
    planByteCount = value["plan-bytes"]?.integer ?? 0
    planChecksum = text("plan-checksum")
    metadata = Dictionary(
      (value["metadata"]?.members ?? []).map { ($0.key, $0.value.string ?? "") },
      uniquingKeysWith: { first, _ in first })
  }
}
