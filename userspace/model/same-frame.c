// SPDX-License-Identifier: GPL-2.0
/* Are two addresses one frame, and why or why not. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/same-frame.h"
#include "read/names.h"

struct sentence {
	char *text;
	size_t size;
};

static void __attribute__((format(printf, 2, 3)))
say(struct sentence *sentence, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(sentence->text, sentence->size, format, args);
	va_end(args);
}

enum verdict_same same_verdict(const struct same_side *one, const struct same_side *other)
{
	if (!one->present && !other->present)
		return NO_FRAME;
	if (one->present && other->present && one->pfn == other->pfn)
		return SAME_FRAME;
	return DIFFERENT_FRAMES;
}

static bool same_mm(const struct same_side *one, const struct same_side *other)
{
	return one->tgid == other->tgid || (one->mm && one->mm == other->mm);
}

static bool same_file(const struct same_side *one, const struct same_side *other)
{
	return one->inode && one->inode == other->inode && one->device == other->device;
}

/* Anonymous: its content belongs to a process and not to a file. */
static bool anonymous(const struct same_side *side)
{
	return side->run.sharing == SHARING_PRIVATE || side->run.sharing == SHARING_COW;
}

static void name_file(char *text, size_t size, const struct same_side *side)
{
	snprintf(text, size, "%.160s (device %llu:%llu, inode %llu), offset %#llx", side->name,
		 (unsigned long long)(side->device >> 32),
		 (unsigned long long)(side->device & UINT32_MAX),
		 (unsigned long long)side->inode, (unsigned long long)side->offset);
}

#define TABLE_SPAN (1ULL << 30)	/* what a table of PMDs maps, or a part of that */

/* Who maps a file in one way, at the same place in a table that others have, has it, too. */
static bool same_table(const struct same_side *one, const struct same_side *other)
{
	return one->run.pte & other->run.pte & SHARESTAT_PTE_TABLE &&
	       (one->va ^ other->va) % TABLE_SPAN == 0 && !strcmp(one->perms, other->perms);
}

static void why_one_page_of_file(struct sentence *sentence, const struct same_side *one,
				 const struct same_side *other)
{
	bool writable = one->run.pte & other->run.pte & SHARESTAT_PTE_WRITE;
	char file[256];

	if (!same_file(one, other)) {
		say(sentence, "both map one page of %s (class %s)", one->name,
		    sharing_names[one->run.sharing]);
		return;
	}
	name_file(file, sizeof(file), one);
	say(sentence, "both map the same page of %s; class %s%s%s", file,
	    sharing_names[one->run.sharing],
	    writable ? ": each sees what the other writes" : "",
	    same_table(one, other) ? "; they share the page table, too" : "");
}

static void why_same(struct sentence *sentence, const struct same_side *one,
		     const struct same_side *other)
{
	if (same_mm(one, other) && one->va == other->va && one->tgid != other->tgid)
		say(sentence, "%d and %d have one address space: they share the page tables, so this is one mapping of the frame and not two",
		    one->tgid, other->tgid);
	else if (same_mm(one, other) && one->va == other->va)
		say(sentence, "it is the same page of the same process; all its threads share the page tables");
	else if (one->run.sharing == SHARING_ZERO)
		say(sentence, "nobody has written there yet: all such pages are the kernel's one page of zeros");
	else if (one->run.sharing == SHARING_KSM)
		say(sentence, "kernel samepage merging found equal contents; a write will make a copy");
	else if (anonymous(one) && anonymous(other))
		say(sentence, "still shared copy-on-write since a fork: neither has written there; a write will make a copy");
	else if (one->run.sharing == SHARING_SPECIAL)
		say(sentence, "it is a page of the kernel's own that every process maps: %s",
		    one->name);
	else
		why_one_page_of_file(sentence, one, other);
}

static void why_absent(struct sentence *sentence, const struct same_side *side,
		       const char *also)
{
	if (!side->mapped)
		say(sentence, "%s%d has nothing mapped at %llx", also, side->tgid,
		    (unsigned long long)side->va);
	else if (side->swapped)
		say(sentence, "%s%d:%llx is swapped out", also, side->tgid,
		    (unsigned long long)side->va);
	else
		say(sentence, "%s%d:%llx is not present: it has not been touched, or has been reclaimed",
		    also, side->tgid, (unsigned long long)side->va);
}

/* The page of a private file mapping that its process has written to. */
static bool own_copy_of_file(const struct same_side *side)
{
	return side->inode && anonymous(side);
}

static void why_files_differ(struct sentence *sentence, const struct same_side *one,
			     const struct same_side *other)
{
	if (one->offset != other->offset)
		say(sentence, "they map different pages of %s: offset %#llx and %#llx", one->name,
		    (unsigned long long)one->offset, (unsigned long long)other->offset);
	else if (own_copy_of_file(one) && own_copy_of_file(other))
		say(sentence, "both mapped this page of %s privately and have each written to their own copy",
		    one->name);
	else if (own_copy_of_file(one) || own_copy_of_file(other))
		say(sentence, "%d has written to its private mapping of this page of %s: copy-on-write gave it a copy of its own",
		    own_copy_of_file(one) ? one->tgid : other->tgid, one->name);
	else
		say(sentence, "they map the same page of %s, but its page in the cache was replaced meanwhile",
		    one->name);
}

/* A fork leaves both with the same mapping at the same address. */
static bool forked_alike(const struct same_side *one, const struct same_side *other)
{
	return one->va == other->va && one->start == other->start &&
	       !strcmp(one->name, other->name);
}

/* A fork takes the write permission away; who writes then gets it back. */
static bool kept_original(const struct same_side *side)
{
	return side->perms[1] == 'w' && !(side->run.pte & SHARESTAT_PTE_WRITE);
}

static void why_anonymous_differs(struct sentence *sentence, const struct same_side *one,
				  const struct same_side *other)
{
	const struct same_side *cow = one->run.sharing == SHARING_COW ? one :
				      other->run.sharing == SHARING_COW ? other : NULL;
	const struct same_side *writer = cow == one ? other : one;

	if (!forked_alike(one, other))
		say(sentence, "each is anonymous memory of its own; if there was a fork between them, these are not the pages it copied");
	else if (cow && writer->run.sharing != SHARING_COW)
		say(sentence, "the copy-on-write sharing is broken: %d wrote there and has a copy of its own, while %d:%llx is still shared with another process",
		    writer->tgid, cow->tgid, (unsigned long long)cow->va);
	else if (cow)
		say(sentence, "each shares its page copy-on-write with another process, but not with the other one here");
	else if (kept_original(one) != kept_original(other))
		say(sentence, "the copy-on-write sharing is broken: %d wrote there and got a copy, %d still has the page as it was",
		    kept_original(one) ? other->tgid : one->tgid,
		    kept_original(one) ? one->tgid : other->tgid);
	else
		say(sentence, "each has a copy of its own: if they shared it since a fork, it was written to since");
}

static void why_different(struct sentence *sentence, const struct same_side *one,
			  const struct same_side *other)
{
	if (!one->present)
		why_absent(sentence, one, "");
	else if (!other->present)
		why_absent(sentence, other, "");
	else if (same_mm(one, other))
		say(sentence, "these are two pages of one address space");
	else if (one->run.sharing == SHARING_KSM || other->run.sharing == SHARING_KSM)
		say(sentence, "kernel samepage merging has merged %d's page, but not with the other: their contents differ, or it has not come by yet",
		    one->run.sharing == SHARING_KSM ? one->tgid : other->tgid);
	else if (same_file(one, other))
		why_files_differ(sentence, one, other);
	else if (one->inode && other->inode)
		say(sentence, "they map different files: %.160s and %.160s%s", one->name,
		    other->name, strcmp(one->name, other->name) ? "" : " (another inode of this name)");
	else if (one->run.sharing == SHARING_ZERO || other->run.sharing == SHARING_ZERO)
		say(sentence, "%d has not written there yet and maps the kernel's page of zeros",
		    one->run.sharing == SHARING_ZERO ? one->tgid : other->tgid);
	else if (anonymous(one) && anonymous(other))
		why_anonymous_differs(sentence, one, other);
	else
		say(sentence, "one is %s (%s), the other %s (%s)",
		    sharing_names[one->run.sharing], *one->name ? one->name : "[anon]",
		    sharing_names[other->run.sharing], *other->name ? other->name : "[anon]");
}

void same_reason(char *text, size_t size, const struct same_side *one,
		 const struct same_side *other)
{
	struct sentence sentence = { text, size };

	*text = '\0';
	switch (same_verdict(one, other)) {
	case SAME_FRAME:
		why_same(&sentence, one, other);
		break;
	case DIFFERENT_FRAMES:
		why_different(&sentence, one, other);
		break;
	case NO_FRAME:
		why_absent(&sentence, one, "neither has a frame there; ");
		break;
	}
}
