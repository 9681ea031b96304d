// SPDX-License-Identifier: GPL-2.0
/* frames.bin, opened and read: run by run, or one process whole. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pid-list.h"
#include "read/explain.h"
#include "read/frame-runs.h"
#include "read/open.h"
#include "read/parse-runs.h"
#include "read/parse-text.h"
#include "read/run-list.h"
#include "read/whole-file.h"

#define FILE_NAME "frames.bin"

/* What the module's own filter may have had to leave to its reader. */
struct sieve {
	const struct runs_filter *filter;
	struct pid_list groups;		/* of the filter, while it is read */
	bool may_end;			/* who has is nothing to be explained */
	pid_t tgid;			/* of the last run, */
	bool wanted;			/* and was it wanted? */
	int (*each)(const struct frame_run *run, void *arg);
	void *arg;
};

static int sift(const struct frame_run *run, void *arg)
{
	struct sieve *sieve = arg;

	if (run->tgid != sieve->tgid) {
		sieve->tgid = run->tgid;
		sieve->wanted = pid_list_note(&sieve->groups, run->tgid);
	}
	if (!sieve->wanted || (sieve->filter->shared && run->maps < 2))
		return 0;
	return sieve->each(run, sieve->arg);
}

static int read_stream(FILE *in, struct sieve *sieve, struct bin_totals *totals)
{
	struct parse_error error;
	int result;

	pid_list_init(&sieve->groups, sieve->filter->tgids, sieve->filter->count);
	result = parse_bin(in, sift, sieve, totals, &error);
	fclose(in);
	if (result == -1)
		parse_explain(source_path(FILE_NAME), "record", &error, result);
	if (!result && !sieve->may_end)
		result = processes_remain(&sieve->groups);
	pid_list_free(&sieve->groups);
	return result;
}

int runs_read(const struct runs_filter *filter,
	      int (*each)(const struct frame_run *run, void *arg), void *arg,
	      struct bin_totals *totals)
{
	struct sieve sieve = { .filter = filter, .each = each, .arg = arg };
	FILE *in = source_open_words(FILE_NAME, filter->shared ? "shared" : "",
				     filter->tgids, filter->count);

	return in ? read_stream(in, &sieve, totals) : -1;
}

static int collect(const struct frame_run *run, void *arg)
{
	return run_list_add(arg, run) ? ENOMEM : 0;
}

static FILE *open_process(pid_t tgid, bool *gone)
{
	return gone ? source_open_process(FILE_NAME, tgid, gone) :
		      source_open_for(FILE_NAME, &tgid, 1);
}

int run_list_read(struct run_list *list, pid_t tgid, bool *gone)
{
	const struct runs_filter filter = { .tgids = &tgid, .count = 1 };
	struct sieve sieve = {
		.filter = &filter, .may_end = gone, .each = collect, .arg = list,
	};
	struct bin_totals totals;
	FILE *in = open_process(tgid, gone);
	int result;

	*list = (struct run_list) { 0 };
	if (!in)
		return -1;
	result = read_stream(in, &sieve, &totals);
	list->page_size = totals.page_size;
	if (!result)
		return 0;
	if (result > 0)
		warnx("%s: %s", source_path(FILE_NAME), strerror(result));
	run_list_free(list);
	return -1;
}
