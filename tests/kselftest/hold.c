// SPDX-License-Identifier: GPL-2.0
/*
 * Probes are held by open descriptors of enable: each holder counts exactly whatever
 * others do, and when the last descriptor is closed, by whomever, nothing is held.
 * The witness of what is counted is what the test does: births. What is attached
 * attach.c looks up in the kernel itself.
 */
#include "control-test.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "patient-harness.h"

#define NAMES 4

static const char *const names[NAMES] = { "switches", "tlb", "births", "latency" };

/* How enable shows a probe: "+births on 2", or that there is none. */
static void expect_shown(struct __test_metadata *_metadata, const char *name,
			 const char *expected)
{
	struct table table = table_read("enable");
	char shown[64] = "";
	size_t row;

	for (row = 0; row < table.rows; row++)
		if (!strcmp(table_text(&table, row, "probe") + 1, name))
			snprintf(shown, sizeof(shown), "%s %s %s",
				 table_text(&table, row, "probe"),
				 table_text(&table, row, "switched"),
				 table_text(&table, row, "holders"));
	EXPECT_STREQ(expected, shown);
	table_free(&table);
}

static void expect_all_off(struct __test_metadata *_metadata)
{
	char expected[64];
	size_t i;

	for (i = 0; i < NAMES; i++) {
		sprintf(expected, "-%s off 0", names[i]);
		expect_shown(_metadata, names[i], expected);
	}
}

static bool is_offered(size_t probe)
{
	return flushes_are_traced() || strcmp(names[probe], "tlb");
}

static void write_words(int fd, const char *words)
{
	int ret = try_write_bytes(fd, words, strlen(words));

	if (ret)
		fail("enable: '%s': %s", words, strerror(-ret));
}

static int hold(const char *words)
{
	int fd = open_file("enable", O_WRONLY);

	write_words(fd, words);
	return fd;
}

static int hold_all(void)
{
	return hold(flushes_are_traced() ? "=switches =tlb =births =latency" :
					   "=switches =births =latency");
}

static uint64_t forks(void)
{
	struct table table = table_read("births");
	uint64_t count = table_sum(&table, "count", "kind", "fork", NULL);

	table_free(&table);
	return count;
}

static void fork_some(unsigned int count)
{
	while (count--) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

/* A child that holds all and sleeps; it is killed when the test is. */
static pid_t child_that_holds(void)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready))
		fail("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		hold_all();
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		fail("the child does not hold");
	close(ready[0]);
	return pid;
}

static void end_child(pid_t pid, int number)
{
	kill(pid, number);
	waitpid(pid, NULL, 0);
}

FIXTURE(hold) {
};

FIXTURE_SETUP(hold)
{
	probes(PROBES_OFF);
	expect_all_off(_metadata);
}

FIXTURE_TEARDOWN(hold)
{
	probes(PROBES_OFF);
	expect_all_off(_metadata);
}

TEST_F(hold, each_until_it_is_closed)
{
	char words[32], expected[64];
	size_t i;
	int fd;

	for (i = 0; i < NAMES; i++) {
		if (!is_offered(i))
			continue;
		sprintf(words, "=%s\n", names[i]);
		fd = hold(words);
		sprintf(expected, "+%s off 1", names[i]);
		expect_shown(_metadata, names[i], expected);
		close(fd);
		expect_all_off(_metadata);
	}
}

TEST_F(hold, one_descriptor_holds_once)
{
	int fd = hold("=births =births"), copy = dup(fd);

	write_words(fd, "=births");
	write_words(copy, "=births");
	expect_shown(_metadata, "births", "+births off 1");
	write_words(copy, "-births");
	expect_shown(_metadata, "births", "-births off 0");
	write_words(fd, "=births");
	close(fd);
	expect_shown(_metadata, "births", "+births off 1");
	close(copy);
}

/* Who only looks holds nothing, and takes nothing away. */
TEST_F(hold, readers_and_failed_writers_hold_nothing)
{
	int fd = hold("=births"), other = open_file("enable", O_RDWR);

	EXPECT_EQ(-EINVAL, try_write_bytes(other, "=births =switches =all", 22));
	if (!flushes_are_traced())
		EXPECT_EQ(-EOPNOTSUPP, try_write_bytes(other, "=switches =tlb", 14));
	expect_shown(_metadata, "births", "+births off 1");
	expect_shown(_metadata, "switches", "-switches off 0");
	close(other);
	expect_shown(_metadata, "births", "+births off 1");
	close(fd);
}

/* What a shell switches and what is held are two things. */
TEST_F(hold, switched_is_apart)
{
	int fd = hold("=births");

	probes("+births");
	expect_shown(_metadata, "births", "+births on 1");
	close(fd);
	expect_shown(_metadata, "births", "+births on 0");
	fd = hold("=births");
	probes("-births");
	expect_shown(_metadata, "births", "+births off 1");
	/* The holder's own minus is for both. */
	probes("+births");
	write_words(fd, "-births");
	expect_shown(_metadata, "births", "-births off 0");
	close(fd);
	/* Switched by one, held by another, in one write. */
	fd = hold("+births =switches");
	expect_shown(_metadata, "births", "+births on 0");
	expect_shown(_metadata, "switches", "+switches off 1");
	close(fd);
	expect_shown(_metadata, "births", "+births on 0");
}

TEST_F(hold, the_second_goes_on_counting)
{
	int first = hold("=births"), second = hold("=births");
	uint64_t base = forks();

	fork_some(7);
	close(first);
	expect_shown(_metadata, "births", "+births off 1");
	fork_some(11);
	EXPECT_EQ(7 + 11, forks() - base);
	close(second);
	fork_some(3);
	EXPECT_EQ(7 + 11, forks() - base);
}

#define MANY 10

/* Each comes at another moment, with a base line of its own, and they go at random. */
TEST_F(hold, ten_at_once)
{
	uint64_t base[MANY], made[MANY] = { 0 }, total = 0;
	unsigned int seed = getpid(), left = MANY, i;
	int fds[MANY];

	TH_LOG("seed %u", seed);
	srand(seed);
	for (i = 0; i < MANY; i++) {
		fds[i] = hold("=births");
		base[i] = forks();
		made[i] = total;
		fork_some(i + 1);
		total += i + 1;
	}
	while (left) {
		i = rand() % MANY;
		if (fds[i] < 0)
			continue;
		EXPECT_EQ(total - made[i], forks() - base[i])
			TH_LOG("holder %u, %u are left", i, left);
		if (rand() % 2)
			write_words(fds[i], "-births");
		close(fds[i]);
		fds[i] = -1;
		if (--left) {
			fork_some(left);
			total += left;
		}
	}
}

/* It would set back the figures of which a holder takes differences. */
TEST_F(hold, no_reset_while_one_holds)
{
	int fd = hold("=switches"), reset = open_file("reset", O_WRONLY);
	uint64_t base;

	probes("+births");
	base = forks();
	fork_some(5);
	EXPECT_EQ(-EBUSY, try_write_bytes(reset, "1\n", 2));
	EXPECT_EQ(-EINVAL, try_write_bytes(reset, "2\n", 2));
	EXPECT_EQ(base + 5, forks());
	close(fd);
	EXPECT_EQ(0, try_write_bytes(reset, "1\n", 2));
	EXPECT_EQ(0, forks());
	close(reset);
}

TEST_F(hold, however_the_holder_ends)
{
	static const int numbers[] = { SIGKILL, SIGTERM, SIGINT, SIGSEGV, SIGHUP };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		pid_t pid = child_that_holds();

		expect_shown(_metadata, "latency", "+latency off 1");
		end_child(pid, numbers[i]);
		expect_all_off(_metadata);
	}
}

/* While one waits for the others to be detached it is being killed itself. */
TEST_F(hold, all_are_killed_at_once)
{
	pid_t pids[MANY];
	size_t i;

	for (i = 0; i < MANY; i++)
		pids[i] = child_that_holds();
	expect_shown(_metadata, "births", "+births off 10");
	for (i = 0; i < MANY; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < MANY; i++)
		waitpid(pids[i], NULL, 0);
	expect_all_off(_metadata);
}

/* What a child inherits it holds on to. */
TEST_F(hold, inherited)
{
	int fd = hold_all();
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	close(fd);
	expect_shown(_metadata, "births", "+births off 1");
	end_child(pid, SIGKILL);
	expect_all_off(_metadata);
}

/* But not what it executes, when the descriptor is closed then. */
TEST_F(hold, not_what_is_executed)
{
	int fd = hold_all(), ready[2];
	pid_t pid;
	char byte;

	ASSERT_EQ(0, pipe(ready));
	pid = fork();
	if (!pid) {
		dup2(ready[1], STDOUT_FILENO);
		execlp("sh", "sh", "-c", "echo; exec sleep 1000", NULL);
		_exit(127);
	}
	close(ready[1]);
	EXPECT_EQ(1, read(ready[0], &byte, 1));
	close(ready[0]);
	close(fd);
	expect_all_off(_metadata);
	end_child(pid, SIGKILL);
}

TEST_F(hold, the_module_stays_meanwhile)
{
	int fd = hold_all();

	EXPECT_EQ(-1, syscall(SYS_delete_module, "sharestat", O_NONBLOCK));
	EXPECT_EQ(EWOULDBLOCK, errno);
	expect_shown(_metadata, "births", "+births off 1");
	close(fd);
}

static void hold_and_let_go(int shared, unsigned int seed)
{
	int own = -1, i;
	char word[32];

	for (i = 0; i < 60; i++) {
		size_t probe = rand_r(&seed) % NAMES;

		if (own < 0)
			own = open_file("enable", O_WRONLY);
		sprintf(word, "%c%s", "=-"[rand_r(&seed) % 2], names[probe]);
		if (is_offered(probe))
			write_words(rand_r(&seed) % 2 ? own : shared, word);
		if (rand_r(&seed) % 3 == 0) {
			close(own);
			own = -1;
		}
	}
}

/* Several write to one opening while others of them come and go. */
TEST_F(hold, many_hold_and_let_go)
{
	int shared = open_file("enable", O_RDWR);
	pid_t pids[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		pids[i] = fork();
		if (!pids[i]) {
			hold_and_let_go(shared, getpid());
			_exit(0);
		}
	}
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		int status;

		waitpid(pids[i], &status, 0);
		EXPECT_EQ(0, status);
	}
	close(shared);
	expect_all_off(_metadata);
}

TEST_HARNESS_MAIN
