#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# `sharestat sum` against a count of each frame in the module's file `frames`, which it does
# not read: pages that are private, copied on write, of a memfd and of libraries, of
# programs with four names. And pages whose number is known. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh
# shellcheck source=tests/workload/lib.sh
. ../workload/lib.sh
share_begin
mkdir "$work/named"

# pids has one process of each address space, and borrowers are in another's
pids=() borrowers=()
declare -A names=()

# start NAME KIND PAGES: under its own name
start()
{
	local member

	cp "$work/share" "$work/named/$1"
	share_program=named/$1 share_test "$@"
	for member in "${share_pids[$1]}" $(pgrep -P "${share_pids[$1]}"); do
		if grep -q "^borrower $member " "$work/$1"; then
			borrowers+=("$member")
		else
			pids+=("$member")
			names[$member]=$1
		fi
	done
}

# sum OPTION...: of all of them
sum()
{
	local of

	of=$(IFS=, && echo "${pids[*]} ${borrowers[*]}" | tr -s ' ' ,)
	sharestat sum -r -b -n -p "${of%,}" "$@"
}

# rows_of_frames [total]: NAME RSS EXCLUSIVE INSIDE SHARED WITH WITH_BYTES, by the frames of
# each; all of them have one name where that is said. Of those that have as much in common the
# first counts.
rows_of_frames()
{
	local pid

	echo "${pids[*]}" >"$debugfs/set_pid"
	cat "$debugfs/frames" >"$work/frames"
	echo >"$debugfs/set_pid"
	for pid in "${pids[@]}"; do
		echo "$pid ${1-${names[$pid]}}"
	done | awk -v page="$page" '
		function number(hex,    i, value) {
			for (i = 1; i <= length(hex); i++)
				value = 16 * value + index("0123456789abcdef", substr(hex, i, 1)) - 1
			return value
		}
		FNR == NR {
			if (!($2 in is))
				order[++names] = $2
			is[$2]
			name[$1] = $2
			next
		}
		/^#/ || $6 == "-" || $6 == 0 || $9 == "hugetlb" { next }
		{
			first = number($3)
			for (i = 0; i < $4; i++) {
				here[name[$1], first + i]++
				maps[first + i] = $6
			}
		}
		END {
			for (key in here) {
				split(key, part, SUBSEP)
				one = part[1]
				count = maps[part[2]]
				rss[one]++
				exclusive[one] += here[key] == count
				inside[one] += here[key] == count && count > 1
				shared[one] += here[key] < count
				for (other in is)
					if (other != one && (other, part[2]) in here)
						common[one, other]++
			}
			for (one in is) {
				with = "-"
				most = 0
				for (i = 1; i <= names; i++)
					if (common[one, order[i]] > most) {
						with = order[i]
						most = common[one, with]
					}
				print one, rss[one] * page, exclusive[one] * page, inside[one] * page,
					shared[one] * page, with, most * page
			}
		}' - "$work/frames" | sort
}

rows_of_sum()
{
	sum -o name,rss,exclusive,inside,shared,with,with_bytes >"$work/sum" || return
	case ${1-} in
	total) sed -n 's/^- /total /p' "$work/sum" ;;
	*) grep -v '^- ' "$work/sum" | sort ;;
	esac
}

rows_agree()
{
	is "$(rows_of_frames "$@")" "$(rows_of_sum "$@")"
}

# Whoever else runs now has a share of the library, and so each reading has another one.
shares_add_up()
{
	sum -o name,exclusive,pss,rss | awk '
		{
			wrong = wrong || $3 < $2 || $3 > $4
			if ($1 != "-") {
				lines++
				all += $3
			} else {
				total = $3
			}
			text = text $0 "\n"
		}
		END {
			wrong = wrong || !lines || all > total || all < total - lines
			if (wrong)
				printf "%s", text
			exit wrong
		}'
}

# cell NAME COLUMN
cell()
{
	sum -o "name,$2" | sed -n "s/^$1 //p"
}

# grows_by NAME COLUMN PAGES COMMAND...: that cell, when the command was run
grows_by()
{
	local before

	before=$(cell "$1" "$2")
	"${@:4}" || return
	is $((before + $3 * page)) "$(cell "$1" "$2")"
}

share_libraries
start forker fork 101
start lonely private 13
start sharer memfd 17
start counter family 37
start lender borrowed 23
tap_test "a line for each name" is "counter forker lender lonely sharer" \
	"$(rows_of_sum | cut -d' ' -f1 | paste -sd ' ')"
tap_test "each line is what its frames say" rows_agree
tap_test "all together are what all frames say" rows_agree total
tap_test "the shares of all lines add up to that of all" shares_add_up
tap_test "processes are counted" is "2 1 2 3" \
	"$(cell forker groups) $(cell lonely groups) $(cell lender groups) $(cell counter groups)"
tap_test "and address spaces" is "2 1 1" \
	"$(cell forker spaces) $(cell lonely spaces) $(cell lender spaces)"
tap_test "what was forked and not written is inside" [ "$(cell forker inside)" -ge $((67 * page)) ]
tap_test "a page of a memfd counts once" [ "$(cell sharer inside)" -ge $((17 * page)) ]
# What it takes to obey, it has written once by then.
share_order counter parent write 10 1 | tap_note
tap_test "who writes has a page of its own" grows_by counter exclusive 5 \
	share_order counter parent write 0 5
tap_test "and what it writes is inside no more" rows_agree
tap_test "one user has them all" is "root -" "$(sum --by user -o name | paste -sd ' ')"

# process_named PID: as lines of sessions and trees are
process_named()
{
	echo "$1:$(tr ' ' _ <"/proc/$1/comm")"
}

# whose_tree PID: the child of process 1 that it descends from
whose_tree()
{
	local at=$1 parent

	while parent=$(ps -o ppid= -p "$at") && [ "$parent" -gt 1 ]; do
		at=$((parent))
	done
	process_named "$at"
}

setsid sh -c 'sleep 1009 & sleep 1013; :' &
leader=$!
session_ready()
{
	[ "$(pgrep -c -P "$leader" -x sleep)" -eq 2 ]
}
tap_test "a session of three begins" eventually session_ready
mapfile -t session < <(echo "$leader" && pgrep -P "$leader" -x sleep)
session_pids=$(IFS=, && echo "${session[*]}")

# set_of PIDS BY: NAME GROUPS of each line
set_of()
{
	sharestat sum -r -n -p "$1" --by "$2" -o name,groups | grep -v '^- ' | sort | paste -sd ' '
}

tap_test "it is a line" is "$leader:sh 3" "$(set_of "$session_pids" session)"
tap_test "its leader is in it, too" is "$leader:sh 1" "$(set_of "$leader" session)"
tap_test "who is in another session has another line" is 2 \
	"$(sharestat sum -r -n -p "$session_pids,$$" --by session -o name | grep -vcx -- -)"
tap_test "it is a tree" is "$leader:sh 3" "$(set_of "$session_pids" tree)"
tap_test "each of who descends from no other is one, too" \
	is "$(printf '%s 1\n' "$(process_named "${session[1]}")" "$(process_named "${session[2]}")" |
		sort | paste -sd ' ')" "$(set_of "${session[1]},${session[2]}" tree)"
tap_test "without -p it is of the tree below process 1" \
	grep -qxF "$(whose_tree "$$")" <(sharestat sum -r -n --by tree -o name)

# Not below $work: what is left there is removed, whatever it is.
cgroups=$(mktemp -d /tmp/cgroups.XXXXXX)
mount -t cgroup2 none "$cgroups"
deep=$(printf 'of_%.0s' {1..60})
mkdir -p "$cgroups/$deep/one" "$cgroups/$deep/two"
echo "$leader" >"$cgroups/$deep/one/cgroup.procs"
for member in "${session[1]}" "${session[2]}"; do
	echo "$member" >"$cgroups/$deep/two/cgroup.procs"
done
tap_test "two cgroups whose names differ at their ends are two lines" \
	is "/$deep/one 1 /$deep/two 2" "$(set_of "$session_pids" cgroup)"
kill "${session[@]}"
cgroups_end()
{
	rmdir "$cgroups/$deep/one" "$cgroups/$deep/two" "$cgroups/$deep" 2>/dev/null
	[ ! -e "$cgroups/$deep" ]
}
tap_test "they are left empty" eventually cgroups_end
umount "$cgroups" && rmdir "$cgroups"

pids=() names=() borrowers=()
start lonely2 private 13
tap_test "a line for one" rows_agree
tap_end
