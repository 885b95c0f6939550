internal import Testing

/// The emulator runs threads, barriers, shared memory and atomics as a GPU does.
@Suite struct EmulatorTests {
  @Test("blocks sum by halves between barriers, and count at one")
  func sums() throws {
    var values = (0..<1000).map { Float($0) / 4 }
    var sums = [Float](repeating: -1, count: 8)
    try values.withUnsafeMutableBufferPointer { values in
      try sums.withUnsafeMutableBufferPointer { sums in
        try Emulator.shared.get().launch(
          "probe_sums", grid: (4, 1), block: 256, values.baseAddress, Int32(1000), Float(100), sums.baseAddress)
      }
    }
    var expected: [Float] = []
    for block in 0..<4 {
      let part = values[block * 256..<min(1000, (block + 1) * 256)]
      expected.append(part.reduce(0, +))
      expected.append(Float(part.filter { $0 > 100 }.count))
    }
    #expect(sums == expected)
  }

  @Test("dynamic shared memory and atomics")
  func reverse() throws {
    var bytes = (0..<96).map { UInt8($0) }
    var total: UInt64 = 5
    try bytes.withUnsafeMutableBufferPointer { bytes in
      try withUnsafeMutablePointer(to: &total) { total in
        try Emulator.shared.get().launch(
          "probe_reverse", grid: (2, 2), block: 24, shared: 24, bytes.baseAddress, total)
      }
    }
    var expected: [UInt8] = []
    for block in 0..<4 { expected += (24 * block..<24 * block + 24).reversed().map { UInt8($0) } }
    #expect(bytes == expected)
    #expect(total == 101)
  }

  @Test(
    "what no GPU would run is refused",
    arguments: [
      ("probe_split", 4, 0, -2), ("nobody", 1, 0, -1), ("probe_split", 0, 0, -3), ("probe_split", 1025, 0, -3),
    ]
  )
  func refusals(kernel: String, block: Int, shared: Int, result: Int) throws {
    let refusal = #expect(throws: Emulator.Refusal.self) {
      try Emulator.shared.get().launch(kernel, grid: (1, 1), block: block, shared: shared)
    }
    #expect(refusal?.result == Int32(result))
  }
}
