/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of the verdicts, from what was measured, without measuring: each test
 * includes the file of its experiment, whose decide() takes plain structures. It starts
 * from what the book says and changes one thing at a time.
 */
#ifndef VERDICT_TEST_H
#define VERDICT_TEST_H

#include <string.h>

#include "model/finding.h"
#include "tap.h"

/* @base, but for one field; one may stand in the other's place for @base. */
#define WITH(base, field, to) WITH_NAMED(base, field, to, __COUNTER__)
#define WITH_NAMED(base, field, to, number) WITH_NUMBERED(base, field, to, number)
#define WITH_NUMBERED(base, field, to, number) __extension__ ({	\
	__typeof__((void)0, (base)) changed_##number = (base);	\
	changed_##number.field = (to);				\
	changed_##number;					\
})

/**
 * check_finding() - compare a verdict, and see that the reason has these words, and that
 * the report's narrow table has room for both sides
 * @finding: decided
 * @verdict: what it should be
 * @words: in its reason; NULL: any
 * @what: was looked at
 */
void check_finding(const struct finding *finding, enum verdict verdict, const char *words,
		   const char *what);

/** on_machine() - with the module and all its probes but tlb, or without the module */
void on_machine(bool without_module);

void test_verdict_alone(void);
void test_verdict_definition(void);
void test_verdict_address_space(void);
void test_verdict_memory(void);
void test_verdict_creation_cost(void);
void test_verdict_context_switch(void);
void test_verdict_communication(void);
void test_verdict_isolation(void);
void test_verdict_resources(void);
void test_verdict_objects(void);
void test_verdict_areas(void);
void test_verdict_children(void);
void test_verdict_program_counter(void);
void test_verdict_registers(void);
void test_verdict_stack(void);
void test_verdict_thread_id(void);
void test_verdict_programs(void);
void test_verdict_cow(void);
void test_verdict_shared_memory(void);
void test_verdict_read_only(void);
void test_verdict_many_addresses(void);
void test_verdict_unmap(void);
void test_verdict_parallel_rates(void);
void test_verdict_false_sharing(void);
void test_verdict_fork_of_threads(void);
void test_verdict_signals(void);
void test_verdict_one_limit(void);
void test_verdict_view(void);

#endif
