internal import CUDA
internal import Inference

/// Several GPUs: one that fails by itself leaves its share of the pictures to the others.
extension EngineLoader {
  /// The numbers of the GPUs that were asked for. Where they are several, those that cannot be set up are left out.
  mutating func devices(for what: String) throws -> [Int] {
    let indices: [Int]
    switch options.device {
    case .auto: indices = [0]
    case .cuda(let chosen): indices = chosen
    case .all:
      do {
        indices = Array(0..<(try CUDADriver.open().deviceCount))
      } catch {
        throw InferenceError(.runtimeUnavailable, "--device all needs a GPU. \(error)")
      }
    case .cpu:
      throw SwoopError(.usage, "\(what) needs a GPU, and --device cpu excludes one. Leave one of the two out.")
    }
    // The only one says what is wrong with it where it is used.
    guard indices.count > 1 else { return indices }
    return try surviving(indices) { loader, index in
      try loader.setWaiting(for: index)
      if let context = try loader.context(of: index) { loader.contexts.append(context) }
      return index
    }
  }

  /// The model on each of some GPUs: on those of several that do not fail by themselves, of which there is at least one.
  ///
  /// - Throws: at once what is wrong with the model or the options, whichever GPU shows it.
  mutating func onEach(
    _ indices: [Int], _ load: (inout EngineLoader, Int) throws -> any Engine
  ) throws -> [any Engine] {
    guard indices.count + failures.count > 1 else { return try indices.map { try load(&self, $0) } }
    return try surviving(indices, load)
  }

  private mutating func surviving<Result>(
    _ indices: [Int], _ body: (inout EngineLoader, Int) throws -> Result
  ) throws -> [Result] {
    var results: [Result] = []
    for index in indices {
      do {
        results.append(try body(&self, index))
      } catch {
        guard let failure = DeviceFailure(of: index, error) else { throw error }
        failures.append(failure)
      }
    }
    if results.isEmpty, let error = DeviceFailure.error(of: failures) { throw error }
    return results
  }

  /// What became of the share of each GPU that cannot be used.
  func failureNotes(_ engines: [any Engine]) -> [String] {
    let others = engines.compactMap(\.cuda).map { "cuda:\($0.device.index)" }
    return failures.map { failure in
      "\(failure.device) is left out: the model cannot be loaded on it. Its share of the pictures goes to "
        + "\(others.joined(separator: " and ")). \(failure.reason)"
    }
  }

  /// Sets how threads wait for a GPU. Must come before anything is done on it.
  func setWaiting(for index: Int) throws {
    guard options.waiting != .auto, let driver = try? CUDADriver.open(), let device = try? driver.device(index) else {
      return
    }
    do {
      try driver.setWaiting(options.waiting, for: device)
    } catch {
      throw InferenceError(error, "--wait \(options.waiting.rawValue) cannot be had on \(device).")
    }
  }

  /// The context of a GPU; `nil` where there is no driver, or no such GPU, which the runtime says in its own words.
  func context(of index: Int) throws(DeviceFailure) -> CUDAContext? {
    guard let driver = try? CUDADriver.open(), (0..<driver.deviceCount).contains(index) else { return nil }
    return try DeviceFailure.context(of: index, driver)
  }
}
