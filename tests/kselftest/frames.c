// SPDX-License-Identifier: GPL-2.0
/*
 * Every kind of page that a process can have mapped, in a process that sleeps:
 * `frames` names its class, counts and letters as they must be, and agrees with
 * /proc/PID/pagemap, /proc/kpagecount and /proc/kpageflags on each page.
 */
#include <dirent.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>

#include "frames-test.h"
#include "patient-harness.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED_ANON (MAP_SHARED | MAP_ANONYMOUS)
#define DISK_IMAGE "/dev/shm/frames.img"

static void make_private(struct subject *subject)
{
	subject->start = map_small(13, RW);
	write_pages(subject->start, 13);
}

static void make_cow(struct subject *subject)
{
	subject->start = map_small(23, RW);
	write_pages(subject->start, 23);
	subject_fork_partner(subject);
}

static void rewrite_seven(struct subject *subject)
{
	write_pages(subject->start, 7);
}

static void make_read_only(struct subject *subject)
{
	make_private(subject);
	mprotect(subject->start, 13 * PAGE, PROT_READ);
}

static void make_none(struct subject *subject)
{
	make_private(subject);
	mprotect(subject->start, 13 * PAGE, PROT_NONE);
}

static void make_executable(struct subject *subject)
{
	subject->start = map_small(13, RW | PROT_EXEC);
	write_pages(subject->start, 13);
}

static void make_moved(struct subject *subject)
{
	char *target = map_or_fail(NULL, 13 * PAGE, PROT_NONE, ANON, -1, 0);

	make_private(subject);
	subject->start = mremap(subject->start, 13 * PAGE, 13 * PAGE,
				MREMAP_MAYMOVE | MREMAP_FIXED, target);
	if (subject->start != target)
		fail("mremap: %s", strerror(errno));
}

static void make_zero(struct subject *subject)
{
	subject->start = map_small(13, RW);
	read_pages(subject->start, 13);
	write_pages(subject->start, 3);
}

static void make_shared_anonymous(struct subject *subject)
{
	subject->start = map_or_fail(NULL, 11 * PAGE, RW, SHARED_ANON, -1, 0);
	write_pages(subject->start, 11);
	subject_fork_partner(subject);
}

static void rewrite_five(struct subject *subject)
{
	write_pages(subject->start, 5);
}

static void map_file(struct subject *subject, int fd, unsigned long pages)
{
	if (fd < 0 || ftruncate(fd, pages * PAGE))
		fail("a file of %lu pages: %s", pages, strerror(errno));
	subject->start = map_or_fail(NULL, pages * PAGE, RW, MAP_SHARED, fd, 0);
	write_pages(subject->start, pages);
}

static void make_memfd(struct subject *subject)
{
	map_file(subject, memfd_create("frames", 0), 17);
}

/* Twice in one process, side by side. */
static void make_twice(struct subject *subject)
{
	int fd = memfd_create("frames", 0);
	char *start = map_or_fail(NULL, 34 * PAGE, PROT_NONE, ANON, -1, 0);

	map_file(subject, fd, 17);
	munmap(subject->start, 17 * PAGE);
	map_or_fail(start, 17 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	map_or_fail(start + 17 * PAGE, 17 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd, 0);
	write_pages(start, 34);
	subject->start = start;
}

static void make_posix(struct subject *subject)
{
	int fd = shm_open("/sharestat-frames", O_RDWR | O_CREAT, 0600);

	shm_unlink("/sharestat-frames");
	map_file(subject, fd, 19);
}

static void attach_segment(struct subject *subject, size_t size, int flags)
{
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600 | flags);

	subject->start = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	if (subject->start == (char *)-1)
		fail("shmat: %s", strerror(errno));
	write_pages(subject->start, size / PAGE);
}

static void make_sysv(struct subject *subject)
{
	attach_segment(subject, 13 * PAGE, 0);
}

/* A file on a file system with a disk below it, seen by the subject alone. */
static int disk_file(struct subject *subject)
{
	int fd;

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		fail("a mount namespace: %s", strerror(errno));
	run_or_fail("rm -f " DISK_IMAGE " && truncate -s 8M " DISK_IMAGE);
	run_or_fail("mke2fs -q -t ext4 " DISK_IMAGE " >/dev/null 2>&1");
	run_or_fail("modprobe loop && mount -o loop " DISK_IMAGE " /mnt && rm " DISK_IMAGE);
	fd = open("/mnt/file", O_RDWR | O_CREAT, 0600);
	map_file(subject, fd, 17);
	/* Else writeback would change it under the eyes of the test. */
	if (msync(subject->start, 17 * PAGE, MS_SYNC))
		fail("msync: %s", strerror(errno));
	return fd;
}

static void map_privately(struct subject *subject, int prot)
{
	int fd = disk_file(subject);

	munmap(subject->start, 17 * PAGE);
	subject->start = map_or_fail(NULL, 17 * PAGE, prot, MAP_PRIVATE, fd, 0);
	read_pages(subject->start, 17);
}

static void make_mapped_file(struct subject *subject)
{
	disk_file(subject);
	subject_fork_partner(subject);
}

static void read_all(struct subject *subject)
{
	read_pages(subject->start, 17);
}

static void make_private_file(struct subject *subject)
{
	map_privately(subject, RW);
	write_pages(subject->start, 5);
}

static void make_library_data(struct subject *subject)
{
	map_privately(subject, PROT_READ);
}

static void make_library_text(struct subject *subject)
{
	map_privately(subject, PROT_READ | PROT_EXEC);
}

static void make_thp(struct subject *subject)
{
	subject->start = map_huge(2, RW);
	write_pages(subject->start, 2 * HUGE_PAGES);
}

static void make_huge_zero(struct subject *subject)
{
	subject->start = map_huge(2, RW);
	read_pages(subject->start, 2 * HUGE_PAGES);
}

static void make_thp_cow(struct subject *subject)
{
	make_thp(subject);
	subject_fork_partner(subject);
}

static void make_thp_split(struct subject *subject)
{
	make_thp(subject);
	madvise(subject->start, 7 * PAGE, MADV_DONTNEED);
}

static void make_thp_split_cow(struct subject *subject)
{
	make_thp_cow(subject);
	madvise(subject->start, 7 * PAGE, MADV_DONTNEED);
}

static void leave_all(struct subject *subject)
{
	(void)subject;
}

static void reserve_hugetlb(const char *pages)
{
	write_file("/proc/sys/vm/nr_hugepages", pages);
}

static void map_hugetlb(struct subject *subject, int flags)
{
	reserve_hugetlb("4\n");
	subject->start = map_or_fail(NULL, 2 * HUGE_SIZE, RW,
				     flags | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	write_pages(subject->start, 2 * HUGE_PAGES);
}

static void make_hugetlb_private(struct subject *subject)
{
	map_hugetlb(subject, MAP_PRIVATE);
}

static void make_hugetlb_shared(struct subject *subject)
{
	map_hugetlb(subject, MAP_SHARED);
	subject_fork_partner(subject);
}

/* Before 6.0 fork maps the shared ones at once. */
static void touch_huge(struct subject *subject)
{
	write_pages(subject->start, 1);
	write_pages(subject->start + HUGE_SIZE, 1);
}

static void make_hugetlb_sysv(struct subject *subject)
{
	reserve_hugetlb("4\n");
	attach_segment(subject, 2 * HUGE_SIZE, SHM_HUGETLB);
}

/* The BIOS: no memory of the kernel's, so STRICT_DEVMEM lets it be mapped. */
static void make_device(struct subject *subject)
{
	int fd = open("/dev/mem", O_RDONLY);

	subject->start = map_or_fail(NULL, 13 * PAGE, PROT_READ, MAP_SHARED, fd, 0xf0000);
}

/* Physical addresses with nothing behind them, so there is no struct page either. */
static void make_nothing(struct subject *subject)
{
	int fd = open("/dev/mem", O_RDONLY);

	subject->start = map_or_fail(NULL, 13 * PAGE, PROT_READ, MAP_SHARED, fd, 0x7f00000000);
}

static void make_ksm(struct subject *subject)
{
	int tries;

	subject->start = map_small(13, RW);
	memset(subject->start, 'k', 13 * PAGE);
	if (madvise(subject->start, 13 * PAGE, MADV_MERGEABLE))
		fail("MADV_MERGEABLE: %s", strerror(errno));
	write_file("/sys/kernel/mm/ksm/run", "1\n");
	for (tries = 0; tries < 500; tries++) {
		uint64_t entry[13];
		unsigned long i;

		words_read("/proc/self/pagemap", (unsigned long)subject->start / PAGE, entry, 13);
		for (i = 1; i < 13 && (entry[i] & PAGEMAP_PFN) == (entry[0] & PAGEMAP_PFN); i++)
			;
		if (i == 13)
			break;
		usleep(20000);
	}
	write_file("/sys/kernel/mm/ksm/run", "0\n");
}

FIXTURE(pages) {
	struct subject *subject;
};

FIXTURE_VARIANT(pages) {
	void (*make)(struct subject *subject);
	struct expect expect[3];
	void (*partner)(struct subject *subject);
	struct expect partner_expect[3];
	const char *needs;	/* a file or folder that not every kernel has */
};

FIXTURE_SETUP(pages)
{
	if (variant->needs && access(variant->needs, F_OK))
		SKIP(return, "this kernel has no %s", variant->needs);
	self->subject = subject_start(variant->make, variant->partner);
}

FIXTURE_TEARDOWN(pages)
{
	if (self->subject)
		subject_end(self->subject);
	reserve_hugetlb("0\n");
	write_file("/sys/kernel/mm/ksm/run", "2\n");
}

#define VARIANT(name, ...) FIXTURE_VARIANT_ADD(pages, name) { __VA_ARGS__ }

VARIANT(private, make_private, {{ 0, 13, "private", 1, "w.d?.." }});
VARIANT(cow, make_cow,
	{{ 0, 7, "private", 1, "..d?.." }, { 7, 16, "cow", 2, "..d?.." }}, rewrite_seven,
	{{ 0, 7, "private", 1, "w.d?.." }, { 7, 16, "cow", 2, "..d?.." }});
VARIANT(read_only, make_read_only, {{ 0, 13, "private", 1, "..d?.." }});
VARIANT(no_access, make_none, {{ 0, 13, "private", 1, "..d?.." }});
VARIANT(executable, make_executable, {{ 0, 13, "private", 1, "wxd?.." }});
VARIANT(moved, make_moved, {{ 0, 13, "private", 1, "w.d?.." }});
VARIANT(zero, make_zero, {{ 0, 3, "private", 1, "w.d?.." }, { 3, 10, "zero", NO_COUNT, "...?s." }});
VARIANT(shared_anonymous, make_shared_anonymous,
	{{ 0, 5, "mapanon", 2, "w.d?.." }, { 5, 6, "mapanon", 1, "w.d?.." }}, rewrite_five,
	{{ 0, 5, "mapanon", 2, "w.d?.." }});
VARIANT(memfd, make_memfd, {{ 0, 17, "memfd", 1, "w.d?.." }});
VARIANT(twice, make_twice, {{ 0, 34, "memfd", 2, "w.d?.." }});
VARIANT(posix, make_posix, {{ 0, 19, "posixshm", 1, "w.d?.." }});
VARIANT(sysv, make_sysv, {{ 0, 13, "sysvshm", 1, "w.d?.." }});
VARIANT(mapped_file, make_mapped_file, {{ 0, 17, "mapfile", 2, "...?.." }}, read_all,
	{{ 0, 17, "mapfile", 2, "...?.." }});
VARIANT(private_file, make_private_file,
	{{ 0, 5, "private", 1, "w.d?.." }, { 5, 12, "filecow", 1, "...?.." }});
VARIANT(library_data, make_library_data, {{ 0, 17, "librodata", 1, "...?.." }});
VARIANT(library_text, make_library_text, {{ 0, 17, "libtext", 1, ".x.?.." }});
VARIANT(thp, make_thp, {{ 0, 2 * HUGE_PAGES, "private", 1, "w.d?.h" }}, .needs = THP_DIR);
VARIANT(huge_zero, make_huge_zero,
	{{ 0, 2 * HUGE_PAGES, "zero", NO_COUNT, "...??h" }}, .needs = THP_DIR);
VARIANT(thp_cow, make_thp_cow, {{ 0, 2 * HUGE_PAGES, "cow", 2, "..d?.h" }}, leave_all,
	{{ 0, 2 * HUGE_PAGES, "cow", 2, "..d?.h" }}, .needs = THP_DIR);
VARIANT(thp_split, make_thp_split,
	{{ 7, HUGE_PAGES - 7, "private", 1, "w.??.." },
	 { HUGE_PAGES, HUGE_PAGES, "private", 1, "w.d?.h" }}, .needs = THP_DIR);
VARIANT(thp_split_cow, make_thp_split_cow,
	{{ 7, HUGE_PAGES - 7, "cow", 2, "..??.." },
	 { HUGE_PAGES, HUGE_PAGES, "cow", 2, "..d?.h" }}, leave_all,
	{{ 0, 7, "private", 1, "..d?.h" },
	 { 7, 2 * HUGE_PAGES - 7, "cow", 2, "..d?.h" }}, .needs = THP_DIR);
VARIANT(hugetlb_private, make_hugetlb_private, {{ 0, 2 * HUGE_PAGES, "hugetlb", 1, "w.d?.h" }});
VARIANT(hugetlb_shared, make_hugetlb_shared, {{ 0, 2 * HUGE_PAGES, "hugetlb", 2, "w.d?.h" }},
	touch_huge, {{ 0, 2 * HUGE_PAGES, "hugetlb", 2, "w.d?.h" }});
VARIANT(hugetlb_sysv, make_hugetlb_sysv, {{ 0, 2 * HUGE_PAGES, "hugetlb", 1, "w.d?.h" }});
VARIANT(device, make_device, {{ 0, 13, "device", NO_COUNT, "...?s." }}, .needs = "/dev/mem");
VARIANT(nothing, make_nothing, {{ 0, 13, "device", NO_COUNT, "...?s." }}, .needs = "/dev/mem");
VARIANT(ksm, make_ksm, {{ 0, 13, "ksm", 13, "..??.." }});

TEST_F(pages, are_as_made)
{
	struct subject *subject = self->subject;

	if (!subject)
		return;
	EXPECT_EQ(0, compare_area(subject->pid, subject->start, variant->expect));
	EXPECT_EQ(0, compare_process(subject->pid));
	if (subject->partner) {
		EXPECT_EQ(0, compare_area(subject->partner, subject->start,
					  variant->partner_expect));
		EXPECT_EQ(0, compare_process(subject->partner));
	}
}

static void use_vdso(struct subject *subject)
{
	struct timespec now;

	(void)subject;
	clock_gettime(CLOCK_REALTIME, &now);
}

/* The class that a page of a named mapping must have, or NULL when any. */
static const char *class_of_name(const struct smap *map, const char *program, bool anon)
{
	bool own = !strcmp(map->name, program), text = map->perms[2] == 'x';

	if (!strcmp(map->name, "[vdso]") || !strcmp(map->name, "[vvar]"))
		return "special";
	if (anon || map->name[0] != '/' || map->perms[3] == 's' || map->perms[1] == 'w')
		return NULL;
	if (own)
		return text ? "text" : "rodata";
	return text ? "libtext" : "librodata";
}

/* Program, libraries and vdso of a process: how many pages of each were right. */
TEST(program_libraries_and_vdso)
{
	struct subject *subject = subject_start(use_vdso, NULL);
	struct table frames = table_read_pid("frames", subject->pid);
	const char *const classes[] = { "text", "libtext", "special", "rodata", "librodata" };
	size_t seen[ARRAY_SIZE(classes)] = { 0 }, row, i;
	struct smaps smaps = smaps_read(subject->pid);
	char program[512] = "";

	ASSERT_LT(0, readlink("/proc/self/exe", program, sizeof(program) - 1));
	for (row = 0; row < frames.rows; row++) {
		struct run run = run_at(&frames, row);
		bool anon = run.flags & KPF(ANON);
		const char *class;

		for (i = 0; i < smaps.count && smaps.map[i].end <= run.va; i++)
			;
		class = class_of_name(&smaps.map[i], program, anon);
		if (!class)
			continue;
		EXPECT_STREQ(class, run.class);
		EXPECT_EQ(smaps.map[i].perms[2], run.pte[1] == 'x' ? 'x' : '-');
		for (i = 0; i < ARRAY_SIZE(classes); i++)
			seen[i] += !strcmp(class, classes[i]);
	}
	for (i = 0; i < ARRAY_SIZE(classes) - CLASSES_IN_TEXT; i++) {
		EXPECT_LT(0, seen[i])
			TH_LOG("no page of class %s", classes[i]);
	}
	table_free(&frames);
	subject_end(subject);
}

/* Every second page, so that no two make one run: more than one piece of the walk. */
static void make_many_runs(struct subject *subject)
{
	unsigned long page;

	subject->start = map_small(2 * 5003, RW);
	for (page = 0; page < 5003; page++)
		write_pages(subject->start + 2 * page * PAGE, 1);
}

TEST(many_runs)
{
	struct subject *subject = subject_start(make_many_runs, NULL);
	struct table frames = table_read_pid("frames", subject->pid);

	EXPECT_LT(5003, frames.rows);
	EXPECT_EQ(0, compare_process(subject->pid));
	table_free(&frames);
	subject_end(subject);
}

/* Everything that sleeps beside this test, such as init and the shells. */
TEST(all_processes)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t processes = 0;

	while ((entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);
		struct smaps smaps = { .map = NULL };

		if (pid > 0 && pid != getpid())
			smaps = smaps_read(pid);
		if (!smaps.count)
			continue;
		free(smaps.map);
		EXPECT_EQ(0, compare_process(pid));
		processes++;
	}
	closedir(proc);
	EXPECT_LE(2, processes);
}

TEST_HARNESS_MAIN
