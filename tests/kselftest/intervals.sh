#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each command that takes INTERVAL and COUNT, live: so many rounds as were asked for; the
# figures of a round are of that round, so that what is done once, in a known amount, is in
# the rounds that were under way and in no other; SIGINT ends it between two lines and
# leaves nothing behind. Commands are those of --help: one that is not looked at fails. TAP.
#
# shellcheck disable=SC2016 # dollars are jq's

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
# shellcheck source=tests/tool-help.sh
. ../tool-help.sh
for program in jq perf sharestat; do
	command -v $program >/dev/null || { echo "1..0 # SKIP no $program"; exit 4; }
done
share_begin
enabled=$(sed 1,2d "$debugfs/enable")
instances=$(ls /sys/kernel/tracing/instances)
mkfifo "$work/never"
exec {never}<>"$work/never"

# So many rounds, in lines and as a table each; and each line is one of JSON.
as_many_as_asked()
{
	local heading=$1 wanted=$2 text

	shift 2
	sharestat "$@" 0.3 3 >"$work/text" 2>"$work/err" &
	text=$!
	sharestat "$@" -J 0.3 3 >"$work/out" 2>>"$work/err" || { cat "$work/err"; return 1; }
	wait $text || { cat "$work/err"; return 1; }
	is "$wanted" "$(grep -c '^{' "$work/out")" && is "$wanted" "$(wc -l <"$work/out")" &&
		is "$wanted" "$(grep -c "^ *$heading" "$work/text")" &&
		../validate json "$work/out" && ../validate text "$work/text"
}

# The rounds that are over by now. No process is started while something is counted.
count_rounds()
{
	mapfile lines <"$work/out"
	rounds=${#lines[@]}
	[ "$rounds" = 0 ] || [[ ${lines[-1]} = *$'\n' ]] || rounds=$((rounds - 1))
}

# reach COUNT: so many rounds
reach()
{
	local tries

	for ((tries = 0; tries < 1200; tries++)); do
		count_rounds
		[ "$rounds" -lt "$1" ] || return 0
		read -r -t 0.05 -u "$never"
	done
	echo "$rounds rounds, and not $1"
	return 1
}

# watch WORK ARGUMENT...: rounds of half a second, and WORK in the midst of them; then
# $work/out has them, before and after say how many were over when it began and when it had
# ended, and ended how it took SIGINT. What a shell starts in the background ignores it.
watch()
{
	local tool begin end

	cp "$debugfs"/{switches,tlb,births,latency} "$work/before/"
	: >"$work/out"		# before it is begun: what another left is none of its rounds
	read -r begin _ </proc/uptime
	env --default-signal=INT sharestat "${@:2}" -J 0.5 >"$work/out" 2>"$work/err" &
	tool=$!
	ended=0 before=0 after=0
	reach 2 && before=$rounds && $1 && count_rounds && after=$rounds && reach $((after + 3)) ||
		echo "$* $(cat "$work/err")"
	kill -INT $tool
	wait $tool || ended=$?
	read -r end _ </proc/uptime
	took=$((10#${end/./} - 10#${begin/./}))
	cp "$debugfs"/{switches,tlb,births,latency} "$work/after/"
} >"$work/why" 2>&1

# It ends between two lines, says no word, and nothing is left behind.
ends_cleanly()
{
	cat "$work/why"
	is "$1" "$ended" && [ ! -s "$work/err" ] && ../validate json "$work/out" &&
		is "$(wc -l <"$work/out")" "$(grep -c '^{.*}$' "$work/out")" &&
		diff <(echo "$enabled") <(sed 1,2d "$debugfs/enable") &&
		is "$instances" "$(ls /sys/kernel/tracing/instances)"
}

# How much a rate was of, and how much of that is rounding: SECONDS has two digits.
amount='def amount(rate): [rate * (.seconds // 0), 0.05 * (.seconds // 0) + 0.005 * rate];
	def sum: reduce .[] as $one ([0, 0]; [.[0] + $one[0], .[1] + $one[1]]);
	def within($least; $most): .[0] >= $least - .[1] and .[0] <= $most + .[1];
'

# look_at FILTER: of all rounds in one list; of rows(ROWS) a round is the sum
look_at()
{
	jq -s -e --argjson before "$before" --argjson after "$after" --argjson took "$took" \
		"$amount def rows(rows): map([rows] | sum); $1" "$work/out" >/dev/null && return
	echo "not so: $1; rounds before: $before, after: $after, hundredths of a second: $took"
	cat "$work/why"
	cut -c1-400 "$work/out"
	return 1
}

# only_then ROWS LEAST MOST: between these two while it was done, and nothing before and after.
# The round behind those that were printed may have been read, when it ended, and not yet
# been printed: then the rest is in the next one.
only_then()
{
	look_at "$before >= 2 and length >= $after + 3 and (rows($1) |
		(.[:$before] + .[$after + 2:] | all(.[0] == 0)) and
		(.[$before:$after + 2] | sum | within($2; $3)))"
}

# at_least_and_as_counted ROWS LEAST FILE: of which others did some, too. All rounds are
# no more than what the module has counted since the first one began: nobody else has
# the probe, so nothing is counted without.
at_least_and_as_counted()
{
	look_at "rows($1) | sum | within($2; $(($(counted after "$3") - $(counted before "$3"))))"
}

# counted WHEN FILE: the sum of its column count
counted()
{
	awk 'NR == 2 { for (i = 2; i <= NF; i++) if ($i == "count") at = i - 1 }
		NR > 2 { sum += $at } END { printf "%d\n", sum }' "$work/$1/$2"
}

# A round is as long as it says; all together are no longer than it took.
seconds_are_real()
{
	look_at '[.[] | ([.. | objects | select(has("seconds")).seconds] | max // 0)] |
		(add <= $took / 100 + length * 0.005) and
		(map(select(. > 0)) | length > 0 and add >= 0.5 * length - length * 0.005)'
}

give_birth()
{
	"$work/tree" 0 103 101
}

# How often these two were switched away from is what perf says, and so often were they
# switched to.
switch()
{
	perf stat -x , -e context-switches -o "$work/perf" "$work/pingpong" thread 1009 0
}

switched()
{
	awk -F , '/context-switches/ { print $1 }' "$work/perf"
}

shoot_down()
{
	"$work/shootdown" thread madvise 1009
}

erode()
{
	share_order family one write 10 17
}

# The subject has a tree of its own.
be_born()
{
	echo >"$work/order" && read -r -t 60 -u "$answer"
}

probe_is_offered()
{
	grep -q "^probe_$1 yes" "$debugfs/version"
}

mkdir "$work/before" "$work/after"
declare -A looked_at=()

# looks_at COMMAND HEADING COUNT ARGUMENT...: so many rounds; and it is no forgotten one
looks_at()
{
	looked_at[$1]=1
	tap_test "$1: as many rounds as asked" as_many_as_asked "$2" "$3" "$1" "${@:4}"
}

looks_at births KIND 3
watch give_birth births
tap_test "births: 101 threads in their rounds" only_then \
	'.births[] | select(.kind == "thread") | amount(.count)' 101 101
tap_test "births: all that were made and no more than were counted" at_least_and_as_counted \
	'.births[] | amount(.count)' $((101 + 103 + 104)) births
tap_test "births: seconds" seconds_are_real
tap_test "births: ends by SIGINT" ends_cleanly 130
watch give_birth births --by group
tap_test "births --by group: 101 threads in their rounds" only_then \
	'.births_by_group[] | select(.comm == "tree") | amount(.thread)' 101 101
tap_test "births --by group: 103 vforks in their rounds" only_then \
	'.births_by_group[] | select(.comm == "tree") | amount(.vfork)' 103 103
tap_test "births --by group: ends by SIGINT" ends_cleanly 130

looks_at switches CLASS 3
watch switch switches --by-cpu
tap_test "switches: all that were made and no more than were counted" at_least_and_as_counted \
	'.switches[] | amount(.count)' "$(switched)" switches
tap_test "switches --by-cpu: the pair's are on its CPU" at_least_and_as_counted \
	'.switches[] | select(.cpu == 0) | amount(.count)' "$(switched)" switches
tap_test "switches: seconds" seconds_are_real
tap_test "switches: ends by SIGINT" ends_cleanly 130
watch switch switches --by mm
tap_test "switches --by mm: those of the pair in their rounds" only_then \
	'.switches_by_mm[] | select(.comm == "pingpong") |
		amount(.thread + .process + .return + .return_other)' \
	$(($(switched) - 10)) $(($(switched) + 10))
tap_test "switches --by mm: ends by SIGINT" ends_cleanly 130

if probe_is_offered tlb; then
	looks_at tlb REASON 3
	watch shoot_down tlb
	tap_test "tlb: all that were made and no more than were counted" at_least_and_as_counted \
		'.tlb[] | amount(.kept + .range + .full)' 1009 tlb
	tap_test "tlb: seconds" seconds_are_real
	tap_test "tlb: ends by SIGINT" ends_cleanly 130
	watch shoot_down tlb --by mm
	tap_test "tlb --by mm: those of the pair in their rounds" only_then \
		'.tlb_by_mm[] | select(.comm == "shootdown") | amount(.local)' 1009 1059
	tap_test "tlb --by mm: ends by SIGINT" ends_cleanly 130
else
	looked_at[tlb]=1
	tap_test "tlb: refused where nobody traces it" \
		ends 4 '*this kernel does not offer it*' sharestat tlb 0.3 3
fi

if probe_is_offered latency; then
	looks_at latency CLASS 3
	watch switch latency
	tap_test "latency: all that were made and no more than were counted" at_least_and_as_counted \
		'.latency[] | amount(.samples)' "$(switched)" latency
	tap_test "latency: seconds" seconds_are_real
	tap_test "latency: ends by SIGINT" ends_cleanly 130
else
	looked_at[latency]=1
	tap_test "latency: refused where it cannot be" \
		ends 4 '*this kernel does not offer it*' sharestat latency 0.3 3
fi

# The first look of cow is what the others are compared with.
share_test family family 211
for who in parent one two; do
	share_order family $who write 0 1 >/dev/null
done
area family one
one=$pid
area family parent
looks_at cow TIME 4 -p "$pid"
watch erode cow -p "$pid"
tap_test "cow: 17 pages in the rounds since" look_at "map([.cow[] | select(.tgid == $one).broken][0]) |
	.[0] == null and all(.[1:$before][]; . == 0) and
	length >= $after + 3 and all(.[$after + 1:][]; . == 17 * $page)"
tap_test "cow: its time is that of the rounds" look_at 'map(.cow[0].time) |
	.[0] == 0 and .[-1] <= $took / 100 and (to_entries | all(.value >= 0.5 * .key - 0.01))'
tap_test "cow: ends by SIGINT" ends_cleanly 130
share_end family

mkfifo "$work/order" "$work/answer"
exec {answer}<>"$work/answer"
(while read -r _; do "$work/tree" 3 103 101; echo >"$work/answer"; done) <>"$work/order" &
subject=$!
looks_at stat '[0-9.]*  seconds, ' 3 -p $subject -f /dev/stdout
watch be_born stat -p $subject
while read -r kind count; do
	tap_test "stat: $count of $kind in their rounds" only_then \
		"[.births.$kind, 0]" "$count" "$count"
done <<<$'thread 101\nvfork 103\nexec 104\nfork 7'
tap_test "stat: seconds" look_at 'map(.seconds) | add <= $took / 100 and add >= 0.5 * (length - 1)'
tap_test "stat: ends by SIGINT" ends_cleanly 0
kill $subject

takes_intervals()
{
	local command

	for command in $(commands); do
		[[ $(sharestat "$command" --help | grep '^Usage:') != *INTERVAL* ]] || echo "$command"
	done
}
tap_test "each command that takes INTERVAL was looked at" \
	diff <(takes_intervals | sort) <(printf '%s\n' "${!looked_at[@]}" | sort)
tap_end
