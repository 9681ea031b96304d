// SPDX-License-Identifier: GPL-2.0
/*
 * export: what there is by name of a program. Never by process id: each would
 * be a time series that nobody looks at again.
 */
#include <err.h>
#include <string.h>

#include "commands/export.h"
#include "measure/find-spaces.h"
#include "measure/read-accounts.h"
#include "model/accounts.h"
#include "model/address-spaces.h"
#include "read/explain.h"
#include "read/formats.h"
#include "read/names.h"
#include "read/open.h"
#include "read/parse-text.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static const struct metric spaces_metric = {
	"sharestat_comm_address_spaces", METRIC_GAUGE, NULL,
	"Address spaces, by name of a program.",
};

static const struct metric tasks_metric = {
	"sharestat_comm_tasks", METRIC_GAUGE, NULL,
	"Tasks (threads) that use these address spaces.",
};

static const struct metric pgtables_metric = {
	"sharestat_comm_pgtable_bytes", METRIC_GAUGE, "bytes",
	"Page tables of these address spaces.",
};

static const struct metric rss_metric = {
	"sharestat_comm_rss_bytes", METRIC_GAUGE, "bytes",
	"Memory present in these address spaces; what several of them share counts in each.",
};

static const struct metric swap_metric = {
	"sharestat_comm_swap_bytes", METRIC_GAUGE, "bytes",
	"Swapped out of these address spaces.",
};

static const struct metric pss_metric = {
	"sharestat_comm_pss_bytes", METRIC_GAUGE, "bytes",
	"Proportional share: each page divided by its mappings, so that the sum over all is what is used, but for hugetlb.",
};

static const struct metric hugetlb_pss_metric = {
	"sharestat_comm_hugetlb_pss_bytes", METRIC_GAUGE, "bytes",
	"Proportional share of pages of hugetlb, which are in no other share.",
};

static const struct metric present_metric = {
	"sharestat_comm_present_bytes", METRIC_GAUGE, "bytes",
	"Memory present in these address spaces by sharing class of its mappings.",
};

static const struct metric begun_metric = {
	"sharestat_comm_shootdowns_begun", METRIC_COUNTER, NULL,
	"TLB flushes that tasks of this name asked other CPUs for.",
};

static const struct metric received_metric = {
	"sharestat_comm_shootdowns_received", METRIC_COUNTER, NULL,
	"TLB flushes that interrupted tasks of this name on behalf of another CPU.",
};

static uint64_t rank_memory(const struct comm *comm)
{
	return comm->sums[COMM_RSS_ANON] + comm->sums[COMM_RSS_FILE] +
	       comm->sums[COMM_RSS_SHMEM];
}

static uint64_t rank_shootdowns(const struct comm *comm)
{
	return comm->sums[COMM_BEGUN] + comm->sums[COMM_RECEIVED];
}

static void add_mm(struct comms *comms, const struct mm_record *mm)
{
	uint64_t *sums = comms_get(comms, mm->comm)->sums;

	sums[COMM_SPACES]++;
	sums[COMM_TASKS] += mm->tasks;
	sums[COMM_PGTABLES] += mm->pgtables;
	sums[COMM_RSS_ANON] += mm->rss_anon;
	sums[COMM_RSS_FILE] += mm->rss_file;
	sums[COMM_RSS_SHMEM] += mm->rss_shmem;
	sums[COMM_SWAP] += mm->swap;
}

static int read_mms(struct comms *comms)
{
	struct snapshot mms;

	if (snapshot_read(&mms, &format_mms, NULL, 0))
		return -1;
	for (size_t i = 0; i < mms.count; i++)
		add_mm(comms, snapshot_record(&mms, i));
	snapshot_free(&mms);
	return 0;
}

/* A walk: where it adds to, and who is who. */
struct walk {
	struct comms *comms;
	struct spaces spaces;
	uint64_t page_size;
};

/* Groups that share an address space show the same page tables: once is enough. */
static int add_vma(const void *record, void *arg)
{
	const struct vma_record *vma = record;
	struct walk *walk = arg;
	long space = spaces_find(&walk->spaces, vma->tgid);
	uint64_t *sums;

	if (space < 0)
		return 1;
	if (!spaces_first(&walk->spaces, space, vma->tgid))
		return 0;
	sums = comms_get(walk->comms, walk->spaces.list[space].comm)->sums;
	sums[COMM_PSS] += vma->pss;
	sums[COMM_HUGETLB_PSS] += vma->hugetlb_pss;
	for (size_t i = 0; i < SHARING_CLASSES; i++)
		sums[COMM_PAGES + i] += vma->pages[i] * walk->page_size;
	return 0;
}

static int walk_vmas(struct walk *walk)
{
	struct parse_error error;
	FILE *in = source_open(format_vmas.file);
	int result;

	if (!in)
		return -1;
	result = parse_file(in, &format_vmas, add_vma, walk, &error);
	if (result < 0)
		parse_explain(source_path(format_vmas.file), "line", &error, result);
	fclose(in);
	return result ? -1 : 0;
}

/* Return: how many processes vmas is restricted to; 0: none, it has all. */
static long restricted(void)
{
	FILE *in = source_open("set_pid");
	char line[64];
	long count = 0;

	if (!in)
		return -1;
	while (fgets(line, sizeof(line), in))
		count += *line != '#';
	fclose(in);
	return count;
}

/* Figures of some processes must not look like those of all. */
static int check_covers_all(void)
{
	long count = export_has("set_pid") ? restricted() : 0;

	if (count > 0 && source_recorded())
		warnx("this recording has the mappings of only %ld process(es) (set_pid): so have pss and present",
		      count);
	else if (count > 0)
		warnx("%s names %ld process(es), so the memory of all cannot be exported; empty it: echo | sudo tee %s",
		      source_path("set_pid"), count, source_path("set_pid"));
	return count < 0 || (count && !source_recorded()) ? -1 : 0;
}

static int read_memory(struct comms *comms)
{
	struct walk walk = { .comms = comms, .page_size = page_size() };
	int result;

	if (!walk.page_size || check_covers_all() || spaces_read(&walk.spaces))
		return -1;
	result = walk_vmas(&walk);
	spaces_free(&walk.spaces);
	return result;
}

/* Metrics with one sample a name, and with one a name and word of a list. */
static void put_sum(struct exposition *to, const struct metric *metric,
		    const struct comms *comms, enum comm_sum sum)
{
	exposition_metric(to, metric);
	for (size_t i = 0; i < comms->count; i++)
		exposition_count(to, comms->list[i].sums[sum],
				 "comm", comms->list[i].name, NULL);
}

static void put_sums(struct exposition *to, const struct metric *metric,
		     const struct comms *comms, enum comm_sum first, const char *label,
		     const char *const *words, size_t count)
{
	exposition_metric(to, metric);
	for (size_t i = 0; i < comms->count; i++)
		for (size_t j = 0; j < count; j++)
			exposition_count(to, comms->list[i].sums[first + j],
					 "comm", comms->list[i].name, label, words[j], NULL);
}

static int export_memory(struct exposition *to, const struct export_choice *choice)
{
	static const char *const kinds[] = { "anon", "file", "shmem" };
	struct comms comms = { 0 };
	int result = read_mms(&comms);

	if (!result && choice->memory)
		result = read_memory(&comms);
	if (result)
		goto out;
	comms_limit(&comms, choice->limit, rank_memory);
	put_sum(to, &spaces_metric, &comms, COMM_SPACES);
	put_sum(to, &tasks_metric, &comms, COMM_TASKS);
	put_sum(to, &pgtables_metric, &comms, COMM_PGTABLES);
	put_sums(to, &rss_metric, &comms, COMM_RSS_ANON, "kind", kinds, 3);
	put_sum(to, &swap_metric, &comms, COMM_SWAP);
	if (choice->memory) {
		put_sum(to, &pss_metric, &comms, COMM_PSS);
		put_sum(to, &hugetlb_pss_metric, &comms, COMM_HUGETLB_PSS);
		put_sums(to, &present_metric, &comms, COMM_PAGES, "sharing", sharing_names,
			 SHARING_CLASSES);
	}
out:
	comms_free(&comms);
	return result;
}

/* Sums since the last reset, of what the module still knows. */
static void sum_shootdowns(struct comms *comms, const struct accounts *accounts)
{
	for (size_t i = 0; i < accounts->count; i++) {
		const struct account_record *row = &accounts->rows[i];
		uint64_t *sums = comms_get(comms, row->comm)->sums;

		sums[COMM_BEGUN] += account_reason(row, TLB_REASON_REMOTE_SEND_IPI);
		sums[COMM_RECEIVED] += account_received(row);
	}
}

static int export_shootdowns(struct exposition *to, const struct export_choice *choice)
{
	struct accounts accounts;
	struct comms comms = { 0 };
	int result = 0;

	if (!export_has(format_tlb_mms.file))
		return 0;
	if (accounts_read(&accounts, ACCOUNTS_TLB))
		return -1;
	if (accounts.no_flushes) {
		accounts_free(&accounts);
		return 0;
	}
	if (choice->state)
		result = export_state(&comms, &accounts, choice->state, choice->limit);
	else
		sum_shootdowns(&comms, &accounts);
	accounts_free(&accounts);
	if (!result) {
		comms_limit(&comms, choice->limit, rank_shootdowns);
		put_sum(to, &begun_metric, &comms, COMM_BEGUN);
		put_sum(to, &received_metric, &comms, COMM_RECEIVED);
	}
	comms_free(&comms);
	return result;
}

int export_comms(struct exposition *to, const struct export_choice *choice)
{
	return export_memory(to, choice) || export_shootdowns(to, choice) ? -1 : 0;
}
