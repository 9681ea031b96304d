# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the checks of tests/lint/checks have in common. A check runs in the root
# of the tree that it looks at, prints a line FILE:LINE: WHAT for each finding
# and ends with 1 when there is one, with 4 when it cannot look.

set -u

# project_files: what is, or would be, in git; all files where there is no git
project_files()
{
	if [ -e .git ]; then
		git ls-files --cached --others --exclude-standard
	else
		find . -type f -not -path './.git/*' -printf '%P\n'
	fi | while IFS= read -r file; do
		[ -f "$file" ] && [ ! -L "$file" ] && printf '%s\n' "$file"
	done | LC_ALL=C sort
}

c_files()
{
	project_files | grep -E '^(module|userspace|tests)/.*\.[ch]$'
}

# interpreter FILE: bash, sh, python3 ... out of its first line
interpreter()
{
	head -c 200 "$1" | tr -d '\0' | head -n 1 |
		sed -nE 's|^#! *([^ ]*/)?(env +(-S +)?)?([a-z0-9.]+).*|\4|p'
}

# script_files: everything that begins with #!, and what the shell sources
script_files()
{
	project_files | while IFS= read -r file; do
		if [ -n "$(interpreter "$file")" ] || [[ $file = *.@(sh|bash) ]]; then
			printf '%s\n' "$file"
		fi
	done
}

shell_files()
{
	script_files | while IFS= read -r file; do
		case $(interpreter "$file") in
		sh | bash | dash | '')
			printf '%s\n' "$file"
			;;
		esac
	done
}

# source_files: what people write; not what a test compares output with
source_files()
{
	{
		c_files
		script_files
		project_files | grep -E '(^|/)(Makefile|Kbuild)$|\.mk$'
	} | LC_ALL=C sort -u
}

# text_files: sources and what people read
text_files()
{
	{
		source_files
		project_files | grep -E '^[^/]*$|^Documentation/|\.(md|rst)$'
	} | LC_ALL=C sort -u | grep -v '^COPYING$'
}

# kernel_part WHAT: a path of the lab's kernel. LINT_KERNEL is a folder with
# links of the same names; it saves the lab where there is none.
kernel_part()
{
	if [ -n "${LINT_KERNEL:-}" ]; then
		echo "$LINT_KERNEL/$1"
	else
		"$LINT_HOME/../lab/path" "$1"
	fi
}

# need COMMAND
need()
{
	command -v "$1" >/dev/null && return
	echo "$1 is not installed; tests/lab/packages installs it"
	exit 1
}

# report: passes on the findings of standard input; fails when there are any
report()
{
	if grep .; then
		return 1
	fi
}
