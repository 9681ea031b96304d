// SPDX-License-Identifier: GPL-2.0
/* Numbers as people write them, and text in lines: random ones, with a rule for each. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/parse-number.h"
#include "lib/pid-list.h"
#include "lib/quantity.h"
#include "lib/replace-file.h"
#include "lib/wrap.h"
#include "tap.h"

#define ROUNDS 20000

/* Digits from a number, without printf(): what parse_whole() has to read. */
static char *digits_of(char *end, uint64_t value, unsigned int base)
{
	*end = '\0';
	do {
		*--end = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	return end;
}

static uint64_t any_number(void)
{
	uint64_t value = (uint64_t)random() << 33 ^ (uint64_t)random() << 11 ^ (uint64_t)random();

	return value >> random() % 64;
}

static void test_whole(void)
{
	unsigned int wrong = 0, refused = 0;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t value = any_number(), least = any_number(), most = any_number(), got = 0;
		char text[80];
		const char *digits = digits_of(text + sizeof(text) - 1, value, 10);
		bool in = value >= least && value <= most;

		wrong += parse_whole(&got, digits, least, most) != in || (in && got != value);
		refused += !in;
	}
	CHECK(!wrong && refused && refused < ROUNDS,
	      "numbers: %u of %d are read wrongly, %u are out of bounds", wrong, ROUNDS, refused);
}

static void test_hex(void)
{
	unsigned int wrong = 0;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t value = any_number(), got = 0;
		char text[80] = "0x", number[32];

		strcpy(text + (i % 2 ? 2 : 0), digits_of(number + sizeof(number) - 1, value, 16));
		wrong += !parse_hex(&got, text) || got != value;
	}
	CHECK(!wrong, "numbers: %u of %d hexadecimal ones are read wrongly", wrong, ROUNDS);
}

/* What is no number: anything else before, in or behind the digits. */
static void test_other(void)
{
	static const char *const none[] = {
		"", " 1", "1 ", "+1", "-1", "0x1", "1.0", "1e3", "one", "\t1", "1\t", "1,2",
		"18446744073709551616", "99999999999999999999999",
	};
	static const char *const no_real[] = { "", "nan", "inf", "1s", "1..2", "-1", "1e99" };
	static const char *const no_hex[] = {
		"", "0x", "x1", "0x1 ", "-1", "g", "10000000000000000",
	};
	double real;
	uint64_t value;

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		CHECK(!parse_whole(&value, none[i], 0, UINT64_MAX), "numbers: %zu is none", i);
	for (size_t i = 0; i < sizeof(no_real) / sizeof(*no_real); i++)
		CHECK(!parse_real(&real, no_real[i], 0, 1e6), "numbers: %zu is no time", i);
	for (size_t i = 0; i < sizeof(no_hex) / sizeof(*no_hex); i++)
		CHECK(!parse_hex(&value, no_hex[i]), "numbers: %zu is not hexadecimal", i);
	CHECK(parse_real(&real, "0.25", 0.25, 1) && real >= 0.25 && real <= 0.25,
	      "numbers: the bounds are in");
}

/* Of characters that take one to four bytes. */
static void any_text(char *text, size_t characters)
{
	static const char *const letters[] = { "\n", "a", "b", "c", "d", "e", "f", "-", " ", " ",
					       "\u00e4", "\u2584", "\U0001f600" };

	for (size_t i = 0; i < characters; i++)
		text = stpcpy(text, letters[random() % (sizeof(letters) / sizeof(*letters))]);
	*text = '\0';
}

/* The letters alone: what no wrapping may lose or change the order of. */
static void squeeze(char *to, const char *text)
{
	for (; *text; text++)
		if (*text != ' ' && *text != '\n')
			*to++ = *text;
	*to = '\0';
}

/* In characters, or does a line begin within one? */
static bool is_too_wide(const char *lines, size_t width, size_t indent)
{
	for (size_t number = 0; *lines; number++) {
		size_t bytes = strcspn(lines, "\n"), length = 0;

		for (size_t i = 0; i < bytes; i++)
			length += (lines[i] & 0xc0) != 0x80;
		if ((lines[0] & 0xc0) == 0x80 || length > width + (number ? indent : 0) ||
		    (number && strspn(lines, " ") < (length < indent ? length : indent)))
			return true;
		lines += bytes + (lines[bytes] == '\n');
	}
	return false;
}

static void test_wrap(void)
{
	unsigned int wide = 0, lost = 0, over = 0;

	for (int i = 0; i < ROUNDS; i++) {
		const size_t width = 1 + random() % 30, indent = random() % 10;
		char text[400], lines[3000], before[400], after[3000], small[40];

		any_text(text, random() % 99);
		wrap_text(lines, sizeof(lines), text, width, (int)indent);
		wide += is_too_wide(lines, width, indent);
		squeeze(before, text);
		squeeze(after, lines);
		lost += strcmp(before, after) != 0;
		wrap_text(small, sizeof(small), text, width, (int)indent);
		over += strlen(small) >= sizeof(small) || strncmp(small, lines, strlen(small));
	}
	CHECK(!wide, "wrap: %u of %d have a line too wide or not indented", wide, ROUNDS);
	CHECK(!lost, "wrap: %u of %d texts lose a letter", lost, ROUNDS);
	CHECK(!over, "wrap: %u of %d have no room and are not cut at a line", over, ROUNDS);
}

static void check_interval(double value, double low, double high, const char *unit,
			   const char *wanted)
{
	char text[96];

	format_interval(text, sizeof(text), value, low, high, unit);
	CHECK(!strcmp(text, wanted), "interval: %s: %s", wanted, text);
}

static void test_interval(void)
{
	check_interval(26300, 26100, 26500, "ns", "26.3 us (26.1 to 26.5)");
	check_interval(980000, 940000, 1200000, "ns", "980 us (940 us to 1.20 ms)");
	check_interval(1.5 * 1024 * 1024, 1000, 2 * 1024 * 1024, "bytes/s",
		       "1.50 MiB/s (1000 B/s to 2.00 MiB/s)");
	check_interval(5, 4, 7, "address spaces", "5 address spaces (4 to 7)");
}

static int fsync_raises;	/* a signal, or 0 */

/* In place of the C library's: there the new file is whole, and has not its name yet. */
int fsync(int fd)
{
	if (fsync_raises)
		raise(fsync_raises);
	return (int)syscall(SYS_fsync, fd);
}

/* Of what is ended while it writes, only the old file is there. */
static bool leaves_nothing(int number)
{
	int status = 0, files = 0;
	struct dirent *entry;
	pid_t child = fork();
	DIR *folder;

	if (!child) {
		fsync_raises = number;
		_exit(replace_file("file", 0600, "four", 4) ? 1 : 0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	folder = opendir(".");
	while (folder && (entry = readdir(folder)))
		files += *entry->d_name == '.' && strlen(entry->d_name) > 2;
	if (folder)
		closedir(folder);
	return WIFSIGNALED(status) && WTERMSIG(status) == number && !files;
}

/* What is written where: a link and a pipe stay what they are. */
static void test_replace(void)
{
	char folder[] = "/tmp/sharestat-replace.XXXXXX", text[8] = "";
	const int here = open(".", O_PATH | O_DIRECTORY);
	struct stat link, pipe;
	int fd;

	if (!CHECK(mkdtemp(folder) && !chdir(folder), "lib: a folder"))
		return;
	CHECK(!replace_check("file") && access("file", F_OK), "lib: to ask makes no file");
	CHECK(!replace_file("file", 0600, "one", 3) && !symlink("file", "link") &&
	      !replace_file("link", 0640, "two", 3) && !lstat("link", &link) &&
	      S_ISLNK(link.st_mode), "lib: a link to what is replaced stays a link");
	fd = open("file", O_RDONLY);
	CHECK(read(fd, text, sizeof(text)) == 3 && !strcmp(text, "two") && !fstat(fd, &link) &&
	      (link.st_mode & 07777) == 0640, "lib: and leads to the new one");
	close(fd);
	CHECK(!mkfifo("pipe", 0600), "lib: a pipe");
	fd = open("pipe", O_RDWR | O_NONBLOCK);
	CHECK(!replace_check("link") && !replace_check("pipe"), "lib: both can be written");
	CHECK(!replace_file("pipe", 0640, "three", 5) && read(fd, text, sizeof(text)) == 5 &&
	      !strncmp(text, "three", 5) && !fstat(fd, &pipe) && !lstat("pipe", &link) &&
	      S_ISFIFO(link.st_mode) && link.st_ino == pipe.st_ino &&
	      (link.st_mode & 07777) == 0600, "lib: what is no file is written into");
	close(fd);
	CHECK(leaves_nothing(SIGTERM) && leaves_nothing(SIGINT),
	      "lib: a signal leaves no file that is half of one");
	CHECK(!unlink("file") && !unlink("link") && !unlink("pipe") && !fchdir(here) &&
	      !rmdir(folder), "lib: nothing is left beside them");
	close(here);
}

#define PIDS 300000

/* More than could be looked for one by one: each twice, with gaps between them. */
static void test_pids(void)
{
	pid_t *pids = calloc(PIDS, sizeof(*pids));
	struct pid_list list;
	unsigned int wrong = 0;

	for (int i = 0; i < PIDS; i++)
		pids[i] = 3 * ((int)(i * 7919LL % PIDS) / 2) + 1;
	pid_list_init(&list, pids, PIDS);
	for (pid_t pid = -1; pid < 3 * PIDS / 2 + 9; pid++)
		wrong += pid_list_wants(&list, pid) !=
			 (pid > 0 && pid % 3 == 1 && pid < 3 * PIDS / 2);
	CHECK(!wrong, "pids: who is among %d, and who is not", PIDS);
	pid_list_free(&list);
	CHECK(pids_unique(pids, PIDS) == PIDS / 2, "pids: each once");
	free(pids);
}

/* The first of each stays, where it is among the others. */
static void test_few_pids(void)
{
	pid_t pids[] = { 7, 3, 7, 9, 3, 3, 1, 9 };
	const pid_t left[] = { 7, 3, 9, 1 };
	struct pid_list all;

	CHECK(pids_unique(pids, 8) == 4 && !memcmp(pids, left, sizeof(left)),
	      "pids: each once, in the order in which they were named");
	CHECK(pids_unique(pids, 4) == 4 && !memcmp(pids, left, sizeof(left)) &&
	      !pids_unique(NULL, 0), "pids: nothing to do");
	pid_list_init(&all, NULL, 0);
	CHECK(pid_list_wants(&all, 1), "pids: all are wanted when none is named");
	pid_list_free(&all);
}

void test_lib(void)
{
	test_replace();
	test_interval();
	srandom(1);
	test_whole();
	test_hex();
	test_other();
	test_wrap();
	test_pids();
	test_few_pids();
}
