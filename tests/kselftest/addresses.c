// SPDX-License-Identifier: GPL-2.0
/*
 * No kernel address gets out: no number of any file lies in the kernel's half
 * of the address space, in hexadecimal or in decimal.
 */
#include "control-test.h"
#include "files-test.h"

#include <ctype.h>

#include "patient-harness.h"

#define KERNEL_HALF 0xffff800000000000ULL

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
	if (length <= 16 && strtoull(text, NULL, 16) >= KERNEL_HALF)
		return true;
	return decimal == length && strtoull(text, NULL, 10) >= KERNEL_HALF;
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

TEST(no_file_has_a_kernel_address)
{
	size_t i;

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
