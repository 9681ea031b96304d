/* SPDX-License-Identifier: GPL-2.0 */
/* At load: does the module read this kernel right? */
#ifndef SHARESTAT_SELF_TEST_H
#define SHARESTAT_SELF_TEST_H

/**
 * self_test_run() - hold a walk against what the kernel counts and what is known
 *
 * Maps some pages in the loader's address space, walks it, and unmaps them again. What a
 * thread of the loader or reclaim changes meanwhile is looked at anew, some times.
 *
 * Context: the task that loads the module, sleeps; no locks held.
 * Return: 0, also when it could not be done (see self_test_reason()); -EOPNOTSUPP when
 * they differ, and the log says in what; or -EINTR when killed meanwhile.
 */
int self_test_run(void);

/**
 * self_test_reason() - why it was not done, in a word; NULL when it was, and passed
 */
const char *self_test_reason(void);

#endif /* SHARESTAT_SELF_TEST_H */
