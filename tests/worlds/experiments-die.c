// SPDX-License-Identifier: GPL-2.0
/* One experiment hangs, one crashes, one becomes another program; nobody is patient. */
#include "experiments/finding.h"
#include "world.h"

unsigned int __wrap_experiment_patience(void)
{
	return 20;
}

void __wrap_measure_definition(struct finding *finding)
{
	finding_require(finding, true, "it is right until here");
	finding_decide(finding, "and then");
	for (;;)
		pause();
}

void __wrap_measure_memory(struct finding *finding)
{
	finding_require(finding, true, "it is right until here");
	finding_decide(finding, "and then");
	abort();
}

void __wrap_measure_resources(struct finding *finding)
{
	finding_require(finding, true, "it is right until here");
	finding_decide(finding, "and then");
	execl("/bin/true", "true", NULL);
}
