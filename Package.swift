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
    .library(name: "ONNXRuntime", targets: ["ONNXRuntime"]),
    .library(name: "TensorRT", targets: ["TensorRT"]),
    .library(name: "CUDA", targets: ["CUDA"]),
    .library(name: "DynamicLibrary", targets: ["DynamicLibrary"]),
    // Runtimes for the tests, opened at run time like the real ones.
    .library(name: "FakeCUDA", type: .dynamic, targets: ["FakeCUDA"]),
    .library(name: "FakeTensorRT", type: .dynamic, targets: ["FakeTensorRT"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.1.0"),
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
    .target(name: "CONNXRuntime"),
    .target(
      name: "ONNXRuntime",
      dependencies: ["CONNXRuntime", "DynamicLibrary", "Tensors", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),

    .target(name: "CTensorRT", exclude: ["methods.tsv", "enumerations.tsv"]),
    .target(
      name: "TensorRT",
      dependencies: ["CTensorRT", "DynamicLibrary", "Tensors", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .target(name: "CUDA", dependencies: ["DynamicLibrary"], swiftSettings: strict),

    // What the product is made of.
    .target(
      name: "Inference",
      dependencies: [
        "Tensors", "CSystem", "DynamicLibrary", "OpenVINO", "ONNXRuntime", "TensorRT", "CUDA",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .target(name: "Detection", dependencies: ["Tensors"], swiftSettings: strict),
    .target(name: "Evaluation", dependencies: ["Detection"], swiftSettings: strict),
    .target(name: "CImaging"),
    .target(name: "CVips"),
    .target(
      name: "Imaging", dependencies: ["CImaging", "CVips", "DynamicLibrary", "Tensors"], swiftSettings: strict
    ),
    .target(
      name: "Swoop",
      dependencies: [
        "Detection", "Inference", "Imaging", "Tensors", "DynamicLibrary", "CSystem",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: strict),

    // The command.
    .executableTarget(
      name: "SwoopCommand",
      dependencies: [
        "Swoop", "Detection", "Inference", "Imaging", "DynamicLibrary", "TensorRT",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests mirror the source folders.
    .target(name: "TestSupport", dependencies: ["OpenVINO"], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(name: "CommandTests", dependencies: ["SwoopCommand", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "SwoopTests", dependencies: ["Swoop", "Detection", "Inference", "Tensors", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ImagingTests", dependencies: ["Imaging", "Tensors", "DynamicLibrary"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(name: "DetectionTests", dependencies: ["Detection", "Tensors"], swiftSettings: strict),
    .testTarget(
      name: "InferenceTests",
      dependencies: [
        "Inference", "OpenVINO", "ONNXRuntime", "TensorRT", "CUDA", "Tensors", "FakeRuntimes",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .target(name: "FakeCUDA", path: "Tests/Fakes/FakeCUDA"),
    .target(name: "FakeTensorRT", dependencies: ["CTensorRT"], path: "Tests/Fakes/FakeTensorRT"),
    .target(
      name: "FakeRuntimes", dependencies: ["DynamicLibrary"], path: "Tests/Fakes/FakeRuntimes", swiftSettings: strict),
    // For machines with a GPU; see docs/tensorrt.md.
    .executableTarget(
      name: "GPUCheck",
      dependencies: [
        "Inference", "TensorRT", "CUDA", "Tensors", "FakeRuntimes", .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests/GPUCheck"),
    .testTarget(name: "CUDATests", dependencies: ["CUDA", "FakeRuntimes"], swiftSettings: strict),
    .testTarget(
      name: "TensorRTTests",
      dependencies: [
        "TensorRT", "CTensorRT", "CUDA", "DynamicLibrary", "Tensors", "FakeRuntimes",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ONNXRuntimeTests",
      dependencies: [
        "ONNXRuntime", "DynamicLibrary", "Tensors", "TestSupport", .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
