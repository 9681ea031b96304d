// SPDX-License-Identifier: GPL-2.0
/* The names of classes in the module's files. */
#include "read/names.h"

const char *const sharing_names[SHARING_CLASSES] = {
	SHARESTAT_SHARING_CLASSES(SHARESTAT_NAME)
};

const char *const switch_names[SWITCH_CLASSES] = {
	SHARESTAT_SWITCH_CLASSES(SHARESTAT_NAME)
};

const char *const tlb_reason_names[TLB_REASONS] = {
	SHARESTAT_TLB_REASONS(SHARESTAT_NAME)
};

const char *const tlb_outcome_names[TLB_OUTCOMES] = {
	SHARESTAT_TLB_OUTCOMES(SHARESTAT_NAME)
};

const char *const birth_names[BIRTH_KINDS] = {
	SHARESTAT_BIRTH_KINDS(SHARESTAT_NAME)
};
