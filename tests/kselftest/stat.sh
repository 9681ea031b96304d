#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# sharestat stat: a command's own events, told from those of all others. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh

for program in jq perf sharestat; do
	command -v $program >/dev/null || {
		echo "1..0 # SKIP no $program"
		exit 4
	}
done
turns=1009	# prime
share_begin

# Somebody else who gives birth and switches all the time: none of it is ours.
(while :; do /bin/true; sleep 0.02; done) &
noise=$!
trap 'kill $noise; share_end_all' EXIT

# count COMMAND...: the object in $work/json; its program's output is dropped
count()
{
	sharestat stat -J -f "$work/json" "$@" >/dev/null 2>"$work/err"
}

holds()
{
	jq -e "$1" "$work/json" >/dev/null || { echo "not so: $1"; cat "$work/json"; return 1; }
}

# What perf adds beside its pair is its start and end; the noise comes between
# the pair at times: then one thread arrives from another process.
threads()
{
	count -- taskset -c 1 perf bench sched pipe -T -l $turns || return 1
	holds "(.switches | .thread + .process + .return + .return_other >= 2 * $turns) and
		.switches.thread >= 1.8 * $turns and
		.tlb.task_switch.full <= .switches.process + .switches.return_other + 2 and
		.births.thread == 2 and .births.exec == 2"
}

processes()
{
	count -- taskset -c 1 perf bench sched pipe -l $turns || return 1
	holds ".switches.process >= 1.8 * $turns and .switches.thread < 100 and
		.births.fork == 1 and .processes == 2"
}

# switches_flush PCID: each switch to another address space changes the TLB; with PCID
# what the TLB had of it before may have been kept
switches_flush()
{
	local kept='== 0'

	[ "$1" = no ] || kept='> 0'
	holds "(.tlb.task_switch | .kept $kept and .full > 0) and
		(.tlb.task_switch.kept + .tlb.task_switch.full
		 - .switches.process - .switches.return_other | fabs) < 20"
}

each_process_switch_flushes()
{
	switches_flush "$(awk '$1 == "pcid" { print $2 }' $debugfs/version)"
}

# says KEPT FULL: as of a run with 2000 switches
says()
{
	printf '{"tlb": {"task_switch": {"kept": %d, "full": %d}},
		"switches": {"process": 1990, "return_other": 10}}' "$1" "$2" >"$work/json"
}

# The rule knows machines of either kind, whatever this one is.
both_kinds_of_machine()
{
	says 0 2000 && switches_flush no && ! switches_flush yes >/dev/null &&
		says 1900 101 && switches_flush yes && ! switches_flush no >/dev/null &&
		says 1900 2000 && ! switches_flush yes >/dev/null &&
		says 0 1900 && ! switches_flush no >/dev/null
}

# Children of children, dead ones, and those that left their parent.
whole_tree()
{
	count -- "$work/tree" 7 11 5 || return 1
	holds ".births | .fork == 2 * 7 and .vfork == 11 and .exec == 11 + 1 and .thread == 5" &&
		holds ".processes == 1 + 2 * 7 + 11 and .others.births.exec >= 1"
}

sums_are_the_machine()
{
	holds ".switches.kernel == 0 and .others.switches.kernel > 0"
}

status_of()
{
	local wanted=$1 status
	shift
	count -- "$@"
	status=$?
	[ "$status" = "$wanted" ] || { echo "status $status, not $wanted"; cat "$work/err"; return 1; }
}

repeats()
{
	count --repeat 3 -- sh -c '/bin/true; exit 0' || return 1
	holds ".runs == 3 and .births.exec == 2 and
		(.spread.seconds | .min <= .mean and .mean <= .max and .min > 0) and
		(.spread.births.exec | .min == 2 and .max == 2 and .mean == 2)"
}

by_text()
{
	sharestat stat -- sh -c 'echo out; exit 0' >"$work/out" 2>"$work/text" || return 1
	is out "$(cat "$work/out")" || return 1
	cat "$work/text"
	grep -q "^ Counted for 'sh -c echo out; exit 0':" "$work/text" &&
		grep -q '^ *[0-9]*  thread  *[0-9]*$' "$work/text" &&
		grep -q '^ *[0-9]*  task_switch full  *[0-9]*$\|^ *-  not traced by this kernel  *-$' "$work/text" &&
		! awk 'length > 100' "$work/text" | grep -q .
}

# Of less than a hundred, the note says nothing. Others may stand beside it: where all
# takes long the module may run out of room for those that have ended.
through_idle()
{
	[ "$(nproc)" -gt 1 ] || { echo "one CPU alone"; return 4; }
	count -- perf bench sched pipe -T -l 211 || return 1
	holds "(.switches | (.return + .return_other) as \$idle |
		\$idle > .thread + .process and \$idle >= 100) == any(.notes[]; test(\"the idle task\"))"
}

# now: nanoseconds of the clock that tells the intervals
now()
{
	local uptime

	read -r uptime _ </proc/uptime
	echo "${uptime/./}0000000"
}

# Two intervals of 1.1 s, and no longer than it took: in seconds. One that begins late
# makes the other one shorter.
a_process_with_intervals()
{
	local subject status begin

	sh -c 'while :; do /bin/true; done' &
	subject=$!
	begin=$(now)
	sharestat stat -J -f "$work/json" -p $subject 1.1 2
	status=$?
	kill $subject
	[ $status -eq 0 ] || return 1
	jq -s -e --argjson pid $subject --argjson took $(($(now) - begin + 10000000)) '
		length == 2 and .[1].tgids == [$pid] and .[1].births.exec > 0 and
		(map(.seconds) | add > 2.1 and add * 1e9 <= $took)' "$work/json" >/dev/null ||
		{ cat "$work/json"; return 1; }
}

# The clock of a command: it sleeps for so long, and all takes longer.
seconds_are_seconds()
{
	local begin

	begin=$(now)
	count -- sleep 1.1 || return 1
	holds ".seconds >= 1.1 and .seconds * 1e9 <= $(($(now) - begin + 10000000))"
}

# The tree of one more has 2 forks; each copies 101 mappings more, of 50 pages; a few
# pages more or less are those of its start.
made_is_told_apart()
{
	count -- "$work/tree" 1 0 0 || return 1
	mv "$work/json" "$work/less"
	count -- "$work/tree" 1 0 0 101 || return 1
	jq -s -e --argjson page "$page" '
		map(.made) | .[0] as $less | .[1] as $more | $more.vmas - $less.vmas == 2 * 101 and
		($more.pages - $less.pages - 2 * 50 | fabs) < 20 and
		all(.[]; .pgtables > 0 and .pgtables % $page == 0)' \
		"$work/less" "$work/json" >/dev/null ||
		{ jq -c .made "$work/less" "$work/json"; return 1; }
}

until_it_ends()
{
	sleep 100 &
	local subject=$! tool status=0
	timeout 60 sharestat stat -p $subject 2>"$work/text" &
	tool=$!
	eventually grep -q '^+' $debugfs/enable
	kill $subject
	wait $tool || status=$?
	cat "$work/text"
	[ $status = 0 ] && grep -q 'Counted for process' "$work/text"
}

nothing_is_left()
{
	! grep '^+' $debugfs/enable || return 1
	[ -z "$(ls /sys/kernel/tracing/instances)" ] || { ls /sys/kernel/tracing/instances; return 1; }
}

# As with perf stat: what was counted so far is printed.
interrupted()
{
	sharestat stat -f "$work/text" -- sleep 100 &
	local tool=$!
	eventually pgrep -P $tool -x sleep >/dev/null
	kill -TERM $tool
	wait $tool
	[ $? -eq 143 ] || { echo "its status is another one"; return 1; }
	grep -q "Counted for 'sleep 100'" "$work/text" || { cat "$work/text"; return 1; }
	! pgrep -x -f 'sleep 100' || { echo "the command goes on"; return 1; }
}

tap_test "a thread pair's switches are in class thread" threads
tap_test "a process pair's switches are in class process" processes
tap_test "each process switch flushes the TLB, or keeps it with PCID" each_process_switch_flushes
tap_test "so it would be with PCID and without" both_kinds_of_machine
tap_test "the whole tree of a command, and nobody else's" whole_tree
tap_test "switches between kernel tasks are others'" sums_are_the_machine
tap_test "exit status 0" status_of 0 true
tap_test "exit status 7" status_of 7 sh -c 'exit 7'
# shellcheck disable=SC2016 # for that shell
tap_test "killed by signal 9" status_of 137 sh -c 'kill -9 $$'
tap_test "no such command" status_of 127 no-such-command
tap_test "no program" status_of 126 /etc/passwd
tap_test "--repeat repeats and gives the spread" repeats
tap_test "as text on standard error" by_text
tap_test "a pair on two CPUs goes through idle, and a note says so" through_idle
tap_test "-p with an interval and a count" a_process_with_intervals
tap_test "seconds are seconds" seconds_are_seconds
tap_test "mappings, pages and page tables of births" made_is_told_apart
tap_test "-p until the process ends" until_it_ends
tap_test "a signal ends the command, what was counted is printed" interrupted
tap_test "probes and trace instances are gone" nothing_is_left
tap_end
