// SPDX-License-Identifier: GPL-2.0
/*
 * `frames`, `frames.bin` and `vmas` of random address spaces against what /proc says of
 * them, page by page and byte by byte; see layout-steps.h and layout-oracle.h.
 * Usage: random-layout [ROUNDS [SEED]]; a difference prints how to repeat its round.
 */
#include <time.h>

#include "files-test.h"
#include "layout-env.h"
#include "layout-oracle.h"
#include "layout-rows.h"
#include "layout-steps.h"

#include "kselftest.h"

#define ROUNDS 24

static struct crowd *crowd;
static char program[512], library[512];
static bool loud;
static size_t wrong;

/* How much of what was looked at: of what there never was nothing is proven. */
enum {
	SEEN_SWAPPED = SHARING_CLASSES, SEEN_LAZYFREE, SEEN_LOCKED, SEEN_HUGE_REFS,
	SEEN_HUGE_SHARED, SEEN_YOUNG, SEEN
};

static const char *const class_names[] = { SHARESTAT_SHARING_CLASSES(SHARESTAT_NAME) };
static uint64_t seen[SEEN];

#define differ(pid, ...) do {						\
	if (wrong++ < 8 && loud) {					\
		printf("# %d:", pid);					\
		printf(__VA_ARGS__);					\
		putchar('\n');						\
	}								\
} while (0)

/* The letters that a page must and must not have, but for the accessed bit. */
static void check_letters(const struct space *space, const struct page *page, const char *pte,
			  bool special)
{
	const struct place *place = &space->places[page->place];

	if (pte[0] == 'w' && place->perms[1] != 'w')
		differ(space->pid, "%lx %s is writable, its mapping %s", page->va, pte,
		       place->perms);
	if ((pte[1] == 'x') != (place->perms[2] == 'x'))
		differ(space->pid, "%lx %s in a mapping %s", page->va, pte, place->perms);
	if ((pte[4] == 's') != special)
		differ(space->pid, "%lx %s: special should be %d", page->va, pte, special);
	if (page->huge_known && (pte[5] != '.') != page->huge)
		differ(space->pid, "%lx %s: huge should be %d", page->va, pte, page->huge);
}

static void check_page(const struct space *space, const struct page *page, const struct run *run)
{
	const struct place *place = &space->places[page->place];
	const char *class = oracle_class(place, page, program);
	uint64_t mask = page->flags & KPF(COMPOUND_TAIL) ? FOLIO_FLAGS : HEAD_FLAGS;
	bool special = run_is(run, "special"), zero = run_is(run, "zero");

	if (class && !run_is(run, class))
		differ(space->pid, "%lx is %s, should be %s", page->va, run->class, class);
	if (run->pfn != page->pfn)
		differ(space->pid, "%lx is frame %jx, should be %jx", page->va,
		       (uintmax_t)run->pfn, (uintmax_t)page->pfn);
	/* An entry of one page says that it is special, one of a huge page does not. */
	check_letters(space, page, run->pte, (zero && !page->huge) ||
		      (special && run->maps == NO_COUNT));
	if (special && run->maps == NO_COUNT)
		return;
	seen[SEEN_HUGE_REFS] += is_huge_anon(page) && page->refs != UNKNOWN;
	seen[SEEN_HUGE_SHARED] += is_huge_anon(page) && page->refs > 1;
	if (run->maps != page->maps)
		differ(space->pid, "%lx %s has maps %ld, should have %ld", page->va, run->class,
		       run->maps, page->maps);
	if (!special && page->refs != UNKNOWN && run->refs != page->refs)
		differ(space->pid, "%lx %s %s has refs %ld, should have %ld (maps %ld, %jx)",
		       page->va, run->class, run->pte, run->refs, page->refs, page->maps,
		       (uintmax_t)page->flags);
	if (!ksm_is_told())
		mask &= ~KPF(KSM);
	if (zero)
		mask = KPF(ZERO_PAGE) | KPF(THP);
	if ((run->flags ^ page->flags) & mask)
		differ(space->pid, "%lx %s has flags %jx, should have %jx", page->va, run->class,
		       (uintmax_t)(run->flags & mask), (uintmax_t)(page->flags & mask));
}

/* Of a mapping that /proc/PID/pagemap does not look into. */
static bool is_frameless(const struct space *space, const struct run *run)
{
	size_t i;

	for (i = 0; i < space->place_count; i++) {
		const struct place *place = &space->places[i];

		if (run->va < place->start || run->va >= place->end || !place->frameless)
			continue;
		if (run->maps != NO_COUNT || run->refs != NO_COUNT || run->pte[4] != 's' ||
		    (!run_is(run, "special") && !run_is(run, "device")))
			differ(space->pid, "%lx of no frame is %s %s", run->va, run->class,
			       run->pte);
		return true;
	}
	return false;
}

/* Each page that is there once, in order, and none besides. */
static void check_frames(const struct space *space, const struct table *frames)
{
	struct rows rows = { .table = frames };
	size_t at = 0;
	struct run run;

	while (next_page(&rows, &run)) {
		if (run.tgid != space->pid)
			differ(space->pid, "%lx is of %d", run.va, run.tgid);
		if (is_frameless(space, &run))
			continue;
		for (; at < space->page_count && space->pages[at].va < run.va; at++)
			differ(space->pid, "%lx is missing", space->pages[at].va);
		if (at == space->page_count || space->pages[at].va != run.va)
			differ(space->pid, "%lx is not mapped, or shown twice", run.va);
		else
			check_page(space, &space->pages[at++], &run);
	}
	for (; at < space->page_count; at++)
		differ(space->pid, "%lx is missing", space->pages[at].va);
}

static void check_number(const struct space *space, const struct table *vmas, size_t row,
			 const char *column, uint64_t wanted)
{
	if (table_number(vmas, row, column) != wanted)
		differ(space->pid, "%s: %s is %s, should be %ju", table_text(vmas, row, "start"),
		       column, table_text(vmas, row, column), (uintmax_t)wanted);
}

/* The sums over the runs of a mapping, of which check_frames() is the judge. */
static void check_sums(const struct space *space, const struct place *place,
		       const struct table *vmas, size_t row, struct rows *rows)
{
	uint64_t classes[SHARING_CLASSES] = { 0 }, maps = 0, refs = 0, present = 0;
	struct run run;
	size_t i;

	while (peek_page(rows, &run) && run.va < place->end) {
		next_page(rows, &run);
		present++;
		for (i = 0; i < SHARING_CLASSES; i++)
			classes[i] += run_is(&run, class_names[i]);
		if (run.maps != NO_COUNT) {
			maps += run.maps;
			refs += run.refs;
		}
	}
	for (i = 0; i < SHARING_CLASSES; i++) {
		check_number(space, vmas, row, class_names[i], classes[i]);
		seen[i] += classes[i];
	}
	check_number(space, vmas, row, "present", place->frameless ? present : place->present);
	check_number(space, vmas, row, "maps", maps);
	check_number(space, vmas, row, "refs", refs);
}

/* A share is rounded down to 1/4096 of a byte, page by page. */
static void check_pss(const struct space *space, const struct place *place,
		      const struct table *vmas, size_t row, const char *column, double wanted)
{
	double off = wanted - table_number(vmas, row, column);

	if (off < -0.01 || off > 1.01 + place->present / 4096.0)
		differ(space->pid, "%s: %s is %s, should be %.2f", table_text(vmas, row, "start"),
		       column, table_text(vmas, row, column), wanted);
}

/* Each as smaps has it. */
static void check_sizes(const struct space *space, const struct place *place,
			const struct table *vmas, size_t row)
{
	check_number(space, vmas, row, "rss", place->rss / PAGE);
	check_number(space, vmas, row, "uss", place->private / PAGE);
	check_number(space, vmas, row, "private_hugetlb", place->private_hugetlb / PAGE);
	check_number(space, vmas, row, "shared_hugetlb", place->shared_hugetlb / PAGE);
	check_number(space, vmas, row, "lazyfree", place->lazyfree / PAGE);
	check_pss(space, place, vmas, row, "pss", place->hugetlb ? 0 : place->pss);
	check_pss(space, place, vmas, row, "hugetlb_pss", place->hugetlb ? place->pss : 0);
}

/* Each mapping that there is once, with the sums of the runs in it. */
static void check_vmas(const struct space *space, const struct table *frames)
{
	struct table vmas = table_read_pid("vmas", space->pid);
	struct rows rows = { .table = frames };
	size_t row;

	if (vmas.rows != space->place_count)
		differ(space->pid, " %zu mappings, should be %zu", vmas.rows, space->place_count);
	for (row = 0; row < vmas.rows && row < space->place_count; row++) {
		const struct place *place = &space->places[row];

		if (table_hex(&vmas, row, "start") != place->start ||
		    table_hex(&vmas, row, "end") != place->end ||
		    strcmp(table_text(&vmas, row, "perms"), place->perms))
			differ(space->pid, "%s-%s %s should be %lx-%lx %s",
			       table_text(&vmas, row, "start"), table_text(&vmas, row, "end"),
			       table_text(&vmas, row, "perms"), place->start, place->end,
			       place->perms);
		check_number(space, &vmas, row, "tgid", space->pid);
		check_number(space, &vmas, row, "migration", 0);
		check_number(space, &vmas, row, "swap", place->swapped);
		seen[SEEN_SWAPPED] += place->swapped;
		seen[SEEN_LAZYFREE] += place->lazyfree / PAGE;
		check_number(space, &vmas, row, "mlocked", place->locked);
		seen[SEEN_LOCKED] += place->locked;
		check_sums(space, place, &vmas, row, &rows);
		check_sizes(space, place, &vmas, row);
	}
	table_free(&vmas);
}

/* Two ways to ask for the same pages give the same pages. */
static void check_same(pid_t pid, struct rows all, struct rows other)
{
	struct run run, twin;

	while (next_page(&all, &run)) {
		if (!next_page(&other, &twin)) {
			differ(pid, "%s ends before %lx", other.table->file, run.va);
			return;
		}
		if (!same_page(&run, &twin))
			differ(pid, "%lx of %s and of %s differ", run.va, all.table->file,
			       other.table->file);
	}
	if (next_page(&other, &twin))
		differ(pid, "%s goes on with %lx", other.table->file, twin.va);
}

static bool begins_place(const struct space *space, unsigned long va)
{
	size_t i;

	for (i = 0; i < space->place_count; i++)
		if (space->places[i].start == va)
			return true;
	return false;
}

/* How many rows could be one with the next, which is of the same mapping. */
static size_t torn_rows(const struct space *space, const struct table *frames)
{
	size_t row, torn = 0;

	for (row = 1; row < frames->rows; row++) {
		struct run first = run_at(frames, row - 1), second = run_at(frames, row);

		if (!is_torn(&first, &second) || begins_place(space, second.va))
			continue;
		torn++;
		if (loud)
			printf("# %d: %lx and %lx could be one\n", space->pid, first.va,
			       second.va);
	}
	return torn;
}

static void check_other_ways(const struct space *space, const struct table *frames)
{
	pid_t pid = space->pid;
	struct table shared = table_filtered("frames", "%d shared", pid);
	struct table bin = table_filtered("frames.bin", "%d", pid);
	struct table shared_bin = table_filtered("frames.bin", "shared %d", pid);
	uint64_t torn = torn_rows(space, frames), records, pages;

	check_same(pid, (struct rows) { .table = frames }, (struct rows) { .table = &bin });
	check_same(pid, (struct rows) { .table = frames, .shared = true },
		   (struct rows) { .table = &shared });
	check_same(pid, (struct rows) { .table = frames, .shared = true },
		   (struct rows) { .table = &shared_bin });
	/* Only where what the module has at hand is full may a run be torn. */
	if (torn > frames->rows / 300)
		differ(pid, " %ju of %zu rows could be one with the next", (uintmax_t)torn,
		       frames->rows);
	bin_totals(pid, &records, &pages);
	if (records != frames->rows - torn || pages != table_sum(frames, "pages", NULL))
		differ(pid, " totals say %ju runs, %ju pages; there are %ju, %ju",
		       (uintmax_t)records, (uintmax_t)pages, (uintmax_t)(frames->rows - torn),
		       (uintmax_t)table_sum(frames, "pages", NULL));
	table_free(&shared);
	table_free(&bin);
	table_free(&shared_bin);
}

/* All processes of the layout, since pages are shared by them. */
static void check_crowd(void)
{
	struct space spaces[CHILDREN + 1];
	unsigned int i;

	drain_queues();
	for (i = 0; i < crowd->count; i++)
		spaces[i] = oracle_read(crowd->pid[i]);
	oracle_count_refs(spaces, crowd->count);
	for (i = 0; i < crowd->count; i++) {
		struct table frames = table_read_pid("frames", crowd->pid[i]);

		check_frames(&spaces[i], &frames);
		check_vmas(&spaces[i], &frames);
		check_other_ways(&spaces[i], &frames);
		table_free(&frames);
	}
	for (i = 0; i < crowd->count; i++)
		oracle_free(&spaces[i]);
}

/* With all accessed bits cleared, those that were touched since have it, and no others. */
static void check_young(void)
{
	struct table frames = table_read_pid("frames", crowd->pid[0]);
	char *arena = crowd->arena, *young = crowd->young;
	struct rows rows = { .table = &frames };
	struct run run;

	while (next_page(&rows, &run)) {
		char *va = (char *)run.va, touched = 0;

		if (va < arena || va >= young + YOUNG_PAGES * PAGE)
			continue;
		/* Of which clear_refs leaves the bits alone. */
		if (run_is(&run, "hugetlb") || run_is(&run, "zero"))
			continue;
		if (va >= young)
			touched = crowd->touched[(va - young) / PAGE];
		seen[SEEN_YOUNG] += !!touched;
		if ((run.pte[3] == 'y') != !!touched)
			differ(run.tgid, "%lx %s was touched: '%c'", run.va, run.pte, touched);
		if (touched == 'w' && (run.pte[0] != 'w' || run.pte[2] != 'd'))
			differ(run.tgid, "%lx %s was written", run.va, run.pte);
	}
	table_free(&frames);
}

static void wait_ready(int count, uint64_t seed)
{
	while (crowd->ready < count || crowd->ready < (int)crowd->count) {
		if (waitpid(crowd->pid[0], NULL, WNOHANG) > 0)
			fail("the subject of seed %#jx ended", (uintmax_t)seed);
		usleep(1000);
	}
	usleep(10000);
}

/* Only a difference that stays counts: who looks shares pages with those looked at. */
static void check_until_still(void (*check)(void))
{
	size_t tries, before = wrong;

	for (tries = 0; tries < 3; tries++) {
		wrong = before;
		loud = tries == 2;
		check();
		if (wrong == before)
			break;
	}
}

static void one_round(uint64_t seed)
{
	char path[64];
	unsigned int i;
	pid_t pid;

	memset(crowd, 0, sizeof(*crowd));
	random_state = seed;
	fflush(stdout);
	pid = fork_attached();
	if (!pid)
		layout_live(crowd, seed, library);
	wait_ready(1, seed);
	if (!below(3))
		merge_pages();
	/* Populates, and so copies now, what we would write to while we compare. */
	if (mlockall(MCL_CURRENT) || munlockall())
		fail("mlockall: %s", strerror(errno));
	snprintf(path, sizeof(path), "/proc/%d/clear_refs", pid);
	write_file(path, "1");
	crowd->touch = true;
	wait_ready(crowd->count + 1, seed);
	check_until_still(check_young);
	check_until_still(check_crowd);
	for (i = crowd->count; i--;)
		kill(crowd->pid[i], SIGKILL);
	waitpid(pid, NULL, 0);
}

static const char *kind_name(size_t kind)
{
	static const char *const names[] = {
		"swapped out", "lazily freed", "locked", "huge with known references",
		"huge and shared", "touched again",
	};

	return kind < SHARING_CLASSES ? class_names[kind] : names[kind - SHARING_CLASSES];
}

/* What this machine cannot have is no gap: device is nobody's here. */
static bool saw_all(void)
{
	size_t i;

	for (i = 0; i < SEEN; i++)
		if (!seen[i] && environment_has(kind_name(i)))
			return false;
	return true;
}

/* As many rounds as asked for; by default more when some kind of page never came up. */
static bool goes_on(unsigned long round, unsigned long rounds)
{
	if (wrong)
		return false;
	return round < rounds || (rounds == ROUNDS && round < 4 * ROUNDS && !saw_all());
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : ROUNDS, round;
	size_t i;
	/* Whoever asks for the time has a page of the vdso, which is a kind, too. */
	uint64_t now = time(NULL), seed = argc > 2 ? strtoull(argv[2], NULL, 0) : now;

	ksft_print_header();
	ksft_set_plan(2);
	ksft_print_msg("seed %#jx\n", (uintmax_t)seed);
	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0)
		fail("/proc/self/exe");
	find_library(library, sizeof(library));
	environment_begin();
	crowd = (void *)map_or_fail(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (round = 0; goes_on(round, rounds); round++)
		one_round(seed + round);
	environment_end();
	if (wrong)
		ksft_print_msg("%zu differences in round %lu: random-layout 1 %#jx repeats it\n",
			       wrong, round, (uintmax_t)(seed + round - 1));
	for (i = 0; i < SEEN; i++)
		ksft_print_msg("%ju pages %s\n", (uintmax_t)seen[i], kind_name(i));
	ksft_test_result(!wrong, "random layouts are as /proc has them\n");
	ksft_test_result(saw_all() || round < ROUNDS, "they have all kinds of pages\n");
	ksft_finished();
}
