// SPDX-License-Identifier: GPL-2.0
/* At exit and by a signal; see at-end.h. */
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/at-end.h"

#define MOST 4		/* who may ask */

static void (*functions[MOST])(void);
static size_t count;
static pid_t owner;

static void give_all_back(void)
{
	for (size_t i = 0; owner == getpid() && i < count; i++)
		functions[i]();
}

static void give_back_and_die(int number)
{
	give_all_back();
	raise(number);		/* SA_RESETHAND: now its default action */
}

/* What is ignored, or has a handler, ends nothing. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	struct sigaction old, action = {
		.sa_handler = give_back_and_die, .sa_flags = SA_RESETHAND | SA_NODEFER,
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!sigaction(numbers[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(numbers[i], &action, NULL);
}

void at_end(void (*give_back)(void))
{
	if (owner != getpid()) {
		count = 0;
		owner = getpid();
		atexit(give_all_back);
		catch_signals();
	}
	for (size_t i = 0; i < count; i++)
		if (functions[i] == give_back)
			return;
	if (count == MOST)
		abort();
	functions[count++] = give_back;
}
