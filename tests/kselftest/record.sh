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
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
share_begin

dir=$work
enabled=$(awk '!/^#/ { print $1 }' "$debugfs/enable")
trap 'echo "$enabled" >$debugfs/enable; echo >$debugfs/set_pid; share_end_all' EXIT
# What this kernel offers.
awk '/^probe_/ && $2 == "yes" { printf "+%s ", substr($1, 7) }' "$debugfs/version" >"$debugfs/enable"
sleep 1000 &
subject=$!
# One with a name that is not only letters, and with switches, births and memory of its own.
name=$work/$'x\e[\n\x9b\\xé"'
cp "$(command -v bash)" "$name"
mkfifo "$work/gate"
"$name" -c '(:); read -r line' <>"$work/gate" &
hostile=$!
# Two processes with one address space, of which export has to count one.
share_test borrowed borrowed 101
"$work/pingpong" thread 211 >/dev/null

flushes_are_traced()
{
	grep -q '^probe_tlb yes' "$debugfs/version"
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

# samples: of an exposition on standard input, as tests/exported has them
samples()
{
	grep -v '^#\|^sharestat_export_duration' |
		awk '/^[^ ]*_seconds(_sum)?[{ ]/ { value = $NF; sub(/[^ ]*$/, ""); $0 = $0 sprintf("%.9f", value) }
			{ print }' | LC_ALL=C sort
}

# exports RECORDING: each sample of it is what another program makes of its files, in
# both formats; with CPUs summed, too
exports()
{
	local format

	../exported "$dir/$1" | LC_ALL=C sort >"$dir/wanted"
	for format in openmetrics prometheus; do
		sharestat --root "$dir/$1" export --all --names 1000 --format $format >"$dir/got" || return
		diff "$dir/wanted" <(samples <"$dir/got") || return
	done
	sharestat --root "$dir/$1" export --memory --names 1000 >"$dir/got" || return
	diff <(awk '{ value = $NF; sub(/cpu="[0-9]*",/, ""); sub(/ [^ ]*$/, ""); if (!($0 in sum)) sum[$0] = 0
			if (/_seconds/) sum[$0] = value; else sum[$0] += value }
		END { for (sample in sum) printf sample ~ /_seconds/ ? "%s %s\n" : "%s %.0f\n", sample, sum[sample] }' \
		"$dir/wanted" | LC_ALL=C sort) <(samples <"$dir/got")
}

# There was something of each in the recording, or it would be compared in vain.
has_something()
{
	local metric metrics=(switches_total switch_latency_seconds_sum births_total
		births_pages_total comm_pss_bytes comm_present_bytes)

	! flushes_are_traced || metrics+=(tlb_events_total tlb_flushed_pages_total)
	for metric in "${metrics[@]}"; do
		grep -q "^sharestat_${metric}[{ ].* [0-9.]*[1-9]" "$dir/wanted" || { echo "all 0: $metric"; return 1; }
	done
	grep -qF 'comm="x\\x1b[\\x0a' "$dir/wanted" || { echo "no name to be escaped"; return 1; }
	is 2 "$(awk 'NR > 2 && $NF == "share" { print $4 }' "$dir/whole/mms")"
}

# random FILE FIRST LAST: other figures in these columns, of which the machine has none:
# flushes received by the wrong CPU, or kept ones
random()
{
	awk -v seed="$seed$1" -v first="$2" -v last="$3" '
		BEGIN { for (i = 1; i <= length(seed); i++) s = (s * 31 + index("0123456789abcdefghijklmnopqrstuvwxyz_", substr(seed, i, 1))) % 1000003; srand(s) }
		NR == 2 { for (i = 2; i <= NF; i++) { if ($i == first) from = i - 1; if ($i == last) to = i - 1 } }
		NR > 2 { for (i = from; i <= to; i++) if ($i ~ /^[0-9]+$/) $i = int(rand() * 1000000) }
		{ print }' "$dir/whole/$1" >"$dir/random/$1"
}

exports_random()
{
	echo "seed $seed"
	cp -r "$dir/whole" "$dir/random"
	sed -i 's/^longest_hold_ns .*/longest_hold_ns 123456789/' "$dir/random/version"
	random switches count ns && random latency count count && random tlb count pages &&
		random births count pages && random mms rss_anon pgtables && random vmas present pss &&
		random tlb_mms task_switch_kept other_full && exports random
}

# With set_pid the memory of all cannot be known, and is not guessed.
refuses_part()
{
	echo "$subject" >"$debugfs/set_pid"
	ends 1 '*names 1 process*' sharestat export --memory -f "$dir/none" && [ ! -e "$dir/none" ]
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

tap_test "export: each sample is as recorded" exports whole
tap_test "export: there was something to say" has_something
seed=$EPOCHSECONDS
tap_test "export: each sample of random figures" exports_random
tap_test "the memory of some is not exported as that of all" refuses_part
kill $subject $hostile
tap_end
