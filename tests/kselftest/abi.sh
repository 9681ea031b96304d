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
abi=$(sed -n 's/^#define SHARESTAT_ABI \([0-9]*\)$/\1/p' ../../module/uapi/sharestat.h)

# By file: what the stanzas promise, and what is there.
declare -A promised=() columns=() modes=()
stanzas=$(../abi-stanzas) || exit 1
while read -r file mode names; do
	promised[$file]=$mode columns[$file]=$names
done <<<"$stanzas"
while read -r mode file; do
	modes[$file]=$mode
done < <(find "$dir" -mindepth 1 -printf '0%m %P\n')

# same WHAT WANTED GOT: a test, without starting a process
same()
{
	if [ "$2" = "$3" ]; then
		tap_ok "$1"
	else
		printf '# wanted: %s\n# got: %s\n' "$2" "$3"
		tap_not_ok "$1"
	fi
}

# lines FILE: sets first and second
lines()
{
	first='' second=''
	{ IFS= read -r first && IFS= read -r second; } <"$dir/$1"
}

for file in "${!modes[@]}"; do
	same "$file has a stanza" "$file" "${promised[$file]+$file}"
done
for file in "${!promised[@]}"; do
	mode=${promised[$file]}
	same "$file has the mode of its stanza" "$mode" "${modes[$file]-none}"
	[ "$mode" != 0200 ] || continue
	lines "$file"
	if [ -n "${columns[$file]}" ]; then
		same "$file says what it is" "# sharestat $file $abi" "$first"
		same "$file has the columns of its stanza" "# ${columns[$file]}" "$second"
	else
		same "$file can be read and is not empty" "$first" "${first:-a line}"
	fi
done
tap_end
