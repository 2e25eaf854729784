#!/bin/bash
# The first process of the machine that test/hmm/boot starts.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t debugfs debugfs /sys/kernel/debug
mountpoint -q /dev || mount -t devtmpfs dev /dev
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
work=$(tr ' ' '\n' < /proc/cmdline | sed -n 's/^ferry_work=//p')
cp "$work/halt" /dev/shm/halt
cd /dev/shm
echo GUEST-BEGIN
(. "$work/command")
echo "GUEST-END $?"
exec /dev/shm/halt
