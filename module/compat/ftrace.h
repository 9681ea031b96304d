/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_FTRACE_H
#define SHARESTAT_COMPAT_FTRACE_H

#include <linux/ftrace.h>

#include "compat/version.h"

#endif /* SHARESTAT_COMPAT_FTRACE_H */
