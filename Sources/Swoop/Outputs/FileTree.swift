internal import Glibc

/// Files below one folder that keep the folders of the images' keys, written without ever leaving that folder.
///
/// Folders are opened one in another, each without following links, so that neither a key nor a planted link leads
/// outside, and so that no path is too long. The chain of the last file stays open, because keys come in order.
final class FileTree {
  private let path: String
  // The root and the folders below it that are open, outermost first.
  private var descriptors: [Int32]
  private var names: [String] = []

  /// The longest name of a file in every common file system is 255 bytes; room is left for what is put after it.
  private static let nameLimit = 230

  /// The tree owns the descriptor of its root.
  init(root: Int32, path: String) {
    descriptors = [root]
    self.path = path
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }

  /// The folders and the file name of a key, each a name that a file can have: what is too long is cut and marked with
  /// a hash of the whole, and what would lead elsewhere is escaped.
  static func components(of key: String) -> [String] {
    let parts = key.split(separator: "/").map { name($0) }
    return parts.isEmpty ? ["_"] : parts
  }

  private static func name(_ part: Substring) -> String {
    if part == "." || part == ".." { return String(part.replacing(".", with: "\\x2e")) }
    // Keys hold no NUL bytes, but a file of records may have been edited.
    let clean = part.replacing("\0", with: "\\x00")
    guard clean.utf8.count > nameLimit else { return String(clean) }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in clean.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    var shortened = ""
    for scalar in clean.unicodeScalars {
      guard shortened.utf8.count + scalar.utf8.count <= nameLimit - 20 else { break }
      shortened.unicodeScalars.append(scalar)
    }
    return "\(shortened)~\(String(repeating: "0", count: 16 - digits.count))\(digits)"
  }

  /// The descriptor of a folder below the root; missing ones are made. It stays open until the next call.
  func folder(_ components: ArraySlice<String>) throws(OutputError) -> Int32 {
    var shared = 0
    for (open, wanted) in zip(names, components) {
      guard open.utf8.elementsEqual(wanted.utf8) else { break }
      shared += 1
    }
    while names.count > shared {
      names.removeLast()
      close(descriptors.removeLast())
    }
    for name in components.dropFirst(shared) {
      // The root is always there.
      let opened = try Self.openFolder(name, in: descriptors[descriptors.count - 1], path: shownPath)
      names.append(name)
      descriptors.append(opened)
    }
    return descriptors[descriptors.count - 1]
  }

  /// The path of the folder that is open, for errors.
  var shownPath: String { ([path] + names).joined(separator: "/") }

  // A file may have the name already, where one image is `a.txt/x.jpg` and another made `a.txt`. The folder then gets
  // the next free name, which is the same for every image in it.
  private static func openFolder(_ name: String, in parent: Int32, path: String) throws(OutputError) -> Int32 {
    for attempt in 1... {
      let candidate = attempt == 1 ? name : "\(name)~\(attempt)"
      var info = stat()
      if fstatat(parent, candidate, &info, AT_SYMLINK_NOFOLLOW) == 0, info.st_mode & S_IFMT == S_IFREG {
        continue
      }
      return try OutputFolder.openFolder(candidate, in: parent, path: path)
    }
    preconditionFailure("the range has no end")
  }
}

/// The pictures with boxes, written while the run goes on.
final class PictureFolder {
  private let tree: FileTree
  private let state: Int32
  private let statePath: String
  private static let temporaryName = "picture.new"

  init(in folder: OutputFolder) throws(OutputError) {
    let name = OutputFormat.images.artifact
    tree = FileTree(
      root: try OutputFolder.openFolder(name, in: folder.descriptor, path: folder.path),
      path: "\(folder.path)/\(name)")
    state = folder.state
    statePath = "\(folder.path)/\(OutputFolder.stateName)"
  }

  /// The name of the picture of an image of that name: the same name if it is a JPEG's, else with `.jpg` after it.
  ///
  /// Two images in one folder never get the same: a name that already looks like one with `.jpg` put after it, as
  /// `a.png.jpg`, gets another.
  package static func pictureName(_ name: String) -> String {
    let (stem, ending) = ImageExtensions.split(name)
    guard let ending else { return "\(name).image.jpg" }
    let isClean = ImageExtensions.split(stem).ending == nil && !stem.hasSuffix(".image")
    return isClean && ["jpg", "jpeg"].contains(ending.lowercased()) ? name : "\(name).jpg"
  }

  /// Writes or replaces the picture of an image. It is moved to its place whole, so that a run that is killed leaves
  /// no half picture, and a link of that name is replaced rather than followed.
  func write(_ jpeg: [UInt8], key: String) throws(OutputError) {
    let components = FileTree.components(of: key)
    let folder = try tree.folder(components.dropLast())
    let name = Self.pictureName(components[components.count - 1])
    let temporary = openat(
      state, Self.temporaryName, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard temporary >= 0 else {
      throw OutputFolder.creationError("creating", "\(statePath)/\(Self.temporaryName)")
    }
    do {
      defer { close(temporary) }
      var written = 0
      try FileWriter.write(jpeg[...], to: temporary, name: "\(tree.shownPath)/\(name)", written: &written)
    }
    for attempt in 1... {
      let candidate = attempt == 1 ? name : "\(name)~\(attempt).jpg"
      if renameat(state, Self.temporaryName, folder, candidate) == 0 { return }
      // A folder of that name, where an archive holds both `a.jpg` and `a.jpg/b.jpg`.
      if errno == EISDIR || errno == EEXIST || errno == ENOTEMPTY { continue }
      throw OutputFolder.creationError("creating", "\(tree.shownPath)/\(candidate)")
    }
  }
}
