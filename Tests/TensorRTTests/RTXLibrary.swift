import DynamicLibrary
import Foundation
import Logging
import Synchronization
import TensorRT
import Testing

/// The real TensorRT for RTX, where `scripts/get-tensorrt-rtx` or pip has put it.
enum RTXLibrary {
  static let library: TensorRTLibrary? = try? TensorRTLibrary.open(kinds: [.rtx], logger: quiet)
  static let missing: Comment = "TensorRT for RTX is not on this machine: scripts/get-tensorrt-rtx fetches it"

  /// TensorRT logs what tests provoke; it is looked at through errors and ``CollectingHandler``, not printed.
  static let quiet = Logger(label: "tensorrt") { _ in SwiftLogNoOpLogHandler() }

  /// A YOLOv8n with dynamic batch, where the shared fixtures are there.
  static let yolo: [UInt8]? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.deletingLastPathComponent().appendingPathComponent("shared/fixtures/yolov8n-bccd.onnx")
    return (try? Data(contentsOf: file)).map { [UInt8]($0) }
  }()
}

/// Keeps the lines that a library logs, for tests of the logger.
final class LogCollector: Sendable {
  private let lines = Mutex<[(Logger.Level, String)]>([])

  var all: [(level: Logger.Level, text: String)] { lines.withLock { $0 } }

  var logger: Logger {
    var logger = Logger(label: "tensorrt") { [self] _ in Handler(collector: self) }
    logger.logLevel = .trace
    return logger
  }

  private func add(_ level: Logger.Level, _ text: String) { lines.withLock { $0.append((level, text)) } }

  private struct Handler: LogHandler {
    let collector: LogCollector
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { collector.add(event.level, event.message.description) }
  }
}
