# SPDX-License-Identifier: GPL-2.0
#
# The first line of a kernel log that log-patterns calls bad and not fine.
# Usage: awk -f complaint.awk [since_mark=1] log-patterns LOG
# With since_mark only what came after the last mark of guest-log counts.

function one_of(expressions, expression)
{
	return expressions == "" ? expression : expressions "|" expression
}

FNR == NR {
	sub(/#.*/, "")
	if (sub(/^fine /, ""))
		fine = one_of(fine, $0)
	else if (/[^ \t]/)
		bad = one_of(bad, $0)
	next
}
since_mark && /^(\[[^]]*\] *)*lab: mark / { complaint = "" }
complaint == "" && $0 ~ bad && $0 !~ fine { complaint = $0 }
END {
	if (complaint != "")
		print complaint
}
