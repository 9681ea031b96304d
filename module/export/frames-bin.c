// SPDX-License-Identifier: GPL-2.0
/* frames.bin: the records of frames as they are, between a header and an end. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "export/export.h"
#include "pages/pages.h"

/**
 * struct bin - an opened frames.bin
 * @lock: readers of one descriptor, one after the other; outermost
 * @frames: where the runs come from
 * @started: the header was begun, so the filter is settled
 * @ended: the trailer was begun
 * @marker: the header, later the trailer
 * @chunk: what is copied out next
 * @left: how many bytes of it
 */
struct bin {
	struct mutex lock;	/* see above */
	struct frames *frames;
	bool started, ended;
	struct sharestat_run marker;
	const void *chunk;
	size_t left;
};

static void begin_marker(struct bin *bin, struct sharestat_run marker)
{
	bin->marker = marker;
	bin->chunk = &bin->marker;
	bin->left = sizeof(marker);
}

static void begin_header(struct bin *bin)
{
	begin_marker(bin, (struct sharestat_run) {
		.va = cpu_to_le64(PAGE_SIZE),
		.pages = cpu_to_le32(SHARESTAT_BIN_MAGIC),
		.refs = cpu_to_le32(SHARESTAT_ABI),
		.tgid = cpu_to_le32(sizeof(struct sharestat_run)),
		.type = SHARESTAT_RUN_HEADER,
	});
	bin->started = true;
}

static void begin_end(struct bin *bin)
{
	begin_marker(bin, (struct sharestat_run) {
		.pfn = cpu_to_le64(bin->frames->pages),
		.flags = cpu_to_le64(bin->frames->records),
		.type = SHARESTAT_RUN_END,
	});
	bin->ended = true;
}

/* The next chunk. Return: 1, 0 at the end, or -errno. */
static int bin_fill(struct bin *bin)
{
	struct frames *frames = bin->frames;
	int ret;

	if (!bin->started) {
		begin_header(bin);
		return 1;
	}
	if (bin->ended)
		return 0;
	ret = frames_fill(frames);
	if (ret < 0)
		return ret;
	if (!ret) {
		begin_end(bin);
		return 1;
	}
	bin->chunk = frames->row + frames->at;
	bin->left = (frames->count - frames->at) * sizeof(*frames->row);
	frames->at = frames->count;
	return 1;
}

static ssize_t bin_copy(struct bin *bin, char __user *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t now;
		int ret = bin->left ? 1 : bin_fill(bin);

		if (ret <= 0)
			return done ? done : ret;
		now = min(size - done, bin->left);
		if (copy_to_user(to + done, bin->chunk, now))
			return done ? done : -EFAULT;
		bin->chunk += now;
		bin->left -= now;
		done += now;
	}
	return done;
}

static ssize_t bin_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	struct bin *bin = file->private_data;
	ssize_t ret;

	ret = mutex_lock_killable(&bin->lock);
	if (ret)
		return ret;
	ret = bin_copy(bin, to, size);
	if (ret > 0)
		*pos += ret;
	mutex_unlock(&bin->lock);
	return ret;
}

/* A stream has no middle that could be gone to: only a restart. */
static loff_t bin_llseek(struct file *file, loff_t offset, int whence)
{
	struct bin *bin = file->private_data;

	if (whence != SEEK_SET || offset)
		return -ESPIPE;
	if (mutex_lock_killable(&bin->lock))
		return -EINTR;
	frames_rewind(bin->frames);
	bin->started = false;
	bin->ended = false;
	bin->left = 0;
	file->f_pos = 0;
	mutex_unlock(&bin->lock);
	return 0;
}

static int bin_set(struct bin *bin, struct pids *pids, unsigned int options)
{
	struct frames *frames;

	if (IS_ERR(pids))
		return PTR_ERR(pids);
	frames = frames_open(pids, options);
	if (IS_ERR(frames))
		return PTR_ERR(frames);
	if (bin->frames)
		frames_close(bin->frames);
	bin->frames = frames;
	return 0;
}

static ssize_t bin_write(struct file *file, const char __user *from, size_t size,
			 loff_t *pos)
{
	struct bin *bin = file->private_data;
	unsigned int options = 0;
	struct pids *pids = export_filter_copy(from, size, FRAMES_SHARED | FRAMES_TOTALS, &options);
	int ret;

	mutex_lock(&bin->lock);
	if (!IS_ERR(pids) && bin->started) {
		pids_free(pids);
		ret = -EBUSY;
	} else {
		ret = bin_set(bin, pids, options);
	}
	mutex_unlock(&bin->lock);
	return ret ?: size;
}

static int bin_open(struct inode *inode, struct file *file)
{
	struct bin *bin = kzalloc(sizeof(*bin), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!bin)
		return -ENOMEM;
	mutex_init(&bin->lock);
	ret = bin_set(bin, export_filter_default(), 0);
	if (ret)
		kfree(bin);
	else
		file->private_data = bin;
	return ret;
}

static int bin_release(struct inode *inode, struct file *file)
{
	struct bin *bin = file->private_data;

	frames_close(bin->frames);
	kfree(bin);
	return 0;
}

const struct file_operations frames_bin_fops = {
	.owner = THIS_MODULE,
	.open = bin_open,
	.read = bin_read,
	.write = bin_write,
	.llseek = bin_llseek,
	.release = bin_release,
};
