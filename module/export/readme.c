// SPDX-License-Identifier: GPL-2.0
/* README: what a newcomer needs, and nothing else. */
#include "export/export.h"

static const char text[] =
"sharestat: what tasks share, and what their switches cost\n"
"\n"
"Each file: line 1 its name and the ABI, line 2 the columns, then one record a\n"
"line. \"-\" is a value that does not exist. Ids are equal when the object is.\n"
"Threads share page tables: one mm, many tasks. Processes share frames: many\n"
"mms, one frame (maps > 1).\n"
"\n"
"Read at any time:\n"
"  version    what kernel and machine this is, which probes it offers\n"
"             cat version\n"
"  tasks      every task and the ids of what it shares, as of open(2)\n"
"             awk '!/^#/ {print $2, $5}' tasks        # thread group and its mm\n"
"  mms        every address space, who uses and who borrows it\n"
"             awk '!/^#/ && $4 > 1' mms               # shared by processes\n"
"  vmas       pages of each mapping, by the reason why they are shared\n"
"             echo $$ > set_pid; cat vmas\n"
"  frames     runs of pages: frame number, reference count, mappings, class\n"
"             awk '!/^#/ && $6 > 1' frames            # mapped more than once\n"
"  frames.bin the same as records of uapi/sharestat.h\n"
"             exec 3<>frames.bin; echo shared >&3; cat <&3 >file\n"
"\n"
"Counted while the probe is on:\n"
"  enable     echo +switches +tlb > enable            # on, until -switches -tlb\n"
"             exec 3>enable; echo =switches >&3       # held, until exec 3>&-\n"
"  switches   context switches by class, per CPU\n"
"             sleep 1; cat switches\n"
"  latency    how long they took: histogram by class (2^bucket ns)\n"
"             echo +latency > enable; sleep 1; cat latency\n"
"  tlb        TLB flushes by reason and outcome, per CPU\n"
"             awk '$3 == \"full\" && $4' tlb\n"
"  births     fork, vfork, thread, sharevm, exec, kthread, and what was copied\n"
"             echo +births > enable; ls; cat births\n"
"  switches_mms tlb_mms births_mms\n"
"             the same by address space and thread group\n"
"             sort -n -k 5 tlb_mms | tail -3             # who receives shootdowns\n"
"             echo 1 > ../tracing/events/sharestat/enable  # each event, by tracefs\n"
"  reset      echo 1 > reset             # counters to zero; not while one holds\n"
"\n"
"Filter:\n"
"  set_pid    thread groups that vmas and frames cover; none: all\n"
"             echo 1 $$ > set_pid; echo 42 >> set_pid; echo > set_pid\n"
"             To filter one opening alone: exec 3<>vmas; echo $$ >&3; cat <&3\n";

static int readme_show(struct seq_file *m, void *unused)
{
	seq_puts(m, text);
	return 0;
}

EXPORT_SHOW(readme);
