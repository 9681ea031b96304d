# SPDX-License-Identifier: GPL-2.0
#
# What the headers have that the module is built against. A distribution's number says
# nothing of what it has taken from later releases, so no number is asked. What C can tell
# (_Generic, a macro, a symbol of Kconfig) needs no line here, but for __has_include, which
# sparse does not know; a prototype that is taken for another one is an error of the compiler.

ifeq ($(wildcard $(srctree)/include/linux/mm.h),)
$(error There are no headers in $(srctree): what this kernel has cannot be told)
endif

# That of 5.10, which RHEL 8 has in its 4.18: without it more is missing than this.
ifeq ($(shell grep -sw mmap_lock_is_contended $(srctree)/include/linux/mmap_lock.h),)
$(error sharestat needs Linux 5.10 or a newer one, or RHEL 8, by the headers in $(srctree); see Documentation/install.rst)
endif

# $(call has,NAME,PATTERN,HEADERS): HAVE_NAME where a header has it as a word. No
# parenthesis in a pattern: make counts them.
has = $(if $(shell grep -Eqsw -e '$(2)' $(addprefix $(srctree)/,$(3)) && echo y),-DHAVE_$(1))
sharestat-asm := arch/$(SRCARCH)/include/asm

ccflags-y += $(call has,CPUID_API,cpuid_base_hypervisor,$(sharestat-asm)/cpuid/api.h)
ccflags-y += $(call has,LEAFOPS,softleaf_t,include/linux/leafops.h)
ccflags-y += $(call has,LINUX_PGTABLE,_LINUX_PGTABLE_H,include/linux/pgtable.h)
ccflags-y += $(call has,FILE_USER_PATH,file_user_path,include/linux/fs.h)
ccflags-y += $(call has,FTRACE_REGS,struct ftrace_regs,include/linux/ftrace.h)
ccflags-y += $(call has,PTDESC_PMD_PTS_COUNT,ptdesc_pmd_pts_count,include/linux/mm_types.h include/linux/mm.h)
ccflags-y += $(call has,PT_SHARE_COUNT,pt_share_count,include/linux/mm_types.h)
ccflags-y += $(call has,HK_FLAGS,HK_FLAG_DOMAIN,include/linux/sched/isolation.h)
ccflags-y += $(call has,CPU_IS_ISOLATED,cpu_is_isolated,include/linux/sched/isolation.h)
ccflags-y += $(call has,PAGE_MAPCOUNT,static inline int page_mapcount,include/linux/mm.h)
ccflags-y += $(call has,PAGE_MAPCOUNT_IS_TYPE,page_mapcount_is_type,include/linux/page-flags.h)
ccflags-y += $(call has,PAGE_MAPCOUNT_RESERVE,PAGE_MAPCOUNT_RESERVE,include/linux/page-flags.h)
ccflags-y += $(call has,PAGE_DOUBLE_MAP,DoubleMap,include/linux/page-flags.h)
ccflags-y += $(call has,FOLIO_LARGE_MAPCOUNT,folio_large_mapcount,include/linux/mm.h)
ccflags-y += $(call has,FOLIO_LARGE_RMAPPABLE,large_rmappable,include/linux/page-flags.h)
ccflags-y += $(call has,PMD_SPECIAL,pmd_special,include/linux/mm.h)
ccflags-y += $(call has,GET_MM_COUNTER_SUM,get_mm_counter_sum,include/linux/mm.h)
ccflags-y += $(call has,GET_MM_RSS_SUM,get_mm_rss_sum,include/linux/mm.h)
ccflags-y += $(call has,VMA_IS_INITIAL_HEAP,vma_is_initial_heap,include/linux/mm.h)
ccflags-y += $(call has,PG_ERROR,PG_error,include/linux/page-flags.h)
ccflags-y += $(call has,PMDP_GET_LOCKLESS,pmdp_get_lockless,include/linux/pgtable.h)
ccflags-y += $(call has,PTEP_GET,ptep_get,include/linux/pgtable.h include/asm-generic/pgtable.h)
ccflags-y += $(call has,PTE_DEVMAP,pte_devmap,include/linux/mm.h $(sharestat-asm)/pgtable.h)
ccflags-y += $(call has,REAL_FS,real_fs,include/linux/sched.h)
ccflags-y += $(call has,SCHED_SWITCH_PREV_STATE,unsigned int prev_state,include/trace/events/sched.h)
ccflags-y += $(call has,CLONE_FLAGS_U64,u64 clone_flags,include/trace/events/task.h)
ccflags-y += $(call has,FLUSH_TLB_MULTI,flush_tlb_multi,$(sharestat-asm)/tlbflush.h)
ccflags-y += $(call has,FLUSH_TLB_OTHERS,flush_tlb_others,$(sharestat-asm)/tlbflush.h)
