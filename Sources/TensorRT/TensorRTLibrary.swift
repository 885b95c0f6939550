internal import CTensorRT
internal import DynamicLibrary
public import Logging
internal import Synchronization

/// A TensorRT library of this machine, opened at run time: full TensorRT, TensorRT for RTX, or a lean or dispatch runtime.
///
/// Opening one needs no header, no development package and no GPU. The library is never closed, and one file is opened
/// once, however often it is asked for. Which methods it has is told by the version it reports, not by its file name.
public final class TensorRTLibrary: @unchecked Sendable {
  // Sendable: what is not immutable is behind a mutex; the layout is written once, before the object is shared.

  /// What a library can do.
  public enum Kind: String, Sendable, CaseIterable, Hashable {
    /// TensorRT with builder and runtime (`libnvinfer`).
    case full
    /// TensorRT for RTX with builder and runtime (`libtensorrt_rtx`).
    case rtx
    /// The lean runtime (`libnvinfer_lean`): runs version-compatible plans, builds nothing.
    case lean
    /// The dispatch runtime (`libnvinfer_dispatch`): runs version-compatible plans that carry their own lean runtime.
    case dispatch
  }

  public let version: TensorRTVersion
  public let kind: Kind
  /// The file that was opened.
  public let path: String
  /// What is unusual about this library, in sentences for the user; empty where nothing is.
  public let warnings: [String]

  let layout: UnsafePointer<swoop_trt_layout>
  let hub: LogHub
  let nativeLogger: UnsafeMutableRawPointer
  let nativeRecorder: UnsafeMutableRawPointer
  let handle: DynamicLibrary
  private let reportedVersion: Int32
  private let folders: [String]

  typealias Factory = @convention(c) (UnsafeMutableRawPointer?, Int32) -> UnsafeMutableRawPointer?
  typealias ChildFactory =
    @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Int32) -> UnsafeMutableRawPointer?

  private enum Check {
    case pending, passed
    /// With the address of the first object: how to free it is not known, so it is kept.
    case failed(TensorRTError, object: UInt)
  }
  private let check = Mutex(Check.pending)
  private let companions = Mutex<[Companion.Kind: Companion]>([:])
  private let hasStandardPlugins = Mutex(false)

  // Libraries by file, so that one file has one logger and one check.
  private static let opened = Mutex<[String: TensorRTLibrary]>([:])

  // MARK: Opening

  /// Opens the first TensorRT that this machine has, in the order of `kinds`.
  ///
  /// Looked at are the file or folder in `SWOOP_TENSORRT`, `folders`, this project's own runtimes folder, the system
  /// loader's folders, the pip packages of every Python on the path (`tensorrt_libs`, `tensorrt_rtx_libs`,
  /// `tensorrt_lean_libs`, `tensorrt_dispatch_libs`), and the usual folders of tarballs and containers.
  ///
  /// - Parameters:
  ///   - folders: folders to look in before all others but the environment variable's.
  ///   - logger: takes what TensorRT logs, at the level of its severity.
  /// - Throws: ``TensorRTError`` with code `libraryMissing`, which lists each path tried with the loader's reason, or
  ///   `versionUnsupported`.
  public static func open(
    kinds: [Kind] = Kind.allCases, folders: [String] = [], logger: Logger = Logger(label: "tensorrt")
  ) throws(TensorRTError) -> TensorRTLibrary {
    var attempts: [LibraryLoadError.Attempt] = []
    var refusal: TensorRTError?
    for kind in kinds {
      for candidate in LibrarySearch.tensorRT(kind, folders: folders).candidates() {
        do throws(LibraryLoadError.Attempt) {
          let handle = try DynamicLibrary(path: candidate)
          do throws(TensorRTError) {
            let library = try adopt(handle, folders: folders, logger: logger)
            if kinds.contains(library.kind) { return library }
            attempts.append(
              .init(path: candidate, reason: "it is \(library.version), of kind \(library.kind.rawValue)"))
          } catch {
            // Another version may lie further down the list; the first refusal is told if none does.
            refusal = refusal ?? error
            attempts.append(.init(path: candidate, reason: error.message))
          }
        } catch {
          attempts.append(error)
        }
      }
    }
    if let refusal, refusal.code != .libraryMissing { throw refusal }
    var seen = Set<LibraryLoadError.Attempt>()
    throw TensorRTError(
      LibraryLoadError(
        library: "TensorRT", attempts: attempts.filter { seen.insert($0).inserted },
        advice: LibrarySearch.tensorRTAdvice))
  }

  /// Opens one file, or one bare name through the system loader.
  public static func open(path: String, logger: Logger = Logger(label: "tensorrt")) throws(TensorRTError)
    -> TensorRTLibrary
  {
    let handle: DynamicLibrary
    do {
      handle = try DynamicLibrary(path: path)
    } catch {
      throw TensorRTError(
        LibraryLoadError(library: "TensorRT", attempts: [error], advice: LibrarySearch.tensorRTAdvice))
    }
    return try adopt(handle, folders: [], logger: logger)
  }

  private static func adopt(_ handle: DynamicLibrary, folders: [String], logger: Logger) throws(TensorRTError)
    -> TensorRTLibrary
  {
    let file = handle.file(providing: "getInferLibVersion") ?? handle.path
    // Made under the lock: the native logger of a second object would never be freed.
    return try opened.withLock { libraries throws(TensorRTError) in
      if let known = libraries[file] {
        known.logger = logger
        return known
      }
      let library = try TensorRTLibrary(handle: handle, path: file, folders: folders, logger: logger)
      libraries[file] = library
      return library
    }
  }

  private init(handle: DynamicLibrary, path: String, folders: [String], logger: Logger) throws(TensorRTError) {
    guard let report = handle.symbol("getInferLibVersion", as: (@convention(c) () -> Int32).self) else {
      throw TensorRTError(.libraryMissing, "\(path) has no symbol getInferLibVersion: it is no TensorRT library.")
    }
    let reported = report()
    let version = TensorRTVersion(reported: reported)
    guard let family = version.family else {
      throw TensorRTError(
        .versionUnsupported,
        """
        \(path) is \(version) (it reports \(reported)), whose binary layout is not known here. Known are \
        \(TensorRTVersion.known). Install one of these, or point SWOOP_TENSORRT at one.
        """)
    }
    // Lives as long as the library, which is never closed.
    let layout = UnsafeMutablePointer<swoop_trt_layout>.allocate(capacity: 1)
    guard
      swoop_trt_layout_fill(layout, family, Int32(version.major), Int32(version.minor), Int32(version.patch))
    else {
      layout.deallocate()
      throw TensorRTError(.versionUnsupported, "There is no layout for \(version). Known are \(TensorRTVersion.known).")
    }
    self.handle = handle
    self.path = path
    self.version = version
    self.folders = folders
    self.layout = UnsafePointer(layout)
    reportedVersion = reported
    if version.product == .rtx {
      kind = .rtx
    } else if handle.symbol("createInferBuilder_INTERNAL", as: Factory.self) != nil {
      kind = .full
    } else {
      kind = path.contains("dispatch") ? .dispatch : .lean
    }
    warnings =
      version.isNewerThanMeasured
      ? [
        """
        \(version) is newer than the versions whose binary layout was measured. Within a major, layouts have been \
        extended and not changed, so it is used; if it misbehaves, use an older one.
        """
      ] : []
    hub = LogHub(logger: logger)
    nativeLogger = hub.makeNativeLogger(layout)
    nativeRecorder = hub.makeNativeRecorder(layout)
    for warning in warnings { logger.warning("\(warning)") }
  }

  /// Takes what TensorRT logs, at the level of its severity. One per library file: TensorRT has one logger per process.
  public var logger: Logger {
    get { hub.logger }
    set { hub.logger = newValue }
  }

  /// Whether this library builds engines; lean and dispatch runtimes only run them.
  public var hasBuilder: Bool { handle.symbol("createInferBuilder_INTERNAL", as: Factory.self) != nil }

  /// Whether builds can be watched and stopped.
  public var hasProgressMonitor: Bool { has(SWOOP_TRT_IBuilderConfig_setProgressMonitor) }

  /// The compute capabilities that this library runs on, as 86 for 8.6, where it has a list of its own, as TensorRT for
  /// RTX does; `nil` for others.
  public var computeCapabilities: [Int]? {
    guard version.product == .rtx else { return nil }
    return ComputeCapabilities.known.filter { value(of: $0.enumerator) != nil }.map(\.number)
  }

  // MARK: First objects

  /// Makes a runtime or builder object and, the first time, checks the layout with it.
  ///
  /// A wrong layout shows itself at the first log line or the first call, mostly by a crash, so the first object is made
  /// and asked under guard.
  func makeRoot(
    _ name: String, factory symbol: String,
    getLogger: @escaping (UnsafePointer<swoop_trt_layout>, UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?,
    exchangeRecorder:
      @escaping (UnsafePointer<swoop_trt_layout>, UnsafeMutableRawPointer, UnsafeMutableRawPointer) ->
      UnsafeMutableRawPointer?,
    exchangeThreads: @escaping (UnsafePointer<swoop_trt_layout>, UnsafeMutableRawPointer) -> Bool
  ) throws(TensorRTError) -> UnsafeMutableRawPointer {
    guard let create = handle.symbol(symbol, as: Factory.self) else {
      throw TensorRTError(
        .featureUnsupported,
        "\(path) (\(version), \(kind.rawValue)) has no \(name). Building engines needs the full TensorRT or TensorRT for RTX."
      )
    }
    let isFirst = try check.withLock { check throws(TensorRTError) in
      switch check {
      case .pending: true
      case .passed: false
      case .failed(let error, _): throw error
      }
    }
    let mark = hub.mark
    guard isFirst else {
      let object = create(nativeLogger, reportedVersion)
      guard let object, swoop_trt_is_library_object(object) else { throw noObject(name, object, mark) }
      _ = exchangeRecorder(layout, object, nativeRecorder)
      return object
    }
    let trial = Trial()
    let signal = trial.run { [self] in
      trial.object = create(nativeLogger, reportedVersion)
      guard let object = trial.object, swoop_trt_is_library_object(object) else { return }
      trial.loggerIsOurs = getLogger(layout, object) == nativeLogger
      guard trial.loggerIsOurs else { return }
      let recorder = exchangeRecorder(layout, object, nativeRecorder)
      trial.recorderIsOurs = recorder == nil || recorder == nativeRecorder
      trial.keepsThreads = exchangeThreads(layout, object)
    }
    if signal == 0, trial.object == nil || !swoop_trt_is_library_object(trial.object) {
      throw noObject(name, trial.object, mark)
    }
    var fault: String?
    if signal != 0 {
      fault = "it crashed with signal \(signal) when its first object was made and asked for its logger"
    } else if !trial.loggerIsOurs {
      fault = "its \(name) does not return the logger it was made with"
    } else if !trial.recorderIsOurs {
      fault = "its \(name) does not return the error recorder it was given"
    } else if !trial.keepsThreads {
      fault = "its \(name) does not return the thread count it was given"
    }
    if let fault {
      let error = TensorRTError(
        .layoutMismatch,
        """
        \(path) reports \(version) but does not have that version's layout: \(fault). It is not used. It may be damaged, \
        or another program's library of the same name.
        """, lines: hub.lines(since: mark, anyThread: true))
      let object = UInt(bitPattern: trial.object)
      check.withLock { $0 = .failed(error, object: object) }
      throw error
    }
    check.withLock { $0 = .passed }
    guard let object = trial.object else { throw noObject(name, nil, mark) }
    return object
  }

  private func noObject(_ name: String, _ pointer: UnsafeMutableRawPointer?, _ mark: UInt64) -> TensorRTError {
    let what = pointer.map { "\($0), which is no object" } ?? "null"
    return TensorRTError(
      .creationFailed,
      """
      \(version) (\(path)) made no \(name): its factory returned \(what). \
      \(kind == .rtx ? "" : "It needs an NVIDIA GPU and its driver; `nvidia-smi` shows whether they work.")
      """, lines: hub.lines(since: mark, anyThread: true))
  }

  func makeChild(
    _ symbol: String, in handle: DynamicLibrary? = nil, of parent: UnsafeMutableRawPointer, version: Int32? = nil
  )
    throws(TensorRTError) -> UnsafeMutableRawPointer?
  {
    guard let create = (handle ?? self.handle).symbol(symbol, as: ChildFactory.self) else {
      throw TensorRTError(
        .featureUnsupported, "\((handle ?? self.handle).path) (\(self.version), \(kind.rawValue)) has no \(symbol).")
    }
    return create(parent, nativeLogger, version ?? reportedVersion)
  }

  // MARK: Companion libraries

  /// The ONNX parser that belongs to this library; opened when first asked for.
  ///
  /// - Throws: ``TensorRTError`` that lists each path tried.
  func parserLibrary() throws(TensorRTError) -> Companion { try companion(.parser) }

  /// Opens the ONNX parser that belongs to this library, as ``Network/parse(onnx:path:)`` does by itself.
  ///
  /// - Returns: the file that was opened.
  /// - Throws: ``TensorRTError`` of code `libraryMissing` that lists each path tried.
  @discardableResult
  public func openParser() throws(TensorRTError) -> String { try parserLibrary().handle.path }

  /// Registers TensorRT's own plugins (`libnvinfer_plugin`), so that plans and models that use them load.
  ///
  /// Done once; further calls do nothing. TensorRT for RTX and the lean runtimes have no such library.
  public func loadStandardPlugins() throws(TensorRTError) {
    let plugins = try companion(.plugins)
    typealias Initialize = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Bool
    guard let initialize = plugins.handle.symbol("initLibNvInferPlugins", as: Initialize.self) else {
      throw TensorRTError(.libraryMissing, "\(plugins.handle.path) has no symbol initLibNvInferPlugins.")
    }
    try hasStandardPlugins.withLock { isDone throws(TensorRTError) in
      guard !isDone else { return }
      let mark = hub.mark
      guard initialize(nativeLogger, "") else {
        throw TensorRTError(
          .creationFailed, "\(plugins.handle.path) did not register its plugins.",
          lines: hub.lines(since: mark, anyThread: true))
      }
      isDone = true
    }
  }

  private func companion(_ kind: Companion.Kind) throws(TensorRTError) -> Companion {
    if let known = companions.withLock({ $0[kind] }) { return known }
    let companion = try Companion(kind, of: self, folders: folders)
    return companions.withLock { companions in
      if let known = companions[kind] { return known }
      companions[kind] = companion
      return companion
    }
  }
}

/// What the check of a library's first object found. A class, because the check may end by a jump out of it.
private final class Trial {
  var object: UnsafeMutableRawPointer?
  var loggerIsOurs = false
  var recorderIsOurs = false
  var keepsThreads = false
  private var work: () -> Void = {}

  /// Runs `work` under guard and returns the signal that ended it, or 0.
  func run(_ work: @escaping () -> Void) -> Int32 {
    self.work = work
    let signal = swoop_trt_guarded(
      { context in
        guard let context else { return }
        Unmanaged<Trial>.fromOpaque(context).takeUnretainedValue().work()
      }, Unmanaged.passUnretained(self).toOpaque())
    self.work = {}
    return signal
  }
}
