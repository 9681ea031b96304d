/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text to write at the control files: by a generator that knows what they take,
 * whose words are then often spoiled, and by one that knows nothing.
 */
#ifndef FUZZ_TEXT_H
#define FUZZ_TEXT_H

#include "control-test.h"

#define ROOM (TEXT_MAX + 64)

struct input {
	size_t size;
	char text[ROOM];
};

static uint64_t random_state;

/* splitmix64 */
static inline uint64_t random_number(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static inline size_t below(size_t limit)
{
	return random_number() % limit;
}

static inline bool one_in(size_t count)
{
	return !below(count);
}

static inline void append(struct input *input, const char *bytes, size_t size)
{
	if (size > ROOM - input->size)
		size = ROOM - input->size;
	memcpy(input->text + input->size, bytes, size);
	input->size += size;
}

static inline void append_separator(struct input *input)
{
	static const char blanks[] = " \t\n";

	do
		append(input, &blanks[below(3)], 1);
	while (one_in(4));
}

/* One byte more, less, or another. */
static inline void spoil(struct input *input)
{
	static const char likely[] = "+-=0123456789 \t\n\rxabtlswiche\0\x7f\xff,;.";
	size_t at = below(input->size + 1);
	char byte = one_in(8) ? (char)below(256) : likely[below(sizeof(likely) - 1)];

	switch (below(4)) {
	case 0:
		if (input->size < ROOM) {
			memmove(input->text + at + 1, input->text + at, input->size - at);
			input->text[at] = byte;
			input->size++;
		}
		break;
	case 1:
		if (at < input->size) {
			memmove(input->text + at, input->text + at + 1, input->size - at - 1);
			input->size--;
		}
		break;
	default:
		if (at < input->size)
			input->text[at] = byte;
	}
}

/* So long that it is just below, at or above what a write may have. */
static inline void stretch(struct input *input)
{
	size_t size = TEXT_MAX - 2 + below(5), blank = one_in(4) ? '1' : ' ';

	memset(input->text + input->size, blank, ROOM - input->size);
	if (size > input->size)
		input->size = size;
}

/* knowing_text() - words of @words, up to @limit of them, one in @sound unspoiled */
static inline void knowing_text(struct input *input, const char *const *words, size_t count,
				size_t limit, size_t sound)
{
	size_t left = below(limit + 1);

	input->size = 0;
	if (one_in(4))
		append_separator(input);
	while (left--) {
		const char *word = words[below(count)];

		append(input, word, strlen(word));
		if (left || one_in(2))
			append_separator(input);
	}
	if (one_in(sound))
		return;
	do
		spoil(input);
	while (one_in(3));
	if (one_in(200))
		stretch(input);
}

/* blind_text() - any bytes, or any of a few */
static inline void blind_text(struct input *input)
{
	static const char *const alphabets[] = { "0123456789 ", "+-tlb ", "1\n", "\0 1", "-+" };
	const char *alphabet = alphabets[below(5)];
	bool all = one_in(2);
	size_t i;

	input->size = one_in(500) ? below(ROOM + 1) : below(48);
	for (i = 0; i < input->size; i++)
		input->text[i] = all ? (char)below(256) : alphabet[below(strlen(alphabet) ?: 3)];
}

static inline void print_input(const struct input *input)
{
	size_t i;

	printf("# %zu bytes: '", input->size);
	for (i = 0; i < input->size && i < 200; i++) {
		unsigned char byte = input->text[i];

		printf(byte < ' ' || byte > '~' || byte == '\\' ? "\\%03o" : "%c", byte);
	}
	puts(i < input->size ? "'..." : "'");
}

#endif /* FUZZ_TEXT_H */
