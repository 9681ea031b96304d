// SPDX-License-Identifier: GPL-2.0
/* Where our own tracepoints live. */
#define CREATE_TRACE_POINTS
#include "events/trace.h"
