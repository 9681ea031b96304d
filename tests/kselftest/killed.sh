#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tool ended by a signal at moments that nobody chose: it leaves no trace instance, no
# file and no probe attached; what SIGKILL, which nothing can notice, left of a trace the
# next start removes. The seed is printed; SEED=N is that run again. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/outcome.sh
. ../outcome.sh

debugfs=/sys/kernel/debug/sharestat
instances=/sys/kernel/tracing/instances
[ -d "$debugfs" ] || { echo "1..0 # SKIP the module is not loaded"; exit 4; }
work=$(mktemp -d) || exit 1
enabled=$(sed 1,2d "$debugfs/enable")
sleep 1000 &
subject=$!
trap 'kill $subject; rm -rf "$work"' EXIT
RANDOM=${SEED:=$$}
tap_note <<<"SEED=$SEED"

commands=(
	"report -p $subject --seconds 2"
	"advise -p $subject --seconds 2"
	"stat -p $subject 2"
	"stat -- sleep 2"
	"top --batch --iterations 3 -d 1"
	"births 1 3"
	"report --claim creation-cost"
	"verify -p $subject"
)

# What is there beside the files of the tests themselves.
left()
{
	find "$instances" /tmp -mindepth 1 -maxdepth 1 -iname '*sharestat*'
	sed 1,2d "$debugfs/enable"
}

# end_by SIGNAL COMMAND: after up to two seconds; how it ended is its own affair. A shell
# has its background ignore what Ctrl-C sends.
end_by()
{
	local pid

	# shellcheck disable=SC2086 # a command line
	env --default-signal=INT sharestat $2 >"$work/out" 2>&1 &
	pid=$!
	sleep "$((RANDOM % 2)).$((RANDOM % 1000))"
	kill -"$1" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

nothing_is_left()
{
	diff <(echo "$before") <(left)
}

probes_are_as_before()
{
	diff <(echo "$enabled") <(sed 1,2d "$debugfs/enable")
}

# Those whom it forked end with it, a moment later. The next start sees to the trace.
after_a_kill()
{
	eventually probes_are_as_before >"$work/differs" || { cat "$work/differs"; return 1; }
	sharestat stat -- true >/dev/null 2>&1
	nothing_is_left
}

killed()
{
	end_by KILL "$1"
	after_a_kill
}

ended()
{
	end_by "$1" "$2"
	nothing_is_left
}

# is_traced PID: births are written to its trace instance
is_traced()
{
	[ "$(cat "$instances/sharestat.$1/events/sharestat/birth/enable" 2>/dev/null)" = 1 ]
}

# until_traced PID
until_traced()
{
	local tenths

	for ((tenths = 0; tenths < 600; tenths++)); do
		! is_traced "$1" || return 0
		sleep 0.1
	done
	echo "$1 traces no births"
	return 1
}

# traced SIGNAL: ended while its trace is there
traced()
{
	local pid

	env --default-signal=INT sharestat report -p "$subject" --seconds 60 >"$work/out" 2>&1 &
	pid=$!
	until_traced "$pid" || return
	kill -"$1" "$pid"
	wait "$pid" 2>/dev/null
	if [ "$1" = KILL ]; then
		[ -d "$instances/sharestat.$pid" ] || { echo "it is gone by itself" && return 1; }
		after_a_kill
		return
	fi
	nothing_is_left
}

# Of one that lives nothing is taken away. A directory with an open file could not be, but
# its events could be switched off.
the_living_keep_theirs()
{
	local pid result

	sharestat stat -p "$subject" 60 >"$work/out" 2>&1 &
	pid=$!
	until_traced "$pid" || return
	sharestat stat -- true >/dev/null 2>&1
	is_traced "$pid"
	result=$?
	kill "$pid"
	wait "$pid"
	return "$result"
}

# What it runs is another program, and holds nothing.
its_command_holds_nothing()
{
	local pid command status=0

	sharestat stat -- sleep 1001 >"$work/out" 2>&1 &
	pid=$!
	eventually pgrep -P "$pid" -x sleep >"$work/command" || return
	command=$(cat "$work/command")
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	eventually probes_are_as_before >"$work/differs" || { cat "$work/differs"; status=1; }
	kill "$command" || { echo "its command is gone, too"; return 1; }
	return "$status"
}

before=$(left)
for round in 1 2 3 4 5 6 7 8 9 10; do
	command=${commands[RANDOM % ${#commands[@]}]}
	signals=(INT TERM HUP KILL)
	signal=${signals[round % 4]}
	if [ "$signal" = KILL ]; then
		tap_test "round $round: $command ($signal)" killed "$command"
	else
		tap_test "round $round: $command ($signal)" ended "$signal" "$command"
	fi
done
for signal in INT TERM HUP KILL; do
	tap_test "a trace that is there is removed ($signal)" traced "$signal"
done
tap_test "what stat runs does not hold its probes" its_command_holds_nothing
tap_test "of one that lives nothing is taken away" the_living_keep_theirs
tap_test "and after that nothing is left" nothing_is_left
tap_end
