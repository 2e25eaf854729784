// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - the device's memory, and the way out of it
 */
#include <linux/highmem.h>
#include <linux/ioport.h>
#include <linux/ktime.h>
#include <linux/memremap.h>
#include <linux/migrate.h>
#include <linux/moduleparam.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "ferry_hmm.h"

static unsigned int megabytes = 256;
module_param(megabytes, uint, 0444);
MODULE_PARM_DESC(megabytes, "memory of the device");

static unsigned long limit = ULONG_MAX;
module_param(limit, ulong, 0644);
MODULE_PARM_DESC(limit, "pages of it that may be used at the moment");

/* Belongs to whoever holds the page, but for the lists. */
struct ferry_page {
	struct list_head list;		/* of free pages, or of used ones */
	struct page *data;		/* its contents */
	struct ferry_mirror *owner;	/* by whose fault it came */
	bool resident;			/* with a page of the program */
};

static struct {
	struct dev_pagemap pagemap;
	struct ferry_page *pages;
	unsigned long first_pfn;
	spinlock_t lock;		/* of what follows */
	struct list_head free;
	struct list_head used;		/* from the oldest to the newest */
	unsigned long count;		/* of these */
} memory = {
	.lock = __SPIN_LOCK_UNLOCKED(memory.lock),
	.free = LIST_HEAD_INIT(memory.free),
	.used = LIST_HEAD_INIT(memory.used),
};

u64 ferry_memory_size(void)
{
	return min((u64)megabytes << 20, (u64)limit << PAGE_SHIFT);
}

void *ferry_memory_owner(void)
{
	return &memory;
}

static struct ferry_page *entry_of(struct page *page)
{
	return page->zone_device_data;
}

struct page *ferry_memory_data(struct page *page)
{
	return entry_of(page)->data;
}

void ferry_memory_use(struct page *page, bool resident)
{
	entry_of(page)->resident = resident;
}

/* === out of it ========================================================== */

/*
 * Every page in @src that may move is copied to a page of the system, in @dst.
 * No processor of the device has it any more.
 */
static int copy_to_system(const unsigned long *src, unsigned long *dst,
			  unsigned long count)
{
	unsigned long i;
	int ret = 0;

	for (i = 0; i < count; i++) {
		struct page *from = migrate_pfn_to_page(src[i]), *to;

		if (!from || !(src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		to = alloc_page(GFP_HIGHUSER_MOVABLE);
		if (!to) {
			ret = -ENOMEM;
			continue;
		}
		lock_page(to);
		copy_highpage(to, ferry_memory_data(from));
		dst[i] = migrate_pfn(page_to_pfn(to));
	}
	return ret;
}

/* Those that have moved. The rest stays. */
static void count_returned(const unsigned long *src, unsigned long count,
			   enum ferry_hmm_counter why)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		struct page *page = migrate_pfn_to_page(src[i]);

		if (!page || !(src[i] & MIGRATE_PFN_MIGRATE))
			continue;
		ferry_memory_use(page, false);
		ferry_count(entry_of(page)->owner, FERRY_HMM_TO_SYSTEM, 1);
		if (why != FERRY_HMM_TO_SYSTEM)
			ferry_count(entry_of(page)->owner, why, 1);
	}
}

/* Part of a mapping, or, with @fault, of the page that a CPU has touched there. */
static int return_pages(struct vm_area_struct *vma, unsigned long start,
			unsigned long end, struct page *fault)
{
	unsigned long src[FERRY_HMM_MOST] = {}, dst[FERRY_HMM_MOST] = {};
	struct migrate_vma args = {
		.vma = vma,
		.start = start,
		.end = end,
		.src = src,
		.dst = dst,
		.pgmap_owner = ferry_memory_owner(),
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
		.fault_page = fault,
	};
	int ret = migrate_vma_setup(&args);

	if (ret || !args.cpages)
		return ret;
	ret = copy_to_system(src, dst, args.npages);
	migrate_vma_pages(&args);
	count_returned(src, args.npages, fault ? FERRY_HMM_CPU_FAULTS :
						 FERRY_HMM_TO_SYSTEM);
	migrate_vma_finalize(&args);
	return ret;
}

int ferry_memory_return(struct vm_area_struct *vma, unsigned long start,
			unsigned long end)
{
	unsigned long next;
	int ret = 0;

	for (; start < end && !ret; start = next) {
		next = min(end, start + FERRY_HMM_MOST * PAGE_SIZE);
		ret = return_pages(vma, start, next, NULL);
	}
	return ret;
}

/*
 * A CPU has touched it. Where another thread was quicker, it looks again. The
 * caller holds the page, and that its owner.
 */
static vm_fault_t to_system(struct vm_fault *vmf)
{
	struct ferry_mirror *owner = entry_of(vmf->page)->owner;
	unsigned long start = vmf->address & PAGE_MASK;
	u64 begin = ktime_get_ns();
	int ret = return_pages(vmf->vma, start, start + PAGE_SIZE, vmf->page);

	ferry_count(owner, FERRY_HMM_CPU_FAULT_NS, ktime_get_ns() - begin);
	return ret == -ENOMEM ? VM_FAULT_OOM : ret ? VM_FAULT_SIGBUS : 0;
}

/* Whosever it is. Should it be busy, it is as good as new. */
static void evict_oldest(void)
{
	struct ferry_page *oldest;
	unsigned long pfn, src = 0, dst = 0;

	spin_lock(&memory.lock);
	oldest = list_first_entry_or_null(&memory.used, struct ferry_page, list);
	if (oldest)
		list_move_tail(&oldest->list, &memory.used);
	spin_unlock(&memory.lock);
	if (!oldest)
		return;
	pfn = memory.first_pfn + (oldest - memory.pages);
	if (migrate_device_range(&src, pfn, 1))
		return;
	copy_to_system(&src, &dst, 1);
	migrate_device_pages(&src, &dst, 1);
	count_returned(&src, 1, FERRY_HMM_EVICTED);
	migrate_device_finalize(&src, &dst, 1);
}

/* === into it, and free again ============================================ */

static struct ferry_page *take_free(void)
{
	struct ferry_page *p = NULL;

	spin_lock(&memory.lock);
	if (memory.count < READ_ONCE(limit))
		p = list_first_entry_or_null(&memory.free, struct ferry_page, list);
	if (p) {
		list_move_tail(&p->list, &memory.used);
		memory.count++;
	}
	spin_unlock(&memory.lock);
	return p;
}

static void put_free(struct ferry_page *p)
{
	spin_lock(&memory.lock);
	list_move(&p->list, &memory.free);
	memory.count--;
	spin_unlock(&memory.lock);
}

struct page *ferry_memory_alloc(struct ferry_mirror *m, bool evict)
{
	enum { TRIES = 16 };
	struct ferry_page *p = take_free();
	struct page *page;
	int i;

	for (i = 0; !p && evict && i < TRIES; i++) {
		evict_oldest();
		p = take_free();
	}
	if (!p)
		return NULL;
	p->data = alloc_page(GFP_HIGHUSER);
	if (!p->data) {
		put_free(p);
		return NULL;
	}
	kref_get(&m->kref);
	p->owner = m;
	p->resident = false;
	page = pfn_to_page(memory.first_pfn + (p - memory.pages));
	page->zone_device_data = p;
	zone_device_page_init(page);
	return page;
}

static void page_free(struct page *page)
{
	struct ferry_page *p = entry_of(page);
	struct ferry_mirror *owner = p->owner;

	if (p->resident)
		ferry_count(owner, FERRY_HMM_DROPPED, 1);
	__free_page(p->data);
	p->data = NULL;
	p->owner = NULL;
	put_free(p);
	ferry_mirror_put(owner);
}

static const struct dev_pagemap_ops memory_operations = {
	.page_free = page_free,
	.migrate_to_ram = to_system,
};

static int add_device_pages(struct resource *range)
{
	unsigned long i, count = resource_size(range) >> PAGE_SHIFT;
	void *where;

	memory.pages = kvcalloc(count, sizeof(*memory.pages), GFP_KERNEL);
	if (!memory.pages)
		return -ENOMEM;
	memory.first_pfn = range->start >> PAGE_SHIFT;
	memory.pagemap.type = MEMORY_DEVICE_PRIVATE;
	memory.pagemap.range.start = range->start;
	memory.pagemap.range.end = range->end;
	memory.pagemap.nr_range = 1;
	memory.pagemap.ops = &memory_operations;
	memory.pagemap.owner = &memory;
	where = memremap_pages(&memory.pagemap, numa_node_id());
	if (IS_ERR(where)) {
		kvfree(memory.pages);
		return PTR_ERR(where);
	}
	for (i = 0; i < count; i++)
		list_add_tail(&memory.pages[i].list, &memory.free);
	return 0;
}

/* Addresses that nothing else has: the memory itself does not exist. */
int __init ferry_memory_init(void)
{
	u64 size = (u64)max(megabytes, 1U) << 20;
	struct resource *range = request_free_mem_region(&iomem_resource, size,
							 "ferry_hmm");
	int ret;

	if (IS_ERR(range))
		return PTR_ERR(range);
	ret = add_device_pages(range);
	if (ret)
		release_mem_region(range->start, resource_size(range));
	return ret;
}
