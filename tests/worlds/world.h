/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A world is a file with functions __wrap_NAME: the tool is linked with it, and calls
 * them instead of NAME (ld --wrap). __real_NAME is what it would have called.
 */
#ifndef WORLD_H
#define WORLD_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/message-channel.h"
#include "model/finding.h"
#include "read/formats.h"
#include "read/page-lookup.h"
#include "read/snapshot.h"

/* What worlds replace: @who is __wrap for their own, __real for the replaced. */
#define REPLACEABLE(who) \
	int who##_pthread_create(pthread_t *thread, const pthread_attr_t *attr, \
				 void *(*body)(void *arg), void *arg); \
	int who##_pthread_join(pthread_t thread, void **value); \
	pid_t who##_fork(void); \
	pid_t who##_vfork(void); \
	pid_t who##_waitpid(pid_t pid, int *status, int options); \
	int who##_execlp(const char *file, const char *arg, ...); \
	void *who##_mmap(void *address, size_t size, int protection, int flags, int fd, \
			 off_t offset); \
	void *who##_shmat(int id, const void *address, int flags); \
	int who##_shmdt(const void *address); \
	FILE *who##_fopen(const char *path, const char *mode); \
	DIR *who##_opendir(const char *path); \
	int who##_open(const char *path, int flags, ...); \
	int who##_access(const char *path, int mode); \
	int who##_close(int fd); \
	ssize_t who##_read(int fd, void *buffer, size_t size); \
	ssize_t who##_recv(int fd, void *buffer, size_t size, int flags); \
	int who##_poll(struct pollfd *fds, nfds_t count, int timeout); \
	int who##_setsockopt(int fd, int level, int name, const void *value, socklen_t size); \
	struct actor *who##_actor_start(enum actor_kind kind, int (*body)(void *arg), void *arg); \
	struct channel *who##_channel_open(enum channel_kind kind); \
	int who##_snapshot_read(struct snapshot *snapshot, const struct format *format, \
			       const pid_t *tgids, size_t count); \
	int who##_page_lookup(pid_t tgid, const void *address, struct page_facts *facts); \
	int who##_kcmp_same(pid_t one, pid_t other, int what); \
	int who##_pin_to(unsigned int cpu); \
	uint64_t who##_now_ns(void); \
	unsigned int who##_experiment_patience(void); \
	void who##_measure_definition(struct finding *finding); \
	void who##_measure_memory(struct finding *finding); \
	void who##_measure_resources(struct finding *finding)

REPLACEABLE(__wrap);
REPLACEABLE(__real);

/* Where the code of the program is: the linker's. */
extern char __executable_start, etext;

/* fork() with flags of clone(2). */
static inline pid_t fork_with(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

/* What a thread begins with, where it leaves something behind. */
struct beginning {
	int leaves;		/* CLONE_FS ... of unshare(2) */
	void *(*body)(void *arg);
	void *arg;
};

static inline void *begin_apart(void *arg)
{
	struct beginning beginning = *(struct beginning *)arg;

	free(arg);
	if (unshare(beginning.leaves))
		abort();
	return beginning.body(beginning.arg);
}

/* pthread_create() of a thread that leaves what @leaves says. */
static inline int create_apart(int leaves, pthread_t *thread, const pthread_attr_t *attr,
			       void *(*body)(void *arg), void *arg)
{
	struct beginning *beginning = malloc(sizeof(*beginning));

	if (!beginning)
		return ENOMEM;
	*beginning = (struct beginning) { leaves, body, arg };
	return __real_pthread_create(thread, attr, begin_apart, beginning);
}

#endif
