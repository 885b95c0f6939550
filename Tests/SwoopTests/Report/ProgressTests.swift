internal import Glibc
internal import Swoop
internal import Testing

@Suite("Numbers for people")
struct NumbersTests {
  @Test("whole numbers are grouped", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func grouped(value: Int, text: String) {
    #expect(Numbers.grouped(value) == text)
  }

  @Test(
    "decimals are rounded",
    arguments: [
      (0.0, "0.00"), (1.005, "1.00"), (9.999, "10.00"), (-0.001, "0.00"), (1234.5, "1,234.50"), (.nan, "–"),
      (1e300, "–"),
    ])
  func fixed(value: Double, text: String) {
    #expect(Numbers.fixed(value, 2) == text)
  }

  @Test(
    "durations have one or two units",
    arguments: [
      (0.0, "0 s"), (0.0042, "4.2 ms"), (0.035, "35 ms"), (0.8, "0.8 s"), (9.96, "10 s"), (42.4, "42 s"),
      (59.9, "1 min 0 s"),
      (185, "3 min 5 s"), (8040, "2 h 14 min"), (180_000, "2 d 2 h"), (.infinity, "–"), (-1, "–"),
    ])
  func durations(value: Double, text: String) {
    #expect(Numbers.duration(value) == text)
  }

  @Test(
    "shares are never all or none where they are not",
    arguments: [(0, "0 %"), (1, "< 1 %"), (500, "50 %"), (999, "> 99 %"), (1000, "100 %")])
  func percent(part: Int, text: String) {
    #expect(Numbers.percent(part, of: 1000) == text)
  }
}

@Suite("Progress")
struct ProgressTests {
  let middle = ProgressMeter.Snapshot(done: 1204, failed: 2, before: 0, total: 9000, seconds: 31.5, rate: 38.2)

  @Test("a line for a log has it all")
  func line() {
    #expect(
      ProgressMeter.line(middle) == "1,204 of 9,000 images (13 %), 38.2 images/s, 3 min 24 s left, 2 failed")
    #expect(
      ProgressMeter.line(.init(done: 10, before: 90, total: 200, seconds: 1, rate: 10))
        == "100 of 200 images (50 %), 10.0 images/s, 10 s left")
    #expect(
      ProgressMeter.line(.init(done: 10, total: 5, totalIsAtLeast: true, seconds: 2, rate: 5))
        == "10 of at least 5 images, 5.00 images/s, 2.0 s")
    #expect(ProgressMeter.line(.init(done: 1, seconds: 2, rate: 0.5)) == "1 image, 0.50 images/s, 2.0 s")
    #expect(ProgressMeter.line(.init(done: 0, total: 3, seconds: 0, rate: 0)) == "0 of 3 images (0 %), 0 s")
  }

  @Test("a bar is as wide as documented")
  func bar() {
    #expect(
      ProgressMeter.bar(middle, width: 84, isUnicode: true)
        == "━━━───────────────────────  1,204 of 9,000  38.2 images/s  3 min 24 s left  2 failed")
    #expect(
      ProgressMeter.bar(.init(done: 1, total: 2, seconds: 1, rate: 1), width: 60, isUnicode: false)
        == "[===========>           ]  1 of 2  1.00 images/s  1.0 s left")
  }

  @Test("a bar never takes more than the width, whatever that is", arguments: 0...130)
  func widths(width: Int) {
    for isUnicode in [true, false] {
      for done in [0, 1, 4500, 8999, 9000, 12_000] {
        for total in [9000, nil] {
          let state = ProgressMeter.Snapshot(done: done, failed: done / 7, total: total, seconds: 1e5, rate: 0.3)
          let text = ProgressMeter.bar(state, width: width, isUnicode: isUnicode)
          #expect(text.count <= max(1, width), "\(text)")
          #expect(!text.contains("\n"))
          #expect(isUnicode || text.utf8.allSatisfy { $0 < 0x80 })
        }
      }
    }
  }

  @Test("the rate follows the work, neither jumping nor remembering a slow start")
  func rate() {
    var meter = RateMeter()
    #expect(meter.rate(count: 0, seconds: 0) == 0)
    // Ten seconds of nothing while a model loads, then 100 a second.
    for second in 1...10 { _ = meter.rate(count: 0, seconds: Double(second)) }
    var rate = 0.0
    for second in 11...200 { rate = meter.rate(count: (second - 10) * 100, seconds: Double(second)) }
    #expect(abs(rate - 100) < 2)
    rate = meter.rate(count: 19_000 + 200, seconds: 201)
    #expect(rate > 100 && rate < 110)
  }

  @Test("nothing is written when quiet, and notes are")
  func quiet() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    do {
      let reporter = ProgressReporter(count: .exact(10), completed: 0, style: .quiet, descriptor: ends[1])
      for done in 0..<10 { reporter.update(done: done, failed: 0) }
      reporter.note("a note")
    }
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 1000)
    let count = read(ends[0], &bytes, bytes.count)
    #expect(String(decoding: bytes[..<max(0, count)], as: UTF8.self) == "a note\n")
  }

  @Test("what is no terminal gets lines, and progress to a closed end is no failure")
  func notATerminal() {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let reporter = ProgressReporter(count: nil, completed: 0, style: nil, descriptor: ends[1])
    #expect(reporter.style == .lines)
    close(ends[0])
    reporter.note("nobody reads this")
    close(ends[1])
  }
}

@Suite("Summary")
struct SummaryTests {
  @Test("a summary says what was found, what failed and what was cut off")
  func all() {
    var totals = RunTotals()
    totals.images = 1200
    totals.detections = 5321
    totals.imagesWithDetections = 1100
    totals.failed = 4
    totals.failures = ["truncated": 3, .permissionDenied: 1]
    totals.truncatedImages = 1
    totals.truncatedDetections = 12
    var tally = SourceTally()
    tally.hidden = 1
    let timings = RunTimings(
      images: 1000, wallSeconds: 20,
      stages: [.init("decode", busySeconds: 4, workers: 2), .init("engine", busySeconds: 19.4, workers: 1)])
    #expect(
      SummaryText.text(totals, timings: timings, outputs: ["out/detections.jsonl", "out/report.html"], tally: tally)
        == """
        1,200 images: 5,321 detections in 1,100, 96 without any
        4 failed: 3 truncated, 1 permission-denied
        12 detections in 1 image cut off by --max-detections; raise it to keep them
        1 hidden file or folder passed over
        50.0 images/s for the last 1,000 in 20 s; engine held up the rest, busy 97 %
        written: out/detections.jsonl, out/report.html
        """)
  }

  @Test("a summary of little is short")
  func little() {
    var totals = RunTotals()
    totals.add(ImageRecord(index: 0, key: "a", failure: ImageFailure(.empty, "x")))
    #expect(SummaryText.text(totals) == "1 image: 0 detections\n1 failed: 1 empty")
  }
}
