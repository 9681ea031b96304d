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
share_libraries

# compares LEAST ARGUMENT...: more mappings than that, without a difference
compares()
{
	local output mappings

	output=$(sharestat verify "${@:2}" 2>&1) || { echo "$output"; return 1; }
	echo "$output"
	mappings=$(sed -n 's/^\([0-9]*\) mappings in .* compared: 0 differences$/\1/p' <<<"$output")
	[ "${mappings:-0}" -gt "$1" ]
}

# By what is compared: the plant that spoils its witness
declare -A plants=(
	["frame of each page"]=others_pagemap
	["mappings of each frame"]=zeros_of_kpagecount
	["flags of each frame"]=zeros_of_kpageflags
	["Rss of each VMA, kB"]="more_of Rss"
	["Private of each VMA, kB"]="more_of Private_Dirty"
	["Pss of each VMA, kB"]="more_of Pss"
	["LazyFree of each VMA, kB"]="more_of LazyFree"
	["Swap of each VMA, kB"]="more_of Swap"
	["hugetlb of each VMA, kB"]="more_of Private_Hugetlb"
	["vmas, pages of each VMA"]=without_vma
	["objects that tasks share"]=others_files
)

others_pagemap()
{
	mount --bind "/proc/$$/pagemap" "/proc/$subject/pagemap"
}

zeros_of_kpagecount()
{
	mount --bind "$work/zeros" /proc/kpagecount
}

zeros_of_kpageflags()
{
	mount --bind "$work/zeros" /proc/kpageflags
}

# more_of KEY: in smaps of the subject, 4 kB more in its area
more_of()
{
	awk -v area="$address" -v key="$1:" '
		/^[0-9a-f]+-/ { inside = index($1, area "-") == 1 }
		inside && $1 == key { $2 += 4 }
		{ print }' "/proc/$subject/smaps" >"$work/smaps" &&
		mount --bind "$work/smaps" "/proc/$subject/smaps"
}

# Its area is no mapping any more.
without_vma()
{
	awk -v area="$address" '/^[0-9a-f]+-/ { inside = index($1, area "-") == 1 } !inside' \
		"/proc/$subject/smaps" >"$work/smaps" &&
		mount --bind "$work/smaps" "/proc/$subject/smaps"
}

# The subject has the table of files of process 1.
others_files()
{
	awk -v subject="$subject" '
		NR == 2 { for (i = 2; i <= NF; i++) if ($i == "files") at = i - 1 }
		$1 == 1 && NR > 2 { files = $at }
		$1 == subject { $at = files }
		{ print }' $debugfs/tasks >"$work/tasks" &&
		mount --bind "$work/tasks" $debugfs/tasks
}

# finds WHAT PLANT: in a mount namespace of its own, where the witness lies, verify ends
# with 1 and counts differences of that; of sums no others, as nothing else was spoilt,
# but of Pss: a file that stands still does not know that verify maps libraries, too
finds()
{
	local status=0 name

	[ -n "$2" ] || { echo "nothing is planted for: $1"; return 1; }
	subject=${share_pids[subject]}
	export subject address work debugfs
	for name in others_pagemap zeros_of_kpagecount zeros_of_kpageflags more_of without_vma others_files; do
		export -f "${name?}"
	done
	unshare -m bash -c "$2 && exec sharestat verify -J -p $subject" >"$work/json" 2>"$work/err" ||
		status=$?
	is 1 "$status" && jq -e --arg what "$1" --arg plant "$2" '
		[.verify[] | select(.differences > 0).what] as $found | any($found[]; . == $what) and
		(($plant | startswith("more_of") | not) or ($found + ["Pss of each VMA, kB"] | unique) ==
			([$what, "Pss of each VMA, kB"] | unique))' "$work/json" >/dev/null && return
	cat "$work/err" "$work/json"
	return 1
}

# A process that ends while verify has its smaps open is none that is wrong.
ends_meanwhile()
{
	local victim tool fd

	sleep 1000 &
	victim=$!
	mkfifo "$work/smaps.fifo"
	unshare -m bash -c "mount --bind $work/smaps.fifo /proc/$victim/smaps && exec sharestat verify" \
		>"$work/out" 2>&1 &
	tool=$!
	# Until the tool opens the other end.
	exec {fd}>"$work/smaps.fifo"
	kill $victim
	wait $victim 2>/dev/null
	exec {fd}>&-
	wait $tool && grep -q ': 0 differences$' "$work/out" && return
	cat "$work/out"
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

truncate -s 1G "$work/zeros"
area subject area
mapfile -t compared < <(sharestat verify -J -p "${share_pids[subject]}" | jq -r '.verify[].what')
tap_test "it says what it compares" [ "${#compared[@]}" -ge "${#plants[@]}" ]
for what in "${compared[@]}"; do
	tap_test "told when it is wrong: $what" finds "$what" "${plants[$what]-}"
done

tap_test "a process that ends meanwhile" ends_meanwhile
# Huge pages in a page table that two processes have: shared, says smaps.
echo 3 >/proc/sys/vm/nr_hugepages
share_test table hugetlb-table $((3 * page / 8))
smaps=/proc/${share_pids[table]}/smaps
tap_test "a page table that is shared" compares $((3 * page / 8)) -p "${share_pids[table]}"
sed 's/^Shared_Huge/Alone_Huge/; s/^Private_Huge/Shared_Huge/; s/^Alone_Huge/Private_Huge/' \
	"$smaps" >"$work/smaps"
unshare -m sh -c "mount --bind $work/smaps $smaps && exec sharestat verify -J -p ${share_pids[table]}" \
	>"$work/json" 2>/dev/null
tap_test "wrong sharing of huge pages is found" is 2 \
	"$(jq '.verify[] | select(.what == "hugetlb of each VMA, kB").differences' "$work/json")"
share_end table
echo 0 >/proc/sys/vm/nr_hugepages

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
