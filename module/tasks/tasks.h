/* SPDX-License-Identifier: GPL-2.0 */
/* Lists and snapshots of tasks, of address spaces, sets of thread groups, ids. */
#ifndef SHARESTAT_TASKS_TASKS_H
#define SHARESTAT_TASKS_TASKS_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "sharestat.h"

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
 * pids_all() - all thread groups at this moment but kernel threads
 * @ns: the namespace that knows them
 *
 * Context: process context, may sleep.
 * Return: the set, or an ERR_PTR as tasks_list().
 */
struct pids *pids_all(struct pid_namespace *ns);
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

/* list.c */

#define TASKS_MAX BIT(18)	/* of a snapshot; that many rows are about 70 MB */

/**
 * struct task_list - tasks, each with a reference
 * @count: how many
 * @task: by their numbers; some may have ended since
 */
struct task_list {
	unsigned int count;
	struct task_struct *task[];
};

/**
 * tasks_list() - all tasks that a pid namespace knows
 * @ns: the namespace
 *
 * Who lives from the call to its return is there. Neither RCU nor the CPU is held for more
 * than some hundred tasks at a time.
 *
 * Context: process context, may sleep.
 * Return: the list, free it with tasks_list_free(), or an ERR_PTR: -ENOMEM, -EFBIG
 * more than TASKS_MAX tasks, -EAGAIN tasks were created faster than listed.
 */
struct task_list *tasks_list(struct pid_namespace *ns);
void tasks_list_free(struct task_list *list);

/* objects.c */

/**
 * struct object - an object that rows have
 * @node: of its hash chain
 * @address: compared, never dereferenced
 * @index: how many others were there before it
 * @holders: for the caller to count in
 * @users: likewise
 */
struct object {
	struct hlist_node node;
	const void *address;
	unsigned int index, holders;
	int users;
};

/**
 * struct objects - a hash table of objects by their addresses
 * @bits: of the hash
 * @count: how many objects
 * @head: the chains
 * @object: the objects
 */
struct objects {
	unsigned int bits, count;
	struct hlist_head *head;
	struct object *object;
};

/**
 * objects_init() - make an empty table
 * @objects: zeroed
 * @capacity: for so many objects
 *
 * Return: 0, free it with objects_exit(), or -ENOMEM.
 */
int objects_init(struct objects *objects, unsigned int capacity);
void objects_exit(struct objects *objects);

/**
 * objects_clear() - empty the table
 * @objects: the table
 *
 * Context: process context, may sleep.
 */
void objects_clear(struct objects *objects);

/**
 * objects_find() - look an address up
 * @objects: the table
 * @address: of an object
 *
 * Return: its object, or NULL.
 */
struct object *objects_find(const struct objects *objects, const void *address);

/**
 * objects_add() - look an address up, and add it when it is new
 * @objects: the table, which is not full
 * @address: of an object
 *
 * Return: its object; a new one has no holders.
 */
struct object *objects_add(struct objects *objects, const void *address);

/* tasks.c */

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
 * @object: compared and shown as ids, never dereferenced: not referenced. Two rows have
 *	the same only when both tasks had it at one moment; NULL also for what was let go
 *	of meanwhile
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
 * Return: the snapshot, free it with kvfree(), or an ERR_PTR as tasks_list().
 */
struct task_snapshot *tasks_snapshot(void);

/* mms.c */

/**
 * struct mm_row - an address space at the moment of the snapshot
 * @mm: compared and shown as an id: not referenced
 * @tgid: the lowest of its thread groups
 * @tasks: that use it, all at one moment
 * @groups: thread groups that use it
 * @lazy: kernel tasks that borrow it, at that moment
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
 * tasks_list().
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
const unsigned long *mms_mask(const struct mm_snapshot *snapshot, const struct mm_row *row);

#endif /* SHARESTAT_TASKS_TASKS_H */
