import Inference
import Testing

@Suite("usable processors")
struct UsableProcessorsTests {
  @Test(
    "a control group's quota is found, whichever version",
    arguments: [
      (["cpu.max": "150000 100000\n"], "", 1.5),
      (["cpu.max": "max 100000\n"], "", nil),
      (["a/cpu.max": "50000 100000", "a/b/cpu.max": "max 100000"], "0::/a/b\n", 0.5),
      (["cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"], "", nil),
      (
        ["cpu,cpuacct/j/cpu.cfs_quota_us": "300000", "cpu,cpuacct/j/cpu.cfs_period_us": "100000"],
        "4:cpu,cpuacct:/j\n", 3
      ),
      (["cpu.max": "nonsense"], "::::\n", nil),
      ([:], "", nil),
    ] as [([String: String], String, Double?)])
  func quota(files: [String: String], membership: String, expected: Double?) throws {
    try Fixtures.withTemporaryFolder { root in
      for (name, content) in files {
        try Fixtures.makeFolders(below: root, for: name)
        try Fixtures.write(content.utf8, to: "\(root)/\(name)")
      }
      try Fixtures.write(membership.utf8, to: "\(root)/membership")
      #expect(ControlGroup(root: root, membership: "\(root)/membership").processorQuota == expected)
    }
  }

  @Test(
    "a control group's memory limit is found, whichever version",
    arguments: [
      (["memory.max": "1073741824\n"], "", 1 << 30),
      (["memory.max": "max\n"], "", nil),
      (["a/memory.max": "max", "a/b/memory.max": "4096"], "0::/a/b/c\n", 4096),
      (["memory/j/memory.limit_in_bytes": "5000"], "7:memory:/j\n", 5000),
      (["memory/memory.limit_in_bytes": "9223372036854771712"], "", nil),
    ] as [([String: String], String, Int?)])
  func memory(files: [String: String], membership: String, expected: Int?) throws {
    try Fixtures.withTemporaryFolder { root in
      for (name, content) in files {
        try Fixtures.makeFolders(below: root, for: name)
        try Fixtures.write(content.utf8, to: "\(root)/\(name)")
      }
      try Fixtures.write(membership.utf8, to: "\(root)/membership")
      #expect(ControlGroup(root: root, membership: "\(root)/membership").memoryLimit == expected)
    }
  }

  @Test("there is at least one, and no more than the mask allows")
  func count() {
    #expect((1...UsableProcessors.allowed).contains(UsableProcessors.count))
  }
}
