/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's test harness, with more patience: its 30 seconds for a test are
 * not enough for a busy machine that emulates a kernel with all detectors on. A
 * test that hangs is found all the same.
 */
#ifndef SHARESTAT_PATIENT_HARNESS_H
#define SHARESTAT_PATIENT_HARNESS_H

#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 900

#endif /* SHARESTAT_PATIENT_HARNESS_H */
