/// A format that is made from the records at the end of a run.
protocol DerivedWriter: AnyObject {
  func add(_ record: ImageRecord) throws
  /// Moves what was made to its place.
  func finish() throws
}

extension RunOutput {
  /// Ends a run whose images are all in: makes every format that was asked for from the file of records, in one pass
  /// over it and in bounded memory, and marks the run as finished.
  ///
  /// Formats appear whole or not at all: each is written elsewhere in the folder and moved to its place. Since they are
  /// made from the file, a resumed run has the same ones as a run that was not interrupted. On a run that was finished
  /// before they are made again.
  ///
  /// - Parameter report: what the report says besides; used by the format html only.
  /// - Throws: ``OutputError``, ``RecordFormatError``, ``SystemError``. The records are safe even then.
  /// - Complexity: O(records); nothing is read again where only records were asked for.
  public func finish(report: ReportDetails = ReportDetails()) throws {
    try file.synchronize()
    guard let folder else { return }
    var writers: [any DerivedWriter] = []
    if formats.contains(.coco) { writers.append(try COCOWriter(folder: folder, header: header)) }
    if formats.contains(.csv) { writers.append(try CSVWriter(folder: folder, header: header)) }
    if formats.contains(.yolo) { writers.append(try LabelWriter(folder: folder)) }
    if formats.contains(.html) {
      writers.append(
        ReportWriter(folder: folder, header: header, thumbnails: thumbnails, details: report, totals: totals))
    }
    if !writers.isEmpty {
      let path = "\(folder.path)/\(OutputFormat.jsonl.artifact)"
      guard let reader = try Self.recordReader(in: folder, path: path) else {
        throw OutputError(.damaged, "\(path) was removed while the run was being finished")
      }
      while let record = try reader.next() {
        for writer in writers { try writer.add(record) }
      }
      for writer in writers { try writer.finish() }
    }
    state.isFinished = true
    try state.write(to: folder)
  }
}
