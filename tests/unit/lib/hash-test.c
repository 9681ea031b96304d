// SPDX-License-Identifier: GPL-2.0
/*
 * The hash table against a plain array, and what counts on it, at sizes where a search
 * through all that is there would not end.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "model/accounts.h"
#include "model/address-spaces.h"
#include "model/frame-sets.h"
#include "model/id-prefix.h"
#include "model/sums-by-name.h"
#include "model/task-sharing.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "tap.h"

#define KEYS 50000
#define ROUNDS 200000

static uint64_t keys[KEYS];
static unsigned long steps;

static bool is_key(const void *context, size_t index)
{
	steps++;
	return keys[index] == *(const uint64_t *)context;
}

/* Keys as they come: one after the other, far apart in powers of two, at random. */
static uint64_t any_key(unsigned int kind, size_t i)
{
	return kind == 0 ? i : kind == 1 ? (uint64_t)i << 33 :
	       (uint64_t)random() << 32 ^ (uint64_t)i;
}

static void check_kind(unsigned int kind, const char *what)
{
	struct hash_table table = { 0 };
	unsigned int wrong = 0;

	steps = 0;
	for (size_t i = 0; i < KEYS; i++) {
		keys[i] = any_key(kind, i);
		wrong += hash_find(&table, hash_numbers(keys[i], 0), is_key, &keys[i]) != -1;
		wrong += hash_add(&table, hash_numbers(keys[i], 0), i) != 0;
	}
	for (unsigned int i = 0; i < ROUNDS; i++) {
		size_t index = (size_t)random() % KEYS;

		wrong += hash_find(&table, hash_numbers(keys[index], 0), is_key, &keys[index]) !=
			 (long)index;
	}
	CHECK(!wrong && table.count == KEYS, "hash: %s: each is found, nothing else", what);
	CHECK(steps < ROUNDS + KEYS, "hash: %s: and compared with hardly another: %lu for %u", what,
	      steps, ROUNDS);
	hash_free(&table);
	CHECK(hash_find(&table, 0, is_key, &keys[0]) == -1 && !table.slots,
	      "hash: %s: nothing is in what was freed", what);
}

/* Minutes, if each were looked for among all before it. */
#define ACCOUNTS 80000

static void check_accounts(void)
{
	struct accounts accounts = { 0 };
	struct account_record row = { .comm = "name" };
	unsigned int wrong = 0;

	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < ACCOUNTS; i++) {
			row.mm = i % 3 ? i + 1 : 0;
			row.tgid = i % 5 ? (pid_t)i : 0;
			snprintf(row.comm, sizeof(row.comm), "n%zu", i);
			row.counts[0] = i;
			accounts_add(&accounts, &row);
		}
	for (size_t i = 0; i < accounts.count; i++)
		wrong += accounts.rows[i].counts[0] != 2 * i;
	CHECK(accounts.count == ACCOUNTS && !wrong, "hash: %u accounts, twice, each joined with itself",
	      ACCOUNTS);
	accounts_free(&accounts);
}

#define IDS 300000

static void check_ids(void)
{
	object_id *ids = calloc(IDS, sizeof(*ids));
	unsigned int wrong = 0;

	for (size_t i = 0; i < IDS; i++)
		ids[i] = 2 * (i * 7919 % IDS) + 1;
	ids_sort(ids, IDS);
	for (object_id id = 0; id < 2 * IDS + 3; id++)
		wrong += ids_have(ids, IDS, id) != (id % 2 && id < 2 * IDS);
	CHECK(!wrong, "hash: all of %u ids are among them, and no others", IDS);
	free(ids);
}

#define NAMES 40000

static void check_names(void)
{
	struct comms comms = { 0 };
	unsigned int wrong = 0;

	for (size_t i = 0; i < 2 * NAMES; i++) {
		char name[32];

		snprintf(name, sizeof(name), "name-%zu", i % NAMES);
		comms_get(&comms, name)->sums[0] += i;
	}
	for (size_t i = 0; i < comms.count; i++)
		wrong += comms.list[i].sums[0] != 2 * i + NAMES;
	CHECK(comms.count == NAMES && !wrong, "hash: %u names, twice", NAMES);
	comms_free(&comms);
}

#define TASKS 300000

static void check_tasks(void)
{
	struct task_record *records = calloc(TASKS, sizeof(*records));
	struct snapshot tasks = {
		.records = records, .count = TASKS, .format = &format_tasks,
	};
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < TASKS; i++)
		records[i].tid = (pid_t)(2 * TASKS - 2 * i);
	CHECK(!snapshot_index(&tasks), "hash: %u tasks by their numbers", TASKS);
	for (unsigned int i = 0; i < TASKS; i++) {
		wrong += snapshot_task(&tasks, records[i].tid) != &records[i];
		wrong += !!snapshot_task(&tasks, records[i].tid + 1);
	}
	CHECK(!wrong, "hash: each is found by its number, and no other number");
	snapshot_free(&tasks);
}

static const struct task_record *naive_process(const struct snapshot *tasks, pid_t tgid)
{
	const struct task_record *records = tasks->records, *leader = NULL, *thread = NULL;

	for (size_t i = 0; i < tasks->count; i++) {
		if (records[i].tid == tgid && !leader)
			leader = &records[i];
		if (records[i].tgid == tgid && records[i].object[OBJECT_MM] && !thread &&
		    !strchr(records[i].flags, 'W'))
			thread = &records[i];
	}
	return leader && !leader->object[OBJECT_MM] && !strchr(leader->flags, 'K') && thread ?
	       thread : leader;
}

#define FEW 300
#define GROUPS 60

/* Leaders anywhere among their threads, or not there; memory, kernel's and workers by chance. */
static void check_process_of_any(void)
{
	static const char *const flags[] = { "", "", "K", "W" };
	struct task_record *records = calloc(FEW, sizeof(*records));
	struct snapshot tasks = {
		.records = records, .count = FEW, .format = &format_tasks,
	};
	unsigned int wrong = 0;

	for (pid_t i = 0; i < FEW; i++) {
		records[i].tid = (i + 7) * 11 % FEW;
		records[i].tgid = records[i].tid % GROUPS;
		records[i].object[OBJECT_MM] = random() % 3 ? 0 : (object_id)i + 1;
		strcpy(records[i].flags, flags[random() % 4]);
	}
	wrong += snapshot_index(&tasks) != 0;
	for (pid_t tgid = 0; tgid < GROUPS + 10; tgid++)
		wrong += snapshot_process(&tasks, tgid) != naive_process(&tasks, tgid);
	CHECK(!wrong, "hash: the record that stands for a process is the one that a search finds");
	snapshot_free(&tasks);
}

/* Hours, if for each leader that has ended all tasks were looked through. */
static void check_ended_leaders(void)
{
	struct task_record *records = calloc(TASKS, sizeof(*records));
	struct snapshot tasks = {
		.records = records, .count = TASKS, .format = &format_tasks,
	};
	struct sharing sharing;
	unsigned int wrong = 0;
	char note[64];

	/* A leader, and every other one has two threads that live on. */
	for (unsigned int i = 0; i < TASKS; i++) {
		records[i].tid = (pid_t)i + 1;
		records[i].tgid = i % 4 == 3 ? (pid_t)i + 1 : (pid_t)(i / 4 * 4) + 1;
		records[i].object[OBJECT_MM] = i % 4 % 3 ? 1 + i / 4 : 0;
	}
	if (snapshot_index(&tasks) || sharing_init(&sharing, &tasks))
		abort();
	for (unsigned int i = 0; i < TASKS; i += 4) {
		wrong += snapshot_process(&tasks, records[i].tgid) != &records[i + 1];
		wrong += snapshot_process(&tasks, records[i + 3].tgid) != &records[i + 3];
		sharing_note(&sharing, &records[i], note, sizeof(note));
		wrong += strcmp(note, "main thread has ended, 2 live on") != 0;
		sharing_note(&sharing, &records[i + 3], note, sizeof(note));
		wrong += *note != '\0';
	}
	CHECK(!wrong, "hash: %u leaders that have ended, and the threads that live on", TASKS / 2);
	sharing_free(&sharing);
	snapshot_free(&tasks);
}

/* A million frames; the spaces of each are any, so the sets of frames are many. */
#define FRAMES 1000000

static void check_sets(void)
{
	struct overlap overlap = { .nspaces = 60, .page_size = 4096 };
	struct mapping *list = NULL;
	size_t count = 0, capacity = 0;
	uint64_t frames = 0, wanted = 0;
	struct frame_run run = { .pages = 1, .sharing = SHARING_MAPANON };

	for (run.pfn = 1; run.pfn <= FRAMES; run.pfn++) {
		run.va = run.pfn << 12;
		for (unsigned int i = 0; i < 3; i++)
			wanted += !overlap_add(&list, &count, &capacity, &run,
					       20 * i + (unsigned int)random() % 20, 4096);
	}
	CHECK(!overlap_count(&overlap, list, count), "hash: the sets of a million frames");
	for (size_t i = 0; i < overlap.ngroups; i++)
		frames += overlap.groups[i].frames * overlap_members(&overlap.groups[i]);
	CHECK(overlap.ngroups == 8000 && frames == wanted && wanted == 3 * FRAMES,
	      "hash: %zu sets hold %llu mappings", overlap.ngroups, (unsigned long long)frames);
	free(list);
	overlap_free(&overlap);
}

void test_hash(void)
{
	check_kind(0, "one after the other");
	check_kind(1, "powers of two apart");
	check_kind(2, "at random");
	check_accounts();
	check_names();
	check_ids();
	check_sets();
	check_tasks();
	check_process_of_any();
	check_ended_leaders();
}
