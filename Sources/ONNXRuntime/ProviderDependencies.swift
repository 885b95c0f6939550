internal import DynamicLibrary
internal import Glibc

/// Runs `body`, which makes a provider's options. Where ONNX Runtime could not load the provider because the system loader
/// lacks a library that it needs (CUDA's run-time libraries, where they came through pip), opens that library from
/// NVIDIA's pip packages and runs `body` again.
///
/// A provider's file names what it needs (`libcublasLt.so.13`), so the right version is opened, and only what is
/// missing. A library that is already open satisfies the loader by its name.
func withProvider(_ fileName: String, of library: ONNXRuntimeLibrary, _ body: () throws -> Void) throws {
  var opened = Set<String>()
  while true {
    do {
      return try body()
    } catch let error as ONNXRuntimeError {
      guard let reason = refusal(fileName, of: library) else { throw error }
      // Every round opens one library more, so this ends.
      guard let missing = missingLibrary(in: reason), opened.insert(missing).inserted else {
        throw ONNXRuntimeError(error.code, operation: error.operation, message: "\(error.message) (\(reason))")
      }
      do throws(LibraryLoadError) {
        try openDependency(missing, opened: &opened)
      } catch let failure {
        throw ONNXRuntimeError(error.code, operation: error.operation, message: "\(error.message)\n\(failure)")
      }
    }
  }
}

/// Why the loader does not open a provider's file, which ONNX Runtime logs but does not return; `nil` where it does.
///
/// Only to be asked after ONNX Runtime has tried: a provider must find the library that introduces the two already open.
private func refusal(_ fileName: String, of library: ONNXRuntimeLibrary) -> String? {
  let folder = library.path.lastIndex(of: "/").map { String(library.path[...$0]) } ?? ""
  let path = folder + fileName
  guard access(path, F_OK) == 0 else {
    return "this build of ONNX Runtime has no \(path); install one that has, with: pip install onnxruntime-gpu"
  }
  do throws(LibraryLoadError.Attempt) {
    _ = try DynamicLibrary(path: path)
    return nil
  } catch {
    return error.reason
  }
}

/// Opens a library that a provider needs, and before it those that it needs itself.
private func openDependency(_ name: String, opened: inout Set<String>) throws(LibraryLoadError) {
  var search = LibrarySearch(
    title: "\(name), which the execution provider needs,", names: [name],
    advice: "Install NVIDIA's driver and CUDA libraries, by the system's packages or by: "
      + "pip install 'onnxruntime-gpu[cuda,cudnn]'.")
  search.pythonFolders = ["nvidia/*/lib", "tensorrt_libs"]
  search.wellKnownFolders = ["/usr/local/cuda/lib64", "/usr/local/cuda/targets/*/lib"]
  search.isGlobal = true
  while true {
    do throws(LibraryLoadError) {
      _ = try DynamicLibrary.open(search)
      return
    } catch {
      // The file was found, but something it needs was not.
      let next = error.attempts.lazy.compactMap { missingLibrary(in: $0.reason) }.first { $0 != name }
      guard let next, opened.insert(next).inserted else { throw error }
      try openDependency(next, opened: &opened)
    }
  }
}

/// The library that the loader says it lacks: `libcublasLt.so.13: cannot open shared object file: …`. A path that it was
/// asked to open and that is not there is not one.
package func missingLibrary(in reason: String) -> String? {
  guard let end = reason.firstRange(of: ": cannot open shared object file") else { return nil }
  let before = reason[..<end.lowerBound]
  let name = before.split(separator: " ").last.map(String.init) ?? ""
  return name.hasPrefix("lib") && name.contains(".so") && !name.contains("/") ? name : nil
}
