// SPDX-License-Identifier: GPL-2.0
/* Sums over the mappings of each VMA. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/fs.h"
#include "compat/mm.h"
#include "pages/pages.h"

static const char *file_name(struct vmas *vmas, const struct vm_area_struct *vma)
{
	const char *name = d_path(file_user_path(vma->vm_file), vmas->path, sizeof(vmas->path));

	/* Only when it is longer than PATH_MAX. */
	return IS_ERR(name) ? "[path too long]" : name;
}

/* As /proc/PID/maps names them. */
static const char *vma_name(struct vmas *vmas, struct vm_area_struct *vma)
{
	const struct mm_struct *mm = vma->vm_mm;

	if (vma->vm_file)
		return file_name(vmas, vma);
	if (vma->vm_ops && vma->vm_ops->name) {
		const char *name = vma->vm_ops->name(vma);

		/* Copied: it may be the VMA's own, and that may go. */
		if (name) {
			strscpy(vmas->path, name, sizeof(vmas->path));
			return vmas->path;
		}
	}
	if (vma_is_initial_heap(vma))
		return "[heap]";
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return "[stack]";
	return "[anon]";
}

static struct vma_content content_of(const struct vm_area_struct *vma)
{
	const struct inode *inode = vma->vm_file ? file_inode(vma->vm_file) : NULL;

	return (struct vma_content) {
		.dev = inode ? inode->i_sb->s_dev : 0,
		.ino = inode ? inode->i_ino : 0,
		.pgoff = vma->vm_pgoff - (vma->vm_start >> PAGE_SHIFT),
	};
}

/*
 * A VMA that needs several chunks may have changed between them: what has been
 * walked is summed up as it was, and the rest becomes a record of its own.
 */
static bool is_same(const struct vmas *vmas, const struct vm_area_struct *vma)
{
	const struct vma_content content = content_of(vma);

	return vmas->row.start <= vmas->stream.walk.next &&
	       vmas->row.end == vma->vm_end && vmas->row.vm_flags == vma->vm_flags &&
	       vmas->content.dev == content.dev && vmas->content.ino == content.ino &&
	       vmas->content.pgoff == content.pgoff;
}

static bool begin_vma(struct walk *walk, struct vm_area_struct *vma)
{
	struct vmas *vmas = walk->data;

	if (vmas->open && is_same(vmas, vma))
		return true;
	if (vmas->open) {
		vmas->full = true;
		return false;
	}
	memset(&vmas->row, 0, sizeof(vmas->row));
	vmas->open = true;
	vmas->class = classify_vma(vma);
	vmas->content = content_of(vma);
	vmas->row.tgid = vmas->stream.tgid;
	vmas->row.start = walk->next;
	vmas->row.end = vma->vm_end;
	vmas->row.vm_flags = vma->vm_flags;
	vmas->row.name = vma_name(vmas, vma);
	return true;
}

/* As smaps decides; a page of hugetlb is never backed by swap. */
static bool is_lazily_freed(const struct mapping_run *run)
{
	return (run->kind & (FRAME_ANON | FRAME_HUGETLB)) == FRAME_ANON &&
	       !(run->flags & (BIT(PG_swapbacked) | BIT(PG_dirty))) &&
	       !(run->pte & SHARESTAT_PTE_DIRTY);
}

/* The sizes that smaps has, of a run that has frames. */
static void add_sizes(struct vma_row *row, const struct mapping_run *run)
{
	u64 share = run->pages * (((u64)PAGE_SIZE << PSS_SHIFT) / max(run->maps, 1U));
	unsigned long alone = run->maps < 2 ? run->pages : 0;

	if (run->kind & FRAME_HUGETLB) {
		row->private_hugetlb += alone;
		row->shared_hugetlb += run->pages - alone;
		row->hugetlb_pss += share;
	} else {
		row->rss += run->pages;
		row->uss += alone;
		row->pss += share;
	}
}

static bool add_run(struct walk *walk, const struct mapping_run *run)
{
	struct vmas *vmas = walk->data;
	struct vma_row *row = &vmas->row;

	row->present += run->pages;
	row->pages[classify_mapping(&vmas->class, run->kind, run->maps)] += run->pages;
	if (is_lazily_freed(run))
		row->lazyfree += run->pages;
	if (run->flags & BIT(PG_mlocked))
		row->mlocked += run->pages;
	row->refs += (u64)run->refs * run->pages;
	row->maps += (u64)run->maps * run->pages;
	if (!(run->kind & (FRAME_NONE | FRAME_ZERO)))
		add_sizes(row, run);
	return true;
}

static void add_nonpresent(struct walk *walk, bool migration, unsigned long pages)
{
	struct vmas *vmas = walk->data;

	if (migration)
		vmas->row.migration += pages;
	else
		vmas->row.swap += pages;
}

static void add_empty_table(struct walk *walk)
{
	struct vmas *vmas = walk->data;

	vmas->row.empty_tables++;
}

static const struct walk_ops vmas_ops = {
	.vma = begin_vma,
	.run = add_run,
	.nonpresent = add_nonpresent,
	.empty_table = add_empty_table,
};

struct vmas *vmas_open(struct pids *pids)
{
	struct vmas *vmas = kvzalloc(sizeof(*vmas), GFP_KERNEL_ACCOUNT);

	if (!vmas) {
		pids_free(pids);
		return ERR_PTR(-ENOMEM);
	}
	stream_init(&vmas->stream, pids, &vmas_ops, vmas);
	return vmas;
}

void vmas_close(struct vmas *vmas)
{
	stream_exit(&vmas->stream);
	kvfree(vmas);
}

void vmas_rewind(struct vmas *vmas)
{
	stream_rewind(&vmas->stream);
	vmas->open = false;
	vmas->full = false;
}

/* The row is whole when the walk met the next VMA, or left the address space. */
static bool row_done(const struct vmas *vmas)
{
	return vmas->open && (vmas->full || !vmas->stream.walk.mm);
}

const struct vma_row *vmas_next(struct vmas *vmas)
{
	/* Else the last call was interrupted: go on with that row. */
	if (row_done(vmas)) {
		vmas->open = false;
		vmas->full = false;
	}
	while (!row_done(vmas)) {
		int ret = stream_chunk(&vmas->stream);

		if (ret < 0)
			return ERR_PTR(ret);
		if (!ret)
			return NULL;
	}
	/* Of a process that ended in the middle of it, as far as it was walked. */
	vmas->row.end = min(vmas->row.end, vmas->stream.walk.next);
	return &vmas->row;
}
