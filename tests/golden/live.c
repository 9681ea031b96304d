// SPDX-License-Identifier: GPL-2.0
/*
 * A world for the tool, so that what is live can run where no module is: linked in front
 * of the C library (--wrap) with all objects of the tool. The module's files, /proc, and
 * tracefs are those of the folder WORLD; the clock stands still but for sleeping, and is
 * then a quarter of a second late. WORLD/N/FILE is the file from N seconds on. What is
 * written to a control file goes to standard output of WORLD_LOG. WORLD_ENDS is a process
 * that has ended when tasks have been read once; WORLD_REFUSES refuses it in a filter.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MODULE "/sys/kernel/debug/sharestat/"
#define BEGIN 1000.0
#define LATE 0.25

int __real_open(const char *path, int flags, ...);
FILE *__real_fopen(const char *path, const char *mode);
pid_t __real_waitpid(pid_t pid, int *status, int options);
ssize_t __real_write(int fd, const void *data, size_t size);
int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __real_kill(pid_t pid, int number);
int __real_mkdir(const char *path, mode_t mode);
int __real_rmdir(const char *path);
DIR *__real_opendir(const char *path);
int __wrap_open(const char *path, int flags, ...);
FILE *__wrap_fopen(const char *path, const char *mode);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until,
			   struct timespec *left);
int __wrap_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout);
int __wrap_kill(pid_t pid, int number);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_rmdir(const char *path);
DIR *__wrap_opendir(const char *path);
int __real_stat(const char *path, struct stat *status);
int __wrap_stat(const char *path, struct stat *status);
time_t __wrap_time(time_t *result);

static double now = BEGIN;
static int filter_fd = -1;
static char filter_file[PATH_MAX];

static void note(const char *what, const char *text, size_t length)
{
	const char *log = getenv("WORLD_LOG");
	FILE *out = log ? __real_fopen(log, "ae") : NULL;

	if (!out)
		return;
	fprintf(out, "%s: %.*s%s", what, (int)length, text,
		length && text[length - 1] == '\n' ? "" : "\n");
	fclose(out);
}

/* The newest version of a file that there is by now, or NULL when the world has none. */
static const char *in_world(const char *name)
{
	static char path[PATH_MAX];

	for (int second = (int)(now - BEGIN); second >= 0; second--) {
		snprintf(path, sizeof(path), "%s/%d/%s", getenv("WORLD"), second, name);
		if (!access(path, F_OK))
			return path;
	}
	return NULL;
}

/* What stands in the way: a path of the module, of /proc/PID, or of the machine. */
static const char *translate(const char *path)
{
	static const char *const machine[] = {
		"/proc/cpuinfo", "/sys/kernel/mm/transparent_hugepage/enabled",
	};
	const char *found;

	if (!strncmp(path, MODULE, strlen(MODULE))) {
		found = in_world(path + strlen(MODULE));
		return found ? found : "/nonexistent/file";
	}
	for (size_t i = 0; i < sizeof(machine) / sizeof(machine[0]); i++)
		if (!strcmp(path, machine[i]))
			return in_world(strrchr(path, '/') + 1) ?: path;
	return path;
}

/* The number of the process that ends, or 0. */
static pid_t who_ends(void)
{
	const char *text = getenv("WORLD_ENDS");

	return text ? atoi(text) : 0;
}

/* From the second opening of tasks on it is not among them. */
static int without_ended(int fd)
{
	static bool before;
	char line[1024], tgid[16];
	FILE *in = fd >= 0 && before && who_ends() ? fdopen(fd, "r") : NULL, *out;

	before = true;
	if (!in)
		return fd;
	out = tmpfile();
	if (!out)
		abort();
	snprintf(tgid, sizeof(tgid), "%d ", who_ends());
	while (fgets(line, sizeof(line), in))
		if (strncmp(line, tgid, strlen(tgid)))
			fputs(line, out);
	fclose(in);
	fd = fcntl(fileno(out), F_DUPFD_CLOEXEC, 3);
	rewind(out);
	fclose(out);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* A control file is written to nowhere; a filter takes lines of the file away. */
int __wrap_open(const char *path, int flags, ...)
{
	bool module = !strncmp(path, MODULE, strlen(MODULE));
	const char *file = translate(path);
	mode_t mode = 0;
	va_list args;
	int fd;

	va_start(args, flags);
	if (flags & O_CREAT)
		mode = va_arg(args, mode_t);
	va_end(args);
	if (module && (flags & O_ACCMODE) == O_WRONLY) {
		fd = __real_open("/dev/null", flags);
		if (fd >= 0)
			note("opened", path, strlen(path));
		return access(file, F_OK) ? __real_open(file, flags) : fd;
	}
	if (!strcmp(path, MODULE "tasks"))
		return without_ended(__real_open(file, flags));
	if (!module || (flags & O_ACCMODE) != O_RDWR)
		return __real_open(file, flags, mode);
	snprintf(filter_file, sizeof(filter_file), "%s", file);
	filter_fd = __real_open(file, O_RDONLY | O_CLOEXEC);
	return filter_fd;
}

static bool is_wanted(const char *line, const char *pids)
{
	long tgid = strtol(line, NULL, 10);
	char *end = (char *)pids;

	if (*line == '#')
		return true;
	while (*end) {
		long pid = strtol(pids, &end, 10);

		if (end == pids)
			break;
		if (pid == tgid)
			return true;
		pids = end;
	}
	return false;
}

/* Text files have the thread group in front; of frames.bin all is given. */
static void apply_filter(int fd, const char *pids)
{
	FILE *in = __real_fopen(filter_file, "re"), *out = tmpfile();
	char *line = NULL;
	size_t size = 0;

	while (in && out && getline(&line, &size, in) > 0)
		if (strstr(filter_file, ".bin") || is_wanted(line, pids))
			fputs(line, out);
	free(line);
	if (!in || !out)
		abort();
	fclose(in);
	rewind(out);
	dup2(fileno(out), fd);
	fclose(out);
	lseek(fd, 0, SEEK_SET);
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	char path[64], target[PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	if (!strcmp(target, "/dev/null"))
		note("written", data, size);
	if (fd != filter_fd || strcmp(target, filter_file))
		return __real_write(fd, data, size);
	if (who_ends() && *getenv("WORLD_REFUSES")) {
		errno = ESRCH;
		return -1;
	}
	if (!strstr(filter_file, ".bin"))
		apply_filter(fd, strndupa(data, size));
	return (ssize_t)size;
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	return __real_fopen(translate(path), mode);
}

static void sleep_until(double time)
{
	now = time > now ? time + LATE : now;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	if (clock != CLOCK_MONOTONIC)
		return __real_clock_gettime(clock, time);
	time->tv_sec = (time_t)now;
	time->tv_nsec = (long)((now - (double)time->tv_sec) * 1e9);
	return 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until,
			   struct timespec *left)
{
	(void)clock;
	(void)flags;
	(void)left;
	sleep_until((double)until->tv_sec + (double)until->tv_nsec / 1e9);
	return 0;
}

int __wrap_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	(void)set;
	(void)info;
	sleep_until(now + (double)timeout->tv_sec + (double)timeout->tv_nsec / 1e9);
	errno = EAGAIN;
	return -1;
}

/* A command takes three seconds, whatever the machine does meanwhile. */
pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
	if (options & WNOHANG)
		now += 3;
	return __real_waitpid(pid, status, options & ~WNOHANG);
}

/* Processes of the world live. */
int __wrap_kill(pid_t pid, int number)
{
	return number ? __real_kill(pid, number) : 0;
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	if (strncmp(path, "/sys/", 5))
		return __real_mkdir(path, mode);
	errno = EROFS;
	return -1;
}

int __wrap_rmdir(const char *path)
{
	return strncmp(path, "/sys/", 5) ? __real_rmdir(path) : 0;
}

/* Whoever runs the tests may be in a pid namespace: the tool believes so in any case. */
int __wrap_stat(const char *path, struct stat *status)
{
	int result = __real_stat(path, status);

	if (!strcmp(path, "/proc/self/ns/pid"))
		status->st_ino = 1;
	return result;
}

/* Of a process only the leader is there. */
DIR *__wrap_opendir(const char *path)
{
	return strncmp(path, "/proc/", 6) ? __real_opendir(path) : NULL;
}

time_t __wrap_time(time_t *result)
{
	(void)result;
	return 0;
}
