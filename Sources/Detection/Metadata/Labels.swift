/// The names of a model's classes, by index. Gaps and missing names are allowed.
public struct Labels: Hashable, Sendable {
  private var names: [Int: String]
  /// One more than the highest index that has a name; 0 without names.
  public private(set) var count: Int

  /// The highest class index that metadata or a model's output may use. Open vocabularies have some 20,000 classes;
  /// the limit keeps a damaged number from becoming a huge table.
  public static let maximumIndex = 65_535

  /// Names by index. Indices outside 0…``maximumIndex`` are left out.
  public init(_ names: [Int: String]) {
    self.names = names.filter { (0...Labels.maximumIndex).contains($0.key) }
    count = self.names.keys.max().map { $0 + 1 } ?? 0
  }

  /// Names in order of index, from 0.
  public init(_ names: [String]) {
    self.init(
      Dictionary(uniqueKeysWithValues: names.prefix(Labels.maximumIndex + 1).enumerated().map { ($0, $1) }))
  }

  /// No names at all.
  public init() { self.init([Int: String]()) }

  /// Whether there are no names.
  public var isEmpty: Bool { names.isEmpty }

  /// The name of a class: the model's, or `class7` where it has none.
  public subscript(index: Int) -> String { names[index] ?? "class\(index)" }

  /// Whether the model itself names this class.
  public func hasName(for index: Int) -> Bool { names[index] != nil }

  /// The names of the classes 0..<``count``, gaps filled as the subscript does.
  public var all: [String] { (0..<count).map { self[$0] } }

  /// The classes that a user's word means: an exact name (every class of that name), else an index, else `class7`.
  ///
  /// - Throws: ``DetectionError`` of code `invalidOption` if there is no such class.
  public func indices(for word: String) throws(DetectionError) -> [Int] {
    let named = names.filter { $0.value == word }.keys.sorted()
    if !named.isEmpty { return named }
    let digits = word.hasPrefix("class") ? String(word.dropFirst(5)) : word
    if let index = Int(digits), index >= 0 {
      guard isEmpty || index < count else {
        throw DetectionError(
          .invalidOption, "There is no class \(index): the model has the classes 0 to \(count - 1).")
      }
      guard index <= Labels.maximumIndex else {
        throw DetectionError(.invalidOption, "Class \(index) is beyond the highest, \(Labels.maximumIndex).")
      }
      return [index]
    }
    if isEmpty {
      throw DetectionError(
        .invalidOption,
        "There is no class \"\(word)\": the model carries no names. Give classes by index, as in 0.")
    }
    let sorted = names.sorted { $0.key < $1.key }
    let shown = sorted.prefix(20).map { "\($0.value) (\($0.key))" }.joined(separator: ", ")
    let more = sorted.count > 20 ? " and \(sorted.count - 20) more" : ""
    throw DetectionError(.invalidOption, "There is no class \"\(word)\". The model has \(shown)\(more).")
  }
}

extension Labels: ExpressibleByArrayLiteral {
  /// Names in order of index, from 0.
  public init(arrayLiteral elements: String...) { self.init(elements) }
}
