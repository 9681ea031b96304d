// SPDX-License-Identifier: GPL-2.0
/*
 * 100,000 texts at the files that take text. A model, written after the ABI
 * text and not after the module, says for each of them whether it is taken or
 * with which errno it is refused, and what the file then shows: what was
 * refused must have changed nothing.
 * Usage: fuzz [INPUTS [SEED]]; FUZZ_INPUTS does for the first
 */
#include "fuzz-text.h"
#include "sleepers.h"

#include "kselftest.h"

#define INPUTS 100000
#define PROCESSES 6
#define PIDS_MAX 1024

#define OPENINGS 3	/* of enable, each of which may hold probes */

/* What the files show. */
static struct model {
	bool switched[4], held[OPENINGS][4];
	size_t pids;
	pid_t pid[PIDS_MAX];
} model;

static const char *const probe_names[] = { "switches", "tlb", "births", "latency" };

static struct sleeper *sleepers;
static pid_t dead, thread;
static char numbers[PROCESSES + 1][16];	/* of live processes */
static unsigned long tried, taken;
static struct input input;
static int enable_shown, set_pid_shown;	/* open for reading */

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

/* next_word() - the text's next word, of *size bytes, or NULL */
static const char *next_word(const char **at, size_t *size)
{
	const char *end = input.text + input.size, *word;

	while (*at < end && is_blank(**at))
		++*at;
	for (word = *at; *at < end && !is_blank(**at); ++*at)
		;
	*size = *at - word;
	return *size ? word : NULL;
}

/* What no file takes. */
static int check_text(void)
{
	if (input.size > TEXT_MAX)
		return -E2BIG;
	return memchr(input.text, '\0', input.size) ? -EINVAL : 0;
}

static unsigned int holders(const struct model *of, size_t probe)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < OPENINGS; i++)
		count += of->held[i][probe];
	return count;
}

static int expect_probe(struct model *next, size_t opening, const char *word, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(probe_names); i++) {
		if (size - 1 != strlen(probe_names[i]) ||
		    memcmp(word + 1, probe_names[i], size - 1))
			continue;
		if (*word != '+' && *word != '-' && *word != '=')
			break;
		/* The last word on a probe counts, so an earlier one is as if it were not. */
		next->switched[i] = *word == '+' || (*word == '=' && model.switched[i]);
		next->held[opening][i] = *word == '=' ||
					 (*word == '+' && model.held[opening][i]);
		return 0;
	}
	return -EINVAL;
}

static int expect_enable(struct model *next, size_t opening)
{
	const char *at = input.text, *word;
	int ret = check_text();
	size_t size, words = 0;

	while (!ret && (word = next_word(&at, &size))) {
		ret = expect_probe(next, opening, word, size);
		words++;
	}
	if (!ret && !words)
		return -EINVAL;
	if (!ret && (next->switched[1] || holders(next, 1)) && !flushes_are_traced())
		return -EOPNOTSUPP;
	return ret;
}

static int expect_number(const char *word, size_t size, pid_t *pid)
{
	unsigned __int128 number = 0;
	const char *end = word + size;

	if (*word == '+')
		word++;
	if (word == end || *word < '0' || *word > '9')
		return -EINVAL;
	for (; word < end && *word >= '0' && *word <= '9'; word++)
		if (number <= UINT64_MAX)
			number = number * 10 + *word - '0';
	if (number > UINT64_MAX)
		return -ERANGE;
	if (word < end)
		return -EINVAL;
	if (number > INT32_MAX)
		return -ERANGE;
	*pid = number;
	return number ? 0 : -EINVAL;
}

/* Of a number that is no process of ours the kernel knows more than we do. */
static int expect_process(pid_t pid)
{
	char status[2048];

	if (pid == thread)
		return -EINVAL;
	if (!proc_read(pid, "status", status, sizeof(status)))
		return -ESRCH;
	/* Threads have a folder in /proc, and kernel threads no memory. */
	if ((pid_t)proc_number(status, "Tgid") != pid || !strstr(status, "\nVmSize:"))
		return -EINVAL;
	return 0;
}

static int add_pid(struct model *next, pid_t pid)
{
	size_t i;

	for (i = 0; i < next->pids; i++)
		if (next->pid[i] == pid)
			return 0;
	if (next->pids == PIDS_MAX)
		return -E2BIG;
	next->pid[next->pids++] = pid;
	return 0;
}

static int expect_set_pid(struct model *next, bool appended)
{
	const char *at = input.text, *word;
	int ret = check_text();
	size_t size;
	pid_t pid;

	if (!appended)
		next->pids = 0;
	while (!ret && (word = next_word(&at, &size))) {
		ret = expect_number(word, size, &pid);
		if (!ret)
			ret = expect_process(pid);
		if (!ret)
			ret = add_pid(next, pid);
	}
	return ret;
}

/* What a file shows, without its heading; the module writes it anew each time. */
static void read_back(int fd, const char *file, char *text, size_t size)
{
	ssize_t got = pread(fd, text, size - 1, 0);
	char *rest = text;
	int line;

	if (got < 0)
		fail("%s: %s", file, strerror(errno));
	text[got] = '\0';
	for (line = 0; line < 2 && rest; line++)
		rest = strchr(rest, '\n') ? strchr(rest, '\n') + 1 : NULL;
	if (!rest)
		fail("%s has no heading", file);
	memmove(text, rest, strlen(rest) + 1);
}

static bool shows_model(void)
{
	static char shown[PIDS_MAX * 12], wanted[PIDS_MAX * 12];
	size_t i, length = 0;

	read_back(enable_shown, "enable", shown, sizeof(shown));
	for (i = 0; i < ARRAY_SIZE(probe_names); i++)
		length += sprintf(wanted + length, "%c%s %s %u\n",
				  model.switched[i] || holders(&model, i) ? '+' : '-',
				  probe_names[i], model.switched[i] ? "on" : "off",
				  holders(&model, i));
	if (strcmp(shown, wanted)) {
		printf("# enable shows:\n# %s# and not:\n# %s", shown, wanted);
		return false;
	}
	read_back(set_pid_shown, "set_pid", shown, sizeof(shown));
	for (*wanted = '\0', length = 0, i = 0; i < model.pids; i++)
		length += sprintf(wanted + length, "%d\n", model.pid[i]);
	if (strcmp(shown, wanted)) {
		printf("# set_pid shows:\n# %s# and not:\n# %s", shown, wanted);
		return false;
	}
	return true;
}

/* Write the input: the answer must be @expected, and the files show @next then. */
static bool check_write(int fd, int expected, const struct model *next)
{
	int ret = try_write_bytes(fd, input.text, input.size);

	tried++;
	taken += !ret;
	if (!ret)
		model = *next;
	if (ret == expected && shows_model())
		return true;
	printf("# input %lu: the answer was %d, should be %d\n", tried, ret, expected);
	print_input(&input);
	return false;
}

static bool try_enable(int *fds)
{
	static const char *const words[] = {
		"+switches", "-switches", "=switches", "+tlb", "-tlb", "=tlb", "+births",
		"-births", "=births", "+latency", "-latency", "=latency", "+all", "-", "+", "=",
		"switches",
	};
	struct model next = model;
	size_t opening = below(OPENINGS);

	/* Each change waits for all probes that run: seldom, then. */
	if (one_in(3))
		blind_text(&input);
	else
		knowing_text(&input, words, one_in(3) ? ARRAY_SIZE(words) : 12, 5, 100);
	return check_write(fds[opening], expect_enable(&next, opening), &next);
}

/* Whoever holds, lets go. */
static bool try_close(int *fds)
{
	size_t opening = below(OPENINGS);

	close(fds[opening]);
	memset(model.held[opening], 0, sizeof(model.held[opening]));
	fds[opening] = open_file("enable", one_in(2) ? O_WRONLY : O_RDWR);
	if (shows_model())
		return true;
	printf("# after closing one of enable\n");
	return false;
}

static bool try_set_pid(int fd, bool appended)
{
	static const char *const words[] = {
		numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5],
		"1", "+1", "0001", "2", "0", "-1", "2147483647", "2147483648", "4294967297",
		"18446744073709551615", "18446744073709551616", "1x", numbers[PROCESSES],
	};
	struct model next = model;

	if (one_in(3))
		blind_text(&input);
	else
		knowing_text(&input, words, one_in(3) ? ARRAY_SIZE(words) : 9, 8, 3);
	return check_write(fd, expect_set_pid(&next, appended), &next);
}

static bool try_reset(int fd)
{
	static const char *const words[] = { "1", "1", "0", "11", "1\n" };
	struct model same = model;
	bool asked, busy = false;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(probe_names); i++)
		busy |= holders(&model, i) > 0;
	if (one_in(3))
		blind_text(&input);
	else
		knowing_text(&input, words, ARRAY_SIZE(words), 1, 20);
	asked = (input.size == 1 || (input.size == 2 && input.text[1] == '\n')) &&
		input.text[0] == '1';
	ret = check_text();
	return check_write(fd, ret ?: !asked ? -EINVAL : busy ? -EBUSY : 0, &same);
}

/* A filter of an opening's own: taken or not, the file still works. */
static bool try_own_filter(void)
{
	static const char *const files[] = { "vmas", "frames", "frames.bin" };
	static const char *const words[] = {
		numbers[0], numbers[1], numbers[2], "shared", "totals", "sharedtotals", "all",
		numbers[PROCESSES],
	};
	const char *file = files[below(3)];
	int fd = open_file(file, O_RDWR), ret;
	bool too_long;
	char byte;

	if (one_in(3))
		blind_text(&input);
	else
		knowing_text(&input, words, ARRAY_SIZE(words), 4, 3);
	ret = try_write_bytes(fd, input.text, input.size);
	tried++;
	taken += !ret;
	too_long = input.size > TEXT_MAX;
	if (too_long != (ret == -E2BIG) ||
	    (ret && ret != -EINVAL && ret != -ERANGE && ret != -ESRCH && ret != -E2BIG)) {
		printf("# %s: the answer was %d\n", file, ret);
		print_input(&input);
		return false;
	}
	ret = read(fd, &byte, 1) == 1 ? try_write_bytes(fd, "", 0) : -EIO;
	close(fd);
	if (ret == -EBUSY && shows_model())
		return true;
	printf("# %s: %d after a filter and a read\n", file, ret);
	print_input(&input);
	return false;
}

/* From a page that has no neighbour: what is there is not enough. */
static bool try_torn(int fd)
{
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t size = 1 + below(64);
	int ret;

	if (page == MAP_FAILED || munmap(page + PAGE, PAGE))
		fail("a page: %s", strerror(errno));
	memset(page, '1', PAGE);
	ret = try_write_bytes(fd, page + PAGE - size, size + 1 + below(64));
	munmap(page, PAGE);
	tried++;
	return ret == -EFAULT && shows_model();
}

static void start_processes(void)
{
	size_t i;

	sleepers = sleepers_alloc(PROCESSES + 1);
	for (i = 0; i < PROCESSES; i++) {
		sleeper_start(&sleepers[i]);
		sleeper_wait(&sleepers[i]);
		sprintf(numbers[i], "%d", sleepers[i].tid);
	}
	sleepers[PROCESSES].flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		CLONE_THREAD;
	sleeper_start(&sleepers[PROCESSES]);
	sleeper_wait(&sleepers[PROCESSES]);
	thread = sleepers[PROCESSES].tid;
	sprintf(numbers[PROCESSES], "%d", thread);
	dead = fork();
	if (!dead)
		_exit(0);
	waitpid(dead, NULL, 0);
}

static void end_processes(void)
{
	size_t i;

	for (i = 0; i < PROCESSES; i++)
		sleeper_end(&sleepers[i]);
}

enum { ENABLE, SET_PID = ENABLE + OPENINGS, APPEND, RESET, TARGETS };

static bool try_any(int *fds)
{
	size_t dice = below(100);

	if (one_in(1000))
		return try_close(&fds[ENABLE]);
	if (dice < 40)
		return try_enable(&fds[ENABLE]);
	if (dice < 70)
		return try_set_pid(fds[SET_PID], false);
	if (dice < 85)
		return try_set_pid(fds[APPEND], true);
	if (dice < 93)
		return try_reset(fds[RESET]);
	if (dice < 98)
		return try_own_filter();
	return try_torn(fds[below(TARGETS)]);
}

int main(int argc, char **argv)
{
	const char *inputs = argc > 1 ? argv[1] : getenv("FUZZ_INPUTS");
	unsigned long limit = inputs ? strtoul(inputs, NULL, 10) : INPUTS;
	struct timespec now;
	int fds[TARGETS];
	size_t i;

	clock_gettime(CLOCK_REALTIME, &now);
	random_state = argc > 2 ? strtoull(argv[2], NULL, 0) :
		(uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	ksft_print_header();
	ksft_set_plan(1);
	ksft_print_msg("seed %#llx\n", (unsigned long long)random_state);
	/* They would inherit what is open, and hold on to it. */
	start_processes();
	for (i = 0; i < OPENINGS; i++)
		fds[ENABLE + i] = open_file("enable", O_WRONLY);
	fds[SET_PID] = open_file("set_pid", O_WRONLY);
	fds[APPEND] = open_file("set_pid", O_WRONLY | O_APPEND);
	fds[RESET] = open_file("reset", O_WRONLY);
	enable_shown = open_file("enable", O_RDONLY);
	set_pid_shown = open_file("set_pid", O_RDONLY);
	write_file(SHARESTAT_DIR "set_pid", "\n");
	probes(PROBES_OFF);
	while (tried < limit && try_any(fds))
		;
	end_processes();
	write_file(SHARESTAT_DIR "set_pid", "\n");
	probes(PROBES_OFF);
	ksft_print_msg("%lu inputs, %lu of them taken\n", tried, taken);
	ksft_test_result(tried >= limit && taken > limit / 100,
			 "%lu inputs do what the ABI says and no more\n", limit);
	ksft_finished();
}
