// SPDX-License-Identifier: GPL-2.0
/*
 * Ids: the same object has the same one in every file, and none tells anything of the
 * object's address: no bits of it, nothing that two ids or two loads of the module
 * would have in common if it were less than a keyed permutation.
 */
#include "control-test.h"
#include "files-test.h"
#include "sleepers.h"

#include <sys/syscall.h>

#include "patient-harness.h"

#define SLEEPERS 64
#define ID_BITS 54

static const char *const id_columns[] = { "mm", "files", "fs", "sighand", "signal" };

#define COLUMNS (sizeof(id_columns) / sizeof(*id_columns))
#define IDS (SLEEPERS * COLUMNS)

FIXTURE(ids) {
	struct sleeper *sleepers;
};

FIXTURE_SETUP(ids)
{
	size_t i;

	probes(PROBES_OFF);
	reset_counters();
	probes(ALL_PROBES);
	self->sleepers = sleepers_alloc(SLEEPERS);
	for (i = 0; i < SLEEPERS; i++) {
		self->sleepers[i].naps = 1;
		sleeper_start(&self->sleepers[i]);
	}
	for (i = 0; i < SLEEPERS; i++)
		sleeper_wait(&self->sleepers[i]);
	probes(PROBES_OFF);
}

FIXTURE_TEARDOWN(ids)
{
	size_t i;

	for (i = 0; i < SLEEPERS; i++)
		sleeper_end(&self->sleepers[i]);
}

static bool is_living(const struct table *table, size_t row)
{
	return strcmp(table_text(table, row, "mm"), "-");
}

/* In whatever file there is an mm beside a thread group, it is the one of tasks. */
TEST_F(ids, an_mm_has_one_id_in_all_files)
{
	struct table tasks = table_read("tasks");
	size_t i, row, files = 0;

	for (i = 0; i < ABI_FILES; i++) {
		struct table table;
		size_t living = 0;

		if (!file_has_column(&abi_files[i], "mm") ||
		    !file_has_column(&abi_files[i], "tgid"))
			continue;
		table = table_read(abi_files[i].name);
		for (row = 0; row < table.rows; row++) {
			const char *tgid = table_text(&table, row, "tgid");
			size_t leader;

			if (!is_living(&table, row) || !strcmp(tgid, "-"))
				continue;
			leader = table_row(&tasks, "tid", table_number(&table, row, "tgid"));
			EXPECT_STREQ(table_text(&tasks, leader, "mm"),
				     table_text(&table, row, "mm"))
				TH_LOG("%s: process %s", abi_files[i].name, tgid);
			living++;
		}
		/* Who only sleeps begets nothing, but switched and was flushed. */
		EXPECT_LE(strcmp(abi_files[i].name, "births_mms") ? SLEEPERS : 1, living)
			TH_LOG("%s", abi_files[i].name);
		files++;
	}
	/* tasks, mms and three by address space */
	EXPECT_LE(5, files);
}

static void read_ids(const struct sleeper *sleepers, uint64_t ids[IDS])
{
	struct table table = table_read("tasks");
	size_t i, k;

	for (i = 0; i < SLEEPERS; i++) {
		size_t row = table_row(&table, "tid", sleepers[i].tid);

		for (k = 0; k < COLUMNS; k++)
			ids[i * COLUMNS + k] = table_hex(&table, row, id_columns[k]);
	}
	table_free(&table);
}

static void reload(void)
{
	const char *path = getenv("SHARESTAT_KO") ?: "/run/lab/sharestat.ko";
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (syscall(SYS_delete_module, "sharestat", O_NONBLOCK) ||
	    syscall(SYS_finit_module, file, "", 0))
		fail("loading %s again: %s", path, strerror(errno));
	close(file);
}

static size_t count_equal(const uint64_t *words, size_t count)
{
	size_t i, k, equal = 0;

	for (i = 0; i < count; i++)
		for (k = 0; k < i; k++)
			equal += words[i] == words[k];
	return equal;
}

/* Neither is a bit so in most of the words nor in few: 1 in 10^9 by chance. */
static void check_balance(struct __test_metadata *_metadata, const uint64_t *words,
			  const char *what)
{
	size_t bit, i;

	for (bit = 0; bit < ID_BITS; bit++) {
		size_t set = 0;

		for (i = 0; i < IDS; i++)
			set += words[i] >> bit & 1;
		EXPECT_LT(IDS * 3 / 10, set)
			TH_LOG("bit %zu of %s is set in %zu of %zu", bit, what, set, IDS);
		EXPECT_GT(IDS * 7 / 10, set)
			TH_LOG("bit %zu of %s is set in %zu of %zu", bit, what, set, IDS);
	}
}

/* The same objects, another key: nothing of an id and of a pair of ids stays. */
TEST_F(ids, keyed_anew_by_each_load)
{
	static uint64_t first[IDS], second[IDS], xored[IDS], summed[IDS], steps[2][IDS - 1];
	size_t i, same = 0;

	read_ids(self->sleepers, first);
	reload();
	read_ids(self->sleepers, second);
	for (i = 0; i < IDS; i++) {
		same += first[i] == second[i];
		EXPECT_EQ(0, first[i] >> ID_BITS);
		xored[i] = first[i] ^ second[i];
		summed[i] = first[i] - second[i];
	}
	EXPECT_EQ(0, same);
	EXPECT_EQ(0, count_equal(first, IDS));
	EXPECT_EQ(0, count_equal(second, IDS));
	EXPECT_EQ(0, count_equal(xored, IDS));
	EXPECT_EQ(0, count_equal(summed, IDS));
	/* Objects lie in rows: their distances must not show. */
	for (i = 0; i < IDS - 1; i++) {
		steps[0][i] = first[i + 1] - first[i];
		steps[1][i] = first[i + 1] ^ first[i];
		EXPECT_NE(steps[0][i], second[i + 1] - second[i]);
		EXPECT_NE(steps[1][i], second[i + 1] ^ second[i]);
	}
	EXPECT_EQ(0, count_equal(steps[0], IDS - 1));
	EXPECT_EQ(0, count_equal(steps[1], IDS - 1));
	check_balance(_metadata, first, "ids");
	check_balance(_metadata, second, "ids");
	check_balance(_metadata, xored, "what a load changes");
}

TEST_HARNESS_MAIN
