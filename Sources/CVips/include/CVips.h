#pragma once
// libvips' operations end in option lists of variable length, which Swift cannot call. Each function here makes one such
// call through an address found at run time; everything else of libvips is called from Swift directly.
#include <stddef.h>

#pragma clang assume_nonnull begin

/// Calls `vips_<format>load_buffer(bytes, count, image, "access", sequential, "fail_on", error, NULL)`.
///
/// Sequential access lets the loader stream, so only strips of the picture are in memory; failing on "error" makes
/// missing data an error and lets mere warnings pass. Zero on success; the caller unreferences the image, and the bytes
/// outlive it.
int swoop_vips_load_buffer(void *load, const void *bytes, size_t count, void *_Nullable *_Nonnull image);

/// Calls `vips_colourspace(in, out, space, NULL)`.
int swoop_vips_colourspace(void *colourspace, void *in, int space, void *_Nullable *_Nonnull out);

/// Calls `vips_text(image, markup, "font", font, "dpi", dpi, NULL)`: an 8-bit single-band picture of the text, 255 where
/// it is solid.
int swoop_vips_text(void *text, const char *markup, const char *font, int dpi, void *_Nullable *_Nonnull image);

/// Calls `vips_svgload_buffer(bytes, count, image, NULL)`: the drawing at its own size, with an alpha band. The image is
/// drawn when it is read, so the bytes outlive it.
int swoop_vips_load_drawing(void *load, const void *bytes, size_t count, void *_Nullable *_Nonnull image);

/// Calls `vips_flatten(in, out, "background", background, NULL)`: the alpha band taken out against a colour, which is a
/// `VipsArrayDouble`.
int swoop_vips_flatten(void *flatten, void *in, void *background, void *_Nullable *_Nonnull out);

/// Calls `vips_copy(in, out, "xres", …, "yres", …, NULL)`.
int swoop_vips_with_resolution(void *copy, void *in, double dots_per_millimetre, void *_Nullable *_Nonnull out);

/// Calls `vips_pngsave_buffer(in, bytes, count, "compression", 9, NULL)`; the caller frees the bytes with `g_free`.
int swoop_vips_save_png(void *save, void *in, void *_Nullable *_Nonnull bytes, size_t *count);

#pragma clang assume_nonnull end
