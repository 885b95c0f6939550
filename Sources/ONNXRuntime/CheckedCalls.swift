internal import CONNXRuntime

// Every call into the table goes through these: a status that is not null becomes an error, an object that is missing
// although the call succeeded does too, and strings that the runtime allocates are copied and given back.
extension ONNXRuntimeLibrary {
  func check(_ status: OpaquePointer?, _ operation: String) throws(ONNXRuntimeError) {
    guard let status else { return }
    throw ONNXRuntimeError(consuming: status, operation: operation, table: table)
  }

  /// The object that a call makes; the caller owns it.
  func make(
    _ operation: String, _ call: (UnsafeRawPointer, inout OpaquePointer?) -> OpaquePointer?
  ) throws(ONNXRuntimeError) -> OpaquePointer {
    var object: OpaquePointer?
    try check(call(table, &object), operation)
    guard let object else {
      throw ONNXRuntimeError(.failed, operation: operation, message: "The call succeeded but returned nothing.")
    }
    return object
  }

  /// The value that a call writes to `initial`.
  func read<T>(
    _ operation: String, initial: T, _ call: (UnsafeRawPointer, inout T) -> OpaquePointer?
  ) throws(ONNXRuntimeError) -> T {
    var value = initial
    try check(call(table, &value), operation)
    return value
  }

  /// The string that a call allocates; empty where it gives none.
  func string(
    _ operation: String,
    _ call: (UnsafeRawPointer, OpaquePointer, inout UnsafeMutablePointer<CChar>?) -> OpaquePointer?
  ) throws(ONNXRuntimeError) -> String {
    var characters: UnsafeMutablePointer<CChar>?
    try check(call(table, allocator, &characters), operation)
    guard let characters else { return "" }
    defer { free(characters) }
    return String(cString: characters)
  }

  /// Gives back memory that the runtime took from its default allocator.
  func free(_ memory: UnsafeMutableRawPointer) {
    discard(ort_AllocatorFree_from(table)(allocator, memory))
  }

  /// Releases a status that nobody can act on: that of a call which only gives something back.
  func discard(_ status: OpaquePointer?) {
    if let status { ort_ReleaseStatus_from(table)(status) }
  }
}

/// Calls `body` with the strings as an array of C strings, valid only during the call.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
  // One block of memory for all: the strings one after the other, each with its terminating zero.
  var bytes: [CChar] = []
  var offsets: [Int] = []
  for string in strings {
    offsets.append(bytes.count)
    bytes += string.utf8CString
  }
  return bytes.withUnsafeBufferPointer { buffer in
    let pointers = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
