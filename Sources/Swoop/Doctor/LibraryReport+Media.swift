internal import DynamicLibrary

extension LibraryReport {
  /// The libraries that decode pictures and read archives.
  static func media(remedy: Remedy) -> [LibraryReport] { [archives(remedy)] }

  private static func archives(_ remedy: Remedy) -> LibraryReport {
    var report = LibraryReport(
      identifier: "libarchive", title: "libarchive",
      purpose: "reads pictures in .tar and .zip archives without unpacking")
    switch LibArchive.shared {
    case .success(let archive):
      report.path = archive.library.file(providing: "archive_read_new") ?? archive.library.path
      let text: (@convention(c) () -> UnsafePointer<CChar>?)? = archive.library.symbol(
        "archive_version_string", as: (@convention(c) () -> UnsafePointer<CChar>?).self)
      report.version = text?().map { String(cString: $0) }.map {
        $0.hasPrefix("libarchive ") ? String($0.dropFirst(11)) : $0
      }
    case .failure(let error):
      report.problem = error.description
      report.remedy = remedy.package(debian: "libarchive13", ubuntu: "libarchive13t64", fedora: "libarchive")
    }
    return report
  }
}
