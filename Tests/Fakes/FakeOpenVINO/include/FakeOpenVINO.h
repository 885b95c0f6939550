#pragma once
// A stand-in for libopenvino_c.so. It has one model, records every call, can fail any of them, and notices what the real
// library would answer with a crash: objects used after they were freed, freed twice, or used after their owner is gone.
//
// Its model has the input "images", float32 (any, 2, 4), and the output "sums", float32 (any): the sum of each row.
// Functions that are not declared here are those of OpenVINO's C interface.
#include <stdint.h>

/// Fails the n-th call from now that returns a status (counting from 1; 0 means none) with `status`.
void fake_fail(int64_t n, int32_t status);
/// The number of calls that returned a status since the last fake_fail.
int64_t fake_calls(void);
/// The name of the call that was failed, or null.
const char *fake_failed_call(void);
/// Objects, strings and arrays handed out and not yet given back.
int64_t fake_live(void);
/// The first misuse that was noticed, or null.
const char *fake_misuse(void);
/// How element types are numbered: 0 as in 2025 and later, 1 with "undefined" before, 2 also without u2, u3 and u6,
/// 3 in an order that never was.
void fake_numbering(int32_t kind);
/// The value that the property INFERENCE_PRECISION_HINT has whatever is asked for, or null for what was asked for.
void fake_precision(const char *value);
/// Makes executions that were started wait until they are released with 0.
void fake_hold(int32_t held);
