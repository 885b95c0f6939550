#pragma once
// What glibc declares only under _GNU_SOURCE, which Swift's Glibc module does not define.
#include <stddef.h>

#pragma clang assume_nonnull begin

/// The file of the shared object that contains `address`, or null where the loader does not know.
const char *_Nullable swoop_library_file(const void *address);

/// Compares two names so that runs of digits count as numbers; as strverscmp(3).
int swoop_compare_versions(const char *a, const char *b);

/// Names the calling thread for debuggers and profilers; at most 15 bytes count.
void swoop_name_thread(const char *name);

/// The number of processors that the calling thread may run on, or 0 where the system does not tell.
int swoop_allowed_processors(void);

/// Makes a file that has no name and goes away when it is closed, as memfd_create(2); -1 with errno where it fails.
int swoop_nameless_file(const char *label);

#pragma clang assume_nonnull end
