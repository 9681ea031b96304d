/* SPDX-License-Identifier: GPL-2.0 */
/* Address spaces, mappings, files and pages, as far as the module looks at them. */
#ifndef FAKE_KERNEL_MM_H
#define FAKE_KERNEL_MM_H

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)

#define VM_WRITE 0x2UL
#define VM_EXEC 0x4UL
#define VM_SHARED 0x8UL
#define VM_MAYSHARE 0x80UL
#define VM_HUGETLB 0x400000UL
#define SB_NOUSER BIT(31)
#define TMPFS_MAGIC 0x01021994
#define SECRETMEM_MAGIC 0x5345434d
#define ANON_INODE_FS_MAGIC 0x09041934

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES, NR_MM_COUNTERS };

struct qstr { const unsigned char *name; };
struct dentry { struct qstr d_name; };
struct path { struct dentry *dentry; };
struct super_block { unsigned long s_flags, s_magic; };
struct inode { struct super_block *i_sb; mode_t i_mode; bool dax; };
struct file { struct path f_path; struct inode *f_inode; };
#define file_inode(file) ((file)->f_inode)

struct cpumask { unsigned long bits[1]; };
#define cpumask_bits(mask) ((mask)->bits)
#define bitmap_copy(to, from, bits) memcpy(to, from, BITS_TO_LONGS(bits) * sizeof(long))

struct mm_struct {
	atomic_t mm_users, mm_count;
	int map_count;
	unsigned long start_brk, brk;
	struct file *exe_file;
	struct { u64 ctx_id; atomic64_t tlb_gen; } context;
	unsigned long counter[NR_MM_COUNTERS], pgtables, start_stack;
	struct cpumask cpus;
	int locked;
};

#define get_mm_counter(mm, member) ((mm)->counter[member])
#define get_mm_counter_sum get_mm_counter
#define mm_pgtables_bytes(mm) ((mm)->pgtables)
#define mm_cpumask(mm) (&(mm)->cpus)

struct vm_area_struct;
struct vm_operations_struct { const char *(*name)(struct vm_area_struct *vma); };
struct vm_area_struct {
	struct mm_struct *vm_mm;
	unsigned long vm_start, vm_end, vm_flags;
	struct file *vm_file;
	const struct vm_operations_struct *vm_ops;
};

#define vma_is_dax(vma) ((vma)->vm_file && (vma)->vm_file->f_inode->dax)
#define is_vm_hugetlb_page(vma) (!!((vma)->vm_flags & VM_HUGETLB))

/* Not in the C library's. */
#define KPF_MLOCKED 33

/* In another order than any kernel has them: nothing may depend on it. */
enum {
	PG_unevictable, PG_error, PG_swapbacked, PG_reclaim, PG_writeback, PG_active, PG_lru,
	PG_dirty, PG_uptodate, PG_referenced, PG_locked, PG_mlocked, PG_head,
	PG_swapcache,
};

struct page {
	unsigned long flags;
	u64 mapping;
	u32 _mapcount, _refcount;
};

struct folio { struct page page; };
#define page_folio page_folio
int page_mapcount(struct page *page);
bool folio_test_hugetlb(struct folio *folio);
bool folio_test_anon(struct folio *folio);
bool PageDoubleMap(struct page *page);
bool PageLRU(struct page *page);

#endif
