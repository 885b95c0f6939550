internal import ArgumentParser
internal import Detection
internal import Swoop

/// How pictures become the network's input.
struct PreprocessingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      ultralytics: OpenCV's bilinear, padded with grey 114. pillow: Pillow's bicubic, padded with black. stretch: \
      OpenCV's bilinear, no padding. rectangle: as ultralytics, but with the least padding to the model's stride; needs \
      a model with dynamic height and width.
      """, valueName: "mode"))
  var resize: LetterboxGeometry.Mode = .ultralytics

  @Option(
    help: ArgumentHelp(
      "Input size, as 640 or 480x640 (height first), where the model leaves it open.", valueName: "size"))
  var size: InputSize?

  @Option(help: ArgumentHelp("Whether EXIF orientation is applied: apply or ignore.", valueName: "way"))
  var exif: OrientationChoice = .apply

  @Option(
    name: .customLong("max-pixels"),
    help: ArgumentHelp("Larger pictures are not decoded; they get a failed record.", valueName: "n"))
  var maximumPixels = DetectorConfiguration().maximumPixels

  @Option(
    help: ArgumentHelp(
      """
      What decodes JPEG files: cpu, which gives the pixels of Pillow and OpenCV; gpu, whose pixels differ slightly; or \
      auto, the GPU where the network is on one.
      """, valueName: "way"))
  var decode: DecodeChoice = .auto

  func validate() throws {
    if maximumPixels < 1 { throw ValidationError("--max-pixels \(maximumPixels) is less than 1.") }
  }

  /// Puts the choices into a configuration.
  func apply(to configuration: inout DetectorConfiguration) {
    configuration.resize = resize
    configuration.size = size
    configuration.appliesOrientation = exif == .apply
    configuration.maximumPixels = maximumPixels
    configuration.decode = decode
  }
}

/// What happens to the orientation that a camera wrote into a file.
enum OrientationChoice: String, ExpressibleByArgument, CaseIterable {
  case apply, ignore
}
