// SPDX-License-Identifier: GPL-2.0
/*
 * What was seen of a program, as advice: what each kind costs it, in bytes or in
 * nanoseconds a second. Where no observation could have been another one, it is unknown.
 */
#include "model/program-rows.h"
#include "read/names.h"

/* Less than these is too little to matter. */
#define MUCH_OF_MEMORY	0.01	/* page-table entries, of the memory that they map */
#define MUCH_OF_CPU	0.01
#define MUCH_COPIED	1048576.0	/* bytes of page tables a second */

const char advice_unknown[] =
	"Not known: what its pipes carry, what may crash in it, what a change would cost to write.";

static void lean(struct program_row **row, const char *id, const char *leaning)
{
	program_row_add(row, id, NOT_MEASURABLE);
	(*row)[-1].leaning = leaning;
}

static void advise_isolation(struct program_row **row, const struct program *program,
			     const struct program_sums *sums)
{
	uint64_t broken = 0;

	for (size_t i = 0; i < program->ngroups; i++)
		broken += program->groups[i].inherited - program->groups[i].still_shared;
	lean(row, "use-process-isolation", "unknown");
	TEXT(*row, sums->mms > 1 ?
	     "it has memory that one address space alone can write; whether it must, nobody told" :
	     "all its memory is open to all its tasks; whether it must not be, nobody told");
	EVIDENCE(*row, "%s private; %s written apart since their forks",
		 size_of_frames(program, sums->own).text, size_of_frames(program, broken).text);
}

static void advise_independence(struct program_row **row, const struct program *program,
				const struct program_sums *sums)
{
	const bool apart = !sums->shared_memory;

	lean(row, "use-process-independence", sums->mms <= 1 ? "unknown" :
	     apart ? "processes" : "either");
	TEXT(*row, sums->mms <= 1 ?
	     "it is one address space; which of its tasks need each other is not seen" : apart ?
	     "its processes have no memory in common that they can write" :
	     "its processes depend on memory that they can write in common");
	EVIDENCE(*row, "%s that can be written in common; %llu tables of open files",
		 size_of_frames(program, sums->shared_memory).text, ULL(sums->files));
}

static void advise_crash(struct program_row **row, const struct program *program,
			 const struct program_sums *sums)
{
	const bool together = sums->mms < program->ngroups && program->crash_ends_space;

	lean(row, "use-process-crash-tolerance", "unknown");
	if (sums->mms > 1)
		TEXT(*row, "a crash ends all of one %s; what the others do then is not seen",
		     together ? "address space" : "process");
	else if (program->ngroups > 1 && !together)
		TEXT(*row, "a crash ends one process and leaves the others what it did to all their memory");
	else
		TEXT(*row, "a crash of one task ends all %llu; whether that is bearable, nobody told",
		     ULL(sums->tasks));
	EVIDENCE(*row, "%zu processes, %llu address space%s, %llu tasks", program->ngroups,
		 ULL(sums->mms), plural(sums->mms, "s"), ULL(sums->tasks));
}

static void advise_sharing(struct program_row **row, const struct program *program,
			   const struct program_sums *sums)
{
	const double repeated = (double)program->overlap.entries * 8;
	const double all = (double)(sums->all * program->page_size);
	const bool much = repeated > MUCH_OF_MEMORY * all;

	lean(row, "use-thread-sharing", sums->mms <= 1 ? "unknown" : much ? "threads" : "either");
	if (sums->mms > 1)
		TEXT(*row, "its processes pay %s of page tables for what another of them maps, too%s",
		     size_of_bytes(repeated).text, much ? "" : ": too little to matter");
	else if (sums->tasks > 1)
		TEXT(*row, "one page table serves all its tasks; what processes would share is not seen");
	else
		TEXT(*row, "there is nobody to share with");
	EVIDENCE(*row, "%s of memory in all; %s that can be written in common, most of class %s",
		 size_of_bytes(all).text, size_of_frames(program, sums->shared_memory).text,
		 sums->shared_memory ? sharing_names[sums->shared_class] : "-");
}

static double per_second(const struct program *program, uint64_t count)
{
	return program->run.seconds > 0 ? (double)count / program->run.seconds : 0;
}

/* What all its direct switches cost more when they are between processes. */
static void advise_switching(struct program_row **row, const struct program *program,
			     const struct program_sums *sums)
{
	const uint64_t *own = program->run.own + ACCOUNT_SWITCHES;
	const double ns = per_second(program, sums->direct) * program->switch_ns;
	const bool much = ns > MUCH_OF_CPU * 1e9;

	lean(row, "use-thread-switching", !sums->direct ? "either" : program->switch_ns <= 0 ?
	     "unknown" : much ? "threads" : "either");
	if (!sums->direct)
		TEXT(*row, "none of its tasks gave the CPU to another one of them");
	else if (program->switch_ns <= 0)
		TEXT(*row, "how much more a switch between processes costs could not be told here");
	else
		TEXT(*row, "between processes its switches take %.0f ns a second more, %.2f %% of a CPU%s",
		     ns, ns / 1e7, much ? "" : ": too little to matter");
	EVIDENCE(*row, "switches a second: thread %.1f, process %.1f; a switch between processes takes %.0f ns more here",
		 per_second(program, own[SWITCH_THREAD]), per_second(program, own[SWITCH_PROCESS]),
		 program->switch_ns);
}

static const struct program_group *dearest(const struct program *program)
{
	const struct program_group *dear = NULL;

	for (size_t i = 0; i < program->ngroups; i++)
		if (!dear || program->groups[i].cost.tables > dear->cost.tables)
			dear = &program->groups[i];
	return dear;
}

/* What all tasks that it made would have copied as forks of its largest process. */
static void advise_coupling(struct program_row **row, const struct program *program)
{
	const uint64_t forks = program->run.own[ACCOUNT_BIRTHS + BIRTH_FORK];
	const uint64_t threads = program->run.own[ACCOUNT_BIRTHS + BIRTH_THREAD];
	const struct program_group *dear = dearest(program);
	const double each = dear ? (double)(dear->cost.tables * program->page_size) : 0;
	const double bytes = per_second(program, forks + threads) * each;

	lean(row, "use-thread-coupling", !(forks + threads) ? "unknown" :
	     bytes > MUCH_COPIED ? "threads" : "either");
	if (forks + threads)
		TEXT(*row, "as forks, the tasks that it makes copy up to %s of page tables a second%s",
		     size_of_bytes(bytes).text,
		     bytes > MUCH_COPIED ? "" : ": too little to matter");
	else
		TEXT(*row, "it made no task while it was watched");
	EVIDENCE(*row, "%llu fork%s and %llu thread%s; a fork copies up to %s of page tables",
		 ULL(forks), plural(forks, "s"), ULL(threads), plural(threads, "s"),
		 size_of_bytes(each).text);
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
