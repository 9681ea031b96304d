# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the selftests of the runners have in common. Sourced by each, which then is in the
# root of the tree with a folder $work of its own.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset CI STRICT CI_ARTIFACTS SUITE_TIMEOUT
export XDG_CACHE_HOME=$work/cache

# script FILE: standard input is what it does
script()
{
	{
		echo '#!/bin/bash'
		cat
	} >"$1"
	chmod +x "$1"
}
