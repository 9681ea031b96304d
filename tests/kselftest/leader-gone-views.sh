#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each view of the tool of two processes whose main threads have ended while another
# thread lives on: they have their memory, and what they share they share. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
share_begin

tap_test "there is swap" ../workload/swap on
share_program=leader-gone share_test gone
parent=${share_pids[gone]}
read -r child shared forked swapped <"$work/gone"

leaders_ended()
{
	[ "$(awk '$1 == "State:" { print $2 }' "/proc/$parent/status" "/proc/$child/status" | xargs)" = "Z Z" ]
}
tap_test "both main threads have ended" eventually leaders_ended

# bytes_of CLASS: of the parent's mappings
bytes_of()
{
	sharestat vmas -r -n -b -p "$parent" -o "$1" | awk '{ sum += $1 } END { print sum + 0 }'
}

tap_test "tasks: says that the main thread has ended" \
	is "main thread has ended, 1 lives on" "$(sharestat tasks -n -p "$parent" -o note | sed '/^ *$/d; s/ *$//')"
tap_test "vmas: 41 pages" is $((41 * page)) "$(bytes_of mapanon)"
tap_test "vmas: 37 pages or more" [ "$(bytes_of cow)" -ge $((37 * page)) ]

# frames_of CLASS: pages of the parent
frames_of()
{
	sharestat frames -r -n -p "$parent" -o class,pages | awk -v class="$1" '$1 == class { sum += $2 } END { print sum + 0 }'
}
tap_test "frames: 41 pages" is 41 "$(frames_of mapanon)"
tap_test "matrix: 41 pages of shared memory" \
	is $((41 * page)) "$(sharestat matrix -r -n -b -p "$parent,$child" --class mapanon -o shared)"

mappers()
{
	sharestat who -r -n -o tgid,va "$parent:$1" 2>&1 | tr ' ' : | sort | xargs
}
both()
{
	printf '%s\n' "$parent:$1" "$child:$1" | sort | xargs
}
tap_test "who: both have the page" is "$(both "$shared")" "$(mappers "$shared")"
tap_test "who: both still have the page of the fork" is "$(both "$forked")" "$(mappers "$forked")"
tap_test "same: it is one frame" \
	ends 0 'SAME FRAME: *' sharestat same "$parent:$forked" "$child:$forked"
tap_test "same: a page is swapped out" \
	ends 0 'DIFFERENT FRAMES: * is swapped out*' sharestat same "$parent:$swapped" "$parent:$forked"
tap_test "cow: the child is a relative" \
	is "self child" "$(sharestat cow -r -n -p "$parent" -o relation | xargs)"
tap_test "cow: the parent is a relative" \
	is "self parent" "$(sharestat cow -r -n -p "$child" -o relation | xargs)"
tap_test "report: two processes of a thread each" \
	ends 0 "*: 2 processes, 2 tasks, *" sharestat report -p "$parent" --seconds 0.1
tap_test "advise: two processes of a thread each" \
	ends 0 "*: 2 processes, 2 tasks, *" sharestat advise -p "$parent" --seconds 0.1

verified()
{
	local output

	output=$(sharestat verify -p "$parent,$child" 2>&1) || { echo "$output"; return 1; }
	echo "$output"
	[[ $output =~ ([0-9]+)\ VMAs\ of\ 2\ processes ]] && [ "${BASH_REMATCH[1]}" -gt 20 ]
}
tap_test "verify: both are compared" verified
share_end gone
tap_test "swap is switched off again" ../workload/swap off
tap_end
