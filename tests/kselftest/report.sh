#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The comparison, measured here and now: every claim has a verdict that follows from
# something. That the textbook is right is asked for in the emulated lab alone: elsewhere
# the honest answer may be another. TAP.
#
# shellcheck disable=SC2016 # backquotes are those of claims.rst

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/worlds/lib.sh
. ../worlds/lib.sh	# calm()

[ -d /sys/kernel/debug/sharestat ] || { echo "1..0 # SKIP the module is not loaded"; exit 4; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
sharestat report --json --html "$work/page" >"$work/report" 2>"$work/errors"
status=$?
tap_note <"$work/errors"

# claims FILTER: the ids of those for which it is true, a line each
claims()
{
	jq -r ".claims[] | select($1) | \"\\(.id): \\(.verdict) \\(.reason // \"\")\"" "$work/report"
}

# Beside one another, of one measurement.
json_and_page_are_sound()
{
	../validate json "$work/report" && ../validate html "$work/page"
}

none()
{
	local found

	found=$(claims "$1") || return 1
	[ -z "$found" ] || { echo "$found" && return 1; }
}

# As the manual says.
ends_as_it_should()
{
	local expected=4

	[ -z "$(claims '.verdict == "CONFIRMED"')" ] || expected=0
	[ -z "$(claims '.verdict == "REFUTED"')" ] || expected=2
	[ "$status" -eq "$expected" ] || { echo "status $status, not $expected" && return 1; }
}

in_emulated_lab()
{
	[ -n "${SHARESTAT_LAB-}" ] && jq -e '.environment.machine == "emulated"' "$work/report"
} >/dev/null

# The ids of Documentation/claims.rst, no more and no less.
all_are_there()
{
	diff <(grep -E '^(``[a-z-]+``,? ?)+$' ../../Documentation/claims.rst |
		grep -oE '[a-z]+(-[a-z]+)*' | sort -u) \
		<(jq -r '.claims[].id' "$work/report" | sort)
}

# Only what this kernel, its programs or an emulated machine cannot show may be missing.
expected_verdicts()
{
	in_emulated_lab || { echo "not in the emulated lab" && return 4; }
	# CPUs that take turns do not wait for one another.
	local unmeasured='"faults-scale", "files-scale", "false-sharing"'

	[ "$(uname -m)" = x86_64 ] || unmeasured+=', "can-share-rodata", "unmap-disturbs"'
	none ".verdict != (if .id | IN($unmeasured) then \"NOT MEASURABLE HERE\" else \"CONFIRMED\" end)"
}

tap_test "it ends with the status of its verdicts" ends_as_it_should
tap_test "every claim of the book is there" all_are_there
tap_test "JSON and page are what their readers expect" json_and_page_are_sound
calm "$work/report" sharestat | tap_note
tap_test "in the lab all that can be measured is confirmed" expected_verdicts
tap_test "what is not measurable says why" none \
	'.verdict == "NOT MEASURABLE HERE" and (.reason // "") == ""'
tap_test "what is refuted says what is not so" none \
	'.verdict == "REFUTED" and (.reason | startswith("it is not so that ") | not)'
tap_test "each verdict has its evidence" none \
	'.verdict == "CONFIRMED" and (.evidence | length) == 0'
tap_end
