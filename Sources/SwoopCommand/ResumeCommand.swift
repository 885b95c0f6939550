/// The command line that goes on with an interrupted run.
enum ResumeCommand {
  /// The arguments as they were, with `--resume` and the folder, quoted for a shell.
  static func text(_ arguments: [String], folder: String) -> String {
    var words = arguments.filter { $0 != "--resume" && $0 != "--overwrite" }
    // The folder may have been the default one, which would be another now.
    let names = ["--output", "-o"]
    if !words.contains(where: { word in names.contains(word) || word.hasPrefix("--output=") }) {
      words += ["--output", folder]
    }
    words.append("--resume")
    return words.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        || "-_./=:,@%+".unicodeScalars.contains(scalar)
    }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
