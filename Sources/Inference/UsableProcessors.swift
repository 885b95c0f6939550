internal import CSystem
internal import Glibc

/// How many processors this process may keep busy.
public enum UsableProcessors {
  /// The number of processors that the affinity mask allows, at least one.
  public static var allowed: Int {
    let allowed = Int(swoop_allowed_processors())
    return allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The processor time that the control group grants, in processors: 1.5 is one and a half. `nil` where it sets no
  /// limit. Containers are limited this way, and libraries that look at the number of processors alone start too many
  /// threads in them.
  public static var quota: Double? { ControlGroup().processorQuota }

  /// The processors worth starting threads for: ``allowed``, but no more than ``quota`` rounded up.
  public static var count: Int {
    guard let quota else { return allowed }
    return min(allowed, max(1, Int(min(quota, 1e6).rounded(.up))))
  }
}
