import CUDA
import DeviceDetection
import Foundation
import NVJPEG

/// How long single calls take, with nothing else on the device: what a call costs that is not decoding, and how its
/// pictures are shared out among the engines.
struct DecodeProbe {
  private let bench: DecodeBench
  private let engineCount: Int

  init(_ bench: DecodeBench) {
    self.bench = bench
    engineCount = max(1, bench.engine.engineCount ?? 7)
  }

  func run() throws {
    let stream = try CUDAStream(in: bench.context)
    let decoder = try bench.takeDecoder(bench.hardware, processorThreads: 1)
    defer { bench.giveBack(decoder) }
    try staircase(decoder, stream)
    for count in [3 * engineCount, 64] { try sharing(count, decoder, stream) }
  }

  /// The least milliseconds of several calls: until nvJPEG returns, and until the pixels are there.
  private func time(
    _ pictures: [NVJPEGPicture], _ decoder: NVJPEGBatchDecoder, _ stream: CUDAStream
  ) throws -> (call: Double, all: Double) {
    var least = (call: Double.infinity, all: Double.infinity)
    for round in 0..<8 {
      let start = DispatchTime.now().uptimeNanoseconds
      try decoder.decode(pictures, usualCount: pictures.count, on: stream)
      let returned = DispatchTime.now().uptimeNanoseconds
      try stream.synchronize()
      let end = DispatchTime.now().uptimeNanoseconds
      if round < 2 { continue }
      least = (min(least.call, Double(returned - start) / 1e6), min(least.all, Double(end - start) / 1e6))
    }
    return least
  }

  private func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

  /// The same file n times.
  private func staircase(_ decoder: NVJPEGBatchDecoder, _ stream: CUDAStream) throws {
    let address = try bench.target(lane: 0, count: 256)
    let file = bench.middle
    var words: [String] = []
    for count in [1, 2, 6, 7, 8, 14, 15, 21, 28, 35, 42, 56, 63, 64, 70, 71, 126, 128, 252, 256] {
      let pictures = (0..<count).map { picture(file, at: address + UInt64($0 * bench.pictureByteCount)) }
      let (call, all) = try time(pictures, decoder, stream)
      words.append("\(count): \(text(all)) (\(text(call)))")
    }
    print("ms for n of the same file, in brackets until the call returns: \(words.joined(separator: ", "))")
  }

  /// Two of the longest file among tiny ones: where both go to one engine, they take twice as long.
  private func sharing(_ count: Int, _ decoder: NVJPEGBatchDecoder, _ stream: CUDAStream) throws {
    let address = try bench.target(lane: 0, count: 256)
    let memory = PaddingPicture.file
    try memory.withUnsafeBytes { tinyFile in
      let tiny = NVJPEGPicture(
        bytes: tinyFile, address: address + UInt64(2 * bench.pictureByteCount), bytesPerRow: PaddingPicture.side * 3)
      let large = (0..<2).map { picture(bench.bySize[0], at: address + UInt64($0 * bench.pictureByteCount)) }
      var times: [Double] = []
      for place in 1..<count {
        var pictures = [NVJPEGPicture](repeating: tiny, count: count)
        pictures[0] = large[0]
        pictures[place] = large[1]
        times.append(try time(pictures, decoder, stream).all)
      }
      var one = [NVJPEGPicture](repeating: tiny, count: count)
      one[0] = large[0]
      let (single, none) = (
        try time(one, decoder, stream).all,
        try time([NVJPEGPicture](repeating: tiny, count: count), decoder, stream).all
      )
      // Half of what the second one would cost on the same engine.
      let bound = single + (single - none) / 2
      let slow = times.indices.filter { times[$0] > bound }.map { "\($0 + 1)" }
      print(
        "\(count) pictures, tiny but for the longest file at 0 and at k: \(text(times.min() ?? 0)) to "
          + "\(text(times.max() ?? 0)) ms, one alone \(text(single)), none \(text(none)); slow where k is "
          + (slow.isEmpty ? "never" : slow.joined(separator: " ")))
    }
  }

  private func picture(_ encoded: EncodedPicture, at address: UInt64) -> NVJPEGPicture {
    NVJPEGPicture(
      bytes: UnsafeRawBufferPointer(rebasing: encoded.bytes.prefix(encoded.routed.byteCount)), address: address,
      bytesPerRow: encoded.routed.width * 3)
  }
}
