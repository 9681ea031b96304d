// SPDX-License-Identifier: GPL-2.0
/* Of what runs meanwhile only that is a difference which every look has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "verify/verify.h"

static char configs[64], release[64];
static unsigned int opened;

static FILE *open_config(const char *path, const char *mode)
{
	char name[512];

	opened++;
	snprintf(name, sizeof(name), "%s/%s", configs, path);
	for (char *slash = name + strlen(configs) + 1; (slash = strchr(slash, '/')); slash++)
		*slash = '_';
	return fopen(name, mode);
}

static int name_kernel(struct utsname *name)
{
	snprintf(name->release, sizeof(name->release), "%s", release);
	return 0;
}

#define usleep(time) ((void)(time))
#define uname(name) name_kernel(name)
#define fopen(path, mode) open_config(path, mode)
#include "verify/several-looks.c"
#include "tap.h"
#undef fopen
#undef uname
#undef usleep

/* What each look finds: at these addresses the module and the witness differ. */
static struct script {
	unsigned int looks;
	enum verify_result ends[LOOKS];
	int differ[LOOKS][4];		/* addresses; 0 ends */
	bool other_value;		/* differently in each look */
	unsigned int many;		/* so many more, each time */
} script;

static enum verify_result look_once(const struct verification *verification, pid_t tgid,
				    struct look *look)
{
	struct difference one = { .check = CHECK_RSS, .pid = tgid };
	const unsigned int now = script.looks++;

	(void)verification;
	memset(look, 0, sizeof(*look));
	look->vmas = 11;
	one.where = 999;
	look_compare(look, &one);		/* one that agrees */
	for (size_t i = 0; i < 4 && script.differ[now][i]; i++) {
		one.where = (uint64_t)script.differ[now][i];
		one.ours = 1 + (script.other_value ? now : 0);
		look_compare(look, &one);
	}
	for (unsigned int i = 0; i < script.many; i++) {
		one.where = 1000 + i;
		one.ours = 1;
		look_compare(look, &one);
	}
	return script.ends[now];
}

/* @what: looks are taken, and of all values compared so many differ and change */
static void check(const char *what, unsigned int looks, uint64_t differing, uint64_t changing,
		  unsigned int listed)
{
	struct verification all = { .vmas = 0 };
	struct look found = { .count = 77 };
	enum verify_result result;

	script.looks = 0;
	result = look_again(&all, look_once, 7, &found);
	if (!CHECK(!result && script.looks == looks && all.differing[CHECK_RSS] == differing &&
		   all.changing[CHECK_RSS] == changing && found.count == listed &&
		   all.vmas == 11, "looks: %s", what))
		printf("# result %d, %u looks, %llu differ, %llu change, %u listed\n", result,
		       script.looks, (unsigned long long)all.differing[CHECK_RSS],
		       (unsigned long long)all.changing[CHECK_RSS], found.count);
}

static void test_looks(void)
{
	script = (struct script) { .looks = 0 };
	check("the first finds nothing: it is the last", 1, 0, 0, 0);
	script.differ[0][0] = 5;
	check("what the second does not find is none", 2, 0, 0, 0);
	for (int i = 0; i < LOOKS; i++)
		script.differ[i][0] = 5;
	check("what all find is one", LOOKS, 1, 0, 1);
	script.other_value = true;
	check("but not with other values: it changes", LOOKS, 0, 1, 0);
	script.other_value = false;
	for (int i = 0; i < LOOKS; i++)
		script.differ[i][1] = 10 + i;
	check("one stays, another is elsewhere each time", LOOKS, 1, 1, 1);
	script.differ[LOOKS - 1][0] = 0;
	check("what the last does not find is none", LOOKS, 0, 0, 0);
	script = (struct script) { .many = DIFFERENCES_MAX + 9 };
	check("more than the list can hold are counted all", LOOKS, DIFFERENCES_MAX + 9, 0,
	      DIFFERENCES_MAX);
}

static void test_ends(enum verify_result end, int when, const char *what)
{
	struct verification all = { .vmas = 0 };
	struct look found;
	enum verify_result result;

	script = (struct script) { .looks = 0 };
	for (int i = 0; i < LOOKS; i++)
		script.differ[i][0] = 5;
	script.ends[when] = end;
	result = look_again(&all, look_once, 7, &found);
	CHECK(result == end && (int)script.looks == when + 1 && !all.vmas &&
	      !all.compared[CHECK_RSS] && !all.differing[CHECK_RSS],
	      "looks: %s: nothing of it counts", what);
}

static void config(const char *name, const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", configs, name);
	out = fopen(path, "w");
	if (out) {
		fputs(text, out);
		fclose(out);
	}
}

static void check_config(const char *kernel, int answer, const char *what)
{
	snprintf(release, sizeof(release), "%s", kernel);
	CHECK(average_mapcounts() == answer, "looks: %s: %s", kernel, what);
}

static void test_configs(void)
{
	char command[96];

	snprintf(configs, sizeof(configs), "/tmp/sharestat-config.XXXXXX");
	if (!CHECK(mkdtemp(configs), "looks: a folder of its own"))
		return;
	opened = 0;
	check_config("6.14.3-amd64", 0, "there was no such option");
	check_config("5.10.0", 0, "nor before");
	CHECK(!opened, "looks: and no file has to say so");
	check_config("6.15.0", -1, "nothing is known");
	config("_lib_modules_6.15.0_build_.config", "CONFIG_NO_PAGE_MAPCOUNT=y\n");
	check_config("6.15.0", 1, "says the folder it is built in");
	config("_boot_config-6.15.0", "CONFIG_X=y\n# CONFIG_NO_PAGE_MAPCOUNT is not set\n");
	check_config("6.15.0", 0, "but /boot is asked first");
	config("_boot_config-7.3.1", "CONFIG_X=y\nCONFIG_NO_PAGE_MAPCOUNT=y\nCONFIG_Z=m\n");
	check_config("7.3.1", 1, "in the midst of others");
	config("_lib_modules_10.0_config", "CONFIG_NO_PAGE_MAPCOUNT=yes\n");
	check_config("10.0", 0, "another value is another");
	snprintf(command, sizeof(command), "rm -r '%s'", configs);
	CHECK(!system(command), "looks: the folder is gone");
}

void test_several_looks(void)
{
	test_looks();
	test_ends(VERIFY_GONE, 0, "it has ended");
	test_ends(VERIFY_GONE, 3, "it ends between two looks");
	test_ends(VERIFY_FAILED, 1, "it cannot be looked at");
	test_configs();
}
