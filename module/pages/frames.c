// SPDX-License-Identifier: GPL-2.0
/* The stream of all mappings, folded into runs. */
#include <linux/err.h>
#include <linux/kernel-page-flags.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/page-flags.h"
#include "pages/pages.h"

struct flag_pair {
	unsigned long page;	/* bit of page->flags; 0 where this kernel has none */
	u8 kpf;
};

static const struct flag_pair flag_pairs[] = {
	{ BIT(PG_locked), KPF_LOCKED },
	{ PAGE_FLAG_ERROR, KPF_ERROR },
	{ BIT(PG_referenced), KPF_REFERENCED },
	{ BIT(PG_uptodate), KPF_UPTODATE },
	{ BIT(PG_dirty), KPF_DIRTY },
	{ BIT(PG_lru), KPF_LRU },
	{ BIT(PG_active), KPF_ACTIVE },
	{ BIT(PG_writeback), KPF_WRITEBACK },
	{ BIT(PG_reclaim), KPF_RECLAIM },
	{ BIT(PG_swapbacked), KPF_SWAPBACKED },
	{ BIT(PG_swapcache), KPF_SWAPCACHE },
	{ BIT(PG_unevictable), KPF_UNEVICTABLE },
	{ BIT(PG_mlocked), KPF_MLOCKED },
};

static u64 kind_flags(unsigned int kind)
{
	u64 flags = 0;

	if (kind & FRAME_NONE)
		return 0;
	if (kind & FRAME_ZERO)
		return BIT_ULL(KPF_ZERO_PAGE) | (kind & FRAME_LARGE ? BIT_ULL(KPF_THP) : 0);
	flags |= BIT_ULL(KPF_MMAP);
	if (kind & FRAME_ANON)
		flags |= BIT_ULL(KPF_ANON);
	if (kind & FRAME_KSM)
		flags |= BIT_ULL(KPF_KSM);
	if (kind & FRAME_HUGETLB)
		flags |= BIT_ULL(KPF_HUGE);
	else if (kind & FRAME_LARGE)
		flags |= BIT_ULL(KPF_THP);
	return flags;
}

/*
 * KPF_* bits of a run, without COMPOUND_HEAD and _TAIL, which would tear a large
 * folio's run apart.
 */
static u64 frame_flags(const struct mapping_run *run)
{
	u64 flags = kind_flags(run->kind);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flag_pairs); i++)
		if (run->flags & flag_pairs[i].page)
			flags |= BIT_ULL(flag_pairs[i].kpf);
	return flags;
}

static u64 cached_flags(struct frames *frames, const struct mapping_run *run)
{
	if (frames->kpf.flags != run->flags || frames->kpf.kind != run->kind) {
		frames->kpf.flags = run->flags;
		frames->kpf.kind = run->kind;
		frames->kpf.answer = frame_flags(run);
	}
	return frames->kpf.answer;
}

static bool begin_vma(struct walk *walk, struct vm_area_struct *vma)
{
	struct frames *frames = walk->data;

	frames->class = classify_vma(vma);
	return true;
}

static bool add_run(struct walk *walk, const struct mapping_run *run)
{
	struct frames *frames = walk->data;
	struct sharestat_run *row;

	if ((frames->options & FRAMES_SHARED) && run->maps < 2)
		return true;
	frames->records++;
	frames->pages += run->pages;
	if (frames->options & FRAMES_TOTALS)
		return true;
	row = &frames->row[frames->count++];
	*row = (struct sharestat_run) {
		.va = cpu_to_le64(run->va),
		.pfn = cpu_to_le64(run->pfn),
		.flags = cpu_to_le64(cached_flags(frames, run)),
		.pages = cpu_to_le32(run->pages),
		.refs = cpu_to_le32(run->refs),
		.maps = cpu_to_le32(run->maps),
		.tgid = cpu_to_le32(frames->stream.tgid),
		.type = SHARESTAT_RUN_PAGES,
		.sharing = classify_mapping(&frames->class, run->kind, run->maps),
		.pte = run->pte,
	};
	/* One more may come before the walk stops. */
	return frames->count < FRAME_ROWS - 1;
}

static const struct walk_ops frames_ops = {
	.vma = begin_vma,
	.run = add_run,
};

struct frames *frames_open(struct pids *pids, unsigned int options)
{
	struct frames *frames = kvzalloc(sizeof(*frames), GFP_KERNEL_ACCOUNT);

	if (!frames) {
		pids_free(pids);
		return ERR_PTR(-ENOMEM);
	}
	frames->options = options;
	frames->kpf.answer = kind_flags(0);
	stream_init(&frames->stream, pids, &frames_ops, frames);
	return frames;
}

void frames_close(struct frames *frames)
{
	stream_exit(&frames->stream);
	kvfree(frames);
}

void frames_rewind(struct frames *frames)
{
	stream_rewind(&frames->stream);
	frames->count = 0;
	frames->at = 0;
	frames->pages = 0;
	frames->records = 0;
}

int frames_fill(struct frames *frames)
{
	while (frames->at == frames->count) {
		int ret;

		frames->at = 0;
		frames->count = 0;
		ret = stream_chunk(&frames->stream);
		if (ret < 0 || (!ret && !frames->count))
			return ret;
	}
	return 1;
}

const struct sharestat_run *frames_next(struct frames *frames)
{
	int ret = frames_fill(frames);

	if (ret < 0)
		return ERR_PTR(ret);
	return ret ? &frames->row[frames->at++] : NULL;
}
