
// Appended to a copy of Package.swift by scripts that need only some suites: keeps the targets that the suites in
// SWOOP_SUITES need, and the packages that those need. Everything takes minutes to build.
// The fakes are opened at run time, so no dependency names them.
let fakeTargets = Set(package.targets.filter { $0.path?.hasPrefix("Tests/Fakes/") == true }.map(\.name))
var kept: Set<String> = []
var packages: Set<String> = []
var open = fakeTargets + (Context.environment["SWOOP_SUITES"] ?? "").split(separator: " ").map(String.init)
while let name = open.popLast() {
  kept.insert(name)
  for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
    switch dependency {
    case .byNameItem(let name, _), .targetItem(let name, _):
      if !kept.contains(name) { open.append(name) }
    case .productItem(_, let package, _, _):
      if let package { packages.insert(package) }
    @unknown default: break
    }
  }
}
package.targets.removeAll { !kept.contains($0.name) }
package.products.removeAll { product in
  product.name == "swoop" ? !kept.contains("SwoopCommand") : !fakeTargets.contains(product.name)
}
package.dependencies.removeAll { dependency in
  guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
  return !packages.contains { location.hasSuffix("/\($0)") }
}
