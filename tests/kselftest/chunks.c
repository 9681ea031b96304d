// SPDX-License-Identifier: GPL-2.0
/*
 * The walk in chunks: how often a reading lets go of mmap_lock, as the kernel's own
 * trace has it, and what it shows of a mapping that changed between two chunks.
 */
#include <sys/time.h>
#include <time.h>

#include "patient-harness.h"
#include "trace-test.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
/* WALK_BUDGET: as many entries of page tables as mmap_lock is held for. */
#define BUDGET 65536UL
#define CHUNKS 4
#define RELEASED "mmap_lock/mmap_lock_released"

/* Each entry is there, and all hold the zero page: no memory but that of the tables. */
static void make_dense(struct subject *subject)
{
	unsigned long pages = CHUNKS * BUDGET;

	subject->start = map_or_fail(NULL, pages * PAGE, RW, ANON | MAP_NORESERVE, -1, 0);
	madvise(subject->start, pages * PAGE, MADV_NOHUGEPAGE);
	read_pages(subject->start, pages);
}

/* Of each table of tables one entry is in use, so that all the others are looked at. */
static void make_sparse(struct subject *subject)
{
	unsigned long tables = CHUNKS * BUDGET / HUGE_PAGES, i;
	size_t stride = HUGE_PAGES * HUGE_SIZE;

	subject->start = map_or_fail(NULL, tables * stride, RW, ANON | MAP_NORESERVE, -1, 0);
	madvise(subject->start, tables * stride, MADV_NOHUGEPAGE);
	for (i = 0; i < tables; i++)
		read_pages(subject->start + i * stride, 1);
}

/* Reads a file whole, with a buffer that is there: nothing of ours has to be mapped. */
static void read_marked(const char *file, pid_t pid, bool marks)
{
	static char buffer[1 << 16];
	char path[64];
	int fd;

	memset(buffer, 1, sizeof(buffer));
	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", file);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || dprintf(fd, "%d\n", pid) < 0)
		fail("%s: %s", path, strerror(errno));
	if (marks)
		trace_mark("begin");
	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	if (marks)
		trace_mark("end");
	close(fd);
}

/* Releases of a lock taken for reading, between the marks, by this task. */
static size_t releases(void)
{
	struct trace_event event = { .section = BEFORE_A };
	char *text = trace_text(), *at = text;
	size_t count = 0;

	while (trace_next(&at, "mmap_lock_released", &event))
		count += event.section == A_TO_B && strstr(event.text, "write=false");
	if (event.section != B_TO_C)
		fail("the trace has %d of 2 marks", event.section);
	free(text);
	return count;
}

FIXTURE(chunks) {
	struct subject *subject;
};

FIXTURE_VARIANT(chunks) {
	void (*make)(struct subject *subject);
	const char *file;
	size_t least;
};

/* Sparse: as many entries of the tables above as of those below. */
FIXTURE_VARIANT_ADD(chunks, dense_frames) { make_dense, "frames", CHUNKS };
FIXTURE_VARIANT_ADD(chunks, dense_bin) { make_dense, "frames.bin", CHUNKS };
FIXTURE_VARIANT_ADD(chunks, dense_vmas) { make_dense, "vmas", CHUNKS };
FIXTURE_VARIANT_ADD(chunks, sparse_frames) { make_sparse, "frames", 2 * CHUNKS };
FIXTURE_VARIANT_ADD(chunks, sparse_vmas) { make_sparse, "vmas", 2 * CHUNKS };

FIXTURE_SETUP(chunks)
{
	char pid[16];

	if (access("/sys/kernel/tracing/events/" RELEASED, F_OK))
		SKIP(return, "this kernel does not trace mmap_lock");
	self->subject = subject_start(variant->make, NULL);
	trace_open(RELEASED);
	snprintf(pid, sizeof(pid), "%d\n", getpid());
	trace_write("set_event_pid", pid);
}

FIXTURE_TEARDOWN(chunks)
{
	if (!self->subject)
		return;
	trace_close();
	subject_end(self->subject);
}

/* At least one release for as many entries as one chunk may have; not one for each. */
TEST_F(chunks, lock_is_let_go)
{
	size_t count;

	if (!self->subject)
		return;
	read_marked(variant->file, self->subject->pid, true);
	count = releases();
	TH_LOG("%zu releases", count);
	EXPECT_LE(variant->least, count);
	EXPECT_GE(20 * CHUNKS, count);
}

/* Memory that is asked to change: its owner does so and says that it has. */
struct changing {
	volatile int wanted, done;
};

static struct changing *changing;

static void change_on_demand(struct subject *subject)
{
	make_dense(subject);
	__atomic_fetch_add(&subject->ready, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		int prot = changing->wanted;

		if (prot != changing->done &&
		    mprotect(subject->start, CHUNKS * BUDGET * PAGE, prot))
			fail("mprotect: %s", strerror(errno));
		changing->done = prot;
		usleep(200);
	}
}

static void change(int prot)
{
	changing->wanted = prot;
	while (changing->done != prot)
		usleep(200);
}

static volatile sig_atomic_t alarmed;

static void on_alarm(int signal)
{
	(void)signal;
	alarmed = 1;
}

/* Reads vmas; a signal after @us ends the chunk at hand, and then the mapping changes. */
static struct table read_and_change(pid_t pid, unsigned int us)
{
	struct itimerval timer = { .it_value = { .tv_usec = us } };
	int fd = open(SHARESTAT_DIR "vmas", O_RDWR | O_CLOEXEC);
	char *text = calloc(1, 1 << 20);
	ssize_t got, size = 0;

	if (fd < 0 || !text || dprintf(fd, "%d\n", pid) < 0)
		fail("vmas: %s", strerror(errno));
	alarmed = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
	do {
		got = read(fd, text + size, (1 << 20) - size - 1);
		if (got < 0 && errno != EINTR)
			fail("vmas: %s", strerror(errno));
		size += got > 0 ? got : 0;
		if (alarmed == 1) {
			change(PROT_READ);
			alarmed = 2;
		}
	} while (got);
	close(fd);
	return table_parse("vmas", text);
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

/* What was walked ends where the walk was, in two rows of other permissions. */
TEST(a_mapping_changes_between_two_pieces)
{
	struct sigaction action = { .sa_handler = on_alarm };
	unsigned long start, end;
	struct subject *subject;
	size_t tries, split = 0;
	uint64_t us;

	changing = (void *)map_or_fail(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	changing->wanted = RW;
	changing->done = RW;
	sigaction(SIGALRM, &action, NULL);
	subject = subject_start(change_on_demand, NULL);
	start = (unsigned long)subject->start;
	end = start + CHUNKS * BUDGET * PAGE;
	us = now_us();
	read_marked("vmas", subject->pid, false);
	us = now_us() - us;
	srand(1);
	for (tries = 0; tries < 100 && !split; tries++) {
		struct table vmas = read_and_change(subject->pid, 1 + rand() % us);
		size_t row, rows = 0;
		uint64_t at = start;

		for (row = 0; row < vmas.rows; row++) {
			uint64_t first = table_hex(&vmas, row, "start");

			if (first < start || first >= end)
				continue;
			rows++;
			EXPECT_EQ(at, first);
			at = table_hex(&vmas, row, "end");
			EXPECT_EQ((at - first) / PAGE, table_number(&vmas, row, "zero"));
			if (rows == 2)
				EXPECT_STREQ("r--p", table_text(&vmas, row, "perms"));
		}
		EXPECT_EQ(end, at);
		split = rows == 2;
		table_free(&vmas);
		change(RW);
	}
	EXPECT_TRUE(split)
		TH_LOG("it never changed in between");
	subject_end(subject);
}

TEST_HARNESS_MAIN
