// SPDX-License-Identifier: GPL-2.0
/*
 * What enable says is so: how many functions hang on each tracepoint is read
 * out of the kernel's own memory (/proc/kcore), and tracefs names the functions
 * that ftrace calls for. Detached leaves nothing.
 */
#include "sharestat-test.h"

#include <elf.h>
#include <signal.h>
#include <sys/utsname.h>

#include "patient-harness.h"

#define TRACEFS "/sys/kernel/tracing/"
#define FUNCTIONS_MAX 64

#define WORDS 12

/*
 * struct tracepoint of <linux/tracepoint-defs.h>, as words: how long its key is
 * depends on the kernel's configuration, what follows on its version. Its name is
 * the first word, and its iterator is a function that /proc/kallsyms has.
 */
struct tracepoint {
	uint64_t word[WORDS];
};

/* How far behind the iterator the functions are: a stub came, two calls went. */
static size_t funcs_behind_iterator(void)
{
	struct utsname kernel;
	int major, minor;

	if (uname(&kernel) || sscanf(kernel.release, "%d.%d", &major, &minor) != 2)
		fail("uname() names no release");
	if (major >= 7)
		return 2;
	return major == 6 && minor >= 12 ? 4 : 3;
}

static uint64_t tracepoint_funcs(const struct tracepoint *tracepoint, uint64_t iterator)
{
	size_t behind = funcs_behind_iterator(), i;

	for (i = 0; i + behind < WORDS; i++)
		if (tracepoint->word[i] == iterator)
			return tracepoint->word[i + behind];
	fail("a struct tracepoint without its iterator");
}

struct tracepoint_func {
	uint64_t func, data, prio;
};

/* The place in /proc/kcore of a kernel address. */
static off_t kcore_offset(int kcore, uint64_t address)
{
	Elf64_Ehdr head;
	Elf64_Phdr segment;
	int i;

	if (pread(kcore, &head, sizeof(head), 0) != sizeof(head))
		fail("/proc/kcore: %s", strerror(errno));
	for (i = 0; i < head.e_phnum; i++) {
		off_t at = head.e_phoff + i * sizeof(segment);

		if (pread(kcore, &segment, sizeof(segment), at) != sizeof(segment))
			fail("/proc/kcore has no segment %d", i);
		if (segment.p_type == PT_LOAD && address - segment.p_vaddr < segment.p_memsz)
			return segment.p_offset + (address - segment.p_vaddr);
	}
	fail("/proc/kcore does not have %#llx", (unsigned long long)address);
}

static void kernel_read(uint64_t address, void *to, size_t size)
{
	int kcore = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	off_t at;

	if (kcore < 0)
		fail("/proc/kcore: %s", strerror(errno));
	at = kcore_offset(kcore, address);
	if (pread(kcore, to, size, at) != (ssize_t)size)
		fail("/proc/kcore: %#llx: %s", (unsigned long long)address, strerror(errno));
	close(kcore);
}

static const char *const tracepoints[] = {
	"sched_switch", "tlb_flush", "task_newtask", "sched_process_exec",
};

#define WHY_NO_ADDRESSES "/proc/kallsyms has no data here (CONFIG_KALLSYMS_ALL)"
#define TRACEPOINTS (sizeof(tracepoints) / sizeof(*tracepoints))

static uint64_t addresses[TRACEPOINTS], iterators[TRACEPOINTS];

/* A module may have tracepoints of the same name; ours has. */
static void note_address(const char *line, const char *prefix, uint64_t found[])
{
	const char *at = strstr(line, prefix);
	char name[256];
	size_t i;

	if (!at || strchr(line, '[') || sscanf(at + strlen(prefix), "%255s", name) != 1)
		return;
	for (i = 0; i < TRACEPOINTS; i++)
		if (!strcmp(name, tracepoints[i]))
			found[i] = strtoull(line, NULL, 16);
}

/* Once for all tests: /proc/kallsyms is long. */
static __attribute__((constructor)) void find_tracepoints(void)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char line[512];

	while (symbols && fgets(line, sizeof(line), symbols)) {
		note_address(line, " __tracepoint_", addresses);
		note_address(line, " __traceiter_", iterators);
	}
	if (symbols)
		fclose(symbols);
}

/* How many functions hang on it? */
static size_t functions_on(size_t number)
{
	struct tracepoint_func functions[FUNCTIONS_MAX];
	const char *name = tracepoints[number];
	struct tracepoint tracepoint;
	char check[32] = "";
	uint64_t funcs;
	size_t count;

	if (!addresses[number] || !iterators[number])
		fail("/proc/kallsyms has no __tracepoint_%s or its iterator", name);
	kernel_read(addresses[number], &tracepoint, sizeof(tracepoint));
	/* Is it what we take it for? */
	kernel_read(tracepoint.word[0], check, strlen(name));
	if (strcmp(check, name))
		fail("%s is no struct tracepoint as we know it", name);
	funcs = tracepoint_funcs(&tracepoint, iterators[number]);
	if (!funcs)
		return 0;
	for (count = 0; count < FUNCTIONS_MAX; count++) {
		kernel_read(funcs + count * sizeof(*functions), &functions[count],
			    sizeof(*functions));
		if (!functions[count].func)
			return count;
	}
	fail("%s has more than %d functions", name, FUNCTIONS_MAX);
}

/* Does ftrace call somebody in a function whose name begins so? */
static bool is_traced(const char *function)
{
	FILE *functions = fopen(TRACEFS "enabled_functions", "re");
	bool found = false;
	char line[512];

	if (!functions)
		fail(TRACEFS "enabled_functions: %s", strerror(errno));
	while (fgets(line, sizeof(line), functions))
		found |= !strncmp(line, function, strlen(function));
	fclose(functions);
	return found;
}

static void count_all(size_t counts[TRACEPOINTS])
{
	size_t i;

	for (i = 0; i < TRACEPOINTS; i++)
		counts[i] = functions_on(i);
}

/* Where flushes are not traced, the probe tlb alone attaches nothing at all. */
static bool is_offered(size_t tracepoint, const char *word)
{
	return flushes_are_traced() ||
	       (strcmp(word, "+tlb") && strcmp(tracepoints[tracepoint], "tlb_flush"));
}

FIXTURE(attached) {
	size_t before[TRACEPOINTS];
};

FIXTURE_VARIANT(attached) {
	const char *word;
	bool more[TRACEPOINTS], ftrace;
};

FIXTURE_VARIANT_ADD(attached, switches) { "+switches", { true }, false };
FIXTURE_VARIANT_ADD(attached, tlb) { "+tlb", { true, true }, false };
FIXTURE_VARIANT_ADD(attached, births) { "+births", { false, false, true, true }, false };
FIXTURE_VARIANT_ADD(attached, latency) { "+latency", { true }, true };
FIXTURE_VARIANT_ADD(attached, all) {
	"+switches +tlb +births +latency", { true, true, true, true }, true
};

FIXTURE_SETUP(attached)
{
	if (!addresses[0])
		return;
	probes(PROBES_OFF);
	count_all(self->before);
	ASSERT_FALSE(is_traced("finish_task_switch"));
}

FIXTURE_TEARDOWN(attached)
{
	probes(PROBES_OFF);
}

TEST_F(attached, then_detached)
{
	size_t on[TRACEPOINTS], off[TRACEPOINTS], i, round;

	if (!addresses[0])
		SKIP(return, WHY_NO_ADDRESSES);
	for (round = 0; round < 3; round++) {
		probes(variant->word);
		count_all(on);
		EXPECT_EQ(variant->ftrace, is_traced("finish_task_switch"));
		probes(PROBES_OFF);
		count_all(off);
		EXPECT_FALSE(is_traced("finish_task_switch"));
		for (i = 0; i < TRACEPOINTS; i++) {
			EXPECT_EQ(variant->more[i] && is_offered(i, variant->word),
				  on[i] > self->before[i])
				TH_LOG("%s", tracepoints[i]);
			EXPECT_EQ(self->before[i], off[i])
				TH_LOG("%s", tracepoints[i]);
		}
	}
}

/* Asking twice attaches once. */
TEST_F(attached, twice)
{
	size_t once[TRACEPOINTS], twice[TRACEPOINTS], i;

	if (!addresses[0])
		SKIP(return, WHY_NO_ADDRESSES);
	probes(variant->word);
	count_all(once);
	probes(variant->word);
	count_all(twice);
	for (i = 0; i < TRACEPOINTS; i++)
		EXPECT_EQ(once[i], twice[i]);
}

/* A descriptor holds them, and lets go of them with the one who had it. */
TEST_F(attached, held_by_one_who_is_killed)
{
	size_t on[TRACEPOINTS], off[TRACEPOINTS], i;
	char words[64], *plus;
	int status, ready[2];
	pid_t pid;

	if (!addresses[0])
		SKIP(return, WHY_NO_ADDRESSES);
	snprintf(words, sizeof(words), "%s", variant->word);
	while ((plus = strchr(words, '+')))
		*plus = '=';
	plus = strstr(words, "=tlb");
	if (plus && !flushes_are_traced())
		*plus = '-';
	ASSERT_EQ(0, pipe(ready));
	pid = fork();
	if (!pid) {
		int fd = open(SHARESTAT_DIR "enable", O_WRONLY);
		ssize_t length = strlen(words);

		_exit(write(fd, words, length) != length || write(ready[1], "", 1) != 1 ||
		      pause());
	}
	close(ready[1]);
	EXPECT_EQ(1, read(ready[0], words, 1));
	close(ready[0]);
	count_all(on);
	EXPECT_EQ(variant->ftrace, is_traced("finish_task_switch"));
	kill(pid, SIGKILL);
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(SIGKILL, status);
	count_all(off);
	EXPECT_FALSE(is_traced("finish_task_switch"));
	for (i = 0; i < TRACEPOINTS; i++) {
		EXPECT_EQ(variant->more[i] && is_offered(i, variant->word),
			  on[i] > self->before[i])
			TH_LOG("%s", tracepoints[i]);
		EXPECT_EQ(self->before[i], off[i])
			TH_LOG("%s", tracepoints[i]);
	}
}

#define FTRACE_ENABLED "/proc/sys/kernel/ftrace_enabled"

/* An attached probe whose function is not called would count nothing, and say so nowhere. */
TEST(latency_needs_the_tracing_of_functions)
{
	int refused;

	probes(PROBES_OFF);
	if (try_write(FTRACE_ENABLED, "0\n") == -EOPNOTSUPP)
		SKIP(return, "this kernel lets nobody switch it off");
	refused = try_write(SHARESTAT_DIR "enable", "+births +latency\n");
	write_file(FTRACE_ENABLED, "1\n");
	EXPECT_EQ(-EBUSY, refused);
	EXPECT_FALSE(is_traced("finish_task_switch"));
	probes("+latency");
	EXPECT_EQ(-EBUSY, try_write(FTRACE_ENABLED, "0\n"));
	EXPECT_TRUE(is_traced("finish_task_switch"));
	probes(PROBES_OFF);
	/* And not for longer. */
	EXPECT_EQ(0, try_write(FTRACE_ENABLED, "0\n"));
	write_file(FTRACE_ENABLED, "1\n");
}

/*
 * What used freed memory showed as a crash after some rounds; the kernel's log
 * is looked through at the end of all tests.
 */
TEST(many_rounds_of_latency)
{
	int i;

	for (i = 0; i < 25; i++) {
		probes("+latency");
		probes("-latency");
	}
}

TEST_HARNESS_MAIN
