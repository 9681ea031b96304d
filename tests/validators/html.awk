# SPDX-License-Identifier: GPL-2.0
#
# A page that is taken as it is meant by every parser: elements are closed in their order,
# values of attributes are quoted, < and & are markup only, an id comes once, each row of a
# table has the cells of its heading. No other element than those that the page may have,
# so that nobody's name becomes one; and no address of anywhere else.

function wrong(what)
{
	if (found++ < 20)
		printf "line %d: %s\n", line, what
}

function count_lines(text)
{
	line += gsub(/\n/, "", text)
}

function look_at_text(text)
{
	if (inside == "style")
		return
	gsub(/&(amp|lt|gt|quot|nbsp|middot|#[0-9]+);/, "", text)
	if (text ~ /&/)
		wrong("a bare &: " substr(text, index(text, "&"), 40))
	if (text ~ /</)
		wrong("a bare <: " substr(text, index(text, "<"), 40))
	if (text ~ />/)
		wrong("a bare >: " text)
	if (inside == "tr" || inside == "table" || inside == "thead" || inside == "tbody") {
		gsub(/[ \n]/, "", text)
		if (text != "")
			wrong("words between the cells of a table: " text)
	}
}

# Across in percent of the picture, down in pixels.
function is_place(name, value)
{
	if (name ~ /^(x|x1|x2|cx|width)$/)
		return value ~ /^[0-9]+(\.[0-9]+)?%$/ && value + 0 <= 100
	return name !~ /^(y|y1|y2|cy|r|height)$/ || value ~ /^-?[0-9]+(\.[0-9]+)?$/
}

function look_at_attributes(tag, text,    name, value)
{
	while (match(text, /^[ \n]+[a-zA-Z][-a-zA-Z0-9:]*/)) {
		name = substr(text, 1, RLENGTH)
		gsub(/[ \n]/, "", name)
		text = substr(text, RLENGTH + 1)
		if (name ~ /^on/)
			wrong("a script in an attribute of <" tag ">")
		if (substr(text, 1, 2) != "=\"")
			continue
		text = substr(text, 3)
		value = substr(text, 1, index(text, "\"") - 1)
		text = substr(text, index(text, "\"") + 1)
		if (name == "id" && ids[value]++)
			wrong("id " value " comes twice")
		if ((name == "href" || name == "src") && value !~ /^(#|data:,)/)
			wrong("something from elsewhere: " value)
		if (tag ~ /^(rect|line|circle|text)$/ && !is_place(name, value))
			wrong("<" tag "> has " name "=\"" value "\"")
		if (name ~ /^(width|height|r)$/ && value ~ /^-/)
			wrong("<" tag "> has a negative " name)
	}
	gsub(/[ \n\/]/, "", text)
	if (text != "")
		wrong("attributes of <" tag "> that are not quoted: " text)
}

function close_element(tag)
{
	if (depth == 0 || stack[depth] != tag) {
		wrong("</" tag "> where <" (depth ? stack[depth] : "nothing") "> is open")
		return
	}
	if (tag == "tr") {
		if (!columns)
			columns = cells
		else if (cells != columns)
			wrong("a row of " cells " cells in a table of " columns)
	}
	if (tag == "table")
		columns = 0
	depth--
	inside = depth ? stack[depth] : ""
}

function open_element(tag, attributes)
{
	if (!(tag in known))
		wrong("no page of ours has <" tag ">")
	look_at_attributes(tag, attributes)
	if (tag == "tr")
		cells = 0
	if (tag == "td" || tag == "th")
		cells += match(attributes, /colspan="[0-9]+/) ? substr(attributes, RSTART + 9, RLENGTH - 9) : 1
	seen[tag]++
	if (tag in void || attributes ~ /\/$/)
		return
	stack[++depth] = inside = tag
}

BEGIN {
	RS = "\001"
	line = 1
	split("html head meta link title style body header h1 h2 h3 p div section main nav ul li ol dl dt dd a " \
	      "table caption thead tbody tr th td figure figcaption svg desc g rect line circle path text " \
	      "polyline polygon defs marker use tspan span strong em code b i br hr footer details summary pre small colgroup col", words, " ")
	for (i in words)
		known[words[i]]
	split("meta link br hr col", words, " ")
	for (i in words)
		void[words[i]]
}

{
	page = $0
	if (substr(page, 1, 16) != "<!DOCTYPE html>\n")
		wrong("no <!DOCTYPE html>")
	page = substr(page, 17)
	while ((at = index(page, "<")) > 0) {
		look_at_text(substr(page, 1, at - 1))
		count_lines(substr(page, 1, at - 1))
		page = substr(page, at)
		if (!match(page, /^<\/?[a-zA-Z][a-zA-Z0-9]*([ \n]+[^<>"]*("[^"]*"[^<>"]*)*)?\/?>/)) {
			wrong("a bare <: " substr(page, 1, 40))
			page = substr(page, 2)
			continue
		}
		tag = substr(page, 1, RLENGTH)
		page = substr(page, RLENGTH + 1)
		match(tag, /[a-zA-Z][a-zA-Z0-9]*/)
		name = substr(tag, RSTART, RLENGTH)
		if (substr(tag, 2, 1) == "/")
			close_element(name)
		else
			open_element(name, substr(tag, RSTART + RLENGTH, length(tag) - RSTART - RLENGTH))
		count_lines(tag)
	}
	look_at_text(page)
}

END {
	if (depth)
		wrong("<" stack[depth] "> is never closed")
	if (seen["html"] != 1 || seen["body"] != 1 || seen["title"] < 1)
		wrong("not one page with a title")
	exit found > 0
}
