/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has to be in `frames` and `vmas`, of /proc alone: each page that is mapped, its
 * frame, class, counts and letters. Shares no code with the module.
 */
#ifndef LAYOUT_ORACLE_H
#define LAYOUT_ORACLE_H

#include <sys/utsname.h>

#include "proc-test.h"

#define KPF(name) (1ULL << KPF_##name)
#ifndef KPF_MLOCKED
#define KPF_MLOCKED 33		/* the kernel has it for developers, and not for programs */
#endif
#define LARGE (KPF(COMPOUND_HEAD) | KPF(COMPOUND_TAIL))
#define PAGEMAP_SWAPPED (1ULL << 62)
/* Of a folio as a whole, and of its head alone; what changes by itself is in neither. */
#define FOLIO_FLAGS (KPF(MMAP) | KPF(ANON) | KPF(KSM) | KPF(HUGE) | KPF(THP))
#define HEAD_FLAGS (FOLIO_FLAGS | KPF(DIRTY) | KPF(UPTODATE) | KPF(SWAPBACKED) | \
		    KPF(UNEVICTABLE) | KPF(SWAPCACHE) | KPF(MLOCKED))

#define UNKNOWN (-2L)		/* no witness knows */
#define NO_FRAME (-1L)		/* "-" */

/* A mapping by smaps; sizes in bytes. */
struct place {
	unsigned long start, end, rss, private, huge, private_hugetlb, shared_hugetlb, lazyfree;
	char perms[5], name[512];
	bool frameless, hugetlb;	/* pagemap does not look into it; of large pages */
	/* Found by looking at the pages. */
	uint64_t present, locked, swapped;
	double pss;
};

struct page {
	unsigned long va;
	uint64_t pfn, flags, head;
	long maps, refs;
	bool huge, huge_known;		/* mapped by one entry of the table above */
	size_t place;
};

/* All that is known of one process. */
struct space {
	pid_t pid;
	struct place *places;
	struct page *pages;
	size_t place_count, page_count, room;
};

static inline void oracle_fail(pid_t pid, const char *what)
{
	fail("the oracle, process %d: %s: %s", pid, what, strerror(errno));
}

static inline struct place *new_place(struct space *space, const char *line)
{
	struct place place = { 0 };
	int at = 0;

	if (sscanf(line, "%lx-%lx %4s %*x %*x:%*x %*u %n", &place.start, &place.end,
		   place.perms, &at) < 3 || !at)
		return NULL;
	/* The vsyscall page is in no process's tables. */
	if ((long)place.start < 0)
		return NULL;
	snprintf(place.name, sizeof(place.name), "%.*s", (int)strcspn(line + at, "\n"),
		 line + at);
	space->places = reallocarray(space->places, space->place_count + 1, sizeof(place));
	if (!space->places)
		oracle_fail(space->pid, "memory");
	space->places[space->place_count] = place;
	return &space->places[space->place_count++];
}

static inline void place_value(struct place *place, const char *line)
{
	unsigned long kib;

	if (sscanf(line, "Rss: %lu", &kib) == 1)
		place->rss = kib << 10;
	else if (sscanf(line, "Private_Hugetlb: %lu", &kib) == 1)
		place->private_hugetlb = kib << 10;
	else if (sscanf(line, "Shared_Hugetlb: %lu", &kib) == 1)
		place->shared_hugetlb = kib << 10;
	else if (sscanf(line, "Private_Clean: %lu", &kib) == 1 ||
		 sscanf(line, "Private_Dirty: %lu", &kib) == 1)
		place->private += kib << 10;
	else if (sscanf(line, "LazyFree: %lu", &kib) == 1)
		place->lazyfree = kib << 10;
	else if (sscanf(line, "AnonHugePages: %lu", &kib) == 1 ||
		 sscanf(line, "ShmemPmdMapped: %lu", &kib) == 1 ||
		 sscanf(line, "FilePmdMapped: %lu", &kib) == 1)
		place->huge += kib << 10;
	if (strncmp(line, "VmFlags:", 8))
		return;
	place->hugetlb = strstr(line, " ht");
	place->frameless = strstr(line, " pf");
}

static inline void read_places(struct space *space)
{
	char path[64], line[1024];
	struct place *last = NULL;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps", space->pid);
	file = fopen(path, "re");
	if (!file)
		oracle_fail(space->pid, "smaps");
	while (fgets(line, sizeof(line), file)) {
		/* A heading begins with an address, a value with a capital letter. */
		if (*line >= 'A' && *line <= 'Z') {
			if (last)
				place_value(last, line);
		} else {
			last = new_place(space, line);
		}
	}
	fclose(file);
}

/* The first page of a folio: the one before its tail pages. */
static inline uint64_t folio_head(uint64_t pfn)
{
	uint64_t block = pfn & ~(HUGE_PAGES - 1UL), flags[HUGE_PAGES];

	frame_words_read("/proc/kpageflags", block, flags, pfn - block + 1);
	while (pfn > block && !(flags[pfn - block] & KPF(COMPOUND_HEAD)))
		pfn--;
	return pfn;
}

/* What any number of neighbouring frames say of themselves. */
static inline void read_frames(struct page *pages, size_t count)
{
	uint64_t words[256];
	size_t i;

	frame_words_read("/proc/kpageflags", pages->pfn, words, count);
	for (i = 0; i < count; i++)
		pages[i].flags = words[i];
	frame_words_read("/proc/kpagecount", pages->pfn, words, count);
	for (i = 0; i < count; i++)
		pages[i].maps = words[i];
	for (i = 0; i < count; i++) {
		pages[i].head = pages[i].pfn;
		if (!(pages[i].flags & KPF(COMPOUND_TAIL)))
			continue;
		if (i && pages[i - 1].flags & LARGE)
			pages[i].head = pages[i - 1].head;
		else
			pages[i].head = folio_head(pages[i].pfn);
	}
}

static inline void read_all_frames(struct space *space, size_t first)
{
	while (first < space->page_count) {
		struct page *pages = space->pages + first;
		size_t count = 1;

		while (first + count < space->page_count && count < 256 &&
		       pages[count].pfn == pages->pfn + count)
			count++;
		read_frames(pages, count);
		first += count;
	}
}

static inline void add_page(struct space *space, struct page page)
{
	if (space->page_count == space->room) {
		space->room = space->room ? 2 * space->room : 4096;
		space->pages = reallocarray(space->pages, space->room, sizeof(page));
		if (!space->pages)
			oracle_fail(space->pid, "memory");
	}
	space->pages[space->page_count++] = page;
}

/* Is the huge page around @va mapped by one entry? Only where smaps leaves no choice. */
static inline void tell_huge(const struct place *place, struct page *page)
{
	page->huge_known = place->hugetlb || !place->huge || place->huge == place->rss;
	page->huge = place->hugetlb || place->huge;
}

/* A tail page says nothing of it. */
static inline bool is_locked(const struct page *page)
{
	uint64_t flags = page->flags;

	if (flags & KPF(COMPOUND_TAIL))
		frame_words_read("/proc/kpageflags", page->head, &flags, 1);
	return flags & KPF(MLOCKED);
}

/* The page cache has one reference of a hugetlb page, since 6.7 one of each page in it. */
static inline long hugetlb_cache_refs(void)
{
	struct utsname name;
	int major = 0, minor = 0;

	if (uname(&name) || sscanf(name.release, "%d.%d", &major, &minor) != 2)
		fail("uname: '%s'", name.release);
	return major > 6 || (major == 6 && minor >= 7) ? HUGE_PAGES : 1;
}

static inline void finish_page(struct place *place, struct page *page)
{
	page->refs = UNKNOWN;
	tell_huge(place, page);
	if (page->flags & KPF(ZERO_PAGE)) {
		page->maps = NO_FRAME;
		page->refs = NO_FRAME;
		page->huge_known = true;
		page->huge = page->flags & KPF(THP);
		return;
	}
	place->locked += is_locked(page);
	place->pss += (double)PAGE / (page->maps ? page->maps : 1);
	/* With the LRU's queues drained: each mapping, and each cache that has it. */
	if (!(page->flags & LARGE))
		page->refs = page->maps + (page->flags & KPF(ANON) ?
			     !!(page->flags & KPF(SWAPCACHE)) : 1);
	else if (page->flags & KPF(HUGE))
		page->refs = page->maps + (page->flags & KPF(ANON) ? 0 : hugetlb_cache_refs());
}

static inline void read_place(struct space *space, size_t number)
{
	struct place *place = &space->places[number];
	size_t count = (place->end - place->start) / PAGE, first = space->page_count, i;
	uint64_t *entries;

	if (place->frameless)
		return;
	entries = pagemap_read(space->pid, place->start, place->end);
	for (i = 0; i < count; i++) {
		place->swapped += !(entries[i] & PAGEMAP_PRESENT) &&
				  entries[i] & PAGEMAP_SWAPPED;
		if (!(entries[i] & PAGEMAP_PRESENT))
			continue;
		place->present++;
		add_page(space, (struct page) {
			.va = place->start + i * PAGE, .place = number,
			.pfn = entries[i] & PAGEMAP_PFN,
		});
	}
	free(entries);
	read_all_frames(space, first);
	for (i = first; i < space->page_count; i++)
		finish_page(place, &space->pages[i]);
}

/* oracle_read() - all that /proc says of a process */
static inline struct space oracle_read(pid_t pid)
{
	struct space space = { .pid = pid };
	size_t i;

	read_places(&space);
	for (i = 0; i < space.place_count; i++)
		read_place(&space, i);
	return space;
}

static inline void oracle_free(struct space *space)
{
	free(space->places);
	free(space->pages);
}

/* What is known of a huge page of anonymous memory by all who have it. */
struct folio {
	uint64_t head;
	long refs;
	bool known;
};

static inline bool is_huge_anon(const struct page *page)
{
	return page->flags & LARGE && page->flags & KPF(ANON) && !(page->flags & KPF(HUGE));
}

static inline int compare_folios(const void *left, const void *right)
{
	const struct folio *a = left, *b = right;

	return a->head < b->head ? -1 : a->head > b->head;
}

/* One entry a mapping: of a whole huge page or of a small page of it. */
static inline size_t list_folios(const struct space *spaces, size_t count, struct folio *folios)
{
	size_t i, k, listed = 0;

	for (i = 0; i < count; i++)
		for (k = 0; k < spaces[i].page_count; k++) {
			const struct page *page = &spaces[i].pages[k];

			if (!is_huge_anon(page))
				continue;
			folios[listed++] = (struct folio) {
				.head = page->head, .known = page->huge_known,
				/* Of a whole one the first page stands for all. */
				.refs = !page->huge || page->va % HUGE_SIZE == 0,
			};
		}
	qsort(folios, listed, sizeof(*folios), compare_folios);
	return listed;
}

static inline size_t merge_folios(struct folio *folios, size_t count)
{
	size_t i, kept = 0;

	for (i = 0; i < count; i++) {
		if (!kept || folios[kept - 1].head != folios[i].head) {
			folios[kept++] = folios[i];
			continue;
		}
		folios[kept - 1].refs += folios[i].refs;
		folios[kept - 1].known &= folios[i].known;
	}
	return kept;
}

/*
 * oracle_count_refs() - the references of huge pages: one of each entry that maps it
 * or a page of it, in all processes of a layout, as nobody else has it
 */
static inline void oracle_count_refs(struct space *spaces, size_t count)
{
	struct folio *folios, *found;
	size_t i, k, total = 0;

	for (i = 0; i < count; i++)
		total += spaces[i].page_count;
	folios = calloc(total, sizeof(*folios));
	if (!folios)
		fail("the oracle: no memory");
	total = merge_folios(folios, list_folios(spaces, count, folios));
	for (i = 0; i < count; i++)
		for (k = 0; k < spaces[i].page_count; k++) {
			struct page *page = &spaces[i].pages[k];

			if (!is_huge_anon(page) || page->flags & KPF(SWAPCACHE))
				continue;
			found = bsearch(&(struct folio) { .head = page->head }, folios, total,
					sizeof(*folios), compare_folios);
			if (found && found->known)
				page->refs = found->refs;
		}
	free(folios);
}

/* The class of shared memory, by the name of its file. */
static inline const char *shared_class(const char *name)
{
	static const struct { const char *begin, *class; } names[] = {
		{ "/memfd:", "memfd" }, { "/dev/zero", "mapanon" }, { "/SYSV", "sysvshm" },
		{ "/dev/shm/", "posixshm" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(name, names[i].begin, strlen(names[i].begin)))
			return names[i].class;
	return "mapfile";
}

/* oracle_class() - why a page is or is not shared; NULL when nobody can tell */
static inline const char *oracle_class(const struct place *place, const struct page *page,
				       const char *program)
{
	bool own = !strcmp(place->name, program);

	if (place->hugetlb)
		return "hugetlb";
	if (page->flags & KPF(ZERO_PAGE))
		return "zero";
	if (!strcmp(place->name, "[vdso]") || !strncmp(place->name, "[vvar", 5))
		return "special";
	if (page->flags & KPF(KSM))
		return ksm_is_told() ? "ksm" : NULL;
	if (page->flags & KPF(ANON))
		return page->maps > 1 ? "cow" : "private";
	if (place->perms[3] == 's')
		return shared_class(place->name);
	if (place->perms[1] == 'w')
		return "filecow";
	if (place->perms[2] == 'x')
		return own ? "text" : "libtext";
	return own ? "rodata" : "librodata";
}

#endif /* LAYOUT_ORACLE_H */
