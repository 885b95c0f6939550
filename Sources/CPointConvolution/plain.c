#define LANES 4
#define POINTS 4
#define COLUMNS 2
#define NAME "plain"
#define FUNCTIONS swoop_point_plain
#include "kernel.h"
