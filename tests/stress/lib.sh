# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What tests/stress/guest does again and again, and what it counts. Sourced.
#
# shellcheck disable=SC2154 # $work is of the one who sources this

dir=/sys/kernel/debug/sharestat
cgroup=/sys/fs/cgroup/sharestat-stress
kmemleak=/sys/kernel/debug/kmemleak
module=${SHARESTAT_KO:-/run/lab/sharestat.ko}
small=(README version tasks mms switches latency tlb births switches_mms tlb_mms births_mms
	set_pid enable)
large=(vmas frames frames.bin)

load()
{
	insmod "$module"
}

# A reader may still be closing its file.
unload()
{
	local try

	for ((try = 0; try < 100; try++)); do
		! rmmod sharestat 2>/dev/null || return 0
		sleep 0.1
	done
	rmmod sharestat
}

# Also finds out which probes this kernel offers: arm64 has no trace of its flushes.
first_cycle()
{
	[ ! -d /sys/module/sharestat ] || unload || return
	load && cat "$dir"/tasks >/dev/null || return
	mapfile -t probes < <(awk '/^probe_/ && $2 == "yes" { print substr($1, 7) }' "$dir/version")
	all_on=${probes[*]/#/+}
	echo "$all_on" >"$dir/enable"
}

# repeat NAME COMMAND...: until the end; counts what succeeded. While the module
# changes nobody comes near it, or it would never be out of use.
repeat()
{
	local name=$1 good=0

	shift
	while [ ! -e "$work/stop" ]; do
		if [ -e "$work/pause" ] && [ "$name" != load ]; then
			sleep 0.05
		elif "$@" 2>/dev/null; then
			good=$((good + 1))
			echo "$good" >"$work/good.$name"
		fi
	done
}

read_file()
{
	cat "$dir/$1" >/dev/null
}

# any_process: one that is there, or was a moment ago
any_process()
{
	set -- /proc/[0-9]*
	shift $((RANDOM % $#))
	echo "${1#/proc/}"
}

# A kernel thread or a process that just ended is refused: this one, then.
read_own_filter()
{
	local fd

	exec {fd}<>"$dir/$1" || return
	any_process >&"$fd" || echo "$BASHPID" >&"$fd"
	cat <&"$fd" >/dev/null
	exec {fd}>&-
}

# Some of all processes, and then away from it.
read_some()
{
	head -c $((RANDOM * 8)) "$dir/$1" >/dev/null
}

switch_probes()
{
	local word words='' sign

	for word in "${probes[@]}"; do
		sign=+
		((RANDOM % 2)) || sign=-
		words+=" $sign$word"
	done
	echo "$words" >"$dir/enable"
}

change_filter()
{
	((RANDOM % 4)) || echo >"$dir/set_pid"
	any_process >>"$dir/set_pid" || echo "$BASHPID" >"$dir/set_pid"
}

# A process that wants more memory than its cgroup has, and that the kernel ends.
make_cgroup()
{
	echo +memory >"${cgroup%/*}/cgroup.subtree_control"
	mkdir -p "$cgroup" && echo 16M >"$cgroup/memory.max"
}

run_out_of_memory()
{
	local status=0

	# shellcheck disable=SC2016 # expanded by the shell inside
	bash -c 'echo $$ >"$1/cgroup.procs" && exec tail /dev/zero' tail "$cgroup" || status=$?
	[ "$status" -eq 137 ]
}

reset_counters()
{
	echo 1 >"$dir/reset" && sleep 0.3
}

# With whatever is attached at that moment. Half of the time it is left alone.
load_cycle()
{
	local status=0

	sleep $((RANDOM % 4 + 1))
	: >"$work/pause"
	unload && load || status=1
	rm "$work/pause"
	return "$status"
}

counted()
{
	local file

	for file in "$work"/good.*; do
		printf '%s %s, ' "${file##*.}" "$(cat "$file")"
	done
	echo
}

# sum FILE COLUMN...: by name, over all rows; "-" is nothing
sum()
{
	local file=$1

	shift
	awk -v wanted=" $* " 'NR == 2 {
		for (i = 2; i <= NF; i++)
			if (index(wanted, " " $i " "))
				column[i - 1]
	} NR > 2 {
		for (i in column)
			total += $i
	} END { printf "%.0f\n", total }' "$dir/$file"
}

# same WHAT SUM SUM: and more than nothing
same()
{
	if [ "$2" -ne "$3" ] || [ "$2" -le 0 ]; then
		echo "$1: $2 by processor, $3 by address space"
		return 1
	fi
}

# After a moment of load with all probes on, as they may all be off by now.
counters_add_up()
{
	local status=0

	echo "$all_on" >"$dir/enable"
	stress-ng --quiet --timeout 2 --fork 1 --tlb-shootdown 1 --switch 1 --vfork 1
	echo "${all_on//+/-}" >"$dir/enable"
	same switches "$(sum switches count)" "$(sum switches_mms thread process to_kernel \
		return return_other kernel)" || status=1
	same births "$(sum births count)" "$(sum births_mms fork vfork thread sharevm exec \
		kthread)" || status=1
	[[ $all_on != *+tlb* ]] ||
		same tlb "$(sum tlb count)" "$(sum tlb_mms "$(tlb_columns)")" || status=1
	return "$status"
}

tlb_columns()
{
	sed -n '2s/^# //p' "$dir/tlb_mms" | tr ' ' '\n' | grep -E '_(kept|range|full)$' | tr '\n' ' '
}

# The kernel's objects, once its caches are dropped: name and number a line.
count_objects()
{
	local try cache

	for try in 1 2 3; do
		sync
		echo 3 >/proc/sys/vm/drop_caches
		sleep 1
	done
	for cache in /sys/kernel/slab/*; do
		[ -h "$cache" ] || echo 1 >"$cache/shrink" 2>/dev/null
	done
	awk 'NR > 2 && $1 ~ /^(task_struct|mm_struct|signal_cache|files_cache|sighand_cache|pid|seq_file|dentry|inode_cache|vm_area_struct)$/ {
		print $1, $2 }' /proc/slabinfo
	echo "processes $(find /proc -maxdepth 1 -name '[0-9]*' | wc -l)"
	awk '/^(MemAvailable|PageTables|Percpu|SUnreclaim|VmallocUsed):/ {
		print substr($1, 1, length($1) - 1), $2 }' /proc/meminfo
}

# limit NAME: by how much it may have grown. A reference that is left at each
# reading would be thousands; the kernel's own caches hold back some.
limit()
{
	case $1 in
	task_struct | mm_struct | signal_cache | files_cache | sighand_cache) echo 60 ;;
	pid | seq_file) echo 150 ;;
	processes) echo 8 ;;
	vm_area_struct) echo 1500 ;;
	dentry | inode_cache) echo 20000 ;;
	PageTables) echo 2000 ;;	# kB, as the next ones
	Percpu) echo 1000 ;;
	VmallocUsed) echo 4000 ;;
	SUnreclaim) echo 40000 ;;
	*) echo 150000 ;;
	esac
}

nothing_left()
{
	local name before after grown status=0

	count_objects >"$work/after"
	while read -r name before; do
		after=$(sed -n "s/^$name //p" "$work/after")
		grown=$((after - before))
		[ "$name" != MemAvailable ] || grown=$((-grown))
		[ "$grown" -le "$(limit "$name")" ] || {
			echo "$name: $before before, $after after"
			status=1
		}
	done <"$work/before"
	[ ! -e "$dir" ] || { echo "$dir is still there" && status=1; }
	[ "$(wc -l <"$work/before")" -ge 8 ] || { echo "nothing was counted" && status=1; }
	return "$status"
}

# What is found only once may be a pointer that was on its way.
no_leak()
{
	echo scan >"$kmemleak"
	sleep 6
	echo scan >"$kmemleak"
	! grep -B 20 -A 20 -m 1 sharestat "$kmemleak"
}
