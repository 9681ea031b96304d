// SPDX-License-Identifier: GPL-2.0
/*
 * Faults of every kind that the debug kernels are there to find. Each is one write
 * of its name to /sys/kernel/debug/planted/fault. They read where they may not
 * rather than write there, so that the kernel lives on.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static volatile int zero;		/* which the compiler does not know */
static volatile int forty = 40;
static void *volatile memory;

static void use_after_free(void)
{
	memory = kmalloc(64, GFP_KERNEL);
	kfree(memory);
	(void)READ_ONCE(*(char *)memory);
}

static void slab_out_of_bounds(void)
{
	char *bytes = kmalloc(64, GFP_KERNEL);

	if (bytes)
		(void)READ_ONCE(bytes[64 + zero]);
	kfree(bytes);
}

static void vmalloc_out_of_bounds(void)
{
	char *bytes = vmalloc(PAGE_SIZE - 16);

	if (bytes)
		(void)READ_ONCE(bytes[PAGE_SIZE - 8 + zero]);
	vfree(bytes);
}

static void stack_out_of_bounds(void)
{
	char bytes[16];

	memset(bytes, zero, sizeof(bytes));
	(void)READ_ONCE(bytes[16 + zero]);
}

static void sleep_in_atomic(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void schedule_in_atomic(void)
{
	preempt_disable();
	schedule();
	preempt_enable();
}

static void lock_inversion(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void rcu_without_lock(void)
{
	static int value;
	static int __rcu *pointer = (int __rcu *)&value;

	(void)rcu_dereference(pointer);
}

static void leak(void)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		memory = kmalloc(192, GFP_KERNEL);
	memory = NULL;
}

static void shift(void)
{
	WRITE_ONCE(*(int *)&zero, zero | (1 << forty));
	zero = 0;
}

static void list_corruption(void)
{
	LIST_HEAD(head);
	LIST_HEAD(entry);

	list_add(&entry, &head);
	list_add(&entry, &head);
}

static void nothing(struct timer_list *timer)
{
}

static void free_active_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, nothing, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static void vm_assertion(void)
{
	VM_WARN_ON(!zero);
}

static int raced_for;
static DECLARE_COMPLETION(raced);

static void count_up(void)
{
	unsigned int i;

	for (i = 0; i < 1000000; i++) {
		raced_for++;
		barrier();
	}
}

static int racer(void *unused)
{
	count_up();
	complete(&raced);
	return 0;
}

static void data_race_of_two(void)
{
	struct task_struct *other = kthread_run(racer, NULL, "racer");

	count_up();
	if (!IS_ERR(other))
		wait_for_completion(&raced);
}

#define FAULT(name) { #name, name }
static const struct { const char *name; void (*make)(void); } faults[] = {
	FAULT(use_after_free), FAULT(slab_out_of_bounds), FAULT(vmalloc_out_of_bounds),
	FAULT(stack_out_of_bounds), FAULT(sleep_in_atomic),
	FAULT(schedule_in_atomic), FAULT(lock_inversion), FAULT(rcu_without_lock), FAULT(leak),
	FAULT(shift), FAULT(list_corruption), FAULT(free_active_timer), FAULT(vm_assertion),
	FAULT(data_race_of_two),
};

static ssize_t fault_write(struct file *file, const char __user *from, size_t size,
			   loff_t *pos)
{
	char name[32] = "";
	unsigned int i;

	if (size >= sizeof(name) || copy_from_user(name, from, size))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!sysfs_streq(name, faults[i].name))
			continue;
		faults[i].make();
		return size;
	}
	return -EINVAL;
}

static const struct file_operations fault_fops = {
	.owner = THIS_MODULE,
	.write = fault_write,
};

static struct dentry *folder;

static int __init planted_init(void)
{
	folder = debugfs_create_dir("planted", NULL);
	debugfs_create_file("fault", 0200, folder, NULL, &fault_fops);
	return 0;
}
module_init(planted_init);

static void __exit planted_exit(void)
{
	debugfs_remove_recursive(folder);
}
module_exit(planted_exit);

MODULE_DESCRIPTION("Planted faults for the lab's debug kernels");
MODULE_LICENSE("GPL");
