// SPDX-License-Identifier: GPL-2.0
/* vmas and frames: streams as text. */
#include <linux/err.h>
#include <linux/mm.h>

#include "export/export.h"
#include "pages/pages.h"

/*
 * The row at hand is kept beside the position that it stands for: seq_file
 * asks for a position again when its buffer was too small, and must then be
 * given the same row without a walk. Position 0 is the header.
 */
struct reader {
	struct seq_file *m;
	void *stream;
	const struct reader_ops *ops;
	const void *row;
	loff_t pos;
};

/* @options: the FRAMES_* bits that its own filter knows the words of */
struct reader_ops {
	unsigned int options;
	void *(*open)(struct pids *pids, unsigned int options);
	void (*close)(void *stream);
	void (*rewind)(void *stream);
	const void *(*next)(void *stream);
};

static const void *reader_fetch(struct reader *reader, loff_t pos)
{
	const void *row = reader->ops->next(reader->stream);

	if (IS_ERR(row)) {
		/* Not this position's row: it is fetched when asked again. */
		return row;
	}
	reader->row = row;
	reader->pos = pos;
	return row;
}

static void *reader_start(struct seq_file *m, loff_t *pos)
{
	struct reader *reader = m->private;

	if (!*pos) {
		if (reader->pos)
			reader->ops->rewind(reader->stream);
		reader->row = NULL;
		reader->pos = 0;
		return SEQ_START_TOKEN;
	}
	if (*pos == reader->pos)
		return (void *)reader->row;
	if (*pos == reader->pos + 1)
		return (void *)reader_fetch(reader, *pos);
	return ERR_PTR(-ESPIPE);
}

static void *reader_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return (void *)reader_fetch(m->private, *pos);
}

static void reader_stop(struct seq_file *m, void *v)
{
}

/* Also called before the first read, with the opening's own filter. */
static int reader_set(struct reader *reader, struct pids *pids, unsigned int options)
{
	void *stream;

	if (IS_ERR(pids))
		return PTR_ERR(pids);
	stream = reader->ops->open(pids, options);
	if (IS_ERR(stream))
		return PTR_ERR(stream);
	if (reader->stream)
		reader->ops->close(reader->stream);
	reader->stream = stream;
	return 0;
}

static int reader_open(struct file *file, const struct seq_operations *seq,
		       const struct reader_ops *ops)
{
	struct reader *reader = __seq_open_private(file, seq, sizeof(*reader));
	int ret;

	if (!reader)
		return -ENOMEM;
	reader->ops = ops;
	ret = reader_set(reader, export_filter_default(), 0);
	if (ret)
		seq_release_private(file_inode(file), file);
	return ret;
}

static int reader_release(struct inode *inode, struct file *file)
{
	struct reader *reader = ((struct seq_file *)file->private_data)->private;

	reader->ops->close(reader->stream);
	return seq_release_private(inode, file);
}

/* A filter for this opening alone; only before the first row was read. */
static ssize_t reader_write(struct file *file, const char __user *from, size_t size,
			    loff_t *pos)
{
	struct seq_file *m = file->private_data;
	struct reader *reader = m->private;
	unsigned int options = 0;
	struct pids *pids = export_filter_copy(from, size, reader->ops->options, &options);
	int ret;

	mutex_lock(&m->lock);
	if (!IS_ERR(pids) && (m->count || m->index)) {
		pids_free(pids);
		ret = -EBUSY;
	} else {
		ret = reader_set(reader, pids, options);
	}
	mutex_unlock(&m->lock);
	return ret ?: size;
}

#define READER_FOPS(name)						\
static const struct seq_operations name##_seq = {			\
	.start = reader_start,						\
	.next = reader_next,						\
	.stop = reader_stop,						\
	.show = name##_show,						\
};									\
									\
static int name##_file_open(struct inode *inode, struct file *file)	\
{									\
	return reader_open(file, &name##_seq, &name##_reader);		\
}									\
									\
const struct file_operations name##_fops = {				\
	.owner = THIS_MODULE,						\
	.open = name##_file_open,					\
	.read = seq_read,						\
	.write = reader_write,						\
	.llseek = seq_lseek,						\
	.release = reader_release,					\
}

/* vmas */

#define VMA_COLUMNS "tgid start end perms present " \
	"private cow text rodata libtext librodata filecow mapfile mapanon memfd "	\
	"posixshm sysvshm ksm zero hugetlb special device "				\
	"rss uss private_hugetlb shared_hugetlb lazyfree mlocked swap migration "	\
	"empty_tables refs maps pss hugetlb_pss name"

static int vmas_show(struct seq_file *m, void *v)
{
	const struct vma_row *row = v;
	enum sharing_class class;

	if (v == SEQ_START_TOKEN) {
		export_header(m, "vmas", VMA_COLUMNS);
		return 0;
	}
	seq_printf(m, "%d %lx %lx %c%c%c%c %lu", row->tgid, row->start, row->end,
		   row->vm_flags & VM_READ ? 'r' : '-', row->vm_flags & VM_WRITE ? 'w' : '-',
		   row->vm_flags & VM_EXEC ? 'x' : '-',
		   row->vm_flags & VM_MAYSHARE ? 's' : 'p', row->present);
	for (class = 0; class < SHARING_CLASSES; class++)
		seq_printf(m, " %lu", row->pages[class]);
	seq_printf(m, " %lu %lu %lu %lu", row->rss, row->uss, row->private_hugetlb,
		   row->shared_hugetlb);
	seq_printf(m, " %lu %lu %lu %lu", row->lazyfree, row->mlocked, row->swap,
		   row->migration);
	seq_printf(m, " %lu %llu %llu %llu %llu ", row->empty_tables, row->refs, row->maps,
		   row->pss >> PSS_SHIFT, row->hugetlb_pss >> PSS_SHIFT);
	export_name(m, row->name);
	seq_putc(m, '\n');
	return 0;
}

static void *open_vmas(struct pids *pids, unsigned int options)
{
	return vmas_open(pids);
}

static void close_vmas(void *stream)
{
	vmas_close(stream);
}

static void rewind_vmas(void *stream)
{
	vmas_rewind(stream);
}

static const void *next_vmas(void *stream)
{
	return vmas_next(stream);
}

static const struct reader_ops vmas_reader = {
	.open = open_vmas,
	.close = close_vmas,
	.rewind = rewind_vmas,
	.next = next_vmas,
};

READER_FOPS(vmas);

/* frames */

static void show_pte(struct seq_file *m, unsigned int bits)
{
	char huge = '.';

	if (bits & SHARESTAT_PTE_PUD)
		huge = 'H';
	else if (bits & SHARESTAT_PTE_TABLE)
		huge = 't';
	else if (bits & SHARESTAT_PTE_PMD)
		huge = 'h';
	seq_printf(m, " %c%c%c%c%c%c", bits & SHARESTAT_PTE_WRITE ? 'w' : '.',
		   bits & SHARESTAT_PTE_EXEC ? 'x' : '.',
		   bits & SHARESTAT_PTE_DIRTY ? 'd' : '.',
		   bits & SHARESTAT_PTE_YOUNG ? 'y' : '.',
		   bits & SHARESTAT_PTE_SPECIAL ? 's' : '.', huge);
}

static int frames_show(struct seq_file *m, void *v)
{
	const struct sharestat_run *run = v;

	if (v == SEQ_START_TOKEN) {
		export_header(m, "frames", "tgid va pfn pages refs maps pte flags class");
		return 0;
	}
	seq_printf(m, "%u %llx %llx %u", le32_to_cpu(run->tgid), le64_to_cpu(run->va),
		   le64_to_cpu(run->pfn), le32_to_cpu(run->pages));
	/* A frame that is mapped has a reference: none means not looked at. */
	if (run->refs)
		seq_printf(m, " %u %u", le32_to_cpu(run->refs), le32_to_cpu(run->maps));
	else
		seq_puts(m, " - -");
	show_pte(m, run->pte);
	seq_printf(m, " %llx %s\n", le64_to_cpu(run->flags), sharing_names[run->sharing]);
	return 0;
}

static void *open_frames(struct pids *pids, unsigned int options)
{
	return frames_open(pids, options);
}

static void close_frames(void *stream)
{
	frames_close(stream);
}

static void rewind_frames(void *stream)
{
	frames_rewind(stream);
}

static const void *next_frames(void *stream)
{
	return frames_next(stream);
}

static const struct reader_ops frames_reader = {
	.options = FRAMES_SHARED,
	.open = open_frames,
	.close = close_frames,
	.rewind = rewind_frames,
	.next = next_frames,
};

READER_FOPS(frames);
