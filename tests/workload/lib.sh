# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Starts `share` and finds out what the module says of its pages. Sourced by
# tests that run as root in the lab VM, after tap.sh.

# shellcheck source=tests/outcome.sh
. "$(dirname "${BASH_SOURCE[0]}")/../outcome.sh"

workload=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d /tmp/share.XXXXXX) || exit 1
debugfs=/sys/kernel/debug/sharestat
page=$(getconf PAGE_SIZE)
declare -A share_fds=() share_pids=()
mapfile -t class_names < <(sed -n '/^#define SHARESTAT_SHARING_CLASSES/,/^$/s/.*"\(.*\)").*/\1/p' \
	"$workload/../../module/uapi/sharestat.h")

share_build()
{
	if [ -n "${WORKLOAD_BUILT-}" ]; then
		cp "$WORKLOAD_BUILT"/* "$work/"
		return
	fi
	make -s -C "$workload" O="$work" || { echo "Bail out! share does not build"; exit 1; }
}

# What a test begins with, and what it leaves at its end: nothing.
share_begin()
{
	trap share_end_all EXIT
	[ -d "$debugfs" ] || { echo "1..0 # SKIP no $debugfs: the module is not loaded"; exit 4; }
	share_build
}

# It is ready, or has ended.
share_settled()
{
	grep -qx ready "$work/$1" || [ ! -d "/proc/${share_pids[$1]}" ]
}

# share_start NAME KIND PAGES [FILE]: until it is ready; under another name where
# share_program says so
share_start()
{
	local name=$1 fd

	mkfifo "$work/$name.in"
	"$work/${share_program:-share}" "${@:2}" <"$work/$name.in" >"$work/$name" 2>"$work/$name.err" &
	share_pids[$name]=$!
	exec {fd}>"$work/$name.in"
	share_fds[$name]=$fd
	eventually share_settled "$name" && grep -qx ready "$work/$name" && return
	cat "$work/$name.err"
	return 1
}

# share_test NAME KIND PAGES [FILE]: the same as a test; not by tap_test, whose
# command is a subshell
share_test()
{
	if share_start "$@" >"$work/why"; then
		tap_ok "$1 starts"
	else
		tap_note <"$work/why"
		tap_not_ok "$1 starts"
	fi
}

# share_libraries: who looks at processes has pages of the libraries for that time, another
# one each time; where that counts, of none of these pages anybody shall be the only one
share_libraries()
{
	local path

	while read -r path; do
		share_test "${path##*/}" readonly $((($(stat -L -c %s "$path") + page - 1) / page)) "$path"
	done < <(awk '$6 ~ /\.so/ { print $6 }' /proc/$$/maps | sort -u)
}

# share_end NAME...
share_end()
{
	local name fd

	for name; do
		fd=${share_fds[$name]}
		exec {fd}>&-
		# Those that were started later may have this end of its pipe as well.
		kill "${share_pids[$name]}" 2>/dev/null
		wait "${share_pids[$name]}" 2>/dev/null
		unset "share_fds[$name]" "share_pids[$name]"
		rm -f "$work/$name" "$work/$name".*
	done
}

share_end_all()
{
	[ "${#share_pids[@]}" -eq 0 ] || share_end "${!share_pids[@]}"
	rm -rf "$work"
}

# share_obeyed NAME COUNT: so many orders are done
share_obeyed()
{
	[ "$(grep -cx 'done' "$work/$1")" -eq "$2" ]
}

# share_order NAME ORDER...: to a family; returns when it is done
share_order()
{
	local before

	before=$(grep -cx 'done' "$work/$1")
	echo "${*:2}" >&"${share_fds[$1]}"
	eventually share_obeyed "$1" $((before + 1)) && return
	echo "no answer to ${*:2}"
	return 1
}

share_storm()
{
	while :; do
		"$work/share" fork 503 </dev/null >/dev/null &
		"$work/share" thp-split 53 </dev/null >/dev/null &
		"$work/share" anonymous 307 </dev/null >/dev/null &
		wait
		echo 1 >/proc/sys/vm/compact_memory
	done
}

# Others come, go, fork, write, split and migrate: what sleeps must look the same.
share_storm_begin()
{
	share_storm &
	storm=$!
}

share_storm_end()
{
	kill "$storm"
	wait "$storm" 2>/dev/null
}

# area NAME AREA: sets pid, address (hexadecimal) and pages
area()
{
	read -r _ pid address pages < <(grep "^$2 " "$work/$1")
	[ -n "$pages" ]
}

# page_at NUMBER: that page of the area, as PID:ADDR
page_at()
{
	printf '%d:%x' "$pid" "$((16#$address + $1 * page))"
}

# vma_pages COLUMN: of the VMA that has the area, in pages
vma_pages()
{
	local start end bytes

	while read -r start end bytes; do
		((16#$start <= 16#$address && 16#$end > 16#$address)) || continue
		echo $((bytes / page))
		return
	done < <(sharestat vmas -r -n -b -p "$pid" -o "start,end,$1")
	echo none
}

# bin_pages CLASS: pages of the area that frames.bin has in that class, and no
# others of it; read with od(1), so that another program than the tool counts
bin_pages()
{
	local class number fd

	for number in "${!class_names[@]}"; do
		[ "${class_names[number]}" != "$1" ] || class=$number
	done
	exec {fd}<>"$debugfs/frames.bin"
	echo "$pid" >&"$fd"
	od -An -v -w48 -tu8 <&"$fd" |
		awk -v first=$((16#$address)) -v pages="$pages" -v class="$class" -v size="$page" '
		{
			type = $6 % 256
			if (type == 3)
				whole = 1
			if (type != 2 || int($6 / 256) % 256 != class)
				next
			begin = $1 > first ? $1 : first
			end = $1 + $4 % 4294967296 * size
			if (end > first + pages * size)
				end = first + pages * size
			if (end > begin)
				sum += (end - begin) / size
		}
		END {
			print whole ? sum + 0 : "no end record"
		}'
	exec {fd}>&-
}
