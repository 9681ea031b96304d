// SPDX-License-Identifier: GPL-2.0
/* The stream of all mappings, folded into runs. */
#include <linux/err.h>
#include <linux/kernel-page-flags.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

#include "walk.h"

static bool begin_vma(struct walk *walk, struct vm_area_struct *vma)
{
	struct frames *frames = walk->data;

	frames->class = classify_vma(vma);
	return true;
}

static bool add_run(struct walk *walk, const struct mapping_run *run)
{
	struct frames *frames = walk->data;
	struct frame_row *row = &frames->row[frames->count++];

	row->tgid = frames->stream.tgid;
	row->sharing = classify_mapping(&frames->class, run->kind, run->maps);
	row->run = *run;
	/* One more may come before the walk stops. */
	return frames->count < FRAME_ROWS - 1;
}

static const struct walk_ops frames_ops = {
	.vma = begin_vma,
	.run = add_run,
};

struct frames *frames_open(struct pids *pids)
{
	struct frames *frames = kvzalloc(sizeof(*frames), GFP_KERNEL_ACCOUNT);

	if (!frames) {
		pids_free(pids);
		return ERR_PTR(-ENOMEM);
	}
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
	frames->count = frames->at = 0;
}

const struct frame_row *frames_next(struct frames *frames)
{
	while (frames->at == frames->count) {
		int ret;

		frames->at = frames->count = 0;
		ret = stream_piece(&frames->stream);
		if (ret < 0)
			return ERR_PTR(ret);
		if (!ret && !frames->count)
			return NULL;
	}
	return &frames->row[frames->at++];
}

struct flag_pair {
	u8 page, kpf;
};

static const struct flag_pair flag_pairs[] = {
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
	{ PG_unevictable, KPF_UNEVICTABLE },
};

static u64 kind_flags(unsigned int kind)
{
	u64 flags = 0;

	if (kind & FRAME_NONE)
		return 0;
	if (kind & FRAME_ZERO)
		return BIT_ULL(KPF_ZERO_PAGE);
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

u64 frame_flags(const struct mapping_run *run)
{
	u64 flags = kind_flags(run->kind);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flag_pairs); i++)
		if (run->flags & BIT(flag_pairs[i].page))
			flags |= BIT_ULL(flag_pairs[i].kpf);
	return flags;
}
