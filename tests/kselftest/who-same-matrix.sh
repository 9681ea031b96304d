#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# who, same, matrix and cow over processes that share in a known way. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
share_begin
share_libraries

# mappers PLACE: "PID:ADDRESS" of all that who finds, sorted
mappers()
{
	sharestat who -r -n -o tgid,va "$1" 2>&1 | tr ' ' : | sort | xargs
}

# says PATTERN STATUS PLACE PLACE: the beginning of what same says, and its status
says()
{
	ends "$2" "$1*" sharestat same "$3" "$4"
}

# quiet STATUS PLACE PLACE [ERROR]
quiet()
{
	ends "$1" "${4-}" sharestat same -q "$2" "$3"
}

share_test fork fork 101
area fork parent
parent=$pid shared_parent=$(page_at 1) written_parent=$(page_at 3)
area fork child
child=$pid shared_child=$(page_at 1) written_child=$(page_at 3)

tap_test "who: a page that is still shared" \
	is "$(xargs -n1 <<<"$shared_parent $shared_child" | sort | xargs)" "$(mappers "$shared_child")"
tap_test "who: a page that was written" is "$written_child" "$(mappers "$written_child")"
pfn=$(sharestat who -r -n -o pfn "$shared_child" | head -n 1)
tap_test "who: the same by its frame" is "$(mappers "$shared_child")" "$(mappers "$pfn")"
tap_test "who: an address without a page" \
	ends 1 "sharestat: $parent:1000: the process has nothing mapped there" sharestat who "$parent:1000"
tap_test "who: a frame that nobody maps" \
	ends 1 'sharestat: no process maps frame ffffffffff now' sharestat who ffffffffff

tap_test "same: still shared since a fork" \
	says 'SAME FRAME: still shared copy-on-write*' 0 "$shared_parent" "$shared_child"
tap_test "same: broken by the child" \
	says "DIFFERENT FRAMES: the copy-on-write sharing is broken: $child wrote*" 0 \
	"$written_parent" "$written_child"
tap_test "same: two pages of one process" \
	says 'DIFFERENT FRAMES: these are two pages of one address space' 0 \
	"$shared_parent" "$written_parent"
tap_test "same: nothing mapped" says 'NO FRAME: *' 4 "$parent:1000" "$child:1000"
tap_test "same -q: same" quiet 0 "$shared_parent" "$shared_child"
tap_test "same -q: different" quiet 1 "$written_parent" "$written_child"
tap_test "same -q: no frame" quiet 2 "$parent:1000" "$child:1000"
tap_test "same -q: no process" \
	quiet 2 "4194303:1000" "$child:1000" 'sharestat: no such process: 4194303'
tap_test "same: bad address" says '*is not PID:ADDR*' 1 "$parent" "$child:1000"

share_test one library 1 "$work/libshare.so"
share_test two library 1 "$work/libshare.so"
area one libtext
library_one=$(page_at 2)
area two libtext
library_two=$(page_at 2)
next_two=$(page_at 3)
tap_test "same: one page of a library" \
	says "SAME FRAME: both map the same page of $work/libshare.so*class libtext" 0 \
	"$library_one" "$library_two"
tap_test "same: two pages of a library" \
	says 'DIFFERENT FRAMES: they map different pages of *' 0 "$library_one" "$next_two"
tap_test "same: a library and anonymous memory" \
	says 'DIFFERENT FRAMES: one is libtext *' 0 "$library_one" "$shared_parent"
share_end one two

# Two files with the number 12, each the first of a file system of its own.
same_numbers()
{
	local name

	modprobe loop
	for name in first second; do
		truncate -s 4M "$work/$name.disk" && mkdir "$work/$name.mount" &&
			mke2fs -q -t ext4 -O ^has_journal "$work/$name.disk" &&
			mount -o loop "$work/$name.disk" "$work/$name.mount" &&
			share_start "$name" file 7 "$work/$name.mount/file" || return
	done
	is "$(stat -c %i "$work/first.mount/file")" "$(stat -c %i "$work/second.mount/file")"
}
if same_numbers >"$work/why"; then
	tap_ok "two files with one number"
else
	tap_note <"$work/why"
	tap_not_ok "two files with one number"
fi
area first parent
first_file=$(page_at 3)
area second parent
tap_test "same: two files with one number on two devices" \
	says 'DIFFERENT FRAMES: they map different files: *' 0 "$first_file" "$(page_at 3)"
area first child
tap_test "same: one file" says 'SAME FRAME: both map the same page of *' 0 "$first_file" "$(page_at 3)"
share_end first second
umount "$work/first.mount" "$work/second.mount"

share_test zero zero 31
area zero area
tap_test "same: the page of zeros" \
	says 'SAME FRAME: nobody has written there yet*' 0 "$(page_at 2)" "$(page_at 9)"
share_end zero

# common PIDS CLASS: bytes that the first pair has in common
common()
{
	sharestat matrix -r -n -b -p "$1" --class "$2" -o shared
}

tap_test "matrix: what is left after a fork is no less than the area's 67 pages" \
	[ "$(common "$parent,$child" cow)" -ge $((67 * page)) ]
share_test memfd memfd 17
area memfd child
tap_test "matrix: a memfd of 17 pages" is $((17 * page)) "$(common "$pid,${share_pids[memfd]}" memfd)"
share_end memfd
share_test twice twice 19
tap_test "matrix: mapped twice by one process is not shared" \
	is "" "$(common "${share_pids[twice]},$parent" memfd)"
# own_of COLUMN: of the process that maps its 19 pages twice
own_of()
{
	local side pid

	for side in '' 2; do
		read -r pid < <(sharestat matrix -r -n -b --top 1 -p "${share_pids[twice]},$parent" -o "tgid$side")
		[ "$pid" != "${share_pids[twice]}" ] ||
			sharestat matrix -r -n -b --top 1 -p "${share_pids[twice]},$parent" -o "$1$side"
	done
}
tap_test "matrix: but these pages are its own" \
	is $(($(own_of uss) + 19 * page)) "$(own_of exclusive)"
share_end twice

echo 3 >/proc/sys/vm/nr_hugepages
huge=$((3 * page / 8))
share_test table hugetlb-table $huge
area table parent
table_parent=$(page_at 3) table_pid=$pid
area table child
table_child=$(page_at 3)
tap_test "matrix: huge pages in a table that both have" \
	is $((huge * page)) "$(common "$table_pid,$pid" hugetlb)"
tap_test "matrix: each has them, apart from its other memory" \
	is "$((huge * page)) $((huge * page)) 0 0" "$(sharestat matrix -r -n -b -p "$table_pid,$pid" \
		-o shared_hugetlb,shared_hugetlb2,private_hugetlb,private_hugetlb2)"
tap_test "who: both have the table" \
	is "$(xargs -n1 <<<"$table_parent $table_child" | sort | xargs)" "$(mappers "$table_child")"
tap_test "who: says that it is one table" \
	ends 0 '*2 mappings*(the processes share the page table that maps it)*' sharestat who "$table_child"
tap_test "same: they share the page table" \
	says 'SAME FRAME: *each sees what the other writes; they share the page table, too*' 0 \
	"$table_parent" "$table_child"
share_end table
echo 0 >/proc/sys/vm/nr_hugepages

# sizes_are PID: of the matrix against smaps_rollup. Pss cannot be compared like
# that, as whoever reads it maps libraries, too: verify does it by VMA.
sizes_are()
{
	local pid uss pss rss

	read -r pid uss pss rss < <(sharestat matrix -r -n -b --top 1 -p "$1,$child" -o tgid,uss,pss,rss)
	[ "$pid" = "$1" ] || { echo "the pair begins with $pid"; return 1; }
	awk -v uss="$uss" -v pss="$pss" -v rss="$rss" '
	/^Rss:/ { smaps_rss = $2 * 1024 }
	/^Private_(Clean|Dirty):/ { smaps_uss += $2 * 1024 }
	END {
		print "matrix: uss " uss " pss " pss " rss " rss
		print "smaps:  uss " smaps_uss " rss " smaps_rss
		exit uss != smaps_uss || rss != smaps_rss || pss <= uss || pss >= rss
	}' "/proc/$1/smaps_rollup"
}
tap_test "matrix: sizes are those of smaps_rollup" sizes_are "$parent"

# cow_vma COLUMN: of the area, in pages
cow_vma()
{
	local start bytes

	while read -r start bytes; do
		[ "$start" != "$address" ] || echo $((bytes / page))
	done < <(sharestat cow --vmas -r -n -b -p "$1" -o "start,$2")
}
area fork parent
tap_test "cow: 67 pages of the area are shared" is 67 "$(cow_vma "$parent" shared)"
tap_test "cow: 34 are not" is 34 "$(cow_vma "$parent" private)"
tap_test "cow: the child is a relative" \
	is "self child" "$(sharestat cow -r -n -p "$parent" -o relation | xargs)"
tap_test "cow: the parent is a relative" \
	is "self parent" "$(sharestat cow -r -n -p "$child" -o relation | xargs)"

steady()
{
	local round wanted got

	wanted=$(common "$parent,$child" cow)
	for ((round = 0; round < 6; round++)); do
		sharestat matrix >/dev/null || return 1
		got=$(common "$parent,$child" cow)
		is "$wanted" "$got" || return 1
		quiet 0 "$shared_parent" "$shared_child" || return 1
		quiet 1 "$written_parent" "$written_child" || return 1
	done
}
share_storm_begin
tap_test "matrix and same while others fork, exit, split and migrate" steady
share_storm_end
tap_end
