// SPDX-License-Identifier: GPL-2.0
/* Findings and what experiments share. */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "model/finding.h"

/* Others that want the same CPU then get some per cent of it, not half. */
#define NICE_PINNED	(-20)

/* The longest takes a minute with every detector of bugs on. */
#define PATIENCE_S	300

enum state { UNMEASURED, RUNNING, MEASURED };

struct result {
	enum state state;
	struct finding finding;
};

/* One for each of claims[], in the same order; processes of experiments fill them. */
static struct result *results;

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[NOT_MEASURABLE] = "NOT MEASURABLE HERE",
		[CONFIRMED] = "CONFIRMED",
		[REFUTED] = "REFUTED",
	};

	return names[verdict];
}

static const struct claim *claim_of(const char *id)
{
	for (size_t i = 0; i < nclaims; i++) {
		if (!strcmp(claims[i].id, id))
			return &claims[i];
	}
	return NULL;
}

static struct result *result_of(const struct claim *claim)
{
	if (!results)
		results = mmap(NULL, nclaims * sizeof(*results), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		abort();
	return &results[claim - claims];
}

static void measure(struct result *result, const struct claim *claim)
{
	struct finding *finding = &result->finding;

	finding->claim = claim;
	side_text(&finding->process, "-");
	side_text(&finding->thread, "-");
	finding_impossible(finding, "the experiment came to no result");
	result->state = RUNNING;
	experiment_run(finding);
	result->state = MEASURED;
}

const struct finding *finding_of(const char *id)
{
	const struct claim *claim = claim_of(id);
	struct result *result;

	if (!claim)
		return NULL;
	result = result_of(claim);
	if (result->state == UNMEASURED)
		measure(result, claim);
	return result->state == MEASURED ? &result->finding : NULL;
}

void side_number(struct side *side, double *samples, size_t count, const char *unit)
{
	side->number = true;
	side->value = summarize(samples, count);
	side->unit = unit;
	format_quantity(side->text, sizeof(side->text), side->value.median, unit);
}

void side_count(struct side *side, double value, const char *unit)
{
	side_number(side, &value, 1, unit);
}

void side_label(struct side *side, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(side->text, sizeof(side->text), format, args);
	va_end(args);
}

void side_text(struct side *side, const char *format, ...)
{
	va_list args;

	memset(side, 0, sizeof(*side));
	va_start(args, format);
	vsnprintf(side->text, sizeof(side->text), format, args);
	va_end(args);
}

static void evidence_add(struct finding *finding, const char *source,
			 const char *format, va_list args)
{
	struct evidence *evidence = &finding->evidence[finding->nevidence];

	if (finding->nevidence == EVIDENCE_MAX)
		abort();	/* an experiment with so much to say is two */
	snprintf(evidence->source, sizeof(evidence->source), "%s", source);
	vsnprintf(evidence->text, sizeof(evidence->text), format, args);
	finding->nevidence++;
}

void finding_evidence(struct finding *finding, const char *source, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	evidence_add(finding, source, format, args);
	va_end(args);
}

void finding_witness(struct finding *finding, const char *source, bool agrees,
		     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	evidence_add(finding, source, format, args);
	va_end(args);
	finding->disputed |= !agrees;
}

static struct series *series_of(struct finding *finding, const struct series *wanted)
{
	struct series *series = finding->series;

	for (; series < finding->series + finding->nseries; series++) {
		if (!strcmp(series->name, wanted->name))
			return series;
	}
	if (finding->nseries == SERIES_MAX)
		abort();
	finding->nseries++;
	*series = *wanted;
	series->count = 0;
	return series;
}

void finding_point(struct finding *finding, const struct series *wanted, double x,
		   struct summary y)
{
	struct series *series = series_of(finding, wanted);

	if (series->count == POINTS_MAX)
		abort();
	series->points[series->count++] = (struct point) { x, y };
}

void finding_unwitnessed(struct finding *finding, const char *source,
			 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	evidence_add(finding, source, format, args);
	va_end(args);
	snprintf(finding->unwitnessed, sizeof(finding->unwitnessed), "%s", source);
}

void finding_require(struct finding *finding, bool holds, const char *format, ...)
{
	va_list args;

	finding->required++;
	if (holds || *finding->failed)
		return;
	va_start(args, format);
	vsnprintf(finding->failed, sizeof(finding->failed), format, args);
	va_end(args);
}

void finding_decide(struct finding *finding, const char *format, ...)
{
	char found[224];
	va_list args;

	if (finding->disputed) {
		finding_impossible(finding, "the module and an independent witness disagree, see the evidence");
		return;
	}
	if (!finding->required) {
		finding_impossible(finding, "no condition of its rule was looked at");
		return;
	}
	va_start(args, format);
	vsnprintf(found, sizeof(found), format, args);
	va_end(args);
	finding->verdict = *finding->failed ? REFUTED : CONFIRMED;
	snprintf(finding->reason, sizeof(finding->reason), "%s%s%s%s%s%s",
		 *finding->failed ? "it is not so that " : "", finding->failed,
		 *finding->failed ? ": " : "", found,
		 *finding->unwitnessed ? "; no word from the witness " : "", finding->unwitnessed);
}

void finding_impossible(struct finding *finding, const char *format, ...)
{
	va_list args;

	finding->verdict = NOT_MEASURABLE;
	va_start(args, format);
	vsnprintf(finding->reason, sizeof(finding->reason), format, args);
	va_end(args);
}

unsigned int experiment_patience(void)
{
	return PATIENCE_S;
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* How the tool was to run before it first pinned itself. */
static const struct scheduling {
	cpu_set_t cpus;
	int nice;
} *scheduling_at_start(void)
{
	static struct scheduling start;

	if (CPU_COUNT(&start.cpus))
		return &start;
	if (sched_getaffinity(0, sizeof(start.cpus), &start.cpus))
		CPU_SET(0, &start.cpus);
	start.nice = getpriority(PRIO_PROCESS, 0);
	return &start;
}

unsigned int measuring_cpu(void)
{
	unsigned int cpu = 0;

	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &scheduling_at_start()->cpus))
		cpu++;
	return cpu;
}

int pin_to(unsigned int cpu)
{
	cpu_set_t one;

	scheduling_at_start();
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	setpriority(PRIO_PROCESS, 0, NICE_PINNED);
	return sched_setaffinity(0, sizeof(one), &one);
}

void unpin(void)
{
	setpriority(PRIO_PROCESS, 0, scheduling_at_start()->nice);
	sched_setaffinity(0, sizeof(cpu_set_t), &scheduling_at_start()->cpus);
}
