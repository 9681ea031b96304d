// SPDX-License-Identifier: GPL-2.0
/*
 * export: what was read the last time, and the sums by name since the first.
 *
 * The file has the form of the module's own: a line for each account as it was
 * read last, and a line for each name with its sums.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands/export.h"
#include "lib/replace-file.h"
#include "model/accounts.h"
#include "read/explain.h"
#include "read/field.h"
#include "read/formats.h"
#include "read/parse-text.h"
#include "read/records.h"

enum state_kind { STATE_ACCOUNT, STATE_SUM };

static const char *const state_kinds[] = { "account", "sum" };

struct state_record {
	enum state_kind kind;
	object_id mm;
	pid_t tgid;
	uint64_t begun, received;
	char comm[64];
};

#define AT(member) \
	.offset = offsetof(struct state_record, member), \
	.size = sizeof(((struct state_record *)NULL)->member)

static const struct field fields[] = {
	{ "kind", FIELD_CHOICE, AT(kind), .choices = state_kinds, .nchoices = 2 },
	{ "mm", FIELD_ID, true, AT(mm) },
	{ "tgid", FIELD_NUMBER, true, AT(tgid) },
	{ "begun", FIELD_NUMBER, AT(begun) },
	{ "received", FIELD_NUMBER, AT(received) },
	{ "comm", FIELD_NAME, AT(comm) },
};

static const struct format format_state = {
	.file = "export-state",
	.size = sizeof(struct state_record),
	.fields = fields,
	.nfields = sizeof(fields) / sizeof(fields[0]),
};

/* Where an account holds the two, so that accounts_since() sees nothing else. */
#define BEGUN		ACCOUNT_FLUSHES(REMOTE_SEND_IPI, FULL)
#define RECEIVED	ACCOUNT_FLUSHES(REMOTE_SHOOTDOWN, FULL)

struct state {
	struct accounts before;
	struct comms *sums;
};

static int take(const void *record, void *arg)
{
	const struct state_record *line = record;
	struct state *state = arg;

	if (line->kind == STATE_SUM) {
		struct comm *comm = comms_get(state->sums, line->comm);

		comm->sums[COMM_BEGUN] += line->begun;
		comm->sums[COMM_RECEIVED] += line->received;
	} else {
		struct account_record row = { .mm = line->mm, .tgid = line->tgid };

		row.counts[BEGUN] = line->begun;
		row.counts[RECEIVED] = line->received;
		memcpy(row.comm, line->comm, sizeof(row.comm));
		accounts_add(&state->before, &row);
	}
	return 0;
}

static int read_state(struct state *state, const char *path)
{
	FILE *in = fopen(path, "re");
	struct parse_error error;
	int result;

	if (!in && errno == ENOENT)
		return 0;		/* the first time */
	if (!in) {
		warn("%s", path);
		return -1;
	}
	result = parse_file(in, &format_state, take, state, &error);
	fclose(in);
	if (result) {
		parse_explain(path, "line", &error, result);
		warnx("without %s the sums begin anew", path);
	}
	return result;
}

static void put_name(FILE *out, const char *name)
{
	for (; *name; name++) {
		unsigned char byte = (unsigned char)*name;

		if (byte <= ' ' || byte >= 0x7f || byte == '\\')
			fprintf(out, "\\%03o", byte);
		else
			fputc(byte, out);
	}
	fputc('\n', out);
}

static void put_account(FILE *out, const struct account_record *row)
{
	if (row->mm)
		fprintf(out, "account %0*" PRIx64 " ", ID_DIGITS, row->mm);
	else
		fputs("account - ", out);
	if (row->tgid)
		fprintf(out, "%d ", row->tgid);
	else
		fputs("- ", out);
	fprintf(out, "%" PRIu64 " %" PRIu64 " ", row->counts[BEGUN], row->counts[RECEIVED]);
	put_name(out, row->comm);
}

static void put_comm(FILE *out, const struct comm *comm)
{
	fprintf(out, "sum - - %" PRIu64 " %" PRIu64 " ", comm->sums[COMM_BEGUN],
		comm->sums[COMM_RECEIVED]);
	put_name(out, comm->name);
}

static int write_state(const char *path, const struct accounts *now, const struct comms *sums)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int result;

	if (!out)
		err(EXIT_FAILURE, "%s", path);
	fprintf(out, "# sharestat %s %d\n#", format_state.file, SHARESTAT_ABI);
	for (size_t i = 0; i < format_state.nfields; i++)
		fprintf(out, " %s", fields[i].name);
	fputc('\n', out);
	for (size_t i = 0; i < now->count; i++)
		put_account(out, &now->rows[i]);
	for (size_t i = 0; i < sums->count; i++)
		put_comm(out, &sums->list[i]);
	if (fclose(out))
		err(EXIT_FAILURE, "%s", path);
	result = replace_file(path, 0600, text, length);
	free(text);
	return result;
}

/* Only the two figures of interest, and only the rows that have one. */
static struct accounts reduce(const struct accounts *accounts)
{
	struct accounts reduced = { 0 };

	for (size_t i = 0; i < accounts->count; i++) {
		struct account_record row = accounts->rows[i];

		memset(row.counts, 0, sizeof(row.counts));
		row.counts[BEGUN] = account_reason(&accounts->rows[i], TLB_REASON_REMOTE_SEND_IPI);
		row.counts[RECEIVED] = account_received(&accounts->rows[i]);
		if (row.counts[BEGUN] || row.counts[RECEIVED])
			accounts_add(&reduced, &row);
	}
	return reduced;
}

/* A name that once has a label keeps it; one that had none gets none. */
static void add_since(struct comms *sums, const struct accounts *since, size_t limit)
{
	for (size_t i = 0; i < since->count; i++) {
		const struct account_record *row = &since->rows[i];
		const char *name = row->comm;
		struct comm *comm;

		if (!row->counts[BEGUN] && !row->counts[RECEIVED])
			continue;
		if (sums->count >= limit && !comms_find(sums, name))
			name = COMMS_OTHER;
		comm = comms_get(sums, name);
		comm->sums[COMM_BEGUN] += row->counts[BEGUN];
		comm->sums[COMM_RECEIVED] += row->counts[RECEIVED];
	}
}

int export_state(struct comms *sums, struct accounts *now, const char *path, size_t limit)
{
	struct state state = { .sums = sums };
	struct accounts read = reduce(now), since = reduce(now);
	int result = read_state(&state, path);

	if (!result) {
		accounts_since(&since, &state.before);
		add_since(sums, &since, limit);
		result = write_state(path, &read, sums);
	}
	accounts_free(&since);
	accounts_free(&read);
	accounts_free(&state.before);
	return result;
}
