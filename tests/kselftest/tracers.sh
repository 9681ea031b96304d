#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module's own tracepoints, recorded by trace-cmd, perf and bpftrace: each
# sees exactly what the module counted. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh

dir=/sys/kernel/debug/sharestat
if [ ! -d "$dir" ]; then
	echo "1..0 # SKIP no $dir: the module is not loaded"
	exit 4
fi
turns=1009	# prime
forks=23	# prime
work=$(mktemp -d) || exit 1
trap 'echo "-switches -tlb -births -latency" >$dir/enable; rm -rf "$work"' EXIT

needs()
{
	command -v "$1" >/dev/null || { echo "no $1; tests/lab/packages installs it"; return 4; }
}

# bpftrace, and a kernel that has bpf(2)
needs_bpf()
{
	needs bpftrace || return
	[ -e /proc/sys/kernel/unprivileged_bpf_disabled ] || { echo "this kernel has no bpf(2)"; return 4; }
}

# One thread pair that takes turns on CPU 1, and children of a shell. A shell of
# its own, so that its number is known: what is counted for it is in *_mms.
cat >"$work/subject" <<EOF
taskset -c 1 perf bench sched pipe -T -l $turns
for i in \$(seq $forks); do (exit 0); done
EOF

# counted FILE COLUMN...: the sum of these columns
counted()
{
	awk -v wanted=" ${*:2} " '
		NR == 2 { for (i = 2; i <= NF; i++) if (index(wanted, " " $i " ")) at[i - 1] }
		NR > 2 { for (i in at) sum += $i }
		END { print sum + 0 }' "$dir/$1"
}

equal()
{
	[ "$2" = "$3" ] || { echo "$1: counted $2, recorded $3"; return 1; }
}

# Attaches the probes while the tracer runs already: it sees all, or more.
begin()
{
	echo "-switches -tlb -births" >$dir/enable
	echo 1 >$dir/reset
}

# What this kernel offers of these three.
all_on=$(awk '/^probe_(switches|tlb|births) yes/ { printf "+%s ", substr($1, 7) }' $dir/version)

# Runs in the tracer: what is counted is what fires its events.
cat >"$work/traced" <<EOF
echo "$all_on" >$dir/enable
sh $work/subject >/dev/null 2>&1
echo "-switches -tlb -births" >$dir/enable
EOF

# compare NAME RECORDED: all three, as the tracer counted them
compare()
{
	equal switch "$(counted switches count)" "$1" &&
		equal tlb_flush "$(counted tlb count)" "$2" &&
		equal birth "$(counted births count)" "$3" || return 1
	[ "$(counted births_mms fork)" -ge "$forks" ] ||
		{ echo "there were $forks forks at least"; return 1; }
	[ "$1" -ge $((2 * turns)) ] || { echo "there were $((2 * turns)) switches at least"; return 1; }
}

count_lines()
{
	grep -c " $1: " "$2"
}

by_trace_cmd()
{
	needs trace-cmd || return
	begin
	trace-cmd record -q -b 20000 -e sharestat -o "$work/trace.dat" sh "$work/traced" || return 1
	trace-cmd report -q "$work/trace.dat" >"$work/trace" 2>/dev/null || return 1
	compare "$(count_lines switch "$work/trace")" "$(count_lines tlb_flush "$work/trace")" \
		"$(count_lines birth "$work/trace")"
}

# The names, too, not only numbers: they come from the print format.
trace_cmd_shows_names()
{
	needs trace-cmd || return
	if ! { grep -q ' switch: *class=thread prev_pid=[0-9]* next_pid=[0-9]* prev_mm=[0-9a-f]\{14\} ' "$work/trace" &&
		grep -q ' birth: *kind=fork pid=[0-9]* tgid=[0-9]* mm=[0-9a-f]\{14\} ' "$work/trace" &&
		{ [[ $all_on != *+tlb* ]] ||
			grep -q ' tlb_flush: *reason=task_switch outcome=\(full\|kept\) ' "$work/trace"; }; }; then
		head -n 3 "$work/trace"
		return 1
	fi
}

by_perf()
{
	needs perf || return
	begin
	perf record -q -a -m 4096 -e 'sharestat:*' -o "$work/perf.data" sh "$work/traced" || return 1
	perf script -i "$work/perf.data" >"$work/script" 2>/dev/null || return 1
	! grep -q LOST "$work/script" || { echo "perf lost events"; return 1; }
	compare "$(count_lines sharestat:switch "$work/script")" \
		"$(count_lines sharestat:tlb_flush "$work/script")" \
		"$(count_lines sharestat:birth "$work/script")"
}

# bpftrace_count NAME: the count of @NAME
bpftrace_count()
{
	sed -n "s/^@$1: //p" "$work/bpftrace" | grep . || echo 0
}

by_bpftrace()
{
	needs_bpf || return
	begin
	bpftrace -e 'tracepoint:sharestat:switch { @switch = count(); @class[args->class] = count(); }
		tracepoint:sharestat:tlb_flush { @tlb_flush = count(); }
		tracepoint:sharestat:birth { @birth = count(); }' \
		-c "/bin/sh $work/traced" >"$work/bpftrace" 2>&1 || { cat "$work/bpftrace"; return 1; }
	compare "$(bpftrace_count switch)" "$(bpftrace_count tlb_flush)" "$(bpftrace_count birth)"
}

# The class is the number of uapi/sharestat.h: 0 is thread.
bpftrace_sees_classes()
{
	local class names=(thread process to_kernel return return_other kernel)
	needs_bpf || return
	for class in 0 1 2 3 4 5; do
		equal "${names[class]}" "$(counted switches_mms "${names[class]}")" \
			"$(sed -n "s/^@class\[$class\]: //p" "$work/bpftrace" | grep . || echo 0)" || return 1
	done
}

# No one listens: nothing fires, though the probes are on and count.
nothing_when_detached()
{
	local instance=/sys/kernel/tracing/instances/tracers events
	mkdir "$instance" || return 1
	echo 1 >"$instance/events/sharestat/enable"
	echo "-switches -tlb -births" >$dir/enable
	sh "$work/subject" >/dev/null 2>&1
	events=$(grep -vc '^#' "$instance/trace")
	echo 0 >"$instance/events/sharestat/enable"
	rmdir "$instance"
	equal events 0 "$events"
}

tap_test "trace-cmd records what is counted" by_trace_cmd
tap_test "trace-cmd shows classes, kinds, reasons by name" trace_cmd_shows_names
tap_test "perf records what is counted" by_perf
tap_test "bpftrace counts what is counted" by_bpftrace
tap_test "bpftrace counts each class" bpftrace_sees_classes
tap_test "no event while the probes are detached" nothing_when_detached
tap_end
