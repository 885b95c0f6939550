package import Foundation
internal import OpenVINO

/// Where tests find files, and whether what they need is on this machine.
package enum Fixtures {
  /// The root of the checkout.
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A small model of Tests/Fixtures/models, by its name without `.onnx`.
  package static func model(_ name: String) -> String {
    root.appendingPathComponent("Tests/Fixtures/models/\(name).onnx").path
  }

  /// A small picture of the imaging tests.
  package static func picture(_ name: String) -> URL {
    root.appendingPathComponent("Tests/ImagingTests/Fixtures/images/\(name)")
  }

  /// The folder with the real model and photographs that may lie beside the checkout.
  package static let shared = root.deletingLastPathComponent().appendingPathComponent("shared/fixtures")

  package static let hasShared = FileManager.default.fileExists(atPath: shared.appendingPathComponent("bccd").path)

  /// Whether OpenVINO is on this machine. `scripts/test` installs it.
  package static let hasOpenVINO = openVINO != nil
  /// The path of OpenVINO's library, for processes whose environment hides it.
  package static let openVINO = (try? OpenVINOLibrary.open())?.path
}

/// A folder that is removed when the value goes away.
package final class ScratchFolder {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("swoop-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    // What a test made unwritable must not stay behind.
    try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
    try? FileManager.default.removeItem(at: url)
  }

  package var path: String { url.path }

  /// Writes a file below the folder; folders on the way are made.
  @discardableResult
  package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> URL {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file
  }

  /// Copies a file below the folder.
  @discardableResult
  package func copy(_ source: URL, as name: String) throws -> URL {
    try write(name, try Data(contentsOf: source))
  }
}
