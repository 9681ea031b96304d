# SPDX-License-Identifier: GPL-2.0
#
# An exposition: format=openmetrics (1.0) or format=prometheus (0.0.4). By the
# specifications, not by the tool: families stand together and say what they are, names end
# as their type asks for, no sample comes twice, a histogram's buckets rise and agree with
# its count.

function wrong(what)
{
	printf "line %d: %s: %s\n", NR, what, $0
	bad = 1
}

# Takes the labels of the sample apart: labels["le"], and all but le in `rest`.
function take_labels(text,    name, value, char)
{
	split("", labels)
	rest = ""
	while (text != "") {
		if (!match(text, /^[a-zA-Z_][a-zA-Z0-9_]*="/)) {
			wrong("a label's name")
			return
		}
		name = substr(text, 1, RLENGTH - 2)
		text = substr(text, RLENGTH + 1)
		value = ""
		while (text != "" && (char = substr(text, 1, 1)) != "\"") {
			if (char == "\\") {
				char = substr(text, 1, 2)
				if (char !~ /^\\[\\"n]$/)
					wrong("an escape that is none")
			}
			value = value char
			text = substr(text, length(char) + 1)
		}
		if (text == "")
			wrong("a label's value has no end")
		text = substr(text, 2)
		if (name in labels)
			wrong("a label comes twice")
		labels[name] = value
		if (name != "le")
			rest = rest name "=\"" value "\","
		if (text != "" && substr(text, 1, 1) != ",")
			wrong("no comma behind a label")
		text = substr(text, 2)
	}
}

# The family of a sample: its name without what its type adds.
function family_of(name,    i, base)
{
	if (name in type)
		return name
	for (i = 1; i <= endings; i++)
		if (substr(name, length(name) - length(ending[i]) + 1) == ending[i]) {
			base = substr(name, 1, length(name) - length(ending[i]))
			if (base in type)
				return base
		}
	return ""
}

function suffix_is_right(name, family,    suffix)
{
	suffix = substr(name, length(family) + 1)
	if (type[family] == "histogram")
		return suffix == "_bucket" || suffix == "_sum" || suffix == "_count"
	if (format == "prometheus")
		return suffix == "" && (type[family] != "counter" || name ~ /_total$/)
	if (type[family] == "counter")
		return suffix == "_total"
	return suffix == (type[family] == "info" ? "_info" : "")
}

function look_at_bucket(key, value,    bound)
{
	if (!("le" in labels))
		wrong("a bucket without le")
	bound = labels["le"] == "+Inf" ? 1e300 : labels["le"] + 0
	if (key in last_bound && bound <= last_bound[key])
		wrong("bounds do not rise")
	if (key in last_count && value < last_count[key])
		wrong("buckets are not added up")
	last_bound[key] = bound
	last_count[key] = value
	if (last_line != key && key in closed)
		wrong("a histogram's buckets do not stand together")
	closed[key] = last_line = key
}

BEGIN {
	endings = split("_total _bucket _sum _count _info", ending, " ")
}

ended { wrong("something behind # EOF") }

/^# (HELP|TYPE|UNIT) / {
	if ($2 == "UNIT" && format == "prometheus")
		wrong("the older format has no units")
	if ($2 == "TYPE") {
		if ($3 in type)
			wrong("the family comes twice")
		if ($4 !~ (format == "prometheus" ? "^(counter|gauge|histogram)$" : "^(counter|gauge|histogram|info)$"))
			wrong("an unknown type")
		if ((format == "prometheus") != ($3 ~ /_total$/) && $4 == "counter")
			wrong("_total in the wrong place")
		type[$3] = $4
	}
	if ($2 == "HELP" && NF < 4)
		wrong("help that says nothing")
	if ($2 == "UNIT" && $3 !~ ("_" $4 "$"))
		wrong("the unit is not at the name's end")
	if (said[$2, $3]++)
		wrong("said before")
	if ($3 in begun)
		wrong("behind its samples")
	next
}

$0 == "# EOF" { ended = 1; next }
/^#/ { wrong("a comment"); next }
$0 == "" { wrong("an empty line"); next }

{
	if (!match($0, /^[a-zA-Z_:][a-zA-Z0-9_:]*/)) {
		wrong("no name")
		next
	}
	name = substr($0, 1, RLENGTH)
	line = substr($0, RLENGTH + 1)
	if (!match(line, / [^ ]+$/)) {
		wrong("no value")
		next
	}
	value = substr(line, RSTART + 1)
	inner = substr(line, 1, RSTART - 1)
	if (value !~ /^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/)
		wrong("not a number")
	if (inner != "" && inner !~ /^\{.*\}$/)
		wrong("labels without brackets")
	take_labels(substr(inner, 2, length(inner) - 2))
	family = family_of(name)
	if (family == "") {
		wrong("no TYPE")
		next
	}
	if (!(("HELP", family) in said))
		wrong("no HELP")
	if (family != current && family in begun)
		wrong("the family does not stand together")
	begun[current = family]
	samples++
	if (!suffix_is_right(name, family))
		wrong("a " type[family] " has no such sample")
	if (twice[name, inner]++)
		wrong("the sample comes twice")
	if (type[family] != "gauge" && value < 0)
		wrong("below zero")
	if (name ~ /_info$/ && value != 1)
		wrong("an info is 1")
	if (name ~ /_bucket$/)
		look_at_bucket(family SUBSEP rest, value + 0)
	if (type[family] == "histogram" && name ~ /_sum$/)
		sums[family, rest] = value
	if (type[family] == "histogram" && name ~ /_count$/) {
		if (last_bound[family, rest] != 1e300 || last_count[family, rest] != value + 0)
			wrong("the count is not that of the bucket +Inf")
		if (!((family, rest) in sums))
			wrong("no sum before the count")
	}
}

END {
	if (format == "openmetrics" && !ended)
		wrong("no # EOF")
	if (!samples)
		wrong("no sample")
	exit bad
}
