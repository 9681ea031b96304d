#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The comparison, measured here and now: every claim has a verdict that follows from
# something, and the textbook is right. TAP.
#
# shellcheck disable=SC2016 # backquotes are those of claims.rst

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh

[ -d /sys/kernel/debug/sharestat ] || { echo "1..0 # SKIP the module is not loaded"; exit 4; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
sharestat report --json >"$work/report" 2>"$work/errors"
status=$?
tap_note <"$work/errors"

# claims FILTER: the ids of those for which it is true, a line each
claims()
{
	jq -r ".claims[] | select($1) | \"\\(.id): \\(.verdict) \\(.reason // \"\")\"" "$work/report"
}

none()
{
	local found

	found=$(claims "$1") || return 1
	[ -z "$found" ] || { echo "$found" && return 1; }
}

# As the manual says: 2 when a claim was refuted.
ends_as_it_should()
{
	[ "$status" -eq 0 ] || { echo "status $status" && return 1; }
}

# The ids of Documentation/claims.rst, no more and no less.
all_are_there()
{
	diff <(grep -E '^(``[a-z-]+``,? ?)+$' ../../Documentation/claims.rst |
		grep -oE '[a-z]+(-[a-z]+)*' | sort -u) \
		<(jq -r '.claims[].id' "$work/report" | sort)
}

# Only what this kernel or its programs cannot show may be missing, and on x86_64
# nothing is.
expected_verdicts()
{
	case $(uname -m) in
	x86_64) none '.verdict != "CONFIRMED"' ;;
	*) none '.verdict != "CONFIRMED" and .id != "can-share-rodata"' ;;
	esac
}

tap_test "it ends with status 0" ends_as_it_should
tap_test "every claim of the book is there" all_are_there
tap_test "no claim is refuted" none '.verdict == "REFUTED"'
tap_test "all that can be measured here is confirmed" expected_verdicts
tap_test "what is not measurable says why" none \
	'.verdict == "NOT MEASURABLE HERE" and (.reason // "") == ""'
tap_test "each verdict has its evidence" none \
	'.verdict == "CONFIRMED" and (.evidence | length) == 0'
tap_end
