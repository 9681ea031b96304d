// SPDX-License-Identifier: GPL-2.0
/* A VMA -> the sharing class of its pages. Pure: no walking, no state. */
#include <linux/hugetlb.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "compat/fs.h"
#include "pages/pages.h"

static bool named(const struct file *file, const char *prefix)
{
	/* Stable: files of the internal mount are never renamed. */
	return str_has_prefix((const char *)file->f_path.dentry->d_name.name, prefix);
}

/*
 * memfd, System V and anonymous shared memory are unlinked tmpfs files on a
 * mount of the kernel's own (SB_NOUSER), told apart by the names that the
 * kernel gives them; a user can choose only what follows "memfd:".
 */
static enum sharing_class classify_tmpfs(const struct file *file)
{
	if (!(file_inode(file)->i_sb->s_flags & SB_NOUSER))
		return SHARING_POSIXSHM;
	if (named(file, "memfd:"))
		return SHARING_MEMFD;
	if (named(file, "SYSV"))
		return SHARING_SYSVSHM;
	/* Else a driver's own, as a GPU's buffers are. */
	return named(file, "dev/zero") ? SHARING_MAPANON : SHARING_DEVICE;
}

/* Block devices have a page cache. Other nodes lie on tmpfs, too, which is not their memory. */
static enum sharing_class classify_shared_file(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (S_ISBLK(inode->i_mode))
		return SHARING_MAPFILE;
	/* Since some release after 6.12 what has no name is a regular file, too. */
	if (!S_ISREG(inode->i_mode) || inode->i_sb->s_magic == ANON_INODE_FS_MAGIC)
		return SHARING_DEVICE;
#ifdef SECRETMEM_MAGIC
	if (inode->i_sb->s_magic == SECRETMEM_MAGIC)
		return SHARING_MEMFD;
#endif
	if (inode->i_sb->s_magic == TMPFS_MAGIC)
		return classify_tmpfs(file);
	return SHARING_MAPFILE;
}

/*
 * Compared by the dentry that user space sees: on overlayfs the VMA's file has
 * another inode than exe_file. exe_file may be replaced meanwhile (prctl), and what was
 * it may be another file by then (SLAB_TYPESAFE_BY_RCU): hence the second look. What is
 * replaced at this moment is no program any more.
 */
static bool is_program(const struct vm_area_struct *vma)
{
	const struct file *exe;
	bool same;

	rcu_read_lock();
	exe = rcu_dereference(vma->vm_mm->exe_file);
	same = exe && READ_ONCE(exe->f_path.dentry) == file_user_path(vma->vm_file)->dentry;
	smp_rmb();	/* the dentry before the second look at whose it was */
	same = same && exe == rcu_access_pointer(vma->vm_mm->exe_file);
	rcu_read_unlock();
	return same;
}

static enum sharing_class classify_private_file(const struct vm_area_struct *vma)
{
	bool program = is_program(vma);

	if (vma->vm_flags & VM_WRITE)
		return SHARING_FILECOW;
	if (!S_ISREG(file_inode(vma->vm_file)->i_mode))
		return classify_shared_file(vma->vm_file);
	if (vma->vm_flags & VM_EXEC)
		return program ? SHARING_TEXT : SHARING_LIBTEXT;
	return program ? SHARING_RODATA : SHARING_LIBRODATA;
}

/* vdso, vvar, uprobes: the only mappings that have a name and no file. */
static bool is_special(const struct vm_area_struct *vma)
{
	return !vma->vm_file && vma->vm_ops && vma->vm_ops->name;
}

struct vma_class classify_vma(struct vm_area_struct *vma)
{
	struct vma_class class = {
		.file = SHARING_PRIVATE,
		.frameless = SHARING_DEVICE,
		.hugetlb = is_vm_hugetlb_page(vma),
	};

	if (is_special(vma))
		class.frameless = SHARING_SPECIAL;
	if (!vma->vm_file)
		class.file = SHARING_SPECIAL;
	else if (vma->vm_flags & VM_MAYSHARE)
		class.file = classify_shared_file(vma->vm_file);
	else
		class.file = classify_private_file(vma);
	/* A device holds the file: its frames are not to be looked at, but it is a file. */
	if (vma_is_dax(vma))
		class.frameless = class.file;
	return class;
}
