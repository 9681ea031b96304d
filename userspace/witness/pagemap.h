/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/pagemap, /proc/kpagecount and /proc/kpageflags. */
#ifndef SHARESTAT_WITNESS_PAGEMAP_H
#define SHARESTAT_WITNESS_PAGEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** pagemap_pfn() - the witness: the same from /proc/PID/pagemap, 0 when absent */
uint64_t pagemap_pfn(pid_t pid, const void *address);
/** kpagecount() - the witness for maps, from /proc/kpagecount */
uint64_t kpagecount(uint64_t pfn);
/** kpageflags() - KPF_* bits, from /proc/kpageflags */
uint64_t kpageflags(uint64_t pfn);
/**
 * pagemap_read() - the words of neighbouring pages
 * @pid: whose
 * @address: of the first page
 * @words: filled: PAGEMAP_PRESENT or _SWAPPED, and the frame where we may see it
 * @count: of pages
 *
 * Return: how many words there are.
 */
size_t pagemap_read(pid_t pid, uint64_t address, uint64_t *words, size_t count);

/** struct page_words - the three files, open, for who reads much of them */
struct page_words {
	int pagemap, kpagecount, kpageflags;
};

/**
 * page_words_open() - open them
 * @files: set; close it, whatever is returned
 * @pid: whose pagemap
 *
 * Return: 0, 1 when there is no such process, or -1 after a message.
 */
int page_words_open(struct page_words *files, pid_t pid);
/** page_words_try() - the same, but what may not be opened is -1, and nothing is said */
void page_words_try(struct page_words *files, pid_t pid);
void page_words_close(struct page_words *files);
/**
 * page_words_read() - words from one of them
 * @fd: which
 * @first: of the page, or of the frame
 * @words: filled; those that cannot be had (a frame without a struct page) are all ones
 * @count: how many
 */
void page_words_read(int fd, uint64_t first, uint64_t *words, size_t count);

/** page_words_first() - the same, but of words that can be had. Return: how many they are */
size_t page_words_first(int fd, uint64_t first, uint64_t *words, size_t count);

/** pagemap_shows_frames() - numbers and counts of frames are for root alone: for us? */
bool pagemap_shows_frames(void);

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_SWAPPED	(1ULL << 62)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

#endif
