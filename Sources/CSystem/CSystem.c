#define _GNU_SOURCE
#include "include/CSystem.h"

#include <dlfcn.h>
#include <pthread.h>
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
