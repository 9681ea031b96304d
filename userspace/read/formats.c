// SPDX-License-Identifier: GPL-2.0
/* The columns of each file and where they go in its record. */
#include <string.h>

#include "read/field.h"
#include "read/formats.h"
#include "read/names.h"
#include "read/records.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Where a field goes; RECORD is the type of the file at hand. */
#define AT(member) \
	.offset = offsetof(RECORD, member), .size = sizeof(((RECORD *)NULL)->member)

#define CHOICE(list) .kind = FIELD_CHOICE, .choices = (list), .nchoices = ARRAY_SIZE(list)

#define FORMAT(name, type)				\
	const struct format format_##name = {		\
		.file = #name,				\
		.size = sizeof(type),			\
		.fields = fields_##name,		\
		.nfields = ARRAY_SIZE(fields_##name),	\
	}

#define RECORD struct task_record
#define ID(label, index) { label, FIELD_ID, true, AT(object[index]) }
#define USERS(label, index) { label, FIELD_NUMBER, true, AT(users[index]) }
static const struct field fields_tasks[] = {
	{ "tid", FIELD_NUMBER, AT(tid) },
	{ "tgid", FIELD_NUMBER, AT(tgid) },
	{ "ppid", FIELD_NUMBER, AT(ppid) },
	{ "flags", FIELD_WORD, AT(flags) },
	ID("mm", OBJECT_MM),
	ID("files", OBJECT_FILES),
	ID("fs", OBJECT_FS),
	ID("sighand", OBJECT_SIGHAND),
	ID("signal", OBJECT_SIGNAL),
	ID("nsproxy", OBJECT_NSPROXY),
	ID("io", OBJECT_IO),
	ID("sysvsem", OBJECT_SYSVSEM),
	USERS("mm_users", OBJECT_MM),
	USERS("files_users", OBJECT_FILES),
	USERS("fs_users", OBJECT_FS),
	USERS("sighand_users", OBJECT_SIGHAND),
	USERS("signal_users", OBJECT_SIGNAL),
	USERS("nsproxy_users", OBJECT_NSPROXY),
	USERS("io_users", OBJECT_IO),
	{ "nvcsw", FIELD_NUMBER, AT(nvcsw) },
	{ "nivcsw", FIELD_NUMBER, AT(nivcsw) },
	{ "pc", FIELD_HEX, true, AT(pc) },
	{ "sp", FIELD_HEX, true, AT(sp) },
	{ "stack", FIELD_HEX, true, AT(stack) },
	{ "tls", FIELD_HEX, true, AT(tls) },
	{ "comm", FIELD_NAME, AT(comm) },
};

FORMAT(tasks, RECORD);
#undef RECORD

#define RECORD struct mm_record
static const struct field fields_mms[] = {
	{ "mm", FIELD_ID, AT(mm) },
	{ "tgid", FIELD_NUMBER, AT(tgid) },
	{ "tasks", FIELD_NUMBER, AT(tasks) },
	{ "groups", FIELD_NUMBER, AT(groups) },
	{ "mm_users", FIELD_NUMBER, AT(mm_users) },
	{ "mm_count", FIELD_NUMBER, AT(mm_count) },
	{ "lazy", FIELD_NUMBER, AT(lazy) },
	{ "vmas", FIELD_NUMBER, AT(vmas) },
	{ "rss_anon", FIELD_NUMBER, AT(rss_anon) },
	{ "rss_file", FIELD_NUMBER, AT(rss_file) },
	{ "rss_shmem", FIELD_NUMBER, AT(rss_shmem) },
	{ "swap", FIELD_NUMBER, AT(swap) },
	{ "pgtables", FIELD_NUMBER, AT(pgtables) },
	{ "cpus", FIELD_LIST, AT(cpus) },
	{ "tlb_gen", FIELD_NUMBER, true, AT(tlb_gen) },
	{ "comm", FIELD_NAME, AT(comm) },
};

FORMAT(mms, RECORD);
#undef RECORD

#define RECORD struct vma_record
#define PAGES(id, label) { label, FIELD_NUMBER, AT(pages[SHARING_##id]) },
static const struct field fields_vmas[] = {
	{ "tgid", FIELD_NUMBER, AT(tgid) },
	{ "start", FIELD_HEX, AT(start) },
	{ "end", FIELD_HEX, AT(end) },
	{ "perms", FIELD_WORD, AT(perms) },
	{ "present", FIELD_NUMBER, AT(present) },
	SHARESTAT_SHARING_CLASSES(PAGES)
	{ "rss", FIELD_NUMBER, AT(rss) },
	{ "uss", FIELD_NUMBER, AT(uss) },
	{ "private_hugetlb", FIELD_NUMBER, AT(private_hugetlb) },
	{ "shared_hugetlb", FIELD_NUMBER, AT(shared_hugetlb) },
	{ "lazyfree", FIELD_NUMBER, AT(lazyfree) },
	{ "mlocked", FIELD_NUMBER, AT(mlocked) },
	{ "swap", FIELD_NUMBER, AT(swap) },
	{ "migration", FIELD_NUMBER, AT(migration) },
	{ "empty_tables", FIELD_NUMBER, AT(empty_tables) },
	{ "refs", FIELD_NUMBER, AT(refs) },
	{ "maps", FIELD_NUMBER, AT(maps) },
	{ "pss", FIELD_NUMBER, AT(pss) },
	{ "hugetlb_pss", FIELD_NUMBER, AT(hugetlb_pss) },
	{ "name", FIELD_PATH, AT(name) },
};

FORMAT(vmas, RECORD);
#undef RECORD

#define RECORD struct frame_record
static const struct field fields_frames[] = {
	{ "tgid", FIELD_NUMBER, AT(tgid) },
	{ "va", FIELD_HEX, AT(va) },
	{ "pfn", FIELD_HEX, AT(pfn) },
	{ "pages", FIELD_NUMBER, AT(pages) },
	{ "refs", FIELD_NUMBER, true, AT(refs) },
	{ "maps", FIELD_NUMBER, true, AT(maps) },
	{ "pte", FIELD_WORD, AT(pte) },
	{ "flags", FIELD_HEX, AT(flags) },
	{ "class", CHOICE(sharing_names), AT(sharing) },
};

FORMAT(frames, RECORD);
#undef RECORD

#define RECORD struct switch_record
static const struct field fields_switches[] = {
	{ "cpu", FIELD_NUMBER, AT(cpu) },
	{ "class", CHOICE(switch_names), AT(class) },
	{ "count", FIELD_NUMBER, AT(count) },
	{ "ns", FIELD_NUMBER, true, AT(ns) },
};

FORMAT(switches, RECORD);
#undef RECORD

#define RECORD struct latency_record
static const struct field fields_latency[] = {
	{ "class", CHOICE(switch_names), AT(class) },
	{ "bucket", FIELD_NUMBER, AT(bucket) },
	{ "count", FIELD_NUMBER, AT(count) },
};

FORMAT(latency, RECORD);
#undef RECORD

#define RECORD struct tlb_record
static const struct field fields_tlb[] = {
	{ "cpu", FIELD_NUMBER, AT(cpu) },
	{ "reason", CHOICE(tlb_reason_names), AT(reason) },
	{ "outcome", CHOICE(tlb_outcome_names), AT(outcome) },
	{ "count", FIELD_NUMBER, true, AT(count) },
	{ "pages", FIELD_NUMBER, true, AT(pages) },
};

FORMAT(tlb, RECORD);
#undef RECORD

#define RECORD struct birth_record
static const struct field fields_births[] = {
	{ "kind", CHOICE(birth_names), AT(kind) },
	{ "count", FIELD_NUMBER, AT(count) },
	{ "pgtables", FIELD_NUMBER, AT(pgtables) },
	{ "vmas", FIELD_NUMBER, AT(vmas) },
	{ "pages", FIELD_NUMBER, AT(pages) },
};

FORMAT(births, RECORD);
#undef RECORD

#define RECORD struct account_record
#define OWNER { "mm", FIELD_ID, true, AT(mm) }, { "tgid", FIELD_NUMBER, true, AT(tgid) }
#define SWITCHES(id, label) { label, FIELD_NUMBER, AT(counts[ACCOUNT_SWITCHES + SWITCH_##id]) },
static const struct field fields_switches_mms[] = {
	OWNER,
	SHARESTAT_SWITCH_CLASSES(SWITCHES)
	{ "comm", FIELD_NAME, AT(comm) },
};

FORMAT(switches_mms, RECORD);

#define FLUSHES(id, label)					\
	FLUSHES_OF(id, label, KEPT, "_kept")			\
	FLUSHES_OF(id, label, RANGE, "_range")			\
	FLUSHES_OF(id, label, FULL, "_full")
#define FLUSHES_OF(reason, label, outcome, ending)		\
	{ label ending, FIELD_NUMBER, true, AT(counts[ACCOUNT_FLUSHES(reason, outcome)]) },
static const struct field fields_tlb_mms[] = {
	OWNER,
	{ "pages", FIELD_NUMBER, true, AT(counts[ACCOUNT_TLB_PAGES]) },
	SHARESTAT_TLB_REASONS(FLUSHES)
	{ "comm", FIELD_NAME, AT(comm) },
};

FORMAT(tlb_mms, RECORD);

#define BIRTHS(id, label) { label, FIELD_NUMBER, AT(counts[ACCOUNT_BIRTHS + BIRTH_##id]) },
static const struct field fields_births_mms[] = {
	OWNER,
	SHARESTAT_BIRTH_KINDS(BIRTHS)
	{ "pgtables", FIELD_NUMBER, AT(counts[ACCOUNT_BIRTH_PGTABLES]) },
	{ "vmas", FIELD_NUMBER, AT(counts[ACCOUNT_BIRTH_VMAS]) },
	{ "pages", FIELD_NUMBER, AT(counts[ACCOUNT_BIRTH_PAGES]) },
	{ "comm", FIELD_NAME, AT(comm) },
};

FORMAT(births_mms, RECORD);
#undef RECORD

#define RECORD struct version_record
static const struct field fields_version[] = {
	{ "key", FIELD_WORD, AT(key) },
	{ "value", FIELD_REST, AT(value) },
};

FORMAT(version, RECORD);
#undef RECORD

#define RECORD struct probe_record
static const struct field fields_enable[] = {
	{ "probe", FIELD_PROBE, AT(name) },
	{ "switched", FIELD_WORD, AT(switched) },
};

FORMAT(enable, RECORD);
#undef RECORD

const struct field *format_field(const struct format *format, const char *name)
{
	for (size_t i = 0; i < format->nfields; i++)
		if (!strcmp(format->fields[i].name, name))
			return &format->fields[i];
	return NULL;
}
