internal import Glibc

/// Where compiled models are kept between runs.
public enum CacheFolder {
  /// `$SWOOP_HOME`, `$XDG_CACHE_HOME/swoop` or `~/.cache/swoop`; `nil` where none of the variables is set.
  public static var standard: String? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    return variable("SWOOP_HOME") ?? variable("XDG_CACHE_HOME").map { "\($0)/swoop" }
      ?? variable("HOME").map { "\($0)/.cache/swoop" }
  }
}
