/* SPDX-License-Identifier: GPL-2.0 */
/* Filling a finding: sides, evidence, conditions, and the verdict out of them. */
#ifndef SHARESTAT_EXPERIMENTS_FINDING_H
#define SHARESTAT_EXPERIMENTS_FINDING_H

#include "measure/sight.h"
#include "model/finding.h"

/* Side with a number; the text is made of it: "12.3 us", of several samples with interval. */
void side_number(struct side *side, double *samples, size_t count, const char *unit);
/* Side with one exact number, as a count of pages. */
void side_count(struct side *side, double value, const char *unit);
void side_text(struct side *side, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Words for the table; those of a number with an interval stand behind it: what it is of. */
void side_label(struct side *side, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_evidence(struct finding *finding, const char *source,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * Evidence of an independent witness. One that does not agree with the module
 * makes the verdict NOT MEASURABLE HERE, whatever finding_decide() is told.
 */
void finding_witness(struct finding *finding, const char *source, bool agrees,
		     const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * Evidence that a witness could not be asked, and why. That is no disagreement; but
 * the reason of the verdict says that this witness is missing.
 */
void finding_unwitnessed(struct finding *finding, const char *source,
			 const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/**
 * finding_point() - add a figure to a series, which may be new
 * @finding: whose
 * @series: its name, whose it is and its units; points are not looked at
 * @x: ignored without an x_unit
 * @y: the figure
 */
void finding_point(struct finding *finding, const struct series *series, double x,
		   struct summary y);
/*
 * One condition of the claim's rule, in words that are true when it holds. The first
 * that does not hold refutes the claim, and its words say so.
 */
void finding_require(struct finding *finding, bool holds, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * Decides: CONFIRMED when all that was required holds, else REFUTED; the reason is
 * the condition that failed, then what was found.
 */
void finding_decide(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_impossible(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * A condition that is looked at only where it can be seen: else the reason of the
 * verdict says that this witness is missing.
 */
void finding_require_seen(struct finding *finding, enum sight what, bool holds,
			  const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * finding_needs() - can this be seen here, without which there is no experiment
 * @finding: becomes NOT MEASURABLE HERE, with the reason, when it cannot
 * @what: of what sight_lacks() knows
 */
bool finding_needs(struct finding *finding, enum sight what);

/**
 * finding_counts() - is a probe there to count for this experiment
 * @finding: gets as evidence why not, as of a witness that cannot be asked
 * @name: "switches", "tlb" ...
 */
bool finding_counts(struct finding *finding, const char *name);

#endif
