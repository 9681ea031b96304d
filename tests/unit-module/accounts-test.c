// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of address spaces: random events of tasks that come and go, against a model
 * that has no tables. The rows add up to all events whatever happens; while there is room
 * each row is exact; who makes room is dead and was read.
 */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define MANY (ACCOUNT_SLOTS * 3)

/* What was counted for each task, by the number of the task. */
static u64 model[FAKE_TASKS][ACCOUNT_COUNTS], total[ACCOUNT_COUNTS];
static struct mm_struct mms[FAKE_TASKS];

static void count(unsigned int number, unsigned int index, u64 amount)
{
	accounts_of(fake_tasks[number])[index] += amount;
	model[number][index] += amount;
	total[index] += amount;
}

/* Thread groups of one task, each with an address space; the numbers are from 0. */
static void make_groups(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		mms[i].context.ctx_id = 1000 + i;
		fake_task((int)i + 2, (int)i + 2, &mms[i]);
	}
}

static void begin(unsigned int groups)
{
	memset(model, 0, sizeof(model));
	memset(total, 0, sizeof(total));
	make_groups(groups);
	CHECK(!accounts_get(), "accounts: there are tables");
}

static void end(const char *what)
{
	accounts_exit();
	fake_tasks_end();
	CHECK(!fake_allocations, "accounts: %s: nothing is left at the end", what);
}

/* Gone from the list of tasks: accounts of it are dead. The number is kept by the caller. */
static void kill_all(void)
{
	fake_tasks_end();
}

static const struct account_row *row_of_kind(const struct account_snapshot *snapshot,
					     enum account_kind kind)
{
	for (unsigned int i = 0; i < snapshot->count; i++)
		if (snapshot->row[i].kind == kind)
			return &snapshot->row[i];
	return NULL;
}

static unsigned int rows_of_kind(const struct account_snapshot *snapshot, enum account_kind kind)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < snapshot->count; i++)
		count += snapshot->row[i].kind == kind;
	return count;
}

static bool adds_up(const struct account_snapshot *snapshot)
{
	for (unsigned int index = 0; index < ACCOUNT_COUNTS; index++) {
		u64 sum = 0;

		for (unsigned int i = 0; i < snapshot->count; i++)
			sum += snapshot->row[i].counts[index];
		if (sum != total[index])
			return false;
	}
	return true;
}

/* Every row of the kind is that of the task, no task has two, and none is missing. */
static unsigned int wrong_rows(const struct account_snapshot *snapshot, enum account_kind kind,
			       unsigned int groups)
{
	bool seen[FAKE_TASKS] = { false };
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < snapshot->count; i++) {
		const struct account_row *row = &snapshot->row[i];
		unsigned int number = (unsigned int)row->tgid - 2;
		char comm[TASK_COMM_LEN];

		if (row->kind != kind)
			continue;
		if (number >= groups || seen[number] || row->mm != &mms[number]) {
			wrong++;
			continue;
		}
		seen[number] = true;
		snprintf(comm, sizeof(comm), "task%u", number + 2);
		wrong += !!memcmp(row->counts, model[number], sizeof(row->counts)) +
			 !!strcmp(row->comm, comm);
	}
	for (unsigned int i = 0; i < groups; i++)
		for (unsigned int j = 0; j < ACCOUNT_COUNTS && !seen[i]; j++)
			wrong += !!model[i][j];
	return wrong;
}

/* A few groups, all events, all CPUs. */
static void test_exact(void)
{
	struct account_snapshot *snapshot;

	begin(100);
	for (unsigned int i = 0; i < 20000; i++) {
		fake_cpu = random_number() % FAKE_CPUS;
		count(random_number() % 100, random_number() % ACCOUNT_COUNTS,
		      random_number() % 1000 + 1);
	}
	snapshot = accounts_snapshot(PROBE_TLB);
	CHECK(!wrong_rows(snapshot, ACCOUNT_LIVE, 100) &&
	      rows_of_kind(snapshot, ACCOUNT_LIVE) == 100,
	      "accounts: a row each, exact, summed over the CPUs");
	CHECK(adds_up(snapshot), "accounts: they add up");
	CHECK(!rows_of_kind(snapshot, ACCOUNT_DEAD) && !rows_of_kind(snapshot, ACCOUNT_OUTSIDE) &&
	      rows_of_kind(snapshot, ACCOUNT_GONE) == 1 &&
	      rows_of_kind(snapshot, ACCOUNT_NOBODY) == 1 &&
	      rows_of_kind(snapshot, ACCOUNT_OVERFLOW) == 1,
	      "accounts: all are alive; one row each for what is no one's");
	kvfree(snapshot);
	end("exact");
}

/* No task and no address space: nobody. */
static void test_nobody(void)
{
	struct account_snapshot *snapshot;

	begin(2);
	fake_tasks[1]->mm = NULL;
	count(1, 3, 17);
	accounts_of(NULL)[3] += 19;
	total[3] += 19;
	snapshot = accounts_snapshot(PROBE_TLB);
	CHECK(row_of_kind(snapshot, ACCOUNT_NOBODY)->counts[3] == 36 && adds_up(snapshot),
	      "accounts: without an address space it is nobody's");
	kvfree(snapshot);
	end("nobody");
}

/* More than there are slots, all alive: what finds no place is in overflow, none is lost. */
static void test_overflow(void)
{
	struct account_snapshot *snapshot;

	begin(MANY);
	fake_cpu = 1;
	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int i = 0; i < MANY; i++)
			count(i, i % ACCOUNT_COUNTS, i + 1);
	snapshot = accounts_snapshot(PROBE_TLB);
	CHECK(adds_up(snapshot), "accounts: full tables lose nothing");
	CHECK(rows_of_kind(snapshot, ACCOUNT_LIVE) <= ACCOUNT_SLOTS &&
	      rows_of_kind(snapshot, ACCOUNT_LIVE) > ACCOUNT_SLOTS * 9 / 10,
	      "accounts: and are full");
	CHECK(!row_of_kind(snapshot, ACCOUNT_NOBODY)->counts[0] &&
	      row_of_kind(snapshot, ACCOUNT_OVERFLOW)->counts[0],
	      "accounts: what found no place is in the row overflow, not with nobody's");
	for (unsigned int i = 0; i < snapshot->count; i++) {
		const struct account_row *row = &snapshot->row[i];

		if (row->kind == ACCOUNT_LIVE &&
		    memcmp(row->counts, model[row->tgid - 2], sizeof(row->counts))) {
			CHECK(false, "accounts: who has a place has all of it");
			break;
		}
	}
	kvfree(snapshot);
	end("overflow");
}

/* Fills the table of a CPU with groups that die, and reads @parts of it. */
static void fill_with_dead(unsigned int parts)
{
	fake_cpu = 0;
	for (unsigned int i = 0; i < MANY; i++)
		count(i, 1, i + 1);
	kill_all();
	for (unsigned int part = 0; part < PROBES; part++) {
		if (!(parts & BIT(part)))
			continue;
		struct account_snapshot *snapshot = accounts_snapshot(part);

		CHECK(!rows_of_kind(snapshot, ACCOUNT_LIVE) && adds_up(snapshot),
		      "accounts: the dead are shown, with part %u", part);
		for (unsigned int i = 0; i < snapshot->count; i++)
			if (snapshot->row[i].kind == ACCOUNT_DEAD &&
			    snapshot->row[i].counts[1] != model[snapshot->row[i].tgid - 2][1])
				CHECK(false, "accounts: a dead one is as it was");
		kvfree(snapshot);
	}
}

/* New groups with other numbers and address spaces than the dead had. */
static unsigned int newcomers_with_place(unsigned int groups)
{
	struct account_snapshot *snapshot;
	unsigned int count_live;

	for (unsigned int i = 0; i < groups; i++) {
		mms[i].context.ctx_id = 900000 + i;
		fake_task((int)(MANY + i) + 2, (int)(MANY + i) + 2, &mms[MANY + i]);
		mms[MANY + i].context.ctx_id = 900000 + i;
	}
	for (unsigned int i = 0; i < groups; i++) {
		accounts_of(fake_tasks[i])[1] += 1000003;
		total[1] += 1000003;
	}
	snapshot = accounts_snapshot(PROBE_LATENCY);
	count_live = rows_of_kind(snapshot, ACCOUNT_LIVE);
	CHECK(adds_up(snapshot), "accounts: whoever makes room, they add up");
	kvfree(snapshot);
	return count_live;
}

static void test_room(void)
{
	static const struct { unsigned int parts, least, most; const char *what; } all[] = {
		{ 0, 0, 60, "the dead that nobody read keep their places" },
		{ BIT(PROBE_SWITCHES) | BIT(PROBE_TLB) | BIT(PROBE_BIRTHS), 250, 300,
		  "those that were read make room" },
		{ BIT(PROBE_TLB), 250, 300, "those that were read in part do, too, if they must" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		unsigned int live;

		begin(MANY);
		fill_with_dead(all[i].parts);
		live = newcomers_with_place(300);
		if (!CHECK(live >= all[i].least && live <= all[i].most, "accounts: %s",
			   all[i].what))
			printf("# %u of 300 have a place\n", live);
		end(all[i].what);
	}
}

/* Where a slot is free, nobody is taken it from; where one was read whole, none in part. */
static void test_order(void)
{
	struct account_table *table;
	struct task_struct *task;
	u64 key;

	begin(1);
	task = fake_tasks[0];
	key = account_key(task);
	table = tables->table[0];
	fake_cpu = 0;
	for (unsigned int i = 0; i < STEPS; i++) {
		struct account *account = &table->slot[(account_slot(key) + i) % ACCOUNT_SLOTS];

		account->key = 1 + i;
		account->seen = i == 3 ? 1 : i == 7 ? ACCOUNT_SEEN : 0;
	}
	CHECK(accounts_of(task) == table->slot[(account_slot(key) + 7) % ACCOUNT_SLOTS].counts,
	      "accounts: who was read whole makes room before who was read in part");
	CHECK(table->slot[(account_slot(key) + 7) % ACCOUNT_SLOTS].sequence.sequence == 2,
	      "accounts: changing hands is seen by readers");
	task->tgid += 1000;
	key = account_key(task);
	for (unsigned int i = 0; i < STEPS; i++) {
		struct account *account = &table->slot[(account_slot(key) + i) % ACCOUNT_SLOTS];

		account->key = i == 9 ? 0 : 101 + i;
		account->seen = i == 2 ? ACCOUNT_SEEN : 0;
	}
	CHECK(accounts_of(task) == table->slot[(account_slot(key) + 9) % ACCOUNT_SLOTS].counts,
	      "accounts: where a slot is free nobody has to make room");
	end("order");
}

/* The living keep their places, however often they are read. */
static void test_living(void)
{
	struct account_snapshot *snapshot;

	begin(MANY);
	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int i = 0; i < MANY; i++)
			count(i, 1, i + 1);
		for (unsigned int part = 0; part < PROBES; part++)
			kvfree(accounts_snapshot(part));
	}
	snapshot = accounts_snapshot(PROBE_TLB);
	CHECK(!row_of_kind(snapshot, ACCOUNT_GONE)->counts[1] && adds_up(snapshot),
	      "accounts: who is alive makes no room");
	kvfree(snapshot);
	end("living");
}

static void test_names(void)
{
	struct account_snapshot *snapshot;

	begin(1);
	count(0, 0, 1);
	strcpy(fake_tasks[0]->comm, "new");
	accounts_rename(fake_tasks[0]);
	kill_all();
	snapshot = accounts_snapshot(PROBE_TLB);
	CHECK(!strcmp(row_of_kind(snapshot, ACCOUNT_DEAD)->comm, "new"),
	      "accounts: the dead have the name that they had last");
	kvfree(snapshot);
	end("names");
}

/* From another pid namespace: its numbers; what is not in it is one row. */
static void test_namespaces(void)
{
	struct account_snapshot *snapshot;
	const struct account_row *row;

	begin(3);
	for (unsigned int i = 0; i < 3; i++) {
		count(i, 0, i + 1);
		fake_tasks[i]->thread_pid->inner = i == 1 ? 77 : 0;
	}
	fake_ns = &fake_inner_ns;
	snapshot = accounts_snapshot(PROBE_TLB);
	fake_ns = &init_pid_ns;
	row = row_of_kind(snapshot, ACCOUNT_LIVE);
	CHECK(rows_of_kind(snapshot, ACCOUNT_LIVE) == 1 && row->tgid == 77 && row->counts[0] == 2,
	      "accounts: in a namespace, by its numbers");
	CHECK(rows_of_kind(snapshot, ACCOUNT_OUTSIDE) == 1 &&
	      row_of_kind(snapshot, ACCOUNT_OUTSIDE)->counts[0] == 4 && adds_up(snapshot),
	      "accounts: and what is outside of it in one row");
	kvfree(snapshot);
	end("namespaces");
}

/* One number, twice: an exec, or a group that came after one that ended. */
static void test_generations(void)
{
	struct account_snapshot *snapshot;

	begin(1);
	count(0, 0, 5);
	mms[0].context.ctx_id++;
	count(0, 0, 7);
	snapshot = accounts_snapshot(PROBE_TLB);
	CHECK(rows_of_kind(snapshot, ACCOUNT_LIVE) == 1 &&
	      rows_of_kind(snapshot, ACCOUNT_DEAD) == 1 &&
	      row_of_kind(snapshot, ACCOUNT_LIVE)->counts[0] == 7 &&
	      row_of_kind(snapshot, ACCOUNT_DEAD)->counts[0] == 5,
	      "accounts: an address space is told from the one before it");
	kvfree(snapshot);
	end("generations");
}

static void test_memory(void)
{
	begin(1);
	for (unsigned int i = 1; i <= FAKE_CPUS + 1; i++) {
		fake_fail_at = i;
		CHECK(PTR_ERR(accounts_prepare()) == -ENOMEM,
		      "accounts: no memory at allocation %u", i);
	}
	fake_fail_at = 1;
	CHECK(PTR_ERR(accounts_snapshot(PROBE_TLB)) == -ENOMEM,
	      "accounts: no memory for a snapshot");
	end("memory");
	CHECK(!accounts_prepare(), "accounts: before the first there is nothing to reset");
}

void test(void)
{
	test_exact();
	test_nobody();
	test_overflow();
	test_room();
	test_order();
	test_living();
	test_names();
	test_namespaces();
	test_generations();
	test_memory();
}
