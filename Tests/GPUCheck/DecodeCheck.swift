import CUDA
import DeviceDetection
import NVJPEG

/// How fast JPEG files are decoded on the GPU by the stage that a run has, beside nvJPEG alone: the same files, already in
/// memory, in batches.
enum DecodeCheck {
  /// - Parameter arguments: folders, each with JPEG files of one size; `--sweep` finds out what costs what instead, and
  ///   `--seconds` is how long it measures each time; `--only WORDS;WORDS` and `--looks N` take some rows of it, and look at
  ///   each several times.
  static func run(_ context: CUDAContext, _ arguments: [String], _ check: (String, Bool) -> Void) throws {
    var folders = arguments
    let seconds = try option("--seconds", of: &folders) ?? 0.07
    let limit = try option("--limit", of: &folders) ?? 55
    let looks = try option("--looks", of: &folders) ?? 4
    let words = try text("--only", of: &folders)?.split(separator: ";").map(String.init) ?? []
    let sweeps = folders.contains("--sweep")
    folders.removeAll { $0 == "--sweep" }
    let library = try NVJPEGLibrary.open()
    let engine = try DeviceJPEGEngine(library, in: context)
    let kernels = try DeviceKernels(context: context, cache: KernelCache(folder: nil))
    print(
      "nvJPEG \(library.version), \(library.path); hardware engines: "
        + (engine.hardware == nil ? "none" : engine.engineCount.map(String.init) ?? "yes")
        + (engine.coresPerEngine.map { ", of \($0) pictures each" } ?? ""))
    for folder in folders {
      let bench = try DecodeBench(folder: folder, engine: engine, kernels: kernels)
      if sweeps {
        try DecodeSweep(bench, seconds: seconds, only: words, looks: Int(looks)).run(
          limit: limit / Double(folders.count))
      } else {
        try compare(bench, check)
      }
    }
  }

  private static func text(_ name: String, of arguments: inout [String]) throws -> String? {
    guard let place = arguments.firstIndex(of: name) else { return nil }
    guard place + 1 < arguments.count else { throw DecodeBench.CheckFailure(description: "\(name) needs a value") }
    let value = arguments[place + 1]
    arguments.removeSubrange(place...place + 1)
    return value
  }

  private static func option(_ name: String, of arguments: inout [String]) throws -> Double? {
    guard let place = arguments.firstIndex(of: name) else { return nil }
    guard place + 1 < arguments.count, let value = Double(arguments[place + 1]), value > 0, value < 1000 else {
      throw DecodeBench.CheckFailure(description: "\(name) needs a number of seconds")
    }
    arguments.removeSubrange(place...place + 1)
    return value
  }

  private static func compare(_ bench: DecodeBench, _ check: (String, Bool) -> Void) throws {
    var alone: [Double] = []
    var staged: [Double] = []
    for _ in 0..<5 {
      // One thread, one stream, nothing but nvjpegDecodeBatched and a wait.
      alone.append(
        try DecodeBench.measure(lanes: 1, batch: 256, seconds: 1) {
          try PartsLane(bench, lane: $0, PartsLane.Options(batch: 256))
        }.imagesPerSecond)
      // As a run does it: several slots with a thread and a stream each.
      staged.append(
        try DecodeBench.measure(lanes: 6, batch: 64, seconds: 1) { try StageLane(bench, lane: $0, batch: 64) }
          .imagesPerSecond)
    }
    let (a, s) = (alone.sorted()[2], staged.sorted()[2])
    print("decode \(bench.title): nvJPEG alone \(Int(a)) images/s, stage \(Int(s)), \(Int(s / a * 100)) %")
    check("decode \(bench.size): the stage has at least 90 % of nvJPEG alone", s >= 0.9 * a)
  }
}
