#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# `sharestat verify`: finds no difference where there is none, finds each that is
# planted into a witness, and leaves nobody stopped. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
share_begin

# compares LEAST ARGUMENT...: more mappings than that, without a difference
compares()
{
	local output mappings

	output=$(sharestat verify "${@:2}" 2>&1) || { echo "$output"; return 1; }
	echo "$output"
	mappings=$(sed -n 's/^\([0-9]*\) mappings in .* compared: 0 differences$/\1/p' <<<"$output")
	[ "${mappings:-0}" -gt "$1" ]
}

# finds CHECK COMMAND: in a mount namespace of its own where COMMAND has spoilt
# a witness, verify ends with 1 and counts differences of that check
finds()
{
	local output status=0 count

	output=$(unshare -m sh -c "$2 && exec sharestat verify -r -p ${share_pids[subject]}" 2>&1) ||
		status=$?
	count=$(sed -n "s/^$1.* \([0-9]*\) [0-9]*\$/\1/p" <<<"$output")
	[ "$status" -eq 1 ] && [ "${count:-0}" -gt 0 ] && return
	echo "status $status, '${count:-no}' differences"
	tail -n 15 <<<"$output"
	return 1
}

nobody_stopped()
{
	! grep -h ') T ' /proc/[0-9]*/stat 2>/dev/null
}

# is_stopped NAME: no process is started, so that no moment is missed
is_stopped()
{
	local state

	read -r _ _ state _ <"/proc/${share_pids[$1]}/stat" && [ "$state" = T ]
}

# ends_by SIGNAL: just as the subject is stopped, again and again
ends_by()
{
	local verify round

	for round in 1 2 3; do
		# What a shell starts in the background ignores SIGINT otherwise.
		env --default-signal=INT sharestat verify --stop >/dev/null 2>&1 &
		verify=$!
		until is_stopped subject || [ ! -d /proc/$verify ]; do :; done
		kill "-$1" "$verify" 2>/dev/null || { echo "round $round: it stopped nobody"; return 1; }
		wait "$verify" 2>/dev/null
		# Whoever watches over it may need a moment.
		eventually nobody_stopped || return 1
	done
}

share_test subject private 1009
tap_test "all processes" compares 10000
tap_test "all processes, stopped" compares 10000 --stop
tap_test "one process" compares 1009 -p "${share_pids[subject]}"
tap_test "nobody is left stopped" nobody_stopped

# A witness that lies: zeros in the place of counts and of flags, another
# process's mappings in the place of its own.
truncate -s 1G "$work/zeros"
other=$(pidof -s cat)
tap_test "a wrong count is found" finds 'mappings' "mount --bind $work/zeros /proc/kpagecount"
tap_test "wrong flags are found" finds 'flags' "mount --bind $work/zeros /proc/kpageflags"
tap_test "a wrong frame is found" finds 'frame' \
	"mount --bind /proc/$other/pagemap /proc/${share_pids[subject]}/pagemap"
tap_test "wrong sums are found" finds 'Rss' \
	"mount --bind /proc/$other/smaps /proc/${share_pids[subject]}/smaps"

tap_test "a process that is not there" \
	ends 1 'sharestat: no such process: 4194303' sharestat verify -p 4194303

for signal in KILL INT TERM; do
	tap_test "SIG$signal leaves nobody stopped" ends_by $signal
done

share_storm_begin
tap_test "all processes while others fork, split and migrate" compares 10000
tap_test "one that sleeps meanwhile" compares 1009 -p "${share_pids[subject]}"
share_storm_end
tap_end
