#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each column of the ABI has a test that holds it against a witness: the file columns
# says which. Whether that is true is tried: with the values of one column spoiled
# (SHARESTAT_SPOIL, see table_spoil()) its test must fail. TAP.
# Usage: columns.sh [all|FILE|FILE:COLUMN...], by default those that
# were seen to be noticed; "all" is to be run whole once, before more are drawn

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh

seen=(mms:tgid tasks:sp tlb_mms:remote_wrong_cpu_range vmas:present)
dir=/sys/kernel/debug/sharestat
# Where run-guest finds the programs, and so do we.
build=${BUILD:-build}
[[ ${SHARESTAT_LAB-} != *-arm64 ]] || build+=/arm64-$(getconf PAGE_SIZE)

# "FILE COLUMN" of each column that a stanza promises
promised()
{
	../abi-stanzas | awk '{ for (i = 3; i <= NF; i++) print $1, $i }'
}

table()
{
	grep -v '^#' columns
}

have_a_witness()
{
	local difference

	difference=$(diff <(promised | sort) <(table | cut -d' ' -f1,2 | sort)) || {
		printf 'stanzas and the file columns differ: < has no witness, > is no column\n%s\n' \
			"$difference"
		return 1
	}
}

programs_are_there()
{
	local program status=0

	for program in $(table | cut -d' ' -f3 | sort -u); do
		[ -x "$build/$program" ] || { echo "no program $program"; status=1; }
	done
	return "$status"
}

# A program of which a round is enough to see it.
run_program()
{
	case $1 in
	random-layout) timeout 200 "$build/$1" 2 ;;
	*) timeout 200 "$build/$1" ;;
	esac
}

# is_noticed FILE COLUMN PROGRAM
is_noticed()
{
	local output status=0

	output=$(SHARESTAT_SPOIL=$1:$2 run_program "$3" 2>&1) || status=$?
	# Who fails half way leaves things as they are.
	echo "-switches -tlb -births -latency" >"$dir/enable"
	echo >"$dir/set_pid"
	if [ "$status" -eq 0 ]; then
		echo "$3 passes with all values of $1:$2 spoiled"
		return 1
	fi
	# It has to fail for that reason, so it must have got so far.
	grep -q '^TAP\|^1\.\.' <<<"$output" || { echo "$3 did not run: $output"; return 1; }
}

# key and value of version are no table: version.c compares them one by one.
candidates()
{
	table | awk '$1 != "version"'
}

drawn()
{
	[ $# -gt 0 ] || set -- "${seen[@]}"
	if [ "$*" = all ]; then
		candidates
	else
		candidates | awk -v wanted=" $* " \
			'index(wanted, " " $1 ":" $2 " ") || index(wanted, " " $1 " ")'
	fi
}

tap_test "each column has a witness, each witness a column" have_a_witness
tap_test "each witness is a program" programs_are_there
while read -r file column program; do
	tap_test "$program notices another $file:$column" is_noticed "$file" "$column" "$program"
done < <(drawn "$@" | sort -u)
tap_end
