// SPDX-License-Identifier: GPL-2.0
/* switches_mms, tlb_mms and births_mms: what was counted, by address space. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "events/accounts.h"
#include "export/view.h"
#include "tasks/tasks.h"

#define SWITCH_COLUMNS "mm tgid thread process to_kernel return return_other kernel comm"
#define TLB_CELLS(id, name) name "_kept " name "_range " name "_full "
#define TLB_COLUMNS "mm tgid at_switch local received begun other kept range full pages " \
	SHARESTAT_TLB_REASONS(TLB_CELLS) "comm"
#define BIRTH_COLUMNS "mm tgid fork vfork thread sharevm exec kthread pgtables vmas pages comm"

static const char *const kind_names[ACCOUNT_KINDS] = {
	[ACCOUNT_GONE] = "[gone]",
	[ACCOUNT_OVERFLOW] = "[overflow]",
	[ACCOUNT_OUTSIDE] = "[outside]",
	[ACCOUNT_NOBODY] = "[nobody]",
};

static void show_owner(struct seq_file *m, const struct account_row *row)
{
	if (row->kind == ACCOUNT_LIVE)
		seq_printf(m, "%014llx %d", sharestat_id(row->mm), row->tgid);
	else if (row->kind == ACCOUNT_DEAD)
		seq_printf(m, "- %d", row->tgid);
	else
		seq_puts(m, "- -");
}

static void show_counts(struct seq_file *m, const u64 *counts, unsigned int count)
{
	while (count--)
		seq_printf(m, " %llu", *counts++);
}

static void show_unknown(struct seq_file *m, unsigned int count)
{
	while (count--)
		seq_puts(m, " -");
}

static void show_name(struct seq_file *m, const struct account_row *row)
{
	seq_putc(m, ' ');
	export_name(m, row->kind > ACCOUNT_DEAD ? kind_names[row->kind] : row->comm);
	seq_putc(m, '\n');
}

static int switches_mms_show(struct seq_file *m, void *v)
{
	const struct account_row *row = v;

	if (v == SEQ_START_TOKEN) {
		export_header(m, "switches_mms", SWITCH_COLUMNS);
		return 0;
	}
	show_owner(m, row);
	show_counts(m, row->counts + ACCOUNT_SWITCHES, SWITCH_CLASSES);
	show_name(m, row);
	return 0;
}

static u64 flushes(const struct account_row *row, enum tlb_reason reason,
		   enum tlb_outcome outcome)
{
	return row->counts[ACCOUNT_TLB + reason * TLB_OUTCOMES + outcome];
}

static u64 flushes_for(const struct account_row *row, enum tlb_reason reason)
{
	return flushes(row, reason, TLB_OUTCOME_KEPT) + flushes(row, reason, TLB_OUTCOME_RANGE) +
	       flushes(row, reason, TLB_OUTCOME_FULL);
}

static u64 flushes_with(const struct account_row *row, enum tlb_outcome outcome)
{
	enum tlb_reason reason;
	u64 sum = 0;

	for (reason = 0; reason < TLB_REASONS; reason++)
		sum += flushes(row, reason, outcome);
	return sum;
}

#define FLUSH_SUMS 8

static void show_flush_sums(struct seq_file *m, const struct account_row *row)
{
	seq_printf(m, " %llu %llu %llu %llu %llu %llu %llu %llu",
		   flushes_for(row, TLB_REASON_TASK_SWITCH),
		   flushes_for(row, TLB_REASON_LOCAL_SHOOTDOWN) +
		   flushes_for(row, TLB_REASON_LOCAL_MM_SHOOTDOWN),
		   flushes_for(row, TLB_REASON_REMOTE_SHOOTDOWN) +
		   flushes_for(row, TLB_REASON_REMOTE_WRONG_CPU),
		   flushes_for(row, TLB_REASON_REMOTE_SEND_IPI),
		   flushes_for(row, TLB_REASON_OTHER),
		   flushes_with(row, TLB_OUTCOME_KEPT),
		   flushes_with(row, TLB_OUTCOME_RANGE),
		   flushes_with(row, TLB_OUTCOME_FULL));
}

static int tlb_mms_show(struct seq_file *m, void *v)
{
	const struct account_row *row = v;

	if (v == SEQ_START_TOKEN) {
		export_header(m, "tlb_mms", TLB_COLUMNS);
		return 0;
	}
	show_owner(m, row);
	if (probe_get(PROBE_TLB)->reason) {
		show_unknown(m, FLUSH_SUMS + 1 + TLB_REASONS * TLB_OUTCOMES);
	} else {
		show_flush_sums(m, row);
		show_counts(m, row->counts + ACCOUNT_TLB_PAGES, 1);
		show_counts(m, row->counts + ACCOUNT_TLB, TLB_REASONS * TLB_OUTCOMES);
	}
	show_name(m, row);
	return 0;
}

static int births_mms_show(struct seq_file *m, void *v)
{
	const struct account_row *row = v;

	if (v == SEQ_START_TOKEN) {
		export_header(m, "births_mms", BIRTH_COLUMNS);
		return 0;
	}
	show_owner(m, row);
	show_counts(m, row->counts + ACCOUNT_BIRTHS, ACCOUNT_COUNTS - ACCOUNT_BIRTHS);
	show_name(m, row);
	return 0;
}

static void free_accounts(void *snapshot)
{
	kvfree(snapshot);
}

static int accounts_open(struct inode *inode, struct file *file,
			 const struct seq_operations *ops, enum probe_number part)
{
	struct account_snapshot *snapshot = accounts_snapshot(part);

	if (IS_ERR(snapshot))
		return PTR_ERR(snapshot);
	return view_open(file, ops, (struct view) {
		.snapshot = snapshot, .rows = snapshot->row,
		.count = snapshot->count, .size = sizeof(*snapshot->row),
		.free = free_accounts,
	});
}

#define ACCOUNT_FOPS(name, part)					\
static const struct seq_operations name##_ops;				\
									\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return accounts_open(inode, file, &name##_ops, part);		\
}									\
									\
VIEW_FOPS(name)

ACCOUNT_FOPS(switches_mms, PROBE_SWITCHES);
ACCOUNT_FOPS(tlb_mms, PROBE_TLB);
ACCOUNT_FOPS(births_mms, PROBE_BIRTHS);
