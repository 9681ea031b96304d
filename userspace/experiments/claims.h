/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The experiments behind the claims, each in a file of this room; claims.c
 * lists them in the order of the report.
 */
#ifndef SHARESTAT_EXPERIMENTS_CLAIMS_H
#define SHARESTAT_EXPERIMENTS_CLAIMS_H

#include "model/finding.h"

/* All of them, in the order of the report. */
extern const struct claim claims[];
extern const size_t nclaims;

/* 1. The table. */
void measure_definition(struct finding *finding);
void measure_address_space(struct finding *finding);
void measure_memory(struct finding *finding);
void measure_creation_cost(struct finding *finding);
void measure_context_switch(struct finding *finding);
void measure_communication(struct finding *finding);
void measure_isolation(struct finding *finding);
void measure_resources(struct finding *finding);

/* 2. A process has its own. */
void measure_own_address_space(struct finding *finding);
void measure_own_globals(struct finding *finding);
void measure_own_open_files(struct finding *finding);
void measure_own_children(struct finding *finding);
void measure_own_signal_handlers(struct finding *finding);

/* 3. A thread has its own. */
void measure_own_program_counter(struct finding *finding);
void measure_own_registers(struct finding *finding);
void measure_own_stack(struct finding *finding);
void measure_own_thread_id(struct finding *finding);

/* 4. Threads share. */
void measure_shared_code(struct finding *finding);
void measure_shared_data(struct finding *finding);
void measure_shared_heap(struct finding *finding);
void measure_shared_open_files(struct finding *finding);
void measure_shared_signal_handlers(struct finding *finding);

/* 5. Processes can share. */
void measure_can_share_text(struct finding *finding);
void measure_can_share_rodata(struct finding *finding);
void measure_can_share_library(struct finding *finding);
void measure_can_share_cow(struct finding *finding);
void measure_can_share_anonymous(struct finding *finding);
void measure_can_share_file(struct finding *finding);
void measure_can_share_sysv(struct finding *finding);
void measure_can_share_mapped_file(struct finding *finding);

/* 6. The key insight. */
void measure_read_only_is_safe(struct finding *finding);
void measure_many_addresses_one_frame(struct finding *finding);

/* 7. When to use which. */
void measure_use_process_isolation(struct finding *finding);
void measure_use_process_independence(struct finding *finding);
void measure_use_process_crash_tolerance(struct finding *finding);
void measure_use_thread_sharing(struct finding *finding);
void measure_use_thread_switching(struct finding *finding);
void measure_use_thread_coupling(struct finding *finding);

/* 8. What threads pay. */
void measure_unmap_disturbs(struct finding *finding);
void measure_faults_scale(struct finding *finding);
void measure_files_scale(struct finding *finding);
void measure_false_sharing(struct finding *finding);
void measure_fork_of_threads(struct finding *finding);
void measure_signals(struct finding *finding);
void measure_one_limit(struct finding *finding);

#endif
