/* SPDX-License-Identifier: GPL-2.0 */
/* A whole file of the module as an array: source + parse in one call. */
#ifndef SHARESTAT_SNAPSHOT_H
#define SHARESTAT_SNAPSHOT_H

#include "read/records.h"

struct snapshot {
	void *records;		/* an array of the format's record type */
	size_t count;
	const struct format *format;
};

/**
 * snapshot_read() - read one file whole
 * @snapshot: filled; free it with snapshot_free()
 * @format: which file
 * @tgids: for vmas and frames: the thread groups wanted, or NULL for all
 *	(works on recordings too, and on tasks, where it filters by tgid)
 * @count: how many
 *
 * Return: 0, or -1 after an explanation on standard error; also when there is
 * nothing of @tgids in the file.
 */
int snapshot_read(struct snapshot *snapshot, const struct format *format,
		  const pid_t *tgids, size_t count);
void snapshot_free(struct snapshot *snapshot);

/** snapshot_record() - record number @index, of the format's record type */
const void *snapshot_record(const struct snapshot *snapshot, size_t index);

/** snapshot_task() - the record of one task in a snapshot of tasks, or NULL */
const struct task_record *snapshot_task(const struct snapshot *tasks, pid_t tid);

/** page_size() - of the machine that the files are from; 0 after an explanation */
uint64_t page_size(void);

/** snapshot_version() - the value of a key in a snapshot of version, or NULL */
const char *snapshot_version(const struct snapshot *version, const char *key);

/* Sums over the CPUs of the counter files, for differences around a piece of work. */
struct counters {
	uint64_t switches[SWITCH_CLASSES];
	uint64_t switch_ns[SWITCH_CLASSES];		/* ABSENT when latency is off */
	uint64_t tlb[TLB_REASONS][TLB_OUTCOMES];
	uint64_t tlb_pages[TLB_REASONS];		/* of range flushes */
	uint64_t births[BIRTH_KINDS];
	uint64_t birth_pgtable_bytes[BIRTH_KINDS];
	uint64_t birth_vmas[BIRTH_KINDS];
};

/** counter_add() - add to a sum a value that, like the sum so far, may be ABSENT */
void counter_add(uint64_t *sum, uint64_t value);

/** counters_read() - read switches, tlb and births. Return: 0, or -1 explained */
int counters_read(struct counters *counters);
/** counters_read_cpu() - the same, switches and tlb of one CPU only */
int counters_read_cpu(struct counters *counters, unsigned int cpu);
/**
 * counter_since() - one counter's difference
 * @now: or ABSENT
 * @before: or ABSENT
 *
 * Return: @now minus @before; @now itself when the counters were reset in
 * between or @before was not known yet; ABSENT when @now is.
 */
uint64_t counter_since(uint64_t now, uint64_t before);
/** counters_since() - @now minus @before, in place */
void counters_since(struct counters *now, const struct counters *before);

/**
 * probes_enable() - attach probes, remembering which were attached before
 * @words: as written to `enable`, e.g. "+switches +tlb +births"
 *
 * Return: 0, or -1 explained. probes_restore() puts back what was before; it
 * is called at exit and on SIGINT/SIGTERM by itself.
 */
int probes_enable(const char *words);
void probes_restore(void);

/** probe_attached() - Return: 1 yes, 0 no, -1 after an explanation */
int probe_attached(const char *name);

#endif
