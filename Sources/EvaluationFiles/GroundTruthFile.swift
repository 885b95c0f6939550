public import Evaluation
internal import Foundation

/// Ground truth as read, and what a user should know about it.
public struct GroundTruthFile: Sendable {
  /// The formats that are read.
  public enum Format: String, Sendable, CaseIterable {
    /// One JSON file with images, categories and annotations.
    case coco
    /// A folder of text files, one an image: class, centre, size, in fractions of the image.
    case yolo
    /// A folder of XML files, one an image.
    case voc
  }

  /// What it is.
  public var format: Format
  /// The images, categories and objects.
  public var truth: GroundTruth
  /// What was left out or assumed, one sentence each.
  public var warnings: [String]
  /// Whether categories have names of their own; YOLO's label folders may have only numbers.
  public var hasCategoryNames: Bool

  /// Makes ground truth from its parts.
  public init(format: Format, truth: GroundTruth, warnings: [String] = [], hasCategoryNames: Bool = true) {
    self.format = format
    self.truth = truth
    self.warnings = warnings
    self.hasCategoryNames = hasCategoryNames
  }

  /// Reads ground truth of any of the formats; which one is seen from what is there.
  ///
  /// - Parameters:
  ///   - path: a COCO JSON file, a folder of YOLO's text files, or a folder of Pascal VOC's XML files.
  ///   - images: the images that were run, with their sizes: YOLO's files hold fractions, and an image without objects
  ///     may have no file.
  ///   - labels: names of classes by index, for YOLO folders without a `classes.txt`.
  /// - Throws: ``EvaluationFileError``.
  public init(
    path: String, images: [GroundTruth.Image], labels: [String] = []
  ) throws(EvaluationFileError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw EvaluationFileError(file: path, reason: "there is no such file or folder")
    }
    if !isFolder.boolValue {
      if path.lowercased().hasSuffix(".xml") || path.lowercased().hasSuffix(".txt") {
        throw EvaluationFileError(
          file: path, reason: "this is one image's file; give the folder that holds them all")
      }
      self = try COCOGroundTruthReader.read(path)
      return
    }
    let files = try FolderFiles(path, extensions: ["txt", "xml"])
    let xml = files.paths.filter { $0.lowercased().hasSuffix(".xml") }
    let text = files.paths.filter { $0.lowercased().hasSuffix(".txt") }
    switch (xml.isEmpty, text.isEmpty) {
    case (false, true): self = try VOCGroundTruthReader.read(path, files: xml)
    case (true, false): self = try YOLOGroundTruthReader.read(path, files: text, images: images, labels: labels)
    case (true, true):
      throw EvaluationFileError(
        file: path,
        reason:
          "the folder has neither .txt files (YOLO labels) nor .xml files (Pascal VOC); a COCO file is given as a "
          + "file")
    case (false, false):
      // A VOC folder often has lists of names as text files; YOLO's have numbers.
      throw EvaluationFileError(
        file: path,
        reason: "the folder has both \(text.count) .txt files and \(xml.count) .xml files; give the folder of one kind")
    }
  }
}

/// The files under a folder, by extension, as sorted paths relative to it.
struct FolderFiles {
  var paths: [String] = []

  init(_ folder: String, extensions: Set<String>) throws(EvaluationFileError) {
    guard
      let enumerator = FileManager.default.enumerator(
        at: URL(fileURLWithPath: folder), includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
    else { throw EvaluationFileError(file: folder, reason: "the folder cannot be read") }
    let root = URL(fileURLWithPath: folder).standardizedFileURL.path
    for case let url as URL in enumerator where extensions.contains(url.pathExtension.lowercased()) {
      let path = url.standardizedFileURL.path
      guard path.hasPrefix(root) else { continue }
      paths.append(String(path.dropFirst(root.count).drop { $0 == "/" }))
    }
    // By bytes, so that the order is the same in every locale.
    paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
