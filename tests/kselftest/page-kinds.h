/* SPDX-License-Identifier: GPL-2.0 */
/* Every kind of page that a process can have mapped, as subjects make them. */
#ifndef PAGE_KINDS_H
#define PAGE_KINDS_H

#include <linux/if_packet.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "frames-test.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED_ANON (MAP_SHARED | MAP_ANONYMOUS)
#define DISK_IMAGE "/dev/shm/frames.img"

static inline void make_private(struct subject *subject)
{
	subject->start = map_small(13, RW);
	write_pages(subject->start, 13);
}

static inline void make_cow(struct subject *subject)
{
	subject->start = map_small(23, RW);
	write_pages(subject->start, 23);
	subject_fork_partner(subject);
}

static inline void rewrite_seven(struct subject *subject)
{
	write_pages(subject->start, 7);
}

static inline void make_read_only(struct subject *subject)
{
	make_private(subject);
	mprotect(subject->start, 13 * PAGE, PROT_READ);
}

static inline void make_none(struct subject *subject)
{
	make_private(subject);
	mprotect(subject->start, 13 * PAGE, PROT_NONE);
}

static inline void make_executable(struct subject *subject)
{
	subject->start = map_small(13, RW | PROT_EXEC);
	write_pages(subject->start, 13);
}

static inline void make_moved(struct subject *subject)
{
	char *target = map_or_fail(NULL, 13 * PAGE, PROT_NONE, ANON, -1, 0);

	make_private(subject);
	subject->start = mremap(subject->start, 13 * PAGE, 13 * PAGE,
				MREMAP_MAYMOVE | MREMAP_FIXED, target);
	if (subject->start != target)
		fail("mremap: %s", strerror(errno));
}

static inline void make_zero(struct subject *subject)
{
	subject->start = map_small(13, RW);
	read_pages(subject->start, 13);
	write_pages(subject->start, 3);
}

static inline void make_shared_anonymous(struct subject *subject)
{
	subject->start = map_or_fail(NULL, 11 * PAGE, RW, SHARED_ANON, -1, 0);
	write_pages(subject->start, 11);
	subject_fork_partner(subject);
}

static inline void rewrite_five(struct subject *subject)
{
	write_pages(subject->start, 5);
}

static inline void map_file(struct subject *subject, int fd, unsigned long pages)
{
	if (fd < 0 || ftruncate(fd, pages * PAGE))
		fail("a file of %lu pages: %s", pages, strerror(errno));
	subject->start = map_or_fail(NULL, pages * PAGE, RW, MAP_SHARED, fd, 0);
	write_pages(subject->start, pages);
}

static inline void make_memfd(struct subject *subject)
{
	map_file(subject, memfd_create("frames", 0), 17);
}

/* Twice in one process, side by side. */
static inline void make_twice(struct subject *subject)
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

static inline void make_posix(struct subject *subject)
{
	int fd = shm_open("/sharestat-frames", O_RDWR | O_CREAT, 0600);

	shm_unlink("/sharestat-frames");
	map_file(subject, fd, 19);
}

static inline void attach_segment(struct subject *subject, size_t size, int flags)
{
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600 | flags);

	subject->start = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	if (subject->start == (char *)-1)
		fail("shmat: %s", strerror(errno));
	write_pages(subject->start, size / PAGE);
}

static inline void make_sysv(struct subject *subject)
{
	attach_segment(subject, 13 * PAGE, 0);
}

/* A file on a file system with a disk below it, seen by the subject alone. */
static inline int disk_file(struct subject *subject)
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

static inline void map_privately(struct subject *subject, int prot)
{
	int fd = disk_file(subject);

	munmap(subject->start, 17 * PAGE);
	subject->start = map_or_fail(NULL, 17 * PAGE, prot, MAP_PRIVATE, fd, 0);
	read_pages(subject->start, 17);
}

static inline void make_mapped_file(struct subject *subject)
{
	disk_file(subject);
	subject_fork_partner(subject);
}

static inline void read_all(struct subject *subject)
{
	read_pages(subject->start, 17);
}

static inline void make_private_file(struct subject *subject)
{
	map_privately(subject, RW);
	write_pages(subject->start, 5);
}

static inline void make_library_data(struct subject *subject)
{
	map_privately(subject, PROT_READ);
}

static inline void make_library_text(struct subject *subject)
{
	map_privately(subject, PROT_READ | PROT_EXEC);
}

static inline void make_thp(struct subject *subject)
{
	subject->start = map_huge(2, RW);
	write_pages(subject->start, 2 * HUGE_PAGES);
}

static inline void make_huge_zero(struct subject *subject)
{
	subject->start = map_huge(2, RW);
	read_pages(subject->start, 2 * HUGE_PAGES);
}

static inline void make_thp_cow(struct subject *subject)
{
	make_thp(subject);
	subject_fork_partner(subject);
}

static inline void make_thp_split(struct subject *subject)
{
	make_thp(subject);
	madvise(subject->start, 7 * PAGE, MADV_DONTNEED);
}

static inline void make_thp_split_cow(struct subject *subject)
{
	make_thp_cow(subject);
	madvise(subject->start, 7 * PAGE, MADV_DONTNEED);
}

static inline void leave_all(struct subject *subject)
{
	(void)subject;
}

static inline void reserve_hugetlb(const char *pages)
{
	write_file("/proc/sys/vm/nr_hugepages", pages);
}

static inline void map_hugetlb(struct subject *subject, int flags)
{
	reserve_hugetlb("4\n");
	subject->start = map_or_fail(NULL, 2 * HUGE_SIZE, RW,
				     flags | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	write_pages(subject->start, 2 * HUGE_PAGES);
}

static inline void make_hugetlb_private(struct subject *subject)
{
	map_hugetlb(subject, MAP_PRIVATE);
}

static inline void make_hugetlb_shared(struct subject *subject)
{
	map_hugetlb(subject, MAP_SHARED);
	subject_fork_partner(subject);
}

/* Before 6.0 fork maps the shared ones at once. */
static inline void touch_huge(struct subject *subject)
{
	write_pages(subject->start, 1);
	write_pages(subject->start + HUGE_SIZE, 1);
}

static inline void make_hugetlb_sysv(struct subject *subject)
{
	reserve_hugetlb("4\n");
	attach_segment(subject, 2 * HUGE_SIZE, SHM_HUGETLB);
}

/* The BIOS: no memory of the kernel's, so STRICT_DEVMEM lets it be mapped. */
static inline void make_device(struct subject *subject)
{
	int fd = open("/dev/mem", O_RDONLY);

	subject->start = map_or_fail(NULL, 13 * PAGE, PROT_READ, MAP_SHARED, fd, 0xf0000);
}

/* Two of its pages are copies, and so memory like any other. */
static inline void make_device_cow(struct subject *subject)
{
	int fd = open("/dev/mem", O_RDWR);

	subject->start = map_or_fail(NULL, 13 * PAGE, RW, MAP_PRIVATE, fd, 0xf0000);
	write_pages(subject->start, 2);
}

/* Pages of a driver's, compound but no huge pages. */
static inline void make_packet_ring(struct subject *subject)
{
	struct tpacket_req request = {
		.tp_block_size = 16 * PAGE, .tp_block_nr = 3, .tp_frame_size = PAGE,
		.tp_frame_nr = 48,
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)))
		fail("a packet ring: %s", strerror(errno));
	subject->start = map_or_fail(NULL, 48 * PAGE, RW, MAP_SHARED, fd, 0);
	write_pages(subject->start, 48);
}

#define BLOCK_DEVICE "/dev/ram0"

/* The node lies on a file system in memory, the pages are a disk's. */
static inline void map_block_device(struct subject *subject, int prot, int flags)
{
	int fd = open(BLOCK_DEVICE, O_RDWR);

	if (fd < 0)
		fail(BLOCK_DEVICE ": %s", strerror(errno));
	subject->start = map_or_fail(NULL, 13 * PAGE, prot, flags, fd, 0);
	read_pages(subject->start, 13);
}

static inline void make_block_device(struct subject *subject)
{
	map_block_device(subject, RW, MAP_SHARED);
}

static inline void make_block_device_private(struct subject *subject)
{
	map_block_device(subject, PROT_READ, MAP_PRIVATE);
}

/* Physical addresses with nothing behind them, so there is no struct page either. */
static inline void make_nothing(struct subject *subject)
{
	int fd = open("/dev/mem", O_RDONLY);

	subject->start = map_or_fail(NULL, 13 * PAGE, PROT_READ, MAP_SHARED, fd, 0x7f00000000);
}

static inline void make_ksm(struct subject *subject)
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

/*
 * Not young any more, but for five of them. That the TLBs let go of them, so that
 * the processor marks what is used again, takes a change of the mapping.
 */
static inline void make_old(struct subject *subject)
{
	make_private(subject);
	write_file("/proc/self/clear_refs", "1\n");
	mprotect(subject->start, 13 * PAGE, PROT_READ);
	mprotect(subject->start, 13 * PAGE, RW);
	write_pages(subject->start, 5);
}

static inline void make_thp_old(struct subject *subject)
{
	make_thp(subject);
	write_file("/proc/self/clear_refs", "1\n");
	mprotect(subject->start, 2 * HUGE_SIZE, PROT_READ);
	mprotect(subject->start, 2 * HUGE_SIZE, RW);
	write_pages(subject->start, 1);
}

/* A third of each page is its own: no whole number of bytes. */
static inline void make_thirds(struct subject *subject)
{
	subject->start = map_small(1536, RW);
	write_pages(subject->start, 1536);
	if (!fork_attached())
		for (;;)
			pause();
	subject_fork_partner(subject);
}

#define GIGANTIC "/sys/kernel/mm/hugepages/hugepages-1048576kB"
#define GIGANTIC_PAGES ((1UL << 30) / PAGE)
#ifndef MAP_HUGE_1GB
#define MAP_HUGE_1GB (30 << 26)
#endif

/* It has to be set aside at the boot, as tests/kselftest/run does. */
static inline void make_gigantic(struct subject *subject)
{
	subject->start = map_or_fail(NULL, 1UL << 30, RW, MAP_SHARED | MAP_ANONYMOUS |
				     MAP_HUGETLB | MAP_HUGE_1GB, -1, 0);
	subject->start[7 * PAGE] = 1;
}

static inline void make_gigantic_none(struct subject *subject)
{
	make_gigantic(subject);
	mprotect(subject->start, 1UL << 30, PROT_NONE);
}

#endif /* PAGE_KINDS_H */
