internal import DynamicLibrary
internal import Imaging

extension LibraryReport {
  /// The libraries that decode and draw pictures and read archives.
  static func media(remedy: Remedy) -> [LibraryReport] {
    let support = ImagingSupport.current()
    return support.libraries.map { picture($0, support, remedy) } + [archives(remedy)]
  }

  private static func picture(
    _ library: ImagingSupport.Library, _ support: ImagingSupport, _ remedy: Remedy
  ) -> LibraryReport {
    let formats = support.formats.filter { $0.decoder == library.name }
    var report = LibraryReport(
      identifier: library.name, title: library.name,
      purpose: "decodes \(formats.map { "\($0.format)" }.joined(separator: ", "))", path: library.path,
      version: library.version, problem: library.problem)
    if library.problem == nil {
      report.details = formats.filter { !$0.isReadable }.map {
        "not \($0.format): \($0.problem ?? "no reason is known")"
      }
    }
    switch library.name {
    case "libvips":
      report.purpose += ", and draws labels and plots"
      if library.problem == nil, !support.canDrawText { report.details.append("without a text renderer: no labels") }
      if library.problem == nil, !support.canRenderDrawings {
        report.details.append("without a loader for SVG: no plots as PNG")
      }
      if library.problem != nil {
        report.remedy = remedy.package(debian: "libvips42", ubuntu: "libvips42t64", fedora: "vips")
      }
    case "libjpeg-turbo":
      if library.problem != nil {
        report.remedy = remedy.package(debian: "libturbojpeg0", ubuntu: "libturbojpeg", fedora: "turbojpeg")
      }
    default: break
    }
    return report
  }

  private static func archives(_ remedy: Remedy) -> LibraryReport {
    var report = LibraryReport(
      identifier: "libarchive", title: "libarchive",
      purpose: "reads pictures in .tar and .zip archives without unpacking")
    switch LibArchive.shared {
    case .success(let archive):
      report.path = archive.library.file(providing: "archive_read_new") ?? archive.library.path
      let version = archive.library.symbol(
        "archive_version_string", as: (@convention(c) () -> UnsafePointer<CChar>?).self)
      report.version = version?().map { String(cString: $0) }.map {
        $0.hasPrefix("libarchive ") ? String($0.dropFirst(11)) : $0
      }
    case .failure(let error):
      report.problem = error.description
      report.remedy = remedy.package(debian: "libarchive13", ubuntu: "libarchive13t64", fedora: "libarchive")
    }
    return report
  }
}
