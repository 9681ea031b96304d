// SPDX-License-Identifier: GPL-2.0
/* Runs as rows: every kind and every flag of a frame, and what a filter leaves out. */
#include "kernel.h"
#include SOURCE
#include "test.h"

static struct vma_class class_of_vma = { .file = SHARING_LIBTEXT, .frameless = SHARING_DEVICE };

struct vma_class classify_vma(struct vm_area_struct *vma)
{
	return class_of_vma;
}

void pids_free(struct pids *pids)
{
}

void stream_init(struct stream *stream, struct pids *pids, const struct walk_ops *ops, void *data)
{
	stream->walk.ops = ops;
	stream->walk.data = data;
}

void stream_exit(struct stream *stream)
{
}

void stream_rewind(struct stream *stream)
{
}

/* Random runs come out of a walk until there were as many as wanted. */
static struct mapping_run given[3 * FRAME_ROWS];
static unsigned int ngiven, walked;

int stream_chunk(struct stream *stream)
{
	struct walk *walk = &stream->walk;

	walk->ops->vma(walk, NULL);
	for (unsigned int more = 1; walked < ngiven; walked++) {
		more = walk->ops->run(walk, &given[walked]) && more;
		if (!more && random_number() % 2) {
			walked++;
			break;
		}
		/* One more may follow. */
		if (!more) {
			walked++;
			if (walked < ngiven)
				walk->ops->run(walk, &given[walked++]);
			break;
		}
	}
	return walked < ngiven;
}

/* By the words of the man page of /proc/kpageflags. */
static u64 expected_flags(const struct mapping_run *run)
{
	static const struct { unsigned int page, kpf;
	} pairs[] = {
		{ PG_locked, KPF_LOCKED },
		{ PG_error, KPF_ERROR },
		{ PG_referenced, KPF_REFERENCED },
		{ PG_uptodate, KPF_UPTODATE },
		{ PG_dirty, KPF_DIRTY },
		{ PG_lru, KPF_LRU },
		{ PG_active, KPF_ACTIVE },
		{ PG_writeback, KPF_WRITEBACK },
		{ PG_reclaim, KPF_RECLAIM },
		{ PG_swapbacked, KPF_SWAPBACKED },
		{ PG_swapcache, KPF_SWAPCACHE },
		{ PG_unevictable, KPF_UNEVICTABLE },
		{ PG_mlocked, KPF_MLOCKED },
	};
	u64 flags = 0;

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		if (run->flags >> pairs[i].page & 1)
			flags |= 1ull << pairs[i].kpf;
	if (run->kind & FRAME_NONE)
		return flags;
	if (run->kind & FRAME_ZERO)
		return flags | 1ull << KPF_ZERO_PAGE |
		       (run->kind & FRAME_LARGE ? 1ull << KPF_THP : 0);
	flags |= 1ull << KPF_MMAP;
	flags |= run->kind & FRAME_ANON ? 1ull << KPF_ANON : 0;
	flags |= run->kind & FRAME_KSM ? 1ull << KPF_KSM : 0;
	flags |= run->kind & FRAME_HUGETLB ? 1ull << KPF_HUGE :
		 run->kind & FRAME_LARGE ? 1ull << KPF_THP : 0;
	return flags;
}

static bool is_row(const struct sharestat_run *row, const struct mapping_run *run)
{
	return row->va == run->va && row->pfn == run->pfn && row->pages == run->pages &&
	       row->refs == run->refs && row->maps == run->maps && row->pte == run->pte &&
	       row->flags == expected_flags(run) && row->tgid == 4242 &&
	       row->type == SHARESTAT_RUN_PAGES &&
	       row->sharing == classify_mapping(&class_of_vma, run->kind, run->maps);
}

static void make_runs(unsigned int count)
{
	ngiven = count;
	walked = 0;
	for (unsigned int i = 0; i < count; i++)
		given[i] = (struct mapping_run){
			.va = random_number() & ~0xfffull,
			.pfn = random_number() >> 12,
			.pages = random_number() >> 40,
			.flags = random_number() % 2 ? random_number() :
				 i		     ? given[i - 1].flags :
						       0,
			.refs = random_number() >> 32,
			.maps = random_number() % 4,
			.pte = random_number(),
			.kind = random_number() % 64,
		};
}

/* All rows of @options against the runs that are not left out, in their order. */
static void check_rows(unsigned int count, unsigned int options, const char *what)
{
	struct frames *frames = frames_open(NULL, options);
	const struct sharestat_run *row;
	unsigned int next = 0, wrong = 0, rows = 0;
	u64 pages = 0;

	make_runs(count);
	frames->stream.tgid = 4242;
	while ((row = frames_next(frames)) && !IS_ERR(row)) {
		while (next < count && options & FRAMES_SHARED && given[next].maps < 2)
			next++;
		wrong += next == count || !is_row(row, &given[next]);
		next++;
		rows++;
	}
	CHECK(!wrong && !row, "frames: %s: %u runs, each figure under its name", what, count);
	for (unsigned int i = 0; i < count; i++) {
		bool left_out = options & FRAMES_SHARED && given[i].maps < 2;

		pages += left_out ? 0 : given[i].pages;
		rows -= !left_out;
	}
	CHECK((options & FRAMES_TOTALS || !rows) && frames->pages == pages,
	      "frames: %s: none is missing, and the pages are added up", what);
	frames_close(frames);
}

/* One bit is the swap cache's or a file system's, by another bit. */
static void test_shown(void)
{
	const unsigned long swap = BIT(PG_swapbacked) | BIT(PG_swapcache);
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < 1000; i++) {
		unsigned long flags = random_number(), shown = shown_flags(flags);

		wrong += (shown & SHOWN_FLAGS & ~swap) != (flags & SHOWN_FLAGS & ~swap);
		wrong += shown & ~SHOWN_FLAGS || (shown ^ flags) & BIT(PG_swapbacked);
		wrong += (shown & BIT(PG_swapcache)) !=
			 ((flags & swap) == swap ? BIT(PG_swapcache) : 0);
	}
	CHECK(!wrong, "frames: nothing is in the swap cache that is not backed by swap");
}

static void test_totals(void)
{
	struct frames *frames = frames_open(NULL, FRAMES_TOTALS | FRAMES_SHARED);
	u64 pages = 0, records = 0;

	make_runs(500);
	CHECK(!frames_next(frames), "frames: for totals there is no row");
	for (unsigned int i = 0; i < 500; i++) {
		pages += given[i].maps >= 2 ? given[i].pages : 0;
		records += given[i].maps >= 2;
	}
	CHECK(frames->pages == pages && frames->records == records, "frames: but the sums");
	frames_rewind(frames);
	CHECK(!frames->pages && !frames->records, "frames: which begin again");
	frames_close(frames);
}

void test(void)
{
	check_rows(0, 0, "all");
	check_rows(FRAME_ROWS * 3, 0, "all");
	check_rows(FRAME_ROWS - 1, 0, "all");
	check_rows(FRAME_ROWS * 3, FRAMES_SHARED, "shared");
	test_shown();
	test_totals();
	fake_fail_at = 1;
	CHECK(PTR_ERR(frames_open(NULL, 0)) == -ENOMEM && !fake_allocations,
	      "frames: no memory is said");
}
