/* SPDX-License-Identifier: GPL-2.0 */
/* The names of classes in the module's files. */
#ifndef SHARESTAT_READ_NAMES_H
#define SHARESTAT_READ_NAMES_H

#include "uapi/sharestat.h"

/* Indexed by the enums of uapi/sharestat.h. */
extern const char *const sharing_names[SHARING_CLASSES];
extern const char *const switch_names[SWITCH_CLASSES];
extern const char *const tlb_reason_names[TLB_REASONS];
extern const char *const tlb_outcome_names[TLB_OUTCOMES];
extern const char *const birth_names[BIRTH_KINDS];

#endif
