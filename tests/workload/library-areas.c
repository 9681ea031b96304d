// SPDX-License-Identifier: GPL-2.0
/* The library of `share library`. */
#include "areas.h"

AREA(library_text, ".text.area", "ax", LIBRARY_TEXT_PAGES);
AREA(library_rodata, ".rodata.area", "a", LIBRARY_RODATA_PAGES);
