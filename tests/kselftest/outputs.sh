#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What each command says of a machine that runs, in each of its modes, is what a reader of
# that medium expects; among the processes is one whose name was chosen to break it.
# Commands and modes are those of --help: one without a line below fails. TAP.
#
# shellcheck disable=SC2016,SC2034 # dollars and variables are those of the lines below

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
# shellcheck source=tests/tool-help.sh
. ../tool-help.sh
command -v jq >/dev/null || { echo "1..0 # SKIP no jq"; exit 4; }
share_begin
export LC_ALL=C.UTF-8

# COMMAND | MODES, or all | ARGUMENTS
lines()
{
	cat <<'EOT'
report | text json raw html | --claim definition,shared-data
report | text json | -p $parent --seconds 0.1
report | text json | -- "${once[@]}"
report | text | --explain --claim definition
report | text | --quiz --claim definition,own-stack < <(echo a; echo b)
report | text json raw | --compare $work/report.json $work/report.json
advise | all | -p $parent --seconds 0.1
advise | all | -- "${once[@]}"
tasks | all |
tasks | text json | --tree --user
mms | all |
vmas | all | -p $parent,$child
frames | all | -p $parent,$child
who | all | $parent:$address
same | all | $parent:$address $parent:$address
matrix | all | -p $parent,$child
matrix | text json raw | -p $parent,$child --by-class
sum | all |
sum | json | --by user
sum | text json raw | --by session
sum | text json raw | --by tree
sum | text json raw | --by cgroup
cow | all | -p $parent
cow | text json raw | -p $parent --vmas
stat | all | -f /dev/stdout -- "${once[@]}"
stat | all | -f /dev/stdout -p $parent 0.1 1
top | all | --batch --iterations 1 -d 0.3
top | all | --batch --iterations 1 -d 0.3 --cpus
switches | all |
switches | json | --by-cpu
switches | text json raw | --by mm
tlb | all |
tlb | json | --by-cpu
tlb | text json raw | --by group
births | all |
births | text json raw | --by group
latency | all |
verify | all | -p $parent
export | openmetrics prometheus text | --all --names 1000
record | all | --no-frames $work/recording >&2 && cat $work/recording/*
EOT
}

# options[COMMAND]: those of its --help. Each command has text, and modes[COMMAND] are the
# others it has an option for.
declare -A options=() modes=() tried=()

ask_for_modes()
{
	local command option

	for command in $(commands); do
		options[$command]=" $(options_of "$command" | tr '\n' ' ')"
		modes[$command]=text
		for option in json raw html; do
			[[ ${options[$command]} != *" --$option "* ]] || modes[$command]+=" $option"
		done
		[[ ${options[$command]} != *' --format '* ]] || modes[$command]+=" openmetrics prometheus"
	done
}

# switch_of COMMAND MODE ARGUMENTS: what it takes to have that; all columns, where it has
# some, but of a program there are none
switch_of()
{
	local all=''

	[[ ${options[$1]} != *' --output-all '* ]] || all=--output-all
	[[ $1 != report || $3 != *' -'[-p]' '* ]] || all=''
	case $2 in
	json) echo "--json $all" ;;
	raw) echo "--raw $all" ;;
	html) echo "--html -" ;;
	openmetrics | prometheus) echo "--format $2" ;;
	esac
}

# medium_of COMMAND MODE: what export says without a format is one, too
medium_of()
{
	if [ "$1" = export ] && [ "$2" = text ]; then
		echo openmetrics
	else
		echo "$2"
	fi
}

# Nothing is as valid as something: there is a row, and a number that counts.
says_something()
{
	case $1 in
	json) grep -oE '"[^"]+": *[1-9]' "$work/out" | grep -qv '^"schema"' ;;
	html) grep -q '<td' "$work/out" ;;
	text) ;;
	*) [ "$(grep -v '^#' "$work/out" | grep -c '[1-9]')" -ge 1 ] ;;
	esac && return
	echo "it says nothing:"
	head -c 1000 "$work/out"
	return 1
}

# is_valid COMMAND MODE ARGUMENTS: what it prints, and what it warns of
is_valid()
{
	local status=0 medium

	medium=$(medium_of "$1" "$2")
	eval "sharestat $1 $(switch_of "$1" "$2" "$3") $3" >"$work/out" 2>"$work/warned" || status=$?
	is 0 "$status" && ../validate "$medium" "$work/out" && says_something "$medium" &&
		{ [ ! -s "$work/warned" ] || ../validate text "$work/warned"; } && return
	cat -v "$work/warned"
	return 1
}

# has_its_modes COMMAND: each mode of --help has been tried
has_its_modes()
{
	diff <(tr ' ' '\n' <<<"${modes[$1]}" | sort) <(tr ' ' '\n' <<<"${tried[$1]-}" | sed '/^$/d' | sort -u)
}

# Names that are there at this moment.
names_are_hostile()
{
	is "$hostile" "$(cat "/proc/$parent/comm")" && grep -qF 'x"<&>' "$debugfs/tasks"
}

enabled=$(awk '!/^#/ { print $1 }' "$debugfs/enable")
trap 'echo "$enabled" >$debugfs/enable; share_end_all' EXIT
awk '/^probe_/ && $2 == "yes" { printf "+%s ", substr($1, 7) }' "$debugfs/version" >"$debugfs/enable"
# Accounts of those before would be looked at, too, one by one.
echo 1 >"$debugfs/reset"
hostile=$'x"<&>\e[2J\n\x9b\\{'
# One that runs for a moment under that name, and prints nothing among what is looked at.
once=(sh -c 'exec "$0" program 1 </dev/null >/dev/null' "$work/$hostile")
cp "$work/share" "$work/$hostile"
share_program=$hostile share_test family fork 101
area family child
child=$pid
area family parent
parent=$pid
"$work/pingpong" thread 211 >/dev/null

tap_test "there is a hostile name" names_are_hostile
sharestat report --json --claim definition,creation-cost >"$work/report.json"
ask_for_modes
while IFS='|' read -r command wanted arguments; do
	command=${command// /}
	[ "$wanted" != ' all ' ] || wanted=${modes[$command]}
	for mode in $wanted; do
		tap_test "$command, $mode:$arguments" is_valid "$command" "$mode" "$arguments"
		tried[$command]+=" $mode"
	done
done < <(lines)
for command in $(commands); do
	tap_test "$command: each of its modes was tried" has_its_modes "$command"
done
tap_end
