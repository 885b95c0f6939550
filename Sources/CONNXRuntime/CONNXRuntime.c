// The target is its header; a C target needs one source file.
#include "include/CONNXRuntime.h"
