// SPDX-License-Identifier: GPL-2.0
/*
 * Every kind of page that a process can have mapped, in a process that sleeps:
 * `frames` names its class, counts and letters as they must be, and agrees with
 * /proc/PID/pagemap, /proc/kpagecount and /proc/kpageflags on each page.
 */
#include <dirent.h>
#include <time.h>

#include "frames-test.h"
#include "page-kinds.h"
#include "patient-harness.h"
#include "sums-test.h"

static bool has_free_gigantic(void)
{
	unsigned long count = 0;
	FILE *file = fopen(GIGANTIC "/free_hugepages", "re");

	if (!file || fscanf(file, "%lu", &count) != 1)
		fail(GIGANTIC "/free_hugepages: %s", strerror(errno));
	fclose(file);
	return count;
}

static uint64_t pfn_of(pid_t pid, const char *at)
{
	uint64_t *entry = pagemap_read(pid, (unsigned long)at, (unsigned long)at + PAGE);
	uint64_t pfn = *entry & PAGEMAP_PFN;

	free(entry);
	return pfn;
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
	if (variant->needs && !strcmp(variant->needs, BLOCK_DEVICE) && access(BLOCK_DEVICE, F_OK) &&
	    system("modprobe -q brd rd_nr=1 rd_size=1024"))
		SKIP(return, "this kernel has no disks in memory");
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
VARIANT(old, make_old, {{ 0, 5, "private", 1, "w.dy..", 1 }, { 5, 8, "private", 1, "?.?...", 1 }});
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
VARIANT(thirds, make_thirds, {{ 0, 1536, "cow", 3, "..d?..", 3 }}, leave_all,
	{{ 0, 1536, "cow", 3, "..d?..", 3 }});
VARIANT(thp, make_thp, {{ 0, 2 * HUGE_PAGES, "private", 1, "w.d?.h", 1 }}, .needs = THP_DIR);
VARIANT(thp_old, make_thp_old,
	{{ 0, HUGE_PAGES, "private", 1, "w.dy.h", 1 },
	 { HUGE_PAGES, HUGE_PAGES, "private", 1, "?.?..h", 1 }}, .needs = THP_DIR);
VARIANT(huge_zero, make_huge_zero,
	{{ 0, 2 * HUGE_PAGES, "zero", NO_COUNT, "...??h" }}, .needs = THP_DIR);
VARIANT(thp_cow, make_thp_cow, {{ 0, 2 * HUGE_PAGES, "cow", 2, "..d?.h", 2 }}, leave_all,
	{{ 0, 2 * HUGE_PAGES, "cow", 2, "..d?.h", 2 }}, .needs = THP_DIR);
VARIANT(thp_split, make_thp_split,
	{{ 7, HUGE_PAGES - 7, "private", 1, "w.??.." },
	 { HUGE_PAGES, HUGE_PAGES, "private", 1, "w.d?.h" }}, .needs = THP_DIR);
VARIANT(thp_split_cow, make_thp_split_cow,
	{{ 7, HUGE_PAGES - 7, "cow", 2, "..??.." },
	 { HUGE_PAGES, HUGE_PAGES, "cow", 2, "..d?.h" }}, leave_all,
	{{ 0, 7, "private", 1, "..d?.h" },
	 { 7, 2 * HUGE_PAGES - 7, "cow", 2, "..d?.h" }}, .needs = THP_DIR);
VARIANT(hugetlb_private, make_hugetlb_private, {{ 0, 2 * HUGE_PAGES, "hugetlb", 1, "w.d?.h", 1 }});
VARIANT(hugetlb_shared, make_hugetlb_shared, {{ 0, 2 * HUGE_PAGES, "hugetlb", 2, "w.d?.h" }},
	touch_huge, {{ 0, 2 * HUGE_PAGES, "hugetlb", 2, "w.d?.h" }});
VARIANT(hugetlb_sysv, make_hugetlb_sysv, {{ 0, 2 * HUGE_PAGES, "hugetlb", 1, "w.d?.h" }});
VARIANT(device, make_device, {{ 0, 13, "device", NO_COUNT, "...?s." }}, .needs = "/dev/mem");
VARIANT(device_cow, make_device_cow,
	{{ 0, 2, "private", 1, "w.d?.." }, { 2, 11, "device", NO_COUNT, "...?s." }},
	.needs = "/dev/mem");
VARIANT(packet_ring, make_packet_ring, {{ 0, 48, "device", 1, "w.d?.." }},
	.needs = "/proc/net/packet");
VARIANT(block_device, make_block_device, {{ 0, 13, "mapfile", 1, "?.??.." }},
	.needs = BLOCK_DEVICE);
VARIANT(block_device_private, make_block_device_private, {{ 0, 13, "mapfile", 1, "...?.." }},
	.needs = BLOCK_DEVICE);
VARIANT(nothing, make_nothing, {{ 0, 13, "device", NO_COUNT, "...?s." }}, .needs = "/dev/mem");
VARIANT(ksm, make_ksm, {{ 0, 13, "ksm", 13, "..??.." }});

TEST_F(pages, are_as_made)
{
	struct subject *subject = self->subject;

	if (!subject)
		return;
	EXPECT_EQ(0, compare_area(subject->pid, subject->start, variant->expect));
	EXPECT_EQ(0, compare_process(subject->pid));
	EXPECT_EQ(0, compare_files(subject->pid));
	if (subject->partner) {
		EXPECT_EQ(0, compare_area(subject->partner, subject->start,
					  variant->partner_expect));
		EXPECT_EQ(0, compare_process(subject->partner));
		EXPECT_EQ(0, compare_files(subject->partner));
	}
}

FIXTURE(gigantic) {
};

FIXTURE_VARIANT(gigantic) {
	void (*make)(struct subject *subject);
	const char *pte;
};

FIXTURE_VARIANT_ADD(gigantic, writable) { make_gigantic, "w.d?.H" };
FIXTURE_VARIANT_ADD(gigantic, no_access) { make_gigantic_none, "..d?.H" };

FIXTURE_SETUP(gigantic) { }
FIXTURE_TEARDOWN(gigantic) { }

/* One entry of the table above those of huge pages. Its pages are too many to ask each. */
TEST_F(gigantic, is_as_made)
{
	const struct expect all[] = {
		{ 0, GIGANTIC_PAGES, "hugetlb", 1, variant->pte, 0 }, {}
	};
	struct subject *subject;
	uint64_t first, pages;
	struct table frames;
	size_t row;

	if (access(GIGANTIC, F_OK))
		SKIP(return, "no pages of 1 GiB here");
	if (!has_free_gigantic())
		SKIP(return, "no page of 1 GiB was set aside: hugepagesz=1G hugepages=1");
	subject = subject_start(variant->make, NULL);
	EXPECT_EQ(0, compare_area(subject->pid, subject->start, all));
	EXPECT_EQ(0, compare_files(subject->pid));
	frames = table_read_pid("frames", subject->pid);
	for (row = 0; table_hex(&frames, row, "va") != (unsigned long)subject->start; row++)
		;
	first = word_read("/proc/kpagecount", table_hex(&frames, row, "pfn"));
	pages = table_number(&frames, row, "pages");
	EXPECT_EQ(1, first);
	EXPECT_EQ(GIGANTIC_PAGES, pages);
	EXPECT_EQ(table_hex(&frames, row, "pfn"), pfn_of(subject->pid, subject->start));
	table_free(&frames);
	subject_end(subject);
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

/* Every second page, so that no two make one run: more than one chunk of the walk. */
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
