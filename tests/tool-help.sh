# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tool says it has: lists of commands and options are taken from its --help, so
# that a new one is in each of them. Sourced by tests that have sharestat in PATH.

commands()
{
	sharestat --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# options_of [COMMAND]: "-x --name" or "- --name" for each of its --help
options_of()
{
	sharestat "$@" --help | sed -nE -e 's/^  (-.), (--[a-z-]+).*/\1 \2/p' \
		-e 's/^      (--[a-z-]+).*/- \1/p'
}
