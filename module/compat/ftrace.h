/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_FTRACE_H
#define SHARESTAT_COMPAT_FTRACE_H

#include <linux/ftrace.h>

/*
 * Up to 5.10 a callback gets pt_regs, and is protected against recursion unless it
 * says that it need not be; since then it has to ask for that.
 */
#ifndef HAVE_FTRACE_REGS
#define ftrace_regs pt_regs
#define FTRACE_OPS_FL_RECURSION 0
#endif

#endif /* SHARESTAT_COMPAT_FTRACE_H */
