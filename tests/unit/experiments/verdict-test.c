// SPDX-License-Identifier: GPL-2.0
/*
 * What makes a verdict out of conditions and witnesses; then the claims that rest on
 * others, and experiments that come to no end.
 */
#include <signal.h>

#include "experiments/registry.c"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/registry.h"
#include "lib/wrap.h"
#include "model/machine.h"
#include "verdict-test.h"

/* A cell of the table at 80 columns has two lines. */
static bool fits(const char *text, size_t width)
{
	char lines[256], *end;

	wrap_text(lines, sizeof(lines), text, width, 0);
	end = strchr(lines, '\n');
	return !end || !strchr(end + 1, '\n');
}

void check_finding(const struct finding *finding, enum verdict verdict, const char *words,
		   const char *what)
{
	if (!fits(finding->process.text, 24) || !fits(finding->thread.text, 24))
		CHECK(false, "verdict: %s: in two lines: %s; %s", what, finding->process.text,
		      finding->thread.text);
	if (!CHECK(finding->verdict == verdict && (!words || strstr(finding->reason, words)),
		   "verdict: %s: %s%s%s", what, verdict_name(verdict), words ? ", " : "",
		   words ? words : ""))
		printf("# %s: %s\n", verdict_name(finding->verdict), finding->reason);
}

void on_machine(bool without_module)
{
	static struct environment machine;

	machine = (struct environment) {
		.without_module = without_module,
		.probes = {
			{ .name = "switches", .offered = !without_module, .why = "so" },
			{ .name = "births", .offered = !without_module, .why = "so" },
		},
	};
	environment_set(&machine);
}

/* --- one finding --- */

static void test_conditions(void)
{
	struct finding finding = { 0 };

	finding_decide(&finding, "nothing");
	check_finding(&finding, NOT_MEASURABLE, "no condition", "without any condition");

	finding_require(&finding, true, "one is so");
	finding_require(&finding, true, "two is so");
	finding_decide(&finding, "found %d", 17);
	check_finding(&finding, CONFIRMED, NULL, "all hold");
	CHECK(!strcmp(finding.reason, "found 17"), "verdict: and what was found is the reason");

	finding_require(&finding, false, "three is %s", "so");
	finding_require(&finding, false, "four is so");
	finding_require(&finding, true, "five is so");
	finding_decide(&finding, "found %d", 18);
	check_finding(&finding, REFUTED, NULL, "one does not hold");
	CHECK(!strcmp(finding.reason, "it is not so that three is so: found 18"),
	      "verdict: and the first that does not is the reason");
}

static void test_first_and_last(void)
{
	for (int wrong = 0; wrong < 3; wrong++) {
		struct finding finding = { 0 };

		for (int i = 0; i < 3; i++)
			finding_require(&finding, i != wrong, "number %d holds", i);
		finding_decide(&finding, "-");
		check_finding(&finding, REFUTED, wrong == 0 ? "number 0" : wrong == 1 ?
			      "number 1" : "number 2", "whichever does not hold");
	}
}

static void test_witnesses(void)
{
	struct finding finding = { 0 };

	finding_require(&finding, true, "it is so");
	finding_witness(&finding, "kcmp(2)", true, "the same");
	finding_decide(&finding, "found");
	check_finding(&finding, CONFIRMED, NULL, "a witness agrees");
	CHECK(!strcmp(finding.reason, "found") && finding.nevidence == 1,
	      "verdict: and is evidence only");

	finding_unwitnessed(&finding, "/proc/PID/pagemap", "cannot be read");
	finding_decide(&finding, "found");
	check_finding(&finding, CONFIRMED, "found; no word from the witness /proc/PID/pagemap",
		      "a witness is missing");

	finding_witness(&finding, "kcmp(2)", false, "not the same");
	finding_witness(&finding, "kcmp(2)", true, "the same");
	finding_decide(&finding, "found");
	check_finding(&finding, NOT_MEASURABLE, "disagree", "one of three witnesses disagrees");

	finding = (struct finding) { 0 };
	finding_witness(&finding, "kcmp(2)", false, "not the same");
	finding_require(&finding, false, "it is so");
	finding_decide(&finding, "found");
	check_finding(&finding, NOT_MEASURABLE, "disagree", "a disagreement refutes nothing");

	finding = (struct finding) { 0 };
	finding_unwitnessed(&finding, "kcmp(2)", "cannot tell");
	finding_require(&finding, false, "it is so");
	finding_decide(&finding, "found");
	check_finding(&finding, REFUTED, "it is so: found; no word from the witness kcmp(2)",
		      "a missing witness saves nothing");
}

static void test_sides(void)
{
	double samples[] = { 3000, 1000, 2000 };
	struct side side;

	side_number(&side, samples, 3, "ns");
	side_label(&side, "%d times", 7);
	CHECK(!strcmp(side.text, "2.00 us (1.00 to 3.00), 7 times"),
	      "verdict: words stand behind a number with its interval: %s", side.text);
	side_count(&side, 5, "pages");
	CHECK(!strcmp(side.text, "5 pages"), "verdict: a count has no interval: %s", side.text);
	side_label(&side, "%d of 9", 5);
	CHECK(!strcmp(side.text, "5 of 9") && side.value.median == 5,
	      "verdict: words stand in the place of a count: %s", side.text);
}

/* Long words are cut off, and the rest is still said. */
static void test_lengths(void)
{
	struct finding finding = { 0 };
	char words[512];

	memset(words, 'x', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	finding_unwitnessed(&finding, words, "%s", words);
	finding_require(&finding, false, "%s", words);
	finding_decide(&finding, "%s", words);
	check_finding(&finding, REFUTED, "no word from the witness x", "the longest words");
}

/* --- claims that rest on others --- */

/* What the experiments of this world find; by the index in claims[]. */
static enum verdict found[16];
static enum ending { ENDS, CRASHES, EXITS } ending;

static void measure_as_told(struct finding *finding)
{
	enum verdict verdict = found[finding->claim - claims];

	finding_evidence(finding, "this test", "evidence");
	side_text(&finding->process, "of a process");
	if (verdict == NOT_MEASURABLE) {
		finding_impossible(finding, "no");
		return;
	}
	finding_require(finding, verdict == CONFIRMED, "it is so");
	finding_decide(finding, "yes");
	if (ending == CRASHES)
		raise(SIGKILL);
	if (ending == EXITS)
		_exit(0);
}

const struct claim claims[] = {
	{ .id = "memory", .measure = measure_as_told },
	{ .id = "address-space", .measure = measure_as_told },
	{ .id = "read-only-is-safe", .measure = measure_as_told },
	{ .id = "resources", .measure = measure_as_told },
	{ .id = "own-open-files", .measure = measure_as_told },
	{ .id = "own-signal-handlers", .measure = measure_as_told },
	{ .id = "own-children", .measure = measure_as_told },
	{ .id = "isolation", .measure = measure_as_told },
	{ .id = "shared-heap", .measure = measure_as_told },
	{ .id = "shared-data", .measure = measure_as_told },
	{ .id = "context-switch", .measure = measure_as_told },
	{ .id = "communication", .measure = measure_as_told },
	{ .id = "creation-cost", .measure = measure_as_told },
};

const size_t nclaims = sizeof(claims) / sizeof(claims[0]);

static void all_found(enum verdict verdict)
{
	if (results)
		munmap(results, nclaims * sizeof(*results));
	results = NULL;
	for (size_t i = 0; i < nclaims; i++)
		found[i] = verdict;
}

static void set_found(const char *id, enum verdict verdict)
{
	found[claim_of(id) - claims] = verdict;
}

/* A rule of section 7, and what it rests on by claims.rst. */
static const struct rule {
	const char *name;
	void (*conclude)(struct finding *finding);
	const char *premises[5];
} rules[] = {
	{ "isolation", measure_use_process_isolation,
	  { "memory", "address-space", "read-only-is-safe" } },
	{ "independence", measure_use_process_independence,
	  { "resources", "own-open-files", "own-signal-handlers", "own-children" } },
	{ "crash tolerance", measure_use_process_crash_tolerance, { "isolation" } },
	{ "sharing", measure_use_thread_sharing, { "shared-heap", "shared-data", "memory" } },
	{ "switching", measure_use_thread_switching, { "context-switch" } },
	{ "coupling", measure_use_thread_coupling,
	  { "communication", "context-switch", "creation-cost" } },
};

static void conclude_as(const struct rule *rule, enum verdict verdict, const char *words)
{
	struct finding finding = { 0 };

	rule->conclude(&finding);
	check_finding(&finding, verdict, words, rule->name);
}

static bool is_premise(const struct rule *rule, const char *id)
{
	for (size_t i = 0; rule->premises[i]; i++) {
		if (!strcmp(rule->premises[i], id))
			return true;
	}
	return false;
}

static void test_premise(const struct rule *rule, const char *id)
{
	char words[64];

	snprintf(words, sizeof(words), "%s is confirmed", id);
	all_found(CONFIRMED);
	set_found(id, REFUTED);
	conclude_as(rule, is_premise(rule, id) ? REFUTED : CONFIRMED,
		    is_premise(rule, id) ? words : NULL);
	snprintf(words, sizeof(words), "rests on %s", id);
	all_found(CONFIRMED);
	set_found(id, NOT_MEASURABLE);
	conclude_as(rule, is_premise(rule, id) ? NOT_MEASURABLE : CONFIRMED,
		    is_premise(rule, id) ? words : NULL);
	/* What is refuted outweighs what is not known. */
	all_found(NOT_MEASURABLE);
	set_found(id, REFUTED);
	conclude_as(rule, is_premise(rule, id) ? REFUTED : NOT_MEASURABLE, NULL);
}

static void test_use(void)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		all_found(CONFIRMED);
		conclude_as(&rules[i], CONFIRMED, "claims that it rests on are confirmed");
		for (size_t j = 0; j < nclaims; j++)
			test_premise(&rules[i], claims[j].id);
	}
}

/* --- experiments that come to no end --- */

static void test_endings(void)
{
	all_found(CONFIRMED);
	ending = ENDS;
	check_finding(finding_of("memory"), CONFIRMED, "yes", "an experiment ends");
	CHECK(!strcmp(finding_of("memory")->process.text, "of a process") &&
	      finding_of("memory")->nevidence == 1, "verdict: and what it found is here");

	all_found(CONFIRMED);
	ending = CRASHES;
	check_finding(finding_of("memory"), NOT_MEASURABLE, "killed by signal 9",
		      "an experiment is killed");
	CHECK(!strcmp(finding_of("memory")->process.text, "-"),
	      "verdict: and what it had found by then is not shown");

	all_found(CONFIRMED);
	ending = EXITS;
	check_finding(finding_of("memory"), NOT_MEASURABLE, "ended with status 0",
		      "an experiment ends without a word");
	ending = ENDS;
	CHECK(!finding_of("nonsense"), "verdict: there is no claim of any other name");
	signal(SIGCHLD, SIG_IGN);
	all_found(REFUTED);
	check_finding(finding_of("memory"), REFUTED, "it is so", "children are ignored");
}

void test_verdict(void)
{
	registry_use(claims, nclaims);
	test_conditions();
	test_first_and_last();
	test_witnesses();
	test_sides();
	test_lengths();
	test_use();
	test_endings();
	test_verdict_unmap();
	test_verdict_parallel_rates();
	test_verdict_false_sharing();
	test_verdict_fork_of_threads();
	test_verdict_signals();
	test_verdict_one_limit();
	test_verdict_view();
	test_verdict_alone();
	test_verdict_definition();
	test_verdict_address_space();
	test_verdict_memory();
	test_verdict_creation_cost();
	test_verdict_context_switch();
	test_verdict_communication();
	test_verdict_isolation();
	test_verdict_resources();
	test_verdict_objects();
	test_verdict_areas();
	test_verdict_children();
	test_verdict_program_counter();
	test_verdict_registers();
	test_verdict_stack();
	test_verdict_thread_id();
	test_verdict_programs();
	test_verdict_cow();
	test_verdict_shared_memory();
	test_verdict_read_only();
	test_verdict_many_addresses();
}
