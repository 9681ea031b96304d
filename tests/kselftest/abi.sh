#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Holds the live debugfs files against Documentation/ABI: each has a stanza with
# its mode, and its two header lines are what the stanza promises. TAP.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# shellcheck source=tests/tap.sh
. ../tap.sh

# SHARESTAT_DIR is there for the test of this test.
dir=${SHARESTAT_DIR:-/sys/kernel/debug/sharestat}
if [ ! -d "$dir" ]; then
	echo "1..0 # SKIP no $dir: the module is not loaded"
	exit 4
fi
stanzas=$(../abi-stanzas) || exit 1
abi=$(sed -n 's/^#define SHARESTAT_ABI \([0-9]*\)$/\1/p' ../../module/uapi/sharestat.h)

mode_is()
{
	local mode

	mode=0$(stat -c %a "$dir/$1") || return 1
	[ "$mode" = "$2" ] || { echo "$1: the stanza says $2, the file has $mode"; return 1; }
}

# headers_are FILE COLUMNS
headers_are()
{
	local first second wanted="# sharestat $1 $abi"

	{ IFS= read -r first && IFS= read -r second; } <"$dir/$1" ||
		{ echo "$1: has no two lines"; return 1; }
	[ "$first" = "$wanted" ] ||
		{ printf 'line 1: wanted "%s", got "%s"\n' "$wanted" "$first"; return 1; }
	[ "$second" = "# $2" ] ||
		{ printf 'line 2: wanted "# %s", got "%s"\n' "$2" "$second"; return 1; }
}

has_stanza()
{
	grep -q "^$1 " <<<"$stanzas" || { echo "no stanza for $dir/$1"; return 1; }
}

for file in "$dir"/*; do
	tap_test "$(basename "$file") has a stanza" has_stanza "$(basename "$file")"
done
while read -r file mode columns; do
	tap_test "$file has the mode of its stanza" mode_is "$file" "$mode"
	if [ -n "$columns" ]; then
		tap_test "$file has the columns of its stanza" headers_are "$file" "$columns"
	elif [ "$mode" != 0200 ]; then
		tap_test "$file can be read and is not empty" grep -q . "$dir/$file"
	fi
done <<<"$stanzas"
tap_end
