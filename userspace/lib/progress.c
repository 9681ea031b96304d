// SPDX-License-Identifier: GPL-2.0
/* What is being done, in one line of the terminal that it does not keep. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/progress.h"

void progress(const char *format, ...)
{
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	dprintf(STDERR_FILENO, "\r\033[K");
	va_start(args, format);
	vdprintf(STDERR_FILENO, format, args);
	va_end(args);
}
