/* SPDX-License-Identifier: GPL-2.0 */
/* What random layouts need of the machine, where it is to be had: swap, huge pages, KSM. */
#ifndef LAYOUT_ENV_H
#define LAYOUT_ENV_H

#include "kselftest.h"
#include "proc-test.h"

#define KSM_DIR "/sys/kernel/mm/ksm/"
#define HUGEPAGES "/proc/sys/vm/nr_hugepages"

static long layout_huge_pages;

static inline long file_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	return got > 0 ? atol(text) : -1;
}

/* merge_pages() - have KSM go twice through what was advised so */
static inline void merge_pages(void)
{
	long scans = file_number(KSM_DIR "full_scans");
	int i;

	if (scans < 0)
		return;
	write_file(KSM_DIR "sleep_millisecs", "0");
	write_file(KSM_DIR "pages_to_scan", "10000");
	write_file(KSM_DIR "run", "1");
	for (i = 0; i < 10000 && file_number(KSM_DIR "full_scans") < scans + 3; i++)
		usleep(1000);
	write_file(KSM_DIR "run", "0");
}

static inline void find_library(char *path, size_t size)
{
	struct smaps smaps = smaps_read(getpid());
	size_t i;

	for (i = 0; i < smaps.count && !strstr(smaps.map[i].name, "/libc"); i++)
		;
	if (i == smaps.count)
		fail("no library is mapped");
	snprintf(path, size, "%s", smaps.map[i].name);
	free(smaps.map);
}

/* environment_has() - can there be such pages here */
static inline bool environment_has(const char *kind)
{
	if (!strcmp(kind, "device"))
		return false;
	if (!strcmp(kind, "ksm"))
		return !access(KSM_DIR, F_OK);
	if (!strcmp(kind, "hugetlb"))
		return layout_huge_pages > 0;
	if (!strncmp(kind, "huge", 4))
		return has_thp();
	return true;
}

static inline void environment_begin(void)
{
	swap_on();
	try_write(HUGEPAGES, "8");
	layout_huge_pages = file_number(HUGEPAGES);
	ksft_print_msg("%ld huge pages reserved, KSM %s, THP %s\n", layout_huge_pages,
		       access(KSM_DIR, F_OK) ? "no" : "yes", has_thp() ? "yes" : "no");
}

static inline void environment_end(void)
{
	try_write(HUGEPAGES, "0");
	if (!access(KSM_DIR, F_OK))
		write_file(KSM_DIR "run", "2");	/* what is merged is nobody's any more */
	if (!access(KSM_DIR, F_OK))
		write_file(KSM_DIR "run", "0");
	swap_off();
}

#endif /* LAYOUT_ENV_H */
