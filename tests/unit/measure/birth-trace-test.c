// SPDX-License-Identifier: GPL-2.0
/*
 * Births that are followed in a trace instance: in a folder in the place of tracefs, whose
 * instances have their files from the beginning, and go with them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define BIRTH "kind=fork pid=%d tgid=%d mm=00112233445566 pgtables=1 vmas=2 pages=3\n"
#define TRACEFS "/sys/kernel/tracing/instances"

static char tracefs[64];
static int refusal;		/* of mkdir(), an errno */
static bool without_clock, other_namespace;

static const char *placed(const char *path)
{
	static char place[256];

	if (strncmp(path, TRACEFS, strlen(TRACEFS)))
		return path;
	snprintf(place, sizeof(place), "%s%s", tracefs, path + strlen(TRACEFS));
	return place;
}

static int make_instance(const char *path)
{
	if (refusal) {
		errno = refusal;
		return -1;
	}
	if (shell("mkdir '%s' 2>/dev/null", placed(path))) {
		errno = EEXIST;
		return -1;
	}
	shell("cd '%s' && mkdir -p events/sharestat/birth && touch trace_pipe", placed(path));
	shell("echo 0 >'%s/events/sharestat/birth/enable'", placed(path));
	return without_clock ? 0 : shell("echo local >'%s/trace_clock'", placed(path));
}

static int remove_all(const char *path)
{
	return shell("rm -r '%s' 2>/dev/null", placed(path));
}

static int inode_of(const char *path, struct stat *status)
{
	int result = stat(path, status);

	status->st_ino = other_namespace ? 4026532000UL : 4026531836UL;
	return result;
}

#define open(path, flags) open(placed(path), flags)
#define opendir(path) opendir(placed(path))
#define mkdir(path, mode) ((void)(mode), make_instance(path))
#define rmdir(path) remove_all(path)
#define stat(path, status) inode_of(path, status)
#include "measure/birth-trace.c"
#undef stat
#undef rmdir
#undef mkdir
#undef opendir
#undef open

/* What stands in a file of this process's instance, or NULL. */
static char *content(const char *name)
{
	static char text[64];
	char path[256];
	FILE *in;

	snprintf(path, sizeof(path), "%s/sharestat.%d/%s", tracefs, getpid(), name);
	in = fopen(path, "r");
	if (!in)
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	fclose(in);
	return text;
}

static void trace_text(const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/sharestat.%d/trace_pipe", tracefs, getpid());
	out = fopen(path, "a");
	if (out) {
		fputs(text, out);
		fclose(out);
	}
}

static void trace_birth(pid_t parent, pid_t pid)
{
	char line[256];

	snprintf(line, sizeof(line), "a b-%d [001] d..1. 12345.000001: birth: " BIRTH, parent, pid,
		 pid);
	trace_text(line);
}

static void test_follows(void)
{
	struct family family;

	family_begin(&family);
	CHECK(family.trace >= 0 && !*family.why &&
	      content(BIRTH_ENABLE)[0] == '1' && !strncmp(content("trace_clock"), "mono", 4),
	      "trace: an instance of its own, with one clock for all CPUs, is switched on");
	family_add(&family, getpid());
	trace_birth(getpid(), 100001);
	trace_birth(100001, 100002);
	trace_birth(7, 100003);
	family_update(&family);
	CHECK(family_size(&family) == 3 && family_has(&family, 100002) &&
	      !family_has(&family, 100003), "trace: a child and its child, and nobody else's");
	/* More than is read at a time, and so a line that is read in two parts. */
	for (pid_t pid = 200000; pid < 200500; pid++)
		trace_birth(100002, pid);
	family_update(&family);
	CHECK(family_size(&family) == 503 && family_has(&family, 200499),
	      "trace: 500 more, of whom none is lost between two readings");
	for (int i = 0; i < 300; i++)
		trace_text("0123456789012345678901234567890123456789012345678901234567890123456789");
	trace_text("\n");
	trace_birth(200499, 300000);
	family_update(&family);
	CHECK(family_size(&family) == 504 && family_has(&family, 300000),
	      "trace: a line without an end takes nothing with it");
	trace_text("CPU:1 [LOST 5 EVENTS]\n");
	family_update(&family);
	CHECK(family.lost == 5, "trace: records that were lost are counted");
	family_end(&family);
	CHECK(!content("trace_pipe"), "trace: and at the end it is gone");
}

static void *wait_for(void *arg)
{
	int *ends = arg;
	pid_t tid = (pid_t)syscall(SYS_gettid);
	char byte;

	if (write(ends[1], &tid, sizeof(tid)) == sizeof(tid))
		(void)!read(ends[2], &byte, 1);
	return NULL;
}

/* What a thread gave birth to is its process's. */
static void test_threads(void)
{
	int ends[4];
	struct family family;
	pthread_t thread;
	pid_t tid = 0;

	if (pipe(ends) || pipe(ends + 2) || pthread_create(&thread, NULL, wait_for, ends) ||
	    read(ends[0], &tid, sizeof(tid)) != sizeof(tid))
		return;
	family_begin(&family);
	family_add(&family, getpid());
	trace_birth(tid, 100001);
	family_update(&family);
	CHECK(tid != getpid() && family_has(&family, 100001) && family_size(&family) == 2,
	      "trace: the child of a thread that was there at the beginning");
	family_end(&family);
	close(ends[3]);
	pthread_join(thread, NULL);
	close(ends[0]);
	close(ends[1]);
	close(ends[2]);
}

static bool is_there(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", tracefs, name);
	return !access(path, F_OK);
}

static void test_left_behind(void)
{
	pid_t dead = fork();
	char of_dead[24], of_living[24];
	struct family family;

	if (!dead)
		_exit(0);
	waitpid(dead, NULL, 0);
	snprintf(of_dead, sizeof(of_dead), "sharestat.%d", dead);
	snprintf(of_living, sizeof(of_living), "sharestat.%d", getppid());
	shell("cd %s && mkdir sharestat.0 sharestat.1x sharestat.-5 other.9", tracefs);
	snprintf(instance, sizeof(instance), TRACEFS "/%s", of_dead);
	make_instance(instance);
	snprintf(instance, sizeof(instance), TRACEFS "/%s", of_living);
	make_instance(instance);
	family_begin(&family);
	CHECK(!is_there(of_dead), "trace: what a dead one left is removed");
	CHECK(is_there(of_living), "trace: of one that lives nothing is taken away");
	CHECK(is_there("sharestat.0") && is_there("sharestat.1x") && is_there("sharestat.-5") &&
	      is_there("other.9"), "trace: nor what has another name");
	family_end(&family);
	shell("rm -r %s/*", tracefs);
}

static void refuse(const char *words, const char *what)
{
	struct family family;

	family_begin(&family);
	if (!CHECK(family.trace < 0 && strstr(family.why, words) && !content("trace_pipe"),
		   "trace: %s: it says why, and leaves nothing", what))
		printf("# %s\n", family.why);
	family_add(&family, getpid());
	family_update(&family);
	CHECK(family_has(&family, getpid()) && family_size(&family) == 1,
	      "trace: %s: who is added counts", what);
	family_end(&family);
}

/* A copy of the process holds a copy of what it knows, and is not the owner. */
static void test_fork(void)
{
	struct family family;
	pid_t child;

	family_begin(&family);
	child = fork();
	if (!child) {
		family_end(&family);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	CHECK(content("trace_pipe"), "trace: a child takes nothing from its parent");
	family_end(&family);
	CHECK(!content("trace_pipe"), "trace: which still can remove it");
}

static void test_again(void)
{
	struct family family;

	snprintf(instance, sizeof(instance), TRACEFS "/sharestat.%d", getpid());
	make_instance(instance);
	family_begin(&family);
	CHECK(family.trace >= 0, "trace: one that has its own name already is its own");
	family_end(&family);
}

void test_birth_trace(void)
{
	snprintf(tracefs, sizeof(tracefs), "/tmp/sharestat-trace.XXXXXX");
	if (!CHECK(mkdtemp(tracefs), "trace: a folder of its own"))
		return;
	test_follows();
	test_threads();
	test_left_behind();
	test_fork();
	test_again();
	other_namespace = true;
	refuse("not the initial pid namespace", "in a container");
	other_namespace = false;
	refusal = EACCES;
	refuse("Permission denied", "not allowed to");
	refusal = 0;
	without_clock = true;
	refuse("No such file", "no clock to choose");
	without_clock = false;
	shell("rm -r %s", tracefs);
}
