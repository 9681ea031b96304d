# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: which one it is, and where. Sourced after lib.sh.

DEBUG_SERIES=6.1

# Set K_* to the debug kernel, which is built of the source of a kernel that the
# lab has and takes its place in the cache under a name of its own.
select_debug_kernel()
{
	case $1 in
	'' | "$DEBUG_SERIES") ;;
	*) die "the debug kernel is of $DEBUG_SERIES, not of $1" ;;
	esac
	select_kernel "$DEBUG_SERIES"
	K_NAME=$DEBUG_SERIES-debug
	# shellcheck disable=SC2034 # read by who sources this
	K_DIR=$CACHE/kernels/$K_NAME
}

debug_release()
{
	make -s -C "$1" kernelrelease
}

# What it is built of: a change of the options makes a new kernel.
debug_stamp()
{
	grep -E '^(# )?CONFIG_' "$LAB/debug.config" | cksum
}
