#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# `sharestat cow` with intervals, over a parent and two children that write and
# give back prime numbers of pages between them: it says exactly how many of the
# pages that were shared are broken, by whom, by mapping and by relative. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
share_begin

declare -A watches=()

# watch NAME PID ARGUMENT...: the lines of cow are read from now on, three times a second
watch()
{
	local fd

	exec {fd}< <(exec sharestat cow -r -n -b -p "$2" "${@:3}" 0.3)
	watches[$1]=$fd
}

# shows NAME WORDS PAGES...: a line of the watch begins with WORDS, and with these
# numbers; so does the next one that begins with them, as they are since the start.
# A look that is under way as a page is written may show less, so others follow.
shows()
{
	local words=$2 wanted=$2 got='no line' fd=${watches[$1]} pages line looks=0 same=0

	for pages in "${@:3}"; do
		wanted+=" $((pages * page))"
	done
	# What was seen before is of no interest.
	while read -r -t 0 -u "$fd"; do
		read -r -u "$fd" line || break
	done
	while [ $same -lt 2 ] && [ $looks -lt 10 ] && read -r -t 60 -u "$fd" line; do
		[[ $line = "$words "* ]] || continue
		looks=$((looks + 1))
		got=$line
		[ "$got" = "$wanted" ] && same=$((same + 1)) || same=0
	done
	[ "$same" -eq 2 ] && return
	printf '%s, in bytes\nwanted: %s\nlast:   %s\n' "$1" "$wanted" "$got"
	return 1
}

# begun NAME COLUMNS: the first look has all of its lines, and nothing to compare with
begun()
{
	local line lines=0 blank

	blank=$(printf ' -%.0s' $(seq "$2"))
	while read -r -t 60 -u "${watches[$1]}" line; do
		[[ $line = *"$blank" ]] || break
		lines=$((lines + 1))
	done
	[ "$lines" -gt 0 ] && return
	echo "$1: it begins with ${line:-nothing}"
	return 1
}

# order WHO WHAT FIRST COUNT
order()
{
	tap_test "$*" share_order family "$@"
}

share_test family family 211
for who in parent one two; do
	# What an order needs is then of each of them alone, before it counts.
	order $who write 0 1
	order $who free 1 1
done
area family one
one=$pid
area family two
two=$pid
area family parent
erosion=broken,by_us,by_them,gone
watch mappings "$pid" --vmas -o "start,private,shared,$erosion"
watch relatives "$pid" -o "relation,pid,$erosion"
watch one "$one" -o "relation,pid,$erosion"
for name in mappings relatives one; do
	tap_test "$name: the first look" begun $name 4
done
tap_test "nothing is broken yet" shows mappings "$address" 1 209 0 0 0 0

# What one child has written is shared with the other as before.
order one write 10 17
tap_test "a child wrote: of the mapping nothing is broken" shows mappings "$address" 1 209 0 0 0 0
tap_test "nor with anybody" shows relatives "self $pid" 0 0 0 0
tap_test "but with that child" shows relatives "child $one" 17 0 17 0
tap_test "and not with the other" shows relatives "child $two" 0 0 0 0
tap_test "it was that child itself" shows one "self $one" 17 17 0 0
tap_test "it broke it with its parent" shows one "parent $pid" 17 17 0 0
tap_test "and with its sibling" shows one "sibling $two" 17 17 0 0

# The same pages and two more: those that nobody else has now are broken.
order two write 10 19
tap_test "both wrote: by mapping" shows mappings "$address" 18 192 17 0 17 0
tap_test "both wrote: with anybody" shows relatives "self $pid" 17 0 17 0
tap_test "both wrote: with one child" shows relatives "child $one" 17 0 17 0
tap_test "both wrote: with the other" shows relatives "child $two" 19 0 19 0
tap_test "both wrote: a sibling wrote some of its own" shows one "sibling $two" 19 17 2 0

order parent write 100 29
tap_test "the parent wrote: by mapping" shows mappings "$address" 47 163 46 29 17 0
tap_test "the parent wrote: with anybody" shows relatives "self $pid" 46 29 17 0
tap_test "the parent wrote: with one child" shows relatives "child $one" 46 29 17 0
tap_test "the parent wrote: with the other" shows relatives "child $two" 48 29 19 0
tap_test "the parent wrote: a child sees that of its parent" shows one "parent $pid" 46 17 29 0

order parent free 180 7
tap_test "pages given back: by mapping" shows mappings "$address" 47 156 46 29 17 7
tap_test "pages given back: with one child" shows relatives "child $one" 46 29 17 7
tap_test "pages given back: a child finds them broken" shows one "parent $pid" 53 17 36 0

kill "$one" "$two"
tap_test "both children ended: by mapping" shows mappings "$address" 203 0 202 29 173 7
tap_end
