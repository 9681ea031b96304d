// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of tasks and of what they share: random tasks, whose objects' users are counted one
 * by one; then tasks that change, end or are released while they are looked at.
 */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define TASKS 60
#define POOL 9			/* objects of a kind */

static struct {
	struct mm_struct mm;
	struct files_struct files;
	struct fs_struct fs;
	struct sighand_struct sighand;
	struct nsproxy nsproxy;
	struct io_context io;
	struct sem_undo_list undo;
} pool[POOL];

/* Where a task has an object of a kind. */
static void *field(struct task_struct *task, enum shared_object which)
{
	switch (which) {
	case OBJECT_MM:
		return &task->mm;
	case OBJECT_FILES:
		return &task->files;
	case OBJECT_FS:
		return &task->fs;
	case OBJECT_SIGHAND:
		return &task->sighand;
	case OBJECT_SIGNAL:
		return &task->signal;
	case OBJECT_NSPROXY:
		return &task->nsproxy;
	case OBJECT_IO:
		return &task->io_context;
	default:
		return &task->sysvsem.undo_list;
	}
}

static void *object_of(struct task_struct *task, enum shared_object which)
{
	return *(void **)field(task, which);
}

static void give(struct task_struct *task)
{
	task->mm = &pool[random_number() % POOL].mm;
	task->files = &pool[random_number() % POOL].files;
	task->fs = &pool[random_number() % POOL].fs;
	task->sighand = &pool[random_number() % POOL].sighand;
	task->nsproxy = &pool[random_number() % POOL].nsproxy;
	task->io_context = random_number() % 2 ? &pool[random_number() % POOL].io : NULL;
	task->sysvsem.undo_list = random_number() % 2 ? &pool[random_number() % POOL].undo : NULL;
}

/* How many tasks have it: the kernel's count where it keeps one. */
static int users_of(const void *object, enum shared_object which)
{
	int users = 0;

	for (unsigned int i = 0; i < fake_ntasks; i++)
		users += object_of(fake_tasks[i], which) == object;
	return users;
}

/* Each kind's own count, and references of others that make it no less than that. */
static void count_users(void)
{
	for (unsigned int i = 0; i < POOL; i++) {
		pool[i].mm.mm_users.counter = users_of(&pool[i].mm, OBJECT_MM) + i % 3;
		pool[i].mm.start_stack = 1000 + i;
		pool[i].files.count.counter = users_of(&pool[i].files, OBJECT_FILES);
		pool[i].fs.users = users_of(&pool[i].fs, OBJECT_FS);
		pool[i].sighand.count.refs = users_of(&pool[i].sighand, OBJECT_SIGHAND);
		pool[i].nsproxy.count.counter = users_of(&pool[i].nsproxy, OBJECT_NSPROXY);
		pool[i].io.active_ref.counter = users_of(&pool[i].io, OBJECT_IO);
	}
	for (unsigned int i = 0; i < fake_ntasks; i++)
		fake_tasks[i]->own_signal.nr_threads =
			users_of(&fake_tasks[i]->own_signal, OBJECT_SIGNAL);
}

static void make_tasks(void)
{
	int leader = 2;

	for (int pid = 2; pid < 2 + TASKS; pid++) {
		bool more = pid > 2 && random_number() % 3;
		struct task_struct *task;

		leader = more ? leader : pid;
		task = fake_task(pid, leader, NULL);
		give(task);
		task->real_parent = fake_tasks[random_number() % fake_ntasks];
		task->nvcsw = pid * 10;
		task->nivcsw = pid * 100;
	}
	count_users();
}

static int users_shown(const void *object, enum shared_object which)
{
	if (!object || which == OBJECT_SYSVSEM)
		return USERS_UNKNOWN;
	return users_of(object, which) +
	       (which == OBJECT_MM ? ((char *)object - (char *)pool) / sizeof(pool[0]) % 3 : 0);
}

static unsigned int wrong_of(const struct task_row *row, struct task_struct *task)
{
	unsigned int wrong = row->tid != task->pid || row->tgid != task->tgid ||
			     row->ppid != task->real_parent->tgid ||
			     row->leader != (task->pid == task->tgid) || row->registers ||
			     strcmp(row->comm, task->comm) || row->nvcsw != task->nvcsw ||
			     row->nivcsw != task->nivcsw;

	for (enum shared_object which = 0; which < SHARED_OBJECTS; which++) {
		const void *object = object_of(task, which);

		wrong += row->object[which] != object;
		wrong += row->users[which] != users_shown(object, which);
	}
	return wrong;
}

static void test_random(void)
{
	unsigned int wrong = 0;

	for (unsigned int round = 0; round < 100; round++) {
		struct task_snapshot *snapshot;

		make_tasks();
		snapshot = tasks_snapshot();
		wrong += snapshot->count != TASKS;
		for (unsigned int i = 0; i < snapshot->count; i++)
			wrong += wrong_of(&snapshot->row[i], fake_tasks[i]);
		kvfree(snapshot);
		fake_tasks_end();
	}
	CHECK(!wrong, "tasks: each row has what its task has, and the users of that");
	CHECK(!fake_allocations, "tasks: nothing is left");
}

/* A group of three, and one of one. */
static void make_groups(void)
{
	for (int pid = 2; pid < 6; pid++) {
		struct task_struct *task = fake_task(pid, pid < 5 ? 2 : 5, NULL);

		task->mm = &pool[task->tgid % POOL].mm;
		task->sighand = &pool[task->tgid % POOL].sighand;
		task->real_parent = fake_tasks[0];
	}
	count_users();
}

/* What the kernel does to a thread that ends, step by step; @steps of them. */
static void release(struct task_struct *task, unsigned int steps)
{
	if (steps > 0) {
		task->mm->mm_users.counter--;
		task->mm = NULL;
	}
	if (steps > 1)
		task->signal->nr_threads--;
	if (steps > 2)
		task->thread_pid->number = 0;
	if (steps > 3)
		task->sighand = NULL;
}

static unsigned int steps_to_go;

/* Once it is listed. */
static void release_second(void)
{
	fake_meanwhile = NULL;
	release(fake_tasks[1], steps_to_go);
}

static void test_release(void)
{
	for (unsigned int steps = 0; steps <= 4; steps++) {
		unsigned int mms = 0, signals = 0;
		struct task_snapshot *snapshot;

		make_groups();
		steps_to_go = steps;
		fake_meanwhile = release_second;
		snapshot = tasks_snapshot();
		for (unsigned int i = 0; i < snapshot->count; i++) {
			mms += !!snapshot->row[i].object[OBJECT_MM];
			signals += !!snapshot->row[i].object[OBJECT_SIGNAL];
		}
		CHECK(snapshot->count == (steps > 2 ? 3 : 4) && signals == snapshot->count &&
		      mms == (steps ? 3 : 4),
		      "tasks: after %u of the steps in which a thread ends the others have all",
		      steps);
		kvfree(snapshot);
		fake_tasks_end();
	}
}

static void test_without(void)
{
	struct task_snapshot *snapshot;

	make_groups();
	fake_tasks[1]->sighand = NULL;
	fake_tasks[3]->flags = PF_KTHREAD;
	snapshot = tasks_snapshot();
	CHECK(!snapshot->row[1].object[OBJECT_SIGNAL] && snapshot->row[0].object[OBJECT_SIGNAL],
	      "tasks: one that was released has no signals");
	CHECK(!snapshot->row[3].object[OBJECT_MM] &&
	      snapshot->row[3].users[OBJECT_MM] == USERS_UNKNOWN,
	      "tasks: a kernel thread only borrows an address space");
	kvfree(snapshot);
	fake_tasks_end();
}

/* One lets go of what it has, and another is given just that: nobody shares it. */
static void move_one(void)
{
	struct task_struct *from = fake_tasks[random_number() % 6];
	struct task_struct *to = fake_tasks[random_number() % 6];

	if (!from->files || to->files)
		return;
	to->files = from->files;
	from->files = NULL;
}

static void test_moves(void)
{
	unsigned int wrong = 0, lost = 0;

	for (int i = 0; i < 8; i++) {
		struct task_struct *task = fake_task(2 + i, 2 + i, NULL);

		task->real_parent = task;
		task->files = i > 5 ? &pool[0].files : i % 2 ? &pool[i].files : NULL;
	}
	count_users();
	fake_meanwhile = move_one;
	for (unsigned int round = 0; round < 20000; round++) {
		struct task_snapshot *snapshot = tasks_snapshot();

		for (unsigned int i = 0; i < 6; i++)
			for (unsigned int j = 0; j < i; j++)
				wrong += snapshot->row[i].object[OBJECT_FILES] &&
					 snapshot->row[i].object[OBJECT_FILES] ==
					 snapshot->row[j].object[OBJECT_FILES];
		lost += snapshot->row[6].object[OBJECT_FILES] != &pool[0].files ||
			snapshot->row[7].object[OBJECT_FILES] != &pool[0].files;
		kvfree(snapshot);
	}
	fake_meanwhile = NULL;
	CHECK(!wrong, "tasks: nobody shares what is handed on, however often");
	CHECK(!lost, "tasks: and what is shared all the time is so each time");
	fake_tasks_end();
}

static void test_registers(void)
{
	struct pt_regs stack = { .user = true, .ip = 17, .sp = 19 };
	struct task_struct *task = fake_task(2, 2, &pool[1].mm);
	struct task_snapshot *snapshot;

	task->real_parent = task;
	task->stack = &stack;
	task->thread.fsbase = 23;
	for (unsigned int i = 0; i < 4; i++) {
		task->stack_refcount.refs = i != 1;
		stack.user = i != 2;
		task->flags = i == 3 ? PF_IO_WORKER : 0;
		snapshot = tasks_snapshot();
		CHECK(snapshot->row[0].registers == !i && snapshot->row[0].pc == (i ? 0 : 17) &&
		      snapshot->row[0].sp == (i ? 0 : 19) && snapshot->row[0].tls == (i ? 0 : 23),
		      "tasks: registers %s", i == 0 ? "of user mode" : i == 1 ? "of no dead stack" :
		      i == 2 ? "that are not of user mode" : "that a worker has not");
		kvfree(snapshot);
	}
	fake_tasks_end();
}

static void test_memory(void)
{
	make_groups();
	for (unsigned int i = 1; i <= 4; i++) {
		fake_fail_at = i;
		CHECK(PTR_ERR(tasks_snapshot()) == -ENOMEM && !fake_allocations,
		      "tasks: no memory at allocation %u", i);
	}
	for (unsigned int i = 0; i < fake_ntasks; i++)
		fake_allocations += fake_tasks[i]->usage;
	CHECK(!fake_allocations, "tasks: no reference to a task is left");
	fake_tasks_end();
}

void test(void)
{
	test_random();
	test_release();
	test_without();
	test_moves();
	test_registers();
	test_memory();
}
