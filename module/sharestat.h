/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the module offer each other. Collectors (tasks, mms, walk,
 * frames, vmas, the counters) fill the structs below and never format them;
 * export*.c formats and never walks.
 *
 * Lock order, outermost first:
 *
 *	control_lock (probe.c) > locks of the tracepoint core and of ftrace
 *	filter_lock (pids.c)
 *	mmap_lock > i_mmap_rwsem (hugetlb) > RCU > page-table lock (walk.c)
 *	RCU > task_lock (tasks.c, mms.c)
 */
#ifndef SHARESTAT_H
#define SHARESTAT_H

#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "compat/version.h"
#include "uapi/sharestat.h"

/* ids.c */

/**
 * sharestat_ids_init() - draw the key of the ids
 */
void sharestat_ids_init(void);

/**
 * sharestat_id() - what is shown instead of an object's address
 * @object: a kernel object, at least 8-byte aligned
 *
 * Context: any.
 * Return: 54 bits, equal exactly when the object is: a keyed permutation.
 */
u64 sharestat_id(const void *object);

/* pids.c */

#define PIDS_MAX 1024		/* of a filter, not of a snapshot */

/**
 * struct pids - a set of thread groups, each with a reference
 * @count: how many
 * @pid: the references
 */
struct pids {
	unsigned int count;
	struct pid *pid[];
};

/**
 * pids_parse() - numbers separated by white space -> thread groups
 * @text: the user's text, ends with a NUL; is cut into words
 *
 * Numbers are looked up in the pid namespace of the caller.
 *
 * Context: process context, may sleep.
 * Return: the set, or an ERR_PTR: -EINVAL not a positive number, or no leader
 * of a thread group, or a kernel thread; -ERANGE too large; -ESRCH no such
 * process; -E2BIG more than PIDS_MAX; -ENOMEM.
 */
struct pids *pids_parse(char *text);

/**
 * pids_all() - the thread groups with an address space at this moment
 *
 * Context: process context, may sleep.
 * Return: the set, or an ERR_PTR: -ENOMEM, -EAGAIN when tasks were created
 * faster than they could be listed.
 */
struct pids *pids_all(void);
void pids_free(struct pids *pids);

/**
 * pids_filter_set() - make @pids what set_pid holds
 * @pids: taken over
 * @append: add to the present ones instead
 *
 * Return: 0, or -E2BIG or -ENOMEM, and nothing is changed.
 */
int pids_filter_set(struct pids *pids, bool append);

/**
 * pids_filter_get() - a copy of what set_pid holds
 * Return: the set, free it with pids_free(), or an ERR_PTR.
 */
struct pids *pids_filter_get(void);
void pids_filter_exit(void);

/* tasks.c */

#define TASKS_MAX BIT(18)	/* of a snapshot; that many rows are about 70 MB */

/* In the order of the columns. */
enum shared_object {
	OBJECT_MM,
	OBJECT_FILES,
	OBJECT_FS,
	OBJECT_SIGHAND,
	OBJECT_SIGNAL,
	OBJECT_NSPROXY,
	OBJECT_IO,
	OBJECT_SYSVSEM,
	SHARED_OBJECTS
};

#define USERS_UNKNOWN (-1)

/**
 * struct task_row - a task at the moment of the snapshot
 * @tid: in the pid namespace of the reader, as @tgid and @ppid
 * @tgid: of its thread group
 * @ppid: thread group of its parent
 * @flags: PF_* bits
 * @leader: leads its thread group
 * @vfork: its parent waits for it to exec or exit
 * @object: compared and shown as ids, never looked through: not referenced
 * @users: the kernel's own count, USERS_UNKNOWN where it keeps none
 * @nvcsw: voluntary context switches
 * @nivcsw: involuntary ones
 * @registers: @pc, @sp and @tls were there to be read
 * @pc: user program counter at the last entry into the kernel
 * @sp: user stack pointer likewise
 * @stack: where the main thread's stack starts
 * @tls: thread pointer as last saved
 * @comm: name
 */
struct task_row {
	pid_t tid, tgid, ppid;
	unsigned int flags;
	bool leader, vfork;
	const void *object[SHARED_OBJECTS];
	int users[SHARED_OBJECTS];
	unsigned long nvcsw, nivcsw;
	bool registers;
	unsigned long pc, sp, stack, tls;
	char comm[TASK_COMM_LEN];
};

struct task_snapshot {
	unsigned int count;
	struct task_row row[];
};

/**
 * tasks_snapshot() - all tasks that the caller's pid namespace knows
 *
 * Context: process context, may sleep.
 * Return: the snapshot, free it with kvfree(), or an ERR_PTR: -ENOMEM, -EFBIG
 * more than TASKS_MAX tasks, -EAGAIN tasks were created faster than listed.
 */
struct task_snapshot *tasks_snapshot(void);

/**
 * tasks_count() - how many tasks there are, roughly: they come and go
 * Context: process context.
 */
unsigned int tasks_count(void);

/**
 * tasks_room() - how many rows to allocate for a snapshot
 * @try: 0 for the first try, then 1 and so on: more room each time
 *
 * Return: the number, or -EFBIG above TASKS_MAX, or -EAGAIN after the last try.
 */
int tasks_room(unsigned int try);

/* mms.c */

/**
 * struct mm_row - an address space at the moment of the snapshot
 * @mm: compared and shown as an id: not referenced
 * @tgid: the lowest of its thread groups
 * @borrowed: this row, before rows are merged, is of a borrower
 * @tasks: that use it
 * @groups: thread groups that use it
 * @lazy: kernel tasks that borrow it
 * @mm_users: the kernel's count of users
 * @mm_count: the kernel's count of references
 * @vmas: mappings
 * @rss_anon: pages, as the three that follow
 * @rss_file: pages of files
 * @rss_shmem: pages of shared memory
 * @swap: swap entries
 * @pgtables: bytes of page tables
 * @tlb_gen: generation of its last TLB flush, where the architecture has one
 * @cpus: index of its CPU mask in the snapshot's
 * @comm: name of the leader of @tgid
 */
struct mm_row {
	const struct mm_struct *mm;
	pid_t tgid;
	bool borrowed;
	unsigned int tasks, groups, lazy;
	int mm_users, mm_count, vmas;
	unsigned long rss_anon, rss_file, rss_shmem, swap;	/* pages */
	unsigned long pgtables;					/* bytes */
	u64 tlb_gen;
	unsigned int cpus;
	char comm[TASK_COMM_LEN];
};

struct mm_snapshot {
	unsigned int count, mask_longs;
	unsigned long *masks;
	struct mm_row row[];
};

/**
 * mms_snapshot() - all address spaces in use by tasks of the caller's pid
 * namespace
 *
 * Context: process context, may sleep.
 * Return: the snapshot, free it with mms_snapshot_free(), or an ERR_PTR as
 * tasks_snapshot().
 */
struct mm_snapshot *mms_snapshot(void);
void mms_snapshot_free(struct mm_snapshot *snapshot);

/**
 * mms_mask() - the CPUs whose TLB may hold the row's address space
 * @snapshot: that the row is of
 * @row: the row
 *
 * Return: nr_cpu_ids bits.
 */
static inline const unsigned long *mms_mask(const struct mm_snapshot *snapshot,
					    const struct mm_row *row)
{
	return snapshot->masks + (size_t)row->cpus * snapshot->mask_longs;
}

/* counters.c */

/**
 * struct counter_set - per-CPU counters and where the last reset left them
 * @name: for messages
 * @now: per-CPU array of @count u64, only ever added to by the probes
 * @count: how many counters
 * @base: their values at the last reset, [cpu * count + i]
 *
 * A reset moves @base instead of writing to counters that a probe may be
 * adding to on another CPU, so no count is lost or comes back.
 */
struct counter_set {
	const char *name;
	u64 __percpu *now;
	unsigned int count;
	u64 *base;
};

int counter_set_init(struct counter_set *set);
void counter_set_exit(struct counter_set *set);

/**
 * counter_set_reset() - from here on count from zero on one CPU
 * @set: the counters
 * @cpu: which
 *
 * Context: on @cpu with interrupts off, or @cpu is offline.
 */
void counter_set_reset(struct counter_set *set, unsigned int cpu);

/**
 * counter_read() - a counter since the last reset
 * @set: the counters
 * @cpu: which CPU's
 * @index: which counter
 *
 * Context: any.
 */
u64 counter_read(const struct counter_set *set, unsigned int cpu, unsigned int index);

/**
 * counter_sum() - the same over all possible CPUs
 * @set: the counters
 * @index: which counter
 *
 * Context: any.
 */
u64 counter_sum(const struct counter_set *set, unsigned int index);

/* probe.c */

/**
 * struct tracepoint_probe - a function on a tracepoint of the kernel
 * @tracepoint: its name
 * @function: with the tracepoint's prototype
 * @found: filled by probes_init()
 */
struct tracepoint_probe {
	const char *tracepoint;
	void *function;
	struct tracepoint *found;
};

/**
 * struct probe - what one word of `enable` switches
 * @name: the word
 * @tracepoints: ends with an entry without a name; attached in this order and
 *	detached in reverse
 * @measure: calls its function once, for measure_costs(); interrupts are off
 * @cost: ns of an event, as measured at load; 0 for not measured
 * @forget: drops what an earlier attachment left pending, or NULL; no probe
 *	function of it runs meanwhile
 * @attach: attaches what is no tracepoint, or NULL; process context
 * @detach: the reverse of @attach
 * @counters: what it counts in
 * @attached: under the control lock
 * @why: a word that says why this kernel cannot, or NULL
 */
struct probe {
	const char *name;
	struct tracepoint_probe *tracepoints;
	void (*measure)(void);
	u64 cost;
	void (*forget)(void);
	int (*attach)(void);
	void (*detach)(void);
	struct counter_set *counters;
	bool attached;
	const char *why;
};

enum probe_number {
	PROBE_SWITCHES,
	PROBE_TLB,
	PROBE_BIRTHS,
	PROBE_LATENCY,
	PROBES
};

extern struct probe switches_probe, tlb_probe, births_probe, latency_probe;

int probes_init(void);
/**
 * probes_exit() - detach all; when it returns no probe function runs any more
 */
void probes_exit(void);

/**
 * probes_switch() - attach the probes in @on, detach those in @off
 * @on: bits of enum probe_number
 * @off: likewise; a probe in neither stays as it is
 *
 * Context: process context, may sleep.
 * Return: 0, or -EOPNOTSUPP or what attaching gave, and all is as before.
 */
int probes_switch(unsigned long on, unsigned long off);

/**
 * probes_reset() - set all counters to zero, on each CPU between two events
 * Context: process context, sleeps.
 * Return: 0, -ENOMEM or -EINTR.
 */
int probes_reset(void);

const struct probe *probe_get(enum probe_number number);

/*
 * The control lock, for what must not meet a reset. Return: 0, or -EINTR.
 */
int probes_lock(void);
void probes_unlock(void);

/**
 * probes_measure() - find out what an event costs, before anything is attached
 * Context: process context, at load.
 * Return: 0 or -ENOMEM.
 */
int probes_measure(void);

/* switches.c, latency.c */

/**
 * classify_switch() - what a context switch is to the address spaces
 * @prev: goes
 * @next: comes
 *
 * At sched_switch @prev->active_mm is still the one that a kernel thread
 * borrowed. A task past exit_mm() has no mm and counts as a kernel thread: it
 * runs on a borrowed one just so.
 *
 * Context: under the runqueue lock.
 */
static inline enum switch_class classify_switch(const struct task_struct *prev,
						const struct task_struct *next)
{
	if (prev->mm) {
		if (!next->mm)
			return SWITCH_TO_KERNEL;
		return prev->mm == next->mm ? SWITCH_THREAD : SWITCH_PROCESS;
	}
	if (!next->mm)
		return SWITCH_KERNEL;
	return prev->active_mm == next->mm ? SWITCH_RETURN : SWITCH_RETURN_OTHER;
}

#define LATENCY_BUCKETS 32	/* the last one holds all from 2^31 ns on */

u64 switches_count(unsigned int cpu, enum switch_class class);
u64 latency_count(enum switch_class class, unsigned int bucket);
u64 latency_ns(unsigned int cpu, enum switch_class class);

/**
 * latency_measured() - was the latency probe ever attached since the load
 */
bool latency_measured(void);

/* tlb.c */
u64 tlb_count(unsigned int cpu, enum tlb_reason reason, enum tlb_outcome outcome);
u64 tlb_pages(unsigned int cpu, enum tlb_reason reason);

/* births.c */
struct birth_counts {
	u64 count, pgtable_bytes, vmas, pages;
};

struct birth_counts births_count(enum birth_kind kind);

/* machine.c */

/**
 * machine_kind() - "emulated", "virtual" or "metal"
 */
const char *machine_kind(void);
bool machine_has_pcid(void);
bool machine_has_pti(void);

/**
 * machine_pgtable_levels() - levels of the page tables of processes, without folded ones
 *
 * Context: a process with an address space, such as a reader. Locks: none.
 */
unsigned int machine_pgtable_levels(void);

/* export.c */
int export_init(void);
void export_exit(void);

#endif /* SHARESTAT_H */
