// A check that may crash, without the process going down with it.
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

#include "include/CTensorRT.h"

static const int guardedSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
static struct sigaction previous[sizeof guardedSignals / sizeof guardedSignals[0]];
static pthread_mutex_t oneAtATime = PTHREAD_MUTEX_INITIALIZER;
static thread_local sigjmp_buf *escape = nullptr;

static void handle(int signal, siginfo_t *info, void *context) {
  if (escape != nullptr) siglongjmp(*escape, signal);
  // Another thread's crash: it is as fatal as it was before.
  for (size_t i = 0; i < sizeof guardedSignals / sizeof guardedSignals[0]; i++) {
    if (guardedSignals[i] != signal) continue;
    if ((previous[i].sa_flags & SA_SIGINFO) != 0 && previous[i].sa_sigaction != nullptr) {
      previous[i].sa_sigaction(signal, info, context);
    } else {
      sigaction(signal, &previous[i], nullptr);
      raise(signal);
    }
  }
}

int32_t swoop_trt_guarded(void (*work)(void *), void *context) {
  pthread_mutex_lock(&oneAtATime);
  struct sigaction action = {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof guardedSignals / sizeof guardedSignals[0]; i++) {
    sigaction(guardedSignals[i], &action, &previous[i]);
  }
  sigjmp_buf target;
  int caught = sigsetjmp(target, 1);
  if (caught == 0) {
    escape = &target;
    work(context);
  }
  escape = nullptr;
  for (size_t i = 0; i < sizeof guardedSignals / sizeof guardedSignals[0]; i++) {
    sigaction(guardedSignals[i], &previous[i], nullptr);
  }
  pthread_mutex_unlock(&oneAtATime);
  return caught;
}
