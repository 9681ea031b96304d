// SPDX-License-Identifier: GPL-2.0
/* What was seen of a program becomes sums, rows and advice. */
#include <string.h>

#include "model/finding.h"
#include "model/program.h"
#include "read/whole-file.h"
#include "tap.h"

#define GROUPS(list) .groups = list, .ngroups = sizeof(list) / sizeof(*(list))

/* What a row should say. */
struct wanted {
	const char *id;
	enum verdict verdict;
	const char *leaning, *text;
};

static void check_rows(const char *what, const struct program_row *rows,
		       const struct wanted *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *leaning = wanted[i].leaning;
		bool leans = leaning ? rows[i].leaning && !strcmp(rows[i].leaning, leaning) :
				       !rows[i].leaning;

		if (!CHECK(!strcmp(rows[i].id, wanted[i].id) && leans &&
			   rows[i].verdict == wanted[i].verdict &&
			   !strcmp(rows[i].text, wanted[i].text) && *rows[i].evidence,
			   "program: %s: %s: %s", what, wanted[i].id, wanted[i].text))
			printf("# %s, verdict %d, leaning %s: %s (%s)\n", rows[i].id,
			       rows[i].verdict, rows[i].leaning ? rows[i].leaning : "-",
			       rows[i].text, rows[i].evidence);
	}
}

static void check_program(const char *what, const struct program *program,
			  const struct wanted rows[PROGRAM_ROWS],
			  const struct wanted advice[PROGRAM_ADVICE])
{
	struct program_row got[PROGRAM_ROWS];

	program_rows(program, got);
	check_rows(what, got, rows, PROGRAM_ROWS);
	program_advice(program, got);
	check_rows(what, got, advice, PROGRAM_ADVICE);
}

/* A server: a leader with one task, a worker with three; 307 frames of shared memory. */
static struct program_group workers[] = {
	{ .tgid = 10, .ppid = 1, .tasks = 1, .one_mm = true, .one_files = true,
	  .object[OBJECT_MM] = 91, .object[OBJECT_FILES] = 101, .inherited = 0,
	  .cost = { .tables = 3, .anonymous = 100, .protect = 40, .vmas = 20 } },
	{ .tgid = 11, .ppid = 10, .tasks = 3, .one_mm = true, .one_files = true,
	  .object[OBJECT_MM] = 92, .object[OBJECT_FILES] = 102, .inherited = 50, .still_shared = 39,
	  .cost = { .tables = 5, .anonymous = 101, .protect = 41, .vmas = 21 } },
};

static struct overlap_group workers_frames[] = {
	{ SHARING_POSIXSHM, 3, 307, 307 },
	{ SHARING_SYSVSHM, 3, 29, 28 },
	{ SHARING_MEMFD, 3, 31, 31 },
	{ SHARING_COW, 3, 39, 0 },
	{ SHARING_PRIVATE, 1, 13, 0 },
	{ SHARING_PRIVATE, 2, 19, 0 },
	{ SHARING_MAPFILE, 2, 41, 0 },		/* nobody else has it */
};

static const struct program server = {
	GROUPS(workers), .page_size = 4096, .looks = 9,
	.overlap = { GROUPS(workers_frames), .nspaces = 1, .left_out = 1, .entries = 512 },
	.switch_ns = 5000,
	.run = {
		.seconds = 2,
		.own = {
			[ACCOUNT_SWITCHES + SWITCH_THREAD] = 1009,
			[ACCOUNT_SWITCHES + SWITCH_PROCESS] = 1013,
			[ACCOUNT_SWITCHES + SWITCH_TO_KERNEL] = 31,
			[ACCOUNT_FLUSHES(TASK_SWITCH, FULL)] = 7,
			[ACCOUNT_FLUSHES(LOCAL_MM_SHOOTDOWN, RANGE)] = 5,
			[ACCOUNT_FLUSHES(TASK_SWITCH, KEPT)] = 997,
			[ACCOUNT_BIRTHS + BIRTH_FORK] = 2,
			[ACCOUNT_BIRTHS + BIRTH_VFORK] = 1,
			[ACCOUNT_BIRTHS + BIRTH_THREAD] = 2,
			[ACCOUNT_BIRTH_PGTABLES] = (1 << 20) + 1,
		},
	},
};

static const struct wanted server_rows[PROGRAM_ROWS] = {
	{ "definition", NOT_MEASURABLE, NULL,
	  "processes, some with threads: 2 processes, 4 tasks" },
	{ "address-space", CONFIRMED, NULL,
	  "2 address spaces for 2 processes" },
	{ "memory", CONFIRMED, NULL,
	  "own 128 KiB; in common: cow 156 KiB memfd 124 KiB posixshm 1.20 MiB sysvshm 116 KiB" },
	{ "creation-cost", NOT_MEASURABLE, NULL,
	  "a fork of 11 would copy 20.0 KiB of page tables for 404 KiB of anonymous memory" },
	{ "context-switch", NOT_MEASURABLE, NULL,
	  "2053 switches in 2.0 s: thread 1009, process 1013, by way of the kernel 31" },
	{ "communication", NOT_MEASURABLE, NULL,
	  "through shared memory: 1.43 MiB in common, most of class posixshm" },
	{ "isolation", NOT_MEASURABLE, NULL,
	  "a crash ends 1 of 2 processes: at most 3 of 4 tasks" },
	{ "resources", CONFIRMED, NULL,
	  "2 tables of open files for 2 processes" },
};

static const struct wanted server_advice[PROGRAM_ADVICE] = {
	{ "use-process-isolation", NOT_MEASURABLE, "unknown",
	  "it has memory that one address space alone can write; whether it must, nobody told" },
	{ "use-process-independence", NOT_MEASURABLE, "either",
	  "its processes depend on memory that they can write in common" },
	{ "use-process-crash-tolerance", NOT_MEASURABLE, "unknown",
	  "a crash ends all of one process; what the others do then is not seen" },
	{ "use-thread-sharing", NOT_MEASURABLE, "either",
	  "its processes pay 4.00 KiB of page tables for what another of them maps, too: too little to matter"
	},
	{ "use-thread-switching", NOT_MEASURABLE, "either",
	  "between processes its switches take 5055000 ns a second more, 0.51 % of a CPU: too little to matter"
	},
	{ "use-thread-coupling", NOT_MEASURABLE, "either",
	  "as forks, the tasks that it makes copy up to 40.0 KiB of page tables a second: too little to matter"
	},
};

static void test_server(void)
{
	struct program_sums sums = program_sums(&server);

	CHECK(sums.tasks == 4 && sums.most_tasks == 3 && sums.mms == 2 && sums.files == 2,
	      "program: sums of tasks and of what they have");
	CHECK(sums.own == 32 && sums.shared_memory == 366 && sums.all == 479 &&
	      sums.common[SHARING_COW] == 39 &&
	      !sums.common[SHARING_MAPFILE] && sums.shared_class == SHARING_POSIXSHM,
	      "program: sums of frames, in common and not");
	CHECK(sums.switches == 2053 && sums.direct == 2022 && sums.flushes == 12,
	      "program: sums of events; a TLB that was kept is no flush");
	check_program("a server", &server, server_rows, server_advice);
}

/* Threads of one process, one of them with open files of its own. */
static const struct wanted threads_rows[PROGRAM_ROWS] = {
	{ "definition", NOT_MEASURABLE, NULL,
	  "threads: 1 process, 5 tasks" },
	{ "address-space", CONFIRMED, NULL,
	  "1 address space for 1 process" },
	{ "memory", NOT_MEASURABLE, NULL,
	  "own 40.0 KiB; its threads share all of it, by one page table" },
	{ "creation-cost", NOT_MEASURABLE, NULL,
	  "a fork of 20 would copy 8.00 KiB of page tables for 40.0 KiB of anonymous memory" },
	{ "context-switch", NOT_MEASURABLE, NULL,
	  "1000 switches in 1.0 s: thread 1000, process 0, by way of the kernel 0" },
	{ "communication", NOT_MEASURABLE, NULL,
	  "through its own memory, which all threads have" },
	{ "isolation", NOT_MEASURABLE, NULL,
	  "a crash ends 1 of 1 process: at most 5 of 5 tasks" },
	{ "resources", REFUTED, NULL,
	  "1 table of open files for 1 process" },
};

static const struct wanted threads_advice[PROGRAM_ADVICE] = {
	{ "use-process-isolation", NOT_MEASURABLE, "unknown",
	  "all its memory is open to all its tasks; whether it must not be, nobody told" },
	{ "use-process-independence", NOT_MEASURABLE, "unknown",
	  "it is one address space; which of its tasks need each other is not seen" },
	{ "use-process-crash-tolerance", NOT_MEASURABLE, "unknown",
	  "a crash of one task ends all 5; whether that is bearable, nobody told" },
	{ "use-thread-sharing", NOT_MEASURABLE, "unknown",
	  "one page table serves all its tasks; what processes would share is not seen" },
	{ "use-thread-switching", NOT_MEASURABLE, "unknown",
	  "how much more a switch between processes costs could not be told here" },
	{ "use-thread-coupling", NOT_MEASURABLE, "either",
	  "as forks, the tasks that it makes copy up to 8.00 KiB of page tables a second: too little to matter"
	},
};

static void test_threads(void)
{
	static struct program_group group[] = {
		{ .tgid = 20, .tasks = 5, .one_mm = true,
		  .object[OBJECT_MM] = 9, .object[OBJECT_FILES] = 201,
		  .cost = { .tables = 2, .anonymous = 10 } },
	};
	static struct overlap_group frames[] = { { SHARING_PRIVATE, 1, 10, 0 } };
	static const struct program program = {
		GROUPS(group), .page_size = 4096, .overlap = { GROUPS(frames), .nspaces = 1 },
		.run = { .seconds = 1, .own[ACCOUNT_SWITCHES + SWITCH_THREAD] = 1000,
			 .own[ACCOUNT_BIRTHS + BIRTH_THREAD] = 1 },
	};

	check_program("threads", &program, threads_rows, threads_advice);
}

#define LEFT_THERE "others with its address space go on with what it left there"

static void check_text(const struct program_row *row, const char *what, const char *text)
{
	if (!CHECK(!strcmp(row->text, text), "program: %s", what))
		printf("# %s\n", row->text);
}

/* What the book does not tell: one address space and one table of files for two processes. */
static const struct wanted odd_rows[PROGRAM_ROWS] = {
	{ "definition", NOT_MEASURABLE, NULL,
	  "processes in one address space: 2 processes, 2 tasks" },
	{ "address-space", REFUTED, NULL,
	  "1 address space for 2 processes" },
	{ "memory", REFUTED, NULL,
	  "own 0 B; its processes share all of it, by one page table" },
	{ "creation-cost", NOT_MEASURABLE, NULL,
	  "a fork of 30 would copy 0 B of page tables for 0 B of anonymous memory" },
	{ "context-switch", NOT_MEASURABLE, NULL,
	  "0 switches in 1.0 s: thread 0, process 0, by way of the kernel 0" },
	{ "communication", NOT_MEASURABLE, NULL,
	  "through its own memory, which all its processes have" },
	{ "isolation", NOT_MEASURABLE, NULL,
	  "a crash ends 1 of 2 processes: at most 1 of 2 tasks; " LEFT_THERE },
	{ "resources", REFUTED, NULL,
	  "1 table of open files for 2 processes" },
};

static const struct wanted odd_advice[PROGRAM_ADVICE] = {
	{ "use-process-isolation", NOT_MEASURABLE, "unknown",
	  "all its memory is open to all its tasks; whether it must not be, nobody told" },
	{ "use-process-independence", NOT_MEASURABLE, "unknown",
	  "it is one address space; which of its tasks need each other is not seen" },
	{ "use-process-crash-tolerance", NOT_MEASURABLE, "unknown",
	  "a crash ends one process and leaves the others what it did to all their memory" },
	{ "use-thread-sharing", NOT_MEASURABLE, "unknown",
	  "one page table serves all its tasks; what processes would share is not seen" },
	{ "use-thread-switching", NOT_MEASURABLE, "either",
	  "none of its tasks gave the CPU to another one of them" },
	{ "use-thread-coupling", NOT_MEASURABLE, "either",
	  "as forks, the tasks that it makes copy up to 0 B of page tables a second: too little to matter"
	},
};

static void test_odd(void)
{
	static struct program_group group[] = {
		{ .tgid = 30, .tasks = 1, .one_mm = true, .one_files = true,
		  .object[OBJECT_MM] = 9, .object[OBJECT_FILES] = 301, .writable = 1 },
		{ .tgid = 31, .tasks = 1, .one_mm = true, .one_files = true,
		  .object[OBJECT_MM] = 9, .object[OBJECT_FILES] = 301 },
	};
	static const struct program program = {
		GROUPS(group), .page_size = 4096, .overlap.nspaces = 1,
		.run = { .seconds = 1, .own[ACCOUNT_BIRTHS + BIRTH_FORK] = 1,
			 .own[ACCOUNT_BIRTH_PGTABLES] = 4096 },
	};

	check_program("odd ones", &program, odd_rows, odd_advice);
}

/* Three processes, two of them in one address space; the kernel has workers for one. */
static void test_spaces(void)
{
	static struct program_group group[] = {
		{ .tgid = 30, .tasks = 2, .workers = 3, .one_mm = true, .object[OBJECT_MM] = 7 },
		{ .tgid = 31, .tasks = 1, .one_mm = true, .object[OBJECT_MM] = 8 },
		{ .tgid = 32, .tasks = 4, .one_mm = true, .object[OBJECT_MM] = 7 },
	};
	struct program program = { GROUPS(group), .page_size = 4096, .overlap.nspaces = 2 };
	struct program_row rows[PROGRAM_ROWS];

	program_rows(&program, rows);
	check_text(&rows[0], "workers of the kernel are none of its tasks",
		   "processes, some with threads: 3 processes, 7 tasks, 3 workers of the kernel");
	check_text(&rows[6], "a crash ends a process since 5.16",
		   "a crash ends 1 of 3 processes: at most 4 of 7 tasks; " LEFT_THERE);
	program.crash_ends_space = true;
	program_rows(&program, rows);
	check_text(&rows[6], "and all with its address space before",
		   "a crash ends all processes of 1 of 2 address spaces: at most 6 of 7 tasks");
	program_advice(&program, rows);
	check_text(&rows[2], "so says the advice",
		   "a crash ends all of one address space; what the others do then is not seen");
	group[1].object[OBJECT_MM] = 7;
	program_advice(&program, rows);
	check_text(&rows[2], "one address space, and before 5.16 all end",
		   "a crash of one task ends all 7; whether that is bearable, nobody told");
}

/* Nothing of it was seen: no row is wrong, none reads what is not there. */
static void test_nothing(void)
{
	static struct program_group group[] = { { .tgid = 40, .tasks = 1, .one_mm = true } };
	struct program program = { .page_size = 4096 };
	struct program_row rows[PROGRAM_ROWS];

	program_rows(&program, rows);
	CHECK(!*rows[3].text, "program: with no process no fork has a cost");
	program.groups = group;
	program.ngroups = 1;
	program_rows(&program, rows);
	CHECK(!strcmp(rows[0].text, "neither: one path of execution: 1 process, 1 task") &&
	      !strcmp(rows[5].text, "none inside: there is one task"), "program: one task");
	program_advice(&program, rows);
	CHECK(!strcmp(rows[5].text, "it made no task while it was watched") &&
	      !strcmp(rows[5].leaning, "unknown"), "program: nothing to advise from");
}

/* Two processes in one address space, one in another, and one that has none. */
static void test_empty_tables(void)
{
	static struct program_group groups[] = {
		{ .tgid = 50, .empty_tables = 7 }, { .tgid = 51, .empty_tables = 7 },
		{ .tgid = 52, .space = 1, .empty_tables = 11 },
		{ .tgid = 53, .space = -1, .empty_tables = 100 },
	};
	const struct program program = { GROUPS(groups) };

	CHECK(program_empty_tables(&program) == 18, "program: each page table counts once");
}

/* What it costs is compared with a bound on both sides; so each rule can be turned. */
static void test_turning(void)
{
	struct program program = server;
	struct program_row rows[PROGRAM_ADVICE];
	struct overlap_group apart[] = { { SHARING_PRIVATE, 1, 1000, 0 } };

	/* 479 frames: a hundredth of them are 2452.5 entries. */
	program.overlap.entries = 2452;
	program_advice(&program, rows);
	CHECK(!strcmp(rows[3].leaning, "either"), "program: few entries for one frame");
	program.overlap.entries = 2453;
	program_advice(&program, rows);
	CHECK(!strcmp(rows[3].leaning, "threads"), "program: many entries for one frame");
	program.switch_ns = 9891;	/* 1011 a second */
	program_advice(&program, rows);
	CHECK(!strcmp(rows[4].leaning, "either"), "program: switches take 9999801 ns a second more");
	program.switch_ns = 9892;
	program_advice(&program, rows);
	CHECK(!strcmp(rows[4].leaning, "threads"), "program: switches take 10000812 ns a second more");
	program.run.own[ACCOUNT_BIRTHS + BIRTH_FORK] = 100;	/* 51 a second, of 5 tables */
	program_advice(&program, rows);
	CHECK(!strcmp(rows[5].leaning, "either"), "program: 1020 KiB of tables a second");
	program.run.own[ACCOUNT_BIRTHS + BIRTH_FORK] = 101;
	program_advice(&program, rows);
	CHECK(!strcmp(rows[5].leaning, "threads"), "program: 1030 KiB of tables a second");
	program.overlap.groups = apart;
	program.overlap.ngroups = 1;
	program_advice(&program, rows);
	CHECK(!strcmp(rows[1].leaning, "processes"), "program: nothing that two can write");
}

void test_program(void)
{
	test_empty_tables();
	test_turning();
	test_server();
	test_threads();
	test_odd();
	test_spaces();
	test_nothing();
}
