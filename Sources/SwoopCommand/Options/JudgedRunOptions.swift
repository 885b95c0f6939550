internal import ArgumentParser
internal import EvaluationReport
internal import Swoop

/// How models run for the commands that judge detections instead of keeping them.
struct JudgedRunOptions: ParsableArguments {
  @OptionGroup(title: "Running a model")
  var runtime: RuntimeOptions

  @OptionGroup(title: "Running a model")
  var slots: SlotCheckOptions

  @OptionGroup(title: "Running a model")
  var worker: WorkerOptions

  @OptionGroup(title: "Pictures")
  var preprocessing: PreprocessingOptions

  @OptionGroup(title: "Detections")
  var thresholds: ThresholdOptions

  /// A runner with these options.
  ///
  /// - Parameters:
  ///   - options: in place of those that were given.
  ///   - confidence: the threshold where none was given.
  func runner(
    _ options: EngineOptions? = nil, confidence: Double? = nil, _ console: Console
  ) -> DetectionRunner {
    var runner = DetectionRunner(
      runtime: options ?? runtime.engineOptions, workers: worker.workers, slots: slots, console: console)
    runner.configure { configuration in
      if let confidence { configuration.confidence = confidence }
      preprocessing.apply(to: &configuration)
      thresholds.apply(to: &configuration)
    }
    return runner
  }

  /// Where a page's pictures come from: read as the runs read them.
  func pictures(_ sources: ImageSources?) -> PictureSource? {
    sources.map {
      PictureSource(
        $0, maximumPixels: preprocessing.maximumPixels, appliesOrientation: preprocessing.exif == .apply)
    }
  }
}
