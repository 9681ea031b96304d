// SPDX-License-Identifier: GPL-2.0
/* sharestat: what tasks share and what their switches cost. */
#include <linux/module.h>
#include <linux/printk.h>

#include "events/events.h"
#include "export/export.h"
#include "self-test.h"
#include "tasks/tasks.h"

static bool measure;
module_param(measure, bool, 0444);
MODULE_PARM_DESC(measure, "find out at load what an event costs, shown in version (default: no)");

static bool self_test_wanted = true;
module_param_named(self_test, self_test_wanted, bool, 0444);
MODULE_PARM_DESC(self_test, "refuse to load where a walk of the loader's memory does not agree with the kernel's own counts (default: yes)");

static int __init sharestat_init(void)
{
	int ret;

	sharestat_ids_init();
	ret = self_test_wanted ? self_test_run() : 0;
	if (ret)
		return ret;
	ret = probes_init();
	if (ret)
		return ret;
	if (measure) {
		ret = control_measure();
		if (ret)
			goto exit_probes;
	}
	ret = export_init();
	if (ret)
		goto exit_probes;
	if (REASON_NOT_PROVEN)
		pr_warn("sharestat: not proven on this kernel (%s): hold it against /proc by sharestat verify\n",
			REASON_NOT_PROVEN ?: "");
	return 0;
exit_probes:
	probes_exit();
	return ret;
}

static void __exit sharestat_exit(void)
{
	export_exit();
	control_exit();
	probes_exit();
	pids_filter_exit();
}

module_init(sharestat_init);
module_exit(sharestat_exit);

MODULE_DESCRIPTION("Shows what tasks share and what their switches cost");
MODULE_VERSION(SHARESTAT_VERSION);
MODULE_LICENSE("GPL");
