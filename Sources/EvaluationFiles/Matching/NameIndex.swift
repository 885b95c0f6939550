/// Finds the one of many file names that a name means, though each side may write other folders around it.
///
/// An equal name wins. Otherwise, of the names with the same last component, those that end in the whole of the sought
/// name, or that the sought name ends in, are taken; it is found if there is exactly one, or if the last component alone
/// is unique. Names are compared with or without their extensions.
struct NameIndex {
  private var places: [String: Int] = [:]
  private var byLast: [String: [Int]] = [:]
  private let names: [String]
  private let ignoresExtension: Bool

  enum Match: Equatable {
    case found(Int)
    case none
    case ambiguous([String])
  }

  init(_ names: [String], ignoresExtension: Bool = false) {
    self.ignoresExtension = ignoresExtension
    self.names = names.map { NameIndex.key($0, ignoresExtension) }
    for (place, name) in self.names.enumerated() {
      // Of equal names the first; they are reported by whoever lists them.
      if places[name] == nil { places[name] = place }
      byLast[NameIndex.last(name), default: []].append(place)
    }
  }

  func match(_ name: String) -> Match {
    let name = NameIndex.key(name, ignoresExtension)
    if let place = places[name] { return .found(place) }
    guard let candidates = byLast[NameIndex.last(name)] else { return .none }
    let nested = candidates.filter { names[$0].hasSuffix("/" + name) || name.hasSuffix("/" + names[$0]) }
    if nested.count == 1 { return .found(nested[0]) }
    if nested.isEmpty, candidates.count == 1 { return .found(candidates[0]) }
    return .ambiguous((nested.isEmpty ? candidates : nested).map { names[$0] })
  }

  private static func key(_ name: String, _ ignoresExtension: Bool) -> String {
    let clean = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    guard ignoresExtension, let dot = clean.lastIndex(of: "."), !clean[dot...].contains("/"), dot != clean.startIndex
    else { return clean }
    return String(clean[..<dot])
  }

  private static func last(_ name: String) -> String {
    name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
  }
}
