// SPDX-License-Identifier: GPL-2.0
/* sharestat tasks: who shares what with whom, as kcmp(2) for everybody. */
#include <err.h>
#include <stdlib.h>

#include "commands/command.h"
#include "commands/processes.h"
#include "lib/pid-list.h"
#include "model/task-sharing.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "show/table-cells.h"

enum { OPTION_TREE = 't', OPTION_USER = 'u' };

/* What a line is made of. */
struct view {
	struct line_head head;		/* its record is the task's */
	const struct sharing *sharing;
};

#define TASK(line) ((const struct task_record *)((const struct view *)(line))->head.record)

static void get_flags(struct cell *cell, const void *record)
{
	if (*TASK(record)->flags)
		cell_text(cell, "%s", TASK(record)->flags);
}

static void get_with(struct cell *cell, const void *record)
{
	const struct view *view = record;
	const struct task_record *relative = sharing_relative(view->sharing, TASK(view));

	if (relative)
		cell_number(cell, relative->tid);
}

static void get_shares(struct cell *cell, const void *record)
{
	const struct view *view = record;
	const struct task_record *relative = sharing_relative(view->sharing, TASK(view));
	char text[64];

	if (!relative)
		return;
	sharing_describe(text, sizeof(text), sharing_between(TASK(view), relative));
	if (*text)
		cell_text(cell, "%s", text);
}

static void get_note(struct cell *cell, const void *record)
{
	const struct view *view = record;
	char text[160];

	sharing_note(view->sharing, TASK(view), text, sizeof(text));
	if (!*text)
		return;
	cell_text(cell, "%s", text);
	cell_color(cell, "yellow");
}

#define MEMBER(member) .field = FIELD(struct task_record, member)
#define ID(kind) MEMBER(object[kind]), .convert = line_id

static const struct column columns[] = {
	{ "TID", "task id", COLUMN_NUMBER, 5, .standard = true, .tree = true,
	  MEMBER(tid) },
	{ "TGID", "thread group (process) id", COLUMN_NUMBER, 5, .standard = true,
	  MEMBER(tgid) },
	{ "PPID", "process id of the parent", COLUMN_NUMBER, 5, MEMBER(ppid) },
	{ "COMM", "name", COLUMN_STRING, 15, .standard = true, MEMBER(comm) },
	{ "FLAGS", "L leads its group, K kernel thread, W works for a user task, X exits, V holds its parent in vfork",
	  COLUMN_STRING, 3, .standard = true, .get = get_flags },
	{ "MM", "id of its address space", COLUMN_STRING, 5, .standard = true,
	  ID(OBJECT_MM) },
	{ "MM_USERS", "the kernel's count of users of the address space",
	  COLUMN_NUMBER, 3, .standard = true, MEMBER(users[OBJECT_MM]) },
	{ "FILES", "id of its table of open files", COLUMN_STRING, 5, .standard = true,
	  ID(OBJECT_FILES) },
	{ "FILES_USERS", "users of the table of open files", COLUMN_NUMBER, 3,
	  MEMBER(users[OBJECT_FILES]) },
	{ "FS", "id of its root, working directory and umask", COLUMN_STRING, 5,
	  ID(OBJECT_FS) },
	{ "FS_USERS", "users of root, working directory and umask", COLUMN_NUMBER, 3,
	  MEMBER(users[OBJECT_FS]) },
	{ "SIGHAND", "id of its signal handlers", COLUMN_STRING, 5, ID(OBJECT_SIGHAND) },
	{ "SIGHAND_USERS", "users of the signal handlers", COLUMN_NUMBER, 3,
	  MEMBER(users[OBJECT_SIGHAND]) },
	{ "SIGNAL", "id of its process-wide signal state", COLUMN_STRING, 5,
	  ID(OBJECT_SIGNAL) },
	{ "SIGNAL_USERS", "users of the signal state: threads of the process",
	  COLUMN_NUMBER, 3, MEMBER(users[OBJECT_SIGNAL]) },
	{ "NSPROXY", "id of its set of namespaces", COLUMN_STRING, 5, ID(OBJECT_NSPROXY) },
	{ "NSPROXY_USERS", "users of the set of namespaces", COLUMN_NUMBER, 3,
	  MEMBER(users[OBJECT_NSPROXY]) },
	{ "IO", "id of its I/O context", COLUMN_STRING, 5, ID(OBJECT_IO) },
	{ "IO_USERS", "users of the I/O context", COLUMN_NUMBER, 3, MEMBER(users[OBJECT_IO]) },
	{ "SYSVSEM", "id of its System V semaphore undo list", COLUMN_STRING, 5,
	  ID(OBJECT_SYSVSEM) },
	{ "NVCSW", "voluntary context switches", COLUMN_NUMBER, 5, MEMBER(nvcsw) },
	{ "NIVCSW", "involuntary context switches", COLUMN_NUMBER, 5, MEMBER(nivcsw) },
	{ "PC", "user program counter at the last entry into the kernel", COLUMN_HEX,
	  12, MEMBER(pc) },
	{ "SP", "user stack pointer at the last entry into the kernel", COLUMN_HEX,
	  12, MEMBER(sp) },
	{ "STACK", "start of the main thread's stack", COLUMN_HEX, 12, MEMBER(stack) },
	{ "TLS", "thread pointer", COLUMN_HEX, 12, MEMBER(tls) },
	{ "WITH", "the task that SHARES compares with: leader of the group, of a leader the parent",
	  COLUMN_NUMBER, 5, .get = get_with },
	{ "SHARES", "what it shares with WITH (nsproxy left out)", COLUMN_STRING, 26,
	  .standard = true, .get = get_shares },
	{ "NOTE", "odd mixes: CLONE_VM without CLONE_THREAD, vfork in flight ...; a main thread that has ended while others live on",
	  COLUMN_STRING, 20, .standard = true, .truncate = true, .get = get_note },
	{ 0 }
};

static const struct command_option own[] = {
	{ "tree", OPTION_TREE, NULL, "group by address space, then by thread group" },
	{ "user", OPTION_USER, NULL, "leave kernel threads out" },
	{ 0 }
};

struct selection {
	const struct snapshot *tasks;
	const struct options *options;
	struct pid_list groups;		/* of -p */
	bool user_only;
};

static bool selected(const struct selection *selection, const struct task_record *task)
{
	if (selection->user_only && task_has_flag(task, 'K'))
		return false;
	return pid_list_wants(&selection->groups, task->tgid);
}

/* One of all objects of all tasks. */
static object_id id_of(const void *context, size_t index)
{
	const struct selection *selection = context;
	const struct task_record *task = snapshot_record(selection->tasks, index / SHARED_OBJECTS);

	return selected(selection, task) ? task->object[index % SHARED_OBJECTS] : 0;
}

/* Depth in the tree: 0 stands for its mm, 1 leads a group, 2 is a thread. */
static int depth(const struct view *view)
{
	pid_t lowest;

	if (TASK(view)->tid != TASK(view)->tgid)
		return 2;
	lowest = sharing_lowest(view->sharing, TASK(view));
	return lowest && lowest != TASK(view)->tgid;
}

static void *find_parent(void *const *lines, const struct view *view)
{
	const struct task_record *parent = NULL;
	int level = depth(view);

	if (level == 2)
		parent = sharing_relative(view->sharing, TASK(view));
	else if (level == 1)
		parent = snapshot_task(view->sharing->tasks,
				       sharing_lowest(view->sharing, TASK(view)));
	if (!parent)
		return NULL;
	return lines[parent - (const struct task_record *)view->sharing->tasks->records];
}

/* A parent's line has to be there before its children's. */
static void add_tree(struct table *table, struct view *view,
		     const struct selection *selection)
{
	const struct snapshot *tasks = view->sharing->tasks;
	void **lines = calloc(tasks->count + 1, sizeof(*lines));

	if (!lines)
		err(EXIT_FAILURE, "tree");
	for (int level = 0; level <= 2; level++) {
		for (size_t i = 0; i < tasks->count; i++) {
			view->head.record = snapshot_record(tasks, i);
			if (selected(selection, TASK(view)) && depth(view) == level)
				lines[i] = table_add(table, view, find_parent(lines, view));
		}
	}
	free(lines);
}

static void add_list(struct table *table, struct view *view,
		     const struct selection *selection)
{
	for (size_t i = 0; i < view->sharing->tasks->count; i++) {
		view->head.record = snapshot_record(view->sharing->tasks, i);
		if (selected(selection, TASK(view)))
			table_add(table, view, NULL);
	}
}

static int print_tasks(const struct selection *selection)
{
	const struct output *output = &selection->options->output;
	struct sharing sharing;
	struct view view = { .sharing = &sharing };
	struct table *table = table_new("tasks", columns, output);
	int result;

	if (!table)
		return -1;
	if (sharing_init(&sharing, selection->tasks))
		err(EXIT_FAILURE, "tasks");
	view.head.id_digits = table_id_digits(output, selection->tasks->count * SHARED_OBJECTS,
					      id_of, selection);
	if (output->tree)
		add_tree(table, &view, selection);
	else
		add_list(table, &view, selection);
	result = table_print(table);
	table_free(table);
	sharing_free(&sharing);
	return result;
}

static int run(int argc, char **argv, struct options *options)
{
	struct snapshot tasks;
	struct selection selection = { .tasks = &tasks, .options = options };
	int option, result;

	while ((option = options_next(argc, argv, &command_tasks, options)) != -1) {
		if (option == OPTION_TREE)
			options->output.tree = true;
		else if (option == OPTION_USER)
			selection.user_only = true;
		else
			return EXIT_FAILURE;
	}
	if (options_no_operands(argc, argv) || table_check(columns, &options->output))
		return EXIT_FAILURE;
	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return EXIT_FAILURE;
	result = processes_among(options->pids, options->npids, &tasks, NEEDS_TASKS);
	pid_list_init(&selection.groups, options->pids, options->npids);
	if (!result)
		result = print_tasks(&selection);
	pid_list_free(&selection.groups);
	snapshot_free(&tasks);
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_tasks = {
	.name = "tasks",
	.takes = TAKES_TABLE "pR",
	.help = "Tasks, and what each shares with its thread group or its parent",
	.columns = columns,
	.run = run,
	.own = own,
};
