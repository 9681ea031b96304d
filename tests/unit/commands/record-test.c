// SPDX-License-Identifier: GPL-2.0
/* Recordings: every file, byte for byte, or nothing and a word about it. */
#include <sys/resource.h>
#include <sys/wait.h>

#include "commands/record.c"
#include "run-command.h"
#include "tap.h"

static char root[64], source[96], target[96];

static void make(void *arg)
{
	stopped = 0;
	run_attempt(arg);
}

/* The words that it said; status is how it ended. */
static char *recorded(int *status, char *first, char *second, char *third)
{
	struct attempt attempt = { .words = { "record", first, second, third } };
	char *said = capture(stderr, make, &attempt);

	*status = attempt.status;
	return said;
}

/* All is as it was before. */
static bool nothing_is_left(void)
{
	return !shell("test ! -e %s && test -z \"$(find %s -name '.sharestat-*')\"", target, root);
}

static void refused(char *said, int status, const char *words, const char *what)
{
	if (!CHECK(status == EXIT_FAILURE && strstr(said, words) && nothing_is_left(),
		   "record: %s, and nothing is left", what))
		printf("# status %d: %s\n", status, said);
	free(said);
}

static void test_whole(void)
{
	int status, differ = 0;
	char *said = recorded(&status, target, NULL, NULL);

	for (size_t i = 0; i < FILES; i++)
		differ += shell("cmp %s/%s %s/%s", source, recorded_files[i].name, target,
				recorded_files[i].name) != 0;
	if (!CHECK(!status && !*said && !differ, "record: each file is as it was"))
		printf("# status %d, %d differ: %s\n", status, differ, said);
	CHECK(!shell("test \"$(ls %s | wc -l)\" = %zu", target, FILES + 1),
	      "record: beside them there is the manifest alone");
	CHECK(!shell("grep -qx \"host $(uname -n)\" %s/manifest && grep -qx 'tool %s' %s/manifest",
		     target, SHARESTAT_VERSION, target), "record: which says where it was made");
	CHECK(!shell("test \"$(stat -c %%a %s)\" = 700", target), "record: it is its owner's alone");
	free(said);
	said = recorded(&status, target, NULL, NULL);
	CHECK(status == EXIT_FAILURE && strstr(said, "is not empty"),
	      "record: what is there already is left alone");
	free(said);
	shell("rm -r %s", target);
}

static void test_part(void)
{
	int status;
	char *said;

	shell("mkdir %s", target);
	said = recorded(&status, "--no-frames", target, NULL);
	CHECK(!status && !shell("cd %s && test -s vmas && test ! -e frames && test ! -e frames.bin",
				target), "record: without frames, into an empty folder");
	free(said);
	shell("rm -r %s", target);
	said = recorded(&status, "-p400,401,400", target, NULL);
	CHECK(!status && !shell("printf '# sharestat set_pid 1\\n# tgid\\n400\\n401\\n' | cmp - %s/set_pid",
				target), "record: set_pid names whom it is of, once each");
	free(said);
	shell("rm -r %s", target);
	said = recorded(&status, "-p9", target, NULL);
	refused(said, status, "no such process: 9", "a process that is not there");
}

static void test_operands(void)
{
	int status;
	char *said = recorded(&status, NULL, NULL, NULL);

	refused(said, status, "record wants a folder", "no folder is named");
	said = recorded(&status, target, "other", NULL);
	refused(said, status, "other", "two folders are named");
	said = recorded(&status, "--frames", target, NULL);
	refused(said, status, "--frames", "an option that there is not");
	said = recorded(&status, "/nowhere/at/all", NULL, NULL);
	refused(said, status, "cannot make a folder beside /nowhere/at/all", "no folder around it");
	said = recorded(&status, "/dev/null", NULL, NULL);
	refused(said, status, "/dev/null: Not a directory", "a file in its place");
}

/* with COMMAND: in the folder of the source; undone afterwards */
static void refuse_source(const char *command, const char *words, const char *what)
{
	int status;
	char *said;

	shell("cd %s && mv births_mms ../kept && %s", source, command);
	said = recorded(&status, target, NULL, NULL);
	shell("cd %s && rm -rf births_mms && mv ../kept births_mms", source);
	refused(said, status, words, what);
}

/* What can be read of it before it ends, and then a signal. */
static void test_signal(int number)
{
	char path[128], *said;
	pid_t child;
	int status;

	snprintf(path, sizeof(path), "%s/births_mms", source);
	shell("mv %s %s/kept && mkfifo %s", path, root, path);
	child = fork();
	if (!child) {
		FILE *out = fopen(path, "w");

		if (!out || fputs("# sharestat", out) < 0 || fflush(out))
			_exit(1);
		kill(getppid(), number);
		_exit(0);
	}
	said = recorded(&status, target, NULL, NULL);
	kill(child, SIGKILL);		/* when nobody has read what it writes */
	waitpid(child, NULL, 0);
	shell("rm %s && mv %s/kept %s", path, root, path);
	refused(said, status, "stopped; nothing was recorded", strsignal(number));
}

/* The disk is full, as it were. */
static void test_no_room(void)
{
	struct rlimit old, small = { .rlim_cur = 200 };
	struct attempt attempt = { .words = { "record", target } };
	char *said;

	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	/* Not what it says, which is captured in a file. */
	said = capture(stderr, make, &attempt);
	free(said);
	shell("rm -rf %s", target);
	setrlimit(RLIMIT_FSIZE, &small);
	make(&attempt);
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	CHECK(attempt.status == EXIT_FAILURE && nothing_is_left(),
	      "record: no room for it, and nothing is left");
}

void test_record(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction old[4];

	for (size_t i = 0; i < 4; i++)
		sigaction(numbers[i], NULL, &old[i]);
	snprintf(root, sizeof(root), "/tmp/sharestat-record.XXXXXX");
	if (!CHECK(mkdtemp(root), "record: a folder of its own"))
		return;
	snprintf(source, sizeof(source), "%s/source", root);
	snprintf(target, sizeof(target), "%s/target", root);
	shell("cp -rL \"$RECORDING/../world/0\" %s", source);
	source_set_root(source);
	test_whole();
	test_part();
	test_operands();
	refuse_source("true", "births_mms: no such file", "a file of the module is missing");
	refuse_source("mkdir births_mms", "births_mms: Is a directory", "a file cannot be read");
	for (size_t i = 0; i < 4; i++)
		test_signal(numbers[i]);
	test_no_room();
	source_set_root(NULL);
	shell("rm -r %s", root);
	for (size_t i = 0; i < 4; i++)
		sigaction(numbers[i], &old[i], NULL);
}
