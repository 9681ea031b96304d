#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Several of the tool at once: each counts exactly its own command, or from its own
# beginning, whatever others that come, end, are killed or want a reset do meanwhile. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh

for program in jq sharestat; do
	command -v $program >/dev/null || { echo "1..0 # SKIP no $program"; exit 4; }
done
share_begin

# holders N: so many hold births
holders()
{
	[ "$(awk '$1 ~ /^.births$/ { print $3 }' $debugfs/enable)" = "$1" ]
}

nobody_holds()
{
	eventually holders 0 || { cat $debugfs/enable; return 1; }
	! grep '^+' $debugfs/enable
}

# counts NAME FORKS VFORKS: starts a stat of a tree that begins when its gate opens
counts()
{
	# shellcheck disable=SC2016 # expanded by the shell inside
	sharestat stat -J -f "$work/$1" -- sh -c 'read -r _ <"$1"; exec "$2" "$3" "$4" 0' \
		sh "$work/gate.$1" "$work/tree" "$2" "$3" >"$work/$1.out" 2>&1 &
}

opens()
{
	echo >"$work/gate.$1"
}

# counted NAME FORKS VFORKS: exactly the births of its tree, and of the shell before
counted()
{
	jq -e ".births | .fork == 2 * $2 and .vfork == $3 and .exec == $3 + 2" "$work/$1" \
		>/dev/null || { echo "$1: not $2 and $3:"; jq -c .births "$work/$1"; cat "$work/$1.out"; return 1; }
}

# One after the other, as they were started, and not all at one moment.
ten_at_once()
{
	local i pids=() status=0

	for i in 1 2 3 4 5 6 7 8 9 10; do
		mkfifo "$work/gate.$i"
		counts "$i" "$i" $((11 - i))
		pids+=($!)
	done
	eventually holders 10 || { cat $debugfs/enable; return 1; }
	for i in 3 1 10 5 7 2 9 4 8 6; do
		opens "$i"
		((i % 2)) || wait "${pids[i - 1]}"
	done
	wait "${pids[@]}"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		counted "$i" "$i" $((11 - i)) || status=1
	done
	return "$status"
}

# others COMMAND...: one more, to its end
others()
{
	sharestat "$@" >"$work/other" 2>&1 || { echo "$*: status $?"; cat "$work/other"; return 1; }
}

# killed COMMAND...: one more, which does not get there
killed()
{
	local pid

	sharestat "$@" >/dev/null 2>&1 &
	pid=$!
	eventually holders 2 || { kill "$pid"; cat $debugfs/enable; return 1; }
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	eventually holders 1 || { cat $debugfs/enable; return 1; }
}

# What comes and goes while one counts changes nothing of it.
goes_on()
{
	local pid status=0

	mkfifo "$work/gate.long"
	counts long 7 13
	pid=$!
	eventually holders 1 || status=1
	others births 1 1 && others stat -- true && others top --batch --iterations 1 -d 1 &&
		others report --claim creation-cost && others export || status=1
	killed births 100 && killed top --batch -d 100 && killed stat -- sleep 100 || status=1
	ends 1 '*busy*' bash -c "echo 1 >$debugfs/reset" || status=1
	echo '+births -births' >$debugfs/enable
	opens long
	wait "$pid"
	counted long 7 13 || status=1
	return "$status"
}

# vforks_seen COUNT: as many, added up over the looks of the second. Who waits for them forks.
vforks_seen()
{
	[ "$(jq -s '[.[].births[] | select(.kind == "vfork") | .count * .seconds] | add | round' \
		"$work/second" 2>/dev/null)" -ge "$1" ]
}

# The first counts until its gate opens, the second goes on; that by the machine's counters.
the_second_of_two()
{
	local first second status=0

	mkfifo "$work/gate.first"
	counts first 2 3
	first=$!
	sharestat births -J -o +SECONDS 0.5 >"$work/second" &
	second=$!
	eventually holders 2 || { cat $debugfs/enable; status=1; }
	opens first
	wait "$first"
	counted first 2 3 || status=1
	eventually holders 1 || { cat $debugfs/enable; status=1; }
	"$work/tree" 0 101 0
	eventually vforks_seen $((3 + 101)) 2>/dev/null || { echo "not all were seen:"; cat "$work/second"; status=1; }
	kill "$second"
	wait "$second" 2>/dev/null
	return "$status"
}

tap_test "ten at once count each its own" ten_at_once
tap_test "then nobody holds anything" nobody_holds
tap_test "one goes on while others end, are killed and want a reset" goes_on
tap_test "then nobody holds anything again" nobody_holds
tap_test "the second of two goes on counting" the_second_of_two
tap_test "and at the end nobody holds anything" nobody_holds
tap_end
