// SPDX-License-Identifier: GPL-2.0
/* What was seen of a program, as one JSON object. */

#include "model/finding.h"
#include "model/program.h"
#include "read/names.h"
#include "read/records.h"
#include "show/json.h"
#include "show/machine-json.h"
#include "show/program.h"

static void put_number(struct json_object *object, const char *key, uint64_t value)
{
	json_add(object, key, json_object_new_int64((int64_t)value));
}

static void put_pages(struct json_object *object, const char *key, uint64_t pages,
		      const struct program *program)
{
	put_number(object, key, pages * program->page_size);
}

static struct json_object *group_object(const struct program *program,
					const struct program_group *group)
{
	struct json_object *object = json_object_new_object(), *cost = json_object_new_object();

	put_number(object, "tgid", group->tgid);
	put_number(object, "ppid", group->ppid);
	json_add(object, "comm", json_text(group->comm));
	put_number(object, "tasks", group->tasks);
	put_number(object, "workers", group->workers);
	if (group->space >= 0) {
		const struct overlap_space *space = &program->overlap.spaces[group->space];

		put_pages(object, "rss", space->size.rss, program);
		put_pages(object, "uss", space->size.uss, program);
		put_pages(object, "exclusive", space->size.exclusive, program);
		put_pages(object, "private_hugetlb", space->size.hugetlb_private, program);
		put_pages(object, "shared_hugetlb", space->size.hugetlb_shared, program);
		put_number(object, "pgtables", space->pgtables);
	}
	json_add(object, "forked", json_object_new_boolean(group->forked));
	put_number(object, "inherited", group->inherited * program->page_size);
	put_number(object, "still_shared", group->still_shared * program->page_size);
	put_number(cost, "pgtables", group->cost.tables * program->page_size);
	put_number(cost, "anonymous", group->cost.anonymous * program->page_size);
	put_number(cost, "write_protect", group->cost.protect * program->page_size);
	put_number(cost, "vmas", group->cost.vmas);
	json_add(object, "next_fork", cost);
	return object;
}

static struct json_object *classes_object(const struct program *program)
{
	struct program_sums sums = program_sums(program);
	struct json_object *object = json_object_new_object();

	for (unsigned int i = 0; i < SHARING_CLASSES; i++)
		put_number(object, sharing_names[i], sums.common[i] * program->page_size);
	return object;
}

static struct json_object *switches_object(const struct program *program)
{
	struct json_object *object = json_object_new_object();

	for (unsigned int i = 0; i < SWITCH_CLASSES; i++)
		put_number(object, switch_names[i], program->run.own[ACCOUNT_SWITCHES + i]);
	return object;
}

static struct json_object *rows_array(const struct program_row *rows, size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		struct json_object *object = json_object_new_object();

		json_add(object, "id", json_text(rows[i].id));
		json_add(object, "text", json_text(rows[i].text));
		json_add(object, "evidence", json_text(rows[i].evidence));
		if (rows[i].leaning)
			json_add(object, "speaks_for", json_text(rows[i].leaning));
		else
			json_add(object, "verdict", rows[i].verdict == NOT_MEASURABLE ? NULL :
				 json_text(verdict_name(rows[i].verdict)));
		json_object_array_add(array, object);
	}
	return array;
}

static void put_tables(struct json_object *object, const struct program *program)
{
	const struct overlap *overlap = &program->overlap;
	uint64_t bytes = 0;

	for (size_t i = 0; i < overlap->nspaces; i++)
		bytes += overlap->spaces[i].pgtables;
	put_number(object, "pgtables", bytes);
	put_number(object, "pgtables_repeated_entries", overlap->entries * 8);
	put_number(object, "pgtables_repeating", overlap->repeating * program->page_size);
	put_number(object, "pgtables_empty", program_empty_tables(program) * program->page_size);
}

static void put_erosion(struct json_object *object, const struct program *program)
{
	struct json_object *erosion = json_object_new_object();

	put_number(erosion, "first", program->cow_first * program->page_size);
	put_number(erosion, "most", program->cow_most * program->page_size);
	put_number(erosion, "last", program->cow_last * program->page_size);
	json_add(object, "cow", erosion);
}

static struct json_object *program_object(const struct program *program)
{
	struct json_object *object = json_object_new_object();
	struct json_object *groups = json_object_new_array(), *words = NULL;

	if (program->command) {
		words = json_object_new_array();
		for (char **word = program->command; *word; word++)
			json_object_array_add(words, json_text(*word));
		put_number(object, "exit_status", (uint64_t)program->status);
	}
	json_add(object, "command", words);
	json_add(object, "seconds", json_object_new_double(program->run.seconds));
	put_number(object, "looks", program->looks);
	for (size_t i = 0; i < program->ngroups; i++)
		json_object_array_add(groups, group_object(program, &program->groups[i]));
	json_add(object, "processes", groups);
	put_number(object, "address_spaces", program_sums(program).mms);
	put_number(object, "left_out", program->overlap.left_out);
	json_add(object, "in_common", classes_object(program));
	json_add(object, "switches", switches_object(program));
	if (program->no_flushes)
		json_add(object, "tlb_flushes", NULL);
	else
		put_number(object, "tlb_flushes", program_sums(program).flushes);
	put_tables(object, program);
	put_erosion(object, program);
	json_add(object, "why_not_followed",
		 *program->why_not_followed ? json_text(program->why_not_followed) : NULL);
	return object;
}

int program_json(const struct program *program, bool advice)
{
	struct program_row rows[PROGRAM_ROWS + PROGRAM_ADVICE];
	struct json_object *object = json_object_new_object();

	json_add(object, "environment", environment_json());
	json_add(object, "program", program_object(program));
	if (advice)
		program_advice(program, rows);
	else
		program_rows(program, rows);
	if (advice)
		json_add(object, "advice", rows_array(rows, PROGRAM_ADVICE));
	else
		json_add(object, "claims", rows_array(rows, PROGRAM_ROWS));
	if (advice)
		json_add(object, "unknown", json_text(advice_unknown));
	return json_print(object, stdout);
}
