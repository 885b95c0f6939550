internal import ArgumentParser
internal import Inference
internal import Swoop

/// Whether a run is tried before it begins.
struct SlotCheckOptions: ParsableArguments {
  @Option(
    name: .customLong("slot-check"),
    help: ArgumentHelp(
      "Whether a batch is tried for pictures that influence one another: on, off, or auto, which tries TensorRT engines.",
      valueName: "way"))
  var slotCheck: SlotCheckChoice = .auto

  /// Tries the run's batch where that was asked for.
  ///
  /// - Throws: `InferenceError` with the numbers where pictures influence one another.
  func check(_ run: BatchRun) throws {
    let isWanted =
      switch slotCheck {
      case .on: true
      case .off: false
      case .auto: run.detector.engine is TensorRTEngine
      }
    if isWanted { try run.checkSlots() }
  }
}

/// When batches are tried before a run.
enum SlotCheckChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, on, off
}
