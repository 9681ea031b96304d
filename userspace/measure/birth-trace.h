/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Follows births by the module's own tracepoint sharestat:birth, recorded in a trace
 * instance that nobody else sees. It costs births a record, and switches nothing.
 */
#ifndef SHARESTAT_MEASURE_BIRTH_TRACE_H
#define SHARESTAT_MEASURE_BIRTH_TRACE_H

#include "model/descendants.h"

/**
 * family_begin() - follow from now on
 * @family: filled; family_end() gives everything back
 *
 * A family that cannot be followed (see @why) has only those who are added.
 */
void family_begin(struct family *family);
/** family_add() - a process with all its threads of this moment */
void family_add(struct family *family, pid_t tgid);
/** family_update() - take in who was born; often enough that no record is lost */
void family_update(struct family *family);
/** family_end() - follow no more */
void family_end(struct family *family);

#endif
