import Inference
import Testing

/// Which errors are a GPU's own. What is found by asking the driver is tested over the fakes, by the command's tests.
@Suite struct DeviceFailureTests {
  @Test(
    "a lost GPU and one without memory have failed by themselves; ONNX Runtime tells of memory in CUDA's words",
    arguments: [
      InferenceError(.deviceLost, "lost"), InferenceError(.outOfMemory, "full"),
      InferenceError(.runtimeUnavailable, "unusable", cause: "CUDA failure 2: out of memory ; GPU=999"),
      InferenceError(.runtimeUnavailable, "unusable", cause: "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=999"),
    ])
  func ownFailures(error: InferenceError) {
    let failure = DeviceFailure(of: 999, error)
    #expect(failure?.device == "cuda:999")
    #expect(failure?.reason.description == error.description)
  }

  @Test(
    "models, options and libraries are not the GPU's",
    arguments: [
      InferenceError(.modelInvalid, "damaged"), InferenceError(.modelUnsupported, "unknown operator"),
      InferenceError(.optionUnsupported, "no such thing"), InferenceError(.tensorMismatch, "other shape"),
      InferenceError(.runtimeUnavailable, "no library"),
      InferenceError(.runtimeUnavailable, "unusable", cause: "CUDA failure 209: no kernel image is available"),
    ])
  func otherErrors(error: InferenceError) { #expect(DeviceFailure(of: 999, error) == nil) }

  @Test("where all have failed each is named; the only one says what it says alone")
  func allFailed() {
    let lost = DeviceFailure(device: "cuda:0 (A)", reason: InferenceError(.deviceLost, "It broke.", cause: "700"))
    let full = DeviceFailure(device: "cuda:1 (A)", reason: InferenceError(.outOfMemory, "It is full."))
    #expect(DeviceFailure.error(of: []) == nil)
    #expect(DeviceFailure.error(of: [lost])?.description == lost.reason.description)
    let both = DeviceFailure.error(of: [lost, full])
    #expect(both?.code == .outOfMemory)
    #expect(
      both?.message == """
        None of the 2 GPUs can be used.
        cuda:0 (A): It broke.
          the runtime said: 700
        cuda:1 (A): It is full.
        """)
  }
}
