#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# sharestat top on a terminal (tmux) and in a pipe. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/outcome.sh
. ../outcome.sh

dir=/sys/kernel/debug/sharestat
for program in tmux sharestat; do
	command -v $program >/dev/null || {
		echo "1..0 # SKIP no $program"
		exit 4
	}
done
export LC_ALL=C.UTF-8 TERM=xterm
session=top-$$
work=$(mktemp -d) || exit 1

end()
{
	tm kill-server 2>/dev/null
	[ -z "${load:-}" ] || kill "$load" 2>/dev/null
	rm -rf "$work"
}
trap end EXIT

# A server of its own, which reads nobody's configuration.
tm()
{
	tmux -L "$session" -f /dev/null "$@"
}

screen()
{
	tm capture-pane -p -t "$session"
}

# wait_until WHAT COMMAND...
wait_until()
{
	eventually "${@:2}" && return
	echo "$1:"
	screen
	return 1
}

on_screen()
{
	screen | grep -q -- "$1"
}

# wait_for PATTERN: on the screen
wait_for()
{
	wait_until "'$1' does not appear on" on_screen "$1"
}

keys()
{
	tm send-keys -t "$session" "$@"
}

# start ARGUMENT...: top, in the shell of the session. The screen may still have what
# that said when the one before had ended.
start()
{
	echo "returned $EPOCHREALTIME" >"$work/word"
	rm -f "$work/before" "$work/after" "$work/status"
	keys "clear; stty -a >$work/before; sharestat top -d 0.3 $*; echo \$? >$work/status; stty -a >$work/after; cat $work/word" Enter
}

# Somebody who switches and gives birth all the time, but leaves the CPUs to us.
(while :; do sleep 0.05; done) &
load=$!

shows_processes()
{
	tm new-session -d -s "$session" -x 80 -y 24 sh && start &&
		wait_for 'h: help' && wait_for 'by SWITCHES$' &&
		wait_for "^ *$load  *[0-9].* top.sh"
}

has_a_heading()
{
	grep -q '^ *TGID SWITCHES THREAD PROCESS KERNEL BEGUN RECVD LOCAL  FULL BIRTHS COMM$' <<<"$shown" ||
		{ echo "$shown"; return 1; }
}

no_line_is_too_long()
{
	awk 'length > 80 { print; bad = 1 } END { exit bad || NR > 24 }' <<<"$shown"
}

# The busiest comes first.
is_sorted()
{
	awk '$1 == "TGID" { on = 1; next }
		on && NF > 9 { if (n++ && $2 + 0 > last) bad = 1; last = $2 + 0 }
		END { exit bad || n < 2 }' <<<"$shown" || { echo "$shown"; return 1; }
}

sorts_by_key()
{
	keys t && wait_for 'by BEGUN$' && keys b && wait_for 'by BIRTHS$' && keys '<' &&
		wait_for 'by FULL$' && keys r && wait_for 'by FULL reversed$' &&
		keys s && wait_for 'by SWITCHES$'
}

shows_cpus()
{
	keys c && wait_for '^ CPU SWITCHES' && wait_for '^   1 ' && keys p && wait_for ' TGID'
}

shows_help()
{
	keys h && wait_for 'any key: back' && wait_for 'BEGUN .*shootdowns' &&
		keys x && wait_for 'h: help'
}

# The line of keys is the last one of so many.
fills()
{
	screen | awk -v lines="$1" 'END { exit !(NR == lines && /h: help/) }'
}

resizes()
{
	tm resize-window -t "$session" -x 120 -y 40 &&
		wait_until "it does not fill 40 lines" fills 40 &&
		tm resize-window -t "$session" -x 80 -y 24 &&
		wait_until "it does not fill 24 lines" fills 24
}

terminal_is_as_before()
{
	wait_for "^$(cat "$work/word")" && is "$1" "$(cat "$work/status")" || return 1
	cmp "$work/before" "$work/after" || { diff "$work/before" "$work/after"; return 1; }
	[ "$(tm display-message -p -t "$session" '#{alternate_on}')" = 0 ] ||
		{ echo "the alternate screen is still there"; return 1; }
	[ "$(tm display-message -p -t "$session" '#{cursor_flag}')" = 1 ] ||
		{ echo "the cursor is hidden"; return 1; }
}

probes_are_off()
{
	! grep '^+' $dir/enable
}

quits()
{
	keys q && terminal_is_as_before 0 && probes_are_off
}

pid_of_top()
{
	pgrep -n -x sharestat
}

# ends_by SIGNAL NUMBER
ends_by()
{
	start && wait_for 'h: help' || return 1
	kill "-$1" "$(pid_of_top)" || return 1
	terminal_is_as_before $((128 + $2)) && probes_are_off
}

ends_by_itself()
{
	start --iterations 2 && terminal_is_as_before 0
}

in_a_pipe()
{
	sharestat top --batch --iterations 3 -d 0.3 >"$work/batch" || return 1
	[ "$(grep -c '^sharestat top - ' "$work/batch")" = 3 ] || { cat "$work/batch"; return 1; }
	[ "$(grep -c '^ *TGID SWITCHES ' "$work/batch")" = 3 ] || { cat "$work/batch"; return 1; }
	! grep -q "$(printf '\033')" "$work/batch" || { echo "escapes in a pipe"; return 1; }
	probes_are_off
}

cpus_in_a_pipe()
{
	sharestat top --batch --iterations 1 -d 0.3 --cpus -s return >"$work/batch" || return 1
	if [ "$(grep -c '^ *[01] ' "$work/batch")" != 2 ] || ! grep -q 'by RETURN$' "$work/batch"; then
		cat "$work/batch"
		return 1
	fi
}

one_process()
{
	sharestat top --batch --iterations 1 -d 0.5 -p "$load" >"$work/batch" || return 1
	awk -v pid="$load" '$1 == "TGID" { on = 1; next } on && $1 != pid { others++ } on { n++ }
		END { exit n != 1 || others }' "$work/batch" || { cat "$work/batch"; return 1; }
}

closed_pipe()
{
	local status

	timeout 20 sharestat top --batch -d 0.1 2>"$work/err" | head -n 1 >"$work/first"
	status=${PIPESTATUS[0]}
	[ "$status" -ne 124 ] || { echo "it goes on"; return 1; }
	grep -q '^sharestat top - ' "$work/first" || { echo "no line: $(cat "$work/first")"; return 1; }
	[ ! -s "$work/err" ] || { cat "$work/err"; return 1; }
	probes_are_off
}

wants_a_terminal()
{
	ends 1 '*top --batch*' sharestat top --iterations 1 </dev/null
}

# refuses PATTERN ARGUMENT...
refuses()
{
	ends 1 "sharestat: $1" sharestat top "${@:2}"
}

# What a name can do to a terminal: nothing. It is seen, too.
names_are_harmless()
{
	local hostile
	(printf 'x\033[2Jevil' >/proc/self/comm; while :; do sleep 0.05; done) &
	hostile=$!
	sharestat top --batch --iterations 1 -d 0.5 -p $hostile >"$work/batch" || return 1
	kill $hostile
	grep -q 'x\\x1b\[2Jevil$' "$work/batch" || { cat -v "$work/batch"; return 1; }
	! grep "$(printf '\033')" "$work/batch"
}

tap_test "the screen shows processes" shows_processes
shown=$(screen)
tap_test "the heading fits" has_a_heading
tap_test "all fits 80 columns and 24 lines" no_line_is_too_long
tap_test "the busiest process comes first" is_sorted
tap_test "keys sort by another column" sorts_by_key
tap_test "a view of the CPUs" shows_cpus
tap_test "help" shows_help
tap_test "the terminal changes its size" resizes
tap_test "q gives the terminal back" quits
for signal in 'INT 2' 'TERM 15' 'HUP 1' 'QUIT 3'; do
	# shellcheck disable=SC2086 # two words
	tap_test "SIG${signal% *} gives the terminal back" ends_by $signal
done
tap_test "--iterations ends it" ends_by_itself
tap_test "--batch prints lines for a pipe" in_a_pipe
tap_test "--batch --cpus -s COLUMN" cpus_in_a_pipe
tap_test "-p shows that process alone" one_process
tap_test "a closed pipe ends it" closed_pipe
tap_test "without a terminal it says what to do" wants_a_terminal
tap_test "a column that is not there" refuses "-s: no column 'nonsense'; there are:*" -s nonsense
tap_test "no interval of no length" refuses '-d takes seconds from 0.1 to 3600*' -d 0
tap_test "no count of nothing" refuses '--iterations takes a number from 1*' --iterations 0
tap_test "no JSON" refuses 'top takes no -J, --json: *' -J
tap_test "a name with an escape sequence does nothing" names_are_harmless
tap_end
