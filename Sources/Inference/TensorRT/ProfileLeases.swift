internal import Synchronization
internal import TensorRT

/// Which optimization profiles of an engine its contexts have chosen.
///
/// From TensorRT 10 on contexts share profiles. Before, each context of an engine with dynamic shapes needs one of its own,
/// unless the engine was built to share them, which is possible from 8.6 on and which builds of this package do.
final class ProfileLeases: Sendable {
  /// Whether any number of contexts may choose the same profile.
  let areShared: Bool
  private let taken = Mutex<Set<Int>>([])

  init(areShared: Bool) { self.areShared = areShared }

  /// - Parameter isOurs: whether this package built the engine.
  convenience init(of engine: TensorRT.Engine, isOurs: Bool) {
    let version = engine.library.version
    let isDynamic = engine.tensors.contains { $0.mode == .input && $0.shape.contains { $0 < 0 } }
    let canShare = version.product == .rtx || (version.major, version.minor) >= (8, 6)
    let always = version.product == .rtx || version.major >= 10
    self.init(areShared: !isDynamic || always || (canShare && isOurs))
  }

  /// Makes a context with the first free profile of those that will do.
  ///
  /// One context at a time: TensorRT gives a new context a profile by itself, which another thread may be about to choose.
  ///
  /// - Returns: what `make` returned, or `nil` where every one of the profiles is taken.
  func take<Result>(_ profiles: [Int], make: (Int) throws -> Result) rethrows -> (profile: Int, result: Result)? {
    guard !areShared else { return try profiles.first.map { ($0, try make($0)) } }
    return try taken.withLock { taken in
      guard let profile = profiles.first(where: { !taken.contains($0) }) else { return nil }
      let result = try make(profile)
      taken.insert(profile)
      return (profile, result)
    }
  }

  /// Says that the context of a profile is gone.
  func giveBack(_ profile: Int) { taken.withLock { _ = $0.remove(profile) } }
}
