// SPDX-License-Identifier: GPL-2.0
/* The sharing class of a page: every kind of mapping and of frame there is. */
#include "kernel.h"
#include SOURCE
#include "events/events.h"
#include "test.h"

static struct dentry program = { { (const unsigned char *)"program" } };
static struct file exe = { .f_path = { &program } };
static struct mm_struct mm = { .exe_file = &exe };

/* A mapping in words, and the class that design.rst gives its pages of the file. */
static const struct kind {
	const char *what;
	const char *name;		/* of the file; NULL: none */
	unsigned long magic, sb_flags, flags;
	mode_t mode;
	bool is_program;
	enum sharing_class file;
} kinds[] = {
	{ "memfd", "memfd:x", TMPFS_MAGIC, SB_NOUSER, VM_MAYSHARE, S_IFREG, false, SHARING_MEMFD },
	{ "System V", "SYSV00000000", TMPFS_MAGIC, SB_NOUSER, VM_MAYSHARE, S_IFREG, false,
	  SHARING_SYSVSHM },
	{ "anonymous, shared", "dev/zero", TMPFS_MAGIC, SB_NOUSER, VM_MAYSHARE, S_IFREG, false,
	  SHARING_MAPANON },
	{ "/dev/shm", "x", TMPFS_MAGIC, 0, VM_MAYSHARE, S_IFREG, false, SHARING_POSIXSHM },
	{ "/dev/shm, by a name that memfd has", "memfd:x", TMPFS_MAGIC, 0, VM_MAYSHARE, S_IFREG,
	  false, SHARING_POSIXSHM },
	{ "/dev/shm, by a name that System V has", "SYSV1", TMPFS_MAGIC, 0, VM_MAYSHARE, S_IFREG,
	  false, SHARING_POSIXSHM },
	{ "memfd with a name of System V", "memfd:SYSV", TMPFS_MAGIC, SB_NOUSER, VM_MAYSHARE,
	  S_IFREG, false, SHARING_MEMFD },
	{ "a file", "x", 0xef53, 0, VM_MAYSHARE, S_IFREG, false, SHARING_MAPFILE },
	{ "a file that memfd's name has", "memfd:x", 0xef53, SB_NOUSER, VM_MAYSHARE, S_IFREG, false,
	  SHARING_MAPFILE },
	{ "a file, writable", "x", 0xef53, 0, VM_MAYSHARE | VM_SHARED | VM_WRITE, S_IFREG, false,
	  SHARING_MAPFILE },
	{ "a device", "x", 0xef53, 0, VM_MAYSHARE, S_IFCHR, false, SHARING_DEVICE },
	{ "a device on tmpfs", "x", TMPFS_MAGIC, 0, VM_MAYSHARE, S_IFCHR, false, SHARING_DEVICE },
	{ "a device, private", "x", TMPFS_MAGIC, 0, 0, S_IFCHR, false, SHARING_DEVICE },
	{ "a device, private and writable", "x", TMPFS_MAGIC, 0, VM_WRITE, S_IFCHR, false,
	  SHARING_FILECOW },
	{ "a block device", "x", TMPFS_MAGIC, 0, VM_MAYSHARE, S_IFBLK, false, SHARING_MAPFILE },
	{ "a block device, private", "x", TMPFS_MAGIC, 0, VM_EXEC, S_IFBLK, false,
	  SHARING_MAPFILE },
	{ "a socket", "x", 0x534f434b, SB_NOUSER, VM_MAYSHARE, S_IFSOCK, false, SHARING_DEVICE },
	{ "a ring", "[io_uring]", ANON_INODE_FS_MAGIC, SB_NOUSER, VM_MAYSHARE, 0, false,
	  SHARING_DEVICE },
	{ "a ring that is a regular file", "[io_uring]", ANON_INODE_FS_MAGIC, SB_NOUSER,
	  VM_MAYSHARE, S_IFREG, false, SHARING_DEVICE },
	{ "a driver's memory", "i915", TMPFS_MAGIC, SB_NOUSER, VM_MAYSHARE, S_IFREG, false,
	  SHARING_DEVICE },
	{ "secret memory", "secretmem", SECRETMEM_MAGIC, SB_NOUSER, VM_MAYSHARE, S_IFREG, false,
	  SHARING_MEMFD },
	{ "the program's code", "p", 0xef53, 0, VM_EXEC, S_IFREG, true, SHARING_TEXT },
	{ "the program's constants", "p", 0xef53, 0, 0, S_IFREG, true, SHARING_RODATA },
	{ "the program's data", "p", 0xef53, 0, VM_WRITE, S_IFREG, true, SHARING_FILECOW },
	{ "a library's code", "l", 0xef53, 0, VM_EXEC, S_IFREG, false, SHARING_LIBTEXT },
	{ "a library's constants", "l", 0xef53, 0, 0, S_IFREG, false, SHARING_LIBRODATA },
	{ "a library's data", "l", 0xef53, 0, VM_WRITE, S_IFREG, false, SHARING_FILECOW },
	{ "code that can be written", "l", 0xef53, 0, VM_WRITE | VM_EXEC, S_IFREG, false,
	  SHARING_FILECOW },
	{ "code on tmpfs", "l", TMPFS_MAGIC, 0, VM_EXEC, S_IFREG, false, SHARING_LIBTEXT },
	{ "anonymous memory", NULL, 0, 0, VM_WRITE, 0, false, SHARING_SPECIAL },
};

static const char *vdso(struct vm_area_struct *vma)
{
	return "[vdso]";
}

/* Of the frame alone, then of the mapping: in this order, says design.rst. */
static enum sharing_class expected(const struct vma_class *class, bool hugetlb,
				   enum sharing_class file, enum sharing_class frameless,
				   unsigned int kind, u32 maps)
{
	(void)class;
	if (hugetlb)
		return SHARING_HUGETLB;
	if (kind & FRAME_ZERO)
		return SHARING_ZERO;
	if (kind & FRAME_NONE)
		return frameless;
	if (kind & FRAME_KSM)
		return SHARING_KSM;
	if (!(kind & FRAME_ANON))
		return file;
	return maps == 0 || maps == 1 ? SHARING_PRIVATE : SHARING_COW;
}

static void check_kind(const struct kind *kind, bool hugetlb, bool special, bool dax)
{
	static const u32 maps[] = { 0, 1, 2, 3, 1024, UINT_MAX };
	const struct vm_operations_struct ops = { .name = special ? vdso : NULL };
	struct super_block sb = { kind->sb_flags, kind->magic };
	struct inode inode = { &sb, kind->mode, dax };
	struct dentry dentry = { { (const unsigned char *)kind->name } };
	struct file file = { { kind->is_program ? &program : &dentry }, &inode };
	struct vm_area_struct vma = {
		.vm_mm = &mm, .vm_flags = kind->flags | (hugetlb ? VM_HUGETLB : 0),
		.vm_file = kind->name ? &file : NULL, .vm_ops = &ops,
	};
	struct vma_class class = classify_vma(&vma);
	enum sharing_class frameless = special && !kind->name ? SHARING_SPECIAL : SHARING_DEVICE;
	unsigned int wrong = 0;

	if (dax && kind->name)
		frameless = kind->file;
	for (unsigned int bits = 0; bits < 64; bits++)
		for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
			wrong += classify_mapping(&class, bits, maps[i]) !=
				 expected(&class, hugetlb, kind->file, frameless, bits, maps[i]);
	CHECK(!wrong, "classify: %s%s%s%s", kind->what, hugetlb ? ", hugetlb" : "",
	      special ? ", with a name of its own" : "", dax ? ", DAX" : "");
}

static void test_no_program(void)
{
	struct mm_struct bare = { .exe_file = NULL };
	struct super_block sb = { 0, 0xef53 };
	struct inode inode = { &sb, S_IFREG };
	struct file file = { { &program }, &inode };
	struct vm_area_struct vma = { .vm_mm = &bare, .vm_flags = VM_EXEC, .vm_file = &file };

	CHECK(classify_vma(&vma).file == SHARING_LIBTEXT,
	      "classify: without a program of its own all code is of libraries");
}

/* By the words of the ABI: six classes out of who goes and who comes. */
static void test_switches(void)
{
	struct mm_struct one, other;
	struct task_struct user = { .mm = &one, .active_mm = &one };
	struct task_struct thread = { .mm = &one, .active_mm = &one };
	struct task_struct stranger = { .mm = &other, .active_mm = &other };
	struct task_struct kernel = { .active_mm = &one }, idle = { .active_mm = &other };
	static const char *const names[] = { "thread", "process", "to_kernel", "return",
					     "return_other", "kernel" };
	const struct { const struct task_struct *prev, *next; enum switch_class class; } all[] = {
		{ &user, &thread, SWITCH_THREAD }, { &user, &stranger, SWITCH_PROCESS },
		{ &stranger, &user, SWITCH_PROCESS }, { &user, &kernel, SWITCH_TO_KERNEL },
		{ &user, &idle, SWITCH_TO_KERNEL }, { &kernel, &user, SWITCH_RETURN },
		{ &idle, &stranger, SWITCH_RETURN }, { &kernel, &stranger, SWITCH_RETURN_OTHER },
		{ &idle, &user, SWITCH_RETURN_OTHER }, { &kernel, &idle, SWITCH_KERNEL },
		{ &idle, &kernel, SWITCH_KERNEL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		CHECK(classify_switch(all[i].prev, all[i].next) == all[i].class,
		      "classify: a switch of class %s (%zu)", names[all[i].class], i);
}

void test(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (unsigned int j = 0; j < 8; j++)
			check_kind(&kinds[i], j & 1, j & 2, j & 4);
	test_no_program();
	test_switches();
}
