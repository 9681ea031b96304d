// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/maps, read of this process: a mapping of a file is what fstat(2) says of it. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "witness/maps.h"

#define PAGES	5
#define FIRST	3		/* page of the file */

static const struct proc_map *find(const struct proc_map *maps, size_t count, const void *start)
{
	for (size_t i = 0; i < count; i++)
		if (maps[i].start == (uintptr_t)start)
			return &maps[i];
	return NULL;
}

static void look_at_file(const struct proc_map *map, int fd, size_t page)
{
	struct stat status;

	CHECK(map && map->end - map->start == PAGES * page && !strcmp(map->perms, "r--s"),
	      "maps: size and permissions");
	CHECK(map && map->offset == FIRST * page, "maps: the offset in the file");
	CHECK(map && !fstat(fd, &status) && map->inode == status.st_ino &&
	      map->device == ((uint64_t)major(status.st_dev) << 32 | minor(status.st_dev)),
	      "maps: device and inode of the file");
	CHECK(map && strstr(map->name, "maps test file"), "maps: its name, which has blanks");
}

static void look_at_ended(void)
{
	size_t count = 1;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	CHECK(!proc_maps(pid, &count) && !count, "maps: of a process that has ended there are none");
}

void test_maps(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create("maps test file", MFD_CLOEXEC);
	const struct proc_map *map;
	struct proc_map *maps;
	char *file, *anonymous;
	size_t count;

	if (!CHECK(fd >= 0 && !ftruncate(fd, (off_t)((FIRST + PAGES) * page)), "maps: a file"))
		return;
	file = mmap(NULL, PAGES * page, PROT_READ, MAP_SHARED, fd, (off_t)(FIRST * page));
	anonymous = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
	maps = proc_maps(getpid(), &count);
	look_at_file(find(maps, count, file), fd, page);
	map = find(maps, count, anonymous);
	CHECK(map && !map->inode && !map->device && !map->offset && !*map->name &&
	      !strcmp(map->perms, "---p"), "maps: an anonymous mapping is of no file");
	free(maps);
	munmap(file, PAGES * page);
	munmap(anonymous, page);
	close(fd);
	look_at_ended();
}
