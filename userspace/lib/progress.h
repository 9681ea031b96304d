/* SPDX-License-Identifier: GPL-2.0 */
/* What is being done, in one line of the terminal that it does not keep. */
#ifndef SHARESTAT_LIB_PROGRESS_H
#define SHARESTAT_LIB_PROGRESS_H

/** progress() - say it on standard error, when that is a terminal; "" takes it away */
void progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
