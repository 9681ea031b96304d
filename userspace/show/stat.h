/* SPDX-License-Identifier: GPL-2.0 */
/* What `stat` counted, in words and as JSON. */
#ifndef SHARESTAT_SHOW_STAT_H
#define SHARESTAT_SHOW_STAT_H

#include <stdio.h>
#include "model/run-counts.h"

#define STAT_NOTES 4
#define STAT_NOTE_LENGTH 320

/** stat_notes() - what a reader of the figures should know. Return: how many */
size_t stat_notes(const struct stat_result *stat, char notes[STAT_NOTES][STAT_NOTE_LENGTH]);

/** stat_text() - a table of what was counted, and the notes */
void stat_text(const struct stat_result *stat, FILE *out);
/** stat_json() - Return: 0, or -1 explained */
int stat_json(const struct stat_result *stat, FILE *out);

#endif
