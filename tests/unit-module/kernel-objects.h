/* SPDX-License-Identifier: GPL-2.0 */
/* What tasks share, and the registers that they have saved. */
#ifndef FAKE_KERNEL_OBJECTS_H
#define FAKE_KERNEL_OBJECTS_H

#define CONFIG_SYSVIPC

typedef struct { int refs; } refcount_t;
static inline int refcount_read(const refcount_t *count)
{
	return count->refs;
}

struct files_struct { atomic_t count; };
struct fs_struct { int users; };
struct sighand_struct { refcount_t count; };
struct signal_struct { int nr_threads; };
struct nsproxy { atomic_t count; };
struct io_context { atomic_t active_ref; };
struct sem_undo_list { bool used; };
struct pt_regs { bool user; unsigned long ip, sp; };

/* The registers lie at the beginning of the stack here; a stack that is gone has none. */
#define task_pt_regs(task) ((struct pt_regs *)(task)->stack)
#define copy_from_kernel_nofault(to, from, size) (memcpy(to, from, size), 0)
#define user_mode(regs) ((regs)->user)
#define instruction_pointer(regs) ((regs)->ip)
#define user_stack_pointer(regs) ((regs)->sp)

#endif
