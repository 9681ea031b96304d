# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# The report in a world, against what is expected there. For whoever sources it $build has
# the worlds, $work is for findings, and $expected is the file that says what to find.

# What a reason says when the host is busy.
busy="scatter|not told apart|not left to the two tasks|got nothing done"
timed=" creation-cost context-switch communication use-thread-switching use-thread-coupling faults-scale files-scale false-sharing "

# rows WORLD VERDICT: the claims that expected names
rows()
{
	awk -v world="$1" -v verdict="$2" '$1 == world && $2 == verdict {
		for (i = 3; i <= NF; i++)
			print $i
	}' "$expected"
}

# All that the report knows: the title of each claim is not indented.
all_claims()
{
	"$build/the-book/sharestat" report --explain | sed -n 's/^\([a-z-]*\): .*/\1/p'
}

# measured WORLD: the claims, a line each
measured()
{
	local claim which

	which=$(rows "$1" measured)
	case $which in
	all) all_claims ;;
	untimed)
		for claim in $(all_claims); do
			[[ $timed = *" $claim "* ]] || echo "$claim"
		done
		;;
	*) echo "$which" ;;
	esac
}

# verdict_of WORLD CLAIM: what expected says, of that world or of all
verdict_of()
{
	local world claim verdict

	for world in "$1" everywhere; do
		for claim in "$2" others; do
			for verdict in REFUTED NOT-MEASURABLE CONFIRMED; do
				rows "$world" "$verdict" | grep -qx "$claim" && echo "$verdict" && return
			done
		done
	done
	echo CONFIRMED
}

# calm WORLD: measures again, some times, what scattered because the host is busy
calm()
{
	local claim try

	for try in 1 2 3 4 5; do
		jq -r '.claims[].reason' "$work/$1" | grep -qE "$busy" || return 0
		claim=$(jq -r --arg busy "$busy" '[.claims[] | select(.reason | test($busy) or
			contains("rests on") and contains("not measurable")) | .id] |
			join(",")' "$work/$1")
		echo "$claim: once more ($try)"
		"$build/$1/sharestat" report --json --claim "$claim" >"$work/again" 2>>"$work/errors"
		jq --slurpfile again "$work/again" '.claims |= map(. as $old |
			([$again[0].claims[] | select(.id == $old.id)][0]) // $old)' \
			"$work/$1" >"$work/merged" && mv "$work/merged" "$work/$1"
	done
}

# look WORLD: measures, and compares claim by claim
look()
{
	local claim verdict found reason wrong=0 claims

	claims=$(measured "$1" | paste -sd, -)
	[ -n "$claims" ] || { echo "expected says nothing of $1"; return 1; }
	"$build/$1/sharestat" report --json --claim "$claims" >"$work/$1" 2>"$work/errors" ||
		[ $? -ne 1 ] || { cat "$work/errors"; return 1; }
	calm "$1"
	for claim in $(measured "$1"); do
		verdict=$(verdict_of "$1" "$claim")
		found=$(jq -r --arg id "$claim" '.claims[] | select(.id == $id) | .verdict' "$work/$1")
		[ "$found" != "NOT MEASURABLE HERE" ] || found=NOT-MEASURABLE
		[ "$found" != "$verdict" ] || continue
		wrong=1
		reason=$(jq -r --arg id "$claim" '.claims[] | select(.id == $id) | .reason' "$work/$1")
		echo "$claim: $found in place of $verdict: $reason"
	done
	return "$wrong"
}

# The condition that failed, or a claim that a rule rests on.
refutations_say_why()
{
	! jq -r '.claims[] | select(.verdict == "REFUTED") | select(.reason |
		startswith("it is not so that ") | not) | .id + ": " + .reason' "$work"/*-* | grep .
}

# reason WORLD CLAIM WORDS: they are in it
reason()
{
	jq -r --arg id "$2" '.claims[] | select(.id == $id) | .reason' "$work/$1" >"$work/reason"
	grep -qF -- "$3" "$work/reason" || { cat "$work/reason"; return 1; }
}

# refuted_in FILE: the claims that it expects to be refuted in some world
refuted_in()
{
	awk '$1 != "#" && $2 == "REFUTED" { for (i = 3; i <= NF; i++) print $i }' "$1" | sort -u
}

# has_world FILE...: each claim that the tool has is to be refuted in a world of one of them
has_world()
{
	local file

	is "" "$(comm -23 <(all_claims | sort) <(for file; do refuted_in "$file"; done | sort -u))"
}

# each_claim_is_refuted_somewhere OTHER: but those for which only the file OTHER has a world
each_claim_is_refuted_somewhere()
{
	local claim others

	others=$(comm -13 <(refuted_in "$expected") <(refuted_in "$1"))
	for claim in $(all_claims); do
		grep -qx "$claim" <<<"$others" ||
			jq -r --arg id "$claim" '.claims[] | select(.id == $id) | .verdict' \
				"$work"/*-* | grep -qx REFUTED || echo "$claim: nowhere"
	done >"$work/nowhere"
	! grep . "$work/nowhere"
}

# letter WORLD CLAIM: what was found there
letter()
{
	[ -e "$work/$1" ] || { echo .; return; }
	jq -r --arg id "$2" '[.claims[] | select(.id == $id) | {"CONFIRMED": "C", "REFUTED": "R"}
		[.verdict] // "-"] | .[0] // "."' "$work/$1"
}

# table WORLD...: claim by world, a letter for what was found there
table()
{
	local claim world n=0 column

	printf '\n# Found, claim by world: C confirmed, R refuted, - not measurable here, . not measured\n'
	for world; do
		printf '# %2d %s\n' $((++n)) "$world"
	done
	printf '# %-28s' claim
	for ((column = 1; column <= n; column++)); do
		printf '%3d' "$column"
	done
	echo
	for claim in $(all_claims); do
		printf '# %-28s' "$claim"
		for world; do
			printf '%3s' "$(letter "$world" "$claim")"
		done
		echo
	done
}
