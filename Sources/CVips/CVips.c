#include "include/CVips.h"

// Values of libvips' enumerations, which are part of its stable binary interface.
enum { ACCESS_SEQUENTIAL = 1, FAIL_ON_ERROR = 2 };

typedef int (*load_buffer_function)(const void *, size_t, void **, ...);
typedef int (*colourspace_function)(void *, void **, int, ...);
typedef int (*text_function)(void **, const char *, ...);

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
