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

watches=() watchers=()

# watch NAME PID ARGUMENT...: looks of cow again and again, into a file
watch()
{
	sharestat cow -r -n -b -p "$2" "${@:3}" 0.2 >"$work/$1.looks" &
	watchers+=($!)
	watches+=("$1")
}

# nth_look NAME BEHIND NUMBER: the lines of that look, of those behind so many lines;
# it is whole when another one has begun. The first column is its time.
nth_look()
{
	awk -v behind="$2" -v number="$3" '
		NR > behind && (!looks || $1 != time) { time = $1; looks++ }
		NR > behind && looks == number { sub(/^[^ ]* /, ""); print }
		END { exit looks <= number }' "$work/$1.looks" >"$work/$1.look"
}

# look NAME...: by each watch, one that was begun after now: what comes next may be of
# a look that is under way, so the one behind it
look()
{
	local name
	local -A behind=()

	for name; do
		behind[$name]=$(wc -l <"$work/$name.looks")
	done
	for name; do
		eventually nth_look "$name" "${behind[$name]}" 2 || echo "$name: no look"
	done
}

# shows NAME WORDS PAGES...: the look has a line of these words and these numbers
shows()
{
	local wanted=$2 pages

	for pages in "${@:3}"; do
		wanted+=" $((pages * page))"
	done
	grep -qxF "$wanted" "$work/$1.look" && return
	printf '%s, in bytes\nwanted: %s\n' "$1" "$wanted"
	cat "$work/$1.look"
	return 1
}

# begun NAME: the first look has lines, and nothing to compare with
begun()
{
	eventually nth_look "$1" 0 1 && [ -s "$work/$1.look" ] &&
		! grep -v ' - - - -$' "$work/$1.look"
}

# order WHO WHAT FIRST COUNT
order()
{
	tap_test "$*" share_order family "$@"
	look "${watches[@]}"
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
watch mappings "$pid" --vmas -o "time,start,private,shared,$erosion"
watch relatives "$pid" -o "time,relation,tgid,$erosion"
watch one "$one" -o "time,relation,tgid,$erosion"
for name in mappings relatives one; do
	tap_test "$name: the first look" begun $name
done
look "${watches[@]}"
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
look mappings
tap_test "both children ended: by mapping" shows mappings "$address" 203 0 202 29 173 7
kill "${watchers[@]}" 2>/dev/null	# but those of who has ended
tap_end
