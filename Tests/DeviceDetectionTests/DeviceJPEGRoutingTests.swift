import DeviceDetection
import FakeRuntimes
import Imaging
import NVJPEG
import Testing

@Suite struct DeviceJPEGRoutingTests {
  @Test(
    "each kind of file goes where it is decoded well",
    arguments: [
      ("jpeg-420.jpg", "hardware"), ("jpeg-422.jpg", "hardware"), ("jpeg-440.jpg", "hardware"),
      ("jpeg-444.jpg", "hardware"), ("jpeg-grey.jpg", "hardware"), ("jpeg-restart.jpg", "hardware"),
      ("jpeg-mpo.jpg", "hardware"), ("jpeg-trailing-junk.jpg", "hardware"), ("jpeg-orientation-6.jpg", "hardware"),
      ("jpeg-exif-cut.jpg", "hardware"), ("jpeg-16x16.jpg", "hardware"), ("jpeg-411.jpg", "hybrid"),
      ("jpeg-progressive.jpg", "hybrid"), ("jpeg-8x8.jpg", "is tiny"), ("jpeg-1x1.jpg", "is tiny"),
      ("jpeg-17x1.jpg", "is tiny"), ("jpeg-cmyk.jpg", "unusual components"), ("jpeg-ycck.jpg", "unusual components"),
      ("jpeg-cmyk-no-adobe.jpg", "unusual components"), ("jpeg-rgb.jpg", "unusual components"),
      ("jpeg-no-end-marker.jpg", "ends within its coded data"), ("jpeg-jfif-3.jpg", "odd JFIF"),
      ("jpeg-stray-before-segment.jpg", "between its segments"), ("png-rgb.png", "is not JPEG"),
    ])
  func kinds(name: String, expected: String) throws {
    let stack = try DeviceJPEGStack()
    let bytes = try JPEGFile(name).bytes
    let routed = bytes.withUnsafeBytes { stack.engine.route($0, DecodingOptions()) }
    #expect(Self.text(routed.route).contains(expected), "\(routed.route)")
    #expect(routed.isProgressive == (name == "jpeg-progressive.jpg"))
    #expect(routed.orientation == (name == "jpeg-orientation-6.jpg" ? 6 : 1))
    #expect(routed.byteCount <= bytes.count)
    #expect(stack.fake.violations.isEmpty)
  }

  @Test("kinds of coding that no decoder here takes go to the CPU, which says so")
  func processes() throws {
    let stack = try DeviceJPEGStack()
    let bytes = try JPEGFile("jpeg-444.jpg").bytes
    let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    func route(_ change: (inout [UInt8]) -> Void) -> String {
      var other = bytes
      change(&other)
      return other.withUnsafeBytes { Self.text(stack.engine.route($0, DecodingOptions()).route) }
    }
    #expect(route { $0[frame + 1] = 0xC9 }.contains("arithmetic"))
    #expect(route { $0[frame + 1] = 0xC3 }.contains("lossless"))
    #expect(route { $0[frame + 4] = 12 }.contains("12 bits a sample"))
    #expect(route { $0[frame + 1] = 0xC1 } == "hybrid")
  }

  @Test("damaged codes go to the CPU, unless they are not read")
  func codes() throws {
    let file = try JPEGFile.damaged()
    let careful = try DeviceJPEGStack(options: DeviceJPEGEngine.Options())
    let quick = try DeviceJPEGStack()
    file.bytes.withUnsafeBytes {
      #expect(careful.engine.route($0, DecodingOptions()).route == .cpu("has damaged coded data"))
      #expect(quick.engine.route($0, DecodingOptions()).route == .hardware)
    }
    for name in ["jpeg-420.jpg", "jpeg-grey.jpg", "jpeg-restart.jpg", "jpeg-mpo.jpg", "jpeg-orientation-6.jpg"] {
      try JPEGFile(name).bytes.withUnsafeBytes {
        #expect(careful.engine.route($0, DecodingOptions()).route == .hardware)
      }
    }
  }

  @Test("what is larger than allowed goes to the CPU, which refuses it")
  func limit() throws {
    let stack = try DeviceJPEGStack()
    try JPEGFile("jpeg-420.jpg").bytes.withUnsafeBytes {
      let routed = stack.engine.route($0, DecodingOptions(maximumPixels: 1000))
      #expect(Self.text(routed.route).contains("larger than allowed"))
    }
  }

  @Test("a device without JPEG engines decodes on its cores")
  func noHardware() throws {
    let stack = try DeviceJPEGStack { $0.setHardware(false) }
    #expect(stack.engine.hardware == nil && stack.engine.engineCount == nil)
    #expect(stack.engine.hardwareProblem?.status == .archMismatch)
    try JPEGFile("jpeg-420.jpg").bytes.withUnsafeBytes {
      #expect(stack.engine.route($0, DecodingOptions()).route == .hybrid)
    }
  }

  @Test("what is not to be used is not")
  func options() throws {
    var options = DeviceJPEGEngine.Options()
    options.usesHybrid = false
    let hardwareOnly = try DeviceJPEGStack(options: options)
    options = DeviceJPEGEngine.Options()
    options.usesHardware = false
    options.takesProgressive = false
    let hybridOnly = try DeviceJPEGStack(options: options)
    for (name, first, second) in [
      ("jpeg-420.jpg", "hardware", "hybrid"), ("jpeg-411.jpg", "JPEG engines", "hybrid"),
      ("jpeg-progressive.jpg", "is progressive", "is progressive"),
    ] {
      try JPEGFile(name).bytes.withUnsafeBytes {
        let routes = (
          Self.text(hardwareOnly.engine.route($0, DecodingOptions()).route),
          Self.text(hybridOnly.engine.route($0, DecodingOptions()).route)
        )
        #expect(routes.0.contains(first) && routes.1.contains(second), "\(name): \(routes)")
      }
    }
    // The cores are started by the first who asks for them.
    #expect(hardwareOnly.fake.liveCount("handle") == 1 && hybridOnly.fake.liveCount("handle") == 1)
    options.usesHybrid = true
    options.usesHardware = true
    options.isStrict = false
    let lax = try DeviceJPEGStack(options: options)
    #expect(lax.fake.liveCount("handle") == 1 && lax.engine.hybrid != nil)
    #expect(lax.fake.flags(backend: 2) == 32 && lax.fake.flags(backend: 3) == 32)
    let old = try DeviceJPEGStack { $0.setVersion(11, 5) }
    #expect(old.engine.hybrid != nil)
    #expect(old.fake.flags(backend: 2) == 0 && old.fake.flags(backend: 3) == 0)
    let strict = try DeviceJPEGStack()
    #expect(strict.engine.hybrid != nil)
    #expect(strict.fake.flags(backend: 2) == 36 && strict.fake.flags(backend: 3) == 32)
    #expect(strict.engine.engineCount == 7 && strict.engine.coresPerEngine == 1)
  }

  @Test("nvJPEG is asked once for each kind of picture")
  func asksOnce() throws {
    let stack = try DeviceJPEGStack { $0.setLargestSide(30) }
    let file = try JPEGFile("jpeg-420.jpg")
    for _ in 0..<5 {
      file.bytes.withUnsafeBytes { #expect(stack.engine.route($0, DecodingOptions()).route == .hybrid) }
    }
    #expect(stack.fake.callCount("nvjpegDecodeBatchedSupported") == 1)
    try JPEGFile("jpeg-16x16.jpg").bytes.withUnsafeBytes {
      #expect(stack.engine.route($0, DecodingOptions()).route == .hardware)
    }
    #expect(stack.fake.callCount("nvjpegDecodeBatchedSupported") == 2)
    #expect(stack.fake.liveCount("bitstream") == 0)
  }

  @Test("where nvJPEG cannot read a header, or cannot tell, something sensible is done")
  func cannotTell() throws {
    let file = try JPEGFile("jpeg-420.jpg")
    let stack = try DeviceJPEGStack()
    stack.fake.fail("nvjpegJpegStreamParseHeader", status: 3)
    file.bytes.withUnsafeBytes {
      #expect(Self.text(stack.engine.route($0, DecodingOptions()).route).contains("not understood by nvJPEG"))
      #expect(stack.engine.route($0, DecodingOptions()).route == .hardware)
    }
    let old = try DeviceJPEGStack(lacking: ["nvjpegDecodeBatchedSupported", "nvjpegDecodeBatchedSupportedEx"])
    file.bytes.withUnsafeBytes { #expect(old.engine.route($0, DecodingOptions()).route == .hardware) }
  }

  @Test("an engine that cannot be made says why", arguments: [(5, "No memory"), (6, "NVJPEG_STATUS_EXECUTION_FAILED")])
  func unavailable(status: Int32, words: String) throws {
    let error = #expect(throws: DeviceJPEGError.self) {
      try DeviceJPEGStack { fake in
        fake.setHardware(false)
        fake.fail("nvjpegCreateExV2", call: 2, status: status)
      }
    }
    #expect(error?.description.contains(words) == true)
  }

  private static func text(_ route: JPEGRoute) -> String {
    switch route {
    case .hardware: "hardware"
    case .hybrid: "hybrid"
    case .cpu(let reason): reason
    }
  }
}
