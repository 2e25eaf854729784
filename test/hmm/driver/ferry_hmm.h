/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ferry_hmm.h - what the files of the driver share
 *
 * device.c has the overview.
 */
#ifndef FERRY_HMM_H
#define FERRY_HMM_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "hmm_driver.h"

/* The program's address space as the device has it. */
struct ferry_mirror {
	struct kref kref;			/* the file, pages on the device */
	struct mmu_interval_notifier notifier;	/* of all of the program's mm */
	struct xarray table;			/* by page number: ferry_entry() */
	struct address_space views;		/* mappings of the file */
	unsigned long granule;			/* pages */
	atomic64_t *counters;			/* a page, which programs may map */
	wait_queue_head_t end;
	bool ended;				/* the program's mm is gone */
};

static inline void ferry_count(struct ferry_mirror *m,
			       enum ferry_hmm_counter counter, long n)
{
	atomic64_add(n, &m->counters[counter]);
}

void ferry_mirror_put(struct ferry_mirror *m);

/* An entry of the device's page table. */
static inline void *ferry_entry(unsigned long pfn, bool write)
{
	return xa_mk_value(pfn << 1 | write);
}

static inline unsigned long ferry_entry_pfn(const void *entry)
{
	return xa_to_value(entry) >> 1;
}

static inline bool ferry_entry_writable(const void *entry)
{
	return xa_to_value(entry) & 1;
}

/* memory.c */

int ferry_memory_init(void);

/* Bytes. */
u64 ferry_memory_size(void);

/* What the kernel knows the device's pages by. */
void *ferry_memory_owner(void);

/*
 * A page of the device's memory, locked and referenced, that came for @m; NULL:
 * there is none. With @evict, others may have to go for it.
 */
struct page *ferry_memory_alloc(struct ferry_mirror *m, bool evict);

/* The page that holds its contents, which CPUs could reach if they knew. */
struct page *ferry_memory_data(struct page *page);

/* It holds a page of the program now, or no longer: it is about to be freed. */
void ferry_memory_use(struct page *page, bool resident);

/* Brings back the pages of a part of one mapping. The program's mm is locked. */
int ferry_memory_return(struct vm_area_struct *vma, unsigned long start,
			unsigned long end);

/* table.c */

extern const struct mmu_interval_notifier_ops ferry_table_notifier_ops;

/*
 * The device has touched @address and found nothing, or what it may not write:
 * now it does find it, though maybe not for long. The mm that it runs in must
 * not be locked. -EFAULT: the program might not do that either.
 */
int ferry_table_fault(struct ferry_mirror *m, unsigned long address, bool write);

int ferry_table_prefetch(struct ferry_mirror *m, unsigned long start,
			 unsigned long end);
int ferry_table_return(struct ferry_mirror *m, unsigned long start,
		       unsigned long end);
int ferry_table_exclusive(struct ferry_mirror *m, unsigned long start,
			  unsigned long end);
int ferry_table_query(struct ferry_mirror *m, unsigned long start,
		      unsigned long pages, u8 __user *states);

/* view.c */

void ferry_views_init(struct ferry_mirror *m, struct file *file);
int ferry_view_mmap(struct file *file, struct vm_area_struct *vma);

/*
 * Takes [start, end) from all processors of the device. Whoever calls it holds
 * the lock of @m->views for writing.
 */
void ferry_views_zap(struct ferry_mirror *m, unsigned long start,
		     unsigned long end);

#endif
