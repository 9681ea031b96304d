// SPDX-License-Identifier: GPL-2.0
/*
 * one-limit: under one limit of open files, three tasks open as many as they may. How
 * many have they open together?
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"

#define OPENERS 3
#define ROOM 61		/* numbers that the limit leaves free */
#define MOST (2 * ROOM)	/* a child may have closed some of its starter's */

/* In memory that all of them see. */
struct scene {
	struct rlimit limit;
	struct opener {
		size_t count;
		int fds[MOST];
	} openers[OPENERS];
};

/* What was seen of one kind. */
struct opened {
	size_t files;		/* by all of them */
	size_t of_last;		/* of these the last one opened so many */
	ssize_t in_its_table;	/* so many more than before, says /proc; -1: cannot be read */
};

static struct scene *scene;

static int open_all(void *arg)
{
	struct opener *opener = arg;
	bool fine;

	actor_ready();
	fine = !setrlimit(RLIMIT_NOFILE, &scene->limit);
	while (fine && opener->count < MOST &&
	       (opener->fds[opener->count] = dup(STDERR_FILENO)) >= 0)
		opener->count++;
	actor_ready();
	for (size_t i = 0; i < opener->count; i++)
		close(opener->fds[i]);
	return fine ? 0 : 1;
}

/* Opened before the limit is reached, which is the starter's as well as its threads'. */
static DIR *open_table(pid_t tid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/fd", tid);
	return opendir(path);
}

static ssize_t count_descriptors(DIR *table)
{
	const struct dirent *entry;
	ssize_t count = 0;

	if (!table)
		return -1;
	rewinddir(table);
	while ((entry = readdir(table)))
		count += entry->d_name[0] != '.';
	return count;
}

/* The limit under which ROOM numbers are free here: the kernel gives the lowest. */
static bool choose_limit(void)
{
	int fds[ROOM];
	size_t count = 0;

	while (count < ROOM && (fds[count] = dup(STDERR_FILENO)) >= 0)
		count++;
	if (count == ROOM)
		scene->limit.rlim_cur = (rlim_t)fds[ROOM - 1] + 1;
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	return count == ROOM;
}

static void open_in_turns(struct actor *const *actors, DIR *table, struct opened *found)
{
	const ssize_t before = count_descriptors(table);

	for (size_t i = 0; i < OPENERS; i++) {
		actor_release(actors[i]);
		actor_await(actors[i]);
		found->of_last = scene->openers[i].count;
		found->files += found->of_last;
	}
	found->in_its_table = table ? count_descriptors(table) - before : -1;
}

static bool start_all(struct actor **actors, enum actor_kind kind)
{
	for (size_t i = 0; i < OPENERS; i++) {
		scene->openers[i].count = 0;
		actors[i] = actor_start(kind, open_all, &scene->openers[i]);
		if (!actors[i])
			return false;
		actor_await(actors[i]);
	}
	return true;
}

static bool run(struct opened *found, enum actor_kind kind)
{
	struct actor *actors[OPENERS] = { NULL };
	struct rlimit before;
	DIR *table = NULL;
	bool fine;

	if (getrlimit(RLIMIT_NOFILE, &before))
		return false;
	scene->limit = before;
	fine = start_all(actors, kind);
	if (fine)
		table = open_table(actor_tid(actors[OPENERS - 1]));
	fine = fine && choose_limit();
	if (fine)
		open_in_turns(actors, table, found);
	if (table)
		closedir(table);
	for (size_t i = 0; i < OPENERS && actors[i]; i++)
		fine = !actor_join(actors[i]) && fine;
	setrlimit(RLIMIT_NOFILE, &before);
	return fine;
}

static void tell(struct finding *finding, const char *who, const struct opened *found)
{
	/* In one table, all are in that of the last one; in three, its own are. */
	const size_t expected = found->files == ROOM ? found->files : found->of_last;

	finding_evidence(finding, "dup(2)",
			 "%d %s, in turn, open as many files as they may, where %d are left: %zu in all",
			 OPENERS, who, ROOM, found->files);
	if (found->in_its_table < 0)
		finding_unwitnessed(finding, "/proc/PID/fd", "%s: cannot be read", who);
	else
		finding_witness(finding, "/proc/PID/fd", (size_t)found->in_its_table == expected,
				"%s: the last one opened %zu and has %zd descriptors more", who,
				found->of_last, found->in_its_table);
}

static void fill_side(struct side *side, const struct opened *found)
{
	side_count(side, (double)found->files, "files");
	side_label(side, "%d tasks open %zu files where %d are left", OPENERS, found->files, ROOM);
}

static void decide(struct finding *finding, const struct opened *process,
		   const struct opened *thread)
{
	tell(finding, "processes", process);
	tell(finding, "threads", thread);
	fill_side(&finding->process, process);
	fill_side(&finding->thread, thread);
	finding_require(finding, thread->files == ROOM,
			"all threads together open what one may");
	finding_require(finding, process->files >= OPENERS * ROOM,
			"each process opens as many as one may");
	finding_decide(finding, "where %d descriptors are left, %d processes open %zu and %d threads %zu",
		       ROOM, OPENERS, process->files, OPENERS, thread->files);
}

void measure_one_limit(struct finding *finding)
{
	struct opened process = { 0 }, thread = { 0 };

	scene = mmap(NULL, sizeof(*scene), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (scene == MAP_FAILED) {
		finding_impossible(finding, "no memory that all tasks see");
		return;
	}
	if (run(&process, ACTOR_PROCESS) && run(&thread, ACTOR_THREAD))
		decide(finding, &process, &thread);
	else
		finding_impossible(finding, "cannot start %d tasks and have them open %d files each",
				   OPENERS, ROOM);
	munmap(scene, sizeof(*scene));
}
