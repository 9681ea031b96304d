// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that processes share because they ask for it. The actor maps the
 * segment for itself when it is a process (unless fork hands it on), and uses
 * the mapping at hand when it is a thread. Then: are all pages on the same
 * frames, mapped how often, and does each read what the other wrote? (A child
 * inherits the parent's mapping of a file too, but without any page: fork
 * leaves page tables that a fault can fill.)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/vfs.h>
#include <linux/magic.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "read/names.h"

#define PAGES 13	/* prime */
#define CLASS(name) (1U << SHARING_##name)

struct segment {
	const struct mechanism *mechanism;
	size_t size;
	int id;			/* descriptor or shmid; -1 for none */
	unsigned char *memory;	/* as the measuring task has it */
	char where[64];		/* what the evidence says of it */
};

struct mechanism {
	const char *source, *call;
	int (*create)(struct segment *segment);
	void (*destroy)(struct segment *segment);
	/* In a process actor; NULL where fork hands the mapping on. */
	unsigned char *(*attach)(struct segment *segment);
	bool copies;		/* what the actor writes is its own */
	unsigned int classes, actor_classes;
};

/* What an actor reports, in memory that it shares with us. */
struct report {
	unsigned char *address;		/* of the segment in the actor */
	size_t read_first, read_second;	/* pages where it read what was written */
};

struct exchange {
	struct report report;
	struct page_view ours[PAGES], theirs[PAGES];
	bool one_space;
	size_t same, replies;		/* pages on one frame; replies we read */
	uint64_t maps_low, maps_high;
	unsigned char *address;
};

/* --- the mechanisms --- */

static int from_mmap(unsigned char **memory, size_t size, int flags, int fd)
{
	void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (mapped == MAP_FAILED)
		return -1;
	*memory = mapped;
	return 0;
}

static int create_anonymous(struct segment *segment)
{
	return from_mmap(&segment->memory, segment->size, MAP_SHARED | MAP_ANONYMOUS, -1);
}

static void destroy_anonymous(struct segment *segment)
{
	munmap(segment->memory, segment->size);
}

static const char *filesystem_name(long type)
{
	switch (type) {
	case TMPFS_MAGIC: return "tmpfs";
	case OVERLAYFS_SUPER_MAGIC: return "overlayfs";
	case EXT4_SUPER_MAGIC: return "ext4";
	case BTRFS_SUPER_MAGIC: return "btrfs";
	case XFS_SUPER_MAGIC: return "xfs";
	case V9FS_MAGIC: return "9p";
	default: return "another file system";
	}
}

static int open_in(const char *folder, struct segment *segment)
{
	char path[256];
	struct statfs fs;
	int fd;

	snprintf(path, sizeof(path), "%s/sharestat.XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -1;
	unlink(path);
	if (fstatfs(fd, &fs) || ftruncate(fd, segment->size)) {
		close(fd);
		return -1;
	}
	snprintf(segment->where, sizeof(segment->where), "a file of %s on %s",
		 folder, filesystem_name(fs.f_type));
	return fd;
}

/* /var/tmp first: unlike /tmp it is seldom a tmpfs. */
static int create_file(struct segment *segment)
{
	segment->id = open_in("/var/tmp", segment);
	if (segment->id < 0)
		segment->id = open_in("/tmp", segment);
	if (segment->id < 0)
		return -1;
	if (!from_mmap(&segment->memory, segment->size, MAP_SHARED, segment->id))
		return 0;
	close(segment->id);
	return -1;
}

static unsigned char *attach_file(struct segment *segment)
{
	unsigned char *memory;

	return from_mmap(&memory, segment->size, MAP_SHARED, segment->id) ? NULL : memory;
}

static unsigned char *attach_file_privately(struct segment *segment)
{
	unsigned char *memory;

	return from_mmap(&memory, segment->size, MAP_PRIVATE, segment->id) ? NULL : memory;
}

static void destroy_file(struct segment *segment)
{
	munmap(segment->memory, segment->size);
	close(segment->id);
}

static unsigned char *attach_sysv(struct segment *segment)
{
	void *memory = shmat(segment->id, NULL, 0);

	return memory == (void *)-1 ? NULL : memory;
}

/* Removed at once: the segment then ends with its last user, whatever happens. */
static int create_sysv(struct segment *segment)
{
	segment->id = shmget(IPC_PRIVATE, segment->size, IPC_CREAT | 0600);
	if (segment->id < 0)
		return -1;
	segment->memory = attach_sysv(segment);
	shmctl(segment->id, IPC_RMID, NULL);
	return segment->memory ? 0 : -1;
}

static void destroy_sysv(struct segment *segment)
{
	shmdt(segment->memory);
}

/* --- the exchange --- */

struct work {
	struct segment *segment;
	struct report *report;
	enum actor_kind kind;
};

static void write_pages(const struct segment *segment, unsigned char *memory, int value)
{
	for (size_t i = 0; i < PAGES; i++)
		((volatile unsigned char *)memory)[i * (segment->size / PAGES)] = value + i;
}

static size_t read_pages(const struct segment *segment, unsigned char *memory, int value)
{
	size_t found = 0;

	for (size_t i = 0; i < PAGES; i++)
		found += ((volatile unsigned char *)memory)[i * (segment->size / PAGES)] ==
			 value + i;
	return found;
}

enum { FIRST = 1, SECOND = 61, REPLY = 127 };

static int take_part(void *arg)
{
	const struct work *work = arg;
	struct segment *segment = work->segment;
	struct report *report = work->report;
	unsigned char *memory = segment->memory;

	if (work->kind == ACTOR_PROCESS && segment->mechanism->attach)
		memory = segment->mechanism->attach(segment);
	if (!memory)
		return 1;
	report->address = memory;
	report->read_first = read_pages(segment, memory, FIRST);
	actor_ready();
	report->read_second = read_pages(segment, memory, SECOND);
	write_pages(segment, memory, REPLY);
	actor_ready();
	return 0;
}

static int look(const struct work *work, struct actor *actor, struct exchange *exchange,
		struct tally *tally)
{
	struct segment *segment = work->segment;
	struct task_pair pair;

	exchange->address = work->report->address;
	if (!exchange->address || task_pair(&pair, actor_tid(actor)) ||
	    view_pages(getpid(), getpid(), segment->memory, PAGES, exchange->ours, tally) < 0 ||
	    view_pages(actor_tgid(actor), actor_tid(actor), exchange->address,
		       PAGES, exchange->theirs, tally) < 0)
		return -1;
	exchange->one_space = same_object(&pair, OBJECT_MM);
	return 0;
}

static int exchange_with(const struct work *work, struct exchange *exchange, struct tally *tally)
{
	struct segment *segment = work->segment;
	struct actor *actor;
	int error;

	write_pages(segment, segment->memory, FIRST);
	actor = actor_start(work->kind, take_part, (void *)work);
	if (!actor)
		return -1;
	actor_await(actor);
	error = look(work, actor, exchange, tally);
	write_pages(segment, segment->memory, SECOND);
	actor_release(actor);
	actor_await(actor);
	exchange->replies = read_pages(segment, segment->memory, REPLY);
	actor_release(actor);
	error |= actor_join(actor);
	exchange->report = *work->report;
	return error ? -1 : 0;
}

static void sum_up(struct exchange *exchange)
{
	exchange->maps_low = UINT64_MAX;
	for (size_t i = 0; i < PAGES; i++) {
		const uint64_t maps = exchange->ours[i].facts.maps;

		exchange->same += same_frame(&exchange->ours[i], &exchange->theirs[i]);
		if (maps < exchange->maps_low)
			exchange->maps_low = maps;
		if (maps > exchange->maps_high)
			exchange->maps_high = maps;
	}
}

static int observe(struct finding *finding, struct segment *segment, enum actor_kind kind,
		   struct exchange *exchange, struct tally *tally)
{
	struct work work = { segment, shared_block(sizeof(*work.report)), kind };
	int error = -1;

	memset(exchange, 0, sizeof(*exchange));
	if (work.report) {
		error = exchange_with(&work, exchange, tally);
		munmap(work.report, sizeof(*work.report));
	}
	sum_up(exchange);
	if (error)
		finding_impossible(finding, "a %s could not be started or get the memory by %s (%s), or its pages are not seen",
				   side_name[kind], segment->mechanism->source,
				   segment->mechanism->call);
	return error;
}

/* --- the verdict --- */

static bool is_class(const struct page_view *views, unsigned int classes)
{
	for (size_t i = 0; i < PAGES; i++) {
		if (!(classes & 1U << views[i].facts.sharing))
			return false;
	}
	return true;
}

/* What one reads of the other is counted whether or not the frames can be seen. */
static void fill_side(struct side *side, const struct exchange *exchange)
{
	if (sight_lacks(SEE_FRAMES)) {
		side_count(side, exchange->report.read_second, "pages");
		side_label(side, "%zu of %d read, frames not seen",
			   exchange->report.read_second, PAGES);
		return;
	}
	side_count(side, exchange->same, "pages");
	side_label(side, "%zu of %d shared, maps %llu", exchange->same, PAGES,
		   (unsigned long long)exchange->maps_high);
}

/* The claims are about processes; threads, with one mapping, stand beside them. */
static void decide(struct finding *finding, const struct mechanism *mechanism,
		   const struct exchange *process, const struct exchange *thread)
{
	fill_side(&finding->process, process);
	fill_side(&finding->thread, thread);
	finding_require(finding, !process->one_space, "the two have two page tables");
	finding_require(finding, process->report.read_first == PAGES,
			"the child reads what the parent wrote");
	finding_require_seen(finding, SEE_FRAMES, process->same == PAGES,
			     "both have all pages on the same frames");
	finding_require_seen(finding, SEE_FRAMES,
			     process->maps_low == 2 && process->maps_high == 2,
			     "each frame is mapped twice");
	finding_require(finding, process->report.read_second == PAGES,
			"the child reads what the parent writes then");
	finding_require(finding, process->replies == (mechanism->copies ? 0 : PAGES),
			mechanism->copies ? "what the child writes is its own" :
					    "the parent reads what the child writes");
	finding_require_seen(finding, SEE_MODULE, is_class(process->ours, mechanism->classes) &&
			     is_class(process->theirs, mechanism->actor_classes),
			     "the module's class of the pages is that of %s", mechanism->call);
	finding_decide(finding, "two processes have %s: the child reads %zu values of the parent, the parent %zu of the child%s; two threads have %s",
		       finding->process.text, process->report.read_second, process->replies,
		       mechanism->copies ? " (its copies)" : "", finding->thread.text);
}

static void show_frames(struct finding *finding, const struct segment *segment,
			enum actor_kind kind, const struct exchange *exchange)
{
	finding_evidence(finding, "debugfs:frames",
			 "%s: %zu of %d pages on one frame, maps %llu; %s at %p (%s), %s at %p (%s)",
			 side_name[kind], exchange->same, PAGES,
			 (unsigned long long)exchange->maps_high, measurer_name[kind],
			 (void *)segment->memory, sharing_names[exchange->ours[0].facts.sharing],
			 actor_name[kind], (void *)exchange->address,
			 sharing_names[exchange->theirs[0].facts.sharing]);
}

static void show(struct finding *finding, const struct segment *segment, enum actor_kind kind,
		 const struct exchange *exchange)
{
	if (!sight_lacks(SEE_FRAMES))
		show_frames(finding, segment, kind, exchange);
	finding_evidence(finding, "memory",
			 "%s: the %s read %zu of %d values and %zu of those that followed, the %s read %zu of its replies",
			 side_name[kind], actor_name[kind], exchange->report.read_first,
			 PAGES, exchange->report.read_second, measurer_name[kind],
			 exchange->replies);
}

static void measure_segment(struct finding *finding, struct segment *segment)
{
	const struct mechanism *mechanism = segment->mechanism;
	struct exchange process, thread;
	struct tally tally = { 0, 0 };

	if (!finding_needs(finding, SEE_OBJECTS) ||
	    observe(finding, segment, ACTOR_PROCESS, &process, &tally) ||
	    observe(finding, segment, ACTOR_THREAD, &thread, &tally))
		return;
	finding_evidence(finding, mechanism->source, "%s: %d pages of %s%s", mechanism->call,
			 PAGES, segment->where,
			 process.ours[0].facts.sharing == SHARING_POSIXSHM ?
			 ", whose pages a tmpfs keeps: hence the class posixshm" : "");
	show(finding, segment, ACTOR_PROCESS, &process);
	show(finding, segment, ACTOR_THREAD, &thread);
	tally_evidence(finding, &tally);
	decide(finding, mechanism, &process, &thread);
}

static void measure_mechanism(struct finding *finding, const struct mechanism *mechanism)
{
	struct segment segment = {
		.mechanism = mechanism,
		.size = PAGES * sysconf(_SC_PAGESIZE),
		.id = -1,
		.where = "shared memory",
	};

	if (mechanism->create(&segment)) {
		finding_impossible(finding, "%s, %s: %s", mechanism->source, mechanism->call,
				   strerror(errno));
		return;
	}
	measure_segment(finding, &segment);
	mechanism->destroy(&segment);
}

void measure_can_share_anonymous(struct finding *finding)
{
	static const struct mechanism mechanism = {
		"mmap(2)", "MAP_SHARED|MAP_ANONYMOUS before fork",
		create_anonymous, destroy_anonymous, NULL, false,
		CLASS(MAPANON), CLASS(MAPANON),
	};

	measure_mechanism(finding, &mechanism);
}

/* A file of a tmpfs is what shm_open() makes: the module calls it posixshm. */
void measure_can_share_file(struct finding *finding)
{
	static const struct mechanism mechanism = {
		"mmap(2)", "MAP_SHARED by each",
		create_file, destroy_file, attach_file, false,
		CLASS(MAPFILE) | CLASS(POSIXSHM), CLASS(MAPFILE) | CLASS(POSIXSHM),
	};

	measure_mechanism(finding, &mechanism);
}

void measure_can_share_sysv(struct finding *finding)
{
	static const struct mechanism mechanism = {
		"shmat(2)", "the segment attached by each",
		create_sysv, destroy_sysv, attach_sysv, false,
		CLASS(SYSVSHM), CLASS(SYSVSHM),
	};

	measure_mechanism(finding, &mechanism);
}

void measure_can_share_mapped_file(struct finding *finding)
{
	static const struct mechanism mechanism = {
		"mmap(2)", "MAP_SHARED by the parent, MAP_PRIVATE by the child",
		create_file, destroy_file, attach_file_privately, true,
		CLASS(MAPFILE) | CLASS(POSIXSHM), CLASS(FILECOW) | CLASS(POSIXSHM),
	};

	measure_mechanism(finding, &mechanism);
}
