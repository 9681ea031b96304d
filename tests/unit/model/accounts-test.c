// SPDX-License-Identifier: GPL-2.0
/* Accounts: rows joined, differences that lose nothing, quantiles of histograms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/accounts.h"
#include "model/statistics.h"
#include "read/formats.h"
#include "tap.h"

#define THREAD (ACCOUNT_SWITCHES + SWITCH_THREAD)

static void add(struct accounts *accounts, object_id mm, pid_t tgid, uint64_t count,
		const char *comm)
{
	struct account_record row = { .mm = mm, .tgid = tgid };

	row.counts[THREAD] = count;
	strcpy(row.comm, comm);
	accounts_add(accounts, &row);
}

static const struct account_record *get(const struct accounts *accounts, object_id mm,
					pid_t tgid, const char *comm)
{
	static const struct account_record none;

	for (size_t i = 0; i < accounts->count; i++)
		if (accounts->rows[i].mm == mm && accounts->rows[i].tgid == tgid &&
		    !strcmp(accounts->rows[i].comm, comm))
			return &accounts->rows[i];
	return &none;
}

static uint64_t total(const struct accounts *accounts)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < accounts->count; i++)
		sum += account_switches(&accounts->rows[i]);
	return sum;
}

static void test_joining(void)
{
	struct accounts accounts = { 0 };

	add(&accounts, 0, 7, 1, "dead");
	add(&accounts, 0, 7, 2, "dead");
	add(&accounts, 0xa, 7, 4, "alive");
	add(&accounts, 0xb, 8, 8, "alive");
	add(&accounts, 0, 0, 16, "[nobody]");
	add(&accounts, 0, 0, 32, "[gone]");
	CHECK(accounts.count == 5, "accounts: the dead of a group are one row");
	CHECK(get(&accounts, 0, 7, "dead")->counts[THREAD] == 3, "accounts: their sum");
	accounts_by_group(&accounts);
	CHECK(accounts.count == 4, "accounts: groups, and what is no one's apart");
	CHECK(get(&accounts, 0, 7, "alive")->counts[THREAD] == 7,
	      "accounts: a group has the name of what lives, and the sum of all");
	CHECK(total(&accounts) == 63, "accounts: joining by group loses nothing");
	accounts_free(&accounts);
}

/* 7 stays, 8 dies, 9 was dead and makes room, 10 is new. */
static void test_difference(void)
{
	struct accounts before = { 0 }, now = { 0 };

	add(&before, 0xa, 7, 100, "stays");
	add(&before, 0xb, 8, 200, "dies");
	add(&before, 0, 9, 300, "dead");
	add(&before, 0, 0, 400, "[gone]");
	add(&now, 0xa, 7, 101, "stays");
	add(&now, 0, 8, 203, "dies");
	add(&now, 0xc, 10, 5, "new");
	add(&now, 0, 0, 707, "[gone]");
	accounts_since(&now, &before);
	CHECK(get(&now, 0xa, 7, "stays")->counts[THREAD] == 1, "accounts: one that stays");
	CHECK(get(&now, 0, 8, "dies")->counts[THREAD] == 3,
	      "accounts: one that died in between");
	CHECK(get(&now, 0, 0, "[gone]")->counts[THREAD] == 7,
	      "accounts: one that made room in between");
	CHECK(get(&now, 0xc, 10, "new")->counts[THREAD] == 5, "accounts: a new one");
	CHECK(total(&now) == 16, "accounts: the sum of the differences");
	accounts_free(&before);
	accounts_free(&now);
}

/* Of the two dead of 8 one makes room, with 40 of its counts. */
static void test_one_of_two_dead(void)
{
	struct accounts before = { 0 }, now = { 0 };

	add(&before, 0, 8, 40, "dead");
	add(&before, 0, 8, 60, "dead");
	add(&before, 0, 0, 400, "[gone]");
	add(&now, 0, 8, 60, "dead");
	add(&now, 0, 0, 441, "[gone]");
	accounts_since(&now, &before);
	CHECK(!get(&now, 0, 8, "dead")->counts[THREAD] &&
	      get(&now, 0, 0, "[gone]")->counts[THREAD] == 1,
	      "accounts: one of two dead makes room: nothing new, nothing twice");
	accounts_free(&before);
	accounts_free(&now);
}

/* 8 ends after the file of one count was read, and before that of another. */
static void test_ends_between_files(void)
{
	struct accounts before = { 0 }, now = { 0 };

	add(&before, 0xb, 8, 74, "ends");
	before.rows[0].counts[ACCOUNT_BIRTHS] = 30;
	add(&before, 0, 0, 400, "[gone]");
	add(&now, 0xb, 8, 0, "ends");
	now.rows[0].counts[ACCOUNT_BIRTHS] = 31;
	add(&now, 0, 8, 101, "ends");
	add(&now, 0, 0, 407, "[gone]");
	accounts_since(&now, &before);
	CHECK(get(&now, 0, 8, "ends")->counts[THREAD] == 27 &&
	      get(&now, 0xb, 8, "ends")->counts[ACCOUNT_BIRTHS] == 1 &&
	      get(&now, 0, 0, "[gone]")->counts[THREAD] == 7 && total(&now) == 34,
	      "accounts: alive in one file and dead in the next: nothing is counted twice");
	accounts_free(&before);
	accounts_free(&now);
}

static void test_reset(void)
{
	struct accounts before = { 0 }, now = { 0 };

	add(&before, 0xa, 7, 100, "reset");
	add(&now, 0xa, 7, 13, "reset");
	accounts_since(&now, &before);
	CHECK(now.rows[0].counts[THREAD] == 13, "accounts: less than before: a reset");
	accounts_free(&before);
	accounts_free(&now);
}

/* Which of the reasons are of the one side, and which of the other. */
static void test_sides(void)
{
	struct account_record row = { .mm = 1 };

	for (unsigned int reason = 0; reason < TLB_REASONS; reason++)
		row.counts[ACCOUNT_TLB + reason * TLB_OUTCOMES + TLB_OUTCOME_FULL] = 1ULL << reason;
	CHECK(account_received(&row) == (1ULL << TLB_REASON_REMOTE_SHOOTDOWN |
					 1ULL << TLB_REASON_REMOTE_WRONG_CPU),
	      "accounts: received by the CPUs of the mm, and by a wrong one");
	CHECK(account_local(&row) == (1ULL << TLB_REASON_LOCAL_SHOOTDOWN |
				      1ULL << TLB_REASON_LOCAL_MM_SHOOTDOWN),
	      "accounts: local are those of either kind");
}

static void test_files(void)
{
	struct parsed parsed;
	size_t length;
	char *text = read_recording("tlb_mms", &length);
	const struct account_record *rows;

	parsed = parse_text(&format_tlb_mms, text, length);
	rows = (const struct account_record *)parsed.records;
	CHECK(!parsed.result && parsed.count == 7, "tlb_mms: is read");
	CHECK(account_received(rows) == 202 && account_local(rows) == 3 &&
	      account_reason(rows, TLB_REASON_REMOTE_SEND_IPI) == 103 &&
	      account_flushes(rows, TLB_OUTCOME_RANGE) == 306,
	      "tlb_mms: reasons and outcomes");
	CHECK(!rows[4].mm && !rows[4].tgid && !strcmp(rows[4].comm, "[nobody]"),
	      "tlb_mms: a row that is no one's has neither mm nor tgid");
	parsed_free(&parsed);
	free(text);
}

static bool near(double value, double wanted)
{
	return fabs(value - wanted) < 0.000000001;
}

static void test_quantiles(void)
{
	uint64_t buckets[64] = { 0 };

	CHECK(near(log2_quantile(buckets, 64, 0.5), 0), "quantile: of nothing");
	buckets[10] = 100;
	CHECK(near(log2_quantile(buckets, 64, 0.5), 1536), "quantile: the middle of a bucket");
	CHECK(near(log2_quantile(buckets, 64, 1), 2048), "quantile: its end");
	buckets[63] = 1;
	CHECK(near(log2_quantile(buckets, 64, 1), 18446744073709551616.0),
	      "quantile: the last bucket");
	buckets[63] = 0;
	buckets[12] = 300;
	CHECK(near(log2_quantile(buckets, 64, 0.25), 2048) &&
	      near(log2_quantile(buckets, 64, 0.625), 6144), "quantile: of two buckets");
}

void test_accounts(void)
{
	test_joining();
	test_difference();
	test_one_of_two_dead();
	test_ends_between_files();
	test_reset();
	test_sides();
	test_files();
	test_quantiles();
}
