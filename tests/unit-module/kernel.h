/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel as the module's sources ask for, in user space: what each
 * <linux/...> of theirs is here (see Makefile). Nothing runs at the same time as
 * anything else; CPUs are numbers that a test chooses.
 */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#define CONFIG_X86_64

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#define __user
#define __percpu
#define __rcu
#define __read_mostly
#define notrace
#define __init
#define noinline __attribute__((noinline))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define ____cacheline_aligned __attribute__((aligned(64)))
#define likely(x) (x)
#define unlikely(x) (x)
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define IS_ENABLED(CONFIG_NAME) 1
#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define GENMASK(high, low) ((~0UL >> (63 - (high))) & (~0UL << (low)))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define swap(a, b) do { __typeof__(a) old_ = (a); (a) = (b); (b) = old_; } while (0)
#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))
#define struct_size(pointer, member, count) \
	(sizeof(*(pointer)) + (count) * sizeof((pointer)->member[0]))
#define cpu_to_le32(x) (x)
#define cpu_to_le64(x) (x)
#define ilog2(x) (63 - __builtin_clzll(x))
#define BITS_TO_LONGS(bits) (((bits) + 63) / 64)

#define MAX_ERRNO 4095
static inline bool IS_ERR(const void *pointer)
{
	return (unsigned long)pointer >= (unsigned long)-MAX_ERRNO;
}

static inline bool IS_ERR_OR_NULL(const void *pointer)
{
	return !pointer || IS_ERR(pointer);
}

#define IS_ERR_VALUE(value) IS_ERR((void *)(value))
#define ERR_CAST(pointer) ((void *)(pointer))
#define PTR_ERR(pointer) ((long)(pointer))
#define ERR_PTR(error) ((void *)(long)(error))

static inline bool str_has_prefix(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	return snprintf(to, size, "%s", from);
}

int kstrtouint(const char *text, unsigned int base, unsigned int *result);

/* Memory. fake_fail_at counts down with each allocation: the one at 1 fails. */
extern unsigned int fake_fail_at;
extern long fake_allocations;			/* that were not freed */
#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0
void *fake_alloc(size_t count, size_t size);
void fake_free(const void *memory);
#define kvzalloc(size, flags) fake_alloc(1, size)
#define kvcalloc(count, size, flags) fake_alloc(count, size)
#define vzalloc_node(size, node) fake_alloc(1, size)
#define kvfree fake_free
#define vfree fake_free
#define cpu_to_node(cpu) 0

/* CPUs, and variables of which each has its own. */
#define FAKE_CPUS 3
extern unsigned int fake_cpu;
extern char __start_percpu[], __stop_percpu[];
void *fake_per_cpu(const void *variable, unsigned int cpu);
#define nr_cpu_ids FAKE_CPUS
#define num_possible_cpus() FAKE_CPUS
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < FAKE_CPUS; (cpu)++)
#define smp_processor_id() fake_cpu
#define cpu_online(cpu) true
#define cpus_read_lock() do { } while (0)
#define cpus_read_unlock() do { } while (0)
#define test_bit(bit, word) (*(word) >> (bit) & 1)
#define for_each_set_bit(bit, word, size) \
	for ((bit) = 0; (bit) < (size); (bit)++) if (test_bit(bit, word))
#define DEFINE_PER_CPU(type, name) __attribute__((section("percpu"))) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name
#define per_cpu_ptr(pointer, cpu) ((__typeof__(pointer + 0))fake_per_cpu(pointer, cpu))
#define this_cpu_ptr(pointer) per_cpu_ptr(pointer, fake_cpu)
#define per_cpu(name, cpu) (*per_cpu_ptr(&(name), cpu))
#define __this_cpu_read(name) per_cpu(name, fake_cpu)
#define __this_cpu_write(name, value) (per_cpu(name, fake_cpu) = (value))
#define __this_cpu_inc(name) (per_cpu(name, fake_cpu)++)
#define __this_cpu_add(name, value) (per_cpu(name, fake_cpu) += (value))
#define this_cpu_inc __this_cpu_inc
#define this_cpu_add __this_cpu_add
#define fake_always(cpu, data) true
#define on_each_cpu(function, data, wait) on_each_cpu_cond(fake_always, function, data, wait)
#define on_each_cpu_cond(condition, function, data, wait) do { \
	struct task_struct *old_ = fake_current; \
	for (fake_cpu = 0; fake_cpu < FAKE_CPUS; fake_cpu++) { \
		fake_current = fake_idle[fake_cpu]; \
		if (condition(fake_cpu, data)) \
			function(data); \
	} \
	fake_current = old_; \
	fake_cpu = 0; \
} while (0)

/* Locks: nobody else is here. An account that changes hands has an odd sequence. */
typedef struct { unsigned int sequence; } seqcount_t;
#define seqcount_init(count) ((count)->sequence = 0)
#define write_seqcount_begin(count) ((count)->sequence++)
#define write_seqcount_end(count) ((count)->sequence++)
#define read_seqcount_begin(count) ((count)->sequence)
#define read_seqcount_retry(count, before) ((count)->sequence != (before))
#define DEFINE_MUTEX(name) int name __attribute__((unused))
#define mutex_lock_killable(lock) 0
#define mutex_lock(lock) do { } while (0)
#define mutex_unlock(lock) do { } while (0)
#define rcu_read_lock() do { } while (0)
#define rcu_read_unlock() do { } while (0)
#define rcu_dereference(pointer) (pointer)
#define rcu_access_pointer(pointer) (pointer)
#define smp_mb() do { } while (0) /* in one order anyway */
#define smp_rmb smp_mb
/* What others do meanwhile; a test may say it. */
extern void (*fake_meanwhile)(void);
#define cond_resched() do { if (fake_meanwhile) fake_meanwhile(); } while (0)
#define local_irq_save(flags) ((flags) = 0)
#define local_irq_restore(flags) ((void)(flags))
#define local_clock() fake_clock()
u64 fake_clock(void);

/* Lists of a hash table. */
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	node->next = head->first;
	if (node->next)
		node->next->pprev = &node->next;
	head->first = node;
	node->pprev = &head->first;
}

static inline void hlist_del(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
}

#define hlist_for_each_entry(entry, head, member) \
	for (struct hlist_node *at_ = (head)->first; \
	     at_ && ((entry) = container_of(at_, __typeof__(*(entry)), member), true); \
	     at_ = at_->next)

/* Arithmetic of the kernel's libraries. */
typedef struct { u64 key[2]; } siphash_key_t;
u32 siphash_2u32(u32 first, u32 second, const siphash_key_t *key);
void get_random_bytes(void *to, size_t size);
#define GOLDEN_RATIO_64 0x61C8864680B583EBull
#define hash_64(value, bits) ((u64)(value) * GOLDEN_RATIO_64 >> (64 - (bits)))
#define hash_ptr(pointer, bits) ((unsigned int)hash_64((unsigned long)(pointer), bits))
#define sort(base, count, size, compare, swap_function) qsort(base, count, size, compare)
#define bsearch(key, base, count, size, compare) \
	((__typeof__(base))(bsearch)(key, base, count, size, compare))

typedef struct { long counter; } atomic_t, atomic64_t;
static inline int atomic_read(const atomic_t *value)
{
	return (int)value->counter;
}

#define atomic64_read(value) ((u64)(value)->counter)

#include "kernel-mm.h"
#include "kernel-objects.h"
#include "kernel-tasks.h"

#endif
