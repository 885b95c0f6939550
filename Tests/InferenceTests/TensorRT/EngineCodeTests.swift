import DynamicLibrary
import FakeRuntimes
import Inference
import Testing

/// Code that engines need or bring: plugins, and the runtime inside version-compatible plans.
@Suite struct EngineCodeTests {
  @Test("TensorRT's own plugins are there before an engine is loaded", arguments: [8601, 101_600, 110_400] as [Int32])
  func standardPlugins(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    fake.tensorRT.setNeedsPlugins(true)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .none)
      // As a process does that has not built it.
      let other = try FakeDevice(version: version)
      other.tensorRT.setNeedsPlugins(true)
      _ = try TensorRTEngine(path: path, device: other.device)
      _ = try TensorRTEngine(path: path, device: other.device)
      #expect(other.tensorRT.callCount("initLibNvInferPlugins") == 1)
    }
  }

  @Test("plugins that cannot be loaded are told where an engine misses them, and only there")
  func missingPlugins() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      _ = try FakeDevice(version: 101_600).write(Fixtures.model("v8"), to: path, header: .none)
      let fake = try FakeDevice(version: 101_600)
      fake.tensorRT.fail("initLibNvInferPlugins")
      _ = try TensorRTEngine(path: path, device: fake.device)
      let needy = try FakeDevice(version: 101_600)
      needy.tensorRT.setNeedsPlugins(true)
      needy.tensorRT.fail("initLibNvInferPlugins")
      let error = #expect(throws: InferenceError.self) { try TensorRTEngine(path: path, device: needy.device) }
      #expect(error?.message.contains("TensorRT's own plugins were not loaded") == true)
      #expect(error?.message.contains("SWOOP_TENSORRT_PLUGINS") == true)
    }
  }

  @Test("plugin libraries are loaded for the build, and where the environment names them for the run")
  func otherPlugins() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (path, plugin) = ("\(folder)/v8.engine", "\(folder)/libplugin.so")
      try Fixtures.write([], to: plugin)
      let fake = try FakeDevice(version: 10701)
      fake.tensorRT.setNeedsPlugins(true)
      var options = try FakeDevice.options()
      options.plugins = ["\(folder)/missing.so"]
      let missing = #expect(throws: InferenceError.self) {
        try fake.write(Fixtures.model("v8"), to: path, header: .none, options: options)
      }
      #expect(missing?.description.contains("missing.so") == true)
      options.plugins = [plugin]
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .none, options: options)
      // Another process knows of them only from the record.
      let other = try FakeDevice(version: 10701)
      other.tensorRT.setNeedsPlugins(true)
      let error = #expect(throws: InferenceError.self) { try TensorRTEngine(path: path, device: other.device) }
      #expect(error?.message.contains("set SWOOP_TENSORRT_PLUGINS=\(plugin)") == true)
      try EnvironmentOverride.$values.withValue(["SWOOP_TENSORRT_PLUGINS": plugin]) {
        _ = try TensorRTEngine(path: path, device: other.device)
      }
      #expect(other.tensorRT.violations == "")
    }
  }

  @Test("version-compatible engines run where their record says what they are", arguments: FakeDevice.versions)
  func versionCompatible(version: Int32) throws {
    let fake = try FakeDevice(version: version)
    try Fixtures.withTemporaryFolder { folder in
      let path = "\(folder)/v8.engine"
      var options = try FakeDevice.options()
      options.isVersionCompatible = true
      _ = try fake.write(Fixtures.model("v8"), to: path, header: .none, options: options)
      let image = CellImage(seed: 5)
      let engine = try TensorRTEngine(path: path, device: fake.device)
      #expect(try Runner(engine, maximumBatch: 1).run([image], mode: .asynchronous).floats == image.expectedV8())
      // Without a record nobody has said that its code may run.
      try Fixtures.write([], to: EngineFile.recordPath(path))
      let error = #expect(throws: InferenceError.self) { try TensorRTEngine(path: path, device: fake.device) }
      #expect(error?.message.contains("set SWOOP_TENSORRT_HOST_CODE=1 if you trust where it is from") == true)
      try EnvironmentOverride.$values.withValue(["SWOOP_TENSORRT_HOST_CODE": "1"]) {
        _ = try TensorRTEngine(path: path, device: fake.device)
      }
    }
  }
}
