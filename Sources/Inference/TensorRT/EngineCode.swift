internal import DynamicLibrary
internal import TensorRT

/// Code that engines bring with them or need, and that runs in this process: only for engines from a trusted source.
///
/// A version-compatible plan carries a runtime of its own, and plugin libraries are code by themselves.
enum EngineCode {
  static let hostCodeVariable = "SWOOP_TENSORRT_HOST_CODE"
  static let pluginVariable = "SWOOP_TENSORRT_PLUGINS"

  /// Whether the user says that plans may carry code.
  static var isHostCodeAllowed: Bool { environment(hostCodeVariable) == "1" }

  /// The plugin libraries that the user names, with colons between them.
  static var plugins: [String] { (environment(pluginVariable) ?? "").split(separator: ":").map(String.init) }

  /// Loads plugin libraries, so that plans and models that use them load.
  ///
  /// - Throws: ``TensorRTError`` with TensorRT's reason.
  static func load(_ paths: [String], with runtime: Runtime) throws(TensorRTError) {
    guard !paths.isEmpty else { return }
    let registry = try runtime.pluginRegistry()
    for path in paths { try registry.load(path: path) }
  }
}
