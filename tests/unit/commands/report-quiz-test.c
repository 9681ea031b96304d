// SPDX-License-Identifier: GPL-2.0
/* The quiz: who is called right has named the thread's, and both letters are drawn. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#include "experiments/registry.h"

static const struct finding *found(const char *id);

#define finding_of found
#include "commands/report-quiz.c"
#undef finding_of

enum { KNOWN, ALIKE, UNKNOWN, FALSE, CLAIMS };

#define CLAIM(name) { .id = name, .text = "is so", .experiment = "looked", .attempt = "again" }

static struct claim made[CLAIMS] = {
	[KNOWN] = CLAIM("known"),
	[ALIKE] = CLAIM("alike"),
	[UNKNOWN] = CLAIM("unknown"),
	[FALSE] = CLAIM("false"),
};

static struct finding findings[CLAIMS] = {
	[KNOWN] = { .claim = &made[KNOWN], .verdict = CONFIRMED, .process.text = "7 of 7",
		    .thread.text = "0 of 7", .reason = "seen" },
	[ALIKE] = { .claim = &made[ALIKE], .verdict = CONFIRMED, .process.text = "3",
		    .thread.text = "3", .reason = "seen" },
	[UNKNOWN] = { .claim = &made[UNKNOWN], .verdict = NOT_MEASURABLE, .process.text = "-",
		      .thread.text = "1", .reason = "nobody knows" },
	[FALSE] = { .claim = &made[FALSE], .verdict = REFUTED, .process.text = "slow",
		    .thread.text = "fast", .reason = "turned" },
};

static const struct finding *found(const char *id)
{
	for (size_t i = 0; i < CLAIMS; i++) {
		if (!strcmp(made[i].id, id))
			return &findings[i];
	}
	abort();
}

static void run_quiz(void *arg)
{
	report_quiz(made, arg, CLAIMS);
}

/* What is said to these answers. */
static char *quiz(const char *answers, bool chosen[CLAIMS])
{
	int saved = dup(STDIN_FILENO), ends[2];
	char *text;

	if (pipe(ends) || write(ends[1], answers, strlen(answers)) < 0 ||
	    dup2(ends[0], STDIN_FILENO) < 0)
		abort();
	close(ends[1]);
	close(ends[0]);
	clearerr(stdin);
	text = capture(stdout, run_quiz, chosen);
	dup2(saved, STDIN_FILENO);
	close(saved);
	return text;
}

/* Return: a or b, as printed before @from; 0 without. */
static char letter_of(const char *from, const char *result)
{
	char line[64];

	for (char letter = 'a'; letter <= 'b'; letter++) {
		snprintf(line, sizeof(line), "  %c         %s\n", letter, result);
		if (strstr(from, line))
			return letter;
	}
	return 0;
}

/* Each letter will be the thread's within a hundred times. */
static void test_letters(void)
{
	bool chosen[CLAIMS] = { [KNOWN] = true };
	unsigned int times[2] = { 0 }, wrong = 0;

	for (int i = 0; i < 100; i++) {
		char answer[] = { (char)(i % 2 ? 'a' : 'B'), '\n', 0 };
		char *text = quiz(answer, chosen);
		bool right = letter_of(text, "0 of 7") == (i % 2 ? 'a' : 'b');

		times[letter_of(text, "0 of 7") == 'a']++;
		wrong += !letter_of(text, "7 of 7") || !letter_of(text, "0 of 7") ||
			 letter_of(text, "7 of 7") == letter_of(text, "0 of 7") ||
			 !strstr(text, right ? "Right" : "Wrong") ||
			 !strstr(text, right ? "1 of 1 answers" : "0 of 1 answers") ||
			 !strstr(text, "process: 7 of 7; thread: 0 of 7");
		free(text);
	}
	CHECK(!wrong, "quiz: right is who names the thread's; wrong %u times", wrong);
	CHECK(times[0] && times[1], "quiz: each letter is the thread's now and then");
}

static void test_what_is_asked(void)
{
	bool chosen[CLAIMS] = { true, true, true, true };
	char *text = quiz("nonsense\n a\nb\n", chosen);

	CHECK(strstr(text, "a or b, or q"), "quiz: what is no answer is asked again");
	CHECK(strstr(text, "alike\n  measured  looked\n  Both have the same"),
	      "quiz: what is the same of both is not asked");
	CHECK(strstr(text, "unknown\n  measured  looked\n  nobody knows"),
	      "quiz: nor what could not be measured");
	CHECK(strstr(text, "REFUTED: turned"), "quiz: a refutation is told");
	CHECK(strstr(text, " of 2 answers"), "quiz: what was answered counts");
	free(text);
}

static void test_end(void)
{
	bool chosen[CLAIMS] = { true, false, false, true };
	char *ended = quiz("", chosen), *quit = quiz("q\nb\n", chosen);

	CHECK(strstr(ended, "0 of 0 answers") && !strstr(ended, "false\n"),
	      "quiz: without answers it ends at once");
	CHECK(strstr(quit, "0 of 0 answers") && !strstr(quit, "false\n"), "quiz: q ends it");
	free(ended);
	free(quit);
}

void test_report_quiz(void)
{
	test_letters();
	test_what_is_asked();
	test_end();
}
