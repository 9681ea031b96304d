// SPDX-License-Identifier: GPL-2.0
/*
 * What a kernel does at moments of its own, done when a test asks for it, by writing to
 * files in /sys/kernel/debug/sharestat-stimulus:
 *
 * tlb_flush: "task|interrupt|kthread CPU REASON PAGES TIMES" fires the tracepoint with
 * these arguments, from the writer, from an interrupt of that CPU, or from a kernel
 * thread there. Whatever is attached to it is called, the kernel's own trace as well.
 *
 * migration: "ADDRESS PAGES" puts migration entries in the place of the writer's
 * mappings from there on, as they stand while the kernel moves a page; "0 0" takes them
 * back. Nobody may touch those pages, or exit, in between.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

static DEFINE_MUTEX(lock);

static struct tracepoint *tlb_flush;

struct flush {
	int reason;
	unsigned long pages;
	unsigned int times;
	struct work_struct work;
};

static void find_tlb_flush(struct tracepoint *tracepoint, void *unused)
{
	if (!strcmp(tracepoint->name, "tlb_flush"))
		tlb_flush = tracepoint;
}

/* As the kernel's trace_tlb_flush() does, which modules do not have. */
static void fire_once(const struct flush *flush)
{
	void (*function)(void *data, int reason, unsigned long pages);
	struct tracepoint_func *each;

	preempt_disable_notrace();
	each = rcu_dereference_raw(tlb_flush->funcs);
	for (; each && each->func; each++) {
		function = each->func;
		function(each->data, flush->reason, flush->pages);
	}
	preempt_enable_notrace();
}

static void fire(void *order)
{
	const struct flush *flush = order;
	unsigned int i;

	for (i = 0; i < flush->times; i++)
		fire_once(flush);
}

static void fire_work(struct work_struct *work)
{
	fire(container_of(work, struct flush, work));
}

static int fire_from(const char *whence, int cpu, struct flush *flush)
{
	if (!strcmp(whence, "task")) {
		fire(flush);
	} else if (!strcmp(whence, "interrupt")) {
		return smp_call_function_single(cpu, fire, flush, true);
	} else if (!strcmp(whence, "kthread") && cpu_online(cpu)) {
		INIT_WORK_ONSTACK(&flush->work, fire_work);
		schedule_work_on(cpu, &flush->work);
		flush_work(&flush->work);
		destroy_work_on_stack(&flush->work);
	} else {
		return -EINVAL;
	}
	return 0;
}

#define FLUSHES_MAX 100000

static int tlb_flush_order(const char *text)
{
	struct flush flush;
	char whence[16];
	int cpu, ret;

	if (sscanf(text, "%15s %d %d %ld %u", whence, &cpu, &flush.reason, &flush.pages,
		   &flush.times) != 5 || cpu < 0 || cpu >= nr_cpu_ids ||
	    flush.times > FLUSHES_MAX)
		return -EINVAL;
	mutex_lock(&lock);
	ret = fire_from(whence, cpu, &flush);
	mutex_unlock(&lock);
	return ret;
}

/* A mapping that was replaced. A huge one has a PMD in @entry, of the same form. */
struct moved {
	struct page *page;	/* locked, as while it is moved */
	pte_t *entry;
	pte_t before;
};

#define MOVED_MAX 512

static struct moved moved[MOVED_MAX];
static unsigned int moved_count;

static pmd_t *find_pmd(unsigned long address)
{
	p4d_t *p4d = p4d_offset(pgd_offset(current->mm, address), address);

	return pmd_offset(pud_offset(p4d, address), address);
}

/* The page is there: the caller has a reference that it got through this mapping. */
static void replace(struct moved *one, unsigned long address)
{
	pmd_t *pmd = find_pmd(address);
	bool leaf = pmd_leaf(*pmd);
	spinlock_t *ptl = leaf ? pmd_lockptr(current->mm, pmd) : pte_lockptr(current->mm, pmd);
	swp_entry_t entry = swp_entry(SWP_MIGRATION_READ, page_to_pfn(one->page));

	one->entry = leaf ? (pte_t *)pmd : pte_offset_kernel(pmd, address);
	spin_lock(ptl);
	one->before = READ_ONCE(*one->entry);
	WRITE_ONCE(*one->entry, swp_entry_to_pte(entry));
	spin_unlock(ptl);
}

static int move_one(unsigned long address)
{
	struct moved *one = &moved[moved_count];

	if (get_user_pages_fast(address, 1, 0, &one->page) != 1)
		return -EFAULT;
	one->page = compound_head(one->page);
	lock_page(one->page);
	mmap_read_lock(current->mm);
	replace(one, address);
	mmap_read_unlock(current->mm);
	moved_count++;
	return 0;
}

static void take_back(void)
{
	while (moved_count) {
		struct moved *one = &moved[--moved_count];

		WRITE_ONCE(*one->entry, one->before);
		unlock_page(one->page);
		put_page(one->page);
	}
}

static int migration_order(const char *text)
{
	unsigned long address;
	unsigned int pages;
	int ret = 0;

	if (sscanf(text, "%lx %u", &address, &pages) != 2)
		return -EINVAL;
	mutex_lock(&lock);
	if (!pages)
		take_back();
	else if (moved_count || pages > MOVED_MAX)
		ret = -EBUSY;
	for (; pages && !ret; pages--, address += PAGE_SIZE)
		ret = move_one(address & PAGE_MASK);
	if (ret && ret != -EBUSY)
		take_back();
	mutex_unlock(&lock);
	return ret;
}

static ssize_t order_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	int (*order)(const char *text) = file_inode(file)->i_private;
	char *text = memdup_user_nul(from, min_t(size_t, size, 128));
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = order(text);
	kfree(text);
	return ret ?: size;
}

static const struct file_operations order_fops = {
	.owner = THIS_MODULE,
	.write = order_write,
};

static struct dentry *folder;

static int __init stimulus_init(void)
{
	for_each_kernel_tracepoint(find_tlb_flush, NULL);
	folder = debugfs_create_dir("sharestat-stimulus", NULL);
	if (tlb_flush)
		debugfs_create_file("tlb_flush", 0200, folder, tlb_flush_order, &order_fops);
	debugfs_create_file("migration", 0200, folder, migration_order, &order_fops);
	return 0;
}
module_init(stimulus_init);

static void __exit stimulus_exit(void)
{
	debugfs_remove_recursive(folder);
	take_back();
}
module_exit(stimulus_exit);

MODULE_DESCRIPTION("What sharestat's kselftests want the kernel to do");
MODULE_LICENSE("GPL");
