internal import Glibc

/// Which images of a run are shown in the report: at most 48 and, once there are that many, at least 24, spread evenly
/// over the run.
///
/// The choice needs no total and survives an interruption, because it depends on the index alone: of the images up to
/// `index`, the multiples of the smallest power of two are kept that leaves at most 48 of them. When the run grows past
/// 48, 96, 192… images, every second one that was kept goes.
package enum ThumbnailSelection {
  package static let limit = 48

  /// The distance between the images that are kept when `index` is the last.
  package static func stride(at index: Int) -> Int {
    var stride = 1
    while index / stride >= limit { stride *= 2 }
    return stride
  }

  /// Whether the image is kept when it comes. It may go later.
  package static func contains(_ index: Int) -> Bool {
    index.isMultiple(of: stride(at: index))
  }

  /// The images that are kept at the end of a run.
  package static func indices(count: Int) -> StrideTo<Int> {
    Swift.stride(from: 0, to: count, by: stride(at: max(0, count - 1)))
  }
}

/// The small pictures for the report, as files while the run goes on.
final class ThumbnailFolder {
  static let name = "thumbnails"

  private let descriptor: Int32
  private let path: String
  private var stride = 0

  init(in folder: OutputFolder) throws(OutputError) {
    let parent = "\(folder.path)/\(OutputFolder.stateName)"
    path = "\(parent)/\(Self.name)"
    descriptor = try OutputFolder.openFolder(Self.name, in: folder.state, path: parent)
  }

  deinit { close(descriptor) }

  /// Writes the picture of an image that the selection contains, and removes those that no longer belong to it.
  func write(_ jpeg: [UInt8], index: Int) throws(OutputError) {
    let name = "\(index).jpg"
    let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard file >= 0 else { throw OutputFolder.creationError("creating", "\(path)/\(name)") }
    defer { close(file) }
    var written = 0
    try FileWriter.write(jpeg[...], to: file, name: "\(path)/\(name)", written: &written)
    let newStride = ThumbnailSelection.stride(at: index)
    if newStride != stride {
      stride = newStride
      for name in try OutputFolder.names(in: descriptor, path: path) {
        if let index = Self.index(name), index.isMultiple(of: stride) { continue }
        unlinkat(descriptor, name, 0)
      }
    }
  }

  /// The bytes of an image's picture; `nil` where none was kept, as for one that failed.
  func read(index: Int) -> [UInt8]? {
    let file = openat(descriptor, "\(index).jpg", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var info = stat()
    // A picture is at most some tens of kilobytes; something else of that name is not read.
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, (1..<(1 << 22)).contains(info.st_size)
    else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
    let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
    return count == bytes.count ? bytes : nil
  }

  private static func index(_ name: String) -> Int? {
    name.hasSuffix(".jpg") ? Int(name.dropLast(4)) : nil
  }
}
