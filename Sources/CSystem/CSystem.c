#define _GNU_SOURCE
#include "include/CSystem.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

const char *swoop_library_file(const void *address) {
  Dl_info info;
  return dladdr(address, &info) != 0 ? info.dli_fname : NULL;
}

int swoop_compare_versions(const char *a, const char *b) { return strverscmp(a, b); }

void swoop_name_thread(const char *name) {
  char shortened[16];
  strncpy(shortened, name, sizeof shortened - 1);
  shortened[sizeof shortened - 1] = 0;
  pthread_setname_np(pthread_self(), shortened);
}

int swoop_allowed_processors(void) {
  // The kernel refuses masks that are too short for the machine, so start with room for 1,024 and double.
  for (int room = 1024; room <= 1 << 20; room *= 2) {
    cpu_set_t *set = CPU_ALLOC(room);
    if (!set) return 0;
    size_t size = CPU_ALLOC_SIZE(room);
    CPU_ZERO_S(size, set);
    int failed = sched_getaffinity(0, size, set);
    int count = failed ? 0 : CPU_COUNT_S(size, set);
    CPU_FREE(set);
    if (!failed) return count;
  }
  return 0;
}

int swoop_nameless_file(const char *label) { return memfd_create(label, MFD_CLOEXEC); }
