#include "include/CImaging.h"
