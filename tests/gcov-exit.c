// SPDX-License-Identifier: GPL-2.0
/*
 * _exit() of a tool that is built for tests/coverage: without this what an experiment's
 * process ran would be counted nowhere. Reset, as a child of vfork(2) shares the counts.
 */
void __gcov_dump(void);
void __gcov_reset(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
	__gcov_dump();
	__gcov_reset();
	__real__exit(status);
}
