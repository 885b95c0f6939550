import CUDA
import DeviceDetection
import Foundation
import NVJPEG

/// What the decode stage's time goes to: nvJPEG alone and the stage in many arrangements, in one table.
struct DecodeSweep {
  private struct Cell: Sendable {
    var lanes: Int
    var batch: Int
    var make: @Sendable (Int) throws -> any DecodeBench.Lane
  }

  private enum Row {
    case heading(String)
    /// A cell for each of the batches.
    case matrix(String, [Cell])
    case part(String, Cell)
  }

  private static let batches = [63, 64, 126, 128, 252, 256]

  private let bench: DecodeBench
  private let seconds: Double
  private let engineCount: Int
  /// Words of the rows that are wanted; empty for all.
  private let words: [String]
  /// How often each cell is looked at, one time after another, where only some rows are wanted.
  private let looks: Int

  init(_ bench: DecodeBench, seconds: Double, only words: [String], looks: Int) {
    self.bench = bench
    self.seconds = seconds
    self.words = words
    self.looks = looks
    engineCount = max(1, bench.engine.engineCount ?? 7)
  }

  /// - Parameter limit: seconds; the second of the two rounds ends there.
  func run(limit: Double) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let lengths = bench.bySize.map(\.routed.byteCount)
    print(
      "\n== \(bench.title); \(lengths[lengths.count - 1]) to \(lengths[0]) bytes, mean \(lengths.reduce(0, +) / lengths.count)"
    )
    if words.isEmpty { try DecodeProbe(bench).run() } else { return try look(start) }
    let rows = rows()
    let cells = rows.flatMap { row -> [Cell] in
      switch row {
      case .heading: []
      case .matrix(_, let cells): cells
      case .part(_, let cell): [cell]
      }
    }
    var rates = [[DecodeBench.Rate]](repeating: [], count: cells.count)
    var problems: [Int: String] = [:]
    var skipped = 0
    // What all is held against comes first in the second round too, and then the last rows, in case time runs out.
    let reference = Self.batches.count - 1
    let orders = [Array(cells.indices), [reference] + cells.indices.reversed().filter { $0 != reference }]
    for (round, order) in orders.enumerated() {
      for index in order where problems[index] == nil {
        if round > 0 && clock.now - start > .seconds(limit) {
          skipped += 1
          continue
        }
        do {
          rates[index].append(
            try DecodeBench.measure(
              lanes: cells[index].lanes, batch: cells[index].batch, seconds: seconds, cells[index].make))
        } catch {
          problems[index] = "\(error)"
        }
      }
    }
    show(rows, rates, problems)
    let once = skipped > 0 ? "; no time for a second look at \(skipped) of \(cells.count) cells" : ""
    print("\(bench.size): \(clock.now - start)\(once)")
  }

  /// Some rows, each cell several times in a row, and every look in the table.
  private func look(_ start: ContinuousClock.Instant) throws {
    for row in rows() {
      let (title, cells): (String, [Cell])
      switch row {
      case .heading: continue
      case .matrix(let text, let all): (title, cells) = (text, all)
      case .part(let text, let cell): (title, cells) = (text, [cell])
      }
      guard words.contains(where: { title.contains($0) }) else { continue }
      for cell in cells {
        var line = Self.padded(title, 40, left: true) + Self.padded("\(cell.batch)", 5)
        for _ in 0..<looks {
          let rate = try DecodeBench.measure(lanes: cell.lanes, batch: cell.batch, seconds: seconds, cell.make)
          line += Self.padded("\(Int(rate.imagesPerSecond))", 8)
        }
        print(line)
      }
    }
    print("\(bench.size): \(ContinuousClock().now - start)")
  }

  // MARK: What is measured

  private func parts(_ lanes: Int, _ batch: Int, _ change: (inout PartsLane.Options) -> Void = { _ in }) -> Cell {
    var options = PartsLane.Options()
    options.batch = batch
    change(&options)
    let (bench, fixed) = (bench, options)
    return Cell(lanes: lanes, batch: batch) { try PartsLane(bench, lane: $0, fixed) }
  }

  /// All that the stage has, from parts.
  private func staged(_ lanes: Int, _ batch: Int, _ change: (inout PartsLane.Options) -> Void = { _ in }) -> Cell {
    parts(lanes, batch) {
      $0.marks = true
      $0.largest = true
      change(&$0)
    }
  }

  private func stage(_ lanes: Int, _ batch: Int) -> Cell {
    let bench = bench
    return Cell(lanes: lanes, batch: batch) { try StageLane(bench, lane: $0, batch: batch) }
  }

  /// nvJPEG alone with one decoding object and stream for every look.
  private func lasting(_ batch: Int, depth: Int = 1) -> Cell {
    let kept = KeptLane()
    let bench = bench
    return Cell(lanes: 1, batch: batch) { _ in
      try kept.lane { try PartsLane(bench, lane: 0, PartsLane.Options(batch: batch, depth: depth)) }
    }
  }

  private final class KeptLane: @unchecked Sendable {
    // Sendable: one thread at a time.
    private var kept: PartsLane?
    func lane(_ make: () throws -> PartsLane) rethrows -> PartsLane {
      if let kept { return kept }
      let lane = try make()
      kept = lane
      return lane
    }
  }

  private func ownHandles(_ lanes: Int, _ batch: Int) -> Cell {
    let bench = bench
    return Cell(lanes: lanes, batch: batch) { lane in
      var options = PartsLane.Options()
      options.batch = batch
      options.handle = lane == 0 ? .shared : .own(lane)
      return try PartsLane(bench, lane: lane, options)
    }
  }

  private func rows() -> [Row] {
    var rows: [Row] = []
    for lanes in [1, 2, 3, 6] {
      rows.append(.matrix("alone, \(lanes) threads, one handle", Self.batches.map { parts(lanes, $0) }))
      if lanes > 1 {
        rows.append(.matrix("alone, \(lanes) threads, a handle each", Self.batches.map { ownHandles(lanes, $0) }))
      }
    }
    rows.append(.matrix("alone, 1 thread, 2 batches ahead", Self.batches.map { parts(1, $0) { $0.depth = 2 } }))
    rows.append(.matrix("alone, 1 thread, 3 batches ahead", Self.batches.map { parts(1, $0) { $0.depth = 3 } }))
    for lanes in [1, 2, 3, 6] {
      rows.append(.matrix("stage, \(lanes) slots", Self.batches.map { stage(lanes, $0) }))
    }
    return rows + takenAway() + other() + better()
  }

  private func takenAway() -> [Row] {
    [
      .heading("6 slots of 64, a part taken away or changed"),
      .part("the stage", stage(6, 64)),
      .part("the same from parts", staged(6, 64)),
      .part("no marks", staged(6, 64) { $0.marks = false }),
      .part("no largest size in advance", staged(6, 64) { $0.largest = false }),
      .part("pageable files", staged(6, 64) { $0.isPageable = true }),
      .part("4 processor threads in a call", staged(6, 64) { $0.processorThreads = 4 }),
      .part("filled up to 70", staged(6, 64) { $0.filledTo = 70 }),
      .part("filled up to 128", staged(6, 64) { $0.filledTo = 128 }),
      .part("the same file 64 times", staged(6, 64) { $0.isAlike = true }),
      .part("colour repeated", staged(6, 64) { $0.handle = .repeatedColour }),
      .part("nothing buffered ahead", staged(6, 64) { $0.handle = .withoutPipeline }),
    ]
  }

  private func other() -> [Row] {
    [
      .heading("nvJPEG alone, changed"),
      .part("1 of 64, the same objects", lasting(64)),
      .part("1 of 63, the same objects", lasting(63)),
      .part("1 of 64, 2 ahead, the same objects", lasting(64, depth: 2)),
      .part("1 of 63, 2 ahead, the same objects", lasting(63, depth: 2)),
      .part("1 of 256, the same file", parts(1, 256) { $0.isAlike = true }),
      .part("1 of 64, the same file", parts(1, 64) { $0.isAlike = true }),
      .part("6 of 63, the same file", parts(6, 63) { $0.isAlike = true }),
      .part("1 of 256, colour repeated", parts(1, 256) { $0.handle = .repeatedColour }),
      .part("1 of 256, nothing buffered ahead", parts(1, 256) { $0.handle = .withoutPipeline }),
      .part("6 of 63, nothing buffered ahead", parts(6, 63) { $0.handle = .withoutPipeline }),
      .part("1 of 256, longest first", parts(1, 256) { $0.order = .descending }),
      .part("1 of 256, dealt", parts(1, 256) { $0.order = .dealt }),
      .part("1 of 256, largest size in advance", parts(1, 256) { $0.largest = true }),
      .part("1 of 256, pageable files", parts(1, 256) { $0.isPageable = true }),
    ]
  }

  private func better() -> [Row] {
    func gate(_ count: Int, spansWait: Bool = true) -> PartsLane.Gate {
      PartsLane.Gate(semaphore: DispatchSemaphore(value: count), spansWait: spansWait)
    }
    let rounds = (64 + engineCount - 1) / engineCount * engineCount
    return [
      .heading("6 slots of 64, what may be better"),
      .part("longest first", staged(6, 64) { $0.order = .descending }),
      .part("dealt to engines", staged(6, 64) { $0.order = .dealt }),
      .part("dealt to engines in blocks", staged(6, 64) { $0.order = .blocks }),
      .part(
        "turned by tiny pictures",
        staged(6, 64) {
          $0.rotation = engineCount
          $0.filledTo = rounds + engineCount
        }),
      .part("63, and one on the cores", staged(6, 64) { $0.calls = [63] }),
      .part("63 and 1", staged(6, 64) { $0.calls = [63, 1] }),
      .part("35 and 29", staged(6, 64) { $0.calls = [35, 29] }),
      .part("one slot at a time", staged(6, 64) { $0.gate = gate(1) }),
      .part("two slots at a time", staged(6, 64) { $0.gate = gate(2) }),
      .part("three slots at a time", staged(6, 64) { $0.gate = gate(3) }),
      .part("one call at a time", staged(6, 64) { $0.gate = gate(1, spansWait: false) }),
      .part("one slot at a time, of 63", staged(6, 63) { $0.gate = gate(1) }),
      .part("one call at a time, of 63", staged(6, 63) { $0.gate = gate(1, spansWait: false) }),
      .part("one of 2 slots at a time", staged(2, 64) { $0.gate = gate(1) }),
      .heading("decode groups, and other numbers of slots"),
      .part("3 of 126, dealt", staged(3, 126) { $0.order = .dealt }),
      .part("3 of 128, dealt", staged(3, 128) { $0.order = .dealt }),
      .part("2 of 189", staged(2, 189)),
      .part("2 of 192", staged(2, 192)),
      .part("2 of 252, one at a time", staged(2, 252) { $0.gate = gate(1) }),
      .part("3 of 128, one at a time", staged(3, 128) { $0.gate = gate(1) }),
      .part("4 of 64", staged(4, 64)),
      .part("8 of 64", staged(8, 64)),
      .part("12 of 64", staged(12, 64)),
    ]
  }

  // MARK: The table

  private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let room = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + room : room + text
  }

  private static func median(_ rates: [DecodeBench.Rate], _ value: (DecodeBench.Rate) -> Double) -> Double {
    rates.isEmpty ? 0 : rates.reduce(0) { $0 + value($1) } / Double(rates.count)
  }

  /// Images a second; `~` where two looks differ by more than a twentieth.
  private static func text(_ rates: [DecodeBench.Rate]) -> String {
    let values = rates.map(\.imagesPerSecond)
    let differs = (values.max() ?? 0) > 1.05 * (values.min() ?? 0)
    return (differs ? "~" : "") + "\(Int(median(rates) { $0.imagesPerSecond }))"
  }

  private func show(_ rows: [Row], _ rates: [[DecodeBench.Rate]], _ problems: [Int: String]) {
    // The first row's last cell is one thread's 256, which the stage is held against.
    let reference = Self.median(rates[Self.batches.count - 1]) { $0.imagesPerSecond }
    func share(_ rates: [DecodeBench.Rate]) -> String {
      "\(Int((Self.median(rates) { $0.imagesPerSecond } / max(1, reference) * 100).rounded())) %"
    }
    func milliseconds(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    print(
      Self.padded("images/s, % of 1 thread's 256", 36, left: true)
        + Self.batches.map { Self.padded("\($0)", 15) }.joined())
    var index = 0
    for row in rows {
      switch row {
      case .heading(let title):
        print(
          Self.padded("-- " + title, 48, left: true) + Self.padded("images/s", 9) + Self.padded("", 7)
            + Self.padded("ms in call", 12) + Self.padded("ms a batch", 12))
      case .matrix(let title, let cells):
        var line = Self.padded(title, 36, left: true)
        for _ in cells {
          line += Self.padded(
            problems[index] == nil ? "\(Self.text(rates[index])) \(share(rates[index]))" : "failed", 15)
          index += 1
        }
        print(line)
      case .part(let title, _):
        var line = Self.padded(title, 48, left: true)
        if let problem = problems[index] {
          line += " failed: \(problem)"
        } else {
          line += Self.padded(Self.text(rates[index]), 9) + Self.padded(share(rates[index]), 7)
          line += Self.padded(milliseconds(Self.median(rates[index]) { $0.call }), 12)
          line += Self.padded(milliseconds(Self.median(rates[index]) { $0.batch }), 12)
        }
        print(line)
        index += 1
      }
    }
  }
}
