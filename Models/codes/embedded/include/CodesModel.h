#pragma once
// The bundled detector (../codes.onnx), embedded in the binary so that one file is all that has to be installed. Swift
// has no way to include a file of bytes before tools version 6.2, and a literal of that size takes minutes to compile.
#include <stddef.h>

#pragma clang assume_nonnull begin

/// The first byte of the model's file. It lives as long as the process.
const void *swoop_codes_model_bytes(void);

/// The size of the file in bytes.
size_t swoop_codes_model_size(void);

#pragma clang assume_nonnull end
