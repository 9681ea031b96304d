// SPDX-License-Identifier: GPL-2.0
#include "areas.h"

AREA(program_text, ".text.area", "ax", PROGRAM_TEXT_PAGES);
AREA(program_rodata, ".rodata.area", "a", PROGRAM_RODATA_PAGES);
