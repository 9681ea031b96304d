// SPDX-License-Identifier: GPL-2.0
/* A thread that lives, of a process whose main thread may have ended. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "witness/live-thread.h"

char task_state(pid_t tid)
{
	char path[48], text[512] = "", *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		*text = '\0';
	fclose(file);
	/* The name may have parentheses in it, what follows has none. */
	end = strrchr(text, ')');
	return end && end[1] ? end[2] : 0;
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
