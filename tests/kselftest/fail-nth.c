// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation of each file operation fails once, in turn (fault injection by
 * /proc/thread-self/fail-nth, in a kernel that has it): the operation fails with
 * ENOMEM or does without, nothing is changed by what failed, and the next one
 * works. What is not given back is found by kmemleak.
 */
#include "control-test.h"
#include "files-test.h"
#include "sleepers.h"

#include <sys/klog.h>
#include <sys/syscall.h>

#include "kselftest.h"

#define LIMIT 400	/* allocations of one operation; the largest has some 100 */
#define LOAD_LIMIT 3000	/* of loading it: the kernel allocates for each symbol and section */

static int fail_nth;
static char own[16];

static void set_nth(int nth)
{
	char text[16];
	int size = sprintf(text, "%d", nth);

	/* This copies as well, so it may be what fails; then no longer. */
	if (pwrite(fail_nth, text, size, 0) != size && pwrite(fail_nth, text, size, 0) != size)
		fail("fail-nth: %s", strerror(errno));
}

/*
 * Was there an allocation of that number, and so a fault? Copying to the user
 * counts, too: at the last moment it may be this reading that fails.
 */
static bool was_injected(void)
{
	char text[16] = "";
	ssize_t got = pread(fail_nth, text, sizeof(text) - 1, 0);

	set_nth(0);
	return got > 0 && atoi(text) == 0;
}

static int read_to_end(const char *file)
{
	static char buffer[1 << 16];
	char path[64];
	ssize_t got;
	int fd, ret;

	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		;
	ret = got < 0 ? -errno : 0;
	close(fd);
	return ret;
}

static int write_once(const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", file);
	return try_write(path, text);
}

static int read_own(const char *file)
{
	static char buffer[1 << 16];
	char path[64];
	ssize_t got;
	int fd, ret;

	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", file);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = try_write_bytes(fd, own, strlen(own));
	while (!ret && (got = read(fd, buffer, sizeof(buffer))) != 0)
		if (got < 0)
			ret = -errno;
	close(fd);
	return ret;
}

static int append_pid(const char *text)
{
	int fd = open(SHARESTAT_DIR "set_pid", O_WRONLY | O_APPEND | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = try_write_bytes(fd, text, strlen(text));
	close(fd);
	return ret;
}

static int operate(const char *operation, const char *argument)
{
	if (!strcmp(operation, "read"))
		return read_to_end(argument);
	if (!strcmp(operation, "filter"))
		return read_own(argument);
	if (!strcmp(operation, "append"))
		return append_pid(argument);
	return write_once(operation, argument);
}

/* shown() - what enable and set_pid show */
static void shown(char *text, size_t size)
{
	int enable = open_file("enable", O_RDONLY), pids = open_file("set_pid", O_RDONLY);
	ssize_t got = read(enable, text, size - 1);

	if (got >= 0)
		text += got;
	got = read(pids, text, size - 1 - (got > 0 ? got : 0));
	text[got > 0 ? got : 0] = '\0';
	close(enable);
	close(pids);
}

/*
 * A failure is ENOMEM, or EFAULT where a copy failed and not an allocation. Where
 * the kernel can do without it is none, as when it turns from kmalloc() to
 * vmalloc().
 */
static bool fails_cleanly(const char *operation, const char *argument, const char *prepare)
{
	char before[2048], after[2048];
	int nth, ret, failed = 0, faults = 0;

	for (nth = 1; nth <= LIMIT; nth++) {
		if (prepare)
			write_file(SHARESTAT_DIR "enable", prepare);
		shown(before, sizeof(before));
		set_nth(nth);
		ret = operate(operation, argument);
		if (!was_injected())
			break;
		faults++;
		failed += ret == -ENOMEM;
		if (ret && ret != -ENOMEM && ret != -EFAULT) {
			ksft_print_msg("allocation %d: %s\n", nth, strerror(-ret));
			return false;
		}
		shown(after, sizeof(after));
		if (ret && strcmp(before, after)) {
			ksft_print_msg("allocation %d: failed, yet changed:\n%s", nth, after);
			return false;
		}
	}
	ret = operate(operation, argument);
	ksft_print_msg("%d allocations, %d of them needed\n", faults, failed);
	if (ret)
		ksft_print_msg("the next one fails: %s\n", strerror(-ret));
	return !ret && nth <= LIMIT && faults && failed;
}

static void test(const char *operation, const char *argument, const char *prepare)
{
	bool good = fails_cleanly(operation, argument, prepare);

	ksft_test_result(good, "%s %.*s\n", operation, (int)strcspn(argument, "\n"), argument);
}

static bool load(int file)
{
	return !syscall(SYS_finit_module, file, "", 0);
}

static bool unload(void)
{
	return !syscall(SYS_delete_module, "sharestat", O_NONBLOCK);
}

/*
 * Each allocation of loading the module, the kernel's for it among them: either it
 * is loaded whole, or nothing of it is there, and the next one is.
 */
static bool loads_or_not(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), nth, failed = 0;
	bool loaded = file >= 0 && unload(), injected = true;

	for (nth = 1; loaded && injected && nth <= LOAD_LIMIT; nth++) {
		set_nth(nth);
		loaded = load(file);
		injected = was_injected();
		failed += !loaded;
		if (loaded != !access(SHARESTAT_DIR, F_OK) ||
		    loaded != !access(SHARESTAT_DIR "reset", F_OK)) {
			ksft_print_msg("allocation %d: neither there nor gone\n", nth);
			return false;
		}
		loaded = (loaded || load(file)) && unload();
	}
	ksft_print_msg("%d allocations, %d of them needed\n", nth - 2, failed);
	return load(file) && loaded && !injected && failed;
}

/* By default only what may not wait is made to fail, and each failure is logged. */
static void configure(const char *fault)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/ignore-gfp-wait", fault);
	if (!access(path, F_OK))
		write_file(path, "0");
	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/verbose", fault);
	write_file(path, "0");
}

enum { LOG_READ_ALL = 3, LOG_CLEAR = 5, LOG_CONSOLE_LEVEL = 8 };

#define IGNORE_LOGLEVEL "/sys/module/printk/parameters/ignore_loglevel"

/*
 * Where memory runs out the kernel warns with a stack trace, and so it does for
 * ours. It goes no further than the log for a while; what is worse than a warning
 * still goes to the console, where the lab sees it.
 */
static void log_open(void)
{
	write_file(IGNORE_LOGLEVEL, "N");
	klogctl(LOG_CONSOLE_LEVEL, NULL, 4);
	klogctl(LOG_CLEAR, NULL, 0);
}

/* The kernel itself warns where it has no memory for the fields of our events. */
static const char *find_fault(const char *text, const char *words)
{
	const char *at = text, *own;

	while ((at = strstr(at, words))) {
		own = strstr(at, " event_define_fields+");
		if (!own || own > strchrnul(at, '\n'))
			return at;
		at = own;
	}
	return NULL;
}

static bool log_has_a_fault(void)
{
	static const char *const faults[] = {
		"BUG", "KASAN", "UBSAN", "ODEBUG", "WARNING", "possible ", "suspicious",
		"corruption", "general protection", "held lock", "sleeping function",
	};
	static char text[1 << 20];
	int size = klogctl(LOG_READ_ALL, text, sizeof(text) - 1);
	bool found = size < 0;
	size_t i;

	text[size > 0 ? size : 0] = '\0';
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		const char *at = find_fault(text, faults[i]);

		if (!at)
			continue;
		ksft_print_msg("the log: %.120s\n", at);
		found = true;
	}
	return found;
}

static void log_close(void)
{
	klogctl(LOG_CLEAR, NULL, 0);
	klogctl(LOG_CONSOLE_LEVEL, NULL, 7);
	write_file(IGNORE_LOGLEVEL, "Y");
}

/* Those of main(): two of each file at most, and nine more. */
static unsigned int count_tests(void)
{
	unsigned int count = 9;
	size_t i;

	for (i = 0; i < ABI_FILES; i++)
		count += file_gives_text(&abi_files[i]) + file_has_filter(abi_files[i].name);
	return count;
}

int main(void)
{
	size_t i;

	ksft_print_header();
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0 || access("/sys/kernel/debug/failslab", F_OK)) {
		/* Nothing was tested, so it is no pass. */
		ksft_exit_fail_msg("no fault injection here: tests/kselftest/run --debug has it\n");
	}
	log_open();
	configure("failslab");
	configure("fail_page_alloc");
	configure("fail_usercopy");
	write_file("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	snprintf(own, sizeof(own), "%d\n", getpid());
	write_file(SHARESTAT_DIR "set_pid", own);
	probes(ALL_PROBES);
	ksft_set_plan(count_tests());
	for (i = 0; i < ABI_FILES; i++) {
		if (file_gives_text(&abi_files[i]))
			test("read", abi_files[i].name, NULL);
		if (file_has_filter(abi_files[i].name))
			test("filter", abi_files[i].name, NULL);
	}
	test("set_pid", own, NULL);
	test("set_pid", "\n", NULL);
	test("append", own, NULL);
	test("reset", "1\n", NULL);
	test("enable", "+switches\n", PROBES_OFF);
	test("enable", ALL_PROBES "\n", PROBES_OFF);
	test("enable", "=switches =latency\n", PROBES_OFF);
	write_file(SHARESTAT_DIR "set_pid", "\n");
	test("read", "vmas", NULL);
	probes(PROBES_OFF);
	ksft_test_result(loads_or_not("/run/lab/sharestat.ko"), "load\n");
	ksft_test_result(!log_has_a_fault(), "the kernel complains of nothing but of memory\n");
	log_close();
	ksft_finished();
}
