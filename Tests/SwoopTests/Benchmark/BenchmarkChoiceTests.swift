import Swoop
import Testing

@Suite("Sweeps and tuning")
struct BenchmarkChoiceTests {
  @Test("Sweeps are read, without repeats")
  func sweep() throws {
    var sweep = BenchmarkSweep()
    #expect(sweep.isEmpty)
    try sweep.add("batch=1,2,4,2")
    try sweep.add("requests=3")
    try sweep.add("threads=1,2")
    try sweep.add("precision=fp32,bf16")
    #expect(sweep.batches == [1, 2, 4] && sweep.requests == [3] && sweep.threads == [1, 2])
    #expect(sweep.precisions == [.fp32, .bf16])
  }

  @Test(
    "What is no sweep is refused with what is",
    arguments: [
      "", "batch", "batch=", "=1", "batch=0", "batch=-1", "batch=1,x", "size=640", "precision=fp8",
      "batch=99999999999999999999",
    ])
  func nonsense(text: String) {
    var sweep = BenchmarkSweep()
    let error = #expect(throws: SwoopError.self) { try sweep.add(text) }
    #expect(error?.code == .usage && error?.message.contains("--sweep") == true)
  }

  @Test("The smallest of the settings that are about as good is chosen")
  func choice() {
    let trials: [Autotune.Trial] = [
      .init(batch: 1, requests: 1, workers: 0, throughput: 50),
      .init(batch: 1, requests: 3, workers: 0, throughput: 98),
      .init(batch: 8, requests: 3, workers: 0, throughput: 100),
      .init(batch: 4, requests: 2, workers: 0, throughput: 97.5),
    ]
    #expect(Autotune.choose(trials)?.throughput == 98)
    #expect(Autotune.choose([]) == nil)
    let workers: [Autotune.Trial] = [4, 2, 1].map { .init(batch: 1, requests: 1, workers: $0, throughput: 10) }
    #expect(Autotune.choose(workers)?.workers == 1)
  }

  @Test("The grid keeps to what the model and the machine have")
  func grid() {
    let dynamic = Autotune.grid(
      fixedBatch: nil, preferredBatch: 4, preferredRequests: 3, processors: 2, isSynchronous: false)
    #expect(dynamic.batches == [1, 2, 4, 8, 16] && dynamic.requests == [1, 2, 3])
    let fixed = Autotune.grid(
      fixedBatch: 4, preferredBatch: 4, preferredRequests: 3, processors: 8, isSynchronous: true)
    #expect(fixed.batches == [4] && fixed.requests == [1])
    #expect(Autotune.workerCounts(processors: 1) == [1, 2])
    #expect(Autotune.workerCounts(processors: 8) == [1, 4, 8, 9, 16])
  }

  @Test("Sources are read as often as fits, within bounds")
  func passes() {
    #expect(EndToEndBenchmark.passes(for: 5, measured: 1, of: 1) == 5)
    #expect(EndToEndBenchmark.passes(for: 5, measured: 2, of: 4) == 10)
    #expect(EndToEndBenchmark.passes(for: 5, measured: 60, of: 1) == 1)
    #expect(EndToEndBenchmark.passes(for: 86_400, measured: 0, of: 1) == 100_000)
  }

  @Test("The command line can be pasted into a shell")
  func command() {
    var benchmark = Benchmark(modelPath: "my models/o'clock.onnx")
    benchmark.sources = ["photos", "*.jpg"]
    benchmark.options.precision = .bf16
    let outcome = Autotune.Outcome(batch: 4, requests: 3, workers: 2, throughput: 1)
    #expect(
      Autotune(benchmark: benchmark).command(outcome)
        == "swoop detect photos '*.jpg' --model 'my models/o'\\''clock.onnx' --precision bf16 --batch 4 --requests 3 --workers 2"
    )
    benchmark.sources = []
    benchmark.options.execution = .synchronous
    #expect(
      Autotune(benchmark: benchmark).command(.init(batch: 1, requests: 1, throughput: 1)).hasSuffix(
        "--precision bf16 --batch 1 --execution synchronous"))
  }
}
