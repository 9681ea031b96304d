# SPDX-License-Identifier: GPL-2.0
#
# A raw table: single spaces, nothing empty, as many fields in each line as in the first.

function wrong(what)
{
	printf "line %d: %s: %s\n", NR, what, $0
	bad = 1
}

/^ |  | $|\t/ { wrong("a field is empty or padded") }
NR == 1 {
	count = NF
	headings = $0 ~ /[A-Z]/ && $0 !~ /[a-z]/
	for (i = 1; i <= NF && headings; i++)
		if (seen[$i]++)
			wrong("the heading " $i " comes twice")
}
NF != count { wrong("not " count " fields") }
END { exit bad }
