// SPDX-License-Identifier: GPL-2.0
/* Names that others have chosen -> what may be printed. */
#include <langinfo.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/safe-text.h"
#include "lib/utf8.h"

/* Controls of one byte and of two, marks of direction, what has no width, tags. */
static bool is_plain(uint32_t code)
{
	static const struct { uint32_t first, last; } others[] = {
		{ 0, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
		{ 0x180e, 0x180e }, { 0x200b, 0x200b }, { 0x200e, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (code >= others[i].first && code <= others[i].last)
			return false;
	return true;
}

static const char *entity(char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	}
	return NULL;
}

/* Each byte of them; in a label the backslash is escaped once more. */
static void hex_bytes(char *to, enum medium medium, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to += sprintf(to, "%s\\x%02x", medium == TO_LABEL ? "\\" : "",
			      (unsigned char)text[i]);
}

static void json_escape(char *to, uint32_t code)
{
	if (code > 0xffff)
		sprintf(to, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
			0xdc00 + (code & 0x3ff));
	else
		sprintf(to, "\\u%04x", code);
}

static bool in_utf8(enum medium medium)
{
	return medium != TO_TERMINAL || !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* One character, written to @to of 32 bytes. Return: how many bytes of @text it was. */
static size_t take(char *to, enum medium medium, const char *text)
{
	uint32_t code;
	size_t length = utf8_decode(text, &code);
	bool plain = length && is_plain(code) && (code < 0x80 || in_utf8(medium));
	size_t bytes = length ? length : 1;

	if (medium == TO_JSON && (plain || *text == '\n'))
		sprintf(to, "%.*s", (int)bytes, text);
	else if (medium == TO_JSON)
		json_escape(to, length ? code : 0xfffd);
	else if (!plain || (text[0] == '\\' && text[1] == 'x'))
		hex_bytes(to, medium, text, bytes);
	else if (medium == TO_HTML && entity(*text))
		strcpy(to, entity(*text));
	else if (medium == TO_LABEL && (*text == '\\' || *text == '"'))
		sprintf(to, "\\%c", *text);
	else
		sprintf(to, "%.*s", (int)bytes, text);
	return bytes;
}

size_t safe_text(char *out, size_t size, enum medium medium, const char *text)
{
	size_t used = 0;

	while (*text) {
		char piece[32];
		size_t length;

		text += take(piece, medium, text);
		length = strlen(piece);
		if (used + length + 1 > size)
			break;
		memcpy(out + used, piece, length);
		used += length;
	}
	if (size)
		out[used] = '\0';
	return used;
}

void safe_print(FILE *out, enum medium medium, const char *text)
{
	while (*text) {
		char piece[32];

		text += take(piece, medium, text);
		fputs(piece, out);
	}
}

/* Only the ends of lines are ours. */
static ssize_t write_errors(void *cookie, const char *data, size_t size)
{
	char *text = strndup(data, size), *out = malloc(SAFE_TEXT_ROOM(size)), *rest = text;
	size_t used = 0;
	char *line;

	(void)cookie;
	if (!text || !out)
		rest = NULL;
	while ((line = strsep(&rest, "\n"))) {
		used += safe_text(out + used, SAFE_TEXT_ROOM(size) - used, TO_TERMINAL, line);
		if (rest)
			out[used++] = '\n';
	}
	(void)!write(STDERR_FILENO, out, used);
	free(text);
	free(out);
	return (ssize_t)size;
}

void safe_errors(void)
{
	static const cookie_io_functions_t functions = { .write = write_errors };
	FILE *lines = fopencookie(NULL, "w", functions);

	if (!lines)
		return;
	setvbuf(lines, NULL, _IOLBF, BUFSIZ);
	stderr = lines;
}
