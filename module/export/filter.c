// SPDX-License-Identifier: GPL-2.0
/* Which thread groups a stream covers: set_pid's, or those of its own filter. */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "export/export.h"
#include "pages/pages.h"

/* All are looked up when they are first read: see stream_init(). */
static struct pids *all_when_empty(struct pids *pids)
{
	if (IS_ERR(pids) || pids->count)
		return pids;
	pids_free(pids);
	return NULL;
}

struct pids *export_filter_default(void)
{
	return all_when_empty(pids_filter_get());
}

static const struct { const char *word; unsigned int option; } option_words[] = {
	{ "shared", FRAMES_SHARED },
	{ "totals", FRAMES_TOTALS },
};

/* Takes one of the words out of @text. Return: its option, 0 for not there. */
static unsigned int take_word(char *text, const char *word, unsigned int option)
{
	size_t length = strlen(word);
	char *at = strstr(text, word);

	if (!at || (at > text && !isspace(at[-1])) || (at[length] && !isspace(at[length])))
		return 0;
	memset(at, ' ', length);
	return option;
}

/* What a filter says: FRAMES_* words, and thread groups, none of them for all. */
static struct pids *parse_filter(char *text, unsigned int known, unsigned int *options)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(option_words); i++)
		if (known & option_words[i].option)
			*options |= take_word(text, option_words[i].word,
					      option_words[i].option);
	return all_when_empty(pids_parse(text));
}

struct pids *export_filter_copy(const char __user *from, size_t size,
				unsigned int known, unsigned int *options)
{
	char *text = export_copy_text(from, size);
	struct pids *pids;

	if (IS_ERR(text))
		return ERR_CAST(text);
	pids = parse_filter(text, known, options);
	kfree(text);
	return pids;
}
