internal import CTensorRT

/// Questions about what a version has; the answers come from the generated tables.
extension TensorRTLibrary {
  func has(_ method: swoop_trt_method) -> Bool { swoop_trt_has(layout, method) }

  /// Throws unless this version has the method, saying which versions do.
  func require(_ method: swoop_trt_method, for feature: String) throws(TensorRTError) {
    guard !has(method) else { return }
    throw TensorRTError(
      .featureUnsupported,
      "\(version) has no \(feature). It came with: \(String(cString: swoop_trt_method_availability(method))).")
  }

  /// The value of an enumerator in this version, or `nil` where it lacks it.
  func value(of enumerator: swoop_trt_enumerator) -> Int32? {
    let value = swoop_trt_value(layout, enumerator)
    return value == Int32.min ? nil : value
  }

  /// The value of an enumerator, or an error that says which versions have it and, where given, what to do instead.
  func require(_ enumerator: swoop_trt_enumerator, for feature: String, instead: String? = nil)
    throws(TensorRTError) -> Int32
  {
    if let value = value(of: enumerator) { return value }
    let having = String(cString: swoop_trt_enumerator_availability(enumerator))
    throw TensorRTError(
      .featureUnsupported,
      "\(version) has no \(feature). \(having.isEmpty ? "" : "These have it: \(having). ")\(instead ?? "")")
  }

  /// The Swift case whose enumerator has this value in this version.
  func enumerator<Case: NativeEnumeration>(_ value: Int32, of: Case.Type = Case.self) -> Case? {
    Case.allCases.first { self.value(of: $0.native) == value }
  }
}

/// A Swift enumeration whose cases stand for enumerators of TensorRT.
protocol NativeEnumeration: CaseIterable {
  var native: swoop_trt_enumerator { get }
}
