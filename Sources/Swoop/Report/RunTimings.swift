/// Where the time of a run went, as the pipeline measured it.
public struct RunTimings: Hashable, Sendable {
  /// One stage of the pipeline.
  public struct Stage: Hashable, Sendable {
    /// What it does, in a word or two: `decode`, `engine`.
    public var name: String
    /// How many seconds its workers were busy, all of them added up.
    public var busySeconds: Double
    /// How many workers could be busy at once; at least 1.
    public var workers: Int

    public init(_ name: String, busySeconds: Double, workers: Int) {
      self.name = name
      self.busySeconds = busySeconds
      self.workers = max(1, workers)
    }

    /// The share of the run in which its workers were busy, 0…1.
    public func load(of wallSeconds: Double) -> Double {
      wallSeconds > 0 ? min(1, max(0, busySeconds / (wallSeconds * Double(workers)))) : 0
    }
  }

  /// Images that this process dealt with, failed ones included; earlier parts of a resumed run are not in it.
  public var images: Int
  /// From the first image read to the last record written, in seconds.
  public var wallSeconds: Double
  /// In the order of the pipeline.
  public var stages: [Stage]
  /// The stage that holds up the others; `nil` to take the one whose workers were busiest.
  public var limitingStage: String?
  /// How it was run, in no way that results depend on: batch, threads, execution mode, machine.
  public var conditions: [Condition]

  /// One condition of the run by name.
  public struct Condition: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(
    images: Int, wallSeconds: Double, stages: [Stage] = [], limitingStage: String? = nil,
    conditions: [Condition] = []
  ) {
    self.images = images
    self.wallSeconds = wallSeconds
    self.stages = stages
    self.limitingStage = limitingStage
    self.conditions = conditions
  }

  /// Images a second, failed ones included; `nil` where no time was measured.
  public var imagesPerSecond: Double? {
    wallSeconds > 0 && images > 0 ? Double(images) / wallSeconds : nil
  }

  /// The stage that holds up the others: the one named, or the one with the highest load.
  public var limit: Stage? {
    if let limitingStage, let stage = stages.first(where: { $0.name == limitingStage }) { return stage }
    return stages.max { $0.load(of: wallSeconds) < $1.load(of: wallSeconds) }
  }
}

/// What a report says besides what is in the file of records.
public struct ReportDetails: Sendable {
  /// The heading; the name of the output folder without one.
  public var title: String?
  /// When the run ended, as text; nothing is said without.
  public var date: String?
  public var timings: RunTimings?
  /// The colour of each class as 0xRRGGBB, the same that pictures are annotated with.
  public var classColor: @Sendable (Int) -> UInt32

  /// - Parameter classColor: without one, hues are spread over the circle so that neighbours differ.
  public init(
    title: String? = nil, date: String? = nil, timings: RunTimings? = nil,
    classColor: @escaping @Sendable (Int) -> UInt32 = { defaultClassColor($0) }
  ) {
    self.title = title
    self.date = date
    self.timings = timings
    self.classColor = classColor
  }

  /// Hues a golden angle apart, at one saturation and lightness.
  public static func defaultClassColor(_ classIndex: Int) -> UInt32 {
    let hue = (Double(classIndex % 1000) * 0.618_033_988_75 + 0.58).truncatingRemainder(dividingBy: 1) * 6
    let (low, high) = (0.16, 0.80)
    func channel(_ shift: Double) -> UInt32 {
      let position = (hue + shift).truncatingRemainder(dividingBy: 6)
      let share = max(0, min(1, min(position, 4 - position)))
      return UInt32((low + (high - low) * share) * 255)
    }
    return channel(2) << 16 | channel(0) << 8 | channel(4)
  }
}
