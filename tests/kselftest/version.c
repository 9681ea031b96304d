// SPDX-License-Identifier: GPL-2.0
/* The file version: each key of the ABI is there, and says what uname(2) and /proc say. */
#include "files-test.h"

#include <sys/utsname.h>

#include "patient-harness.h"

/* Its values may have blanks, so it is no table. */
static char *value_of(const char *key)
{
	int fd = open(SHARESTAT_DIR "version", O_RDONLY | O_CLOEXEC);
	char *text, *at, *line, *value = NULL;
	size_t size = strlen(key);

	if (fd < 0)
		fail("version: %s", strerror(errno));
	text = read_whole(fd, "version");
	close(fd);
	for (at = text; !value && (line = next_line(&at));)
		if (!strncmp(line, key, size) && line[size] == ' ')
			value = strdup(line + size + 1);
	free(text);
	return value ?: strdup("(no such key)");
}

#define EXPECT_VALUE(key, ...) do {				\
	char expected[128];					\
	snprintf(expected, sizeof(expected), __VA_ARGS__);	\
	EXPECT_STREQ(expected, value_of(key))			\
		TH_LOG("%s", key);				\
} while (0)

static bool cpu_has(const char *flag)
{
	char command[128];

	snprintf(command, sizeof(command), "grep -qw %s /proc/cpuinfo", flag);
	return !system(command);
}

TEST(machine)
{
	struct utsname name;

	ASSERT_EQ(0, uname(&name));
	EXPECT_VALUE("abi", "%d", SHARESTAT_ABI);
	EXPECT_VALUE("kernel", "%s", name.release);
	EXPECT_VALUE("arch", "%s", name.machine);
	EXPECT_VALUE("page_size", "%ld", sysconf(_SC_PAGESIZE));
	EXPECT_VALUE("cpus", "%ld", sysconf(_SC_NPROCESSORS_ONLN));
}

TEST(module)
{
	int fd = open("/sys/module/sharestat/version", O_RDONLY | O_CLOEXEC);

	EXPECT_VALUE("module", "%s", SHARESTAT_VERSION);
	if (fd >= 0) {
		char *text = read_whole(fd, "version");

		EXPECT_VALUE("module", "%.*s", (int)strcspn(text, "\n"), text);
		close(fd);
	}
}

#ifdef __x86_64__
TEST(processor)
{
	EXPECT_VALUE("pcid", "%s", cpu_has("pcid") ? "yes" : "no");
	EXPECT_VALUE("pti", "%s", cpu_has("pti") ? "yes" : "no");
	EXPECT_VALUE("pgtable_levels", "%d", cpu_has("la57") ? 5 : 4);
	EXPECT_VALUE("mms_cpus", "yes");
	EXPECT_VALUE("mms_tlb_gen", "yes");
}
#endif

/* The lab's kernels have been seen, and those that were built for a test. */
TEST(proven)
{
	EXPECT_VALUE("kernel_proven", "yes");
	EXPECT_VALUE("frames_maps", "yes");
}

/* A mutant is loaded without, so that its own test has to see it. */
TEST(self_test)
{
	char letter = '\0';
	int fd = open("/sys/module/sharestat/parameters/self_test", O_RDONLY | O_CLOEXEC);

	ASSERT_EQ(1, read(fd, &letter, 1));
	close(fd);
	EXPECT_VALUE("self_test", letter == 'Y' ? "yes" : "no switched_off");
}

/* What a probe says it can, it can; a cost is measured only when that was asked for. */
TEST(probes_can_what_they_say)
{
	static const char *const names[] = { "switches", "tlb", "births", "latency" };
	char key[32], word[32], *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(key, sizeof(key), "probe_%s", names[i]);
		snprintf(word, sizeof(word), "+%s", names[i]);
		value = value_of(key);
		EXPECT_EQ(!strcmp(value, "yes"), !try_write(SHARESTAT_DIR "enable", word));
		EXPECT_TRUE(!strcmp(value, "yes") || !strncmp(value, "no ", 3));
		snprintf(key, sizeof(key), "cost_%s_ns", names[i]);
		EXPECT_VALUE(key, "-");
	}
	probes(PROBES_OFF);
}

/* A walk has held a lock for some time; a reset forgets it. */
TEST(longest_hold)
{
	struct table table;

	table = table_read_pid("vmas", getpid());
	EXPECT_LT(0, parse_number(value_of("longest_hold_ns"), 10, "longest_hold_ns"));
	table_free(&table);
	reset_counters();
	EXPECT_VALUE("longest_hold_ns", "0");
}

TEST_HARNESS_MAIN
