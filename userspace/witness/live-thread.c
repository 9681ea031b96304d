// SPDX-License-Identifier: GPL-2.0
/* A thread that lives, of a process whose main thread may have ended. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "witness/live-thread.h"

#define PF_FORKNOEXEC 0x40	/* of linux/sched.h; the flags of /proc/PID/stat are these */

const char *task_stat(pid_t tid, char *text, size_t size)
{
	char path[48], *end;
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	*text = '\0';
	file = fopen(path, "re");
	if (!file)
		return text;
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	fclose(file);
	end = strrchr(text, ')');
	return end && end[1] ? end + 2 : text + length;
}

char task_state(pid_t tid)
{
	char text[512];

	return *task_stat(tid, text, sizeof(text));
}

bool task_forked(pid_t tid)
{
	unsigned int flags = 0;
	char text[512];

	return sscanf(task_stat(tid, text, sizeof(text)), "%*c %*d %*d %*d %*d %*d %u",
		      &flags) == 1 && flags & PF_FORKNOEXEC;
}

static bool lives(pid_t tid)
{
	char state = task_state(tid);

	return state && state != 'Z' && state != 'X';
}

pid_t live_thread(pid_t pid)
{
	const struct dirent *entry;
	pid_t tid = pid;
	char path[48];
	DIR *folder;

	if (lives(pid))
		return pid;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	folder = opendir(path);
	while (folder && tid == pid && (entry = readdir(folder))) {
		pid_t other = (pid_t)strtol(entry->d_name, NULL, 10);

		if (other > 0 && lives(other))
			tid = other;
	}
	if (folder)
		closedir(folder);
	return tid;
}
