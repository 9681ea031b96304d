// SPDX-License-Identifier: GPL-2.0
/*
 * unmap-disturbs: one task maps, writes and unmaps memory of its own again and again,
 * another one computes on another CPU. How often is that CPU interrupted, to have it
 * forget translations that it never used?
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "measure/pin.h"
#include "measure/read-accounts.h"
#include "read/probes.h"

#define UNMAPS 211	/* each may have to wait for the other CPU */
#define BYTES 65536

/* Seen by both, also when they are processes. */
struct scene {
	unsigned int cpus[2];
	volatile bool over;
};

/* Of one kind. */
struct disturbance {
	uint64_t requests;	/* to other CPUs, by the task that unmaps */
	uint64_t interrupts;	/* of all CPUs, for that reason, as the kernel counts them */
};

static int compute(void *arg)
{
	const struct scene *scene = arg;

	actor_ready();
	while (!scene->over)
		;
	return 0;
}

static int unmap_often(void *arg)
{
	(void)arg;
	actor_ready();
	for (size_t i = 0; i < UNMAPS; i++) {
		char *area = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (area == MAP_FAILED)
			return 1;
		memset(area, 1, BYTES);
		munmap(area, BYTES);
	}
	actor_ready();
	return 0;
}

/* All that one thread group has asked other CPUs for. */
static bool read_requests(pid_t tgid, uint64_t *requests)
{
	struct accounts accounts;

	if (accounts_read(&accounts, ACCOUNTS_TLB))
		return false;
	*requests = 0;
	for (size_t i = 0; i < accounts.count; i++) {
		if (accounts.rows[i].tgid == tgid)
			*requests += account_reason(&accounts.rows[i],
						    TLB_REASON_REMOTE_SEND_IPI);
	}
	accounts_free(&accounts);
	return true;
}

/* The line "TLB:" of /proc/interrupts, with a figure a CPU; 0 where there is none. */
static uint64_t read_interrupts(void)
{
	FILE *file = fopen("/proc/interrupts", "re");
	uint64_t sum = 0, one;
	size_t size = 0;
	char *line = NULL;

	while (file && getline(&line, &size, file) > 0) {
		const char *at = strstr(line, "TLB:");
		int length;

		for (at = at ? at + strlen("TLB:") : "";
		     sscanf(at, " %" SCNu64 "%n", &one, &length) == 1; at += length)
			sum += one;
	}
	free(line);
	if (file)
		fclose(file);
	return sum;
}

static bool watch(struct disturbance *found, struct actor *unmapper)
{
	uint64_t before, interrupts = read_interrupts();
	bool fine = read_requests(actor_tgid(unmapper), &before);

	actor_release(unmapper);
	actor_await(unmapper);
	fine = read_requests(actor_tgid(unmapper), &found->requests) && fine;
	found->interrupts = read_interrupts() - interrupts;
	found->requests -= before;
	return fine;
}

/* Each is on its CPU from its beginning: those that it was on before would be asked, too. */
static bool play(struct disturbance *found, enum actor_kind kind, struct scene *scene)
{
	struct actor *bystander, *unmapper;
	bool fine;

	scene->over = false;
	pin_to(scene->cpus[1]);
	bystander = actor_start(kind, compute, scene);
	pin_to(scene->cpus[0]);
	unmapper = actor_start(kind, unmap_often, NULL);
	fine = bystander && unmapper;
	if (fine) {
		actor_await(bystander);
		actor_await(unmapper);
		actor_release(bystander);
		fine = watch(found, unmapper);
	}
	scene->over = true;
	if (unmapper)
		fine = !actor_join(unmapper) && fine;
	if (bystander)
		actor_join(bystander);
	unpin();
	return fine;
}

static void tell(struct finding *finding, const char *who, const struct disturbance *found)
{
	finding_evidence(finding, "debugfs:tlb_mms",
			 "a %s unmapped %d KiB %d times: %" PRIu64 " requests to other CPUs", who,
			 BYTES / 1024, UNMAPS, found->requests);
	/*
	 * Others ask for them, too, so there may be more; and fewer, as a CPU that has a
	 * kernel thread at the moment is asked, but left alone.
	 */
	finding_witness(finding, "/proc/interrupts", found->interrupts * 2 >= found->requests,
			"meanwhile CPUs were interrupted %" PRIu64 " times for the TLB",
			found->interrupts);
}

static void fill_side(struct side *side, const struct disturbance *found)
{
	side_count(side, (double)found->requests, "requests");
	side_label(side, "%" PRIu64 " requests, %d unmaps", found->requests, UNMAPS);
}

static void decide(struct finding *finding, const struct disturbance *process,
		   const struct disturbance *thread)
{
	tell(finding, "process", process);
	tell(finding, "thread", thread);
	fill_side(&finding->process, process);
	fill_side(&finding->thread, thread);
	finding_require(finding, thread->requests * 10 >= UNMAPS * 9,
			"a thread's unmap interrupts the CPU of another thread");
	finding_require(finding, process->requests * 10 <= UNMAPS,
			"a process's unmap interrupts no CPU of another process");
	finding_decide(finding, "a process asked other CPUs %llu times in %d unmaps, a thread %llu",
		       (unsigned long long)process->requests, UNMAPS,
		       (unsigned long long)thread->requests);
}

void measure_unmap_disturbs(struct finding *finding)
{
	struct disturbance process = { 0 }, thread = { 0 };
	struct scene *scene;

	if (!finding_counts(finding, "tlb")) {
		finding_impossible(finding, "nobody counts requests to flush the TLB here");
		return;
	}
	if (probes_hold("=tlb")) {	/* context-switch lets go of it for a while */
		finding_impossible(finding, "the probe \"tlb\" cannot be attached");
		return;
	}
	scene = mmap(NULL, sizeof(*scene), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (scene == MAP_FAILED) {
		finding_impossible(finding, "no memory that both tasks see");
		return;
	}
	if (measuring_cpus(scene->cpus, 2) < 2)
		finding_impossible(finding, "there is one CPU only, so no other to be interrupted");
	else if (play(&process, ACTOR_PROCESS, scene) && play(&thread, ACTOR_THREAD, scene))
		decide(finding, &process, &thread);
	else
		finding_impossible(finding, "the two tasks could not be started and counted");
	munmap(scene, sizeof(*scene));
}
