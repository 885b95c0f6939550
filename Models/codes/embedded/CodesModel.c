#include "CodesModel.h"

// The assembler looks for the file on the header search path, which the package manifest points at Models/codes.
__asm__(
    ".pushsection .rodata\n"
    ".balign 64\n"
    "swoop_codes_model_start:\n"
    ".incbin \"codes.onnx\"\n"
    "swoop_codes_model_end:\n"
    ".balign 4\n"
    ".popsection\n");

extern const unsigned char swoop_codes_model_start[];
extern const unsigned char swoop_codes_model_end[];

const void *swoop_codes_model_bytes(void) { return swoop_codes_model_start; }

size_t swoop_codes_model_size(void) { return (size_t)(swoop_codes_model_end - swoop_codes_model_start); }
