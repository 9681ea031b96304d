// SPDX-License-Identifier: GPL-2.0
/* One experiment comes to no end: what was measured before it is there to be seen. */
#include "world.h"

void __wrap_measure_memory(struct finding *finding)
{
	(void)finding;
	for (;;)
		pause();
}
