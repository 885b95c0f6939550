internal import Imaging

/// Plots as files for slides and papers.
enum PlotFiles {
  /// The folder beside a page that plots go to.
  static let folder = "plots"

  /// Writes each plot as SVG and, where this machine can draw it, as PNG; where it cannot, a note says so.
  ///
  /// - Returns: the names of the files, without the folder.
  static func write(
    _ plots: [(name: String, svg: String)], to folder: String, _ console: Console
  ) throws -> [String] {
    guard !plots.isEmpty else { return [] }
    try WholeFile.makeFolder(folder)
    var names: [String] = []
    var problem: ImageError?
    for plot in plots {
      names.append("\(plot.name).svg")
      try WholeFile.write(plot.svg, to: "\(folder)/\(plot.name).svg")
      let picture: [UInt8]
      do throws(ImageError) {
        picture = try DrawingRenderer.png(svg: plot.svg)
      } catch {
        problem = error
        continue
      }
      names.append("\(plot.name).png")
      try WholeFile.write(picture, to: "\(folder)/\(plot.name).png")
    }
    if let problem {
      console.note("note: plots are there as SVG and not as PNG: \(problem.message)")
    }
    return names
  }
}
