// SPDX-License-Identifier: GPL-2.0
/*
 * `vmas` against /proc/PID/smaps, mapping by mapping, of processes that sleep:
 * where it is, what it may do, what it is called, and its sums.
 */
#include <dirent.h>

#include "patient-harness.h"
#include "stimulus-test.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static void differ(size_t *count, pid_t pid, const struct smap *map, const char *what,
		   uint64_t wanted, uint64_t got)
{
	if (one_more(count))
		fprintf(stderr, "# %d:%lx-%lx %s %s: %s should be %#jx, is %#jx\n", pid,
			map->start, map->end, map->perms, map->name, what,
			(uintmax_t)wanted, (uintmax_t)got);
}

/* Of the table's escapes: a backslash and three octal digits. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned int byte;

		if (*text == '\\' && sscanf(text, "\\%3o", &byte) == 1) {
			*to++ = byte;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static uint64_t classes_sum(const struct table *vmas, size_t row)
{
	static const char *const names[] = { SHARESTAT_SHARING_CLASSES(SHARESTAT_NAME) };
	uint64_t sum = 0;
	size_t class;

	for (class = 0; class < ARRAY_SIZE(names); class++)
		sum += table_number(vmas, row, names[class]);
	return sum;
}

static void compare_place(const struct table *vmas, size_t row, pid_t pid,
			  const struct smap *map, size_t *count)
{
	const char *wanted = map->name[0] ? map->name : "[anon]";
	char *name = table_text(vmas, row, "name");

	unescape(name);
	if (table_hex(vmas, row, "start") != map->start)
		differ(count, pid, map, "start", map->start, table_hex(vmas, row, "start"));
	if (table_hex(vmas, row, "end") != map->end)
		differ(count, pid, map, "end", map->end, table_hex(vmas, row, "end"));
	if (strcmp(table_text(vmas, row, "perms"), map->perms) || strcmp(name, wanted)) {
		differ(count, pid, map, "perms or name", 0, 0);
		if (!quiet)
			fprintf(stderr, "# they are %s %s\n",
				table_text(vmas, row, "perms"), name);
	}
}

/* smaps rounds to KiB downwards, from sums that are of the same precision. */
static void compare_sums(const struct table *vmas, size_t row, pid_t pid,
			 const struct smap *map, size_t *count)
{
	uint64_t present = table_number(vmas, row, "present");
	uint64_t pss = table_number(vmas, row, "pss");
	uint64_t rss = table_number(vmas, row, "rss") * PAGE;
	uint64_t uss = table_number(vmas, row, "uss") * PAGE;

	if (classes_sum(vmas, row) != present)
		differ(count, pid, map, "sum of classes", present, classes_sum(vmas, row));
	if (rss != map->rss)
		differ(count, pid, map, "Rss", map->rss, rss);
	if (uss != map->private)
		differ(count, pid, map, "Private", map->private, uss);
	if (pss / 1024 != map->pss / 1024)
		differ(count, pid, map, "Pss", map->pss, pss);
	if (table_number(vmas, row, "lazyfree") * PAGE != map->lazyfree)
		differ(count, pid, map, "LazyFree", map->lazyfree,
		       table_number(vmas, row, "lazyfree") * PAGE);
	if (table_number(vmas, row, "swap") * PAGE != map->swap)
		differ(count, pid, map, "Swap", map->swap,
		       table_number(vmas, row, "swap") * PAGE);
	if (table_number(vmas, row, "maps") < present - table_number(vmas, row, "zero") -
	    table_number(vmas, row, "special") - table_number(vmas, row, "device"))
		differ(count, pid, map, "maps", present, table_number(vmas, row, "maps"));
}

static size_t compare_once(pid_t pid)
{
	struct table vmas = table_read_pid("vmas", pid);
	struct smaps smaps = smaps_read(pid);
	size_t row, count = 0;

	/* The vsyscall page belongs to no process. */
	while (smaps.count && (long)smaps.map[smaps.count - 1].start < 0)
		smaps.count--;
	if (vmas.rows != smaps.count)
		fail("%d has %zu mappings, not %zu", pid, smaps.count, vmas.rows);
	for (row = 0; row < vmas.rows; row++) {
		if (table_number(&vmas, row, "tgid") != (uint64_t)pid)
			fail("%d: a row is of %s", pid, table_text(&vmas, row, "tgid"));
		compare_place(&vmas, row, pid, &smaps.map[row], &count);
		compare_sums(&vmas, row, pid, &smaps.map[row], &count);
	}
	table_free(&vmas);
	free(smaps.map);
	return count;
}

static size_t compare_process(pid_t pid)
{
	return lasting_differences(pid, compare_once);
}

/* A mapping that begins where the heap ends: up to 6.5 it has the same name. */
static void touch_heap(void)
{
	char *end = (char *)(((unsigned long)sbrk(0) + 2 * PAGE - 1) & ~(PAGE - 1));

	if (brk(end))
		fail("brk: %s", strerror(errno));
	map_or_fail(end, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0);
}

/* All that is counted in another way than an ordinary page. */
static void make_everything(struct subject *subject)
{
	char *small = map_or_fail(NULL, 29 * PAGE, RW, ANON, -1, 0);
	char *huge = map_huge(3, RW);
	int fd = memfd_create("vmas", 0), device = open("/dev/mem", O_RDONLY);

	touch_heap();
	write_pages(small, 11);
	read_pages(small + 11 * PAGE, 7);
	write_pages(huge, HUGE_PAGES);
	madvise(huge, 7 * PAGE, MADV_DONTNEED);
	write_pages(huge + HUGE_SIZE, 1);
	read_pages(huge + 2 * HUGE_SIZE, 1);
	if (ftruncate(fd, 13 * PAGE))
		fail("ftruncate: %s", strerror(errno));
	write_pages(map_or_fail(NULL, 13 * PAGE, RW, MAP_SHARED, fd, 0), 13);
	write_pages(map_or_fail(NULL, 13 * PAGE, RW, MAP_PRIVATE, fd, 0), 5);
	/* Not every kernel has it. */
	if (device >= 0)
		map_or_fail(NULL, 13 * PAGE, PROT_READ, MAP_SHARED, device, 0xf0000);
	write_pages(map_or_fail(NULL, HUGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB,
				-1, 0), 1);
	/* Neither dirty nor backed by swap, and yet not given back. */
	read_pages(map_or_fail(NULL, HUGE_SIZE, RW, ANON | MAP_HUGETLB, -1, 0), 1);
	subject->start = small;
	subject_fork_partner(subject);
}

static void rewrite_some(struct subject *subject)
{
	write_pages(subject->start, 7);
}

TEST(every_kind)
{
	struct subject *subject;

	write_file("/proc/sys/vm/nr_hugepages", "2\n");
	subject = subject_start(make_everything, rewrite_some);
	EXPECT_EQ(0, compare_process(subject->pid));
	EXPECT_EQ(0, compare_process(subject->partner));
	subject_end(subject);
	write_file("/proc/sys/vm/nr_hugepages", "0\n");
}

/* Each page table is a chunk of the walk: 1021 of them in one mapping. */
static void make_sparse(struct subject *subject)
{
	char *start = map_or_fail(NULL, 1021 * HUGE_SIZE, RW, ANON | MAP_NORESERVE, -1, 0);
	unsigned long i;

	madvise(start, 1021 * HUGE_SIZE, MADV_NOHUGEPAGE);
	for (i = 0; i < 1021; i++)
		start[i * HUGE_SIZE + i % HUGE_PAGES * PAGE] = 1;
	subject->start = start;
}

static size_t row_of(const struct table *vmas, const char *start)
{
	size_t row;

	for (row = 0; row < vmas->rows; row++)
		if (table_hex(vmas, row, "start") == (unsigned long)start)
			return row;
	fail("no mapping at %p", start);
}

TEST(a_mapping_of_many_pieces_is_one_row)
{
	struct subject *subject = subject_start(make_sparse, NULL);
	struct table vmas = table_read_pid("vmas", subject->pid);
	size_t row = row_of(&vmas, subject->start);

	EXPECT_EQ(1021, table_number(&vmas, row, "present"));
	EXPECT_EQ(1021, table_number(&vmas, row, "private"));
	EXPECT_EQ(1021, table_number(&vmas, row, "maps"));
	EXPECT_EQ(1021 * PAGE, table_number(&vmas, row, "pss"));
	EXPECT_EQ(0, compare_process(subject->pid));
	table_free(&vmas);
	subject_end(subject);
}

static void make_swapped(struct subject *subject)
{
	subject->start = map_or_fail(NULL, 37 * PAGE, RW, ANON, -1, 0);
	madvise(subject->start, 37 * PAGE, MADV_NOHUGEPAGE);
	write_pages(subject->start, 37);
	if (madvise(subject->start, 31 * PAGE, MADV_PAGEOUT))
		fail("MADV_PAGEOUT: %s", strerror(errno));
}

TEST(swap)
{
	struct subject *subject;
	struct table vmas;
	size_t row;

	swap_on();
	subject = subject_start(make_swapped, NULL);
	vmas = table_read_pid("vmas", subject->pid);
	row = row_of(&vmas, subject->start);
	EXPECT_EQ(31, table_number(&vmas, row, "swap"));
	EXPECT_EQ(6, table_number(&vmas, row, "present"));
	EXPECT_EQ(0, compare_process(subject->pid));
	table_free(&vmas);
	subject_end(subject);
	swap_off();
}

/* What /proc knows only while it lasts: pages that the kernel is about to move. */
TEST(migration)
{
	char *small = map_or_fail(NULL, 37 * PAGE, RW, ANON, -1, 0);
	struct table vmas;
	size_t row;

	if (!stimulus_load())
		SKIP(return, WHY_NO_STIMULUS);
	madvise(small, 37 * PAGE, MADV_NOHUGEPAGE);
	write_pages(small, 37);
	stimulate("migration", "%lx 11\n", (unsigned long)small + 5 * PAGE);
	vmas = table_read_pid("vmas", getpid());
	stimulate("migration", "0 0\n");
	row = row_of(&vmas, small);
	EXPECT_EQ(11, table_number(&vmas, row, "migration"));
	EXPECT_EQ(26, table_number(&vmas, row, "present"));
	EXPECT_EQ(0, table_number(&vmas, row, "swap"));
	EXPECT_EQ(11, table_sum(&vmas, "migration", NULL));
	EXPECT_EQ(6, small[5 * PAGE]);
	table_free(&vmas);
}

TEST(migration_of_a_huge_page)
{
	char *huge = map_huge(2, RW);
	struct table vmas;
	size_t row;

	if (!has_thp())
		SKIP(return, "this kernel has no transparent huge pages");
	if (!stimulus_load())
		SKIP(return, WHY_NO_STIMULUS);
	write_pages(huge, 2 * HUGE_PAGES);
	stimulate("migration", "%lx 1\n", (unsigned long)huge);
	vmas = table_read_pid("vmas", getpid());
	stimulate("migration", "0 0\n");
	for (row = 0; table_hex(&vmas, row, "end") <= (unsigned long)huge; row++)
		;
	EXPECT_EQ(HUGE_PAGES, table_number(&vmas, row, "migration"));
	EXPECT_EQ(HUGE_PAGES, table_number(&vmas, row, "present"));
	EXPECT_EQ(1, huge[0]);
	table_free(&vmas);
}

/* The second time empties the queue of this CPU, which the last pages of the first are in. */
static void give_back(char *start, size_t size)
{
	pin_to(0);
	if (madvise(start, size, MADV_FREE) || madvise(start, size, MADV_FREE))
		fail("MADV_FREE: %s", strerror(errno));
}

/* Of 29 pages 17 are given back, and 3 of these are written again; 7 others are locked. */
static void make_given_back(struct subject *subject)
{
	subject->start = map_or_fail(NULL, 29 * PAGE, RW, ANON, -1, 0);
	madvise(subject->start, 29 * PAGE, MADV_NOHUGEPAGE);
	write_pages(subject->start, 29);
	if (mlock(subject->start + 22 * PAGE, 7 * PAGE))
		fail("mlock: %s", strerror(errno));
	give_back(subject->start, 17 * PAGE);
	write_pages(subject->start + 5 * PAGE, 3);
}

static uint64_t area_sum(const struct table *vmas, const char *start, const char *column)
{
	uint64_t sum = 0;
	size_t row;

	for (row = 0; row < vmas->rows; row++)
		if (table_hex(vmas, row, "start") >= (unsigned long)start &&
		    table_hex(vmas, row, "end") <= (unsigned long)start + 29 * PAGE)
			sum += table_number(vmas, row, column);
	return sum;
}

TEST(given_back_and_locked)
{
	struct subject *subject = subject_start(make_given_back, NULL);
	struct table vmas = table_read_pid("vmas", subject->pid);

	EXPECT_EQ(29, area_sum(&vmas, subject->start, "private"));
	EXPECT_EQ(14, area_sum(&vmas, subject->start, "lazyfree"));
	EXPECT_EQ(7, area_sum(&vmas, subject->start, "mlocked"));
	EXPECT_EQ(0, compare_process(subject->pid));
	table_free(&vmas);
	subject_end(subject);
}

static void make_given_back_huge(struct subject *subject)
{
	subject->start = map_huge(2, RW);
	write_pages(subject->start, 2 * HUGE_PAGES);
	give_back(subject->start, HUGE_SIZE);
}

TEST(given_back_in_a_huge_page)
{
	struct subject *subject;
	struct table vmas;

	if (!has_thp())
		SKIP(return, "this kernel has no transparent huge pages");
	subject = subject_start(make_given_back_huge, NULL);
	vmas = table_read_pid("vmas", subject->pid);
	EXPECT_EQ(HUGE_PAGES, table_sum(&vmas, "lazyfree", NULL));
	EXPECT_EQ(0, compare_process(subject->pid));
	table_free(&vmas);
	subject_end(subject);
}

static uint64_t pgtables(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	uint64_t kib = 0;

	while (status && fgets(line, sizeof(line), status))
		if (status_line(line, "VmPTE:", &kib))
			break;
	if (!kib)
		fail("/proc/self/status has no VmPTE");
	fclose(status);
	return kib << 10;
}

/*
 * Of 19 tables 13 map nothing any more, and are what is given back with their part of
 * the mapping. Since 6.14 a kernel may give them back at once.
 */
TEST(empty_tables)
{
	char *start = map_or_fail(NULL, 20 * HUGE_SIZE, RW, ANON | MAP_NORESERVE, -1, 0);
	char *first = (char *)(((unsigned long)start + HUGE_SIZE - 1) & ~(HUGE_SIZE - 1));
	uint64_t before, empty;
	struct table vmas;
	size_t i;

	madvise(start, 20 * HUGE_SIZE, MADV_NOHUGEPAGE);
	for (i = 0; i < 19; i++)
		first[i * HUGE_SIZE + 7 * PAGE] = 1;
	if (madvise(first + 3 * HUGE_SIZE, 13 * HUGE_SIZE, MADV_DONTNEED))
		fail("MADV_DONTNEED: %s", strerror(errno));
	vmas = table_read_pid("vmas", getpid());
	empty = table_number(&vmas, row_of(&vmas, start), "empty_tables");
	EXPECT_EQ(6, table_number(&vmas, row_of(&vmas, start), "present"));
	EXPECT_EQ(true, empty == 13 || empty == 0);
	before = pgtables();
	munmap(first + 3 * HUGE_SIZE, 13 * HUGE_SIZE);
	EXPECT_EQ(before - pgtables(), empty * PAGE);
	table_free(&vmas);
}

static const char odd_path[] = "/dev/shm/a b\\c\nd\x7f\xc3\xa9";

static void map_odd_name(struct subject *subject)
{
	int fd = open(odd_path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || ftruncate(fd, PAGE))
		fail("%s: %s", odd_path, strerror(errno));
	subject->start = map_or_fail(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	unlink(odd_path);
}

TEST(odd_bytes_of_a_name_are_escaped)
{
	struct subject *subject = subject_start(map_odd_name, NULL);
	struct table vmas = table_read_pid("vmas", subject->pid);

	EXPECT_STREQ("/dev/shm/a\\040b\\134c\\012d\\177\\303\\251\\040(deleted)",
		     table_text(&vmas, row_of(&vmas, subject->start), "name"));
	table_free(&vmas);
	subject_end(subject);
}

/* Also that a reading without a filter has each of them, and once. */
TEST(all_processes)
{
	struct table vmas = table_read("vmas");
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t processes = 0;

	while ((entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name);
		struct smaps smaps = { .map = NULL };
		struct table own;
		size_t row, rows = 0;

		if (pid > 0 && pid != getpid())
			smaps = smaps_read(pid);
		if (!smaps.count)
			continue;
		free(smaps.map);
		EXPECT_EQ(0, compare_process(pid));
		own = table_read_pid("vmas", pid);
		for (row = 0; row < vmas.rows; row++)
			rows += table_number(&vmas, row, "tgid") == (uint64_t)pid;
		EXPECT_EQ(own.rows, rows);
		table_free(&own);
		processes++;
	}
	closedir(proc);
	table_free(&vmas);
	EXPECT_LE(2, processes);
}

TEST_HARNESS_MAIN
