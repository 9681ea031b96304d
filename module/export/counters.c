// SPDX-License-Identifier: GPL-2.0
/* switches, latency, tlb and births: the counters as they are now. */
#include <linux/cpumask.h>

#include "events/events.h"
#include "export/export.h"

static void show_switch(struct seq_file *m, unsigned int cpu, enum switch_class class)
{
	seq_printf(m, "%u %s %llu", cpu, switch_names[class], switches_count(cpu, class));
	if (latency_measured())
		seq_printf(m, " %llu\n", latency_ns(cpu, class));
	else
		seq_puts(m, " -\n");
}

static int switches_show(struct seq_file *m, void *unused)
{
	enum switch_class class;
	unsigned int cpu;

	export_header(m, "switches", "cpu class count ns");
	for_each_present_cpu(cpu)
		for (class = 0; class < SWITCH_CLASSES; class++)
			show_switch(m, cpu, class);
	return 0;
}

EXPORT_SHOW(switches);

static int latency_show(struct seq_file *m, void *unused)
{
	enum switch_class class;
	unsigned int bucket;

	export_header(m, "latency", "class bucket count");
	for (class = 0; class < SWITCH_CLASSES; class++)
		for (bucket = 0; bucket < LATENCY_BUCKETS; bucket++)
			seq_printf(m, "%s %u %llu\n", switch_names[class], bucket,
				   latency_count(class, bucket));
	return 0;
}

EXPORT_SHOW(latency);

static void show_flushes(struct seq_file *m, unsigned int cpu, enum tlb_reason reason,
			 enum tlb_outcome outcome)
{
	seq_printf(m, "%u %s %s", cpu, tlb_reason_names[reason], tlb_outcome_names[outcome]);
	if (probe_get(PROBE_TLB)->reason) {
		seq_puts(m, " - -\n");
		return;
	}
	seq_printf(m, " %llu", tlb_count(cpu, reason, outcome));
	if (outcome == TLB_OUTCOME_FULL)
		seq_puts(m, " -\n");
	else
		seq_printf(m, " %llu\n", outcome == TLB_OUTCOME_RANGE ?
			   tlb_pages(cpu, reason) : 0);
}

static int tlb_show(struct seq_file *m, void *unused)
{
	enum tlb_outcome outcome;
	enum tlb_reason reason;
	unsigned int cpu;

	export_header(m, "tlb", "cpu reason outcome count pages");
	for_each_present_cpu(cpu)
		for (reason = 0; reason < TLB_REASONS; reason++)
			for (outcome = 0; outcome < TLB_OUTCOMES; outcome++)
				show_flushes(m, cpu, reason, outcome);
	return 0;
}

EXPORT_SHOW(tlb);

static int births_show(struct seq_file *m, void *unused)
{
	enum birth_kind kind;

	export_header(m, "births", "kind count pgtables vmas pages");
	for (kind = 0; kind < BIRTH_KINDS; kind++) {
		struct birth_counts births = births_count(kind);

		seq_printf(m, "%s %llu %llu %llu %llu\n", birth_names[kind],
			   births.count, births.pgtables, births.vmas, births.pages);
	}
	return 0;
}

EXPORT_SHOW(births);
