/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that others have chosen, for whom they must not command: whatever prints one
 * calls this with the medium that it prints to, or hands it to libsmartcols (raw tables)
 * or json-c, which escape all that breaks their own format.
 */
#ifndef SHARESTAT_LIB_SAFE_TEXT_H
#define SHARESTAT_LIB_SAFE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/**
 * enum medium - who reads it, and how what is no plain character reads there
 * @TO_TERMINAL: \xHH for each byte, and so for what the locale has no characters for
 * @TO_HTML: as on a terminal with UTF-8, and &lt; &gt; &amp; &quot;
 * @TO_LABEL: of OpenMetrics: as on a terminal with UTF-8, and \\ \"
 * @TO_JSON: a printed document, of which the library left some as it is: \uHHHH
 *
 * No plain character is a control, what turns the direction of the text around it, what
 * is not seen, and a byte that is no UTF-8. A backslash in front of an x is written \x5c,
 * so that no two names look alike.
 */
enum medium { TO_TERMINAL, TO_HTML, TO_LABEL, TO_JSON };

/**
 * safe_text() - copy a name so that it is only seen
 * @out: buffer
 * @size: of the buffer; SAFE_TEXT_ROOM() of the name always fits
 * @medium: where it goes
 * @text: any bytes
 *
 * What does not fit is left out, by whole characters. Return: the length in @out.
 */
size_t safe_text(char *out, size_t size, enum medium medium, const char *text);
#define SAFE_TEXT_ROOM(bytes) (6 * (bytes) + 1)

/** safe_print() - print a text of any length as safe_text() has it */
void safe_print(FILE *out, enum medium medium, const char *text);

/**
 * safe_errors() - let all that is written to stderr be safe
 *
 * What is warned of has names of files and processes in it, the user's words, and
 * numbers of files, in sentences of err.h: each line goes through safe_print().
 */
void safe_errors(void);

#endif
