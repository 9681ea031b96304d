# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# JUnit's XML, which build servers read: a file a suite. Sourced by tests/check and
# .ci/run, so that there is one idea of the format.
#
#	junit_case SUITE STATE NAME SECONDS [NOTES] >>CASES
#	junit_suite SUITE SECONDS <CASES >FILE
#	junit_join FILE... >ALL

# junit_text TEXT: sets $escaped to it without what XML cannot hold. By the shell alone, as a
# suite has hundreds of names.
junit_text()
{
	local LC_ALL=C

	escaped=${1//[$'\001'-$'\010'$'\013'$'\014'$'\016'-$'\037']/}
	escaped=${escaped//&/"&amp;"}
	escaped=${escaped//</"&lt;"}
	escaped=${escaped//>/"&gt;"}
	escaped=${escaped//'"'/"&quot;"}
}

# junit_case SUITE STATE NAME SECONDS [NOTES]: STATE is ok, skip or not_ok
junit_case()
{
	local escaped name

	junit_text "$3"
	name=$escaped
	printf '<testcase classname="%s" name="%s" time="%s">\n' "$1" "$name" "$4"
	case $2 in
	skip) echo '<skipped/>' ;;
	not_ok)
		junit_text "${5-}"
		printf '<failure message="%s">%s</failure>\n' "$name" "$escaped"
		;;
	esac
	echo '</testcase>'
}

# junit_suite SUITE SECONDS: standard input are its cases
junit_suite()
{
	local cases

	cases=$(iconv -c -f UTF-8 -t UTF-8)	# only whole characters
	echo '<?xml version="1.0" encoding="UTF-8"?>'
	echo '<testsuites>'
	printf '<testsuite name="%s" tests="%d" failures="%d" skipped="%d" time="%s">\n' "$1" \
		"$(grep -c '^<testcase ' <<<"$cases")" "$(grep -c '^<failure ' <<<"$cases")" \
		"$(grep -c '^<skipped/>' <<<"$cases")" "$2"
	[ -z "$cases" ] || echo "$cases"
	echo '</testsuite>'
	echo '</testsuites>'
}

# junit_join FILE...: the suites of all files in one
junit_join()
{
	echo '<?xml version="1.0" encoding="UTF-8"?>'
	echo '<testsuites>'
	[ $# -eq 0 ] || sed '/^<?xml /d; /^<\/\?testsuites>$/d' "$@"
	echo '</testsuites>'
}

# junit_rows FILE...: name, tests, failures, skipped and seconds of each suite
junit_rows()
{
	[ $# -eq 0 ] || sed -nE 's/^<testsuite name="(.*)" tests="(.*)" failures="(.*)" skipped="(.*)" time="(.*)">$/\1 \2 \3 \4 \5/p' "$@"
}

# junit_table FILE...: the same for people
junit_table()
{
	printf '%-15s %7s %7s %7s %9s\n' suite passed failed skipped seconds
	junit_rows "$@" | while read -r name tests failures skipped seconds; do
		printf '%-15s %7d %7d %7d %9s\n' "$name" $((tests - failures - skipped)) \
			"$failures" "$skipped" "$seconds"
	done
}

# junit_failures FILE...: what failed, and the last words of each: who sees only the end
# of a long log sees these
junit_failures()
{
	[ $# -eq 0 ] || awk -v most=30 -v words=6 '
		function text(s) {
			gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s)
			gsub(/&quot;/, "\"", s); gsub(/&amp;/, "\\&", s)
			return s
		}
		/^<testcase / { split($0, part, "\""); next }
		/^<failure / { inside = 1; n = 0; sub(/^<failure message="[^"]*">/, "") }
		inside {
			last = sub(/<\/failure>$/, "")
			line[n++] = text($0)
			if (!last)
				next
			inside = 0
			if (++failed > most)
				next
			print "FAIL " part[2] ": " text(part[4])
			for (i = n > words ? n - words : 0; i < n; i++)
				if (line[i] != "")
					print "\t" substr(line[i], 1, 200)
		}
		END {
			if (failed > most)
				print "and " failed - most " more"
		}' "$@" | iconv -c -f UTF-8 -t UTF-8	# awk may have cut within a letter
}
