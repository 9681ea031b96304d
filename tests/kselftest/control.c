// SPDX-License-Identifier: GPL-2.0
/*
 * enable and reset: bad text is refused with the errno of the ABI and changes
 * nothing. And who may open which file for what.
 */
#include "control-test.h"
#include "files-test.h"
#include "sleepers.h"

#include <dirent.h>
#include <sys/stat.h>

#include "patient-harness.h"

/* The words of enable, as they are shown; where flushes are not traced, without tlb. */
static void expect_probes(struct __test_metadata *_metadata, const char *expected)
{
	struct table table = table_read("enable");
	char shown[128] = "", words[128], *tlb;
	size_t row;

	snprintf(words, sizeof(words), "%s", expected);
	tlb = strstr(words, "+tlb");
	if (tlb && !flushes_are_traced())
		*tlb = '-';
	for (row = 0; row < table.rows; row++) {
		strcat(shown, row ? " " : "");
		strcat(shown, table_text(&table, row, "probe"));
	}
	EXPECT_STREQ(words, shown);
	table_free(&table);
}

/* So that the compiler does not know it either. */
static char *volatile nowhere;

static void check_refused(struct __test_metadata *_metadata, int fd, const char *const *texts)
{
	for (; *texts; texts++)
		EXPECT_EQ(-EINVAL, try_write_bytes(fd, *texts, strlen(*texts)))
			TH_LOG("'%s'", *texts);
}

FIXTURE(enable) {
	int fd;
};

FIXTURE_SETUP(enable)
{
	self->fd = open_file("enable", O_WRONLY);
	probes(PROBES_OFF);
	probes("+tlb");
}

FIXTURE_TEARDOWN(enable)
{
	probes(PROBES_OFF);
	close(self->fd);
}

static const char *const unknown_words[] = {
	"", "\n", " \t ", "+", "-", "switches", "tlb", "1", "0", "+all", "+Switches", "+switch",
	"+switchess", "++switches", "+ switches", "*switches", "+switches,tlb", "+switches+births",
	"=", "=all", "==tlb", "+=tlb", "=tlb,births", "-tlb =latencY", "+switches -births x",
	"-tlb +latencY", "x -tlb", "+births +", "-tlb 1", NULL
};

TEST_F(enable, bad_text_is_refused)
{
	check_refused(_metadata, self->fd, unknown_words);
	EXPECT_EQ(-EINVAL, try_write_bytes(self->fd, "-tlb\0", 5));
	EXPECT_EQ(-EINVAL, try_write_bytes(self->fd, "\0-tlb", 5));
	EXPECT_EQ(-EINVAL, try_write_bytes(self->fd, "-tlb\0+births", 12));
	EXPECT_EQ(-EFAULT, try_write_bytes(self->fd, nowhere, 4));
	expect_probes(_metadata, "-switches +tlb -births -latency");
}

TEST_F(enable, too_long_is_refused)
{
	char *text = malloc(TEXT_MAX + 1);

	memset(text, ' ', TEXT_MAX + 1);
	memcpy(text, "-tlb", 4);
	EXPECT_EQ(-E2BIG, try_write_bytes(self->fd, text, TEXT_MAX + 1));
	expect_probes(_metadata, "-switches +tlb -births -latency");
	EXPECT_EQ(0, try_write_bytes(self->fd, text, TEXT_MAX));
	expect_probes(_metadata, "-switches -tlb -births -latency");
	free(text);
}

TEST_F(enable, each_probe_by_itself)
{
	static const char *const names[] = { "switches", "tlb", "births", "latency" };
	char text[32], shown[64];
	size_t i, k;

	probes(PROBES_OFF);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		*shown = '\0';
		for (k = 0; k < ARRAY_SIZE(names); k++)
			sprintf(shown + strlen(shown), "%s%c%s", k ? " " : "",
				k == i ? '+' : '-', names[k]);
		snprintf(text, sizeof(text), "+%s\n", names[i]);
		probes(text);
		expect_probes(_metadata, shown);
		*text = '-';
		probes(text);
		expect_probes(_metadata, PROBES_OFF);
	}
}

/* With the others of its line. */
TEST_F(enable, what_the_kernel_cannot_is_refused)
{
	static const char text[] = "+switches +tlb -latency";
	int wanted = flushes_are_traced() ? 0 : -EOPNOTSUPP;

	probes(PROBES_OFF);
	EXPECT_EQ(wanted, try_write_bytes(self->fd, text, strlen(text)));
	expect_probes(_metadata, wanted ? PROBES_OFF : "+switches +tlb -births -latency");
}

TEST_F(enable, several_words)
{
	probes("\n+switches\t+births  -tlb\n");
	expect_probes(_metadata, "+switches -tlb +births -latency");
	/* What is so already stays so. */
	probes("+switches -tlb");
	expect_probes(_metadata, "+switches -tlb +births -latency");
	/* The last word on a probe counts. */
	probes("-switches =tlb +tlb -tlb =switches +switches");
	expect_probes(_metadata, "+switches -tlb +births -latency");
}

static uint64_t forks(void)
{
	struct table table = table_read("births");
	uint64_t count = table_sum(&table, "count", "kind", "fork", NULL);

	table_free(&table);
	return count;
}

static void fork_some(int count)
{
	while (count--) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static const char *const no_reset[] = {
	"", "\n", " ", "0", "2", "-1", "11", "1 1", " 1", "1 ", "01", "1x", "x", "1\n\n", "+1",
	"true", "18446744073709551617", NULL
};

TEST(reset)
{
	int fd = open_file("reset", O_WRONLY);
	char *text = calloc(1, TEXT_MAX + 1);

	probes("+births");
	reset_counters();
	fork_some(7);
	ASSERT_EQ(7, forks());
	check_refused(_metadata, fd, no_reset);
	EXPECT_EQ(-EINVAL, try_write_bytes(fd, "1\0", 2));
	EXPECT_EQ(-EINVAL, try_write_bytes(fd, "\0", 1));
	EXPECT_EQ(-EFAULT, try_write_bytes(fd, nowhere, 1));
	memset(text, '1', TEXT_MAX + 1);
	EXPECT_EQ(-E2BIG, try_write_bytes(fd, text, TEXT_MAX + 1));
	EXPECT_EQ(-EINVAL, try_write_bytes(fd, text, TEXT_MAX));
	EXPECT_EQ(7, forks());
	EXPECT_EQ(0, try_write_bytes(fd, "1", 1));
	EXPECT_EQ(0, forks());
	fork_some(5);
	EXPECT_EQ(5, forks());
	EXPECT_EQ(0, try_write_bytes(fd, "1\n", 2));
	EXPECT_EQ(0, forks());
	/* Neither attached nor detached by it. */
	expect_probes(_metadata, "-switches -tlb +births -latency");
	probes(PROBES_OFF);
	fork_some(3);
	EXPECT_EQ(0, forks());
	close(fd);
}

/* Nothing that the ABI has no stanza for, and all that it has one for. */
TEST(files_are_those_of_the_abi)
{
	DIR *folder = opendir(SHARESTAT_DIR);
	struct dirent *entry;
	size_t i, found = 0;

	ASSERT_NE(NULL, folder);
	while ((entry = readdir(folder))) {
		if (*entry->d_name == '.')
			continue;
		for (i = 0; i < ABI_FILES && strcmp(abi_files[i].name, entry->d_name); i++)
			;
		EXPECT_GT(ABI_FILES, i)
			TH_LOG("%s is in no stanza", entry->d_name);
		found++;
	}
	EXPECT_EQ(ABI_FILES, found);
	EXPECT_LT(10, ABI_FILES);
	closedir(folder);
}

static bool takes_text(const struct abi_file *file)
{
	return file->mode & 0200 || file_has_filter(file->name);
}

TEST(modes)
{
	struct stat status;
	char path[64];
	size_t i;

	for (i = 0; i < ABI_FILES; i++) {
		snprintf(path, sizeof(path), SHARESTAT_DIR "%s", abi_files[i].name);
		ASSERT_EQ(0, stat(path, &status))
			TH_LOG("%s", path);
		EXPECT_EQ(S_IFREG | abi_files[i].mode, status.st_mode)
			TH_LOG("%s", path);
		EXPECT_EQ(0, status.st_uid);
		EXPECT_EQ(0, status.st_gid);
	}
}

/*
 * Not even where the folders let him in: from a descriptor of the folder, as
 * debugfs itself is closed to all but root.
 */
TEST(nobody_opens_nothing)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	int folder = open(SHARESTAT_DIR, O_PATH | O_DIRECTORY);
	size_t i, k;

	ASSERT_LE(0, folder);
	ASSERT_EQ(0, setgid(65534));
	ASSERT_EQ(0, setuid(65534));
	ASSERT_EQ(0, faccessat(folder, ".", X_OK, 0));
	for (i = 0; i < ABI_FILES; i++)
		for (k = 0; k < ARRAY_SIZE(flags); k++) {
			EXPECT_EQ(-1, openat(folder, abi_files[i].name, flags[k]))
				TH_LOG("%s", abi_files[i].name);
			EXPECT_EQ(EACCES, errno);
		}
	EXPECT_EQ(-1, open(SHARESTAT_DIR "tasks", O_RDONLY));
	EXPECT_EQ(EACCES, errno);
}

/* Root can open a file for anything, but not do with it what it is not for. */
TEST(files_take_what_they_should)
{
	char byte;
	size_t i;

	for (i = 0; i < ABI_FILES; i++) {
		int fd = open_file(abi_files[i].name, O_RDWR);

		/* A good filter, so that only a file without one refuses it. */
		if (!takes_text(&abi_files[i]))
			EXPECT_EQ(-EINVAL, try_write_bytes(fd, "1", 1))
				TH_LOG("%s", abi_files[i].name);
		if (file_has_filter(abi_files[i].name))
			EXPECT_EQ(0, try_write_bytes(fd, "1", 1))
				TH_LOG("%s", abi_files[i].name);
		EXPECT_EQ(file_gives_text(&abi_files[i]) ? 1 : -1, read(fd, &byte, 1))
			TH_LOG("%s", abi_files[i].name);
		EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0));
		close(fd);
	}
}

TEST(reading_into_nowhere_is_refused)
{
	size_t i;

	for (i = 0; i < ABI_FILES; i++) {
		int fd = open_file(abi_files[i].name, O_RDWR);

		EXPECT_EQ(-1, read(fd, nowhere, 4096));
		EXPECT_EQ(file_gives_text(&abi_files[i]) ? EFAULT : EINVAL, errno)
			TH_LOG("%s", abi_files[i].name);
		close(fd);
	}
}

TEST_HARNESS_MAIN
