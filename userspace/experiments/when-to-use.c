// SPDX-License-Identifier: GPL-2.0
/*
 * When to use which: nothing is measured here. Each rule rests on claims that
 * were, so it shows the numbers of the one that carries it, and its verdict
 * follows theirs.
 */
#include <stdio.h>

#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/registry.h"

/* One premise. Gives its verdict; the worst of them decides. */
static enum verdict weigh(struct finding *finding, const char *id)
{
	const struct finding *premise = finding_of(id);
	char source[48];

	if (!premise)
		return NOT_MEASURABLE;
	snprintf(source, sizeof(source), "claim:%s", id);
	finding_evidence(finding, source, "%s: %s", verdict_name(premise->verdict),
			 premise->reason);
	return premise->verdict;
}

/* @premises ends with NULL; the first is the one whose numbers are shown. */
static void conclude(struct finding *finding, const char *const *premises)
{
	const char *refuted = NULL, *unmeasured = NULL;
	const struct finding *first = finding_of(premises[0]);
	size_t count = 0;

	for (; premises[count]; count++) {
		enum verdict verdict = weigh(finding, premises[count]);

		if (verdict == REFUTED && !refuted)
			refuted = premises[count];
		if (verdict == NOT_MEASURABLE && !unmeasured)
			unmeasured = premises[count];
	}
	if (first) {
		finding->process = first->process;
		finding->thread = first->thread;
	}
	finding_require(finding, !refuted, "%s is confirmed", refuted ? refuted : "");
	if (refuted)
		finding_decide(finding, "this rests on it");
	else if (unmeasured)
		finding_impossible(finding, "rests on %s, which is not measurable here",
				   unmeasured);
	else
		finding_decide(finding, "all %zu claims that it rests on are confirmed",
			       count);
}

void measure_use_process_isolation(struct finding *finding)
{
	conclude(finding, (const char *const[]) {
		"memory", "address-space", "read-only-is-safe", NULL });
}

void measure_use_process_independence(struct finding *finding)
{
	conclude(finding, (const char *const[]) {
		"resources", "own-open-files", "own-signal-handlers", "own-children", NULL });
}

void measure_use_process_crash_tolerance(struct finding *finding)
{
	conclude(finding, (const char *const[]) { "isolation", NULL });
}

void measure_use_thread_sharing(struct finding *finding)
{
	conclude(finding, (const char *const[]) {
		"shared-heap", "shared-data", "memory", NULL });
}

void measure_use_thread_switching(struct finding *finding)
{
	conclude(finding, (const char *const[]) { "context-switch", NULL });
}

void measure_use_thread_coupling(struct finding *finding)
{
	conclude(finding, (const char *const[]) {
		"communication", "context-switch", "creation-cost", NULL });
}
