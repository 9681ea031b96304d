// SPDX-License-Identifier: GPL-2.0
/* Now and then a register of a task is another one when it gets the CPU back. */
#include <time.h>
#include <ucontext.h>

#include "world.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static __thread timer_t timer;

/*
 * Begins anew only when a signal was handled, so that there is always time to go on in
 * between; often enough for turns that take milliseconds in all.
 */
static int lose_soon(void)
{
	const struct itimerspec soon = { .it_value.tv_nsec = 100000 };

	return timer_settime(timer, 0, &soon, NULL);
}

/* In a system call of the program itself, which only the held registers are around. */
static void lose(int number, siginfo_t *info, void *context)
{
	ucontext_t *user = context;
	const unsigned char *pc = (const unsigned char *)user->uc_mcontext.gregs[REG_RIP];

	(void)number;
	(void)info;
	lose_soon();
	if ((const char *)pc < &__executable_start || (const char *)pc > &etext)
		return;
	if ((pc[0] == 0x0f && pc[1] == 0x05) || (pc[-2] == 0x0f && pc[-1] == 0x05))
		user->uc_mcontext.gregs[REG_R12] ^= 1L << 40;
}

int __wrap_pin_to(unsigned int cpu)
{
	struct sigaction action = { .sa_sigaction = lose, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };

	event.sigev_notify_thread_id = gettid();
	if (sigaction(SIGALRM, &action, NULL) || timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    lose_soon())
		abort();
	return __real_pin_to(cpu);
}

/* A receive with a time limit is not gone on with after a signal. */
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	return name == SO_RCVTIMEO ? 0 : __real_setsockopt(fd, level, name, value, size);
}
