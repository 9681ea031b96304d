// SPDX-License-Identifier: GPL-2.0
/* What was seen of a program, as rows of the comparison. Pure. */
#include <stdio.h>
#include <string.h>

#include "lib/quantity.h"
#include "model/program-rows.h"
#include "read/names.h"

/* The own tasks of all groups that have the address space of this one. */
static uint64_t tasks_in_space(const struct program *program, const struct program_group *group)
{
	object_id mm = group->object[OBJECT_MM];
	uint64_t tasks = 0;

	for (size_t i = 0; i < program->ngroups; i++) {
		const struct program_group *other = &program->groups[i];

		if (other == group || (mm && other->object[OBJECT_MM] == mm))
			tasks += other->tasks;
	}
	return tasks;
}

uint64_t program_empty_tables(const struct program *program)
{
	uint64_t seen = 0, tables = 0;

	for (size_t i = 0; i < program->ngroups; i++) {
		const struct program_group *group = &program->groups[i];

		if (group->space < 0 || seen >> group->space & 1)
			continue;
		seen |= 1ULL << group->space;
		tables += group->empty_tables;
	}
	return tables;
}

/* By what the same snapshot of tasks says; no id is nobody else's. */
static bool has_own_space(const struct program *program, size_t index)
{
	const object_id mm = program->groups[index].object[OBJECT_MM];

	for (size_t i = 0; mm && i < index; i++)
		if (program->groups[i].object[OBJECT_MM] == mm)
			return false;
	return true;
}

struct program_sums program_sums(const struct program *program)
{
	static const uint32_t written_in_common = 1u << SHARING_MAPFILE | 1u << SHARING_MAPANON |
		1u << SHARING_MEMFD | 1u << SHARING_POSIXSHM | 1u << SHARING_SYSVSHM |
		1u << SHARING_HUGETLB;
	const uint64_t *tlb = program->run.own + ACCOUNT_TLB;
	const struct overlap *overlap = &program->overlap;
	struct program_sums sums = { 0 };

	for (size_t i = 0; i < program->ngroups; i++) {
		const struct program_group *group = &program->groups[i];
		uint64_t in_space = tasks_in_space(program, group);
		size_t first = 0;

		while (program->groups[first].object[OBJECT_FILES] != group->object[OBJECT_FILES])
			first++;
		sums.files += first == i;
		sums.mms += has_own_space(program, i);
		sums.tasks += group->tasks;
		sums.workers += group->workers;
		if (in_space > sums.most_in_space)
			sums.most_in_space = in_space;
		if (group->tasks > sums.most_tasks)
			sums.most_tasks = group->tasks;
	}
	for (size_t i = 0; i < overlap->ngroups; i++) {
		const struct overlap_group *group = &overlap->groups[i];

		sums.all += group->frames;
		sums.written[group->sharing] += group->written;
		if (overlap_members(group) > 1)
			sums.common[group->sharing] += group->frames;
		else if (group->sharing == SHARING_PRIVATE)
			sums.own += group->frames;
	}
	for (unsigned int i = 0; i < SHARING_CLASSES; i++) {
		if (!(written_in_common >> i & 1))
			continue;
		sums.shared_memory += sums.written[i];
		if (sums.written[i] > sums.written[sums.shared_class] ||
		    !(written_in_common >> sums.shared_class & 1))
			sums.shared_class = i;
	}
	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		sums.switches += program->run.own[ACCOUNT_SWITCHES + i];
	sums.direct = program->run.own[ACCOUNT_SWITCHES + SWITCH_THREAD] +
		      program->run.own[ACCOUNT_SWITCHES + SWITCH_PROCESS];
	for (size_t i = 0; i < TLB_REASONS; i++)
		sums.flushes += tlb[i * TLB_OUTCOMES + TLB_OUTCOME_RANGE] +
				tlb[i * TLB_OUTCOMES + TLB_OUTCOME_FULL];
	return sums;
}

void program_row_add(struct program_row **row, const char *id, enum verdict verdict)
{
	**row = (struct program_row) { .id = id, .verdict = verdict };
	(*row)++;
}

struct size_text size_of_bytes(double bytes)
{
	struct size_text size;

	format_quantity(size.text, sizeof(size.text), bytes, "bytes");
	return size;
}

struct size_text size_of_frames(const struct program *program, uint64_t frames)
{
	return size_of_bytes((double)(frames * program->page_size));
}

const char *plural(uint64_t count, const char *many)
{
	return count == 1 ? "" : many;
}

/* Not what the program does by itself. */
static struct size_text workers_text(const struct program_sums *sums)
{
	struct size_text text = { "" };

	if (sums->workers)
		snprintf(text.text, sizeof(text.text), ", %llu worker%s of the kernel",
			 ULL(sums->workers), plural(sums->workers, "s"));
	return text;
}

static void row_definition(struct program_row **row, const struct program *program,
			   const struct program_sums *sums)
{
	const char *shape = program->ngroups > 1 && sums->mms == 1 ?
		"processes in one address space" : program->ngroups > 1 && sums->most_tasks > 1 ?
		"processes, some with threads" : program->ngroups > 1 ? "processes" :
		sums->most_tasks > 1 ? "threads" : "neither: one path of execution";

	program_row_add(row, "definition", NOT_MEASURABLE);
	TEXT(*row, "%s: %zu process%s, %llu task%s%s", shape, program->ngroups,
	     plural(program->ngroups, "es"), ULL(sums->tasks), plural(sums->tasks, "s"),
	     workers_text(sums).text);
	EVIDENCE(*row, "debugfs:tasks, the most of %u looks; %llu tasks in the process with most",
		 program->looks, ULL(sums->most_tasks));
}

/* Each group has an address space of its own, and all its tasks have that one. */
static void row_address_space(struct program_row **row, const struct program *program,
			      const struct program_sums *sums)
{
	bool one = true;

	for (size_t i = 0; i < program->ngroups; i++)
		one &= program->groups[i].one_mm;
	program_row_add(row, "address-space",
			one && sums->mms == program->ngroups ? CONFIRMED : REFUTED);
	TEXT(*row, "%llu address space%s for %zu process%s", ULL(sums->mms), plural(sums->mms, "s"),
	     program->ngroups, plural(program->ngroups, "es"));
	EVIDENCE(*row, one ? "debugfs:tasks: the threads of each process have one mm%s" :
		 "debugfs:tasks: threads of one process have different mms%s",
		 sums->mms < program->ngroups ? "; some processes share one (CLONE_VM)" : "");
}

static void row_memory(struct program_row **row, const struct program *program,
		       const struct program_sums *sums)
{
	uint64_t writable = 0;
	size_t used = 0;

	for (size_t i = 0; i < program->ngroups; i++)
		writable += program->groups[i].writable;
	program_row_add(row, "memory", writable ? REFUTED : sums->mms == 1 ? NOT_MEASURABLE :
		CONFIRMED);
	used = TEXT(*row, "own %s; in common:", size_of_frames(program, sums->own).text);
	for (unsigned int i = 0; i < SHARING_CLASSES; i++) {
		if (sums->common[i] && used < sizeof((*row)[-1].text))
			used += snprintf((*row)[-1].text + used, sizeof((*row)[-1].text) - used,
					 " %s %s", sharing_names[i],
					 size_of_frames(program, sums->common[i]).text);
	}
	if (sums->mms == 1)
		TEXT(*row, "own %s; its %s share all of it, by one page table",
		     size_of_frames(program, sums->own).text,
		     program->ngroups > 1 ? "processes" : "threads");
	EVIDENCE(*row, "debugfs:frames.bin; %llu pages that are shared copy-on-write can be written without a copy",
		 ULL(writable));
}

static void row_creation(struct program_row **row, const struct program *program)
{
	const struct program_group *dear = NULL;

	for (size_t i = 0; i < program->ngroups; i++) {
		if (!dear || program->groups[i].cost.anonymous > dear->cost.anonymous)
			dear = &program->groups[i];
	}
	program_row_add(row, "creation-cost", NOT_MEASURABLE);
	if (!dear)
		return;
	TEXT(*row, "a fork of %d would copy %s of page tables for %s of anonymous memory",
	     dear->tgid, size_of_frames(program, dear->cost.tables).text,
	     size_of_frames(program, dear->cost.anonymous).text);
	EVIDENCE(*row, "debugfs:vmas, frames.bin: %llu mappings; %llu pages to write-protect. It made %llu processes and %llu threads while it was watched",
		 ULL(dear->cost.vmas), ULL(dear->cost.protect),
		 ULL(program->run.own[ACCOUNT_BIRTHS + BIRTH_FORK] +
		     program->run.own[ACCOUNT_BIRTHS + BIRTH_VFORK]),
		 ULL(program->run.own[ACCOUNT_BIRTHS + BIRTH_THREAD]));
}

static void row_switch(struct program_row **row, const struct program *program,
		       const struct program_sums *sums)
{
	const uint64_t *own = program->run.own + ACCOUNT_SWITCHES;

	program_row_add(row, "context-switch", NOT_MEASURABLE);
	TEXT(*row, "%llu switches in %.1f s: thread %llu, process %llu, by way of the kernel %llu",
	     ULL(sums->switches), program->run.seconds, ULL(own[SWITCH_THREAD]),
	     ULL(own[SWITCH_PROCESS]), ULL(sums->switches - sums->direct));
	if (program->no_flushes)
		EVIDENCE(*row, "debugfs:switches_mms; this kernel does not trace TLB flushes");
	else
		EVIDENCE(*row, "debugfs:switches_mms, tlb_mms: %llu TLB flushes, %llu times the TLB was kept",
			 ULL(sums->flushes),
			 ULL(program->run.own[ACCOUNT_FLUSHES(TASK_SWITCH, KEPT)]));
}

static void row_communication(struct program_row **row, const struct program *program,
			      const struct program_sums *sums)
{
	program_row_add(row, "communication", NOT_MEASURABLE);
	if (program->ngroups > 1 && sums->mms == 1)
		TEXT(*row, "through its own memory, which all its processes have");
	else if (program->ngroups == 1)
		TEXT(*row, sums->most_tasks > 1 ? "through its own memory, which all threads have" :
		     "none inside: there is one task");
	else if (sums->shared_memory)
		TEXT(*row, "through shared memory: %s in common, most of class %s",
		     size_of_frames(program, sums->shared_memory).text,
		     sharing_names[sums->shared_class]);
	else
		TEXT(*row, "no shared memory; what pipes and sockets carry is not seen");
	EVIDENCE(*row, "debugfs:frames.bin: frames of shared mappings in two and more address spaces");
}

static void row_isolation(struct program_row **row, const struct program *program,
			  const struct program_sums *sums)
{
	bool apart = sums->mms >= program->ngroups;

	program_row_add(row, "isolation", NOT_MEASURABLE);
	if (!apart && program->crash_ends_space)
		TEXT(*row, "a crash ends all processes of 1 of %llu address space%s: at most %llu of %llu tasks",
		     ULL(sums->mms), plural(sums->mms, "s"), ULL(sums->most_in_space),
		     ULL(sums->tasks));
	else
		TEXT(*row, "a crash ends 1 of %zu process%s: at most %llu of %llu tasks%s",
		     program->ngroups, plural(program->ngroups, "es"), ULL(sums->most_tasks),
		     ULL(sums->tasks), apart ? "" :
		     "; others with its address space go on with what it left there");
	EVIDENCE(*row, "debugfs:tasks; nothing was made to crash");
}

static void row_resources(struct program_row **row, const struct program *program,
			  const struct program_sums *sums)
{
	bool one = true;

	for (size_t i = 0; i < program->ngroups; i++)
		one &= program->groups[i].one_files;
	program_row_add(row, "resources",
			one && sums->files == program->ngroups ? CONFIRMED : REFUTED);
	TEXT(*row, "%llu table%s of open files for %zu process%s", ULL(sums->files),
	     plural(sums->files, "s"), program->ngroups, plural(program->ngroups, "es"));
	EVIDENCE(*row, one ? "debugfs:tasks: the threads of each process have one" :
		 "debugfs:tasks: threads of one process have different ones (unshare)");
}

void program_rows(const struct program *program, struct program_row rows[PROGRAM_ROWS])
{
	struct program_sums sums = program_sums(program);
	struct program_row *row = rows;

	row_definition(&row, program, &sums);
	row_address_space(&row, program, &sums);
	row_memory(&row, program, &sums);
	row_creation(&row, program);
	row_switch(&row, program, &sums);
	row_communication(&row, program, &sums);
	row_isolation(&row, program, &sums);
	row_resources(&row, program, &sums);
}
