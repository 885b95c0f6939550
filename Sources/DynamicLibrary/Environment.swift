internal import Glibc

/// Values that stand in for environment variables within a task. Tests use them, because the environment itself belongs to
/// the whole process and cannot be changed while other threads read it.
package enum EnvironmentOverride {
  @TaskLocal package static var values: [String: String] = [:]
}

/// An environment variable; empty counts as unset, as the XDG specification has it.
package func environment(_ name: String) -> String? {
  let value = EnvironmentOverride.values[name] ?? getenv(name).map { String(cString: $0) }
  return value.flatMap { $0.isEmpty ? nil : $0 }
}

/// The user's home folder: `HOME`, else what the system's user list says.
func homeFolder() -> String? {
  environment("HOME") ?? getpwuid(getuid()).flatMap { String(cString: $0.pointee.pw_dir) }
}
