/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR Apache-2.0 WITH LLVM-exception */
/*
 * hmm_driver.h - what /dev/ferry_hmm offers
 *
 * The driver is in test/hmm/driver; its device.c says how it works. Whoever
 * opens it shares his address space with the device. Whoever else has the file
 * may map it, readable and writable, shared, each address at itself as offset:
 * that is the device's view of the same memory. A touch of what the program
 * may not touch there is a SIGSEGV. Page 0 of the file, which nobody's memory is,
 * has the counters, for reading. poll() says POLLHUP when the opener's address
 * space is gone: he has ended, or runs another program.
 *
 * Addresses and sizes are of whole pages. All functions work on the memory of
 * the opener, whoever calls them.
 */
#ifndef FERRY_HMM_DRIVER_H
#define FERRY_HMM_DRIVER_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* What has happened since it was opened: numbers of 64 bits. */
enum ferry_hmm_counter {
	FERRY_HMM_DEVICE_FAULTS,	/* of the device, that moved pages */
	FERRY_HMM_CPU_FAULTS,		/* of CPUs, the same */
	FERRY_HMM_TO_DEVICE,		/* pages */
	FERRY_HMM_TO_SYSTEM,		/* pages */
	FERRY_HMM_PREFETCHED,		/* of those to the device */
	FERRY_HMM_EVICTED,		/* of those to the system */
	FERRY_HMM_ZEROED,		/* pages that began on the device */
	FERRY_HMM_DROPPED,		/* pages that were unmapped while there */
	FERRY_HMM_REMOTE,		/* pages reached where they are */
	FERRY_HMM_EXCLUSIVES,		/* of these, taken from CPUs by request */
	FERRY_HMM_INVALIDATIONS,	/* that took something from the device */
	FERRY_HMM_DEVICE_FAULT_NS,	/* that faults of the device took, */
	FERRY_HMM_CPU_FAULT_NS,		/* and faults of CPUs, */
	FERRY_HMM_PREFETCH_NS,		/* and FERRY_HMM_PREFETCH */
	FERRY_HMM_COUNTERS
};

struct ferry_hmm_range {
	__u64 start, end;
};

/* Where a page is: the bits of one byte for each. */
enum {
	FERRY_HMM_PRESENT = 1,		/* the program has it, or the device */
	FERRY_HMM_WRITABLE = 2,		/* and may write to it */
	FERRY_HMM_ON_DEVICE = 4,
	FERRY_HMM_MAPPED = 8,		/* the device reaches it without a fault */
	FERRY_HMM_MAPPED_WRITABLE = 16
};

struct ferry_hmm_query {
	__u64 start, pages;
	__u64 states;			/* the address of `pages` bytes */
};

#define FERRY_HMM_MOST 64		/* pages that move with a fault */

/* Pages that move with a fault of the device: a power of two. 4, at first. */
#define FERRY_HMM_SET_GRANULE _IOW('F', 0x40, __u64)
/* Pages that were touched go to the device, as long as it has room. */
#define FERRY_HMM_PREFETCH _IOW('F', 0x41, struct ferry_hmm_range)
/* Pages on the device come back. */
#define FERRY_HMM_RETURN _IOW('F', 0x42, struct ferry_hmm_range)
/* Pages stay where they are, and are the device's alone until a CPU asks. */
#define FERRY_HMM_EXCLUSIVE _IOW('F', 0x43, struct ferry_hmm_range)
#define FERRY_HMM_QUERY _IOW('F', 0x44, struct ferry_hmm_query)
/* Bytes of memory that the device has. */
#define FERRY_HMM_MEMORY _IOR('F', 0x45, __u64)

#endif
