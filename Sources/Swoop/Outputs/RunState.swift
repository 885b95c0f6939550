internal import Glibc

/// What `.swoop/run.json` says about the run in an output folder.
struct RunState: Hashable {
  /// The files and folders in the output folder that runs made, and so may replace and remove.
  var made: Set<String> = []
  /// Whether the pictures with boxes, and the report's small pictures, were kept from the first image on.
  var keepsPictures = false
  var keepsThumbnails = false
  /// Whether all images are in the file and all formats were made.
  var isFinished = false

  private static let name = "run.json"

  /// Reads it; `nil` where there is none.
  static func read(from folder: OutputFolder) throws -> RunState? {
    let path = "\(folder.path)/\(OutputFolder.stateName)/\(name)"
    let descriptor = openat(folder.state, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw OutputError.cannotCreate("opening", path)
    }
    let lines = LineReader(descriptor: descriptor, name: path)
    guard let line = try lines.next(), let start = line.bytes.baseAddress else { return nil }
    var scanner = JSONScanner(start: start, count: line.bytes.count)
    guard let json = try? scanner.value(), case .array(let made)? = json["made"] else {
      throw OutputError(
        .damaged,
        "\(path) is damaged. Remove it to let --resume rely on detections.jsonl alone, or use --overwrite.")
    }
    var state = RunState()
    for case .string(let name) in made { state.made.insert(name) }
    state.keepsPictures = json["pictures"] == .bool(true)
    state.keepsThumbnails = json["thumbnails"] == .bool(true)
    state.isFinished = json["finished"] == .bool(true)
    return state
  }

  func write(to folder: OutputFolder) throws {
    let json = JSONValue.object([
      .init("made", .array(made.sorted().map(JSONValue.string))),
      .init("pictures", .bool(keepsPictures)),
      .init("thumbnails", .bool(keepsThumbnails)),
      .init("finished", .bool(isFinished)),
    ])
    let file = try folder.beginReplacing(Self.name, inState: true)
    try file.write { bytes in
      bytes.append(json: json)
      bytes.append("\n")
    }
    try folder.endReplacing(file)
  }
}
