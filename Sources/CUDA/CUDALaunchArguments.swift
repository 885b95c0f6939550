/// The values of a launch in memory, each aligned as its type wants, and their addresses as the driver takes them.
struct CUDALaunchArguments: ~Copyable {
  private(set) var byteCounts: [Int] = []
  private var strides: [Int] = []
  private var offsets: [Int] = []
  private var end = 0
  private var alignment = 16
  private var appended = 0
  private var values: UnsafeMutableRawPointer?
  /// An address for each value, then `nil` and the address of the values' end. The driver reads as many as the kernel has
  /// parameters; a driver that does not know the parameters, as one for tests, finds by the rest what there is.
  private(set) var pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>?

  init() {}

  deinit {
    values?.deallocate()
    pointers?.deallocate()
  }

  /// Plans room for a value. A type's stride is what C calls its size, so that much is set aside.
  mutating func reserve<Value: BitwiseCopyable>(_ type: Value.Type) {
    let layout = MemoryLayout<Value>.self
    alignment = max(alignment, layout.alignment)
    let offset = (end + layout.alignment - 1) / layout.alignment * layout.alignment
    offsets.append(offset)
    byteCounts.append(layout.size)
    strides.append(layout.stride)
    end = offset + layout.stride
  }

  /// Takes the room planned.
  mutating func allocate() {
    let values = UnsafeMutableRawPointer.allocate(byteCount: max(end, 1), alignment: alignment)
    // Padding travels to the device too.
    values.initializeMemory(as: UInt8.self, repeating: 0, count: max(end, 1))
    let pointers = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: offsets.count + 2)
    for (index, offset) in offsets.enumerated() { (pointers + index).initialize(to: values + offset) }
    (pointers + offsets.count).initialize(to: nil)
    (pointers + offsets.count + 1).initialize(to: values + end)
    self.values = values
    self.pointers = pointers
  }

  /// Stores the next value, of the type that was planned.
  mutating func append<Value: BitwiseCopyable>(_ value: Value) {
    values?.storeBytes(of: value, toByteOffset: offsets[appended], as: Value.self)
    appended += 1
  }

  /// Why these values do not suit parameters of those sizes; `nil` where they do.
  borrowing func mismatch(with parameters: [Int]) -> String? {
    let fits =
      byteCounts.count == parameters.count
      && parameters.indices.allSatisfy { parameters[$0] == byteCounts[$0] || parameters[$0] == strides[$0] }
    guard !fits else { return nil }
    func list(_ sizes: [Int]) -> String {
      sizes.isEmpty ? "none" : "\(sizes.count), of \(sizes.map(String.init).joined(separator: ", ")) bytes"
    }
    return "the kernel's parameters are \(list(parameters)); the arguments given are \(list(byteCounts))"
  }
}
