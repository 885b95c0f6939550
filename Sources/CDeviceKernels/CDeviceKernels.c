#include "CDeviceKernels.h"

// The assembler looks for the file on the header search path, which the package manifest points at this folder. Asking
// whether the file is there makes it one that this file depends on, so that a change of it is noticed.
#define EMBED(symbol, file)                           \
  __asm__(                                            \
      ".pushsection .rodata\n"                        \
      "swoop_source_" #symbol "_start:\n"             \
      ".incbin \"" file "\"\n"                        \
      "swoop_source_" #symbol "_end:\n"               \
      ".balign 4\n"                                   \
      ".popsection\n");                               \
  extern const unsigned char swoop_source_##symbol##_start[]; \
  extern const unsigned char swoop_source_##symbol##_end[]

#define SOURCE(symbol, file)                                                                                  \
  {                                                                                                           \
    file, swoop_source_##symbol##_start, (size_t)(swoop_source_##symbol##_end - swoop_source_##symbol##_start) \
  }

#if !__has_include("prelude.cu") || !__has_include("preprocess.cu") || !__has_include("preprocess_linear.cu") || \
    !__has_include("preprocess_enlarged.cu") || !__has_include("preprocess_bicubic.cu") || \
    !__has_include("preprocess_products.cu") || !__has_include("postprocess.cu") || !__has_include("postprocess_candidates.cu") || \
    !__has_include("postprocess_sort.cu") || !__has_include("postprocess_suppress.cu") || \
    !__has_include("decode.cu")
#error "a kernel's source is missing"
#endif

EMBED(prelude, "prelude.cu");
EMBED(preprocess, "preprocess.cu");
EMBED(preprocess_linear, "preprocess_linear.cu");
EMBED(preprocess_enlarged, "preprocess_enlarged.cu");
EMBED(preprocess_bicubic, "preprocess_bicubic.cu");
EMBED(preprocess_products, "preprocess_products.cu");
EMBED(postprocess, "postprocess.cu");
EMBED(postprocess_candidates, "postprocess_candidates.cu");
EMBED(postprocess_sort, "postprocess_sort.cu");
EMBED(postprocess_suppress, "postprocess_suppress.cu");
EMBED(decode, "decode.cu");

size_t swoop_device_source_count(void) { return 11; }

struct swoop_device_source swoop_device_source_at(size_t index) {
  const struct swoop_device_source sources[] = {
      SOURCE(prelude, "prelude.cu"),
      SOURCE(preprocess, "preprocess.cu"),
      SOURCE(preprocess_linear, "preprocess_linear.cu"),
      SOURCE(preprocess_enlarged, "preprocess_enlarged.cu"),
      SOURCE(preprocess_bicubic, "preprocess_bicubic.cu"),
      SOURCE(preprocess_products, "preprocess_products.cu"),
      SOURCE(postprocess, "postprocess.cu"),
      SOURCE(postprocess_candidates, "postprocess_candidates.cu"),
      SOURCE(postprocess_sort, "postprocess_sort.cu"),
      SOURCE(postprocess_suppress, "postprocess_suppress.cu"),
      SOURCE(decode, "decode.cu"),
  };
  return sources[index];
}
