/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stimulus.ko: what a kernel does at moments of its own, when a test asks for it. And
 * what must become of TLB flushes, which it fires with any arguments.
 */
#ifndef STIMULUS_TEST_H
#define STIMULUS_TEST_H

#include "trace-test.h"

#define STIMULUS_DIR "/sys/kernel/debug/sharestat-stimulus/"
#define WHY_NO_STIMULUS "no stimulus.ko, which tests/kselftest/run builds"

/* stimulus_load() - may there be a stimulus? Loaded once, it stays. */
static inline bool stimulus_load(void)
{
	const char *module = getenv("STIMULUS");
	char command[512];

	if (!access(STIMULUS_DIR, F_OK))
		return true;
	if (!module || access(module, R_OK))
		return false;
	snprintf(command, sizeof(command), "insmod %s", module);
	run_or_fail(command);
	return true;
}

static inline __attribute__((format(printf, 2, 3)))
void stimulate(const char *file, const char *format, ...)
{
	char path[128], text[128];
	va_list arguments;

	snprintf(path, sizeof(path), STIMULUS_DIR "%s", file);
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	write_file(path, text);
}

/* What one owner, or one CPU, must have counted. */
struct flush_sums {
	uint64_t count[TLB_REASONS][TLB_OUTCOMES], pages[TLB_REASONS];
};

/*
 * Where one flush belongs, as the ABI describes it; a reason nobody knows is another, and
 * only a switch keeps what the TLB has.
 */
static inline void flush_add(struct flush_sums *sums, int reason, long pages, unsigned int times)
{
	enum tlb_outcome outcome = TLB_OUTCOME_RANGE;

	if (reason < 0 || reason >= TLB_REASONS)
		reason = TLB_REASON_OTHER;
	if (!pages && reason == TLB_REASON_TASK_SWITCH)
		outcome = TLB_OUTCOME_KEPT;
	else if (pages == -1)
		outcome = TLB_OUTCOME_FULL;
	else
		sums->pages[reason] += pages * times;
	sums->count[reason][outcome] += times;
}

/*
 * fire_flushes() - each reason and some that are none, with each number of pages that
 * means something, another number of times each
 * @whence: "task", "interrupt" or "kthread"
 * @cpu: whose, but with "task", which fires where the caller runs
 * @at_switch: those that come at a switch, when there is none
 * @other: all that others are
 */
static inline void fire_flushes(const char *whence, int cpu, struct flush_sums *at_switch,
				struct flush_sums *other)
{
	static const long sizes[] = { 0, 1, 2, 33, 512, 1L << 20, -1 };
	const bool task = strcmp(whence, "interrupt");
	unsigned int times = 1;
	int reason;
	size_t i;

	for (reason = -1; reason < TLB_REASONS + 3; reason++)
		for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			times = 1 + (times + 5) % 11;
			stimulate("tlb_flush", "%s %d %d %ld %u\n", whence, cpu, reason, sizes[i],
				  times);
			if (flushes_have_echoes() && task && !sizes[i] &&
			    reason == TLB_REASON_REMOTE_SHOOTDOWN)
				continue;
			flush_add(reason == TLB_REASON_TASK_SWITCH ? at_switch : other, reason,
				  sizes[i], times);
		}
}

#endif /* STIMULUS_TEST_H */
