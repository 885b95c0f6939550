import Imaging
import Testing

/// What this machine has for pictures.
enum Machine {
  static let support = ImagingSupport.current()

  static let hasLibraries = support.libraries.allSatisfy { $0.problem == nil }
  static let reason: Comment = "libjpeg-turbo and libvips are not both installed"

  static func reads(fileNamed name: String) -> Bool {
    support.formats.contains { format in
      format.isReadable && format.format.fileExtensions.contains { name.hasSuffix("." + $0) }
    }
  }

  static func reads(_ format: ImageFormat) -> Bool {
    support.formats.contains { $0.format == format && $0.isReadable }
  }
}
