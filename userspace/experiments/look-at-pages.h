/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the experiments on sharing look at two tasks: at the records of both in
 * one snapshot, and at pages, with the witness of /proc beside the module.
 */
#ifndef SHARESTAT_EXPERIMENTS_LOOK_AT_PAGES_H
#define SHARESTAT_EXPERIMENTS_LOOK_AT_PAGES_H

#include "model/finding.h"
#include "read/page-lookup.h"
#include "read/records.h"

/* The task that measures and the actor, as evidence names them; by actor_kind. */
extern const char *const side_name[2];		/* "process", "thread" */
extern const char *const measurer_name[2];	/* "parent", "main thread" */
extern const char *const actor_name[2];		/* "child", "thread" */

/* The records of the measuring task and of an actor at one moment. */
struct task_pair {
	struct task_record measurer, actor;
};

/**
 * task_pair() - look at the calling process's leader and an actor in `tasks`
 * @pair: filled
 * @actor: task id of the actor
 *
 * Return: 0, or -1 when the file cannot be read or lacks one of the two.
 */
int task_pair(struct task_pair *pair, pid_t actor);
/** same_object() - do both have this object, and is it one */
bool same_object(const struct task_pair *pair, enum shared_object object);

/* One page: the module's facts, and the same from /proc. */
struct page_view {
	bool present;
	struct page_facts facts;
	uint64_t witness_pfn, witness_maps;
};

/* How many pages an experiment looked at, and where the witness agreed. */
struct tally {
	size_t pages, agreed;
};

/**
 * view_pages() - look at neighbouring pages of a task
 * @tgid: the thread group, whose page tables the module walks
 * @tid: the task whose /proc/TID/pagemap is the witness
 * @address: of the first page
 * @pages: how many
 * @views: filled, one a page
 * @tally: added to
 *
 * A page can move between the two looks (compaction, swap), so a disagreement
 * counts only when it stays.
 *
 * Return: how many are present, or -1 when the module's file cannot be read.
 */
int view_pages(pid_t tgid, pid_t tid, const void *address, size_t pages,
	       struct page_view *views, struct tally *tally);

/** same_frame() - are both present and on one frame */
bool same_frame(const struct page_view *a, const struct page_view *b);

/**
 * pages_witness() - what /proc/PID/pagemap or /proc/kpagecount says, as evidence
 * @finding: whose
 * @source: which of them
 * @agrees: with the module; not looked at where the kernel has not got them
 * @format: what they say
 */
void pages_witness(struct finding *finding, const char *source, bool agrees,
		   const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * kcmp_witness() - what kcmp(2) says about two tasks and an object, as evidence
 * @finding: whose
 * @who: which two, for people
 * @kcmp: what kcmp_same() gave
 * @same: do both have one object, by the module
 * @object: the object, for people: "address space"
 */
void kcmp_witness(struct finding *finding, const char *who, int kcmp, bool same,
		  const char *object);

/** tally_evidence() - what the witness said, as evidence of a finding */
void tally_evidence(struct finding *finding, const struct tally *tally);

/**
 * shared_block() - zeroed memory that process actors share, for their reports
 * @size: in bytes; free it with munmap()
 *
 * Return: the memory, or NULL with errno set.
 */
void *shared_block(size_t size);

#endif
