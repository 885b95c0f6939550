
// Appended to a copy of Package.swift by scripts that need only some suites: keeps the targets that the suites in
// SWOOP_SUITES need, and the packages that those need. Everything takes minutes to build.
var kept: Set<String> = ["FakeOpenVINO", "FakeCUDA", "FakeTensorRT"]
var packages: Set<String> = []
var open = kept + (Context.environment["SWOOP_SUITES"] ?? "").split(separator: " ").map(String.init)
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
  product.name == "swoop" ? !kept.contains("SwoopCommand") : !kept.contains(product.name) || !product.name.hasPrefix("Fake")
}
package.dependencies.removeAll { dependency in
  guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
  return !packages.contains { location.hasSuffix("/\($0)") }
}
