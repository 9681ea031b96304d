// SPDX-License-Identifier: GPL-2.0
/* What of the fake kernel is more than a macro; and TAP for the tests. */
#include <stdarg.h>

#include "kernel.h"
#include "test.h"

unsigned int fake_fail_at, fake_cpu, fake_ntasks, fake_isolated;
void (*fake_meanwhile)(void);
long fake_allocations;
struct task_struct *fake_tasks[FAKE_TASKS], *fake_current, *fake_idle[FAKE_CPUS];
struct pid_namespace init_pid_ns, fake_inner_ns = { .level = 1 }, *fake_ns = &init_pid_ns;

static u64 state = 88172645463325252ull, now_ns = 1000;
static unsigned int tests, failed;

/* So that the section is there also where a source has no such variable. */
static DEFINE_PER_CPU(u64, percpu_filler) __attribute__((used));

void *fake_per_cpu(const void *variable, unsigned int cpu)
{
	static char *base[FAKE_CPUS];
	size_t size = (size_t)(__stop_percpu - __start_percpu);
	size_t offset = (size_t)((const char *)variable - __start_percpu);

	if (offset >= size || cpu >= FAKE_CPUS)
		abort();
	if (!base[cpu]) {
		if (posix_memalign((void **)&base[cpu], 64, size))
			abort();
		memcpy(base[cpu], __start_percpu, size);
	}
	return base[cpu] + offset;
}

void *fake_alloc(size_t count, size_t size)
{
	void *memory;

	if (fake_fail_at && !--fake_fail_at)
		return NULL;
	/* Cache lines, as the kernel gives them for what is large. */
	if (posix_memalign(&memory, 64, count * size + 1))
		abort();
	memset(memory, 0, count * size + 1);
	fake_allocations++;
	return memory;
}

void fake_free(const void *memory)
{
	fake_allocations -= !!memory;
	free((void *)memory);
}

int kstrtouint(const char *text, unsigned int base, unsigned int *result)
{
	unsigned long long value;
	char *end;

	if (*text == '+')
		text++;
	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, (int)base);
	if (*end)
		return -EINVAL;
	if (errno || value > UINT_MAX)
		return -ERANGE;
	*result = (unsigned int)value;
	return 0;
}

u64 fake_clock(void)
{
	return now_ns;
}

void fake_time_passes(u64 ns)
{
	now_ns += ns;
}

u64 random_number(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

void get_random_bytes(void *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((char *)to)[i] = (char)random_number();
}

/* Not SipHash: any keyed function will do for what is built on it. */
u32 siphash_2u32(u32 first, u32 second, const siphash_key_t *key)
{
	u64 mixed = (first ^ key->key[0]) * GOLDEN_RATIO_64;

	mixed = (mixed ^ mixed >> 31 ^ second ^ key->key[1]) * GOLDEN_RATIO_64;
	return (u32)(mixed >> 32);
}

struct pid *find_pid_ns(int number, struct pid_namespace *ns)
{
	for (unsigned int i = 0; i < fake_ntasks; i++)
		if (pid_nr_ns(fake_tasks[i]->thread_pid, ns) == number)
			return fake_tasks[i]->thread_pid;
	return NULL;
}

struct pid *fake_next_pid(struct pid_namespace *ns, int *number)
{
	struct pid *next = NULL;

	for (unsigned int i = 0; i < fake_ntasks; i++) {
		struct pid *pid = fake_tasks[i]->thread_pid;
		int its = pid_nr_ns(pid, ns);

		if (its && its >= *number && (!next || its < pid_nr_ns(next, ns)))
			next = pid;
	}
	if (next)
		*number = pid_nr_ns(next, ns);
	return next;
}

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	if (!pid || (type == PIDTYPE_TGID && !thread_group_leader(pid->task)))
		return NULL;
	return pid->task;
}

struct pid *get_pid(struct pid *pid)
{
	pid->count++;
	return pid;
}

void put_pid(struct pid *pid)
{
	pid->count--;
}

pid_t pid_nr_ns(struct pid *pid, struct pid_namespace *ns)
{
	return ns == &init_pid_ns ? pid->number : pid->inner;
}

struct task_struct *fake_task(int pid, int tgid, struct mm_struct *mm)
{
	struct task_struct *task = calloc(1, sizeof(*task));
	struct pid *number = calloc(1, sizeof(*number));

	if (!task || !number || fake_ntasks == FAKE_TASKS)
		abort();
	*task = (struct task_struct) {
		.pid = pid, .tgid = tgid, .mm = mm, .active_mm = mm, .thread_pid = number,
	};
	snprintf(task->comm, sizeof(task->comm), "task%d", pid);
	*number = (struct pid) { .number = pid, .inner = pid, .task = task };
	task->group_leader = task;
	for (unsigned int i = 0; i < fake_ntasks; i++)
		if (fake_tasks[i]->pid == tgid)
			task->group_leader = fake_tasks[i];
	task->signal = &task->group_leader->own_signal;
	fake_tasks[fake_ntasks++] = task;
	init_pid_ns.pid_allocated = fake_ntasks;
	fake_inner_ns.pid_allocated = fake_ntasks;
	return task;
}

void fake_tasks_end(void)
{
	while (fake_ntasks) {
		fake_ntasks--;
		free(fake_tasks[fake_ntasks]->thread_pid);
		free(fake_tasks[fake_ntasks]);
	}
}

bool tap_result(bool good, const char *file, int line, const char *format, ...)
{
	va_list args;

	tests++;
	failed += !good;
	if (!good)
		printf("# %s:%d\n", file, line);
	printf("%s %u - ", good ? "ok" : "not ok", tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return good;
}

int main(int argc, char **argv)
{
	const char *seed = getenv("SEED");

	if (seed)
		state = strtoull(seed, NULL, 0) | 1;
	printf("# SEED=%llu repeats it\n", (unsigned long long)state);
	setvbuf(stdout, NULL, _IOLBF, 0);
	test();
	fake_tasks_end();
	printf("1..%u\n", tests);
	return failed != 0 || argc != 1 || !argv[0];
}
