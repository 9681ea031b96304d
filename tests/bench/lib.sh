# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# From lines "samples NAME VALUE..." to medians and ratios. Sourced.

# shellcheck disable=SC2034 # used by those who source this
BENCH_PAGE=$(dirname "${BASH_SOURCE[0]}")/../../Documentation/performance.md
# shellcheck disable=SC2034
BENCH_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/sharestat/bench

# summarize UNIT FILE: "bench NAME MEDIAN MIN MAX UNIT" for each line of samples.
summarize()
{
	awk -v unit="$1" '$1 == "samples" {
		n = 0
		for (i = 3; i <= NF; i++) {
			for (j = n++; j > 0 && v[j - 1] > $i + 0; j--)
				v[j] = v[j - 1]
			v[j] = $i + 0
		}
		m = n % 2 ? v[(n - 1) / 2] : (v[n / 2 - 1] + v[n / 2]) / 2
		u = $2 ~ /^matrix/ ? "ms" : unit
		printf "bench %s %.1f %.1f %.1f %s\n", $2, m, v[0], v[n - 1], u
	}' "$2"
}

# "round NAME VALUE" -> "samples NAME VALUE..."
gather()
{
	awk '$1 == "round" {
		if (!($2 in values))
			order[++count] = $2
		values[$2] = values[$2] " " $3
	} END {
		for (i = 1; i <= count; i++)
			print "samples " order[i] values[order[i]]
	}' "$1"
}

# ratio FILE A B: how many times the median of A is that of B.
ratio()
{
	awk -v a="$2" -v b="$3" '$1 == "bench" { m[$2] = $3 }
		END {
			if (!(a in m) || !(b in m) || !m[b])
				exit 1
			printf "ratio %s/%s %.2f\n", a, b, m[a] / m[b]
		}' "$1"
}

# alias_of FILE NAME SHORT: the same figures under a shorter name.
alias_of()
{
	awk -v name="$2" -v short="$3" '$1 == "bench" && $2 == name {
		$2 = short
		print
		found = 1
	} END { exit !found }' "$1"
}

# table_of FILE NAME...: a Markdown table of the medians of these.
table_of()
{
	local file=$1 name
	shift
	echo '| what | median | min | max | unit |'
	echo '| --- | ---: | ---: | ---: | --- |'
	for name; do
		awk -v name="$name" '$1 == "bench" && $2 == name {
			printf "| %s | %s | %s | %s | %s |\n", $2, $3, $4, $5, $6
		}' "$file"
	done
}

# write_section NAME FILE: puts FILE between the marks of NAME in the page of
# figures, each benchmark its own section.
write_section()
{
	local page=$BENCH_PAGE new
	new=$(mktemp)
	awk -v begin="<!-- begin $1 -->" -v end="<!-- end $1 -->" -v text="$2" '
		$0 == begin {
			print
			while ((getline line < text) > 0)
				print line
			skip = 1
		}
		$0 == end { skip = 0 }
		!skip || $0 == end { if ($0 != begin) print }
	' "$page" >"$new"
	cat "$new" >"$page"
	rm -f "$new"
}
