#define _GNU_SOURCE
#include "include/CSystem.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

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

int swoop_affinity_count(void) {
  // Room for 8,192 processors; the kernel refuses a mask that is smaller than its own.
  cpu_set_t masks[8192 / CPU_SETSIZE];
  if (sched_getaffinity(0, sizeof masks, masks) != 0) return 0;
  return CPU_COUNT_S(sizeof masks, masks);
}
