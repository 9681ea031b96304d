// SPDX-License-Identifier: GPL-2.0
/*
 * What of the kernel's objects a task has of its own: the actor changes
 * something, and the measuring task looks whether it happened to itself too.
 * The ids of the objects say why; kcmp(2) is the witness.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "witness/kcmp.h"

#define OLD_VALUE 31
#define NEW_VALUE 37
#define LOWEST_DESCRIPTOR 200	/* far from those that actors use */

struct object_test {
	enum actor_kind about;		/* whom the claim is about; the other is shown beside it */
	enum shared_object object;
	enum shared_object companion;	/* that is shared or not along with it */
	const char *what;		/* the object, for people */
	int kcmp_type;
	int (*prepare)(void);		/* the measuring task, before the actor */
	int (*change)(void);		/* the actor */
	bool (*noticed)(void);		/* the measuring task */
	bool (*answer)(void);		/* the actor, afterwards; may be NULL */
	void (*restore)(void);
	const char *source;		/* of the line that follows */
	const char *changed, *seen, *unseen;
};

struct outcome {
	struct task_pair pair;
	bool same;		/* one object, by id */
	bool same_companion;
	int kcmp_same;		/* the witness; -1 when it cannot tell */
	bool noticed;
};

/* --- the changes --- */

static int *page;

static int map_old_page(void)
{
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -1;
	*page = OLD_VALUE;
	return 0;
}

static int map_new_page(void)
{
	void *fresh = mmap(page, sizeof(*page), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (fresh == MAP_FAILED)
		return -1;
	*(volatile int *)fresh = NEW_VALUE;
	return 0;
}

static bool is_new_page(void)
{
	return *(volatile int *)page == NEW_VALUE;
}

static void unmap_page(void)
{
	munmap(page, sizeof(*page));
}

/* The number under which the actor opens, chosen to be free in both. */
static int descriptor, actor_end;

static int choose_descriptor(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	descriptor = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_DESCRIPTOR);
	close(fd);
	if (descriptor >= 0)
		return close(descriptor);
	errno = EMFILE;		/* EINVAL: beyond what ulimit -n allows */
	return -1;
}

static int move_to_descriptor(int fd)
{
	int moved = dup3(fd, descriptor, O_CLOEXEC);

	close(fd);
	return moved;
}

static int open_file(void)
{
	return move_to_descriptor(open("/dev/null", O_RDWR | O_CLOEXEC));
}

static bool is_open(void)
{
	return fcntl(descriptor, F_GETFD) >= 0;
}

static int open_socket(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	actor_end = ends[1];
	return move_to_descriptor(ends[0]);
}

static bool send_through_socket(void)
{
	return send(descriptor, "x", 1, MSG_NOSIGNAL) == 1;
}

static bool receive_from_socket(void)
{
	char byte;
	bool received = recv(actor_end, &byte, 1, MSG_DONTWAIT) == 1;

	close(actor_end);
	return received;
}

static void close_descriptor(void)
{
	close(descriptor);	/* open only where the tables are one */
}

/* SIGURG: ignored unless somebody asks for it. */
static volatile sig_atomic_t handled_by;
static struct sigaction before;

static void handle(int signal)
{
	(void)signal;
	handled_by = gettid();
}

static int remember_handler(void)
{
	handled_by = 0;
	return sigaction(SIGURG, NULL, &before);
}

static int set_handler(void)
{
	struct sigaction action = { .sa_handler = handle };

	return sigaction(SIGURG, &action, NULL);
}

static bool has_handler(void)
{
	struct sigaction now;

	return !sigaction(SIGURG, NULL, &now) && now.sa_handler == handle;
}

static bool runs_handler(void)
{
	raise(SIGURG);
	return handled_by == gettid();
}

static void restore_handler(void)
{
	sigaction(SIGURG, &before, NULL);
}

/* --- the experiment --- */

static int act(void *arg)
{
	const struct object_test *test = arg;

	if (test->change() < 0)
		return 2;
	actor_ready();
	return test->answer && !test->answer();
}

static int compare(struct finding *finding, const struct object_test *test,
		   enum actor_kind kind, struct outcome *outcome)
{
	struct actor *actor;
	int error, value;

	if (test->prepare()) {
		finding_impossible(finding, "cannot prepare the %s: %s", test->what,
				   strerror(errno));
		return -1;
	}
	actor = actor_start(kind, act, (void *)test);
	if (!actor) {
		finding_impossible(finding, "cannot start a %s: %s", side_name[kind],
				   strerror(errno));
		return -1;
	}
	actor_await(actor);
	error = task_pair(&outcome->pair, actor_tid(actor));
	outcome->same = same_object(&outcome->pair, test->object);
	outcome->same_companion = same_object(&outcome->pair, test->companion);
	outcome->kcmp_same = kcmp_same(getpid(), actor_tid(actor), test->kcmp_type);
	outcome->noticed = test->noticed();
	actor_release(actor);
	value = actor_join(actor);
	test->restore();
	if (error || (value && value != 1)) {
		finding_impossible(finding, "the %s could not make its change, or not both tasks are listed",
				   side_name[kind]);
		return -1;
	}
	outcome->noticed = outcome->noticed && !value;
	return 0;
}

static void show(struct finding *finding, const struct object_test *test,
		 enum actor_kind kind, const struct outcome *outcome)
{
	const struct task_pair *pair = &outcome->pair;

	finding_evidence(finding, "debugfs:tasks",
			 "%s: %s has %s %014llx, %s has %014llx, users %llu",
			 side_name[kind], measurer_name[kind], test->what,
			 (unsigned long long)pair->measurer.object[test->object],
			 actor_name[kind],
			 (unsigned long long)pair->actor.object[test->object],
			 (unsigned long long)pair->actor.users[test->object]);
	if (test->companion == OBJECT_SIGNAL)
		finding_evidence(finding, "debugfs:tasks", "%s: %s of pending signals (signal)",
				 side_name[kind], outcome->same_companion ? "one set" : "two sets");
	finding_evidence(finding, test->source, "%s: the %s %s, and the %s %s", side_name[kind],
			 actor_name[kind], test->changed, measurer_name[kind],
			 outcome->noticed ? test->seen : test->unseen);
	kcmp_witness(finding, side_name[kind], outcome->kcmp_same, outcome->same, test->what);
}

static const char *owned(const struct outcome *outcome)
{
	return outcome->same ? "the same" : "its own";
}

static const char *noticed(const struct outcome *outcome)
{
	return outcome->noticed ? "seen" : "not seen";
}

static void require_own(struct finding *finding, const struct object_test *test,
			const struct outcome *outcome)
{
	finding_require(finding, !outcome->same, "a child has its own %s", test->what);
	finding_require(finding, !outcome->same_companion,
			"a child has its own set of pending signals");
	finding_require(finding, !outcome->noticed, "the parent does not notice what a child changes");
}

static void require_shared(struct finding *finding, const struct object_test *test,
			   const struct outcome *outcome)
{
	finding_require(finding, outcome->same, "threads have one %s", test->what);
	finding_require(finding, outcome->same_companion, "threads have one set of pending signals");
	finding_require(finding, outcome->noticed, "the main thread notices what a thread changes");
}

static void decide(struct finding *finding, const struct object_test *test,
		   const struct outcome *process, const struct outcome *thread)
{
	side_text(&finding->process, "%s, change %s", owned(process), noticed(process));
	side_text(&finding->thread, "%s, change %s", owned(thread), noticed(thread));
	if (test->about == ACTOR_PROCESS)
		require_own(finding, test, process);
	else
		require_shared(finding, test, thread);
	finding_decide(finding, "a child has %s %s and its change is %s in the parent; a thread has %s %s and its change is %s in the main thread",
		       owned(process), test->what, noticed(process),
		       owned(thread), test->what, noticed(thread));
}

static void measure_object(struct finding *finding, const struct object_test *test)
{
	struct outcome process, thread;

	if (!finding_needs(finding, SEE_OBJECTS) ||
	    compare(finding, test, ACTOR_PROCESS, &process) ||
	    compare(finding, test, ACTOR_THREAD, &thread))
		return;
	show(finding, test, ACTOR_PROCESS, &process);
	show(finding, test, ACTOR_THREAD, &thread);
	decide(finding, test, &process, &thread);
}

void measure_own_address_space(struct finding *finding)
{
	static const struct object_test test = {
		ACTOR_PROCESS,
		OBJECT_MM, OBJECT_MM, "address space", KCMP_VM,
		map_old_page, map_new_page, is_new_page, NULL, unmap_page,
		"mmap(2)", "maps a new page over an old one",
		"sees the new page", "still has the old page",
	};

	measure_object(finding, &test);
}

void measure_own_open_files(struct finding *finding)
{
	static const struct object_test test = {
		ACTOR_PROCESS,
		OBJECT_FILES, OBJECT_FILES, "descriptor table", KCMP_FILES,
		choose_descriptor, open_file, is_open, NULL, close_descriptor,
		"fcntl(2)", "opens a file",
		"has its descriptor too", "has no such descriptor",
	};

	measure_object(finding, &test);
}

void measure_own_signal_handlers(struct finding *finding)
{
	static const struct object_test test = {
		ACTOR_PROCESS,
		OBJECT_SIGHAND, OBJECT_SIGNAL, "handler table", KCMP_SIGHAND,
		remember_handler, set_handler, has_handler, NULL, restore_handler,
		"sigaction(2)", "sets a handler for SIGURG",
		"has that handler too", "still has the default",
	};

	measure_object(finding, &test);
}

void measure_shared_open_files(struct finding *finding)
{
	static const struct object_test test = {
		ACTOR_THREAD,
		OBJECT_FILES, OBJECT_FILES, "descriptor table", KCMP_FILES,
		choose_descriptor, open_socket, send_through_socket,
		receive_from_socket, close_descriptor,
		"send(2)", "opens a socket",
		"sends a byte through it, which arrives", "has no such descriptor",
	};

	measure_object(finding, &test);
}

void measure_shared_signal_handlers(struct finding *finding)
{
	static const struct object_test test = {
		ACTOR_THREAD,
		OBJECT_SIGHAND, OBJECT_SIGNAL, "handler table", KCMP_SIGHAND,
		remember_handler, set_handler, runs_handler, NULL, restore_handler,
		"raise(3)", "sets a handler for SIGURG",
		"runs it at a SIGURG of its own", "takes no notice of a SIGURG of its own",
	};

	measure_object(finding, &test);
}
