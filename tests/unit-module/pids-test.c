// SPDX-License-Identifier: GPL-2.0
/* Text of set_pid -> thread groups: random words against a parser of its own. */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define GROUPS 1500		/* more than fit into a filter */

static struct mm_struct mm;

static long references(void)
{
	long count = 0;

	for (unsigned int i = 0; i < fake_ntasks; i++)
		count += fake_tasks[i]->thread_pid->count;
	return count;
}

/* Leaders 10, 20 ...; the thread 15 of 10; the kernel thread 7. */
static void make_tasks(void)
{
	fake_task(7, 7, NULL)->flags = PF_KTHREAD;
	for (int i = 1; i <= GROUPS; i++)
		fake_task(10 * i, 10 * i, &mm);
	fake_task(15, 10, &mm);
}

static long parse_error(const char *words)
{
	char text[256];
	struct pids *pids;
	long error;

	snprintf(text, sizeof(text), "%s", words);
	pids = pids_parse(text);
	error = IS_ERR(pids) ? PTR_ERR(pids) : 0;
	pids_free(pids);
	return error;
}

static void test_errors(void)
{
	static const struct { const char *text; long error; } all[] = {
		{ "", 0 }, { " \t", 0 }, { "\n", 0 }, { "10", 0 }, { "10\n20\t30", 0 },
		{ "\n 10\n", 0 },
		{ "+10", 0 }, { "010", 0 },
		{ "0", -EINVAL }, { "-1", -EINVAL }, { "-99999999999", -EINVAL }, { "x", -EINVAL },
		{ "10x", -EINVAL }, { "0x10", -EINVAL }, { "10,20", -EINVAL }, { "1.0", -EINVAL },
		{ "11", -ESRCH }, { "2147483647", -ESRCH }, { "2147483648", -ERANGE },
		{ "4294967295", -ERANGE }, { "4294967296", -ERANGE },
		{ "99999999999999999999999", -ERANGE }, { "15", -EINVAL }, { "7", -EINVAL },
		{ "10 11", -ESRCH }, { "10 20 x", -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		long error = parse_error(all[i].text);

		if (!CHECK(error == all[i].error, "pids: text %zu gives %ld", i, all[i].error))
			printf("# '%s' gave %ld\n", all[i].text, error);
	}
	CHECK(!references(), "pids: no reference is left, whatever was wrong");
}

static bool has(const struct pids *pids, int number)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < pids->count; i++)
		found += pids->pid[i]->number == number;
	return found == 1;
}

/* Random groups, some twice: the set has each once and nothing else. */
static void test_sets(void)
{
	unsigned int wrong = 0;

	for (int round = 0; round < 200; round++) {
		bool wanted[GROUPS + 1] = { false };
		unsigned int count = 0, words = random_number() % 60;
		char text[1024];
		size_t used = 0;
		struct pids *pids;

		for (unsigned int i = 0; i < words; i++) {
			int group = 1 + random_number() % 30;

			count += !wanted[group];
			wanted[group] = true;
			used += snprintf(text + used, sizeof(text) - used, "%*s%d",
					 1 + (int)(random_number() % 3), i % 2 ? "\n" : "",
					 group * 10);
		}
		text[used] = '\0';
		pids = pids_parse(text);
		if (IS_ERR(pids)) {
			wrong++;
			continue;
		}
		wrong += pids->count != count || references() != (long)count;
		for (int group = 1; group <= 30; group++)
			wrong += has(pids, group * 10) != wanted[group];
		pids_free(pids);
	}
	CHECK(!wrong, "pids: each group of a text once, with one reference");
	CHECK(!references(), "pids: references are given back");
}

/* groups @first to @last as a text, of which the caller frees the memory. */
static struct pids *parse_range(int first, int last)
{
	size_t size = (size_t)(last - first + 1) * 8 + 1, used = 0;
	char *text = malloc(size);
	struct pids *pids;

	text[0] = '\0';
	for (int i = first; i <= last; i++)
		used += snprintf(text + used, size - used, "%d ", i * 10);
	pids = pids_parse(text);
	free(text);
	return pids;
}

static void test_limit(void)
{
	struct pids *pids = parse_range(1, PIDS_MAX), *more;

	CHECK(!IS_ERR(pids) && pids->count == PIDS_MAX, "pids: as many as are allowed");
	pids_free(pids);
	more = parse_range(1, PIDS_MAX + 1);
	CHECK(PTR_ERR(more) == -E2BIG, "pids: one more is too many");
	CHECK(!references(), "pids: and leaves no reference");
}

static unsigned int filter_size(void)
{
	struct pids *pids = pids_filter_get();
	unsigned int count = pids->count;

	pids_free(pids);
	return count;
}

static void test_filter(void)
{
	struct pids *pids;

	CHECK(!pids_filter_set(parse_range(1, 10), false) && filter_size() == 10,
	      "pids: the filter is what was written");
	CHECK(!pids_filter_set(parse_range(6, 15), true) && filter_size() == 15,
	      "pids: appended to, it is both, each once");
	CHECK(pids_filter_set(parse_range(16, PIDS_MAX + 1), true) == -E2BIG &&
	      filter_size() == 15, "pids: too many appended change nothing");
	fake_fail_at = 1;
	pids = pids_filter_get();
	CHECK(PTR_ERR(pids) == -ENOMEM && filter_size() == 15,
	      "pids: a copy that has no memory says so");
	pids = parse_range(20, 21);
	fake_fail_at = 1;
	CHECK(pids_filter_set(pids, true) == -ENOMEM && filter_size() == 15,
	      "pids: without memory nothing is appended");
	CHECK(!pids_filter_set(parse_range(3, 3), false) && filter_size() == 1,
	      "pids: it is replaced");
	CHECK(references() == 1, "pids: one reference for each that is in it");
	pids_filter_exit();
	CHECK(!references() && !fake_allocations, "pids: nothing is left at the end");
}

/* All processes but kernel threads and those that the namespace does not know. */
static void test_all(void)
{
	struct pids *pids = pids_all(fake_ns);

	CHECK(!IS_ERR(pids) && pids->count == GROUPS && has(pids, 10) && !has(pids, 15) &&
	      !has(pids, 7), "pids: all are the leaders, without kernel threads");
	pids_free(pids);
	for (unsigned int i = 0; i < fake_ntasks; i++)
		fake_tasks[i]->thread_pid->inner = i == 3 ? 44 : 0;
	fake_ns = &fake_inner_ns;
	pids = pids_all(fake_ns);
	CHECK(!IS_ERR(pids) && pids->count == 1 && pids->pid[0] == fake_tasks[3]->thread_pid,
	      "pids: of another namespace those that it knows");
	pids_free(pids);
	CHECK(!parse_error("44") && parse_error("30") == -ESRCH,
	      "pids: and by the numbers that they have there");
	fake_ns = &init_pid_ns;
	CHECK(!references(), "pids: and their references are given back");
}

void test(void)
{
	make_tasks();
	test_errors();
	test_sets();
	test_limit();
	test_filter();
	test_all();
}
