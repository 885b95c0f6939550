#include "include/COpenVINO.h"
