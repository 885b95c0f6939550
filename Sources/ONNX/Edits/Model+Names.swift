extension Model {
  /// Gives tensors other names, wherever they are made, read or listed.
  ///
  /// - Parameter names: from the present name to the new one. Swapping two names works.
  /// - Throws: ``ModelError`` with code `request` where a name does not exist, a new name is empty or taken, or two
  ///   tensors would get one name.
  public mutating func rename(_ names: [String: String]) throws {
    let present = graph.allNames
    for (old, new) in names.sorted(by: { $0.key < $1.key }) {
      guard present.contains(old), !old.isEmpty else {
        let known = (graph.inputs + graph.outputs).map(\.name).joined(separator: ", ")
        throw ModelError(.request, "cannot rename '\(old)': the model has no such tensor (inputs and outputs: \(known))")
      }
      guard !new.isEmpty else { throw ModelError(.request, "cannot rename '\(old)' to nothing") }
      if present.contains(new), names[new] == nil {
        throw ModelError(.request, "cannot rename '\(old)' to '\(new)': another tensor has that name")
      }
    }
    guard Set(names.values).count == names.count else {
      throw ModelError(.request, "cannot give two tensors one name: \(names.values.sorted().joined(separator: ", "))")
    }
    graph.rename(names)
  }
}

extension Graph {
  fileprivate mutating func rename(_ names: [String: String]) {
    func renamed(_ name: String) -> String { names[name] ?? name }
    for index in initializers.indices { initializers[index].name = renamed(initializers[index].name) }
    for index in inputs.indices { inputs[index].name = renamed(inputs[index].name) }
    for index in outputs.indices { outputs[index].name = renamed(outputs[index].name) }
    for index in values.indices { values[index].name = renamed(values[index].name) }
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map(renamed)
      nodes[index].outputs = nodes[index].outputs.map(renamed)
      for position in nodes[index].attributes.indices {
        switch nodes[index].attributes[position].value {
        case .graph(var graph):
          graph.rename(names)
          nodes[index].attributes[position].value = .graph(graph)
        case .graphs(var graphs):
          for inner in graphs.indices { graphs[inner].rename(names) }
          nodes[index].attributes[position].value = .graphs(graphs)
        default: break
        }
      }
    }
  }
}
