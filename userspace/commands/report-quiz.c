// SPDX-License-Identifier: GPL-2.0
/* report --quiz: what was measured, without saying of whom; the reader says it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "commands/report-quiz.h"
#include "experiments/registry.h"
#include "lib/progress.h"

/* Two results that read the same leave nothing to be told apart. */
static bool can_be_asked(const struct finding *finding)
{
	return finding->verdict != NOT_MEASURABLE &&
	       strcmp(finding->process.text, finding->thread.text);
}

/* Return: 'a' or 'b'; 0 when there is no answer any more, or "q". */
static char read_answer(void)
{
	char *line = NULL, answer = 0;
	size_t size = 0;
	bool ended;

	for (;;) {
		fputs("Which is the thread's, a or b? ", stdout);
		fflush(stdout);
		ended = getline(&line, &size, stdin) < 0;
		/* Who types an answer ends the line with it. */
		if (ended || !isatty(STDIN_FILENO))
			putchar('\n');
		if (ended)
			break;
		answer = (char)tolower((unsigned char)line[strspn(line, " \t")]);
		if (answer == 'q')
			answer = 0;
		if (!answer || answer == 'a' || answer == 'b')
			break;
		puts("a or b, or q to end");
	}
	free(line);
	return answer;
}

/* Which of both letters is the thread's: nobody shall learn it by heart. */
static char draw(void)
{
	unsigned char byte;

	return getrandom(&byte, 1, GRND_NONBLOCK) == 1 && byte & 1 ? 'a' : 'b';
}

static void say_result(const struct finding *finding, bool right)
{
	char text[512];

	snprintf(text, sizeof(text), "%s. The textbook: %s. %s: %s", right ? "Right" : "Wrong",
		 finding->claim->text, verdict_name(finding->verdict), finding->reason);
	report_wrapped("", 2, text);
	snprintf(text, sizeof(text), "process: %s; thread: %s", finding->process.text,
		 finding->thread.text);
	report_wrapped("", 2, text);
	report_wrapped("  try", 12, finding->claim->attempt);
	putchar('\n');
}

/* Return: 1 when it was right, 0 when not, -1 when there is no answer any more. */
static int ask(const struct finding *finding)
{
	char threads = draw(), answer;

	report_wrapped("  a", 12, threads == 'a' ? finding->thread.text : finding->process.text);
	report_wrapped("  b", 12, threads == 'b' ? finding->thread.text : finding->process.text);
	answer = read_answer();
	if (!answer)
		return -1;
	say_result(finding, answer == threads);
	return answer == threads;
}

static const struct finding *measure(const struct claim *claim)
{
	const struct finding *finding;

	printf("%s\n", claim->id);
	report_wrapped("  measured", 12, claim->experiment);
	fflush(stdout);
	progress("measuring %s", claim->id);
	finding = finding_of(claim->id);
	progress("%s", "");
	return finding;
}

void report_quiz(const struct claim *claims, const bool *chosen, size_t count)
{
	size_t asked = 0, known = 0;
	int right = 0;

	for (size_t i = 0; i < count && right >= 0; i++) {
		const struct finding *finding;

		if (!chosen[i])
			continue;
		finding = measure(&claims[i]);
		if (!can_be_asked(finding)) {
			report_wrapped("", 2, finding->verdict == NOT_MEASURABLE ?
				       finding->reason : "Both have the same; nothing is asked.");
			putchar('\n');
			continue;
		}
		right = ask(finding);
		asked += right >= 0;
		known += right > 0;
	}
	printf("%zu of %zu answers were right.\n", known, asked);
}
