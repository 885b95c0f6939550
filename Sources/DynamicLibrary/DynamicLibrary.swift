internal import CSystem
internal import Glibc

/// A shared library opened at run time.
///
/// It is never closed: runtimes register exit handlers, start threads and keep thread-local state, and none of the ones
/// this package opens is safe to unload.
public final class DynamicLibrary: Sendable {
  /// The path it was opened from, or the bare name where the system loader found it.
  public let path: String

  // The handle from dlopen; thread-safe by POSIX, immutable here.
  nonisolated(unsafe) private let handle: UnsafeMutableRawPointer

  /// Opens the first library that `search` finds and the loader accepts.
  ///
  /// - Throws: ``LibraryLoadError`` that lists every path tried, with the loader's reason for each.
  public static func open(_ search: LibrarySearch) throws(LibraryLoadError) -> DynamicLibrary {
    try open(search) { $0 }
  }

  /// Opens libraries that `search` finds until one is loaded and `use` accepts it, and returns what `use` made of it.
  ///
  /// For libraries of which a machine may have several versions: `use` looks up the symbols and asks the version, and
  /// throws where the library will not do.
  ///
  /// - Throws: ``LibraryLoadError`` that lists every path tried, with the loader's or `use`'s reason for each.
  public static func open<Result>(
    _ search: LibrarySearch, _ use: (DynamicLibrary) throws -> Result
  ) throws(LibraryLoadError) -> Result {
    var attempts: [LibraryLoadError.Attempt] = []
    for candidate in search.candidates() {
      do {
        return try use(DynamicLibrary(path: candidate, global: search.isGlobal))
      } catch let attempt as LibraryLoadError.Attempt {
        attempts.append(attempt)
      } catch {
        attempts.append(LibraryLoadError.Attempt(path: candidate, reason: "\(error)"))
      }
    }
    throw LibraryLoadError(library: search.title, attempts: attempts, advice: search.advice)
  }

  /// Opens one path, or one bare name through the system loader, with `RTLD_NOW`.
  public init(path: String, global: Bool = false) throws(LibraryLoadError.Attempt) {
    guard let handle = dlopen(path, RTLD_NOW | (global ? RTLD_GLOBAL : RTLD_LOCAL)) else {
      throw LibraryLoadError.Attempt(path: path, reason: Self.lastError())
    }
    self.handle = handle
    self.path = path
  }

  /// The address of a symbol as a C function pointer or data pointer of type `T`, or `nil` where the library lacks it.
  ///
  /// `T` must be pointer-sized: a `@convention(c)` function type or an unsafe pointer. Its type is the caller's promise;
  /// nothing can check it.
  public func symbol<T>(_ name: String, as type: T.Type) -> T? {
    precondition(
      MemoryLayout<T>.size == MemoryLayout<UnsafeRawPointer>.size, "\(T.self) is not pointer-sized")
    guard let address = dlsym(handle, name) else { return nil }
    return unsafeBitCast(address, to: T.self)
  }

  /// The address of a symbol that must be there.
  ///
  /// - Throws: ``SymbolMissingError`` that names the symbol and the library.
  public func require<T>(_ name: String, as type: T.Type = T.self) throws(SymbolMissingError) -> T {
    guard let address = symbol(name, as: type) else {
      throw SymbolMissingError(symbol: name, library: path)
    }
    return address
  }

  /// The file that the library was loaded from, asked of the loader by one of its symbols.
  public func file(providing symbolName: String) -> String? {
    guard let address = dlsym(handle, symbolName) else { return nil }
    return swoop_library_file(address).map { String(cString: $0) }
  }

  private static func lastError() -> String {
    dlerror().map { String(cString: $0) } ?? "the loader gave no reason"
  }
}
