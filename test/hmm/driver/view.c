// SPDX-License-Identifier: GPL-2.0
/*
 * view.c - the device's processors: a process that maps the file
 */
#include <linux/file.h>
#include <linux/hugetlb.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <asm/tlbflush.h>

#include "ferry_hmm.h"

/*
 * Zapping happens inside of notifiers of another process, below its locks: this
 * lock is another one than those of files.
 */
static struct lock_class_key views_key;

void ferry_views_init(struct ferry_mirror *m, struct file *file)
{
	address_space_init_once(&m->views);
	lockdep_set_class(&m->views.i_mmap_rwsem, &views_key);
	m->views.host = file_inode(file);
	m->views.a_ops = &empty_aops;
}

/* What is entered into the page table around an address. */
struct entering {
	struct ferry_mirror *m;
	struct vm_area_struct *vma;
	unsigned long address;
	bool write;
	bool done;	/* the address may be accessed now */
};

static int enter_page(pte_t *pte, unsigned long address, void *data)
{
	struct entering *e = data;
	const void *entry = xa_load(&e->m->table, address >> PAGE_SHIFT);
	vm_flags_t flags = e->vma->vm_flags;

	if (!entry)
		return 0;
	if (!ferry_entry_writable(entry))
		flags &= ~VM_WRITE;
	set_pte_at(e->vma->vm_mm, address, pte,
		   pte_mkspecial(pfn_pte(ferry_entry_pfn(entry),
					 vm_get_page_prot(flags))));
	if (address == e->address && (!e->write || flags & VM_WRITE))
		e->done = true;
	return 0;
}

/*
 * Existing entries are replaced by what the table says of the same page, which
 * may be more than they do: then no TLB has to hear of it.
 */
static bool enter(struct ferry_mirror *m, struct vm_area_struct *vma,
		  unsigned long address, bool write)
{
	struct entering e = { m, vma, address, write, false };
	unsigned long size = READ_ONCE(m->granule) << PAGE_SHIFT;
	unsigned long start = max(ALIGN_DOWN(address, size), vma->vm_start);
	unsigned long end = min(ALIGN_DOWN(address, size) + size, vma->vm_end);

	return !apply_to_page_range(vma->vm_mm, start, end - start, enter_page, &e) &&
	       e.done;
}

/*
 * The device's mm is unlocked for the fault, which concerns the program's; then
 * the processor tries again. Errors are told with it locked.
 */
static vm_fault_t serve(struct vm_fault *vmf, bool write)
{
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	struct file *file = vma->vm_file;
	struct ferry_mirror *m = file->private_data;
	int ret;

	if (enter(m, vma, vmf->address & PAGE_MASK, write))
		return VM_FAULT_NOPAGE;
	if (!(vmf->flags & FAULT_FLAG_ALLOW_RETRY) ||
	    vmf->flags & (FAULT_FLAG_RETRY_NOWAIT | FAULT_FLAG_VMA_LOCK))
		return VM_FAULT_SIGBUS;
	get_file(file);
	mmap_read_unlock(mm);
	ret = ferry_table_fault(m, vmf->address, write);
	if (ret)
		mmap_read_lock(mm);
	fput(file);
	if (ret)
		return ret == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGSEGV;
	return VM_FAULT_RETRY;
}

static vm_fault_t view_fault(struct vm_fault *vmf)
{
	return serve(vmf, vmf->flags & FAULT_FLAG_WRITE);
}

/*
 * A write to what is entered for reading. Not left to the next fault, which may
 * be one for reading again, where an instruction does both. NOPAGE is what tells
 * the caller to leave it at that.
 */
static vm_fault_t view_pfn_mkwrite(struct vm_fault *vmf)
{
	return serve(vmf, true) | VM_FAULT_NOPAGE;
}

static int clear_page_entry(pte_t *pte, unsigned long address, void *data)
{
	struct vm_area_struct *vma = data;

	ptep_get_and_clear(vma->vm_mm, address, pte);
	return 0;
}

static void zap(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	apply_to_existing_page_range(vma->vm_mm, start, end - start,
				     clear_page_entry, vma);
	flush_tlb_range(vma, start, end);
}

void ferry_views_zap(struct ferry_mirror *m, unsigned long start,
		     unsigned long end)
{
	struct vm_area_struct *vma;

	start = max(start, PAGE_SIZE); /* page 0 has the counters */
	vma_interval_tree_foreach(vma, &m->views.i_mmap, start >> PAGE_SHIFT,
				  (end - 1) >> PAGE_SHIFT)
		zap(vma, max(start, vma->vm_start), min(end, vma->vm_end));
}

static int view_mremap(struct vm_area_struct *vma)
{
	return -EINVAL;
}

static const struct vm_operations_struct view_operations = {
	.fault = view_fault,
	.pfn_mkwrite = view_pfn_mkwrite,
	.mremap = view_mremap,
};

int ferry_view_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ferry_mirror *m = file->private_data;

	if (vma->vm_mm == m->notifier.mm || !(vma->vm_flags & VM_SHARED) ||
	    vma->vm_pgoff != vma->vm_start >> PAGE_SHIFT)
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY);
	vma->vm_ops = &view_operations;
	return 0;
}
