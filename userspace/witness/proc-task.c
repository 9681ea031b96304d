// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/task: status, stat and syscall of a family of processes. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "witness/live-thread.h"
#include "witness/proc-task.h"

struct family {
	struct proc_task *tasks;
	size_t count;
};

static struct proc_task *add(struct family *family)
{
	void *tasks = reallocarray(family->tasks, family->count + 1, sizeof(*family->tasks));

	if (!tasks)
		return NULL;
	family->tasks = tasks;
	memset(&family->tasks[family->count], 0, sizeof(*family->tasks));
	return &family->tasks[family->count++];
}

/* What stands behind @key, if this is its line. */
static void read_number(const char *line, const char *key, uint64_t *number)
{
	const size_t length = strlen(key);

	if (!strncmp(line, key, length))
		*number = strtoull(line + length, NULL, 10);
}

/* Return: 0, or -1 when it has gone. */
static int read_status(const char *folder, struct proc_task *task)
{
	uint64_t tid = 0, tgid = 0, ppid = 0;
	char path[80], line[128];
	FILE *in;

	snprintf(path, sizeof(path), "%s/status", folder);
	in = fopen(path, "re");
	if (!in)
		return -1;
	while (fgets(line, sizeof(line), in)) {
		read_number(line, "Tgid:", &tgid);
		read_number(line, "Pid:", &tid);
		read_number(line, "PPid:", &ppid);
		read_number(line, "voluntary_ctxt_switches:", &task->nvcsw);
		read_number(line, "nonvoluntary_ctxt_switches:", &task->nivcsw);
		task->dead |= !strncmp(line, "State:\tZ", 8) || !strncmp(line, "State:\tX", 8);
	}
	fclose(in);
	task->tid = (pid_t)tid;
	task->tgid = (pid_t)tgid;
	task->ppid = (pid_t)ppid;
	return tid && tgid ? 0 : -1;
}

/* Only who may trace it may know, and only while it sleeps. */
static void read_place(const char *folder, struct proc_task *task)
{
	unsigned long long sp = 0, pc = 0;
	char path[80];
	FILE *in;

	snprintf(path, sizeof(path), "%s/syscall", folder);
	in = fopen(path, "re");
	if (!in)
		return;
	task->asleep = fscanf(in, "%*d %*s %*s %*s %*s %*s %*s %llx %llx", &sp, &pc) == 2;
	task->sp = sp;
	task->pc = pc;
	fclose(in);
}

/* A task that ends meanwhile is not listed. */
static int add_group(struct family *family, pid_t tgid)
{
	const struct dirent *entry;
	struct proc_task *task;
	char folder[64];
	DIR *dir;

	snprintf(folder, sizeof(folder), "/proc/%d/task", tgid);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		if (!isdigit(*entry->d_name))
			continue;
		task = add(family);
		if (!task) {
			closedir(dir);
			return -1;
		}
		snprintf(folder, sizeof(folder), "/proc/%d/task/%.16s", tgid, entry->d_name);
		if (read_status(folder, task))
			family->count--;
		else
			read_place(folder, task);
	}
	if (dir)
		closedir(dir);
	return 0;
}

/* The leaders of all thread groups that there are. */
static int list_leaders(struct family *all)
{
	const struct dirent *entry;
	DIR *dir = opendir("/proc");
	struct proc_task *leader;
	char folder[32];

	while (dir && (entry = readdir(dir))) {
		if (!isdigit(*entry->d_name))
			continue;
		leader = add(all);
		if (!leader)
			break;
		snprintf(folder, sizeof(folder), "/proc/%.16s", entry->d_name);
		if (read_status(folder, leader))
			all->count--;
	}
	if (!dir)
		return -1;
	closedir(dir);
	return 0;
}

/* Adds the group of leader number @at of @all, and those that descend from it. */
static int add_descendants(struct family *family, const struct family *all, size_t at)
{
	const pid_t tgid = all->tasks[at].tgid;
	int error = add_group(family, tgid);

	for (size_t i = 0; !error && i < all->count; i++)
		if (all->tasks[i].ppid == tgid && all->tasks[i].tgid != tgid)
			error = add_descendants(family, all, i);
	return error;
}

struct proc_task *proc_family(pid_t top, size_t *count)
{
	struct family all = { 0 }, family = { 0 };
	int error = list_leaders(&all);

	for (size_t i = 0; !error && i < all.count; i++)
		if (all.tasks[i].tgid == top)
			error = add_descendants(&family, &all, i);
	free(all.tasks);
	if (error || !family.count) {
		free(family.tasks);
		return NULL;
	}
	*count = family.count;
	return family.tasks;
}

bool proc_owner(pid_t tgid, uid_t *owner)
{
	struct stat status;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", tgid);
	if (stat(path, &status))
		return false;
	*owner = status.st_uid;
	return true;
}

bool proc_session(pid_t tgid, pid_t *session)
{
	char text[512];

	return sscanf(task_stat(tgid, text, sizeof(text)), "%*c %*d %*d %d", session) == 1;
}

bool proc_cgroup(pid_t tgid, char *path, size_t size)
{
	char *line = NULL, folder[32];
	size_t room = 0;
	bool read = false;
	FILE *in;

	snprintf(folder, sizeof(folder), "/proc/%d/cgroup", tgid);
	in = fopen(folder, "re");
	if (!in)
		return false;
	*path = '\0';
	while (getline(&line, &room, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "0::", 3))
			snprintf(path, size, "%s", line + 3);
		read = true;
	}
	free(line);
	fclose(in);
	return read;
}
