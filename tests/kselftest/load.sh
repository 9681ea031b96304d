#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loads and unloads the module again and again: idle, with its probes on, with
# its files held open, and under load. TAP. Ends with the module loaded.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/outcome.sh
. ../outcome.sh

# SHARESTAT_KO is for a machine other than the lab VM.
module=${SHARESTAT_KO:-/run/lab/sharestat.ko}
dir=/sys/kernel/debug/sharestat
tracefs=/sys/kernel/tracing
if [ ! -r "$module" ]; then
	echo "1..0 # SKIP no $module: set SHARESTAT_KO to the module that is to be loaded"
	exit 4
fi
[ -d /sys/module/sharestat ] || insmod "$module" || exit 1
# All that the ABI says can be read.
mapfile -t readable < <(../abi-stanzas | awk '$2 != "0200" { print $1 }')
# What this kernel offers.
all_on=$(awk '/^probe_/ && $2 == "yes" { printf "+%s ", substr($1, 7) }' "$dir/version")

# The taints that a kernel sets when it finds itself at fault: bad page (5),
# oops (7), warning (9), soft lockup (14).
fault_bits=$((1 << 5 | 1 << 7 | 1 << 9 | 1 << 14))
# Some may be set before: where the kernel gets no memory to load a module, it warns.
read -r tainted_before </proc/sys/kernel/tainted

# Always false: CONDITION || fail WHY || return
fail()
{
	echo "$*"
	return 1
}

# No process is started here and in is_gone(): they are called after each of many rounds.
kernel_is_well()
{
	local taint

	read -r taint </proc/sys/kernel/tainted
	[ "$((taint & ~tainted_before & fault_bits))" -eq 0 ] || fail "round $1: the kernel is tainted: $taint"
}

log_is_clean()
{
	../lab/guest-log check
}

is_loaded()
{
	[ -d /sys/module/sharestat ]
}

load()
{
	insmod "$module" || fail "round $1: insmod failed"
}

unload()
{
	rmmod sharestat || fail "round $1: rmmod failed"
}

# Nothing of it is left: no module, no files, no events, no traced function.
is_gone()
{
	! is_loaded || fail "round $1: the module is still there" || return
	[ ! -e "$dir" ] || fail "round $1: $dir is still there" || return
	[ ! -e "$tracefs/events/sharestat" ] ||
		fail "round $1: its events are still there" || return
	mapfile -t traced <"$tracefs/enabled_functions"
	[[ ${traced[*]} != *@(finish_task_switch|sharestat)* ]] ||
		fail "round $1: ftrace still calls it"
}

# read_all: each file, from its start to its end; of the mappings, one process's
read_all()
{
	echo $$ >"$dir/set_pid" || return
	(cd "$dir" && cat "${readable[@]}" >/dev/null)
}

plain_rounds()
{
	local round

	for ((round = 1; round <= 50; round++)); do
		unload "$round" && is_gone "$round" && load "$round" &&
			kernel_is_well "$round" || return 1
		((round % 10)) || read_all || return 1
	done
	log_is_clean
}

# It has to detach by itself; a probe that is left would run freed memory at
# the next context switch.
rounds_with_probes()
{
	local round

	for ((round = 1; round <= 10; round++)); do
		echo "$all_on" >"$dir/enable" || return 1
		read_all && unload "$round" && is_gone "$round" && load "$round" &&
			kernel_is_well "$round" || return 1
		! grep -q '^+' "$dir/enable" ||
			fail "round $round: a probe is on after loading" || return
	done
	log_is_clean
}

# refuses_to_go WHY: rmmod says that it is in use, and it still works
refuses_to_go()
{
	local error

	if error=$(rmmod sharestat 2>&1); then
		load "$1"
		fail "unloaded though $1"
		return
	fi
	[[ $error = *'in use'* ]] || fail "$1: rmmod says: $error" || return
	cat "$dir/version" >/dev/null || fail "it is half gone though $1"
}

# is_held_by FILE MODE: from opening the file to closing it
is_held_by()
{
	local fd status=0

	if [ "$2" = write ]; then
		exec {fd}>>"$dir/$1"
	else
		exec {fd}<"$dir/$1"
	fi || return
	refuses_to_go "$1 is open" || status=1
	exec {fd}<&-
	[ "$status" -eq 0 ] && unload "$1" && is_gone "$1" && load "$1" && kernel_is_well "$1"
}

open_files_hold_it()
{
	local file

	for file in "${readable[@]}"; do
		is_held_by "$file" read || return 1
	done
	is_held_by reset write && is_held_by set_pid write && log_is_clean
}

# Whoever holds probes keeps it, and nothing of them is left when he is gone.
held_probes_hold_it()
{
	local fd status=0

	exec {fd}>>"$dir/enable"
	echo "${all_on//+/=}" >&"$fd" || status=1
	refuses_to_go "probes are held" || status=1
	exec {fd}>&-
	[ "$status" -eq 0 ] && unload held && is_gone held && load held &&
		kernel_is_well held && log_is_clean
}

# Half read, as by a reader that went to sleep.
half_read_files_hold_it()
{
	local file fd line status=0

	for file in "${readable[@]}"; do
		[ "$file" != frames.bin ] || continue	# has no lines
		exec {fd}<"$dir/$file"
		read -r line <&"$fd" || fail "$file: no first line" || status=1
		refuses_to_go "$file is half read" || status=1
		read -r line <&"$fd" || fail "$file: no second line" || status=1
		[ "$file" = README ] || [[ $line = '# '* ]] ||
			fail "$file: line 2 is '$line'" || status=1
		exec {fd}<&-
	done
	[ "$status" -eq 0 ] && unload end && is_gone end && load end && log_is_clean
}

# What the probes and walks have to do with: processes, programs, threads,
# mappings, readers; ends by itself, should nobody end it.
churn()
{
	local end=$((SECONDS + 60))

	while [ "$SECONDS" -lt "$end" ]; do
		(:)
		head -c 300000 /dev/zero | xz -T2 --block-size=65536 -0 >/dev/null
		/bin/true
		cat "$dir/vmas" "$dir/tasks" "$dir/switches" >/dev/null 2>&1
	done
}

# A reader of the load may hold the module just now: then try again.
unload_under_load()
{
	local try

	for ((try = 0; try < 200; try++)); do
		rmmod sharestat 2>/dev/null && return
		sleep 0.02
	done
	fail "round $1: rmmod refused for too long"
}

rounds_under_load()
{
	local round pids status=0

	churn &
	pids=($!)
	churn &
	pids+=($!)
	for ((round = 1; round <= 10 && status == 0; round++)); do
		echo "$all_on" >"$dir/enable"
		unload_under_load "$round" || status=1
		{ load "$round" && kernel_is_well "$round"; } || status=1
	done
	kill "${pids[@]}"
	wait "${pids[@]}" 2>/dev/null
	[ "$status" -eq 0 ] && log_is_clean
}

# value KEY: of version
value()
{
	awk -v key="$1" '$1 == key { print $2 }' "$dir/version"
}

# With measure=1 each probe that is offered has a cost, without it none; the longest
# hold of a lock is 0 until somebody walks, and again after a reset.
says_costs()
{
	local probe

	is - "$(value cost_switches_ns)" && unload measured && insmod "$module" measure=1 || return
	for probe in $all_on; do
		[[ $(value "cost_${probe#+}_ns") =~ ^[0-9]*[1-9][0-9]*$ ]] ||
			fail "cost_${probe#+}_ns: $(value "cost_${probe#+}_ns")" || return
	done
	is 0 "$(value longest_hold_ns)" && cat "$dir/vmas" >/dev/null || return
	[ "$(value longest_hold_ns)" -gt 0 ] || fail "longest_hold_ns is $(value longest_hold_ns)" || return
	echo 1 >"$dir/reset" && is 0 "$(value longest_hold_ns)" && is_off && unload end && load end && log_is_clean
}

# What a walk finds is held against what the kernel counts, unless that is switched off.
says_self_test()
{
	unload self_test && insmod "$module" self_test=0 && is no "$(value self_test)" || return
	grep -x 'self_test no switched_off' "$dir/version" && unload end && load end &&
		is yes "$(value self_test)" && log_is_clean
}

# Measuring leaves no probe on, and counts nothing.
is_off()
{
	! grep '^+' "$dir/enable" && awk 'NR > 2 { sum += $3 } END { exit sum != 0 }' "$dir/switches"
}

[ "${#readable[@]}" -gt 10 ] || { echo "no list of files"; exit 1; }
tap_test "load and unload 50 times" plain_rounds
tap_test "unload with all probes on" rounds_with_probes
tap_test "an open file holds it" open_files_hold_it
tap_test "who holds probes holds it" held_probes_hold_it
tap_test "a file that is half read holds it" half_read_files_hold_it
tap_test "what an event costs, and the longest hold of a lock" says_costs
tap_test "the self-test" says_self_test
tap_test "load and unload under load" rounds_under_load
is_loaded || load end
tap_end
