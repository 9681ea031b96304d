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

# verdicts WORLD: of each claim what expected says, of that world or of all, which is
# CONFIRMED where it says nothing: "claim verdict" a line
verdicts()
{
	measured "$1" | awk -v world="$1" '
		FNR == NR && $2 != "measured" && ($1 == world || $1 == "everywhere") {
			for (i = 3; i <= NF; i++)
				said[$1, $i] = $2
		}
		FNR == NR { next }
		{
			verdict = "CONFIRMED"
			split("everywhere:others everywhere:" $1 " " world ":others " world ":" $1, rows)
			for (i = 1; i <= 4; i++) {
				split(rows[i], row, ":")
				if ((row[1], row[2]) in said)
					verdict = said[row[1], row[2]]
			}
			print $1, verdict
		}' "$expected" -
}

# calm REPORT PROGRAM: measures again, some times, what scattered because the host is busy
calm()
{
	local claim try

	for try in 1 2 3 4 5; do
		jq -r '.claims[].reason' "$1" | grep -qE "$busy" || return 0
		claim=$(jq -r --arg busy "$busy" '[.claims[] | select(.reason | test($busy) or
			contains("rests on") and contains("not measurable")) | .id] |
			join(",")' "$1")
		echo "$claim: once more ($try)"
		"$2" report --json --claim "$claim" >"$work/again" 2>>"$work/errors"
		jq --slurpfile again "$work/again" '.claims |= map(. as $old |
			([$again[0].claims[] | select(.id == $old.id)][0]) // $old)' \
			"$1" >"$work/merged" && mv "$work/merged" "$1"
	done
}

# found_in FILE: "claim verdict" a line, the verdict in one word
found_in()
{
	jq -r '.claims[] | .id + " " + (if .verdict == "NOT MEASURABLE HERE" then "NOT-MEASURABLE"
		else .verdict end)' "$1"
}

# look WORLD: measures, and compares claim by claim
look()
{
	local claim verdict found reason wrong=0 claims all_found

	claims=$(measured "$1" | paste -sd, -)
	[ -n "$claims" ] || { echo "expected says nothing of $1"; return 1; }
	"$build/$1/sharestat" report --json --claim "$claims" >"$work/$1" 2>"$work/errors" ||
		[ $? -ne 1 ] || { cat "$work/errors"; return 1; }
	calm "$work/$1" "$build/$1/sharestat"
	all_found=$(found_in "$work/$1")
	while read -r claim verdict; do
		found=$(sed -n "s/^$claim //p" <<<"$all_found")
		[ "$found" != "$verdict" ] || continue
		wrong=1
		reason=$(jq -r --arg id "$claim" '.claims[] | select(.id == $id) | .reason' "$work/$1")
		echo "$claim: $found in place of $verdict: $reason"
	done < <(verdicts "$1")
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
	is "" "$(comm -23 <(all_claims | sort) <({
		comm -13 <(refuted_in "$expected") <(refuted_in "$1")
		jq -r '.claims[] | select(.verdict == "REFUTED") | .id' "$work"/*-*
	} | sort -u))"
}

# table WORLD...: claim by world, a letter for what was found there
table()
{
	local world n=0

	printf '\n# Found, claim by world: C confirmed, R refuted, - not measurable here, . not measured\n'
	for world; do
		printf '# %2d %s\n' $((++n)) "$world"
	done
	{
		all_claims
		for world; do
			echo "world $world"
			[ ! -e "$work/$world" ] || found_in "$work/$world"
		done
	} | awk -v letters="CONFIRMED C REFUTED R NOT-MEASURABLE -" '
		BEGIN {
			count = split(letters, words)
			for (i = 1; i < count; i += 2)
				letter[words[i]] = words[i + 1]
		}
		NF == 1 { claims[++nclaims] = $1; next }
		$1 == "world" { worlds++; next }
		{ found[$1, worlds] = letter[$2] }
		END {
			printf "# %-28s", "claim"
			for (j = 1; j <= worlds; j++)
				printf "%3d", j
			for (i = 1; i <= nclaims; i++) {
				printf "\n# %-28s", claims[i]
				for (j = 1; j <= worlds; j++)
					printf "%3s", (claims[i], j) in found ? found[claims[i], j] : "."
			}
			print ""
		}'
}
