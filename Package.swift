// swift-tools-version: 6.1
import PackageDescription

/// Settings shared by every Swift target: Swift 6 language mode comes with the tools version; these are the upcoming
/// features that Swift 6.1 knows and that keep imports and existentials explicit.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// The layers, from the bottom up; a target names only targets above it in this list.
let libraries: [Target] = [
  // No dependencies of our own.
  .target(name: "Tensors", swiftSettings: strict),
  .target(name: "CSystem"),
  .target(name: "DynamicLibrary", dependencies: ["CSystem"], swiftSettings: strict),

  // One library per runtime, each usable alone.
  .target(name: "COpenVINO"),
  .target(name: "OpenVINO", dependencies: ["COpenVINO", "DynamicLibrary", "Tensors"], swiftSettings: strict),
  .target(name: "CONNXRuntime"),
  .target(
    name: "ONNXRuntime", dependencies: ["CONNXRuntime", "DynamicLibrary", "Tensors", logging], swiftSettings: strict),
  .target(name: "CUDA", dependencies: ["DynamicLibrary"], swiftSettings: strict),
  .target(name: "NVJPEG", dependencies: ["CUDA", "DynamicLibrary"], swiftSettings: strict),
  .target(name: "CTensorRT", exclude: ["methods.tsv", "enumerations.tsv"]),
  .target(
    name: "TensorRT", dependencies: ["CTensorRT", "DynamicLibrary", "Tensors", logging], swiftSettings: strict),

  // Reads, checks and edits model files; the only target that knows Protocol Buffers.
  .target(
    name: "ONNX", dependencies: ["Tensors", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
    exclude: ["Schema/onnx-subset.proto"], swiftSettings: strict),

  // What the product is made of.
  .target(
    name: "Inference",
    dependencies: [
      "Tensors", "CSystem", "DynamicLibrary", "OpenVINO", "ONNXRuntime", "TensorRT", "CUDA", logging,
    ],
    swiftSettings: strict),
  // A detector on the processor without its box branch, which is computed for candidates alone.
  .target(name: "CPointConvolution"),
  .target(
    name: "CandidateBoxes", dependencies: ["CPointConvolution", "CSystem", "Inference", "ONNX", "Tensors"],
    swiftSettings: strict),
  .target(name: "Detection", dependencies: ["Tensors"], swiftSettings: strict),
  .target(name: "Evaluation", dependencies: ["Detection"], swiftSettings: strict),
  .target(name: "CImaging"),
  .target(name: "CVips"),
  .target(name: "Imaging", dependencies: ["CImaging", "CVips", "DynamicLibrary", "Tensors"], swiftSettings: strict),
  .target(
    name: "CodesModel", path: "Models/codes", exclude: ["training", "README.md", "codes.onnx"], sources: ["embedded"],
    publicHeadersPath: "embedded/include", cSettings: [.headerSearchPath(".")]),
  // The device path: kernels as text, compiled for the GPU at run time, and what calls them.
  .target(
    name: "CDeviceKernels",
    exclude: [
      "prelude.cu", "preprocess.cu", "preprocess_linear.cu", "preprocess_enlarged.cu", "preprocess_bicubic.cu",
      "preprocess_products.cu",
      "postprocess.cu", "postprocess_candidates.cu", "postprocess_sort.cu", "postprocess_suppress.cu", "decode.cu",
    ],
    cSettings: [.headerSearchPath(".")]),
  .target(
    name: "DeviceDetection", dependencies: ["CDeviceKernels", "CUDA", "Detection", "NVJPEG", "Imaging", "Tensors"],
    swiftSettings: strict),
  .target(
    name: "Swoop",
    dependencies: [
      "CandidateBoxes", "Detection", "DeviceDetection", "Inference", "Imaging", "Tensors", "DynamicLibrary", "CSystem",
      "CUDA", "NVJPEG", "OpenVINO", "ONNXRuntime", "TensorRT", "CodesModel",
      .product(name: "Histogram", package: "hdrhistogram-swift"),
    ],
    swiftSettings: strict),
  .target(name: "EvaluationFiles", dependencies: ["Evaluation", "Detection", "Swoop"], swiftSettings: strict),
  .target(
    name: "EvaluationReport", dependencies: ["Evaluation", "EvaluationFiles", "Imaging", "Swoop"],
    swiftSettings: strict),
]

let command: Target = .executableTarget(
  name: "SwoopCommand",
  dependencies: [
    "Swoop", "CUDA", "Detection", "Evaluation", "EvaluationFiles", "EvaluationReport", "Inference", "Imaging", "ONNX",
    "TensorRT", "Tensors", "DynamicLibrary",
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
  ],
  swiftSettings: strict)

/// Runtimes for the tests, built as shared libraries and opened at run time like the real ones.
let fakes: [Target] = [
  .target(name: "FakeOpenVINO", path: "Tests/Fakes/FakeOpenVINO"),
  .target(name: "FakeCUDA", path: "Tests/Fakes/FakeCUDA"),
  .target(name: "FakeNVRTC", path: "Tests/Fakes/FakeNVRTC"),
  .target(name: "TestKernels", path: "Tests/Fakes/TestKernels"),
  .target(name: "FakeNVJPEG", path: "Tests/Fakes/FakeNVJPEG"),
  .target(name: "FakeVips", path: "Tests/Fakes/FakeVips"),
  .target(name: "FakeTensorRT", dependencies: ["CTensorRT"], path: "Tests/Fakes/FakeTensorRT"),
  // The CUDA kernels' sources, compiled for the CPU.
  .target(name: "KernelEmulator", path: "Tests/Fakes/KernelEmulator"),
  .target(
    name: "FakeOpenVINOLibrary", dependencies: ["OpenVINO", "DynamicLibrary"],
    path: "Tests/Fakes/FakeOpenVINOLibrary", swiftSettings: strict),
  .target(
    name: "FakeRuntimes", dependencies: ["DynamicLibrary"], path: "Tests/Fakes/FakeRuntimes", swiftSettings: strict),
  // For machines with a GPU; docs/tensorrt.md says how it is run.
  .executableTarget(
    name: "GPUCheck",
    dependencies: [
      "Inference", "TensorRT", "CUDA", "Detection", "DeviceDetection", "Imaging", "NVJPEG", "Tensors", "FakeRuntimes",
      "OutputSamples", "SeededNumbers", logging,
    ],
    path: "Tests/GPUCheck"),
]

/// Tests mirror the targets.
let tests: [Target] = [
  .target(name: "SeededNumbers", path: "Tests/SeededNumbers", swiftSettings: strict),
  .target(
    name: "OutputSamples", dependencies: ["SeededNumbers", "Detection", "Tensors"], path: "Tests/OutputSamples",
    swiftSettings: strict),
  .target(
    name: "HeadSamples", dependencies: ["SeededNumbers", "ONNX", "Tensors"], path: "Tests/HeadSamples",
    swiftSettings: strict),
  .target(
    name: "TestSupport", dependencies: ["SeededNumbers", "OpenVINO"], path: "Tests/TestSupport", swiftSettings: strict),
  .testTarget(name: "DynamicLibraryTests", dependencies: ["DynamicLibrary"], swiftSettings: strict),
  .testTarget(
    name: "OpenVINOTests", dependencies: ["OpenVINO", "DynamicLibrary", "Tensors", "FakeOpenVINOLibrary"],
    swiftSettings: strict),
  .testTarget(
    name: "ONNXRuntimeTests",
    dependencies: ["ONNXRuntime", "DynamicLibrary", "Tensors", "TestSupport", "SeededNumbers", logging],
    swiftSettings: strict),
  .testTarget(
    name: "CUDATests", dependencies: ["CUDA", "DynamicLibrary", "FakeRuntimes"], swiftSettings: strict),
  .testTarget(
    name: "NVJPEGTests", dependencies: ["NVJPEG", "CUDA", "DynamicLibrary", "Imaging", "FakeRuntimes"],
    swiftSettings: strict),
  .testTarget(
    name: "TensorRTTests",
    dependencies: ["TensorRT", "CTensorRT", "CUDA", "DynamicLibrary", "Tensors", "FakeRuntimes", logging],
    swiftSettings: strict),
  .testTarget(
    name: "ONNXTests", dependencies: ["ONNX", "Tensors", "SeededNumbers", "HeadSamples"], exclude: ["Fixtures"],
    swiftSettings: strict),
  .testTarget(
    name: "CandidateBoxesTests",
    dependencies: ["CandidateBoxes", "Inference", "ONNX", "Tensors", "HeadSamples", "SeededNumbers"],
    swiftSettings: strict),
  .testTarget(
    name: "InferenceTests",
    dependencies: [
      "Inference", "OpenVINO", "ONNXRuntime", "TensorRT", "CUDA", "Tensors", "DynamicLibrary", "FakeOpenVINOLibrary",
      "FakeRuntimes", "SeededNumbers", logging,
    ],
    swiftSettings: strict),
  .testTarget(name: "DetectionTests", dependencies: ["Detection", "Tensors", "SeededNumbers"], swiftSettings: strict),
  .testTarget(
    name: "EvaluationTests", dependencies: ["Evaluation", "Detection", "SeededNumbers"],
    exclude: ["Fixtures/make_figures.py"], resources: [.copy("Fixtures/coco-figures.txt")], swiftSettings: strict),
  .testTarget(
    name: "EvaluationFilesTests", dependencies: ["EvaluationFiles", "Evaluation", "Swoop", "Detection", "TestSupport"],
    swiftSettings: strict),
  .testTarget(
    name: "EvaluationReportTests",
    dependencies: ["EvaluationReport", "EvaluationFiles", "Evaluation", "Imaging", "Swoop", "Detection"],
    swiftSettings: strict),
  .testTarget(
    name: "ImagingTests", dependencies: ["Imaging", "Tensors", "DynamicLibrary"], exclude: ["Fixtures"],
    swiftSettings: strict),
  .testTarget(
    name: "DeviceDetectionTests",
    dependencies: [
      "DeviceDetection", "CUDA", "Detection", "Imaging", "NVJPEG", "Tensors", "DynamicLibrary", "FakeRuntimes",
      "OutputSamples", "SeededNumbers",
    ],
    swiftSettings: strict),
  .testTarget(
    name: "SwoopTests",
    dependencies: [
      "Swoop", "CandidateBoxes", "Detection", "Inference", "Imaging", "Tensors", "TestSupport", "SeededNumbers",
      "DynamicLibrary", "FakeRuntimes",
    ],
    swiftSettings: strict),
  .testTarget(
    name: "CommandTests", dependencies: ["SwoopCommand", "Imaging", "TestSupport", "SeededNumbers", "FakeRuntimes"],
    swiftSettings: strict),
]

let package = Package(
  name: "swoop",
  products: [
    .executable(name: "swoop", targets: ["SwoopCommand"]),
    .library(name: "Swoop", targets: ["Swoop"]),
    .library(name: "Detection", targets: ["Detection"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "EvaluationFiles", targets: ["EvaluationFiles"]),
    .library(name: "Imaging", targets: ["Imaging"]),
    .library(name: "Inference", targets: ["Inference"]),
    .library(name: "ONNX", targets: ["ONNX"]),
    .library(name: "OpenVINO", targets: ["OpenVINO"]),
    .library(name: "ONNXRuntime", targets: ["ONNXRuntime"]),
    .library(name: "TensorRT", targets: ["TensorRT"]),
    .library(name: "CUDA", targets: ["CUDA"]),
    .library(name: "NVJPEG", targets: ["NVJPEG"]),
    .library(name: "DynamicLibrary", targets: ["DynamicLibrary"]),
    // For the tests: only products become shared libraries.
    .library(name: "FakeOpenVINO", type: .dynamic, targets: ["FakeOpenVINO"]),
    .library(name: "FakeCUDA", type: .dynamic, targets: ["FakeCUDA"]),
    .library(name: "FakeNVRTC", type: .dynamic, targets: ["FakeNVRTC"]),
    .library(name: "TestKernels", type: .dynamic, targets: ["TestKernels"]),
    .library(name: "FakeTensorRT", type: .dynamic, targets: ["FakeTensorRT"]),
    .library(name: "FakeNVJPEG", type: .dynamic, targets: ["FakeNVJPEG"]),
    .library(name: "FakeVips", type: .dynamic, targets: ["FakeVips"]),
    .library(name: "KernelEmulator", type: .dynamic, targets: ["KernelEmulator"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.28.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.1.0"),
  ],
  targets: libraries + [command] + fakes + tests,
  cxxLanguageStandard: .cxx17
)
