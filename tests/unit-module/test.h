/* SPDX-License-Identifier: GPL-2.0 */
/* What a test of one source of the module has: it includes SOURCE and defines test(). */
#ifndef UNIT_MODULE_TEST_H
#define UNIT_MODULE_TEST_H

/**
 * test() - all that is to be looked at in one source of the module
 */
void test(void);

bool tap_result(bool good, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The reason stands in the name: it says what has to be so. */
#define CHECK(condition, ...) tap_result(condition, __FILE__, __LINE__, __VA_ARGS__)

/** random_number() - 64 bits; the seed is printed and can be given as SEED */
u64 random_number(void);
/** fake_task() - a task with numbers; its group's leader comes first */
struct task_struct *fake_task(int pid, int tgid, struct mm_struct *mm);
/** fake_tasks_end() - all tasks are gone */
void fake_tasks_end(void);
/** fake_time_passes() - for local_clock() */
void fake_time_passes(u64 ns);

#endif
