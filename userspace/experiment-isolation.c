// SPDX-License-Identifier: GPL-2.0
/*
 * isolation: in a group of processes, then in a group of threads, one follows a
 * wild pointer into another's variable, and one crashes. Who is left alive?
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment-claims.h"

#define OTHERS	3	/* besides the one that crashes */
#define RIGHT	17
#define WRONG	66

/* Where the wild write goes: a variable that its owner trusts to be RIGHT. */
static volatile int trusted;

/* Tasks left of the group, by the module and by /proc, and the crash's signal. */
struct crash {
	size_t before, after, after_proc;
	int ended_by;
	bool damaged;		/* the wild write reached the variable of the owner */
};

static int crash_now(void *arg)
{
	static const struct rlimit no_core;
	volatile int *volatile nowhere = NULL;

	(void)arg;
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGSEGV, SIG_DFL);
	actor_ready();
	*nowhere = 1;
	return 0;
}

static int write_wildly(void *arg)
{
	(void)arg;
	trusted = WRONG;
	return 0;
}

static bool damages(enum actor_kind kind)
{
	struct actor *actor;

	trusted = RIGHT;
	actor = actor_start(kind, write_wildly, NULL);
	if (actor)
		actor_join(actor);
	return trusted != RIGHT;
}

/* Living tasks of these thread groups; an exiting one has lost its mm. */
static size_t count_tasks(const pid_t *tgids, size_t count)
{
	struct snapshot tasks;
	size_t living = 0;

	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return 0;
	for (size_t i = 0; i < tasks.count; i++) {
		const struct task_record *task = (const struct task_record *)tasks.records + i;

		for (size_t j = 0; j < count; j++)
			living += task->tgid == tgids[j] && task->object[OBJECT_MM];
	}
	snapshot_free(&tasks);
	return living;
}

static size_t count_tasks_proc(const pid_t *tgids, size_t count)
{
	size_t living = 0;

	for (size_t i = 0; i < count; i++) {
		const struct dirent *entry;
		char path[32];
		DIR *dir;

		snprintf(path, sizeof(path), "/proc/%d/task", tgids[i]);
		dir = opendir(path);
		while (dir && (entry = readdir(dir)))
			living += entry->d_name[0] != '.';
		if (dir)
			closedir(dir);
	}
	return living;
}

/* A process with OTHERS threads and itself; one more thread of it crashes. */
static int crashing_group(void *arg)
{
	struct actor *thread, *others[OTHERS - 1];

	for (size_t i = 0; i < OTHERS - 1; i++) {
		others[i] = actor_start(ACTOR_THREAD, actor_idle, NULL);
		if (!others[i])
			return 1;
	}
	thread = actor_start(ACTOR_THREAD, crash_now, arg);
	if (!thread)
		return 1;
	actor_await(thread);
	actor_ready();
	actor_release(thread);
	actor_join(thread);
	return 0;
}

static bool crash_thread(struct crash *crash)
{
	struct actor *group = actor_start(ACTOR_PROCESS, crashing_group, NULL);
	pid_t tgid;

	if (!group)
		return false;
	actor_await(group);
	tgid = actor_tid(group);
	crash->before = count_tasks(&tgid, 1);
	actor_release(group);
	crash->ended_by = actor_join(group);
	crash->after = count_tasks(&tgid, 1);
	crash->after_proc = count_tasks_proc(&tgid, 1);
	crash->damaged = damages(ACTOR_THREAD);
	return true;
}

static bool crash_process(struct crash *crash)
{
	struct actor *crasher, *others[OTHERS - 1];
	pid_t tgids[OTHERS + 1] = { getpid() };

	for (size_t i = 0; i < OTHERS - 1; i++) {
		others[i] = actor_start(ACTOR_PROCESS, actor_idle, NULL);
		if (!others[i])
			return false;
		actor_await(others[i]);
		tgids[i + 1] = actor_tid(others[i]);
	}
	crasher = actor_start(ACTOR_PROCESS, crash_now, NULL);
	if (!crasher)
		return false;
	actor_await(crasher);
	tgids[OTHERS] = actor_tid(crasher);
	crash->before = count_tasks(tgids, OTHERS + 1);
	actor_release(crasher);
	crash->ended_by = actor_join(crasher);
	crash->after = count_tasks(tgids, OTHERS + 1);
	crash->after_proc = count_tasks_proc(tgids, OTHERS + 1);
	for (size_t i = 0; i < OTHERS - 1; i++)
		actor_join(others[i]);
	crash->damaged = damages(ACTOR_PROCESS);
	return true;
}

static void tell(struct finding *finding, const char *what, const struct crash *crash)
{
	finding_evidence(finding, "wait(2)", "%s that crashed ended by signal %d (SIGSEGV is %d)",
			 what, -crash->ended_by, SIGSEGV);
	finding_evidence(finding, "debugfs:tasks", "%s: %zu tasks before the crash, %zu after it",
			 what, crash->before, crash->after);
	finding_witness(finding, "/proc/PID/task", crash->after == crash->after_proc,
			"%s: %zu tasks after the crash", what, crash->after_proc);
	finding_evidence(finding, "memory", "%s wrote %d to another's variable, whose owner now reads %s",
			 what, WRONG, crash->damaged ? "that" : "what it had before");
}

static void fill_side(struct side *side, const struct crash *crash)
{
	side_count(side, crash->after, "tasks");
	side_label(side, "one crashes: %zu of %d others live; a wild write %s another's data",
		   crash->after, OTHERS, crash->damaged ? "destroys" : "does not reach");
}

void measure_isolation(struct finding *finding)
{
	struct crash process = { 0 }, thread = { 0 };

	if (!crash_process(&process) || !crash_thread(&thread)) {
		finding_impossible(finding, "cannot start %d processes and %d threads", OTHERS,
				   OTHERS);
		return;
	}
	tell(finding, "a process", &process);
	tell(finding, "a thread", &thread);
	fill_side(&finding->process, &process);
	fill_side(&finding->thread, &thread);
	finding_decide(finding,
		       process.before == OTHERS + 1 && thread.before == OTHERS + 1 &&
		       process.ended_by == -SIGSEGV && thread.ended_by == -SIGSEGV &&
		       process.after == OTHERS && thread.after == 0 &&
		       !process.damaged && thread.damaged,
		       "after a crash %zu of %d other processes and %zu of %d other threads live",
		       process.after, OTHERS, thread.after, OTHERS);
}
