// How calls begin and fail, and how tests steer and see that; messages and the version.
#include "include/FakeOpenVINO.h"

#include <stdio.h>
#include <string.h>

#include "Objects.h"

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t calls, fail_at;
static int32_t fail_status;
static const char *failed_call;
static char misuse[256], message[256];

void fake_fail(int64_t n, int32_t status) {
  calls = 0, fail_at = n, fail_status = status, failed_call = NULL;
}
int64_t fake_calls(void) { return calls; }
const char *fake_failed_call(void) { return failed_call; }
const char *fake_misuse(void) { return misuse[0] ? misuse : NULL; }

void blame(const char *call, const char *what) {
  if (!misuse[0]) snprintf(misuse, sizeof misuse, "%s: %s", call, what);
}

int32_t enter(const char *call) {
  pthread_mutex_lock(&lock);
  calls++;
  int32_t status = 0;
  if (fail_at && calls == fail_at) {
    status = fail_status;
    failed_call = call;
    snprintf(message, sizeof message, "Exception from fake.c:1:\n%s was told to fail\n\n", call);
  }
  pthread_mutex_unlock(&lock);
  return status;
}

int32_t refuse(const char *why) {
  snprintf(message, sizeof message, "%s", why);
  return -1;
}

// ---- messages, version

const char *ov_get_last_err_msg(void) { return message[0] ? text(message) : NULL; }
const char *ov_get_error_info(int32_t status) { return status ? "fake error" : "success"; }
void ov_free(const char *string) { give((void *)string); }

typedef struct {
  const char *build, *description;
} Version;
int32_t ov_get_openvino_version(Version *version) {
  ENTER("ov_get_openvino_version");
  version->build = text("2099.1.0-fake"), version->description = text("a fake");
  return 0;
}
void ov_version_free(Version *version) {
  give((void *)version->build), give((void *)version->description);
  memset(version, 0, sizeof *version);
}
