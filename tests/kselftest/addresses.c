// SPDX-License-Identifier: GPL-2.0
/*
 * No kernel address gets out: no number of any file lies in the kernel's half
 * of the address space, in hexadecimal or in decimal, nor is it made of bits of an
 * address of the kernel's memory, which /proc/kcore tells root.
 */
#include "control-test.h"
#include "files-test.h"

#include <ctype.h>
#include <elf.h>

#include "patient-harness.h"

#define KERNEL_HALF 0xffff800000000000ULL

#define SEGMENTS_MAX 64
#define SEGMENT_LIMIT (1ULL << 38)	/* larger ones are room for mappings, and no memory */

/* Where the kernel's memory and its code are. */
static struct { uint64_t start, size; } segments[SEGMENTS_MAX];
static size_t segment_count;

static bool read_segments(void)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC), i;
	Elf64_Ehdr head;

	if (fd < 0 || pread(fd, &head, sizeof(head), 0) != sizeof(head))
		return false;
	for (i = 0; i < head.e_phnum && segment_count < SEGMENTS_MAX; i++) {
		off_t at = head.e_phoff + i * sizeof(Elf64_Phdr);
		Elf64_Phdr segment;

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			return false;
		if (segment.p_type != PT_LOAD || segment.p_memsz > SEGMENT_LIMIT)
			continue;
		segments[segment_count].start = segment.p_vaddr;
		segments[segment_count++].size = segment.p_memsz;
	}
	close(fd);
	return segment_count;
}

/* Is it an address without its lowest @shift bits, cut to @width bits? */
static bool is_cut_address(uint64_t number, unsigned int width, unsigned int shift)
{
	uint64_t mask = width + shift < 64 ? (1ULL << (width + shift)) - 1 : ~0ULL;
	size_t i;

	for (i = 0; i < segment_count; i++)
		if ((((number << shift) - segments[i].start) & mask) < segments[i].size)
			return true;
	return false;
}

static bool is_made_of_an_address(uint64_t number)
{
	static const unsigned int widths[] = { 48, 52, 54, 56, 60, 64 };
	unsigned int shift;
	size_t i;

	/* All addresses of the kernel have ones on top, those of processes a zero. */
	for (i = 0; i < ARRAY_SIZE(widths); i++)
		for (shift = 0; number >> (widths[i] - 1) == 1 && shift <= 12; shift++)
			if (is_cut_address(number, widths[i], shift))
				return true;
	return false;
}

static bool is_in_kernel_half(const char *word, size_t length)
{
	char text[32];
	size_t decimal = strspn(word, "0123456789");
	size_t hex = strspn(word, "0123456789abcdefABCDEF");

	if (length >= sizeof(text) || (decimal != length && hex != length))
		return false;
	memcpy(text, word, length);
	text[length] = '\0';
	/* More digits are no address; what is too large for 64 bits is ~0. */
	if (length <= 16 && (strtoull(text, NULL, 16) >= KERNEL_HALF ||
			     is_made_of_an_address(strtoull(text, NULL, 16))))
		return true;
	return decimal == length && (strtoull(text, NULL, 10) >= KERNEL_HALF ||
				     is_made_of_an_address(strtoull(text, NULL, 10)));
}

/* Words of letters and digits, so that 0x, commas and signs hide none. */
static size_t kernel_addresses(const char *text)
{
	size_t found = 0;

	while (*text) {
		size_t length = 0;

		while (isalnum((unsigned char)text[length]))
			length++;
		if (length > 2 && text[0] == '0' && text[1] == 'x') {
			text += 2;
			length -= 2;
		}
		found += is_in_kernel_half(text, length);
		text += length + !length;
	}
	return found;
}

TEST(an_address_would_be_found)
{
	EXPECT_EQ(0, kernel_addresses("1 ffffffff 00ff12ab34cd56 18446603336221196287 7ffd0000"));
	EXPECT_EQ(1, kernel_addresses("a ffff888012345678 b"));
	EXPECT_EQ(1, kernel_addresses("a 0xffffffff81000000,"));
	EXPECT_EQ(1, kernel_addresses("-18446603336221196288"));
	EXPECT_EQ(2, kernel_addresses("ffffffffffffffff FFFFC90000000000\n"));
}

/* What an id would be that is a part of an address. */
TEST(a_part_of_an_address_would_be_found)
{
	uint64_t address;
	char text[32];

	ASSERT_TRUE(read_segments());
	address = segments[0].start + segments[0].size / 2;
	snprintf(text, sizeof(text), "%014llx", address >> 3 & ((1ULL << 54) - 1));
	EXPECT_EQ(1, kernel_addresses(text));
	snprintf(text, sizeof(text), "%llx", address & ((1ULL << 48) - 1));
	EXPECT_EQ(1, kernel_addresses(text));
	snprintf(text, sizeof(text), "%llu", address >> 6 & ((1ULL << 56) - 1));
	EXPECT_EQ(1, kernel_addresses(text));
	EXPECT_EQ(0, kernel_addresses("7f6acac0a000 00fe05950dd6f4 123456789"));
}

TEST(no_file_has_a_kernel_address)
{
	size_t i;

	ASSERT_TRUE(read_segments());

	probes(ALL_PROBES);
	usleep(20000);
	for (i = 0; i < ABI_FILES; i++) {
		char *text;
		int fd;

		if (!file_gives_text(&abi_files[i]))
			continue;
		fd = open_file(abi_files[i].name, O_RDONLY);
		text = text_read_fd(fd, abi_files[i].name);
		EXPECT_EQ(0, kernel_addresses(text))
			TH_LOG("%s", abi_files[i].name);
		free(text);
		close(fd);
	}
	probes(PROBES_OFF);
}

TEST_HARNESS_MAIN
