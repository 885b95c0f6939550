#pragma once

/// libvips as it is where everything optional was left out of it: it starts, and has no operation at all.
int vips_init(const char *program);
