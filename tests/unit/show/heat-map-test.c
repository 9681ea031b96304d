// SPDX-License-Identifier: GPL-2.0
/* The heat map: in which order its rows stand, which squares are how dark. */
#include <stdlib.h>
#include <string.h>

#include "show/chart-heat-map.h"
#include "tap.h"

static const struct heat_member members[] = {
	{ 11, "alone", 100 }, { 12, "worker", 1000 }, { 13, "nothing", 50 },
	{ 14, "pair", 10 }, { 15, "worker", 500 }, { 16, "pair<b>", 10 }, { 17, "pair", 10 },
};

/* Out of order, and one pair in two pieces as --by-class has it. */
static const struct heat_pair pairs[] = {
	{ 0, 1, 4 }, { 6, 3, 7 }, { 4, 1, 250 }, { 1, 4, 150 }, { 5, 0, 2 },
};

struct job {
	const struct heat_member *members;
	const struct heat_pair *pairs;
	size_t nmembers, npairs;
	int result;
};

static void draw(void *arg)
{
	struct job *job = arg;

	job->result = svg_heat_map(stdout, "map", "title", job->members, job->nmembers, job->pairs,
				   job->npairs);
}

static bool in_order(const char *page, const char *const *words)
{
	for (; *words; words++) {
		page = strstr(page, *words);
		if (!page)
			return false;
		page += strlen(*words);
	}
	return true;
}

static void check_few(void)
{
	static const char *const wanted[] = {
		">12 worker<", ">15 worker<", ">14 pair<", ">17 pair<", ">11 alone<",
		">16 pair&lt;b&gt;<", NULL
	};
	struct job job = { members, pairs, 7, 5, 0 };
	char *page = capture(stdout, draw, &job);

	CHECK(!job.result, "heat map: it is drawn");
	/* Groups of several first: workers share 404 + 400, those of "pair" 7 + 7. */
	CHECK(in_order(page, wanted),
	      "heat map: names together, those that share most first, each in the order of pids");
	CHECK(!strstr(page, "nothing"), "heat map: who shares nothing has no row");
	CHECK(strstr(page, "viewBox=\"0 0 6 6\""), "heat map: six rows, six columns");
	/* 400 of 500: from 80 % on. */
	CHECK(strstr(page, "heat6)\" d=\"M1 0h1v1h-1zM0 1h1v1h-1z\""),
	      "heat map: the pieces of a pair are added, the pair stands in both halves");
	CHECK(strstr(page, "heat5)\" d=\"M3 2h1v1h-1zM2 3h1v1h-1z\""), "heat map: 7 of 10");
	CHECK(strstr(page, "heat3)\" d=\"M5 4h1v1h-1zM4 5h1v1h-1z\""),
	      "heat map: 2 of 10, the bound belongs to the darker");
	CHECK(strstr(page, "heat1)\" d=\"M4 0h1v1h-1zM0 4h1v1h-1z\""), "heat map: 4 of 100");
	CHECK(!strstr(page, "are not."), "heat map: nobody was left out");
	free(page);
}

#define MANY (HEAT_MAP_DRAWN + 17)

static void check_many(void)
{
	static struct heat_member many[MANY];
	static struct heat_pair chain[MANY];
	struct job job = { many, chain, MANY, MANY - 1, 0 };
	char *page, left_out[64];

	for (size_t i = 0; i < MANY; i++)
		many[i] = (struct heat_member) { (pid_t)(100 + i), i % 2 ? "odd" : "even", 1000 };
	/* The further the more. */
	for (size_t i = 0; i + 1 < MANY; i++)
		chain[i] = (struct heat_pair) { (uint32_t)i, (uint32_t)i + 1, i + 1 };
	page = capture(stdout, draw, &job);
	snprintf(left_out, sizeof(left_out), " The %d that share most are drawn, 17 more are not.",
		 HEAT_MAP_DRAWN);
	CHECK(!job.result && strstr(page, left_out), "heat map: it says how many it left out");
	CHECK(strstr(page, "<span>150 odd<") && strstr(page, "<span>150 even<"),
	      "heat map: of many, a name stands for all that have it");
	free(page);
}

void test_heat_map(void)
{
	struct job nobody = { members, NULL, 7, 0, 0 };
	char *page = capture(stdout, draw, &nobody);

	CHECK(!nobody.result && !*page, "heat map: nothing shared, nothing drawn");
	free(page);
	check_few();
	check_many();
}
