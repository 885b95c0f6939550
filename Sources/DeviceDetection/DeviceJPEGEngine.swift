package import CUDA
package import Imaging
package import NVJPEG
internal import Synchronization

/// nvJPEG on one device: what all slots share. It says where each file is decoded; ``DeviceJPEGDecoder`` decodes.
///
/// Any number of threads may ask at once.
package final class DeviceJPEGEngine: Sendable {
  /// What may be used.
  package struct Options: Hashable, Sendable {
    /// The GPU's JPEG engines, where it has some.
    package var usesHardware = true
    /// The GPU's cores, for what the engines do not take.
    package var usesHybrid = true
    /// Progressive pictures too. Their Huffman decoding is done by the slot's thread, one after another; where worker
    /// threads have time to spare, they are quicker together.
    package var takesProgressive = true
    /// On the GPU's cores, data that is not to the letter of the standard is refused (and so decoded on the CPU).
    package var isStrict = true
    /// The codes of sequential files are read before, on the thread that asks for the route. Without it, coded data whose
    /// markers are whole but whose codes are not (a flipped bit) is decoded into a wrong picture without a word; with it,
    /// it goes to the CPU path, which reports it.
    package var readsCodes = true

    package init() {}
  }

  package let library: NVJPEGLibrary
  package let context: CUDAContext
  package let options: Options
  /// The engines; `nil` where there are none or they are not to be used.
  package let hardware: NVJPEGHandle?
  /// Why there is no ``hardware``, as nvJPEG puts it; `nil` where there is, or it is not to be used.
  package let hardwareProblem: NVJPEGError?
  /// How many engines there are, and how many pictures each decodes at once; `nil` where nvJPEG does not tell.
  package let engineCount: Int?
  package let coresPerEngine: Int?

  // What nvJPEG said of each kind of picture.
  private let answers = Mutex<[Kind: Bool]>([:])

  /// Makes the handles.
  ///
  /// - Throws: ``DeviceJPEGError`` where nothing of what may be used works.
  package init(
    _ library: NVJPEGLibrary, in context: CUDAContext, options: Options = Options()
  ) throws(DeviceJPEGError) {
    self.library = library
    self.context = context
    self.options = options
    var (hardware, problem): (NVJPEGHandle?, NVJPEGError?) = (nil, nil)
    if options.usesHardware {
      do {
        hardware = try NVJPEGHandle(library, backend: .hardware, flags: Self.colour(library), in: context)
      } catch {
        if error.isOutOfMemory || error.status == nil { throw DeviceJPEGError(error) }
        problem = error
      }
    }
    self.hardware = hardware
    hardwareProblem = problem
    if hardware == nil, !options.usesHybrid, let problem { throw DeviceJPEGError(problem) }
    // A number for reports: not knowing it stops nothing.
    let count = try? hardware?.hardware()
    engineCount = count?.engines
    coresPerEngine = count?.coresPerEngine
    // Without the engines everything rests on the cores, so what is wrong with them is said at once.
    if hardware == nil, options.usesHybrid { try startHybrid() }
  }

  // MARK: The cores

  private enum Hybrid {
    case notStarted
    case started(NVJPEGHandle)
    case failed
  }

  private let cores = Mutex(Hybrid.notStarted)

  /// The cores; `nil` where they are not to be used, or do not start. They are started by the first who asks, which takes
  /// a third of a second: most runs have no picture for them.
  package var hybrid: NVJPEGHandle? {
    guard options.usesHybrid else { return nil }
    return cores.withLock { state in
      if case .started(let handle) = state { return handle }
      guard case .notStarted = state, let handle = try? makeHybrid() else {
        state = .failed
        return nil
      }
      state = .started(handle)
      return handle
    }
  }

  private func startHybrid() throws(DeviceJPEGError) {
    do throws(NVJPEGError) {
      let handle = try makeHybrid()
      cores.withLock { $0 = .started(handle) }
    } catch {
      throw DeviceJPEGError(error)
    }
  }

  private func makeHybrid() throws(NVJPEGError) -> NVJPEGHandle {
    let isStrict = options.isStrict && library.version >= NVJPEGVersion(11, 9)
    return try NVJPEGHandle(
      library, backend: .gpuHybrid, flags: isStrict ? Self.colour(library).union(.strict) : Self.colour(library),
      in: context)
  }

  /// Colour as libjpeg enlarges it; older versions repeat it instead.
  private static func colour(_ library: NVJPEGLibrary) -> NVJPEGFlags {
    library.version >= NVJPEGVersion(12, 1) ? .interpolatedColour : []
  }

  // MARK: Turns

  private let turn = Mutex<Void>(())

  /// Gives a batch to the GPU's engines while no other thread does.
  ///
  /// The call returns when most of its pictures are decoded, and the engines have another batch's ready by then. Batches of
  /// several threads at once are interleaved by the driver, which costs a quarter: 26,200 pictures a second of 640x480 by
  /// six threads with batches of 64 on an H200, 33,400 one call at a time, 33,600 by a single thread.
  package func inTurn<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    let result = turn.withLock { _ -> Result<Void, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    try result.get()
  }

  // MARK: Decoding objects

  /// For one thread at a time, which is why they are handed around.
  private struct Spare: @unchecked Sendable {
    let decoder: NVJPEGBatchDecoder
  }

  private let spares = Mutex<[Spare]>([])

  /// A decoding object of a handle for batches of so many pictures: one that was given back, or a new one, which takes
  /// nvJPEG an eighth of a second.
  func takeBatchDecoder(_ handle: NVJPEGHandle, capacity: Int) throws(NVJPEGError) -> NVJPEGBatchDecoder {
    let spare = spares.withLock { spares -> Spare? in
      let index = spares.firstIndex { $0.decoder.handle === handle && $0.decoder.capacity >= capacity }
      return index.map { spares.remove(at: $0) }
    }
    if let spare { return spare.decoder }
    return try NVJPEGBatchDecoder(handle, capacity: max(capacity, Self.usualCapacity))
  }

  /// Keeps a decoding object for the next that needs one; what it decoded has been waited for.
  func giveBack(_ decoder: NVJPEGBatchDecoder) {
    let spare = Spare(decoder: decoder)
    spares.withLock { $0.append(spare) }
  }

  /// Makes a decoding object for the GPU's engines in advance, and with it loads what all of them need.
  ///
  /// - Throws: ``DeviceJPEGError``.
  package func prepare() throws(DeviceJPEGError) {
    guard let hardware else { return }
    do {
      giveBack(try takeBatchDecoder(hardware, capacity: 1))
    } catch {
      throw DeviceJPEGError(error)
    }
  }

  // Some kilobytes each, so that one serves for every usual batch.
  private static let usualCapacity = 256

  // MARK: Routing

  // Below this nothing is gained, and decoders have been wrong about pictures smaller than a few blocks.
  private static let smallestSide = 16

  /// A kind of picture that nvJPEG is asked about once.
  private struct Kind: Hashable {
    var subsampling: Subsampling
    var hasRestarts: Bool
    // The number of digits of the sides, in binary.
    var widthBits, heightBits: Int
  }

  private enum Subsampling: Hashable {
    case grey, s444, s422, s420, s440, s411
  }

  /// Says where a file is decoded, from its header and markers.
  ///
  /// nvJPEG decodes damaged data into something without telling, and versions before 13.4 can crash on it; the engines
  /// do not tell per picture at all. So only files without any flaw go to the device, and every error that a file deserves
  /// is found by the CPU path, in its words. Call it on worker threads: with ``Options/readsCodes`` it takes a small part of
  /// the time that decoding takes.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, of any format.
  ///   - decoding: its limit of pixels is applied: what is larger goes to the CPU path, which refuses it.
  package func route(_ bytes: UnsafeRawBufferPointer, _ decoding: DecodingOptions) -> RoutedJPEG {
    guard bytes.count >= 3, bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF else {
      return RoutedJPEG(
        route: .cpu("is not JPEG"), width: 0, height: 0, orientation: 1, byteCount: bytes.count, isProgressive: false)
    }
    let survey = JPEGSurvey(bytes, readsCodes: options.readsCodes)
    var routed = RoutedJPEG(
      route: .hybrid, width: survey.width, height: survey.height, orientation: survey.orientation,
      byteCount: survey.byteCount > 0 ? survey.byteCount : bytes.count, isProgressive: survey.process == .progressive)
    routed.route = route(survey, UnsafeRawBufferPointer(rebasing: bytes.prefix(routed.byteCount)), decoding)
    return routed
  }

  private func route(
    _ survey: JPEGSurvey, _ picture: UnsafeRawBufferPointer, _ decoding: DecodingOptions
  ) -> JPEGRoute {
    if let flaw = survey.flaw { return .cpu(flaw) }
    guard survey.isAllowed(by: decoding) else { return .cpu("is larger than allowed") }
    if case .other = survey.process { return .cpu("is lossless, hierarchical or arithmetic-coded") }
    guard survey.precision == 8 else { return .cpu("has \(survey.precision) bits a sample") }
    guard survey.width >= Self.smallestSide, survey.height >= Self.smallestSide else { return .cpu("is tiny") }
    guard let subsampling = Self.subsampling(survey) else { return .cpu("has unusual components") }
    guard !survey.hasWideQuantization else { return .cpu("has 16-bit quantization tables") }

    if survey.process == .progressive {
      guard options.takesProgressive else { return .cpu("is progressive") }
      return options.usesHybrid ? .hybrid : .cpu("is progressive")
    }
    guard survey.scanCount == 1, survey.isInterleaved else { return .cpu("has several scans") }
    if survey.process == .baseline, subsampling != .s411, let hardware {
      switch supports(hardware, survey, subsampling, picture) {
      case nil: return .cpu("is not understood by nvJPEG")
      case true?: return .hardware
      case false?: break
      }
    }
    return options.usesHybrid ? .hybrid : .cpu("is not decoded by the GPU's JPEG engines")
  }

  private static func subsampling(_ survey: JPEGSurvey) -> Subsampling? {
    let factors = survey.samplingFactors
    if survey.colour == .grey {
      // A single component has no use for factors, and decoders differ in what they do with them.
      return factors.0 == 0x11 ? .grey : nil
    }
    guard survey.colour == .yCbCr, factors.1 == 0x11, factors.2 == 0x11 else { return nil }
    switch factors.0 {
    case 0x11: return .s444
    case 0x21: return .s422
    case 0x22: return .s420
    case 0x12: return .s440
    case 0x41: return .s411
    default: return nil
    }
  }

  // From here on, what the engines take may end between two powers of two, so each picture is asked about.
  private static let largestSideByKind = 8192

  /// Whether the engines take it; `nil` where nvJPEG fails to read it.
  private func supports(
    _ handle: NVJPEGHandle, _ survey: JPEGSurvey, _ subsampling: Subsampling, _ picture: UnsafeRawBufferPointer
  ) -> Bool? {
    let kind = Kind(
      subsampling: subsampling, hasRestarts: survey.restartInterval > 0,
      widthBits: Int.bitWidth - survey.width.leadingZeroBitCount,
      heightBits: Int.bitWidth - survey.height.leadingZeroBitCount)
    let isLarge = max(survey.width, survey.height) >= Self.largestSideByKind
    if !isLarge, let known = answers.withLock({ $0[kind] }) { return known }
    do {
      let bitstream = try NVJPEGBitstream(handle)
      try bitstream.parse(picture, headerOnly: true)
      // Versions that cannot tell are taken at their documentation's word.
      let answer = try handle.batchSupports(bitstream) ?? true
      if !isLarge { answers.withLock { $0[kind] = answer } }
      return answer
    } catch {
      return nil
    }
  }
}
