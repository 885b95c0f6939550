internal import CImaging

/// The vector kernels for this processor, or those of one level for tests and comparison.
package struct Kernels: @unchecked Sendable {
  // A pointer to constants in the binary.
  let table: UnsafePointer<swoop_kernels>

  /// `plain`, `avx2` or `avx512`.
  package var name: String { String(cString: table.pointee.name) }

  /// The best that this processor runs.
  package static let best: Kernels = available.last ?? plain

  /// Every level that this processor runs, slowest first.
  package static let available: [Kernels] = [SWOOP_KERNELS_PLAIN, SWOOP_KERNELS_AVX2, SWOOP_KERNELS_AVX512]
    .compactMap {
      swoop_kernels_of_level(Int32($0)).map(Kernels.init)
    }

  private static var plain: Kernels {
    guard let table = swoop_kernels_of_level(Int32(SWOOP_KERNELS_PLAIN)) else {
      preconditionFailure("the plain kernels are part of every build")
    }
    return Kernels(table: table)
  }
}
