// SPDX-License-Identifier: GPL-2.0
/*
 * Records of mappings and pages, of /proc/PID/maps, pagemap, kpagecount and kpageflags.
 * Nobody but the module knows which entries of a page table are writable: pte is "".
 */
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure/witnessed.h"
#include "read/formats.h"
#include "read/records.h"
#include "uapi/sharestat.h"
#include "witness/live-thread.h"
#include "witness/maps.h"
#include "witness/pagemap.h"

#define KPF(name) (1ULL << KPF_##name)
#define PIECE 4096		/* pages that are asked for at a time */
#define AREA_MAX (1ULL << 36)	/* what is larger, only a sanitizer reserves */

struct listing {
	struct snapshot *frames;
	size_t capacity;
	pid_t tgid;
	struct page_words words;
	char program[256];
	bool shows_frames;
};

static bool begins(const char *name, const char *word)
{
	return !strncmp(name, word, strlen(word));
}

static enum sharing_class class_of_shared(const struct proc_map *map, uint64_t flags)
{
	if (begins(map->name, "/memfd:"))
		return SHARING_MEMFD;
	if (begins(map->name, "/SYSV"))
		return SHARING_SYSVSHM;
	if (begins(map->name, "/dev/zero"))
		return SHARING_MAPANON;
	return flags & KPF(SWAPBACKED) ? SHARING_POSIXSHM : SHARING_MAPFILE;
}

/* A page of a file that is mapped privately. */
static enum sharing_class class_of_file(const struct listing *listing, const struct proc_map *map)
{
	const bool program = !strcmp(map->name, listing->program);

	if (map->perms[2] == 'x')
		return program ? SHARING_TEXT : SHARING_LIBTEXT;
	if (map->perms[1] == 'w')
		return SHARING_FILECOW;
	return program ? SHARING_RODATA : SHARING_LIBRODATA;
}

static enum sharing_class class_of(const struct listing *listing, const struct proc_map *map,
				   const struct frame_record *page)
{
	if (page->flags & KPF(ZERO_PAGE))
		return SHARING_ZERO;
	if (!page->maps || begins(map->name, "[v"))
		return SHARING_SPECIAL;
	if (page->flags & KPF(ANON))
		return page->maps > 1 ? SHARING_COW : SHARING_PRIVATE;
	return map->perms[3] == 's' ? class_of_shared(map, page->flags) :
				      class_of_file(listing, map);
}

static struct frame_record *add(struct listing *listing)
{
	struct snapshot *frames = listing->frames;
	const size_t capacity = listing->capacity ? 2 * listing->capacity : 256;
	void *records = frames->records;

	if (frames->count == listing->capacity) {
		records = reallocarray(frames->records, capacity, sizeof(struct frame_record));
		if (!records)
			return NULL;
		frames->records = records;
		listing->capacity = capacity;
	}
	return (struct frame_record *)records + frames->count++;
}

/* 0 for a frame that has none. */
static uint64_t word_of(int fd, uint64_t pfn)
{
	uint64_t word;

	return page_words_first(fd, pfn, &word, 1) ? word : 0;
}

static int add_page(struct listing *listing, const struct proc_map *map, uint64_t va,
		    uint64_t word)
{
	struct frame_record *page = add(listing);

	if (!page)
		return -1;
	*page = (struct frame_record) {
		.tgid = listing->tgid, .va = va, .pfn = word & PAGEMAP_PFN, .pages = 1,
		.refs = ABSENT,
	};
	if (!listing->shows_frames)
		return 0;
	page->maps = word_of(listing->words.kpagecount, page->pfn);
	page->flags = word_of(listing->words.kpageflags, page->pfn);
	page->sharing = class_of(listing, map, page);
	return 0;
}

static int add_area(struct listing *listing, const struct proc_map *map)
{
	const uint64_t page_size = sysconf(_SC_PAGESIZE);
	uint64_t words[PIECE], wanted;

	if (map->end - map->start > AREA_MAX)
		return 0;
	/* No further than the end, which may be that of all addresses. */
	for (uint64_t va = map->start; va < map->end; va += wanted * page_size) {
		const uint64_t left = (map->end - va) / page_size;
		size_t got;

		wanted = left < PIECE ? left : PIECE;
		got = page_words_first(listing->words.pagemap, va / page_size, words, wanted);
		for (size_t i = 0; i < got; i++)
			if (words[i] & PAGEMAP_PRESENT &&
			    add_page(listing, map, va + i * page_size, words[i]))
				return -1;
	}
	return 0;
}

static int add_group(struct listing *listing, pid_t tgid)
{
	size_t count;
	struct proc_map *maps = proc_maps(tgid, &count);
	char path[32];
	ssize_t length;
	int error = maps ? 0 : -1;

	snprintf(path, sizeof(path), "/proc/%d/exe", live_thread(tgid));
	length = readlink(path, listing->program, sizeof(listing->program) - 1);
	listing->program[length > 0 ? length : 0] = '\0';
	listing->tgid = tgid;
	page_words_try(&listing->words, tgid);
	for (size_t i = 0; !error && i < count; i++)
		error = add_area(listing, &maps[i]);
	page_words_close(&listing->words);
	free(maps);
	return error;
}

int witnessed_frames(struct snapshot *frames, const pid_t *tgids, size_t count)
{
	struct listing listing = { .frames = frames, .shows_frames = pagemap_shows_frames() };
	int error = 0;

	*frames = (struct snapshot) { .format = &format_frames };
	for (size_t i = 0; !error && i < count; i++)
		error = add_group(&listing, tgids[i]);
	if (error)
		snapshot_free(frames);
	return error;
}

static int add_vmas(struct snapshot *vmas, pid_t tgid)
{
	size_t count;
	struct proc_map *maps = proc_maps(tgid, &count);
	struct vma_record *records = maps ? reallocarray(vmas->records, vmas->count + count,
							 sizeof(*records)) : NULL;

	for (size_t i = 0; records && i < count; i++) {
		struct vma_record *vma = &records[vmas->count++];

		*vma = (struct vma_record) {
			.tgid = tgid, .start = maps[i].start, .end = maps[i].end,
			.name = strdup(maps[i].name),
		};
		memcpy(vma->perms, maps[i].perms, sizeof(vma->perms));
	}
	free(maps);
	if (records)
		vmas->records = records;
	return records ? 0 : -1;
}

int witnessed_vmas(struct snapshot *vmas, const pid_t *tgids, size_t count)
{
	int error = 0;

	*vmas = (struct snapshot) { .format = &format_vmas };
	for (size_t i = 0; !error && i < count; i++)
		error = add_vmas(vmas, tgids[i]);
	if (error)
		snapshot_free(vmas);
	return error;
}
