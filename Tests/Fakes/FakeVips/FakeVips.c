#include "include/FakeVips.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// What is looked up when the library is opened. Nothing but the first group is ever called: whoever uses an operation asks
// whether it is there.
int vips_init(const char *program) { return 0; }
int vips_version(int part) { return part == 0 ? 8 : part == 1 ? 14 : 1; }
void vips_concurrency_set(int count) {}
void vips_cache_set_max(int count) {}
size_t vips_type_find(const char *base, const char *name) { return 0; }
void vips_error_clear(void) {}
char *vips_error_buffer_copy(void) { return calloc(1, 1); }
void g_free(void *memory) { free(memory); }
uint32_t g_log_set_handler(const char *domain, int levels, void *function, void *data) { return 1; }

int vips_image_get_width(void *image) { abort(); }
int vips_image_get_height(void *image) { abort(); }
int vips_image_get_bands(void *image) { abort(); }
int vips_image_get_format(void *image) { abort(); }
int vips_image_get_interpretation(void *image) { abort(); }
int vips_image_get_orientation(void *image) { abort(); }
void *vips_region_new(void *image) { abort(); }
void *vips_region_fetch(void *region, int left, int top, int width, int height, size_t *count) { abort(); }
void g_object_unref(void *object) { abort(); }
int vips_colourspace(void *in, void **out, int space, ...) { abort(); }
int vips_text(void **out, const char *text, ...) { abort(); }
