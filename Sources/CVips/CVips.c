#include "include/CVips.h"

// Values of libvips' enumerations, which are part of its stable binary interface.
enum { ACCESS_SEQUENTIAL = 1, FAIL_ON_ERROR = 2 };

typedef int (*load_buffer_function)(const void *, size_t, void **, ...);
typedef int (*colourspace_function)(void *, void **, int, ...);
typedef int (*text_function)(void **, const char *, ...);
typedef int (*drawing_function)(const void *, size_t, void **, ...);
typedef int (*flatten_function)(void *, void **, ...);
typedef int (*copy_function)(void *, void **, ...);
typedef int (*save_buffer_function)(void *, void **, size_t *, ...);

int swoop_vips_load_buffer(void *load, const void *bytes, size_t count, void **image) {
  *image = NULL;
  return ((load_buffer_function)load)(bytes, count, image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_ERROR,
                                      (void *)NULL);
}

int swoop_vips_colourspace(void *colourspace, void *in, int space, void **out) {
  *out = NULL;
  return ((colourspace_function)colourspace)(in, out, space, (void *)NULL);
}

int swoop_vips_text(void *text, const char *markup, const char *font, int dpi, void **image) {
  *image = NULL;
  return ((text_function)text)(image, markup, "font", font, "dpi", dpi, (void *)NULL);
}

int swoop_vips_load_drawing(void *load, const void *bytes, size_t count, void **image) {
  *image = NULL;
  return ((drawing_function)load)(bytes, count, image, (void *)NULL);
}

int swoop_vips_flatten(void *flatten, void *in, void *background, void **out) {
  *out = NULL;
  return ((flatten_function)flatten)(in, out, "background", background, (void *)NULL);
}

int swoop_vips_with_resolution(void *copy, void *in, double dots_per_millimetre, void **out) {
  *out = NULL;
  return ((copy_function)copy)(in, out, "xres", dots_per_millimetre, "yres", dots_per_millimetre, (void *)NULL);
}

int swoop_vips_save_png(void *save, void *in, void **bytes, size_t *count) {
  *bytes = NULL;
  *count = 0;
  return ((save_buffer_function)save)(in, bytes, count, "compression", 9, (void *)NULL);
}
