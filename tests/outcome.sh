# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What a command did, told apart: its status and what it printed. Sourced by tests.
# "! COMMAND | grep -qv TEXT" is true of a command that says nothing and succeeds,
# and after "x=$(COMMAND | FILTER)" no status is COMMAND's: the lint check "verdicts"
# finds both. Each prints what was wrong.

# is WANTED GOT
is()
{
	[ "$1" = "$2" ] || { printf 'wanted: %s\ngot: %s\n' "$1" "$2"; return 1; }
}

# ends STATUS PATTERN COMMAND...: with that status, and all that it printed, on both
# outputs, is the pattern, of the shell
ends()
{
	local output status=0

	output=$("${@:3}" 2>&1) || status=$?
	# shellcheck disable=SC2053 # it is a pattern
	[ "$status" -eq "$1" ] && [[ $output = $2 ]] && return
	printf '%s\nwanted: status %s, %s\ngot: status %s, %s\n' "${*:3}" "$1" "$2" "$status" "$output"
	return 1
}

# eventually COMMAND...: until it succeeds, within a minute
eventually()
{
	local tries

	for ((tries = 0; tries < 600; tries++)); do
		! "$@" || return 0
		sleep 0.05
	done
	return 1
}
