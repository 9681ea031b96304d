/* SPDX-License-Identifier: GPL-2.0 */
/* Tasks and their numbers: those that a test puts into fake_tasks. */
#ifndef FAKE_KERNEL_TASKS_H
#define FAKE_KERNEL_TASKS_H

#define TASK_COMM_LEN 16
#define PF_KTHREAD 0x200000
#define PF_IO_WORKER 0x10
#define CLONE_VM 0x100UL
#define CLONE_VFORK 0x4000UL
#define CLONE_THREAD 0x10000UL

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID };
struct idr { bool used; };
struct pid_namespace { int level; struct idr idr; unsigned int pid_allocated; };
#define PIDNS_ADDING BIT(31)
struct task_struct;

/* The number in the initial namespace, and in the other one that there is; 0: none. */
struct pid {
	int number, inner;
	int count;				/* references that were taken */
	struct task_struct *task;
};

struct task_struct {
	struct mm_struct *mm, *active_mm;
	pid_t pid, tgid;
	unsigned int flags;
	char comm[TASK_COMM_LEN];
	struct task_struct *group_leader;
	struct pid *thread_pid;
	u64 start_boottime, self_exec_id;
	bool idle;
	struct signal_struct *signal, own_signal; /* a group has the leader's */
	struct files_struct *files;
	struct fs_struct *fs;
	struct sighand_struct *sighand;
	struct nsproxy *nsproxy;
	struct io_context *io_context;
	struct { struct sem_undo_list *undo_list; } sysvsem;
	struct task_struct *real_parent;
	void *vfork_done, *stack;
	refcount_t stack_refcount;
	struct { unsigned long fsbase; } thread;
	unsigned long nvcsw, nivcsw;
	int usage;				/* references that were taken */
};

/* Isolated CPUs, a bit each. */
extern unsigned int fake_isolated;
enum hk_type { HK_TYPE_TICK };
#define cpu_is_isolated(cpu) (!!(fake_isolated & BIT(cpu)))
#define housekeeping_test_cpu(cpu, type) true

extern struct task_struct *fake_current, *fake_idle[FAKE_CPUS];
#define current fake_current
extern struct pid_namespace init_pid_ns, fake_inner_ns, *fake_ns;

#define FAKE_TASKS 4096
extern struct task_struct *fake_tasks[FAKE_TASKS];
extern unsigned int fake_ntasks;

#define for_each_process(task) \
	for (unsigned int i_ = 0; i_ < fake_ntasks && ((task) = fake_tasks[i_]); i_++) \
		if ((task)->pid != (task)->tgid) { } else
#define for_each_thread(group, task) \
	for (unsigned int i_ = 0; i_ < fake_ntasks && ((task) = fake_tasks[i_]); i_++) \
		if ((task)->tgid != (group)->tgid) { } else
#define for_each_process_thread(group, task) \
	for (unsigned int i_ = 0; i_ < fake_ntasks && ((task) = fake_tasks[i_], \
	     (group) = (task)->group_leader, true); i_++)

/* The next number of a namespace, from *number on. */
struct pid *fake_next_pid(struct pid_namespace *ns, int *number);
#define idr_get_next(of, number) \
	fake_next_pid(container_of(of, struct pid_namespace, idr), number)
static inline struct task_struct *get_task_struct(struct task_struct *task)
{
	task->usage++;
	return task;
}

#define put_task_struct(task) ((task)->usage--)
struct pid *find_pid_ns(int number, struct pid_namespace *ns);
#define find_vpid(number) find_pid_ns(number, fake_ns)
struct task_struct *pid_task(struct pid *pid, enum pid_type type);
struct pid *get_pid(struct pid *pid);
void put_pid(struct pid *pid);
pid_t pid_nr_ns(struct pid *pid, struct pid_namespace *ns);
#define task_pid(task) ((task)->thread_pid)
#define task_tgid(task) ((task)->group_leader->thread_pid)
#define task_pid_nr_ns(task, ns) pid_nr_ns(task_pid(task), ns)
#define task_tgid_nr_ns(task, ns) pid_nr_ns(task_tgid(task), ns)
#define task_active_pid_ns(task) fake_ns
#define thread_group_leader(task) ((task)->pid == (task)->tgid)
#define get_task_comm(to, task) strcpy(to, (task)->comm)
#define task_lock(task) ((void)(task))
#define task_unlock(task) ((void)(task))
#define is_idle_task(task) ((task)->idle)

/* Tracepoints and ftrace: who calls the probe functions is the test. */
struct tracepoint;
struct ftrace_regs;
struct ftrace_ops { void *func; unsigned long flags; };
#define FTRACE_OPS_FL_RECURSION 0
#define FTRACE_OPS_FL_PERMANENT 0
#define ftrace_set_filter(ops, name, length, reset) 0
#define register_ftrace_function(ops) 0
#define unregister_ftrace_function(ops) do { } while (0)
enum {
	TLB_FLUSH_ON_TASK_SWITCH, TLB_REMOTE_SHOOTDOWN, TLB_LOCAL_SHOOTDOWN,
	TLB_LOCAL_MM_SHOOTDOWN, TLB_REMOTE_SEND_IPI,
};

/* An event of our own is noted: how many, and what came last. */
struct fake_event { unsigned int count; unsigned long arguments[5]; };
#define TP_PROTO(...) __VA_ARGS__
#define TP_ARGS(...) __VA_ARGS__
#define TRACE_DEFINE_ENUM(name) _Static_assert(1, #name)
#define TRACE_EVENT(name, proto, args, ...) \
	static struct fake_event fake_##name __attribute__((unused)); \
	static bool fake_##name##_enabled __attribute__((unused)); \
	static inline bool trace_##name##_enabled(void) { return fake_##name##_enabled; } \
	static inline void trace_##name(proto) \
	{ FAKE_NOTE(fake_##name, args) }
#define FAKE_NOTE(event, ...) FAKE_NOTE_(event, __VA_ARGS__, 0, 0, 0, 0, 0)
#define FAKE_NOTE_(event, a, b, c, d, e, ...) \
	event.count++; \
	event.arguments[0] = (unsigned long)(a); event.arguments[1] = (unsigned long)(b); \
	event.arguments[2] = (unsigned long)(c); event.arguments[3] = (unsigned long)(d); \
	event.arguments[4] = (unsigned long)(e);

#endif
