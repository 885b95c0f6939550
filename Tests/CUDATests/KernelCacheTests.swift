import CUDA
import DynamicLibrary
import FakeRuntimes
import Glibc
import Synchronization
import Testing

@Suite("kernel cache") struct KernelCacheTests {
  let device: FakeDevice
  let nvrtc: FakeNVRTC
  let folder: ScratchFolder
  let reports = Reports()

  init() throws {
    device = try FakeDevice()
    nvrtc = try FakeNVRTC()
    folder = try ScratchFolder()
  }

  final class Reports: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  func cache(_ path: String? = nil, compiler: FakeNVRTC? = nil) -> KernelCache {
    KernelCache(
      folder: path ?? folder.path, compilerFolders: [(compiler ?? nvrtc).folder],
      report: { [reports] in reports.add($0) })
  }

  func compilations(_ compiler: FakeNVRTC? = nil) -> Int { (compiler ?? nvrtc).callCount("nvrtcCompileProgram") }

  /// Fills the cache with one entry and returns its file's name.
  func fill(_ source: String = "source") throws -> String {
    _ = try cache().module(source, name: "x.cu", in: device.context)
    return try #require(folder.names.first)
  }

  @Test("a source is compiled once, and the module is that of the image")
  func hit() throws {
    let module = try cache().module("source", name: "x.cu", options: ["-a"], in: device.context)
    _ = try module.kernel("nothing")
    _ = try cache().module("source", name: "x.cu", options: ["-a"], in: device.context)
    #expect(compilations() == 1)
    #expect(folder.names.count == 1)
    #expect(folder.names.first?.hasSuffix("-13.0.kernel") == true)
    #expect(reports.all.isEmpty)
    #expect(device.fake.violations.isEmpty)
  }

  @Test("source, options and their borders, architecture and version each make another entry")
  func keys() throws {
    let sources: [(String, [String])] = [
      ("source", []), ("source2", []), ("source", ["a"]), ("source", ["a", "b"]), ("source", ["ab"]),
      ("bsource", ["a"]), ("source", ["b", "a"]),
    ]
    for (source, options) in sources {
      _ = try cache().module(source, name: "x.cu", options: options, in: device.context)
    }
    #expect(folder.names.count == sources.count)
    let other = try FakeDevice()
    other.fake.setAttribute(75, 9)
    other.fake.setAttribute(76, 0)
    let context = try other.driver.primaryContext(of: other.driver.device(1))
    _ = try cache().module("source", name: "x.cu", in: context)
    #expect(folder.names.count == sources.count + 1)
    let newer = try FakeNVRTC(version: (13, 4))
    _ = try cache(compiler: newer).module("source", name: "x.cu", in: device.context)
    #expect(folder.names.count == sources.count + 2)
    #expect(compilations(newer) == 1)
    _ = try cache().module("source", name: "another name", in: device.context)
    #expect(compilations() == sources.count + 1)
  }

  @Test("without a folder each module is compiled")
  func noFolder() throws {
    let cache = KernelCache(folder: nil, compilerFolders: [nvrtc.folder])
    for _ in 0..<2 { _ = try cache.module("source", name: "x.cu", in: device.context) }
    #expect(compilations() == 2)
  }

  @Test("the folder is made, and those it is in")
  func madeFolder() throws {
    let path = "\(folder.path)/a"
    _ = try cache(path).module("source", name: "x.cu", in: device.context)
    _ = try cache(path).module("source", name: "x.cu", in: device.context)
    #expect(compilations() == 1)
    #expect(reports.all.isEmpty)
    for name in try entries(path) { unlink("\(path)/\(name)") }
  }

  func entries(_ path: String) throws -> [String] {
    let handle = try #require(opendir(path))
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0.hasSuffix(".kernel") }
  }

  @Test(
    "a folder that cannot be made or written is reported, and kernels run all the same",
    arguments: ["/proc/self", "/dev/null/cache", "/proc/self/nowhere/cache", ""])
  func unwritable(path: String) throws {
    let module = try cache(path).module("source", name: "x.cu", in: device.context)
    _ = try module.kernel("nothing")
    #expect(reports.all.count == 1)
    #expect(reports.all.first?.contains("could not be kept in the kernel cache") == true)
  }

  /// What may befall an entry's file.
  enum Damage: String, CaseIterable {
    case empty, header, cut, cutInHeader, longer, code, digest, size, hugeSize, foreign, otherKey, text, noEnd, version
  }

  @Test("a damaged, cut-off or foreign entry is reported, compiled anew and replaced", arguments: Damage.allCases)
  func damaged(damage: Damage) throws {
    let name = try fill()
    let good = folder.read(name)
    var bad = good
    func replace(_ field: String, _ value: String) {
      let lines = String(decoding: good, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      bad = Array(lines.map { $0.hasPrefix(field) ? "\(field) \(value)" : $0 }.joined(separator: "\n").utf8)
    }
    switch damage {
    case .empty: bad = []
    case .header: bad[3] ^= 1
    case .cut: bad.removeLast()
    case .cutInHeader: bad.removeLast(60)
    case .longer: bad.append(0)
    case .code: bad[bad.count - 1] ^= 1
    case .digest: replace("sha256", String(repeating: "0", count: 64))
    case .size: replace("bytes", "-1")
    case .hugeSize: replace("bytes", "99999999999999999999")
    case .foreign: bad = Array("hello".utf8)
    case .otherKey: replace("key", String(repeating: "a", count: 64))
    case .text: replace("target", "")
    case .noEnd: bad = [UInt8](repeating: 65, count: 5000)
    case .version: replace("nvrtc", "13.1")
    }
    #expect(bad != good)
    folder.write(bad, to: name)
    _ = try cache().module("source", name: "x.cu", in: device.context)
    #expect(compilations() == 2)
    #expect(reports.all.count == 1)
    #expect(reports.all.first?.contains(name) == true)
    #expect(folder.read(name) == good)
    #expect(folder.names == [name])
    _ = try cache().module("source", name: "x.cu", in: device.context)
    #expect(compilations() == 2)
  }

  @Test("an entry cut off anywhere is no entry")
  func cutAnywhere() throws {
    let name = try fill()
    let good = folder.read(name)
    for count in stride(from: 0, to: good.count, by: 7) {
      folder.write(Array(good[..<count]), to: name)
      _ = try cache().module("source", name: "x.cu", in: device.context)
      #expect(folder.read(name) == good)
    }
    #expect(reports.all.count == (good.count + 6) / 7)
  }

  @Test("a folder or a pipe in an entry's place is no entry", arguments: [true, false])
  func noFile(isFolder: Bool) throws {
    let name = try fill()
    unlink("\(folder.path)/\(name)")
    if isFolder {
      mkdir("\(folder.path)/\(name)", 0o755)
    } else {
      mkfifo("\(folder.path)/\(name)", 0o644)
    }
    _ = try cache().module("source", name: "x.cu", in: device.context)
    #expect(compilations() == 2)
    // A folder cannot be replaced; a pipe can.
    #expect(reports.all.count == (isFolder ? 1 : 0))
    #expect(folder.names == [name])
  }

  @Test("an entry that the driver refuses is compiled anew", arguments: [200, 209, 218, 222] as [Int32])
  func refused(code: Int32) throws {
    _ = try fill()
    device.fake.fail("cuModuleLoadDataEx", code: code)
    _ = try cache().module("source", name: "x.cu", in: device.context)
    #expect(compilations() == 2)
    #expect(reports.all.count == 1)
  }

  @Test("the driver's other errors are thrown as they are", arguments: [2, 700] as [Int32])
  func driverErrors(code: Int32) throws {
    _ = try fill()
    device.fake.fail("cuModuleLoadDataEx", code: code)
    let error = #expect(throws: CUDAError.self) {
      try cache().module("source", name: "x.cu", in: device.context)
    }
    #expect(error?.code == code)
    #expect(error?.isSticky == (code == 700))
    #expect(compilations() == 1)
  }

  @Test("code that the driver refuses is not kept")
  func unusable() throws {
    device.fake.fail("cuModuleLoadDataEx", code: 209)
    #expect(throws: CUDAError.self) { try cache().module("source", name: "x.cu", in: device.context) }
    #expect(folder.names.isEmpty)
  }

  @Test("where NVRTC is missing, the newest entry of another version will do, and is reported")
  func withoutCompiler() throws {
    for version in [(12, 9), (13, 0), (13, 10), (13, 2)] as [(Int32, Int32)] {
      _ = try cache(compiler: FakeNVRTC(version: version)).module("source", name: "x.cu", in: device.context)
    }
    let newest = try #require(folder.names.first { $0.hasSuffix("-13.10.kernel") })
    try lookingOnly(in: "/nowhere/libnvrtc.so") {
      _ = try cache().module("source", name: "x.cu", in: device.context)
      #expect(reports.all.count == 1)
      #expect(reports.all.first?.contains("compiled earlier by NVRTC 13.10") == true)
      #expect(reports.all.first?.contains("/nowhere/libnvrtc.so") == true)
      // Damage to that one leaves the next.
      folder.write([1, 2, 3], to: newest)
      _ = try cache().module("source", name: "x.cu", in: device.context)
      #expect(reports.all.last?.contains("NVRTC 13.2") == true)
      let error = #expect(throws: NVRTCError.self) { try cache().module("other", name: "x.cu", in: device.context) }
      #expect(error?.description.contains("/nowhere/libnvrtc.so") == true)
      #expect(throws: NVRTCError.self) {
        try KernelCache(folder: nil).module("source", name: "x.cu", in: device.context)
      }
    }
  }

  @Test("where this NVRTC cannot compile the source, an entry of another version will do")
  func brokenCompiler() throws {
    _ = try fill()
    let newer = try FakeNVRTC(version: (13, 3))
    newer.setLog("x.cu(1): error: no")
    _ = try cache(compiler: newer).module("source", name: "x.cu", in: device.context)
    #expect(reports.all.first?.contains("x.cu(1): error: no") == true)
    let error = #expect(throws: NVRTCError.self) {
      try cache(compiler: newer).module("other", name: "x.cu", in: device.context)
    }
    #expect(error?.description.contains("x.cu(1): error: no") == true)
  }

  @Test("names that are nearly an entry's are passed over")
  func names() throws {
    let name = try fill()
    let content = folder.read(name)
    unlink("\(folder.path)/\(name)")
    for suffix in ["-13.0.kernel.old", "-013.0.kernel", "-13.kernel", "-13.0.1.kernel", "--1.0.kernel", ".kernel"] {
      folder.write(content, to: name.replacing("-13.0.kernel", with: suffix))
    }
    folder.write(content, to: ".\(name)-1-2")
    lookingOnly(in: "/nowhere/libnvrtc.so") {
      _ = #expect(throws: NVRTCError.self) { try cache().module("source", name: "x.cu", in: device.context) }
    }
    #expect(reports.all.isEmpty)
  }

  @Test("many at once, each with a driver and a compiler of its own as in processes of their own, make one whole entry")
  func crowd() async throws {
    let path = folder.path
    let reports = reports
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          let (device, nvrtc) = (try FakeDevice(), try FakeNVRTC())
          let cache = KernelCache(folder: path, compilerFolders: [nvrtc.folder], report: { reports.add($0) })
          for round in 0..<8 {
            let module = try cache.module("source \(round)", name: "x.cu", in: device.context)
            _ = try module.kernel("nothing")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(reports.all.isEmpty)
    #expect(folder.names.count == 8)
    #expect(folder.names.allSatisfy { $0.hasSuffix("-13.0.kernel") })
    for round in 0..<8 { _ = try cache().module("source \(round)", name: "x.cu", in: device.context) }
    #expect(compilations() == 0)
  }
}
