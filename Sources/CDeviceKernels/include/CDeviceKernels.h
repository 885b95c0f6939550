#pragma once
// The CUDA C++ sources of this package's kernels (../*.cu) as text, embedded in the binary: they are compiled at run time
// for the GPU that is there. Swift has no way to include a file of bytes before tools version 6.2.
#include <stddef.h>

#pragma clang assume_nonnull begin

/// One source file. Its bytes live as long as the process.
struct swoop_device_source {
  /// The file's name, as compilers are to report it.
  const char *name;
  /// Text in ASCII, not terminated.
  const unsigned char *bytes;
  /// The number of bytes.
  size_t size;
};

/// The number of sources.
size_t swoop_device_source_count(void);

/// A source by its place in the order in which they are compiled, as one text. `index` is below the count.
struct swoop_device_source swoop_device_source_at(size_t index);

#pragma clang assume_nonnull end
