import Swoop
import Testing

@Suite("What disturbs a measurement")
struct ProcessorLoadTests {
  @Test("The kernel's counters are read field by field")
  func counters() {
    var counters = ProcessorCounters()
    counters.read(stat: "cpu  10 1 5 200 20 3 2 9 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n")
    #expect(counters.total == 250 && counters.idle == 220 && counters.steal == 9)
    counters.read(cgroup: "usage_usec 5\nnr_periods 10\nnr_throttled 4\nthrottled_usec 1500000\n")
    #expect(counters.quotaStops == 4 && counters.quotaMicroseconds == 1_500_000)
  }

  @Test(
    "Text that is something else changes nothing", arguments: ["", "cpu", "cpu 1 2", "intr 1 2 3 4 5 6 7 8 9", "\n\n"])
  func foreign(text: String) {
    var counters = ProcessorCounters()
    counters.read(stat: text)
    counters.read(cgroup: text)
    #expect(counters.total == 0 && counters.quotaMicroseconds == 0)
  }

  @Test("Shares are told apart: one's own, others', the hypervisor's, the quota's")
  func shares() {
    let start = ProcessorCounters()
    var end = ProcessorCounters()
    // Two processors for ten seconds of 100 ticks: 1,000 own, 400 of others, 100 steal, 500 idle.
    end.total = 2000
    end.idle = 500
    end.steal = 100
    end.own = 10_000_000_000
    end.time = 10_000_000_000
    end.quotaMicroseconds = 2_000_000
    let disturbance = Disturbance(from: start, to: end, ticksPerSecond: 100)
    #expect(disturbance.steal == 0.05)
    #expect(abs(disturbance.others - 0.2) < 1e-9)
    #expect(disturbance.quota == 0.2)
    #expect(disturbance.warnings.count == 3)
  }

  @Test("A quiet machine gives no warnings, nor do counters that went backwards")
  func quiet() {
    #expect(Disturbance().warnings.isEmpty)
    var start = ProcessorCounters()
    start.total = 100
    start.steal = 50
    #expect(Disturbance(from: start, to: ProcessorCounters(), ticksPerSecond: 100) == Disturbance())
  }

  @Test("Each kind is said by name")
  func warnings() {
    var disturbance = Disturbance()
    disturbance.others = 0.42
    #expect(disturbance.warnings.first?.contains("42 %") == true)
    disturbance = Disturbance()
    disturbance.slowdown = 0.3
    #expect(disturbance.warnings.first?.contains("30 % slower") == true)
    disturbance = Disturbance()
    disturbance.heatEvents = 2
    #expect(disturbance.warnings.first?.contains("heat, 2 times") == true)
    disturbance = Disturbance()
    disturbance.loadBefore = 3
    #expect(disturbance.warnings.first?.contains("load average of 3.0") == true)
  }
}
