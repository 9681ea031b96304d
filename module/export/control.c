// SPDX-License-Identifier: GPL-2.0
/* README, version, and the files that are written to. */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "compat/mm.h"
#include "compat/pgtable.h"
#include "events/events.h"
#include "export/export.h"
#include "machine.h"
#include "pages/pages.h"
#include "self-test.h"
#include "tasks/tasks.h"

#define TEXT_MAX 16384		/* PIDS_MAX numbers and the spaces between */

char *export_copy_text(const char __user *from, size_t size)
{
	char *text;

	if (size > TEXT_MAX)
		return ERR_PTR(-E2BIG);
	text = memdup_user_nul(from, size);
	if (IS_ERR(text))
		return text;
	if (strlen(text) != size) {
		kfree(text);
		return ERR_PTR(-EINVAL);
	}
	return text;
}

/* version */

/* What not every kernel can give; @reason is a word, or NULL when this one can. */
static void show_ability(struct seq_file *m, const char *kind, const char *name,
			 const char *reason)
{
	if (reason)
		seq_printf(m, "%s_%s no %s\n", kind, name, reason);
	else
		seq_printf(m, "%s_%s yes\n", kind, name);
}

/* By module parameter measure=1. */
static void show_cost(struct seq_file *m, const struct probe *probe)
{
	if (probe->cost)
		seq_printf(m, "cost_%s_ns %llu\n", probe->name, probe->cost);
	else
		seq_printf(m, "cost_%s_ns -\n", probe->name);
}

static int version_show(struct seq_file *m, void *unused)
{
	enum probe_number number;

	export_header(m, "version", "key value");
	seq_printf(m, "abi %d\nmodule %s\nkernel %s\narch %s\n", SHARESTAT_ABI,
		   SHARESTAT_VERSION, init_utsname()->release, init_utsname()->machine);
	seq_printf(m, "page_size %lu\npgtable_levels %u\ncpus %u\n", PAGE_SIZE,
		   machine_pgtable_levels(), num_online_cpus());
	seq_printf(m, "machine %s\npcid %s\npti %s\n", machine_kind(),
		   machine_has_pcid() ? "yes" : "no", machine_has_pti() ? "yes" : "no");
	for (number = 0; number < PROBES; number++)
		show_ability(m, "probe", probe_get(number)->name, probe_get(number)->reason);
	for (number = 0; number < PROBES; number++)
		show_cost(m, probe_get(number));
	seq_printf(m, "longest_hold_ns %llu\n", stream_longest_hold());
	show_ability(m, "mms", "cpus", REASON_NO_MM_CPUMASK);
	show_ability(m, "mms", "tlb_gen", REASON_NO_TLB_GEN);
	show_ability(m, "frames", "maps", REASON_NO_PAGE_MAPCOUNT);
	show_ability(m, "kernel", "proven", REASON_NOT_PROVEN);
	show_ability(m, "self", "test", self_test_reason());
	return 0;
}

EXPORT_SHOW(version);

/* set_pid */

static void show_pids(struct seq_file *m, const struct pids *pids)
{
	unsigned int i;

	for (i = 0; i < pids->count; i++) {
		pid_t tgid = pid_nr_ns(pids->pid[i], m->private);

		/* 0: not of the opener's namespace. */
		if (tgid)
			seq_printf(m, "%d\n", tgid);
	}
}

static int set_pid_show(struct seq_file *m, void *unused)
{
	struct pids *pids = pids_filter_get();

	if (IS_ERR(pids))
		return PTR_ERR(pids);
	export_header(m, "set_pid", "tgid");
	show_pids(m, pids);
	pids_free(pids);
	return 0;
}

static int set_pid_open(struct inode *inode, struct file *file)
{
	struct pid_namespace *ns = get_pid_ns(task_active_pid_ns(current));
	int ret = single_open(file, set_pid_show, ns);

	if (ret)
		put_pid_ns(ns);
	return ret;
}

static int set_pid_release(struct inode *inode, struct file *file)
{
	put_pid_ns(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static ssize_t set_pid_write(struct file *file, const char __user *from, size_t size,
			     loff_t *pos)
{
	char *text = export_copy_text(from, size);
	struct pids *pids;
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	pids = pids_parse(text);
	kfree(text);
	if (IS_ERR(pids))
		return PTR_ERR(pids);
	ret = pids_filter_set(pids, file->f_flags & O_APPEND);
	return ret ?: size;
}

const struct file_operations set_pid_fops = {
	.owner = THIS_MODULE,
	.open = set_pid_open,
	.read = seq_read,
	.write = set_pid_write,
	.llseek = seq_lseek,
	.release = set_pid_release,
};

/* enable */

static int enable_show(struct seq_file *m, void *unused)
{
	struct probe_use use[PROBES];
	enum probe_number number;
	int ret = control_read(use);

	if (ret)
		return ret;
	export_header(m, "enable", "probe switched holders");
	for (number = 0; number < PROBES; number++)
		seq_printf(m, "%c%s %s %u\n", use[number].attached ? '+' : '-',
			   probe_get(number)->name, use[number].switched ? "on" : "off",
			   use[number].holders);
	return 0;
}

/* Who holds probes is the opening, so its child may have it, and be the last. */
static int enable_open(struct inode *inode, struct file *file)
{
	struct probe_holder *holder = kzalloc(sizeof(*holder), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!holder)
		return -ENOMEM;
	ret = single_open(file, enable_show, holder);
	if (ret)
		kfree(holder);
	return ret;
}

static struct probe_holder *enable_holder(struct file *file)
{
	return ((struct seq_file *)file->private_data)->private;
}

/* When the last descriptor is closed: also when its process is killed. */
static int enable_release(struct inode *inode, struct file *file)
{
	struct probe_holder *holder = enable_holder(file);

	control_let_go(holder);
	kfree(holder);
	return single_release(inode, file);
}

/* "+name", "=name" or "-name"; the last one of a name counts. */
static int parse_word(const char *word, struct probe_words *words)
{
	enum probe_number number;

	if (!*word || !strchr("+=-", *word))
		return -EINVAL;
	for (number = 0; number < PROBES; number++) {
		if (strcmp(word + 1, probe_get(number)->name))
			continue;
		__assign_bit(number, &words->on, *word == '+');
		__assign_bit(number, &words->hold, *word == '=');
		__assign_bit(number, &words->off, *word == '-');
		return 0;
	}
	return -EINVAL;
}

static int parse_words(char *text, struct probe_words *words)
{
	char *word;
	int ret;

	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		ret = parse_word(word, words);
		if (ret)
			return ret;
	}
	return words->on | words->hold | words->off ? 0 : -EINVAL;
}

static ssize_t enable_write(struct file *file, const char __user *from, size_t size,
			    loff_t *pos)
{
	struct probe_words words = {};
	char *text = export_copy_text(from, size);
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = parse_words(text, &words);
	kfree(text);
	if (!ret)
		ret = control_switch(enable_holder(file), &words);
	return ret ?: size;
}

const struct file_operations enable_fops = {
	.owner = THIS_MODULE,
	.open = enable_open,
	.read = seq_read,
	.write = enable_write,
	.llseek = seq_lseek,
	.release = enable_release,
};

/* reset */

static ssize_t reset_write(struct file *file, const char __user *from, size_t size,
			   loff_t *pos)
{
	char *text = export_copy_text(from, size);
	bool asked;
	int ret;

	if (IS_ERR(text))
		return PTR_ERR(text);
	asked = sysfs_streq(text, "1");
	kfree(text);
	if (!asked)
		return -EINVAL;
	ret = control_reset();
	if (ret)
		return ret;
	stream_reset_hold();
	return size;
}

const struct file_operations reset_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = reset_write,
};
