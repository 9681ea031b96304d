// SPDX-License-Identifier: GPL-2.0
/* A byte to and fro between two tasks; see pingpong.h. */
#include <sys/resource.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/pingpong.h"
#include "measure/clock.h"
#include "measure/pages.h"
#include "measure/pin.h"
#include "measure/read-counters.h"
#include "model/counters.h"

enum { HERE, THERE };

/* Rounds before those that are timed: after a fork pages have to be copied. */
static size_t warm_up(const struct pingpong *game)
{
	return game->rounds / 2;
}

static void touch(const struct pingpong *game, int who)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);
	const volatile char *set = game->sets[who];

	for (size_t i = 0; i < game->pages; i++)
		(void)set[i * page_size];
}

static bool step(int to, int from)
{
	char ball = 'o';

	return write(to, &ball, 1) == 1 && read(from, &ball, 1) == 1;
}

static int play_back(void *arg)
{
	const struct pingpong *game = arg;
	char ball;

	actor_ready();
	for (size_t i = 0; i < warm_up(game) + game->rounds; i++) {
		if (read(game->there[0], &ball, 1) != 1)
			return 1;
		touch(game, THERE);
		if (write(game->back[1], &ball, 1) != 1)
			return 1;
	}
	return 0;
}

static void close_pipes(struct pingpong *game)
{
	for (size_t i = 0; i < 2; i++) {
		close(game->there[i]);
		close(game->back[i]);
		close(game->alone[i]);
	}
}

/* Those that were opened are closed again when one cannot be. */
static bool open_pipes(struct pingpong *game)
{
	int *const pipes[] = { game->there, game->back, game->alone };
	size_t opened = 0;

	while (opened < 3 && !pipe(pipes[opened]))
		opened++;
	for (size_t i = 0; opened < 3 && i < opened; i++) {
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
	return opened == 3;
}

bool pingpong_open(struct pingpong *game, size_t rounds, size_t pages)
{
	*game = (struct pingpong) { .rounds = rounds, .pages = pages };
	if (!open_pipes(game))
		return false;
	for (size_t i = 0; pages && i < 2; i++)
		game->sets[i] = pages_map(pages);
	if (!pages || (game->sets[HERE] && game->sets[THERE]))
		return true;
	pingpong_close(game);
	return false;
}

void pingpong_close(struct pingpong *game)
{
	for (size_t i = 0; i < 2; i++) {
		if (game->sets[i])
			pages_unmap(game->sets[i], game->pages);
	}
	close_pipes(game);
}

static void counters_add(struct pingpong_match *match, const struct counters *part)
{
	const uint64_t *flushes = part->tlb[TLB_REASON_TASK_SWITCH];

	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		match->counters.switches[i] += part->switches[i];
	match->kept += flushes[TLB_OUTCOME_KEPT];
	match->flushes += flushes[TLB_OUTCOME_RANGE] + flushes[TLB_OUTCOME_FULL];
}

static uint64_t times_left(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

static bool play_rounds(const struct pingpong *game, size_t rounds, int to, int from)
{
	bool fine = true;

	for (size_t i = 0; fine && i < rounds; i++) {
		touch(game, HERE);
		fine = step(to, from);
	}
	return fine;
}

/* One write and one read go with each switch. */
static bool time_alone(const struct pingpong *game, double *ns)
{
	const int to = game->alone[1], from = game->alone[0];
	uint64_t start;
	bool fine = play_rounds(game, warm_up(game), to, from);

	start = now_ns();
	fine = fine && play_rounds(game, game->rounds, to, from);
	*ns = (double)(now_ns() - start) / (double)game->rounds;
	return fine;
}

static bool time_turns(const struct pingpong *game, struct pingpong_time *time)
{
	uint64_t start, left = times_left();
	bool fine;

	start = now_ns();
	fine = play_rounds(game, game->rounds, game->there[1], game->back[0]);
	time->turn_ns = (double)(now_ns() - start) / (2.0 * (double)game->rounds);
	time->left = times_left() - left;
	return fine;
}

/* The counters are read at once before and after, on this CPU. */
static bool count_turns(const struct pingpong *game, struct pingpong_match *match,
			struct pingpong_time *time)
{
	struct counters before, now;

	if (counters_read_cpu(&before, measuring_cpu()) || !time_turns(game, time) ||
	    counters_read_cpu(&now, measuring_cpu()))
		return false;
	counters_since(&now, &before);
	counters_add(match, &now);
	match->left += time->left;
	return true;
}

bool pingpong_play(struct pingpong *game, enum actor_kind kind, struct pingpong_match *match,
		   struct pingpong_time *time)
{
	struct actor *partner = actor_start(kind, play_back, game);
	bool fine;

	if (!partner)
		return false;
	actor_await(partner);
	fine = time_alone(game, &time->pipe_ns);
	actor_release(partner);
	fine = fine && play_rounds(game, warm_up(game), game->there[1], game->back[0]) &&
	       (match ? count_turns(game, match, time) : time_turns(game, time));
	return !actor_join(partner) && fine;
}
