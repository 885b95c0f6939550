// swift-tools-version: 6.1
import PackageDescription

/// Settings shared by every Swift target: Swift 6 language mode comes with the tools version; these are the upcoming
/// features that Swift 6.1 knows and that keep imports and existentials explicit.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "swoop",
  products: [
    .executable(name: "swoop", targets: ["SwoopCommand"]),
    .library(name: "Swoop", targets: ["Swoop"]),
    .library(name: "Detection", targets: ["Detection"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "Imaging", targets: ["Imaging"]),
    .library(name: "Inference", targets: ["Inference"]),
    .library(name: "OpenVINO", targets: ["OpenVINO"]),
    .library(name: "DynamicLibrary", targets: ["DynamicLibrary"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
  ],
  targets: [
    // Bottom layer: no dependencies of our own.
    .target(name: "Tensors", swiftSettings: strict),
    .target(name: "CSystem"),
    .target(name: "DynamicLibrary", dependencies: ["CSystem"], swiftSettings: strict),

    // One library per runtime, each usable alone.
    .target(name: "COpenVINO"),
    .target(
      name: "OpenVINO", dependencies: ["COpenVINO", "DynamicLibrary", "Tensors"], swiftSettings: strict),

    // What the product is made of.
    .target(name: "Inference", dependencies: ["Tensors", "OpenVINO"], swiftSettings: strict),
    .target(name: "Detection", dependencies: ["Tensors"], swiftSettings: strict),
    .target(name: "Evaluation", dependencies: ["Detection"], swiftSettings: strict),
    .target(name: "CImaging"),
    .target(name: "CVips"),
    .target(
      name: "Imaging", dependencies: ["CImaging", "CVips", "DynamicLibrary", "Tensors"], swiftSettings: strict
    ),
    .target(
      name: "Swoop",
      dependencies: ["Detection", "Inference", "Imaging", "Tensors", "DynamicLibrary"],
      swiftSettings: strict),

    // The command.
    .executableTarget(
      name: "SwoopCommand",
      dependencies: [
        "Swoop",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests mirror the sources.
    .testTarget(
      name: "ImagingTests", dependencies: ["Imaging", "Tensors", "DynamicLibrary"], exclude: ["Fixtures"],
      swiftSettings: strict),
  ]
)
