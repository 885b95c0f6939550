import DynamicLibrary
import Glibc
import Testing

/// A folder with empty files, removed with its owner.
final class TemporaryFolder {
  let path: String
  // In the order they were made; removed in the other.
  private var made: [String] = []

  struct Failure: Error {}

  init(files: [String]) throws {
    var template = Array("/tmp/swoop-library-tests-XXXXXX".utf8CString)
    guard let folder = mkdtemp(&template) else { throw Failure() }
    path = String(cString: folder)
    made.append(path)
    for file in files {
      // Folders on the way to the file.
      var folder = path
      for part in file.split(separator: "/").dropLast() {
        folder += "/" + part
        if mkdir(folder, 0o755) == 0 { made.append(folder) }
      }
      guard let handle = fopen("\(path)/\(file)", "w") else { throw Failure() }
      fclose(handle)
      made.append("\(path)/\(file)")
    }
  }

  deinit { for name in made.reversed() { remove(name) } }
}

// The environment is read and never set here: other tests run beside these.
@Suite("Where libraries are looked for")
struct LibrarySearchTests {
  private func search(_ names: [String]) -> LibrarySearch {
    LibrarySearch(title: "x", names: names, advice: "")
  }

  @Test("the environment variable's file comes first, even if it is not there, so that the error says so")
  func variableFile() throws {
    // A variable that every process has, whose value is no file: a list of folders.
    let value = try #require(getenv("PATH").map { String(cString: $0) })
    var search = search(["libx.so"])
    search.environmentVariable = "PATH"
    #expect(search.candidates() == [value, "libx.so"])
    search.environmentVariable = "SWOOP_A_VARIABLE_THAT_NOBODY_SETS"
    #expect(search.candidates() == ["libx.so"])
  }

  @Test("in a folder the newest version comes first, by number and not by letter")
  func versions() throws {
    let folder = try TemporaryFolder(files: ["libx.so.9", "libx.so.10", "libx.so.10.2", "liby.so.11"])
    var search = search(["libx.so.*"])
    search.configuredFolders = [folder.path]
    let found = search.candidates().map { String($0.dropFirst(folder.path.count + 1)) }
    #expect(found == ["libx.so.10.2", "libx.so.10", "libx.so.9"])
  }

  @Test("configured folders come before the loader, well-known ones after, and nothing is tried twice")
  func order() throws {
    let mine = try TemporaryFolder(files: ["libx.so"])
    let vendors = try TemporaryFolder(files: ["v1/lib/libx.so", "v2/lib/libx.so", "v2/doc/readme"])
    var search = search(["libx.so"])
    search.configuredFolders = [mine.path, mine.path, "/nonexistent"]
    search.wellKnownFolders = ["\(vendors.path)/*/lib", mine.path]
    #expect(
      search.candidates() == [
        "\(mine.path)/libx.so", "libx.so", "\(vendors.path)/v2/lib/libx.so", "\(vendors.path)/v1/lib/libx.so",
      ])
  }

  @Test("a name with any version is never left to the loader, which knows no patterns")
  func patterns() {
    #expect(search(["libx.so.*"]).candidates().isEmpty)
  }

  @Test("packages of Pythons are looked for in folders that exist, each once")
  func python() {
    let folders = PythonEnvironment.sitePackages()
    #expect(Set(folders).count == folders.count)
    let found = folders.filter { $0.hasSuffix("-packages") }
    #expect(found.allSatisfy { access($0, F_OK) == 0 })
  }
}
