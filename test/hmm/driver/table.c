// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - the device's page table, and what changes it
 */
#include <linux/highmem.h>
#include <linux/hmm.h>
#include <linux/ktime.h>
#include <linux/memremap.h>
#include <linux/migrate.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "ferry_hmm.h"

/* === out of the table =================================================== */

/* Returns how many entries there were. */
static unsigned long erase(struct ferry_mirror *m, unsigned long start,
			   unsigned long end)
{
	unsigned long index, count = 0;
	void *entry;

	xa_for_each_range(&m->table, index, entry, start >> PAGE_SHIFT,
			  (end - 1) >> PAGE_SHIFT) {
		__xa_erase(&m->table, index);
		count++;
	}
	return count;
}

/*
 * The program's page table changes. Nothing was entered twice at the same time, so
 * where the table has nothing, no processor has either: whoever erased it holds
 * the lock until they do not.
 */
static bool invalidate(struct mmu_interval_notifier *notifier,
		       const struct mmu_notifier_range *range,
		       unsigned long sequence)
{
	struct ferry_mirror *m = container_of(notifier, struct ferry_mirror, notifier);

	/* We take CPUs' access to pages that the device keeps. */
	if (range->event == MMU_NOTIFY_EXCLUSIVE &&
	    range->owner == ferry_memory_owner())
		return true;
	if (mmu_notifier_range_blockable(range))
		i_mmap_lock_write(&m->views);
	else if (!i_mmap_trylock_write(&m->views))
		return false;
	xa_lock(&m->table);
	mmu_interval_set_seq(notifier, sequence);
	if (erase(m, range->start, range->end)) {
		xa_unlock(&m->table);
		ferry_views_zap(m, range->start, range->end);
		ferry_count(m, FERRY_HMM_INVALIDATIONS, 1);
	} else {
		xa_unlock(&m->table);
	}
	i_mmap_unlock_write(&m->views);
	if (range->event == MMU_NOTIFY_RELEASE) {
		WRITE_ONCE(m->ended, true);
		wake_up_all(&m->end);
	}
	return true;
}

const struct mmu_interval_notifier_ops ferry_table_notifier_ops = {
	.invalidate = invalidate,
};

/* === to the device ====================================================== */

/* What is to move, and what has. */
struct move {
	struct ferry_mirror *m;
	unsigned long needed;	/* a page that may never have been touched; 0: none */
	bool write;		/* and will be written */
	bool evict;
	bool shared;		/* it has to be copied first, like after fork() */
	bool full;		/* there was no room on the device */
	unsigned long moved, zeroed;
};

/*
 * A page for what is at @address, with the same contents, or 0. What was never
 * touched stays so, unless it is the page that is needed.
 */
static unsigned long copy_to_device(struct move *move, struct vm_area_struct *vma,
				    unsigned long address, unsigned long src)
{
	struct page *from = migrate_pfn_to_page(src), *to;
	bool needed = address == move->needed;
	bool writable = from ? src & MIGRATE_PFN_WRITE : vma->vm_flags & VM_WRITE;

	if (!(src & MIGRATE_PFN_MIGRATE) || (!from && !needed))
		return 0;
	if (from && move->write && !writable) { /* neighbours would have to return */
		move->shared |= needed;
		return 0;
	}
	to = ferry_memory_alloc(move->m, move->evict);
	if (!to) {
		move->full = true;
		return 0;
	}
	if (from)
		copy_highpage(ferry_memory_data(to), from);
	else
		clear_highpage(ferry_memory_data(to));
	ferry_memory_use(to, true);
	return migrate_pfn(page_to_pfn(to)) | (writable ? MIGRATE_PFN_WRITE : 0);
}

/* What could not move after all gives its new page back. */
static void settle(struct move *move, const unsigned long *src,
		   const unsigned long *dst, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		struct page *to = migrate_pfn_to_page(dst[i]);

		if (!to)
			continue;
		if (!(src[i] & MIGRATE_PFN_MIGRATE))
			ferry_memory_use(to, false);
		else if (migrate_pfn_to_page(src[i]))
			move->moved++;
		else
			move->zeroed++;
	}
}

/* At most FERRY_HMM_MOST pages of one mapping. */
static void move_part(struct move *move, struct vm_area_struct *vma,
		       unsigned long start, unsigned long end)
{
	unsigned long src[FERRY_HMM_MOST] = {}, dst[FERRY_HMM_MOST] = {};
	struct migrate_vma args = {
		.vma = vma,
		.start = start,
		.end = end,
		.src = src,
		.dst = dst,
		.pgmap_owner = ferry_memory_owner(),
		.flags = MIGRATE_VMA_SELECT_SYSTEM,
	};
	unsigned long i;

	if (migrate_vma_setup(&args) || !args.cpages)
		return;
	for (i = 0; i < args.npages; i++)
		dst[i] = copy_to_device(move, vma, start + i * PAGE_SIZE, src[i]);
	migrate_vma_pages(&args);
	settle(move, src, dst, args.npages);
	migrate_vma_finalize(&args);
}

/*
 * Only private memory moves, of files as far as it was copied. What is locked was
 * promised to stay.
 */
static bool may_move(const struct vm_area_struct *vma)
{
	return !(vma->vm_flags & (VM_SHARED | VM_SPECIAL | VM_LOCKED | VM_HUGETLB));
}

/* The pages around the needed one, but not beyond its mapping. */
static void move_around(struct move *move)
{
	struct mm_struct *mm = move->m->notifier.mm;
	unsigned long size = READ_ONCE(move->m->granule) << PAGE_SHIFT;
	unsigned long start = ALIGN_DOWN(move->needed, size);
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, move->needed);
	if (vma && may_move(vma))
		move_part(move, vma, max(start, vma->vm_start),
			   min(start + size, vma->vm_end));
	mmap_read_unlock(mm);
}

static void count_moved(const struct move *move)
{
	ferry_count(move->m, FERRY_HMM_TO_DEVICE, move->moved);
	ferry_count(move->m, FERRY_HMM_ZEROED, move->zeroed);
}

/* === into the table ===================================================== */

/*
 * Where the contents of a page are; @device receives whether on the device.
 */
static unsigned long locate(unsigned long hmm_pfn, bool *device)
{
	struct page *page = hmm_pfn_to_page(hmm_pfn);

	*device = is_device_private_page(page);
	return page_to_pfn(*device ? ferry_memory_data(page) : page);
}

/*
 * With the table locked. The system does not see what the device writes. @stays
 * receives whether the page was found where it has to stay, for the first time.
 */
static int store(struct ferry_mirror *m, unsigned long index, unsigned long hmm_pfn,
		 bool *stays)
{
	bool device, write = hmm_pfn & HMM_PFN_WRITE;
	unsigned long pfn = locate(hmm_pfn, &device);
	void *old = __xa_store(&m->table, index, ferry_entry(pfn, write), GFP_ATOMIC);

	if (xa_is_err(old))
		return xa_err(old);
	if (!device && write)
		set_page_dirty(pfn_to_page(pfn));
	*stays = !device && (!old || *stays);
	return 0;
}

/* The page at @needed, and its neighbours as far as they are on the device. */
static int store_all(struct ferry_mirror *m, const struct hmm_range *range,
		     unsigned long needed, bool *stays)
{
	bool neighbour = false;
	unsigned long i, count = (range->end - range->start) >> PAGE_SHIFT;
	int ret = 0;

	for (i = 0; i < count && !ret; i++) {
		unsigned long address = range->start + i * PAGE_SIZE;
		unsigned long pfn = range->hmm_pfns[i];

		if (pfn & HMM_PFN_VALID &&
		    (address == needed || is_device_private_page(hmm_pfn_to_page(pfn))))
			ret = store(m, address >> PAGE_SHIFT, pfn,
				    address == needed ? stays : &neighbour);
	}
	return ret;
}

/* -EBUSY: the program's page table has changed meanwhile. */
static int look_once(struct ferry_mirror *m, struct hmm_range *range)
{
	struct mm_struct *mm = m->notifier.mm;
	int ret;

	range->notifier_seq = mmu_interval_read_begin(&m->notifier);
	mmap_read_lock(mm);
	ret = hmm_range_fault(range);
	mmap_read_unlock(mm);
	return ret;
}

/*
 * Enters what is around @address; @address itself is faulted in, if need be. -EAGAIN:
 * it is on the device, and shared with others who must not see what is written.
 */
static int enter_once(struct ferry_mirror *m, unsigned long address, bool write,
		      bool *stays)
{
	unsigned long size = READ_ONCE(m->granule) << PAGE_SHIFT;
	unsigned long start = ALIGN_DOWN(address, size), pfns[FERRY_HMM_MOST] = {};
	unsigned long *pfn = &pfns[(address - start) >> PAGE_SHIFT];
	struct hmm_range range = {
		.notifier = &m->notifier,
		.start = start,
		.end = start + size,
		.hmm_pfns = pfns,
		.pfn_flags_mask = HMM_PFN_REQ_FAULT | HMM_PFN_REQ_WRITE,
		.dev_private_owner = ferry_memory_owner(),
	};
	int ret;

	*pfn = HMM_PFN_REQ_FAULT | (write ? HMM_PFN_REQ_WRITE : 0);
	ret = look_once(m, &range);
	if (ret)
		return ret;
	xa_lock(&m->table);
	if (mmu_interval_read_retry(&m->notifier, range.notifier_seq))
		ret = -EBUSY;
	else if (write && !(*pfn & HMM_PFN_WRITE))
		ret = -EAGAIN;
	else
		ret = store_all(m, &range, address, stays);
	xa_unlock(&m->table);
	return ret;
}

static int enter(struct ferry_mirror *m, unsigned long address, bool write,
		 bool *stays)
{
	int ret;

	do {
		ret = enter_once(m, address, write, stays);
	} while (ret == -EBUSY && !fatal_signal_pending(current));
	return ret == -EBUSY ? 0 : ret;
}

/*
 * A page that is shared is copied where CPUs can do it, on the way into the table.
 * Then it is another one, and may move.
 */
static int fault(struct ferry_mirror *m, unsigned long address, bool write)
{
	enum { TRIES = 4 };
	struct move move = { .m = m, .needed = address, .write = write, .evict = true };
	u64 start = ktime_get_ns();
	bool stays = false;
	int i, ret = 0;

	for (i = 0; i < TRIES; i++) {
		move.shared = false;
		move_around(&move);
		ret = enter(m, address, write, &stays);
		if (ret == -EAGAIN)
			ret = ferry_table_return(m, address, address + PAGE_SIZE) ?:
				      enter(m, address, write, &stays);
		else if (ret || !move.shared)
			break;
	}
	if (move.moved || move.zeroed) {
		ferry_count(m, FERRY_HMM_DEVICE_FAULTS, 1);
		ferry_count(m, FERRY_HMM_DEVICE_FAULT_NS, ktime_get_ns() - start);
	}
	count_moved(&move);
	ferry_count(m, FERRY_HMM_REMOTE, !ret && stays);
	return ret == -EAGAIN ? 0 : ret; /* it faults again */
}

int ferry_table_fault(struct ferry_mirror *m, unsigned long address, bool write)
{
	struct mm_struct *mm = m->notifier.mm;
	int ret;

	if (!mmget_not_zero(mm))
		return -EFAULT;
	ret = fault(m, address & PAGE_MASK, write);
	mmput(mm);
	return ret;
}

/* === by request ========================================================= */

/*
 * Calls @act for the parts of all mappings in [@start, @end), as long as it returns
 * 0. The program's mm is locked for each call alone.
 */
static int for_parts(struct mm_struct *mm, unsigned long start, unsigned long end,
		     int (*act)(struct vm_area_struct *vma, unsigned long start,
				unsigned long end, void *data),
		     void *data)
{
	unsigned long next;
	int ret = 0;

	for (; start < end && !ret; start = next) {
		struct vm_area_struct *vma;

		if (fatal_signal_pending(current))
			return -EINTR;
		mmap_read_lock(mm);
		vma = find_vma_intersection(mm, start, end);
		next = end;
		if (vma) {
			start = max(start, vma->vm_start);
			next = min3(end, vma->vm_end, start + FERRY_HMM_MOST * PAGE_SIZE);
			ret = act(vma, start, next, data);
		}
		mmap_read_unlock(mm);
		cond_resched();
	}
	return ret;
}

static int prefetch_part(struct vm_area_struct *vma, unsigned long start,
		    unsigned long end, void *data)
{
	struct move *move = data;

	if (may_move(vma))
		move_part(move, vma, start, end);
	return move->full;
}

int ferry_table_prefetch(struct ferry_mirror *m, unsigned long start,
			 unsigned long end)
{
	struct move move = { .m = m };
	u64 begin = ktime_get_ns();
	int ret = for_parts(m->notifier.mm, start, end, prefetch_part, &move);

	count_moved(&move);
	ferry_count(m, FERRY_HMM_PREFETCHED, move.moved);
	ferry_count(m, FERRY_HMM_PREFETCH_NS, ktime_get_ns() - begin);
	return min(ret, 0);
}

static int return_part(struct vm_area_struct *vma, unsigned long start,
		      unsigned long end, void *data)
{
	if (vma->vm_flags & (VM_SPECIAL | VM_HUGETLB))
		return 0;
	return ferry_memory_return(vma, start, end);
}

int ferry_table_return(struct ferry_mirror *m, unsigned long start,
		       unsigned long end)
{
	return for_parts(m->notifier.mm, start, end, return_part, NULL);
}

/*
 * Pages whose entry CPUs have lost. It stays lost as long as we hold their lock,
 * unless the mapping goes, which the sequence tells.
 */
static void enter_exclusive(struct ferry_mirror *m, unsigned long start,
			    struct page **pages, long count, unsigned long sequence)
{
	long i, entered = 0;

	for (i = 0; i < count; i++) {
		if (!pages[i])
			continue;
		xa_lock(&m->table);
		if (!mmu_interval_read_retry(&m->notifier, sequence) &&
		    !xa_is_err(__xa_store(&m->table, (start >> PAGE_SHIFT) + i,
					  ferry_entry(page_to_pfn(pages[i]), true),
					  GFP_ATOMIC)))
			entered++;
		xa_unlock(&m->table);
		unlock_page(pages[i]);
		put_page(pages[i]);
	}
	ferry_count(m, FERRY_HMM_EXCLUSIVES, entered);
}

int ferry_table_exclusive(struct ferry_mirror *m, unsigned long start,
			  unsigned long end)
{
	struct mm_struct *mm = m->notifier.mm;
	struct page *pages[FERRY_HMM_MOST];
	unsigned long next, sequence;
	long count;

	for (; start < end; start = next) {
		next = min(end, start + FERRY_HMM_MOST * PAGE_SIZE);
		memset(pages, 0, sizeof(pages));
		sequence = mmu_interval_read_begin(&m->notifier);
		mmap_read_lock(mm);
		count = make_device_exclusive_range(mm, start, next, pages,
						    ferry_memory_owner());
		mmap_read_unlock(mm);
		if (count < 0)
			return count;
		enter_exclusive(m, start, pages, count, sequence);
	}
	return 0;
}

static u8 state_of(struct ferry_mirror *m, unsigned long index, unsigned long pfn)
{
	const void *entry = xa_load(&m->table, index);
	u8 state = 0;

	if (pfn & HMM_PFN_VALID) {
		state |= FERRY_HMM_PRESENT;
		if (is_device_private_page(hmm_pfn_to_page(pfn)))
			state |= FERRY_HMM_ON_DEVICE;
	}
	if (pfn & HMM_PFN_WRITE)
		state |= FERRY_HMM_WRITABLE;
	if (entry)
		state |= FERRY_HMM_MAPPED;
	if (entry && ferry_entry_writable(entry))
		state |= FERRY_HMM_MAPPED_WRITABLE;
	return state;
}

static int query(struct ferry_mirror *m, unsigned long start, unsigned long count,
		 u8 __user *to)
{
	unsigned long pfns[FERRY_HMM_MOST] = {}, i;
	u8 states[FERRY_HMM_MOST];
	struct hmm_range range = {
		.notifier = &m->notifier,
		.start = start,
		.end = start + count * PAGE_SIZE,
		.hmm_pfns = pfns,
		.dev_private_owner = ferry_memory_owner(),
	};
	int ret;

	do {
		ret = look_once(m, &range);
	} while (ret == -EBUSY && !fatal_signal_pending(current));
	if (ret)
		return ret;
	for (i = 0; i < count; i++)
		states[i] = state_of(m, (start >> PAGE_SHIFT) + i, pfns[i]);
	return copy_to_user(to, states, count) ? -EFAULT : 0;
}

int ferry_table_query(struct ferry_mirror *m, unsigned long start,
		      unsigned long pages, u8 __user *states)
{
	unsigned long done, count;
	int ret = 0;

	for (done = 0; done < pages && !ret; done += count) {
		count = min(pages - done, FERRY_HMM_MOST);
		ret = query(m, start + done * PAGE_SIZE, count, states + done);
	}
	return ret;
}
