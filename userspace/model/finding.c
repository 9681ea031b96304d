// SPDX-License-Identifier: GPL-2.0
/* What a finding is called. */
#include "model/finding.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[NOT_MEASURABLE] = "NOT MEASURABLE HERE",
		[CONFIRMED] = "CONFIRMED",
		[REFUTED] = "REFUTED",
	};

	return names[verdict];
}

const char *section_title(enum section section)
{
	static const char *const titles[] = {
		[SECTION_TABLE] = "Process versus thread",
		[SECTION_PROCESS_OWNS] = "A process has its own",
		[SECTION_THREAD_OWNS] = "A thread has its own",
		[SECTION_THREADS_SHARE] = "Threads share",
		[SECTION_PROCESSES_SHARE] = "Processes can share",
		[SECTION_INSIGHT] = "The key insight",
		[SECTION_WHEN] = "When to use which",
		[SECTION_THREADS_PAY] = "What threads pay (not in the textbook)",
	};

	return titles[section];
}
