// SPDX-License-Identifier: GPL-2.0
/*
 * isolation: in a group of processes, then in a group of threads, one follows a
 * wild pointer into another's variable, one crashes, one calls exit, one changes
 * the directory and a limit. Who is left alive, and who notices?
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment-claims.h"

#define OTHERS	3	/* besides the one that crashes */
#define RIGHT	17
#define WRONG	66
#define EXITED	7	/* the status of one that calls exit */

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
#ifndef __clang_analyzer__	/* it is right, and this is what it is for */
	*nowhere = 1;
#endif
	return 0;
}

static int exit_now(void *arg)
{
	(void)arg;
	actor_ready();
	_exit(EXITED);
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

/* A process with OTHERS threads and itself; one more thread of it ends by @arg. */
static int ending_group(void *arg)
{
	int (*end)(void *) = arg;
	struct actor *thread, *others[OTHERS - 1];

	for (size_t i = 0; i < OTHERS - 1; i++) {
		others[i] = actor_start(ACTOR_THREAD, actor_idle, NULL);
		if (!others[i])
			return 1;
	}
	thread = actor_start(ACTOR_THREAD, end, NULL);
	if (!thread)
		return 1;
	actor_await(thread);
	actor_ready();
	actor_release(thread);
	actor_join(thread);
	return 0;
}

static bool end_thread(struct crash *crash, int (*end)(void *))
{
	struct actor *group = actor_start(ACTOR_PROCESS, ending_group, end);
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
	return true;
}

static bool end_process(struct crash *crash, int (*end)(void *))
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
	crasher = actor_start(ACTOR_PROCESS, end, NULL);
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
	return true;
}

/* What else a task can do to itself, and to whom it then happens. */
struct harm {
	bool directory, limit;
};

static int change_directory(void *arg)
{
	(void)arg;
	return chdir("/") ? 1 : 0;
}

static int lower_limit(void *arg)
{
	struct rlimit limit;

	(void)arg;
	if (getrlimit(RLIMIT_FSIZE, &limit))
		return 1;
	limit.rlim_cur = limit.rlim_cur > 1 << 30 ? 1 << 30 : limit.rlim_cur / 2;
	return setrlimit(RLIMIT_FSIZE, &limit) ? 1 : 0;
}

static bool act(enum actor_kind kind, int (*body)(void *))
{
	struct actor *actor = actor_start(kind, body, NULL);

	return actor && !actor_join(actor);
}

/* Both are put back. */
static bool measure_harm(struct harm *harm, enum actor_kind kind)
{
	int home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct rlimit before, after;
	struct stat here, there;
	bool fine;

	if (home < 0 || fchdir(home) || getrlimit(RLIMIT_FSIZE, &before))
		return false;
	/* Away from the root, so that a change can be seen. */
	fine = !chdir("/proc") && !stat(".", &here) && act(kind, change_directory) &&
	       !stat(".", &there);
	harm->directory = fine && here.st_ino != there.st_ino;
	fine = fine && act(kind, lower_limit) && !getrlimit(RLIMIT_FSIZE, &after);
	harm->limit = fine && after.rlim_cur != before.rlim_cur;
	setrlimit(RLIMIT_FSIZE, &before);
	fine &= !fchdir(home);
	close(home);
	return fine;
}

static void tell_harm(struct finding *finding, const char *what, const struct harm *harm,
		      const struct crash *ended)
{
	finding_evidence(finding, "chdir(2)", "%s changed its directory: the starter's %s", what,
			 harm->directory ? "is another one now" : "stayed");
	finding_evidence(finding, "setrlimit(2)", "%s lowered its limit of file size: the starter's %s",
			 what, harm->limit ? "is lower now" : "stayed");
	finding_evidence(finding, "debugfs:tasks",
			 "%s called exit: %zu tasks before, %zu after it (status %d)", what,
			 ended->before, ended->after, ended->ended_by);
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
	struct crash process = { 0 }, thread = { 0 }, ended[2] = { { 0 }, { 0 } };
	struct harm harm[2] = { { 0 }, { 0 } };

	if (!end_process(&process, crash_now) || !end_thread(&thread, crash_now) ||
	    !end_process(&ended[0], exit_now) || !end_thread(&ended[1], exit_now)) {
		finding_impossible(finding, "cannot start %d processes and %d threads", OTHERS,
				   OTHERS);
		return;
	}
	process.damaged = damages(ACTOR_PROCESS);
	thread.damaged = damages(ACTOR_THREAD);
	if (!measure_harm(&harm[0], ACTOR_PROCESS) || !measure_harm(&harm[1], ACTOR_THREAD)) {
		finding_impossible(finding, "cannot change the directory and a limit");
		return;
	}
	tell(finding, "a process", &process);
	tell(finding, "a thread", &thread);
	tell_harm(finding, "a process", &harm[0], &ended[0]);
	tell_harm(finding, "a thread", &harm[1], &ended[1]);
	fill_side(&finding->process, &process);
	fill_side(&finding->thread, &thread);
	finding_decide(finding,
		       process.before == OTHERS + 1 && thread.before == OTHERS + 1 &&
		       process.ended_by == -SIGSEGV && thread.ended_by == -SIGSEGV &&
		       process.after == OTHERS && thread.after == 0 &&
		       ended[0].after == OTHERS && ended[1].after == 0 &&
		       !process.damaged && thread.damaged &&
		       !harm[0].directory && harm[1].directory && !harm[0].limit && harm[1].limit,
		       "after a crash %zu of %d other processes and %zu of %d other threads live",
		       process.after, OTHERS, thread.after, OTHERS);
}
