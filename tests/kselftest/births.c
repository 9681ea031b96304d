// SPDX-License-Identifier: GPL-2.0
/*
 * `births`: each kind a prime number of times, nothing in the other kinds, all
 * of it as the kernel's own trace has it; and what a fork copies and an exec
 * begins with, against /proc of a task that is stopped at that very moment.
 */
#include <linux/sched.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include "patient-harness.h"
#include "accounts-test.h"

#define TRIES 20
#define STACK_SIZE (64 << 10)
#define MODPROBE "/proc/sys/kernel/modprobe"

static const char *const kinds[] = { SHARESTAT_BIRTH_KINDS(SHARESTAT_NAME) };

struct births {
	uint64_t count[BIRTH_KINDS], pgtables[BIRTH_KINDS], vmas[BIRTH_KINDS];
	uint64_t pages[BIRTH_KINDS];
};

static struct births births_read(void)
{
	struct table table = table_read("births");
	struct births births;
	int kind;

	if (table.rows != BIRTH_KINDS)
		fail("births: %zu rows", table.rows);
	for (kind = 0; kind < BIRTH_KINDS; kind++) {
		if (strcmp(table_text(&table, kind, "kind"), kinds[kind]))
			fail("births: row %d is %s", kind, table_text(&table, kind, "kind"));
		births.count[kind] = table_number(&table, kind, "count");
		births.pgtables[kind] = table_number(&table, kind, "pgtables");
		births.vmas[kind] = table_number(&table, kind, "vmas");
		births.pages[kind] = table_number(&table, kind, "pages");
	}
	table_free(&table);
	return births;
}

static struct births births_since(const struct births *before)
{
	struct births births = births_read();
	int kind;

	for (kind = 0; kind < BIRTH_KINDS; kind++) {
		births.count[kind] -= before->count[kind];
		births.pgtables[kind] -= before->pgtables[kind];
		births.vmas[kind] -= before->vmas[kind];
		births.pages[kind] -= before->pages[kind];
	}
	return births;
}

/* The kernel's own threads alone are made with CLONE_UNTRACED here. */
static enum birth_kind traced_kind(const char *newtask)
{
	const char *at = strstr(newtask, " clone_flags=");
	unsigned long flags;

	if (!at)
		fail("no task_newtask: '%s'", newtask);
	flags = strtoul(at + strlen(" clone_flags="), NULL, 16);
	if (flags & CLONE_UNTRACED)
		return BIRTH_KTHREAD;
	if (flags & CLONE_THREAD)
		return BIRTH_THREAD;
	if (!(flags & CLONE_VM))
		return BIRTH_FORK;
	return flags & CLONE_VFORK ? BIRTH_VFORK : BIRTH_SHAREVM;
}

/* The counts from B to C and from A to D, and how many kthreadd made of them. */
struct traced {
	uint64_t inner[BIRTH_KINDS], outer[BIRTH_KINDS], kthreadd;
};

static void add_trace(struct traced *traced, const char *name)
{
	struct trace_event event = { .section = BEFORE_A };
	char *text = trace_text(), *at = text;

	while (trace_next(&at, name, &event)) {
		bool exec = !strcmp(name, "sched_process_exec");
		enum birth_kind kind = exec ? BIRTH_EXEC : traced_kind(event.text);

		if (event.section > BEFORE_A && event.section < AFTER_D)
			traced->outer[kind]++;
		if (event.section != B_TO_C)
			continue;
		traced->inner[kind]++;
		traced->kthreadd += kind == BIRTH_KTHREAD && strstr(event.text, " comm=kthreadd ");
	}
	if (event.section != AFTER_D)
		fail("the trace has %d of 4 marks", event.section);
	free(text);
}

static struct births measure(struct __test_metadata *_metadata, void (*work)(void),
			     struct traced *traced)
{
	struct births before, births;
	int tries, kind;

	for (tries = 0; tries < TRIES; tries++) {
		memset(traced, 0, sizeof(*traced));
		trace_clear();
		trace_mark("A");
		before = births_read();
		trace_mark("B");
		work();
		trace_mark("C");
		births = births_since(&before);
		trace_mark("D");
		add_trace(traced, "task_newtask");
		add_trace(traced, "sched_process_exec");
		if (!memcmp(traced->inner, traced->outer, sizeof(traced->inner)))
			break;
	}
	EXPECT_LT(tries, TRIES);
	for (kind = 0; kind < BIRTH_KINDS; kind++) {
		EXPECT_EQ(traced->inner[kind], births.count[kind])
			TH_LOG("%s", kinds[kind]);
	}
	return births;
}

static int leave(void *unused)
{
	(void)unused;
	_exit(0);
}

static void wait_all(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0)
		if (status)
			fail("child %d ended with status %#x", pid, status);
}

static void fork_13(void)
{
	int i;

	for (i = 0; i < 13; i++)
		if (!fork())
			_exit(0);
	wait_all();
}

static __attribute__((noinline)) void vfork_once(void)
{
	if (!vfork())
		_exit(0);
}

static void vfork_11(void)
{
	int i;

	for (i = 0; i < 11; i++)
		vfork_once();
	wait_all();
}

static void *end_thread(void *unused)
{
	return unused;
}

static void thread_17(void)
{
	pthread_t thread;
	int i;

	for (i = 0; i < 17; i++)
		if (pthread_create(&thread, NULL, end_thread, NULL) ||
		    pthread_join(thread, NULL))
			fail("a thread");
}

static void sharevm_7(void)
{
	char *stack = map_or_fail(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	for (i = 0; i < 7; i++) {
		if (clone(leave, stack + STACK_SIZE, CLONE_VM | SIGCHLD, NULL) < 0)
			fail("clone: %s", strerror(errno));
		wait_all();
	}
	munmap(stack, STACK_SIZE);
}

/* Spawned the way that shares the memory until exec: vfork and exec. */
static void spawn_19(void)
{
	char name[] = "true", *argv[] = { name, NULL };
	pid_t pid;
	int i;

	for (i = 0; i < 19; i++)
		if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ))
			fail("posix_spawn");
	wait_all();
}

/*
 * A family of sockets that nobody serves makes the kernel look for a module: it
 * runs /bin/true here, from a thread of its own that becomes that program. The
 * family must be below the kernel's own AF_MAX, which rose in 5.15.
 */
static void usermode_5(void)
{
	int i;

	for (i = 0; i < 5; i++)
		if (socket(AF_DECnet, SOCK_STREAM, 0) >= 0 || errno != EAFNOSUPPORT)
			fail("socket: %s", strerror(errno));
}

FIXTURE(births) {
	struct traced traced;
};

FIXTURE_SETUP(births)
{
	probes(PROBES_OFF);
	trace_open("task/task_newtask");
	trace_write("events/sched/sched_process_exec/enable", "1\n");
	write_file(MODPROBE, "/bin/true\n");
	probes("+births");
}

FIXTURE_TEARDOWN(births)
{
	probes(PROBES_OFF);
	write_file(MODPROBE, "/sbin/modprobe\n");
	trace_close();
}

FIXTURE_VARIANT(births) {
	void (*work)(void);
	uint64_t count[BIRTH_KINDS];
};

#define VARIANT(name, ...) FIXTURE_VARIANT_ADD(births, name) { __VA_ARGS__ }

VARIANT(fork, fork_13, { [BIRTH_FORK] = 13 });
VARIANT(vfork, vfork_11, { [BIRTH_VFORK] = 11 });
VARIANT(thread, thread_17, { [BIRTH_THREAD] = 17 });
VARIANT(sharevm, sharevm_7, { [BIRTH_SHAREVM] = 7 });
VARIANT(spawn, spawn_19, { [BIRTH_VFORK] = 19, [BIRTH_EXEC] = 19 });
VARIANT(kthread, usermode_5, { [BIRTH_KTHREAD] = 5, [BIRTH_EXEC] = 5 });

/* kthreadd may have to make workers at any time; the trace shows how many. */
TEST_F(births, are_of_their_kind)
{
	struct births births = measure(_metadata, variant->work, &self->traced);
	int kind;

	if (self->traced.kthreadd)
		TH_LOG("%ju more by kthreadd", (uintmax_t)self->traced.kthreadd);
	births.count[BIRTH_KTHREAD] -= self->traced.kthreadd;
	for (kind = 0; kind < BIRTH_KINDS; kind++) {
		bool copies = kind == BIRTH_FORK || kind == BIRTH_EXEC;

		EXPECT_EQ(variant->count[kind], births.count[kind])
			TH_LOG("%s", kinds[kind]);
		EXPECT_EQ(copies && births.count[kind], births.vmas[kind] > 0)
			TH_LOG("%s", kinds[kind]);
		EXPECT_EQ(copies && births.count[kind], births.pgtables[kind] > 0)
			TH_LOG("%s", kinds[kind]);
		EXPECT_EQ(copies && births.count[kind], births.pages[kind] > 0)
			TH_LOG("%s", kinds[kind]);
	}
}

/* What /proc says of an address space. */
struct size {
	uint64_t pgtables, vmas, pages;
};

static struct size size_of(pid_t pid)
{
	struct smaps smaps = smaps_read(pid);
	struct size size = { .vmas = smaps.count };
	char path[64], line[256];
	FILE *file;

	/* The vsyscall page belongs to no process. */
	if (size.vmas && (long)smaps.map[size.vmas - 1].start < 0)
		size.vmas--;
	free(smaps.map);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!status_line(line, "VmPTE:", &size.pgtables))
			status_line(line, "VmRSS:", &size.pages);
	if (!file || !size.pgtables)
		fail("%s has no VmPTE", path);
	fclose(file);
	size.pgtables <<= 10;
	size.pages = (size.pages << 10) / PAGE;
	return size;
}

/* A tracee with mappings of its own in 31 page tables, then fork, then exec. */
static void __attribute__((noreturn)) be_traced(void)
{
	pid_t pid;
	int i;

	for (i = 0; i < 31; i++) {
		char *start = map_or_fail((void *)(0x10000000000 + i * 2 * HUGE_SIZE), 3 * PAGE,
					  PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		write_pages(start, 3);
	}
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	execl("/bin/true", "true", NULL);
	_exit(1);
}

static void wait_stop(pid_t pid, int event)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status) ||
	    status >> 16 != event)
		fail("%d: status %#x instead of event %d", pid, status, event);
}

static pid_t run_to(pid_t pid, int event)
{
	unsigned long message = 0;

	if (ptrace(PTRACE_CONT, pid, NULL, NULL))
		fail("PTRACE_CONT: %s", strerror(errno));
	wait_stop(pid, event);
	ptrace(PTRACE_GETEVENTMSG, pid, NULL, &message);
	return message;
}

TEST(what_fork_copies_and_exec_begins_with)
{
	struct births before, births;
	struct size size;
	pid_t pid, child;

	probes(PROBES_OFF);
	pid = fork_attached();
	if (!pid)
		be_traced();
	wait_stop(pid, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXEC |
	       PTRACE_O_EXITKILL);
	probes("+births");
	before = births_read();
	child = run_to(pid, PTRACE_EVENT_FORK);
	wait_stop(child, 0);
	births = births_since(&before);
	size = size_of(child);
	ASSERT_EQ(1, births.count[BIRTH_FORK]);
	EXPECT_LT(31, size.vmas);
	EXPECT_LT(31 * PAGE, size.pgtables);
	EXPECT_EQ(size.vmas, births.vmas[BIRTH_FORK]);
	EXPECT_EQ(size.pgtables, births.pgtables[BIRTH_FORK]);
	EXPECT_LT(31 * 3, size.pages);
	EXPECT_EQ(size.pages, births.pages[BIRTH_FORK]);

	/* The child's SIGSTOP is taken from it; its SIGCHLD then stops the parent. */
	ptrace(PTRACE_CONT, child, NULL, NULL);
	waitpid(child, NULL, __WALL);
	before = births_read();
	/* A stop without an event has the message of the last one before 5.18. */
	run_to(pid, 0);
	if (run_to(pid, PTRACE_EVENT_EXEC) != pid)
		fail("the tracee did not exec");
	births = births_since(&before);
	size = size_of(pid);
	ASSERT_EQ(1, births.count[BIRTH_EXEC]);
	EXPECT_EQ(size.vmas, births.vmas[BIRTH_EXEC]);
	EXPECT_EQ(size.pgtables, births.pgtables[BIRTH_EXEC]);
	EXPECT_EQ(size.pages, births.pages[BIRTH_EXEC]);
	probes(PROBES_OFF);
	births_add_up();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_HARNESS_MAIN
