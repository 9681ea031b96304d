// SPDX-License-Identifier: GPL-2.0
/* What was seen of a program, as rows of the comparison and as advice. Pure. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/quantity.h"
#include "model/program.h"
#include "read/names.h"

#define MUCH_MEMORY	(1u << 20)	/* shared memory that is more than a detail, bytes */
#define MUCH_TABLES	(1u << 20)	/* page tables to copy at a fork, bytes */
#define MANY_SWITCHES	1000.0		/* a second, between its own tasks */

const char advice_unknown[] =
	"Not known: what its pipes carry, what may crash in it, what a change would cost to write.";

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

struct program_sums program_sums(const struct program *program)
{
	static const uint32_t written_in_common = 1u << SHARING_MAPFILE | 1u << SHARING_MAPANON |
		1u << SHARING_MEMFD | 1u << SHARING_POSIXSHM | 1u << SHARING_SYSVSHM |
		1u << SHARING_HUGETLB;
	const uint64_t *tlb = program->run.own + ACCOUNT_TLB;
	const struct overlap *overlap = &program->overlap;
	struct program_sums sums = { .mms = overlap->nspaces + overlap->left_out };

	/* None that was seen tells nothing against one for each. */
	sums.spaces = sums.mms ? sums.mms : program->ngroups;
	for (size_t i = 0; i < program->ngroups; i++) {
		const struct program_group *group = &program->groups[i];
		uint64_t in_space = tasks_in_space(program, group);
		size_t first = 0;

		while (program->groups[first].object[OBJECT_FILES] != group->object[OBJECT_FILES])
			first++;
		sums.files += first == i;
		sums.tasks += group->tasks;
		sums.workers += group->workers;
		if (in_space > sums.most_in_space)
			sums.most_in_space = in_space;
		if (group->tasks > sums.most_tasks)
			sums.most_tasks = group->tasks;
	}
	for (size_t i = 0; i < overlap->ngroups; i++) {
		const struct overlap_group *group = &overlap->groups[i];

		if (overlap_members(group) > 1)
			sums.common[group->sharing] += group->frames;
		else if (group->sharing == SHARING_PRIVATE)
			sums.own += group->frames;
	}
	for (unsigned int i = 0; i < SHARING_CLASSES; i++) {
		if (!(written_in_common >> i & 1))
			continue;
		sums.shared_memory += sums.common[i];
		if (sums.common[i] > sums.common[sums.shared_class] ||
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

static void add_row(struct program_row **row, const char *id, enum verdict verdict)
{
	**row = (struct program_row) { .id = id, .verdict = verdict };
	(*row)++;
}

#define TEXT(row, ...) snprintf((row)[-1].text, sizeof((row)[-1].text), __VA_ARGS__)
#define EVIDENCE(row, ...) snprintf((row)[-1].evidence, sizeof((row)[-1].evidence), __VA_ARGS__)

struct size_text {
	char text[64];
};

static struct size_text size_of_frames(const struct program *program, uint64_t frames)
{
	struct size_text size;

	format_quantity(size.text, sizeof(size.text), (double)(frames * program->page_size),
			"bytes");
	return size;
}

static const char *plural(uint64_t count, const char *many)
{
	return count == 1 ? "" : many;
}

#define ULL(x) ((unsigned long long)(x))

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
	const char *shape = program->ngroups > 1 && sums->spaces == 1 ?
		"processes in one address space" : program->ngroups > 1 && sums->most_tasks > 1 ?
		"processes, some with threads" : program->ngroups > 1 ? "processes" :
		sums->most_tasks > 1 ? "threads" : "neither: one path of execution";

	add_row(row, "definition", NOT_MEASURABLE);
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
	add_row(row, "address-space", one && sums->mms == program->ngroups ? CONFIRMED : REFUTED);
	TEXT(*row, "%llu address space%s for %zu process%s", ULL(sums->mms), plural(sums->mms, "s"),
	     program->ngroups, plural(program->ngroups, "es"));
	EVIDENCE(*row, one ? "debugfs:tasks: the threads of each process have one mm%s" :
		 "debugfs:tasks: threads of one process have different mms%s",
		 sums->mms < program->ngroups ? "; some processes share one (vfork, CLONE_VM)" : "");
}

static void row_memory(struct program_row **row, const struct program *program,
		       const struct program_sums *sums)
{
	uint64_t writable = 0;
	size_t used = 0;

	for (size_t i = 0; i < program->ngroups; i++)
		writable += program->groups[i].writable;
	add_row(row, "memory", writable ? REFUTED : sums->spaces == 1 ? NOT_MEASURABLE :
		CONFIRMED);
	used = TEXT(*row, "own %s; in common:", size_of_frames(program, sums->own).text);
	for (unsigned int i = 0; i < SHARING_CLASSES; i++) {
		if (sums->common[i] && used < sizeof((*row)[-1].text))
			used += snprintf((*row)[-1].text + used, sizeof((*row)[-1].text) - used,
					 " %s %s", sharing_names[i],
					 size_of_frames(program, sums->common[i]).text);
	}
	if (sums->spaces == 1)
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
	add_row(row, "creation-cost", NOT_MEASURABLE);
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

	add_row(row, "context-switch", NOT_MEASURABLE);
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
	add_row(row, "communication", NOT_MEASURABLE);
	if (program->ngroups > 1 && sums->spaces == 1)
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
	bool apart = sums->spaces >= program->ngroups;

	add_row(row, "isolation", NOT_MEASURABLE);
	if (!apart && program->crash_ends_space)
		TEXT(*row, "a crash ends all processes of 1 of %llu address space%s: at most %llu of %llu tasks",
		     ULL(sums->spaces), plural(sums->spaces, "s"), ULL(sums->most_in_space),
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
	add_row(row, "resources", one && sums->files == program->ngroups ? CONFIRMED : REFUTED);
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

static void lean(struct program_row **row, const char *id, const char *leaning)
{
	add_row(row, id, NOT_MEASURABLE);
	(*row)[-1].leaning = leaning;
}

static void advise_isolation(struct program_row **row, const struct program *program,
			     const struct program_sums *sums)
{
	uint64_t broken = 0;

	for (size_t i = 0; i < program->ngroups; i++)
		broken += program->groups[i].inherited - program->groups[i].still_shared;
	lean(row, "use-process-isolation", sums->spaces > 1 && sums->own + broken ?
	     "processes" : "unknown");
	TEXT(*row, sums->spaces > 1 ? sums->spaces < program->ngroups ?
	     "each address space keeps memory of its own that no other can write" :
	     "each process keeps memory of its own that no other can write" :
	     "all its memory is open to all its tasks; whether it must not be, nobody told");
	EVIDENCE(*row, "%s private; %s written apart since their forks",
		 size_of_frames(program, sums->own).text, size_of_frames(program, broken).text);
}

static void advise_independence(struct program_row **row, const struct program *program,
				const struct program_sums *sums)
{
	bool apart = sums->spaces >= program->ngroups && sums->spaces > 1 && !sums->shared_memory;

	lean(row, "use-process-independence", apart ? "processes" :
	     sums->spaces > 1 ? "either" : "unknown");
	TEXT(*row, apart ? "its processes have no memory in common that they write" :
	     program->ngroups > 1 ? "its processes depend on memory that they all write" :
	     "it is one process");
	EVIDENCE(*row, "%llu tables of open files; %s of shared memory", ULL(sums->files),
		 size_of_frames(program, sums->shared_memory).text);
}

static void advise_crash(struct program_row **row, const struct program *program,
			 const struct program_sums *sums)
{
	bool together = sums->spaces < program->ngroups && program->crash_ends_space;

	lean(row, "use-process-crash-tolerance", sums->spaces > 1 ? "processes" : "unknown");
	if (sums->spaces > 1)
		TEXT(*row, together ?
		     "a crash ends all of an address space; who shares memory has to check that" :
		     "a crash ends one process; whoever shares memory with it has to check that");
	else if (program->ngroups > 1 && !together)
		TEXT(*row, "a crash ends one process and leaves the others what it did to all their memory");
	else
		TEXT(*row, "a crash of one task ends all %llu; whether that is bearable, nobody told",
		     ULL(sums->tasks));
	EVIDENCE(*row, "%zu processes, %llu address space%s, %llu tasks", program->ngroups,
		 ULL(sums->spaces), plural(sums->spaces, "s"), ULL(sums->tasks));
}

static void advise_sharing(struct program_row **row, const struct program *program,
			   const struct program_sums *sums)
{
	uint64_t repeated = program->overlap.entries * 8;
	bool much = sums->shared_memory * program->page_size > MUCH_MEMORY;
	bool threads = sums->spaces == 1 && sums->tasks > 1;

	lean(row, "use-thread-sharing", threads || much ? "threads" :
	     sums->spaces > 1 ? "processes" : "unknown");
	TEXT(*row, threads ? program->ngroups > 1 ?
	     "its processes share everything by one page table" :
	     "its threads share everything by one page table" :
	     much ? "its processes share much memory, and each pays page tables for it" :
	     sums->spaces > 1 ? "its processes share little that they write" :
	     "there is nobody to share with");
	EVIDENCE(*row, "%s shared by class %s; %.0f KiB of page-table entries map a frame again",
		 size_of_frames(program, sums->shared_memory).text,
		 sums->shared_memory ? sharing_names[sums->shared_class] : "-",
		 (double)repeated / 1024);
}

static void advise_switching(struct program_row **row, const struct program *program,
			     const struct program_sums *sums)
{
	const uint64_t *own = program->run.own + ACCOUNT_SWITCHES;
	double rate = program->run.seconds > 0 ? (double)sums->direct / program->run.seconds : 0;
	bool often = rate > MANY_SWITCHES;

	lean(row, "use-thread-switching", often ? "threads" : "either");
	TEXT(*row, often ?
	     "it switches often, and each switch of address space costs a flush or a PCID" :
	     "it switches too seldom for the kind of switch to matter");
	if (program->no_flushes)
		EVIDENCE(*row, "%.0f direct switches a second: thread %llu, process %llu", rate,
			 ULL(own[SWITCH_THREAD]), ULL(own[SWITCH_PROCESS]));
	else
		EVIDENCE(*row, "%.0f direct switches a second: thread %llu, process %llu; %llu TLB flushes",
			 rate, ULL(own[SWITCH_THREAD]), ULL(own[SWITCH_PROCESS]),
			 ULL(sums->flushes));
}

static void advise_coupling(struct program_row **row, const struct program *program)
{
	uint64_t forks = program->run.own[ACCOUNT_BIRTHS + BIRTH_FORK];
	uint64_t threads = program->run.own[ACCOUNT_BIRTHS + BIRTH_THREAD];
	uint64_t bytes = program->run.own[ACCOUNT_BIRTH_PGTABLE_BYTES];
	bool dear = forks && bytes > MUCH_TABLES;

	lean(row, "use-thread-coupling", dear || threads > forks ? "threads" :
	     forks ? "either" : "unknown");
	TEXT(*row, dear ? "its forks copy many page tables" : forks || threads ?
	     "it makes tasks, and making them is cheap at its size" :
	     "it made no task while it was watched");
	EVIDENCE(*row, "%llu forks and %llu threads; %.0f KiB of page tables copied", ULL(forks),
		 ULL(threads), (double)bytes / 1024);
}

void program_advice(const struct program *program, struct program_row rows[PROGRAM_ADVICE])
{
	struct program_sums sums = program_sums(program);
	struct program_row *row = rows;

	advise_isolation(&row, program, &sums);
	advise_independence(&row, program, &sums);
	advise_crash(&row, program, &sums);
	advise_sharing(&row, program, &sums);
	advise_switching(&row, program, &sums);
	advise_coupling(&row, program);
}
