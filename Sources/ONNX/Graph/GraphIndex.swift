/// Who makes and who reads each tensor of a graph: a picture of the graph at the moment it was taken.
///
/// Names that a subgraph takes from outside count as read by the node that holds the subgraph.
public struct GraphIndex: Sendable {
  /// The index in `Graph/nodes` of the node that writes each tensor.
  public private(set) var producers: [String: Int] = [:]
  /// The indices of the nodes that read each tensor, ascending, each once.
  public private(set) var consumers: [String: [Int]] = [:]
  /// The position of each initializer in `Graph/initializers`.
  public private(set) var initializers: [String: Int] = [:]
  /// Names of the graph's inputs.
  public private(set) var inputs: Set<String> = []
  /// Names of the graph's outputs.
  public private(set) var outputs: Set<String> = []

  /// Complexity: linear in the number of edges.
  public init(_ graph: Graph) {
    inputs = Set(graph.inputs.map(\.name))
    outputs = Set(graph.outputs.map(\.name))
    for (position, tensor) in graph.initializers.enumerated() { initializers[tensor.name] = position }
    for (position, node) in graph.nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = position }
      for input in Self.reads(of: node) { consumers[input, default: []].append(position) }
    }
  }

  /// All names that a node reads, each once: its inputs and what its subgraphs take from outside.
  static func reads(of node: Node) -> [String] {
    var seen = Set<String>()
    var result: [String] = []
    for input in node.inputs where !input.isEmpty && seen.insert(input).inserted { result.append(input) }
    for subgraph in node.subgraphs {
      for name in captures(of: subgraph) where seen.insert(name).inserted { result.append(name) }
    }
    return result
  }

  /// The names that a subgraph reads and does not define.
  static func captures(of graph: Graph) -> [String] {
    var defined = Set(graph.inputs.map(\.name)).union(graph.initializers.map(\.name))
    var result: [String] = []
    for node in graph.nodes {
      result += reads(of: node).filter { !defined.contains($0) }
      defined.formUnion(node.outputs)
    }
    return result + graph.outputs.map(\.name).filter { !defined.contains($0) }
  }
}

extension Graph {
  /// The indices of the nodes so that each comes after those it reads from; among ready nodes the file's order holds.
  ///
  /// - Throws: ``ModelError`` with code `invalid`, naming a node of the cycle.
  public func topologicalOrder() throws -> [Int] {
    let index = GraphIndex(self)
    var waitsFor = [Int](repeating: 0, count: nodes.count)
    var unblocks = [[Int]](repeating: [], count: nodes.count)
    for (position, node) in nodes.enumerated() {
      for producer in Set(GraphIndex.reads(of: node).compactMap { index.producers[$0] }) {
        waitsFor[position] += 1
        unblocks[producer].append(position)
      }
    }
    var order: [Int] = []
    order.reserveCapacity(nodes.count)
    var ready = MinimumHeap(nodes.indices.filter { waitsFor[$0] == 0 })
    while let position = ready.pop() {
      order.append(position)
      for next in unblocks[position] {
        waitsFor[next] -= 1
        if waitsFor[next] == 0 { ready.push(next) }
      }
    }
    guard order.count == nodes.count else {
      let stuck = nodes.indices.first { waitsFor[$0] > 0 } ?? 0
      throw ModelError(.invalid, "the graph has a cycle: \(nodes[stuck].label) needs its own result")
    }
    return order
  }

  /// Puts the nodes in topological order.
  ///
  /// - Throws: ``ModelError`` with code `invalid` where there is a cycle.
  public mutating func sortTopologically() throws {
    nodes = try topologicalOrder().map { nodes[$0] }
  }
}

/// A binary heap that gives out the least number first.
private struct MinimumHeap {
  private var items: [Int]

  /// - Parameter sorted: ascending numbers, which are a heap already.
  init(_ sorted: [Int]) { items = sorted }

  mutating func push(_ item: Int) {
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> Int? {
    guard let first = items.first else { return nil }
    let last = items.removeLast()
    guard !items.isEmpty else { return first }
    items[0] = last
    var parent = 0
    while true {
      let left = parent * 2 + 1
      guard left < items.count else { break }
      let least = left + 1 < items.count && items[left + 1] < items[left] ? left + 1 : left
      guard items[least] < items[parent] else { break }
      items.swapAt(least, parent)
      parent = least
    }
    return first
  }
}
