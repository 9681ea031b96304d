# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# shellcheck disable=SC2154 # work is run's
#
# The processes that are asked for, for tests/golden/run, whose folder $work is: what is said
# of those that are not there, or not any more.

# process_is_said COMMAND PID STATUS WORDS
process_is_said()
{
	local status=0 words="$1 -p $2"

	case $1 in
	switches | tlb | births) words+=" --by group" ;;
	record) words+=" $work/recording" ;;
	top) words+=" --batch --iterations 1" ;;
	who) words="who $2:1000" ;;
	same) words="same $2:1000 400:1000" ;;
	esac
	# shellcheck disable=SC2086
	live $words >"$work/out" 2>"$work/err" || status=$?
	# verify says first what it does not know of this machine's kernel.
	sed -i '/CONFIG_NO_PAGE_MAPCOUNT/d' "$work/err"
	[ "$(cat "$work/err")" = "$4" ] && [ "$status" = "$3" ] && return
	echo "$words: status $status, $(cat "$work/err")"
	return 1
}

# Those that have -p, and those that want PID:ADDR.
commands_of_processes()
{
	local command

	for command in $(commands); do
		sharestat "$command" --help | grep -Eq ' -p, --pid|PID:ADDR' && echo "$command"
	done
}

# In all commands of processes it is said alike who is not there, and that a thread's
# number means its process. verify, report, advise and record go on to what is no world's.
processes_are_found_alike()
{
	local command failed=0 meant='live: 301 is a thread: its process 300 is meant'

	for command in $(commands_of_processes); do
		process_is_said "$command" 9 1 'live: no such process: 9' || failed=1
		[[ $command = who || $command = same ]] || process_is_said "$command" 301,9 1 \
			"$meant"$'\n''live: no such process: 9' || failed=1
		[ "$command" = tasks ] || process_is_said "$command" 2 1 \
			'live: 2 is a kernel thread: it has no memory of its own' || failed=1
		[ "$command" = tasks ] || process_is_said "$command" 800 1 \
			'live: process 800 has ended' || failed=1
		case $command in
		tasks | mms | switches | tlb | top)
			process_is_said "$command" 301 0 "$meant" || failed=1
			;;
		esac
	done
	return $failed
}

# A process that is there when it is looked for, and is not when it is looked at: its number
# is none of the machine's, for what reads /proc. Either the module refuses it, or it has
# nothing to say of it. Who counts has counted nothing, and tasks looks once.
processes_end_alike()
{
	local command refuses failed=0 pid=4194305

	cp -r world "$work/ending"
	sed -i "s/^803 803/$pid $pid/" "$work/ending/0/tasks"
	for command in $(commands_of_processes); do
		[[ " tasks switches tlb births stat top " = *" $command "* ]] && continue
		for refuses in 1 ''; do
			[ "$command$refuses" = record ] && continue
			WORLD=$work/ending WORLD_ENDS=$pid WORLD_REFUSES=$refuses process_is_said \
				"$command" $pid 1 "live: process $pid has ended" || failed=1
		done
	done
	return $failed
}
