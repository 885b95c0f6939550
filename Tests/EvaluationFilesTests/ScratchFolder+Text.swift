import Foundation
import TestSupport

extension ScratchFolder {
  /// Writes a text file and gives its path; folders on the way are made.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8).path }
}
