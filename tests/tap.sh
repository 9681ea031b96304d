# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# TAP (the Test Anything Protocol), written and read. Sourced by everything
# that runs tests, so that there is one idea of what a sound stream is.
#
# Writing: tap_ok, tap_not_ok, tap_skip, tap_note, then tap_end.
# Reading: tap_read, for which the caller defines two functions:
#	on_result STATE NAME	STATE is ok, not_ok or skip
#	on_note LINE		any other line
# or tap_relay, which makes the stream part of the one that is written.

tap_count=0
tap_failed=0

tap_ok()
{
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

tap_not_ok()
{
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
}

# tap_skip NAME REASON
tap_skip()
{
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# Standard input as diagnostics: before the result that they explain.
tap_note()
{
	sed 's/^/# /'
}

# tap_test NAME COMMAND [ARGUMENT...]: ok when the command succeeds. The exit
# status 4 is a skip, as in kselftest; the last line of output is its reason.
tap_test()
{
	local name=$1 output status=0

	shift
	output=$("$@" 2>&1) || status=$?
	case $status in
	0)
		tap_ok "$name"
		;;
	4)
		tap_skip "$name" "$(tail -n 1 <<<"$output")"
		;;
	*)
		[ -z "$output" ] || tap_note <<<"$output"
		tap_not_ok "$name"
		;;
	esac
}

# The plan comes last: a stream that was cut off has none, and fails.
tap_end()
{
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" -eq 0 ]
}

# more_to_come STATUS: of read; a last line without an end is one, too. Status above 128:
# nothing came for as long as the caller is patient.
more_to_come()
{
	[ "$1" -le 128 ] || {
		tap_problem="said nothing for ${tap_patience-} seconds"
		return 1
	}
	[ -n "$line" ]
}

# tap_read: reads a stream from standard input and appends it to the file
# $tap_log, if set; gives up after $tap_patience seconds without a line, if set. Sets tap_seen to the number of results and tap_problem to
# what is wrong with the stream, or to nothing.
tap_read()
{
	local line plan='' expected number name state

	tap_seen=0
	tap_problem=
	while IFS= read -r ${tap_patience:+-t "$tap_patience"} line || more_to_come $?; do
		[ -z "${tap_log:-}" ] || printf '%s\n' "$line" >>"$tap_log"
		line=${line%$'\r'}
		if [[ $line =~ ^1\.\.([0-9]+)(.*)$ ]]; then
			[ -z "$plan" ] || tap_problem="has two plans"
			plan=${BASH_REMATCH[1]}
			if [[ $plan = 0 && ${BASH_REMATCH[2]^^} = *'# SKIP'* ]]; then
				on_result skip "everything ${BASH_REMATCH[2]}"
				plan=skip
			fi
		elif [[ $line =~ ^(ok|not\ ok)(\ ([0-9]+))?([[:space:]].*)?$ ]]; then
			state=${BASH_REMATCH[1]/ /_}
			number=${BASH_REMATCH[3]}
			name=${BASH_REMATCH[4]}
			tap_seen=$((tap_seen + 1))
			expected=$tap_seen
			if [ -n "$number" ] && [ "$((10#$number))" -ne "$expected" ]; then
				tap_problem="numbers a test $number where $expected comes next"
			fi
			if [[ $state = ok && ${name^^} = *'# SKIP'* ]]; then
				state=skip
			fi
			name=${name# }
			on_result "$state" "${name#- }"
		elif [[ $line = 'Bail out!'* ]]; then
			tap_problem="gave up:${line#Bail out!}"
		else
			on_note "$line"
		fi
	done

	[ -z "$tap_problem" ] || return 0
	case $plan in
	skip)
		[ "$tap_seen" -eq 0 ] || tap_problem="skips everything, yet has tests"
		;;
	'')
		tap_problem="printed no plan: it died early, or is no TAP"
		;;
	0)
		tap_problem="has no test"
		;;
	*)
		[ "$plan" -eq "$tap_seen" ] ||
			tap_problem="planned $plan tests but ran $tap_seen"
		;;
	esac
}

# tap_relay PREFIX: reads a stream as tap_read does; its results become ours, with
# PREFIX before their names, and so do its notes.
tap_relay()
{
	local tap_prefix=$1

	on_result()
	{
		# The name of a skip has the words "# SKIP" and the reason in it already.
		case $1 in
		not_ok) tap_not_ok "$tap_prefix$2" ;;
		*) tap_ok "$tap_prefix$2" ;;
		esac
	}

	on_note()
	{
		case $1 in
		'TAP version'* | '# Totals:'*) ;;
		'#'*) printf '%s\n' "$1" ;;
		*) printf '# %s\n' "$1" ;;
		esac
	}

	tap_read
}

# tap_relay_of PREFIX COMMAND [ARGUMENT...]: relays what the command prints on either
# output; that it died, or ended badly though no test failed, is a test that failed.
tap_relay_of()
{
	local status=0 failed_before=$tap_failed stream

	exec {stream}< <(exec "${@:2}" </dev/null 2>&1)
	tap_relay "$1" <&"$stream"
	exec {stream}<&-
	wait $! || status=$?
	if [ -n "$tap_problem" ]; then
		tap_not_ok "$1$tap_problem (exit status $status)"
	elif [ "$status" -ne 0 ] && [ "$tap_failed" -eq "$failed_before" ]; then
		tap_not_ok "$1ended with status $status though no test failed"
	fi
}
