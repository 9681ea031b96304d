#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# `sharestat record`: whole or not at all, and every command that looks at a
# machine looks at the recording. `sharestat export`: says what the other
# commands say. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/outcome.sh
. ../outcome.sh

debugfs=/sys/kernel/debug/sharestat
[ -d "$debugfs" ] || { echo "1..0 # SKIP no $debugfs: the module is not loaded"; exit 4; }
dir=$(mktemp -d) || exit 1
enabled=$(sed 1,2d "$debugfs/enable" | tr '\n' ' ')
trap 'echo "$enabled" >$debugfs/enable; echo >$debugfs/set_pid; rm -rf "$dir"' EXIT
# What this kernel offers.
awk '/^probe_/ && $2 == "yes" { printf "+%s ", substr($1, 7) }' "$debugfs/version" >"$debugfs/enable"
sleep 1000 &
subject=$!

flushes_are_traced()
{
	grep -q '^probe_tlb yes' "$debugfs/version"
}

lacks()
{
	! grep "^$1" "$dir/openmetrics"
}

# What debugfs has and a recording does not: no facts, or only for writing.
records_all()
{
	sharestat record "$dir/whole" || return
	diff <(cd "$debugfs" && printf '%s\n' * | grep -vx -e README -e reset) \
		<(cd "$dir/whole" && printf '%s\n' * | grep -vx manifest)
}

# A stream that was cut off has no end record.
frames_end()
{
	[ "$(tail -c 8 "$dir/whole/frames.bin" | od -An -tu1 -N1 | tr -d ' ')" = 3 ]
}

is_own()
{
	[ "$(stat -c %a "$dir/whole")" = 700 ]
}

refuses_full()
{
	ends 1 "*$dir/whole is not empty; *" sharestat record "$dir/whole"
}

into_empty()
{
	mkdir "$dir/one"
	sharestat record -p "$subject" "$dir/one" || return
	[ "$(sed 1,2d "$dir/one/set_pid")" = "$subject" ] &&
		[ "$(sed 1,2d "$dir/one/vmas" | awk '{ print $1 }' | sort -u)" = "$subject" ]
}

without_frames()
{
	sharestat record --no-frames "$dir/less" && [ ! -e "$dir/less/frames" ] &&
		[ ! -e "$dir/less/frames.bin" ] && [ -s "$dir/less/vmas" ]
}

# nothing_left PATTERN COMMAND...: it fails with these words, and leaves nothing behind
nothing_left()
{
	ends 1 "$@" && [ ! -e "$dir/none" ] &&
		[ -z "$(find "$dir" -maxdepth 1 -name '.sharestat-*')" ]
}

# has_copied COUNT: so many files of the recording are in its temporary folder, or it
# is in its place. No process is started, so that no step is missed.
has_copied()
{
	local files=("$dir"/.sharestat-*/*)

	[ -e "$dir/none/manifest" ] || { [ -e "${files[0]}" ] && [ ${#files[@]} -ge "$1" ]; }
}

# interrupted_at COUNT: when so many files are there; all of it or nothing, and the
# status says which. Sets outcome.
interrupted_at()
{
	local status=0 tool

	# What a shell starts in the background ignores SIGINT otherwise.
	env --default-signal=INT sharestat record "$dir/none" 2>"$dir/why" &
	tool=$!
	until has_copied "$1" || [ ! -d /proc/$tool ]; do :; done
	kill -INT $tool 2>/dev/null
	wait $tool || status=$?
	if [ -e "$dir/none" ]; then
		outcome=whole
		is 0 $status && is "$(ls "$dir/whole")" "$(ls "$dir/none")" || return
	else
		outcome=nothing
		is 1 $status && grep -q 'stopped; nothing was recorded' "$dir/why" || return
	fi
	rm -rf "$dir/none"
	[ -z "$(find "$dir" -maxdepth 1 -name '.sharestat-*')" ] || { echo "a folder is left"; return 1; }
}

# At the first file nothing is recorded, behind the last one all; between them
# whichever comes first.
interrupted()
{
	local count whole outcome outcomes=()

	whole=$(find "$dir/whole" -type f | wc -l)
	for count in 1 2 $((whole / 2)) $((whole - 1)) $whole $((whole + 1)); do
		interrupted_at "$count" || { cat "$dir/why"; return 1; }
		outcomes+=("$outcome")
	done
	echo "${outcomes[*]}"
	[[ ${outcomes[*]} = nothing\ *\ whole ]]
}

# replays PATTERN ARGUMENT...: the recording has that to show
replays()
{
	ends 0 "$1" sharestat --root "$dir/whole" "${@:2}"
}

# exported METRIC...: the sum of its samples
exported()
{
	awk -v pattern="$1" '$0 ~ "^" pattern "[ {]" { sum += $NF } END { printf "%d", sum }' \
		"$dir/openmetrics"
}

# sums_of FILE COLUMN: of a file of the recording
sums_of()
{
	awk -v column="$2" '
		NR == 2 { for (i = 2; i <= NF; i++) if ($i == column) at = i - 1 }
		NR > 2 { sum += $at } END { printf "%d", sum }' "$dir/whole/$1"
}

# equals METRIC FILE COLUMN [FACTOR]
equals()
{
	local got wanted

	got=$(exported "$1")
	wanted=$(($(sums_of "$2" "$3") * ${4:-1}))
	[ "$got" -eq "$wanted" ] && [ "$wanted" -gt 0 ] && return
	echo "$1 is $got, $2 has $wanted"
	return 1
}

# With set_pid the memory of all cannot be known, and is not guessed.
refuses_part()
{
	echo "$subject" >"$debugfs/set_pid"
	ends 1 '*names 1 process*' sharestat export --memory -o "$dir/none" && [ ! -e "$dir/none" ]
	local status=$?
	echo >"$debugfs/set_pid"
	return $status
}

tap_test "all files are recorded" records_all
tap_test "a recording is its owner's alone" is_own
tap_test "frames.bin is whole" frames_end
tap_test "a folder that is not empty is left alone" refuses_full
tap_test "one process, into an empty folder" into_empty
tap_test "without frames" without_frames
tap_test "a process that is not there" \
	nothing_left 'sharestat: no such process: 4194303' sharestat record -p 4194303 "$dir/none"
tap_test "interrupted: all of it or nothing" interrupted

address=$(awk 'NR == 3 { print $1 ":" $2 }' "$dir/whole/frames")
two_lines=$'*\n*\n*'
for command in tasks mms vmas frames switches tlb births latency matrix "who $address" \
	"switches --by group" "births --by group" "cow -p $subject" export "export --all"; do
	# shellcheck disable=SC2086 # several words
	tap_test "$command replays" replays "$two_lines" $command
done
tap_test "same $address $address replays" replays "SAME FRAME: $two_lines" same "$address" "$address"
if flushes_are_traced; then
	tap_test "tlb --by mm replays" replays "$two_lines" tlb --by mm
else
	tap_test "tlb --by mm, which nobody traced, has a heading" replays '*MM*' tlb --by mm
fi

sharestat --root "$dir/whole" export --memory >"$dir/openmetrics"
tap_test "switches as recorded" equals sharestat_switches_total switches count
tap_test "latency as recorded" equals sharestat_switch_latency_seconds_count latency count
if flushes_are_traced; then
	tap_test "TLB events as recorded" equals sharestat_tlb_events_total tlb count
else
	tap_test "TLB events, which nobody traced, are left out" lacks sharestat_tlb_events_total
fi
tap_test "births as recorded" equals sharestat_births_total births count
tap_test "copied bytes as recorded" equals sharestat_births_pgtable_bytes_total births pgtable_bytes
tap_test "page tables as recorded" equals sharestat_comm_pgtable_bytes mms pgtables
tap_test "tasks as recorded" equals sharestat_comm_tasks mms tasks
tap_test "proportional shares as recorded" equals sharestat_comm_pss_bytes vmas pss
tap_test "present memory as recorded" equals sharestat_comm_present_bytes vmas present "$(getconf PAGE_SIZE)"
tap_test "the memory of some is not exported as that of all" refuses_part
kill $subject
tap_end
