#pragma once
// Runs this package's CUDA kernels on the CPU, so that they are tested where there is no GPU. The kernels' own sources
// are compiled as C++ against CUDA.h beside this folder.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Runs a kernel: its blocks one after another, the threads of a block as coroutines that are switched at barriers.
///
/// Several threads may call it at once. `arguments` has the address of each argument, as cuLaunchKernel takes them.
/// Returns 0; -1 where no kernel has this name; -2 where a block's threads waited at different barriers; -3 where the
/// block is empty or has more than 1024 threads, or asks for more dynamic shared memory than there is on any GPU; -4
/// where there is no memory for the threads' stacks.
int emulated_kernel_launch(const char *_Nonnull name, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                           unsigned bz, size_t shared, void *_Nullable *_Nullable arguments);

/// Writes the sizes in bytes of a kernel's arguments, at most `capacity`, and returns how many it has; -1 where no
/// kernel has this name. A fake driver needs them to copy the arguments when a launch is queued.
int emulated_kernel_arguments(const char *_Nonnull name, size_t *_Nullable sizes, int capacity);

#ifdef __cplusplus
}
#endif
