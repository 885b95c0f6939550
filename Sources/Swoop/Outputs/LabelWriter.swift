internal import Detection
internal import Glibc

/// Writes `labels/`: one text file an image in the YOLO format, in the folders of the images' keys.
///
/// A line is `class x y width height confidence`: the class's index, the box's centre and size divided by the image's
/// width and height, six significant digits, computed in float32. An image without detections gets an empty file, which
/// training tools read as background; a failed one gets none.
///
/// The file of `a/b.jpg` is `a/b.txt`. Where another image has that already, as `a/b.png` would, it is `a/b.png.txt`,
/// and where that is taken too, `a/b.png~2.txt` and so on. The order of the records decides, so that names do not
/// change from run to run.
final class LabelWriter: DerivedWriter {
  private let folder: OutputFolder
  private let tree: FileTree
  private var bytes = ByteBuffer()
  private static let temporaryName = "labels.new"

  init(folder: OutputFolder) throws {
    self.folder = folder
    let parent = "\(folder.path)/\(OutputFolder.stateName)"
    try OutputFolder.remove(Self.temporaryName, in: folder.state, path: parent)
    let root = try OutputFolder.openFolder(Self.temporaryName, in: folder.state, path: parent)
    tree = FileTree(root: root, path: "\(parent)/\(Self.temporaryName)")
  }

  func add(_ record: ImageRecord) throws {
    guard case .detected(let detections, _) = record.outcome else { return }
    bytes.removeAll()
    let width = Float(record.width)
    let height = Float(record.height)
    for detection in detections {
      let box = detection.box
      bytes.append(detection.classIndex)
      for value in [
        (box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height, box.width / width, box.height / height,
        detection.score,
      ] {
        bytes.append(" ")
        bytes.append(sixDigits: value)
      }
      bytes.append("\n")
    }
    let components = FileTree.components(of: record.key)
    let parent = try tree.folder(components.dropLast())
    let name = components[components.count - 1]
    for attempt in 0... {
      let candidate =
        switch attempt {
        case 0: "\(ImageExtensions.split(name).stem).txt"
        case 1: "\(name).txt"
        default: "\(name)~\(attempt).txt"
        }
      let file = openat(parent, candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      if file < 0, errno == EEXIST { continue }
      let shown = "\(tree.shownPath)/\(candidate)"
      guard file >= 0 else { throw OutputFolder.creationError("creating", shown) }
      defer { close(file) }
      var written = 0
      try FileWriter.write(bytes.bytes[...], to: file, name: shown, written: &written)
      return
    }
  }

  func finish() throws {
    let name = OutputFormat.yolo.artifact
    try folder.remove(name)
    guard renameat(folder.state, Self.temporaryName, folder.descriptor, name) == 0 else {
      throw OutputFolder.creationError("moving the finished labels to", "\(folder.path)/\(name)")
    }
  }
}

extension ByteBuffer {
  // 10^0 to 10^9.
  private static let powersOfTen: [Double] = (0...9).map { pow(10, Double($0)) }

  /// Six significant digits without trailing zeros, as C's `%g` writes them.
  ///
  /// From 0.0001 to 100,000 the decimal digits are an exact float64: a float32 has 24 bits, 5^9 has 21. So rounding it
  /// to an integer rounds as `%g` does, half to even. Outside of that, C does it.
  package mutating func append(sixDigits value: Float) {
    let magnitude = Double(abs(value))
    guard magnitude == 0 || (1e-4..<1e5).contains(magnitude) else {
      var text = [CChar](repeating: 0, count: 32)
      let length = withVaList([Double(value)]) { vsnprintf(&text, text.count, "%g", $0) }
      append(contentsOf: text.prefix(Int(length)).map { UInt8(bitPattern: $0) })
      return
    }
    if value.sign == .minus { append(byte: UInt8(ascii: "-")) }
    guard magnitude > 0 else { return append(byte: UInt8(ascii: "0")) }
    // The place of the first digit: 0 for 1 to 10, -1 for 0.1 to 1.
    var place = magnitude < 1e-3 ? -4 : magnitude < 1e-2 ? -3 : magnitude < 0.1 ? -2 : magnitude < 1 ? -1 : 0
    if magnitude >= 1 { while place < 4, magnitude >= Self.powersOfTen[place + 1] { place += 1 } }
    var digits = Int((magnitude * Self.powersOfTen[5 - place]).rounded(.toNearestOrEven))
    // 0.9999999 rounds up to one digit more.
    if digits == 1_000_000 {
      digits = 100_000
      place += 1
    }
    // As many digits after the point as are left when the zeros at the end are dropped.
    var decimals = 5 - place
    while decimals > 0, digits.isMultiple(of: 10) {
      digits /= 10
      decimals -= 1
    }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    append(digits / scale)
    guard decimals > 0 else { return }
    append(byte: UInt8(ascii: "."))
    var rest = digits % scale
    while scale > 1 {
      scale /= 10
      append(byte: UInt8(ascii: "0") + UInt8(rest / scale))
      rest %= scale
    }
  }
}
