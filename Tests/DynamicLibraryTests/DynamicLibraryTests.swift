import DynamicLibrary
import Glibc
import Testing

@Suite("Opening libraries at run time")
struct DynamicLibraryTests {
  @Test("a library that the loader finds is opened, and its functions can be called")
  func opens() throws {
    let library = try DynamicLibrary.open(
      LibrarySearch(title: "the mathematics library", names: ["libm.so.6"], advice: "Reinstall the system."))
    #expect(library.path == "libm.so.6")
    let cosine: @convention(c) (Double) -> Double = try library.require("cos")
    #expect(cosine(0) == 1)
    let file = try #require(library.file(providing: "cos"))
    #expect(file.hasPrefix("/") && file.contains("libm"))
  }

  @Test("a missing symbol is nil where it may be missing, and an error that names it where it may not")
  func symbols() throws {
    let library = try DynamicLibrary(path: "libm.so.6")
    #expect(library.symbol("no_such_function", as: UnsafeRawPointer.self) == nil)
    #expect(library.file(providing: "no_such_function") == nil)
    let error = #expect(throws: SymbolMissingError.self) {
      _ = try library.require("no_such_function", as: UnsafeRawPointer.self)
    }
    #expect(error?.description.contains("no_such_function") == true)
    #expect(error?.description.contains("libm.so.6") == true)
  }

  @Test("an error lists every path tried, the loader's reason for each, and what to do")
  func failures() {
    var search = LibrarySearch(
      title: "a library that is nowhere", names: ["libnowhere.so.1", "libnowhere.so"],
      advice: "Install it with: apt-get.")
    search.wellKnownFolders = ["/nonexistent"]
    let error = #expect(throws: LibraryLoadError.self) { _ = try DynamicLibrary.open(search) }
    #expect(error?.attempts.map(\.path) == ["libnowhere.so.1", "libnowhere.so"])
    let text = error?.description ?? ""
    for part in ["a library that is nowhere", "libnowhere.so.1", "libnowhere.so", "No such file", "apt-get"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test("a file that is not a library is an error with the loader's reason")
  func notALibrary() throws {
    let folder = try TemporaryFolder(files: ["libtext.so"])
    let error = #expect(throws: DynamicLibrary.Failure.self) {
      _ = try DynamicLibrary(path: folder.path + "/libtext.so")
    }
    #expect(error?.reason.isEmpty == false)
  }
}

extension DynamicLibrary {
  fileprivate typealias Failure = LibraryLoadError.Attempt
}
