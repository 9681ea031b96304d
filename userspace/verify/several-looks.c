// SPDX-License-Identifier: GPL-2.0
/* Looks at what changes meanwhile: only what differs in each of them counts. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "verify/verify.h"

#define LOOKS 6

void look_compare(struct look *look, const struct difference *compared)
{
	look->compared[compared->check]++;
	if (compared->ours == compared->theirs)
		return;
	look->differing[compared->check]++;
	if (look->count < DIFFERENCES_MAX)
		look->list[look->count++] = *compared;
}

static bool same(const struct difference *one, const struct difference *other)
{
	return one->check == other->check && one->pid == other->pid &&
	       one->where == other->where && one->ours == other->ours &&
	       one->theirs == other->theirs;
}

static bool has(const struct look *look, const struct difference *difference)
{
	for (unsigned int i = 0; i < look->count; i++)
		if (same(&look->list[i], difference))
			return true;
	return false;
}

/* Strike out of @kept what @look has not found in the same way. */
static void keep(struct look *kept, const struct look *look)
{
	unsigned int left = 0;

	for (unsigned int i = 0; i < kept->count; i++)
		if (has(look, &kept->list[i]))
			kept->list[left++] = kept->list[i];
	kept->count = left;
}

/* The end of several looks: the last one counts, with the differences that were kept. */
static void settle(struct verification *verification, const struct look *last,
		   struct look *kept)
{
	memset(kept->differing, 0, sizeof(kept->differing));
	for (unsigned int i = 0; i < kept->count; i++)
		kept->differing[kept->list[i].check]++;
	for (enum check check = 0; check < CHECKS; check++) {
		/* A list that is full hides others of the same kind: they all count. */
		if (kept->count && last->count == DIFFERENCES_MAX && kept->differing[check])
			kept->differing[check] = last->differing[check];
		verification->compared[check] += last->compared[check];
		verification->differing[check] += kept->differing[check];
		verification->changing[check] += last->differing[check] -
						 kept->differing[check];
	}
	verification->vmas += last->vmas;
}

enum verify_result look_again(struct verification *verification,
			      enum verify_result (*look_once)(const struct verification *,
							      pid_t, struct look *),
			      pid_t tgid, struct look *found)
{
	struct look look;

	for (int i = 0; i < LOOKS; i++) {
		enum verify_result result;

		if (i)
			usleep(5000 << i);
		result = look_once(verification, tgid, &look);
		if (result)
			return result;
		if (!i)
			*found = look;
		else
			keep(found, &look);
		if (!look.count)
			break;
	}
	if (!look.count)
		found->count = 0;
	settle(verification, &look, found);
	return VERIFY_DONE;
}

/* Return: 1, 0, or -1 when there is no such file. */
static int config_says(const char *path)
{
	char line[256];
	FILE *file = fopen(path, "re");
	int answer = 0;

	if (!file)
		return -1;
	while (!answer && fgets(line, sizeof(line), file))
		answer = !strcmp(line, "CONFIG_NO_PAGE_MAPCOUNT=y\n");
	fclose(file);
	return answer;
}

int average_mapcounts(void)
{
	static const char *const paths[] = {
		"/boot/config-%s", "/lib/modules/%s/config", "/lib/modules/%s/build/.config",
	};
	unsigned int major = 0, minor = 0;
	struct utsname kernel;

	uname(&kernel);
	/* There is no such option before 6.15. */
	if (sscanf(kernel.release, "%u.%u", &major, &minor) == 2 &&
	    (major < 6 || (major == 6 && minor < 15)))
		return 0;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *end = strstr(paths[i], "%s");
		char path[256];
		int answer;

		snprintf(path, sizeof(path), "%.*s%s%s", (int)(end - paths[i]), paths[i],
			 kernel.release, end + 2);
		answer = config_says(path);
		if (answer >= 0)
			return answer;
	}
	return -1;
}
