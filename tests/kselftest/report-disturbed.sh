#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The comparison where it is disturbed: a false witness, and a call that fails, leave a claim
# without a verdict; odd limits of the environment change none. And two reports compared,
# which is told from any. TAP.
#
# shellcheck disable=SC2016 # dollars are those of bash -c

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/worlds/lib.sh
. ../worlds/lib.sh	# calm()

[ -d /sys/kernel/debug/sharestat ] || { echo "1..0 # SKIP the module is not loaded"; exit 4; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# compares_with [CHANGE [BEFORE]]: the report, changed by BEFORE, with a copy of it that was
# changed so, or not: each side of each claim is told with its value and its unit, of both.
compares_with()
{
	jq "${2-.}" "$work/report" >"$work/before" && jq "${1-.}" "$work/before" >"$work/other" &&
		sharestat report -J --compare "$work/before" "$work/other" >"$work/compared" || return
	diff <(jq -c -n --slurpfile a "$work/before" --slurpfile b "$work/other" '
			def sides: .claims[] | .id as $id | .verdict as $verdict |
				{process, thread} | to_entries[] | [$id, .key, .value.value, .value.unit, $verdict];
			[[$a[0] | sides], [$b[0] | sides]] | transpose[] | [.[0][0, 1], .[0][2:], .[1][2:]]') \
		<(jq -c '.claims[] | [.id, .of, [.a.value, .a.unit, .verdict_a], [.b.value, .b.unit, .verdict_b]]' \
			"$work/compared")
}

# What has changed is said: a figure of the other is doubled with its interval, and its ratio
# is 2; the same interval is not told apart from itself. How wide the intervals are is not
# left to the host: doubled ones may meet.
tells_a_change()
{
	compares_with '(.claims[] | select(.id == "creation-cost").process) |=
		(.value *= 2 | .spread.low *= 2 | .spread.high *= 2)' \
		'(.claims[] | select(.id == "creation-cost") | .process, .thread) |=
		(.spread.low = .value * 0.8 | .spread.high = .value * 1.2)' || return
	jq -e '.claims[] | select(.id == "creation-cost") | if .of == "process"
		then .ratio > 1.999 and .ratio < 2.001 and .change == "more"
		else .ratio == 1 and .change == "not told apart" end' \
		"$work/compared" >"$work/answers" && ! grep -v true "$work/answers"
}

# says CLAIM VERDICT WORDS COMMAND...: after COMMAND, in a mount namespace of its own, the
# report gives CLAIM that verdict, and has WORDS in the reason or the evidence
says()
{
	local claim=$1 verdict=$2 words=$3

	shift 3
	(within "$claim" "$@") >"$work/one" 2>"$work/errors"
	jq -e --arg verdict "$verdict" --arg words "$words" '.claims[0] |
		(.verdict == $verdict or $verdict == "") and
		([.reason, .evidence[].text] | any(contains($words)))' "$work/one" >/dev/null && return
	cat "$work/errors"
	jq '.claims[0] | del(.series)' "$work/one"
	return 1
}

# within CLAIM COMMAND...: the report, where COMMAND has been run; it may change mounts
# and the limits of System V queues
within()
{
	unshare -m -i bash -c 'claim=$0 && "$@" && exec $inside sharestat report --json --claim "$claim"' "$@"
}

bind()
{
	mount --bind "$1" "$2"
}

# A root whose directory has the number that that of /proc has.
enter_tmpfs()
{
	local name

	mkdir -p "$work/root" && mount -t tmpfs none "$work/root" || return
	for name in /*; do
		if [ -L "$name" ]; then
			cp -P "$name" "$work/root$name"
		elif [ -d "$name" ]; then
			mkdir "$work/root$name" && mount --rbind "$name" "$work/root$name"
		fi || return
	done
	inside="chroot $work/root"
}

# Two tasks, this one among them.
allow_two()
{
	mkdir -p "$work/cgroup" && mount -t cgroup2 none "$work/cgroup" &&
		echo +pids >"$work/cgroup/cgroup.subtree_control" &&
		mkdir -p "$work/cgroup/few" && echo 2 >"$work/cgroup/few/pids.max" &&
		echo $$ >"$work/cgroup/few/cgroup.procs"
}

ignore_children()
{
	trap '' CHLD
}

shorten_messages()
{
	echo 4096 >/proc/sys/kernel/msgmax
}

export -f bind enter_tmpfs allow_two ignore_children shorten_messages
export work inside=

truncate -s 1G "$work/zeros"
cp /sys/kernel/debug/sharestat/tasks "$work/tasks"

sharestat report --json --claim definition,memory,resources,creation-cost,context-switch \
	>"$work/report" 2>"$work/errors"
calm "$work/report" sharestat | tap_note

for claim in can-share-cow read-only-is-safe many-addresses-one-frame shared-heap; do
	tap_test "$claim: false counts of mappings" says "$claim" "NOT MEASURABLE HERE" \
		"disagree" bind "$work/zeros" /proc/kpagecount
done
tap_test "definition: an old list of tasks" says definition "NOT MEASURABLE HERE" \
	"does not list" bind "$work/tasks" /sys/kernel/debug/sharestat/tasks
tap_test "isolation: an old list of tasks" says isolation "NOT MEASURABLE HERE" \
	"disagree" bind "$work/tasks" /sys/kernel/debug/sharestat/tasks
tap_test "creation-cost: no process can be created" says creation-cost "NOT MEASURABLE HERE" \
	"could not be created" allow_two
tap_test "isolation: no file may have a size" says isolation CONFIRMED "" ulimit -f 0
tap_test "isolation: children are ignored" says isolation CONFIRMED "" ignore_children
tap_test "isolation: the root is like /proc" says isolation CONFIRMED "" enter_tmpfs
tap_test "resources: few descriptors" says resources CONFIRMED "" ulimit -n 256
tap_test "communication: short messages in a queue" says communication "" \
	"queue: not measured" shorten_messages
tap_test "--compare reads what --json wrote" compares_with
tap_test "--compare tells what changed" tells_a_change
tap_end
