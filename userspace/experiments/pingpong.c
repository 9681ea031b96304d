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
#include "read/whole-file.h"

enum { HERE, THERE };

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
	for (size_t i = 0; i < game->rounds; i++) {
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
	}
}

bool pingpong_open(struct pingpong *game, size_t rounds, size_t pages)
{
	*game = (struct pingpong) { .rounds = rounds, .pages = pages };
	if (pipe(game->there))
		return false;
	if (pipe(game->back)) {
		close(game->there[0]);
		close(game->there[1]);
		return false;
	}
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

/* The counters are read at once before and after, on this CPU. */
bool pingpong_play(struct pingpong *game, enum actor_kind kind, struct pingpong_match *match,
		   double *ns)
{
	struct actor *partner = actor_start(kind, play_back, game);
	struct counters before, now;
	uint64_t start, left;
	bool fine;

	if (!partner)
		return false;
	actor_await(partner);
	actor_release(partner);
	fine = !counters_read_cpu(&before, measuring_cpu());
	left = times_left();
	start = now_ns();
	for (size_t i = 0; fine && i < game->rounds; i++) {
		touch(game, HERE);
		fine = step(game->there[1], game->back[0]);
	}
	*ns = (double)(now_ns() - start) / (2.0 * (double)game->rounds);
	match->left += times_left() - left;
	fine = fine && !counters_read_cpu(&now, measuring_cpu());
	if (fine) {
		counters_since(&now, &before);
		counters_add(match, &now);
	}
	return !actor_join(partner) && fine;
}

/* One write and one read go with each switch. */
double pingpong_alone(struct pingpong *game)
{
	uint64_t start = now_ns();

	for (size_t i = 0; i < game->rounds; i++) {
		touch(game, HERE);
		step(game->there[1], game->there[0]);
	}
	return (double)(now_ns() - start) / (double)game->rounds;
}
