/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address spaces that nobody thought of: a seeded sequence of mmap, mprotect,
 * madvise, mremap, munmap, mlock, shmat, reads, writes and forks over a few MiB, done
 * by a process and the children that it gets meanwhile. Then all of them sleep.
 */
#ifndef LAYOUT_STEPS_H
#define LAYOUT_STEPS_H

#include <sys/shm.h>

#include "proc-test.h"

#define STEPS 60
#define CHILDREN 3
#define ARENA (4 * HUGE_PAGES)
#define YOUNG_PAGES 64		/* of the area that is touched again at last */
#define THIRD_PAGES 1536	/* for three: their shares are no whole bytes, their sum is */
#define RW (PROT_READ | PROT_WRITE)
#define FIXED_ANON (MAP_FIXED | MAP_ANONYMOUS)

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

static uint64_t random_state;

/* splitmix64 */
static inline uint64_t random_number(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static inline unsigned long below(unsigned long limit)
{
	return random_number() % limit;
}

/* Who is to be looked at, in shared memory; the first made the others. */
struct crowd {
	volatile int ready;
	volatile unsigned int count;
	volatile pid_t pid[CHILDREN + 1];
	char *volatile arena, *volatile young;
	volatile bool touch;		/* ask the first for its last touches */
	char touched[YOUNG_PAGES];	/* 'r', 'w' or 0 */
};

/* The files that are mapped. */
struct layout_files {
	int mem, memfd, posix, program, library;
};

struct range {
	char *start;
	unsigned long pages;
};

/* Small or large, at any place or around the border of a table. */
static inline struct range any_range(char *arena)
{
	unsigned long pages = 1 + (below(4) ? below(40) : below(HUGE_PAGES + 40));
	unsigned long first = below(ARENA);

	if (!below(3))
		first = (1 + below(3)) * HUGE_PAGES - 1 - below(8);
	if (!below(6))
		first &= ~(HUGE_PAGES - 1);
	if (first + pages > ARENA)
		pages = ARENA - first;
	return (struct range) { arena + first * PAGE, pages };
}

/* By /proc/self/mem, which a hole or PROT_NONE answers with an errno. */
static inline void touch_range(int mem, struct range range, bool write)
{
	unsigned long page;
	char byte = 0;

	for (page = 0; page < range.pages; page++) {
		off_t at = (uintptr_t)range.start + page * PAGE;

		if (!write && pread(mem, &byte, 1, at) != 1)
			continue;
		byte = page + 1;
		if (write && pwrite(mem, &byte, 1, at) != 1)
			continue;
	}
}

/* Whole, and by that huge if the kernel has huge pages. */
static inline void make_huge(char *arena, const struct layout_files *files)
{
	struct range range = { arena + below(4) * HUGE_SIZE, HUGE_PAGES };

	mmap(range.start, HUGE_SIZE, RW, MAP_PRIVATE | FIXED_ANON, -1, 0);
	madvise(range.start, HUGE_SIZE, MADV_HUGEPAGE);
	range.pages = 1;
	touch_range(files->mem, range, below(4));
}

static inline void make_hugetlb(char *arena, const struct layout_files *files)
{
	struct range range = { arena + below(4) * HUGE_SIZE, 1 };
	int shared = below(2) ? MAP_SHARED : MAP_PRIVATE;

	/* Where none are left the arena stays as it is. */
	if (mmap(range.start, HUGE_SIZE, RW, shared | FIXED_ANON | MAP_HUGETLB, -1, 0) !=
	    MAP_FAILED)
		touch_range(files->mem, range, true);
}

static inline void attach_segment(struct range range)
{
	int id = shmget(IPC_PRIVATE, range.pages * PAGE, IPC_CREAT | 0600);

	if (id < 0)
		return;
	shmat(id, range.start, SHM_REMAP | (below(3) ? 0 : SHM_RDONLY));
	shmctl(id, IPC_RMID, NULL);
}

static inline void map_files(struct range range, const struct layout_files *files)
{
	static const int prots[] = { RW, PROT_READ, PROT_NONE, RW | PROT_EXEC,
				     PROT_READ | PROT_EXEC };
	size_t size = range.pages * PAGE;
	int prot = prots[below(ARRAY_SIZE(prots))];

	switch (below(6)) {
	case 0:
		mmap(range.start, size, RW, MAP_SHARED | MAP_FIXED, files->memfd,
		     below(64) * PAGE);
		break;
	case 1:
		mmap(range.start, size, prot, MAP_PRIVATE | MAP_FIXED, files->memfd,
		     below(64) * PAGE);
		break;
	case 2:
		mmap(range.start, size, RW, MAP_SHARED | MAP_FIXED, files->posix,
		     below(64) * PAGE);
		break;
	case 3:
		mmap(range.start, size, prot, MAP_PRIVATE | MAP_FIXED, files->program, 0);
		break;
	case 4:
		mmap(range.start, size, prot, MAP_PRIVATE | MAP_FIXED, files->library, 0);
		break;
	default:
		mmap(range.start, size, PROT_READ, MAP_SHARED | MAP_FIXED, files->library, 0);
	}
	if (below(2))
		touch_range(files->mem, range, !below(3));
}

static inline void move(char *arena, struct range range)
{
	struct range other = any_range(arena);
	size_t size = range.pages * PAGE;

	if (range.start + size > other.start && other.start + size > range.start)
		return;
	if (other.start + size > arena + ARENA * PAGE)
		other.start = arena;
	mremap(range.start, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, other.start);
}

static inline void advise(struct range range)
{
	static const int advices[] = {
		MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTFORK, MADV_DOFORK,
		MADV_MERGEABLE, MADV_MERGEABLE, MADV_PAGEOUT, MADV_PAGEOUT,
		MADV_FREE, MADV_FREE,
	};

	madvise(range.start, range.pages * PAGE, advices[below(ARRAY_SIZE(advices))]);
}

static inline void one_step(char *arena, const struct layout_files *files)
{
	static const int prots[] = { RW, PROT_READ, PROT_NONE, RW | PROT_EXEC, RW };
	struct range range = any_range(arena);
	size_t size = range.pages * PAGE;

	switch (below(20)) {
	case 0 ... 2:
		mmap(range.start, size, RW, MAP_PRIVATE | FIXED_ANON, -1, 0);
		break;
	case 3:
		mmap(range.start, size, RW, MAP_SHARED | FIXED_ANON, -1, 0);
		break;
	case 4 ... 5:
		map_files(range, files);
		break;
	case 6:
		attach_segment(range);
		break;
	case 7:
		if (below(3))
			make_huge(arena, files);
		else
			make_hugetlb(arena, files);
		break;
	case 8:
		mprotect(range.start, size, prots[below(ARRAY_SIZE(prots))]);
		break;
	case 9 ... 11:
		advise(range);
		break;
	case 12:
		munmap(range.start, size);
		break;
	case 13:
		move(arena, range);
		break;
	case 14:
		if (below(2))
			mlock(range.start, size);
		else
			munlock(range.start, size);
		break;
	case 15:
		touch_range(files->mem, range, false);
		break;
	default:
		touch_range(files->mem, range, true);
	}
}

/*
 * The accessed bits were cleared by now: some pages get them back. Other processors'
 * and this one's TLB may still say that they are set: changing the protection of many
 * pages flushes it.
 */
static inline void last_touches(struct crowd *crowd)
{
	char *young = crowd->young;
	unsigned long page;

	mprotect(young, YOUNG_PAGES * PAGE, PROT_READ);
	mprotect(young, YOUNG_PAGES * PAGE, RW);
	for (page = 0; page < YOUNG_PAGES; page++) {
		unsigned long dice = below(4);

		crowd->touched[page] = dice == 0 ? 'r' : dice == 1 ? 'w' : 0;
		if (dice == 0)
			read_pages(young + page * PAGE, 1);
		else if (dice == 1)
			write_pages(young + page * PAGE, 1);
	}
}

static inline void layout_sleep(struct crowd *crowd)
{
	__atomic_fetch_add(&crowd->ready, 1, __ATOMIC_SEQ_CST);
	for (;;)
		pause();
}

static inline int open_layout_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static inline struct layout_files layout_files_open(const char *library)
{
	struct layout_files files = {
		.mem = open("/proc/self/mem", O_RDWR),
		.memfd = memfd_create("random", 0),
		.posix = open("/dev/shm/random-layout", O_RDWR | O_CREAT | O_TRUNC, 0600),
		.program = open_layout_file("/proc/self/exe"),
		.library = open_layout_file(library),
	};

	if (files.mem < 0 || files.memfd < 0 || files.posix < 0 ||
	    ftruncate(files.memfd, 2 * ARENA * PAGE) || ftruncate(files.posix, 2 * ARENA * PAGE))
		fail("the files of a layout: %s", strerror(errno));
	unlink("/dev/shm/random-layout");
	return files;
}

static inline void child_lives(struct crowd *crowd, unsigned int number, uint64_t seed,
			       struct layout_files files)
{
	int i;

	crowd->pid[number] = getpid();
	files.mem = open("/proc/self/mem", O_RDWR);
	random_state = seed ^ number;
	for (i = 0; i < STEPS / 6; i++)
		one_step(crowd->arena, &files);
	layout_sleep(crowd);
}

static inline void layout_fork(struct crowd *crowd, uint64_t seed,
			       const struct layout_files *files)
{
	unsigned int number = crowd->count++;

	if (!fork_attached())
		child_lives(crowd, number, seed, *files);
	while (!crowd->pid[number])
		usleep(1000);
}

/* Huge pages of the arena are aligned; behind it are two areas of small ones. */
static inline void make_places(struct crowd *crowd)
{
	size_t size = (ARENA + 2 * HUGE_PAGES + THIRD_PAGES + YOUNG_PAGES) * PAGE;
	char *place = map_or_fail(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
				  MAP_NORESERVE, -1, 0);
	char *arena = (char *)(((unsigned long)place + HUGE_SIZE - 1) & ~(HUGE_SIZE - 1));
	char *third = arena + ARENA * PAGE + PAGE;

	crowd->arena = map_or_fail(arena, ARENA * PAGE, RW, MAP_PRIVATE | FIXED_ANON |
				   MAP_NORESERVE, -1, 0);
	map_or_fail(third, THIRD_PAGES * PAGE, RW, MAP_PRIVATE | FIXED_ANON, -1, 0);
	madvise(third, THIRD_PAGES * PAGE, MADV_NOHUGEPAGE);
	write_pages(third, THIRD_PAGES);
	crowd->young = map_or_fail(third + (THIRD_PAGES + 1) * PAGE, YOUNG_PAGES * PAGE, RW,
				   MAP_PRIVATE | FIXED_ANON, -1, 0);
	madvise(crowd->young, YOUNG_PAGES * PAGE, MADV_NOHUGEPAGE);
	write_pages(crowd->young, YOUNG_PAGES);
}

/* layout_live() - the life of the first process of a layout */
static inline void layout_live(struct crowd *crowd, uint64_t seed, const char *library)
{
	struct layout_files files = layout_files_open(library);
	int i;

	make_places(crowd);
	crowd->pid[crowd->count++] = getpid();
	for (i = 0; i < STEPS; i++) {
		if (crowd->count <= CHILDREN && !below(STEPS / CHILDREN))
			layout_fork(crowd, seed, &files);
		one_step(crowd->arena, &files);
	}
	__atomic_fetch_add(&crowd->ready, 1, __ATOMIC_SEQ_CST);
	while (!crowd->touch)
		usleep(1000);
	last_touches(crowd);
	layout_sleep(crowd);
}

#endif /* LAYOUT_STEPS_H */
