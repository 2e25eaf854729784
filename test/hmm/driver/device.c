// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - /dev/ferry_hmm
 *
 * DOC: a device whose page table is that of a process
 *
 * Overview
 * ========
 *
 * This is what the driver of a GPU does with HMM, for a device that every
 * machine has: another process. A program opens the file; from then on the
 * device shares its address space. A second process, which inherits the file,
 * maps it over all of its own address space, each address at itself as offset.
 * Its threads are the device's processors, its page table is their TLB, and they
 * use the program's pointers as they are. When the program's mm goes, poll() on the
 * file says so. The program may keep the page of counters, which is at offset 0.
 *
 *   view.c    A processor touches a page that its process lacks. It is entered
 *             from the device's page table, an XArray, or it is a device fault:
 *   table.c   migrate_vma_*() moves the page and its neighbours into the device's
 *             memory, or hmm_range_fault() finds it where it has to stay, and
 *             both enter it into the table. When the program's page table
 *             changes, a notifier takes it out again, of the processors' as well.
 *   memory.c  The device's memory: pages of MEMORY_DEVICE_PRIVATE, which CPUs
 *             cannot reach. If one tries, the kernel calls migrate_to_ram(). When
 *             it is full, what came first goes back. Since there is no such
 *             memory, an ordinary page that nothing else knows holds the contents
 *             of each.
 *
 * A page of the program is therefore in one of these states:
 *
 *   system     The program reaches it, the device does not.
 *   remote     Both reach it where it is: pages of files, shared memory, and what
 *              was pinned when it should have moved.
 *   device     The device reaches it, CPUs find a device-private entry.
 *   exclusive  It stays where it is, but CPUs find a device-exclusive entry, so
 *              that the device may do atomic operations on it: by request
 *              (FERRY_HMM_EXCLUSIVE).
 *
 * Locking
 * =======
 *
 * From the outermost to the innermost:
 *
 *   mmap_lock of the program     A device fault takes it for reading. Never while
 *                                the device's own is held, which fault() of
 *                                view.c gives up for that: two programs could be
 *                                each other's device.
 *   i_mmap_rwsem of the views    For writing, while something is taken from the
 *                                device: out of the table first, then out of the
 *                                page tables, then out of the TLBs. Whoever comes
 *                                second has to wait for the first one to be done
 *                                with all of it. It also keeps mappings of the
 *                                file in place. Inside of notifiers, so nothing
 *                                may be allocated in a way that reclaims.
 *   lock of a page table         of the device. What is entered there is looked
 *                                up in the table with this lock held; so either
 *                                it is gone from the table by then, or it will be
 *                                zapped afterwards.
 *   xa_lock of the table         Its entries, and the sequence of the notifier: an
 *                                entry is stored only if nothing was invalidated
 *                                since hmm_range_fault() looked.
 *   lock of the memory           The lists of its pages. From any context.
 *
 * The table holds no references to pages. What it says holds until the notifier
 * has returned.
 *
 * What is not supported
 * =====================
 *
 *  - A program as its own device, and devices of devices: hmm_range_fault()
 *    does not look into mappings like those of view.c.
 *  - Notifiers of the device's own process (KVM, RDMA). Entries are taken from
 *    it inside of a notifier of the program, where the kernel allows no other.
 *  - Huge pages on the device. They are split on their way; hugetlbfs is remote.
 *  - mremap() and fork() of the device's process: it has no use for them.
 *  - Being a module: a page table is walked with functions that are not exported,
 *    and pages may outlive the file. When that is closed, what is on the device
 *    stays there until somebody touches it or needs the room.
 */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ferry_hmm.h"

static void free_mirror(struct kref *kref)
{
	struct ferry_mirror *m = container_of(kref, struct ferry_mirror, kref);

	free_page((unsigned long)m->counters);
	kfree(m);
}

void ferry_mirror_put(struct ferry_mirror *m)
{
	kref_put(&m->kref, free_mirror);
}

static struct ferry_mirror *make_mirror(void)
{
	struct ferry_mirror *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	m->counters = (atomic64_t *)get_zeroed_page(GFP_KERNEL);
	if (!m->counters) {
		kfree(m);
		return NULL;
	}
	kref_init(&m->kref);
	xa_init(&m->table);
	init_waitqueue_head(&m->end);
	m->granule = 4;
	return m;
}

static int ferry_open(struct inode *inode, struct file *file)
{
	struct ferry_mirror *m = make_mirror();
	int ret;

	if (!m)
		return -ENOMEM;
	ferry_views_init(m, file);
	ret = mmu_interval_notifier_insert(&m->notifier, current->mm, 0,
					   ULONG_MAX & PAGE_MASK,
					   &ferry_table_notifier_ops);
	if (ret) {
		ferry_mirror_put(m);
		return ret;
	}
	file->private_data = m;
	file->f_mapping = &m->views;
	return 0;
}

static int ferry_release(struct inode *inode, struct file *file)
{
	struct ferry_mirror *m = file->private_data;

	file->f_mapping = inode->i_mapping;
	mmu_interval_notifier_remove(&m->notifier);
	xa_destroy(&m->table);
	ferry_mirror_put(m);
	return 0;
}

static long set_granule(struct ferry_mirror *m, const u64 __user *from)
{
	u64 pages;

	if (copy_from_user(&pages, from, sizeof(pages)))
		return -EFAULT;
	if (!is_power_of_2(pages) || pages > FERRY_HMM_MOST)
		return -EINVAL;
	WRITE_ONCE(m->granule, pages);
	return 0;
}

static long act_on_range(struct ferry_mirror *m,
			 const struct ferry_hmm_range __user *from,
			 int (*act)(struct ferry_mirror *m, unsigned long start,
				    unsigned long end))
{
	struct mm_struct *mm = m->notifier.mm;
	struct ferry_hmm_range range;
	int ret;

	if (copy_from_user(&range, from, sizeof(range)))
		return -EFAULT;
	if (!PAGE_ALIGNED(range.start | range.end) || range.end < range.start ||
	    range.end > TASK_SIZE_MAX)
		return -EINVAL;
	if (!mmget_not_zero(mm))
		return -ESRCH;
	ret = act(m, range.start, range.end);
	mmput(mm);
	return ret;
}

static long query(struct ferry_mirror *m, const struct ferry_hmm_query __user *from)
{
	struct mm_struct *mm = m->notifier.mm;
	struct ferry_hmm_query q;
	int ret;

	if (copy_from_user(&q, from, sizeof(q)))
		return -EFAULT;
	if (!PAGE_ALIGNED(q.start) || q.start > TASK_SIZE_MAX ||
	    q.pages > (TASK_SIZE_MAX - q.start) >> PAGE_SHIFT)
		return -EINVAL;
	if (!mmget_not_zero(mm))
		return -ESRCH;
	ret = ferry_table_query(m, q.start, q.pages, u64_to_user_ptr(q.states));
	mmput(mm);
	return ret;
}

static long ferry_ioctl(struct file *file, unsigned int command,
			unsigned long argument)
{
	struct ferry_mirror *m = file->private_data;
	void __user *user = (void __user *)argument;

	switch (command) {
	case FERRY_HMM_SET_GRANULE:
		return set_granule(m, user);
	case FERRY_HMM_PREFETCH:
		return act_on_range(m, user, ferry_table_prefetch);
	case FERRY_HMM_RETURN:
		return act_on_range(m, user, ferry_table_return);
	case FERRY_HMM_EXCLUSIVE:
		return act_on_range(m, user, ferry_table_exclusive);
	case FERRY_HMM_QUERY:
		return query(m, user);
	case FERRY_HMM_MEMORY:
		return put_user(ferry_memory_size(), (u64 __user *)user);
	default:
		return -ENOTTY;
	}
}

static int map_counters(struct ferry_mirror *m, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_WRITE || vma_pages(vma) != 1)
		return -EINVAL;
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY, VM_MAYWRITE);
	return vm_insert_page(vma, vma->vm_start, virt_to_page(m->counters));
}

static int ferry_mmap(struct file *file, struct vm_area_struct *vma)
{
	return vma->vm_pgoff ? ferry_view_mmap(file, vma) :
			       map_counters(file->private_data, vma);
}

static __poll_t ferry_poll(struct file *file, poll_table *wait)
{
	struct ferry_mirror *m = file->private_data;

	poll_wait(file, &m->end, wait);
	return READ_ONCE(m->ended) ? EPOLLHUP : 0;
}

static const struct file_operations ferry_file_operations = {
	.owner = THIS_MODULE,
	.open = ferry_open,
	.release = ferry_release,
	.mmap = ferry_mmap,
	.poll = ferry_poll,
	.unlocked_ioctl = ferry_ioctl,
	.llseek = noop_llseek,
};

/* Everybody shares his own memory, and that alone. */
static struct miscdevice ferry_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ferry_hmm",
	.mode = 0666,
	.fops = &ferry_file_operations,
};

static int __init ferry_init(void)
{
	int ret = ferry_memory_init();

	return ret ? ret : misc_register(&ferry_device);
}
device_initcall(ferry_init);
