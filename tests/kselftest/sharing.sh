#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Pages of each sharing class, a prime number of them, are found with exactly
# that number by `sharestat vmas` and in frames.bin. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
share_begin

# counts_are NAME AREA COLUMN=PAGES...: by both; swap is no class of frames.bin,
# and a part of a VMA (the program's text) is only in frames.bin
counts_are()
{
	local expected column wanted found status=0

	area "$1" "$2" || { echo "$1 has no area $2"; return 1; }
	for expected in "${@:3}"; do
		column=${expected%=*} wanted=${expected#*=}
		if [[ $column != @(text|rodata|libtext|librodata) ]]; then
			found=$(vma_pages "$column")
			[ "$found" = "$wanted" ] ||
				{ echo "vmas: $column is $found pages, not $wanted"; status=1; }
		fi
		if [ "$column" != swap ]; then
			found=$(bin_pages "$column")
			[ "$found" = "$wanted" ] ||
				{ echo "frames.bin: $column is $found pages, not $wanted"; status=1; }
		fi
	done
	return "$status"
}

# check NAME AREA COLUMN=PAGES...
check()
{
	tap_test "$1: the $2 has ${*:3}" counts_are "$@"
}

# with KIND PAGES [FILE]: start it under its own name
with()
{
	share_test "$1" "$@"
}

with private 13
check private area private=13 cow=0 zero=0
share_end private

with fork 101
check fork parent private=34 cow=67
check fork child private=34 cow=67
share_end fork

with zero 31
check zero area zero=31 private=0
share_end zero

with mremap 23
check mremap area private=23
area mremap before
tap_test "mremap: nothing is left behind" [ "$(vma_pages private)" = none ]
share_end mremap

with anonymous 11
check anonymous parent mapanon=11
check anonymous child mapanon=11
share_end anonymous

with memfd 17
check memfd parent memfd=17
check memfd child memfd=17
share_end memfd

with twice 19
check twice one memfd=19
check twice other memfd=19
share_end twice

with posix 29
check posix parent posixshm=29
check posix child posixshm=29
share_end posix

with sysv 37
check sysv parent sysvshm=37
check sysv child sysvshm=37
share_end sysv

# The program, and a library of our own, started twice.
share_test one program 1
share_test two program 1
for name in one two; do
	check $name text text=13 libtext=0
	check $name rodata rodata=11 librodata=0
done
share_end one two
share_test one library 1 "$work/libshare.so"
share_test two library 1 "$work/libshare.so"
for name in one two; do
	check $name libtext libtext=7 text=0
	check $name librodata librodata=5 rodata=0
done
share_end one two

# A file system with a disk below it: here everything else is in memory.
with_disk()
{
	truncate -s 16M "$work/disk" && mkdir "$work/mount" &&
		mke2fs -q -t ext4 "$work/disk" && modprobe loop &&
		mount -o loop "$work/disk" "$work/mount"
}
tap_test "there is a disk" with_disk
with file 41 "$work/mount/file"
check file parent mapfile=41
check file child mapfile=41
share_end file
umount "$work/mount"

echo 3 >/proc/sys/vm/nr_hugepages
# Three huge pages: each of as many small ones as a table has entries of 8 bytes.
huge=$((3 * page / 8))
with hugetlb $huge
check hugetlb area hugetlb=$huge private=0
share_end hugetlb
with sysv-huge $huge
check sysv-huge parent hugetlb=$huge sysvshm=0
check sysv-huge child hugetlb=$huge
share_end sysv-huge
echo 0 >/proc/sys/vm/nr_hugepages

thp=/sys/kernel/mm/transparent_hugepage/enabled
if [ -e "$thp" ]; then
	echo madvise >"$thp"
	with thp-split 53
	check thp-split area private=53
	share_end thp-split
else
	tap_skip "thp-split" "this kernel has no transparent huge pages"
fi

merged()
{
	local tries

	area ksm area
	for ((tries = 0; tries < 100; tries++)); do
		[ "$(vma_pages ksm)" != "$pages" ] || return 0
		sleep 0.1
	done
	echo "$(vma_pages ksm) of $pages pages were merged"
	return 1
}
echo 1000 >/sys/kernel/mm/ksm/pages_to_scan
echo 1 >/sys/kernel/mm/ksm/run
with ksm 43
tap_test "ksm merges" merged
echo 0 >/sys/kernel/mm/ksm/run
check ksm area ksm=43 private=0
share_end ksm
echo 2 >/sys/kernel/mm/ksm/run

tap_test "there is swap" ../workload/swap on
with swapped 47
check swapped area swap=47 private=0
share_end swapped
tap_test "swap is switched off again" ../workload/swap off

tap_end
